#include "layers.hpp"

#include <linnet/nn/notes.hpp>

namespace linnet_python {
namespace {

namespace layers = linnet::layers;

// Layer::call is pure, Base::call of a plain Layer must not be named.
class PyLayer : public Layer, public py::trampoline_self_life_support {
 public:
  PyLayer(const std::string& kind, const std::string& name, std::string type)
      : Layer(kind, name), type_name_(std::move(type)) {}
  void build(const Shape& input_shape) override {
    const py::gil_scoped_acquire gil;
    const py::function f = py::get_override(static_cast<const Layer*>(this), "build");
    if (!f) return;
    Shape shape = input_shape;
    if (shape.rank() > 0) shape.set(0, -1);
    f(shape_object(shape));
  }
  Tensor call(const Tensor& x, bool training) override {
    const py::gil_scoped_acquire gil;
    if (!py::get_override(static_cast<const Layer*>(this), "call"))
      fail<linnet::NotSupportedError>(name(), "the layer does not define call()");
    static PyObject* const helper = immortal("linnet.keras._layer", "call_from_core");
    return as_tensor(py::handle(helper)(py::cast(static_cast<const Layer*>(this)), x, training));
  }
  std::string type_name() const override { return type_name_; }

 private:
  std::string type_name_;
};

template <class L, class F>
py::class_<L, Layer, py::smart_holder> layer(py::module_& m, const char* name, F make) {
  py::class_<L, Layer, py::smart_holder> c(m, name);
  c.def(py::init([make](py::dict d) { return make(Config(std::move(d))); }));
  return c;
}

/// `with _LayerCall(layer):` for calls that Python makes without the core.
class PyLayerCall {
 public:
  explicit PyLayerCall(std::shared_ptr<Layer> layer) : layer_(std::move(layer)) {}
  void enter() { call_.emplace(*layer_); }
  void exit(const py::args&) { call_.reset(); }

