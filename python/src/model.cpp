#include "callbacks.hpp"
#include "interrupt.hpp"
#include "layers.hpp"

namespace linnet_python {
namespace {

using linnet::Callback;
using linnet::CallbackList;
using linnet::Logs;
using linnet::StepLogs;
using linnet::data::Dataset;

/// Models whose methods may be Python's. Base: Model or Sequential.
template <class Base>
class PyModel : public Base, public py::trampoline_self_life_support {
 public:
  PyModel(const std::string& kind, const std::string& name,
          std::string type) requires(!std::is_same_v<Base, linnet::Sequential>)
      : Base(kind, name), type_name_(std::move(type)) {}
  explicit PyModel(std::string type) requires(std::is_same_v<Base, linnet::Sequential>)
      : type_name_(std::move(type)) {}

  void build(const Shape& input_shape) override {
    {
      const py::gil_scoped_acquire gil;
      if (const py::function f = py::get_override(self(), "build")) {
        Shape shape = input_shape;
        if (shape.rank() > 0) shape.set(0, -1);
        building_ = true;
        try {
          f(shape_object(shape));
        } catch (...) {
          building_ = false;
          throw;
        }
        building_ = false;
        return;
      }
    }
    Base::build(input_shape);
  }
  Tensor call(const Tensor& x, bool training) override {
    if constexpr (!std::is_same_v<Base, linnet::Sequential>) {
      const py::gil_scoped_acquire gil;
      if (!py::get_override(self(), "call"))
        fail<linnet::NotSupportedError>(this->name(), "the model does not define call()");
      static PyObject* const helper = immortal("linnet.keras._layer", "call_from_core");
      return as_tensor(py::handle(helper)(py::cast(self()), x, training));
    } else {
      return Base::call(x, training);
    }
  }
  StepLogs train_step(const std::vector<Tensor>& batch) override {
    return own_steps_ ? python_step("train_step", batch) : Base::train_step(batch);
  }
  StepLogs test_step(const std::vector<Tensor>& batch) override {
    return own_steps_ ? python_step("test_step", batch) : Base::test_step(batch);
  }
  void prepare(const std::vector<Tensor>& batch) override {
    if (!own_steps_) return Base::prepare(batch);
    if (this->built()) return;
    const py::gil_scoped_acquire gil;
    py::cast(self()).attr("_prepare")(batch);
  }
  void reset_metrics() override {
    Base::reset_metrics();
    if (!own_steps_) return;
    const py::gil_scoped_acquire gil;
    py::cast(self()).attr("_reset_own_metrics")();
  }
  bool takes_any_batch() const override { return own_steps_; }
  std::string type_name() const override { return type_name_; }
  bool own_steps_ = false, building_ = false;

