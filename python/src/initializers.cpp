#include "config.hpp"

/// Initializers, regularizers and activations.
namespace linnet_python {
namespace {

using linnet::Handle;
using linnet::Initializer;
using linnet::Regularizer;

struct PythonInitializer : Initializer {
  explicit PythonInitializer(py::object f) : function(std::move(f)) {}
  Tensor operator()(const Shape& shape, DType dtype) const override {
    const py::gil_scoped_acquire gil;
    const Tensor t =
        as_tensor(function.get()(shape_object(shape), py::arg("dtype") = dtype_object(dtype)));
    if (!(t.shape() == shape))
      fail<linnet::ShapeError>("initializer", "expected values of shape ", shape, ", got ",
                               t.shape());
    return linnet::cast(t, dtype);
  }
  Shared function;
};

struct PythonRegularizer : Regularizer {
  explicit PythonRegularizer(py::object f) : function(std::move(f)) {}
  Tensor operator()(const Tensor& w) const override {
    const py::gil_scoped_acquire gil;
    return as_tensor(function.get()(w));
  }
  Shared function;
};

template <class I, class F>
void initializer(py::module_& m, const char* name, F make) {
  py::class_<I, Initializer, py::smart_holder>(m, name).def(
      py::init([make](py::dict d) { return make(Config(std::move(d))); }));
}

linnet::initializers::Distribution distribution(const std::string& name) {
  using linnet::initializers::Distribution;
  if (name == "uniform") return Distribution::uniform;
  if (name == "untruncated_normal" || name == "random_normal") return Distribution::normal;
  if (name == "truncated_normal" || name == "normal") return Distribution::truncated_normal;
  fail<linnet::ValueError>("initializer", "unknown distribution '", name, "'");
}

void register_initializers(py::module_& m) {
  using namespace linnet::initializers;
  const auto seed = [](const Config& c) -> std::optional<std::uint64_t> {
    if (!c.has("seed")) return {};
    return static_cast<std::uint64_t>(c.get<std::int64_t>("seed"));
  };
  py::class_<Initializer, py::smart_holder>(m, "_Initializer")
      .def("_make",
           [](const Initializer& i, const Shape& shape, DType dtype) { return i(shape, dtype); });
  initializer<Constant>(m, "_Constant", [](const Config& c) {
    return std::make_unique<Constant>(c.get<double>("value"));
  });
  initializer<Random>(m, "_Random", [seed](const Config& c) {
    return std::make_unique<Random>(distribution(c.get<std::string>("distribution")),
                                    c.get<double>("a"), c.get<double>("b"), seed(c));
  });
  initializer<VarianceScaling>(m, "_VarianceScaling", [seed](const Config& c) {
    const auto mode = c.get<std::string>("mode");
    if (mode != "fan_in" && mode != "fan_out" && mode != "fan_avg")
      fail<linnet::ValueError>("initializer", "unknown mode '", mode, "'");
    return std::make_unique<VarianceScaling>(c.get<double>("scale"),
                                             mode == "fan_in"    ? FanMode::fan_in
                                             : mode == "fan_out" ? FanMode::fan_out
                                                                 : FanMode::fan_avg,
                                             distribution(c.get<std::string>("distribution")),
                                             seed(c));
  });
  initializer<Identity>(m, "_Identity", [](const Config& c) {
    return std::make_unique<Identity>(c.get<double>("gain"));
  });
  initializer<Orthogonal>(m, "_Orthogonal", [seed](const Config& c) {
    return std::make_unique<Orthogonal>(c.get<double>("gain"), seed(c));
  });
  m.def("_initializer_from_name",
        [](const std::string& name) { return Initializer::from_name(name); });
}

void register_regularizers(py::module_& m) {
  py::class_<Regularizer, py::smart_holder>(m, "_Regularizer")
      .def("_penalty", [](const Regularizer& r, const Tensor& w) { return r(w); });
  py::class_<linnet::L1L2, Regularizer, py::smart_holder>(m, "_L1L2")
      .def(py::init<double, double>());
  m.def("_regularizer_from_name",
        [](const std::string& name) { return Regularizer::from_name(name); });
}

void register_activations(py::module_& m) {
  m.def("_activation", [](const std::string& name, const Tensor& x) {
    return linnet::ActivationFunction(name)(x);
  });
}

bool is_own_function(py::handle f) {
  const py::object module = py::getattr(f, "__module__", py::none());
  return py::isinstance<py::str>(module) && module.cast<std::string>().starts_with("linnet");
}

}  // namespace

linnet::ActivationFunction to_activation(py::handle value) {
  if (value.is_none()) return {};
  if (py::isinstance<py::str>(value)) return linnet::ActivationFunction(value.cast<std::string>());
  if (!PyCallable_Check(value.ptr()))
    fail<linnet::DTypeError>("activation", "expected a name or a function, got ",
                             Py_TYPE(value.ptr())->tp_name);
  // Linnet's own functions by name: capture knows them, and losses find their logits.
  const py::object name = py::getattr(value, "__name__", py::none());
  if (is_own_function(value) && py::isinstance<py::str>(name)) {
    try {
      return linnet::ActivationFunction(name.cast<std::string>());
    } catch (const linnet::ValueError&) {  // a function of linnet that is no activation
    }
  }
  const Shared f(py::reinterpret_borrow<py::object>(value));
  return linnet::ActivationFunction([f](const Tensor& x) {
    const py::gil_scoped_acquire gil;
    return as_tensor(f.get()(x));
  });
}

Handle<Initializer> to_initializer(py::handle value) {
  if (value.is_none()) return "zeros";
  if (py::isinstance<py::str>(value)) return value.cast<std::string>();
  if (py::isinstance<Initializer>(value)) return value.cast<std::shared_ptr<Initializer>>();
  if (PyType_Check(value.ptr())) return to_initializer(py::reinterpret_borrow<py::object>(value)());
  if (PyCallable_Check(value.ptr()))
    return std::shared_ptr<Initializer>(
        std::make_shared<PythonInitializer>(py::reinterpret_borrow<py::object>(value)));
  fail<linnet::ValueError>("initializer", "Could not interpret initializer identifier: ",
                           py::repr(value).cast<std::string>());
}

Handle<Regularizer> to_regularizer(py::handle value) {
  if (value.is_none()) return {};
  if (py::isinstance<py::str>(value)) return value.cast<std::string>();
  if (py::isinstance<Regularizer>(value)) return value.cast<std::shared_ptr<Regularizer>>();
  if (PyCallable_Check(value.ptr()))
    return std::shared_ptr<Regularizer>(
        std::make_shared<PythonRegularizer>(py::reinterpret_borrow<py::object>(value)));
  fail<linnet::ValueError>("regularizer", "Could not interpret regularizer identifier: ",
                           py::repr(value).cast<std::string>());
}

void register_initializers_and_activations(py::module_& m) {
  register_initializers(m);
  register_regularizers(m);
  register_activations(m);
}

}  // namespace linnet_python