 private:
  std::shared_ptr<Layer> layer_;
  std::optional<linnet::LayerCall> call_;
};

layers::LayerOptions common(const Config& c) { return {c.name(), c.input_shape()}; }

void register_base(py::module_& m) {
  // No py::dynamic_attr() here or elsewhere: Python's subclasses have a __dict__ of their own, and
  // the garbage collector would visit it twice and never free a cycle.
  py::class_<Layer, PyLayer, py::smart_holder>(m, "Layer")
      .def(py::init<const std::string&, const std::string&, std::string>())
      .def_property_readonly("name", &Layer::name)
      .def_property_readonly("built", &Layer::built)
      .def_property_readonly("_policy", [](const Layer& l) { return l.policy().name(); })
      .def("_set_policy", [](Layer& l, const std::string& name) { l.set_policy(name); })
      .def_property("trainable", &Layer::trainable, &Layer::set_trainable)
      .def_property_readonly("variables", &Layer::variables)
      .def_property_readonly("weights", &Layer::variables)
      .def_property_readonly("trainable_variables", &Layer::trainable_variables)
      .def_property_readonly("trainable_weights", &Layer::trainable_variables)
      .def_property_readonly("non_trainable_variables", &Layer::non_trainable_variables)
      .def_property_readonly("non_trainable_weights", &Layer::non_trainable_variables)
      .def_property_readonly("losses", &Layer::losses)
      .def("_add_loss", &LayerAccess::add_loss_to)
      .def("_set_activity_regularizer",
           [](Layer& l, py::handle regularizer) {
             LayerAccess::state_of(l).activity_regularizer = to_regularizer(regularizer);
           })
      .def_property_readonly("_kind", [](const Layer& l) { return LayerAccess::state_of(l).kind; })
      .def_property_readonly("_sublayers",
                             [](const Layer& l) { return LayerAccess::state_of(l).sublayers; })
      .def_property_readonly("_own_weights",
                             [](const Layer& l) { return LayerAccess::state_of(l).weights; })
      .def_property_readonly("_output_shape", [](const Layer& l) { return l.output_shape(); })
      .def_property_readonly("_built_shape",
                             [](const Layer& l) -> std::optional<Shape> {
                               if (!l.built()) return {};
                               return LayerAccess::state_of(l).input_shape;
                             })
      .def_property_readonly("_named_variables", &Layer::named_variables)
      .def(
          "get_weights",
          [](const Layer& l) {
            py::list out;
            for (const Tensor& t : l.get_weights()) out.append(to_numpy(t, true));
            return out;
          },
          "All weights as NumPy arrays.")
      .def("_set_weights", &Layer::set_weights)
      .def("count_params", &Layer::count_params, "The number of weights' elements.")
      .def("_apply",
           [](Layer& l, const Tensor& x, bool training) {
             const py::gil_scoped_release release;
             return l(x, {.training = training});
           })
      .def(
          "build",
          [](Layer& l, py::handle shape) {
            const Shape s = parse_shape(shape, "build", true);
            if (dynamic_cast<PyLayer*>(&l)) return;  // super().build() of a Python layer
            const py::gil_scoped_release release;
            l.build_once(s);
          },
          py::arg("input_shape"), "Makes the weights for inputs of this shape.")
      .def("_build_once",
           [](Layer& l, const Shape& s) {
             const py::gil_scoped_release release;
             l.build_once(s);
           })
      .def("_mark_built", [](Layer& l) { LayerAccess::state_of(l).built = true; })
      .def("_track_layer",
           [](Layer& l, std::shared_ptr<Layer> sub) {
             auto& all = LayerAccess::state_of(l).sublayers;
             if (std::find(all.begin(), all.end(), sub) == all.end()) all.push_back(std::move(sub));
           })
      .def("_untrack_layer",
           [](Layer& l, const std::shared_ptr<Layer>& sub) {
             std::erase(LayerAccess::state_of(l).sublayers, sub);
           })
      .def("_track_variable",
           [](Layer& l, const Variable& v) {
             auto& s = LayerAccess::state_of(l);
             if (std::find(s.weights.begin(), s.weights.end(), v) != s.weights.end()) return;
             s.weights.push_back(v);
             s.regularizers.emplace_back();
           })
      .def("_add_weight",
           [](Layer& l, const std::string& name, const Shape& shape, py::handle initializer,
              bool trainable, py::handle regularizer, py::handle constraint, DType dtype) {
             return LayerAccess::add(l, name, shape,
                                     {.initializer = to_initializer(initializer),
                                      .trainable = trainable,
                                      .regularizer = to_regularizer(regularizer),
                                      .constraint = to_constraint(constraint),
                                      .dtype = dtype});
           });
}

void register_layer_call(py::module_& m) {
  py::class_<PyLayerCall>(m, "_LayerCall")
      .def(py::init<std::shared_ptr<Layer>>())
      .def("__enter__", &PyLayerCall::enter)
      .def("__exit__", &PyLayerCall::exit);
}

void register_weighted(py::module_& m) {
  layer<layers::Dense>(m, "Dense", [](const Config& c) {
    auto o = biased_options<layers::DenseOptions>(c);
    kernel_weights(o, c);
    return std::make_unique<layers::Dense>(c.get<std::int64_t>("units"), o);
  });
  layer<layers::Conv2D>(m, "Conv2D", [](const Config& c) {
    auto o = convolution_options<layers::Conv2DOptions>(c);
    kernel_weights(o, c);
    o.strides = c.size("strides");
    o.dilation_rate = c.size("dilation_rate");
    o.groups = c.get<int>("groups");
    return std::make_unique<layers::Conv2D>(c.get<std::int64_t>("filters"), c.size("kernel_size"),
                                            o);
  });
  layer<layers::Embedding>(m, "Embedding", [](const Config& c) {
    return std::make_unique<layers::Embedding>(
        c.get<std::int64_t>("input_dim"), c.get<std::int64_t>("output_dim"),
        layers::EmbeddingOptions{.embeddings_initializer = c.initializer("embeddings_initializer"),
                                 .embeddings_regularizer = c.regularizer("embeddings_regularizer"),
                                 .embeddings_constraint = c.constraint("embeddings_constraint"),
                                 .mask_zero = c.get<bool>("mask_zero"),
                                 .name = c.name()});
  });
}

/// What every normalization with gamma and beta takes.
template <class Options>
Options normalization(const Config& c) {
  return {.epsilon = c.get<double>("epsilon"),
          .center = c.get<bool>("center"),
          .scale = c.get<bool>("scale"),
          .beta_initializer = c.initializer("beta_initializer"),
          .gamma_initializer = c.initializer("gamma_initializer"),
          .beta_regularizer = c.regularizer("beta_regularizer"),
          .gamma_regularizer = c.regularizer("gamma_regularizer"),
          .beta_constraint = c.constraint("beta_constraint"),
          .gamma_constraint = c.constraint("gamma_constraint"),
          .name = c.name()};
}

void register_normalization(py::module_& m) {
  layer<layers::BatchNormalization>(m, "BatchNormalization", [](const Config& c) {
    auto o = normalization<layers::BatchNormalizationOptions>(c);
    o.axis = c.get<int>("axis");
    o.momentum = c.get<double>("momentum");
    o.moving_mean_initializer = c.initializer("moving_mean_initializer");
    o.moving_variance_initializer = c.initializer("moving_variance_initializer");
    return std::make_unique<layers::BatchNormalization>(o);
  });
  layer<layers::LayerNormalization>(m, "LayerNormalization", [](const Config& c) {
    auto o = normalization<layers::LayerNormalizationOptions>(c);
    o.axis.clear();
    for (const std::int64_t a : parse_shape(c["axis"], "axis"))
      o.axis.push_back(static_cast<int>(a));
    return std::make_unique<layers::LayerNormalization>(o);
  });
  layer<layers::GroupNormalization>(m, "GroupNormalization", [](const Config& c) {
    auto o = normalization<layers::GroupNormalizationOptions>(c);
    o.groups = c.get<std::int64_t>("groups");
    return std::make_unique<layers::GroupNormalization>(o);
  });
}

void register_plain(py::module_& m) {
  const auto pooling = [](const Config& c) {
    return layers::PoolingOptions{
        .strides = c.has("strides") ? c.size("strides") : linnet::Size2D(0),
        .padding = c.get<std::string>("padding"),
        .name = c.name()};
  };
  layer<layers::MaxPooling2D>(m, "MaxPooling2D", [pooling](const Config& c) {
    return std::make_unique<layers::MaxPooling2D>(c.size("pool_size"), pooling(c));
  });
  layer<layers::AveragePooling2D>(m, "AveragePooling2D", [pooling](const Config& c) {
    return std::make_unique<layers::AveragePooling2D>(c.size("pool_size"), pooling(c));
  });
  layer<layers::GlobalAveragePooling2D>(m, "GlobalAveragePooling2D", [](const Config& c) {
    return std::make_unique<layers::GlobalAveragePooling2D>(
        layers::GlobalPoolingOptions{.keepdims = c.get<bool>("keepdims"), .name = c.name()});
  });
  layer<layers::Flatten>(
      m, "Flatten", [](const Config& c) { return std::make_unique<layers::Flatten>(common(c)); });
  layer<layers::Reshape>(m, "Reshape", [](const Config& c) {
    return std::make_unique<layers::Reshape>(parse_shape(c["target_shape"], "target_shape"),
                                             common(c));
  });
  layer<layers::Dropout>(m, "Dropout", [](const Config& c) {
    layers::DropoutOptions o{.name = c.name()};
    if (c.has("noise_shape")) o.noise_shape = parse_shape(c["noise_shape"], "noise_shape", true);
    if (c.has("seed")) o.seed = static_cast<std::uint64_t>(c.get<std::int64_t>("seed"));
    return std::make_unique<layers::Dropout>(c.get<double>("rate"), o);
  });
  layer<layers::Activation>(m, "Activation", [](const Config& c) {
    return std::make_unique<layers::Activation>(c.activation("activation"), common(c));
  });
  layer<layers::Softmax>(m, "Softmax", [](const Config& c) {
    return std::make_unique<layers::Softmax>(
        layers::SoftmaxOptions{.axis = c.get<int>("axis"), .name = c.name()});
  });
  layer<layers::Normalization>(m, "Normalization", [](const Config& c) {
    layers::NormalizationOptions o{.invert = c.get<bool>("invert"), .name = c.name()};
    const py::object axis = c["axis"];
    o.axis = axis.is_none()             ? std::vector<int>()
             : PyLong_Check(axis.ptr()) ? std::vector{axis.cast<int>()}
                                        : axis.cast<std::vector<int>>();
    if (c.has("mean")) o.mean = as_tensor(c["mean"], DType::float32);
    if (c.has("variance")) o.variance = as_tensor(c["variance"], DType::float32);
    auto made = std::make_unique<layers::Normalization>(std::move(o));
    LayerAccess::state_of(*made).declared_input = c.input_shape();
    return made;
  }).def("_adapt", [](layers::Normalization& l, const Tensor& x) {
    const py::gil_scoped_release release;
    l.adapt(x);
  });
  layer<layers::Rescaling>(m, "Rescaling", [](const Config& c) {
    return std::make_unique<layers::Rescaling>(c.get<double>("scale"), c.get<double>("offset"),
                                               common(c));
  });
}

}  // namespace

void register_layers(py::module_& m) {
  register_base(m);
  register_layer_call(m);
  register_weighted(m);
  register_normalization(m);
  register_plain(m);
  m.def("_set_dtype_policy", [](const std::string& name) { linnet::set_dtype_policy(name); });
  m.def("_dtype_policy", [] { return linnet::dtype_policy().name(); });
  m.def("_unique_name", &linnet::detail::unique_name);
  m.def("_clear_session", &linnet::clear_session);
  py::class_<linnet::detail::NoteScope>(m, "_NoteScope").def(py::init<>());
}

}  // namespace linnet_python