 private:
  const Base* self() const { return this; }
  StepLogs python_step(const char* step, const std::vector<Tensor>& batch) {
    const py::gil_scoped_acquire gil;
    StepLogs out;
    const py::object object = py::cast(self());
    const py::dict logs = object.attr("_step_from_core")(step, batch);
    for (const std::pair<py::handle, py::handle> entry : logs)
      out.emplace_back(py::str(entry.first), as_tensor(entry.second));
    return out;
  }
  std::string type_name_;
};

/// True inside a Python build(), from where super().build() has nothing to add.
bool is_building(const Model& model) {
  if (const auto* m = dynamic_cast<const PyModel<Model>*>(&model)) return m->building_;
  if (const auto* m = dynamic_cast<const PyModel<linnet::Sequential>*>(&model)) return m->building_;
  return false;
}

void set_own_steps(Model& model, bool own) {
  if (auto* m = dynamic_cast<PyModel<Model>*>(&model)) m->own_steps_ = own;
  if (auto* m = dynamic_cast<PyModel<linnet::Sequential>*>(&model)) m->own_steps_ = own;
}

py::dict dict_of(const Logs& logs) {
  py::dict d;
  for (const auto& [name, value] : logs) d[py::str(name)] = value;
  return d;
}

linnet::data::LabeledData labeled(const py::object& o) {
  const auto list = o.cast<py::sequence>();
  linnet::data::LabeledData d;
  d.x = as_tensor(list[0]);
  if (list.size() > 1 && !list[1].is_none()) d.y = as_tensor(list[1]);
  if (list.size() > 2 && !list[2].is_none()) d.sample_weight = as_tensor(list[2]);
  return d;
}

/// The caller's callbacks, then the progress line, then the look for Ctrl-C.
CallbackList callbacks_of(const Config& c, const std::shared_ptr<InterruptHook>& interrupt,
                          bool own_test) {
  CallbackList list;
  for (py::handle h : c["callbacks"]) list.push_back(h.cast<std::shared_ptr<Callback>>());
  if (c.has("progress"))
    list.push_back(std::make_shared<ProgressHook>(c["progress"], c.get<bool>("live"), own_test));
  list.push_back(std::static_pointer_cast<Callback>(interrupt));
  return list;
}

linnet::FitOptions fit_options(const Config& c, const std::shared_ptr<InterruptHook>& interrupt) {
  linnet::FitOptions o{.epochs = c.get<int>("epochs"),
                       .batch_size = c.get<std::int64_t>("batch_size"),
                       .verbose = 0,
                       .callbacks = callbacks_of(c, interrupt, false),
                       .validation_split = c.get<double>("validation_split"),
                       .shuffle = c.get<bool>("shuffle"),
                       .initial_epoch = c.get<int>("initial_epoch"),
                       .steps_per_epoch = c.get_or<std::int64_t>("steps_per_epoch", -1),
                       .validation_steps = c.get_or<std::int64_t>("validation_steps", -1),
                       .validation_batch_size = c.get_or<std::int64_t>("validation_batch_size", 0),
                       .validation_freq = c.get<int>("validation_freq")};
  if (c.has("validation_arrays")) o.validation_data = labeled(c["validation_arrays"]);
  if (c.has("validation_dataset"))
    o.validation_data = c["validation_dataset"].cast<const Dataset&>();
  if (c.has("class_weight"))
    for (const auto& [label, weight] : py::dict(c["class_weight"]))
      o.class_weight.emplace_back(as_tensor(label).item<std::int64_t>(),
                                  as_tensor(weight).item<double>());
  return o;
}

void fit(Model& model, py::dict options) {
  const Config c(std::move(options));
  const auto interrupt = std::make_shared<InterruptHook>();
  const linnet::FitOptions o = fit_options(c, interrupt);
  if (c.has("dataset")) {
    const Dataset& batches = c["dataset"].cast<const Dataset&>();
    const py::gil_scoped_release release;
    model.fit(batches, o);
  } else {
    const linnet::data::LabeledData samples = labeled(c["arrays"]);
    const py::gil_scoped_release release;
    model.fit(samples, o);
  }
  if (interrupt->interrupted()) InterruptHook::throw_interrupt();
}

py::dict evaluate(Model& model, py::dict options) {
  const Config c(std::move(options));
  linnet::EvaluateOptions o{.batch_size = c.get<std::int64_t>("batch_size"),
                            .verbose = 0,
                            .callbacks = callbacks_of(c, std::make_shared<InterruptHook>(), true)};
  Logs logs;
  if (c.has("dataset")) {
    const Dataset& batches = c["dataset"].cast<const Dataset&>();
    const py::gil_scoped_release release;
    logs = model.evaluate(batches, o);
  } else {
    const linnet::data::LabeledData samples = labeled(c["arrays"]);
    const py::gil_scoped_release release;
    logs = model.evaluate(samples, o);
  }
  return dict_of(logs);
}

Tensor predict(Model& model, py::dict options) {
  const Config c(std::move(options));
  linnet::PredictOptions o{.batch_size = c.get<std::int64_t>("batch_size"),
                           .callbacks = callbacks_of(c, std::make_shared<InterruptHook>(), true)};
  if (c.has("dataset")) {
    const Dataset& batches = c["dataset"].cast<const Dataset&>();
    const py::gil_scoped_release release;
    return model.predict(batches, o);
  }
  const Tensor x = as_tensor(c["x"]);
  const py::gil_scoped_release release;
  return model.predict(x, o);
}

void compile(Model& model, py::dict options) {
  const Config c(std::move(options));
  linnet::CompileOptions o{.optimizer = to_optimizer(c["optimizer"]),
                           .loss = to_loss(c["loss"]),
                           .run_eagerly = c.get<bool>("run_eagerly")};
  for (py::handle h : c["metrics"]) o.metrics.push_back(to_metric(h));
  for (py::handle h : c["weighted_metrics"]) o.weighted_metrics.push_back(to_metric(h));
  model.compile(std::move(o));
}

using OnBatch = Logs (Model::*)(const Tensor&, const Tensor&, const Tensor&);
template <OnBatch f>
py::dict on_batch(Model& model, const Tensor& x, const Tensor& y, const py::object& weight) {
  const Tensor w = weight.is_none() ? Tensor() : as_tensor(weight);
  Logs logs;
  run_released([&] { logs = (model.*f)(x, y, w); });
  return dict_of(logs);
}

}  // namespace

void register_model(py::module_& m) {
  py::class_<Model, Layer, PyModel<Model>, py::smart_holder>(m, "Model")
      .def(py::init_alias<const std::string&, const std::string&, std::string>())
      .def("_set_own_steps", &set_own_steps)
      .def(
          "build",
          [](Model& model, py::handle shape) {
            const Shape s = parse_shape(shape, "build", true);
            if (is_building(model)) return;
            const py::gil_scoped_release release;
            model.build_once(s);
          },
          py::arg("input_shape"), "Makes all weights for inputs of this shape.")
      .def("_compile", &compile)
      .def("_fit", &fit)
      .def("_evaluate", &evaluate)
      .def("_predict", &predict)
      .def("_train_on_batch", &on_batch<&Model::train_on_batch>)
      .def("_test_on_batch", &on_batch<&Model::test_on_batch>)
      .def("_predict_on_batch",
           [](Model& model, const Tensor& x) {
             Tensor y;
             run_released([&] { y = model.predict_on_batch(x); });
             return y;
           })
      .def("_summary_text",
           [](const Model& model, int line_length) {
             return model.summary_text({.line_length = line_length});
           })
      .def("_compiled_metrics", &Model::metrics)
      .def_property("stop_training", py::overload_cast<>(&Model::stop_training, py::const_),
                    py::overload_cast<bool>(&Model::stop_training))
      .def("_training_graph", &Model::training_graph);
  py::class_<linnet::Sequential, Model, PyModel<linnet::Sequential>, py::smart_holder>(m,
                                                                                       "Sequential")
      .def(py::init_alias<std::string>())
      .def("_add",
           [](linnet::Sequential& s, std::shared_ptr<Layer> layer) {
             const py::gil_scoped_release release;
             s.add(linnet::Sequential::Item(std::move(layer)));
           })
      .def("_pop",
           [](linnet::Sequential& s) {
             auto& layers = LayerAccess::state_of(s).sublayers;
             if (layers.empty()) fail<linnet::ValueError>(s.name(), "there are no layers to pop");
             layers.pop_back();
           })
      .def("_rename", [](linnet::Sequential& s, const std::string& name) {
        LayerAccess::state_of(s).name = name;
      });
}

}  // namespace linnet_python
