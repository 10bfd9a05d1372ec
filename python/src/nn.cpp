#include "config.hpp"

/// Initializers, regularizers, activations, schedules, losses, metrics and optimizers.
namespace linnet_python {
namespace {

using linnet::Handle;
using linnet::Initializer;
using linnet::LearningRateSchedule;
using linnet::Loss;
using linnet::Metric;
using linnet::Optimizer;
using linnet::Regularizer;

// Python's own objects in C++ options: adapters that call back.

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

struct PythonSchedule : LearningRateSchedule {
  explicit PythonSchedule(py::object f) : function(std::move(f)) {}
  Tensor operator()(const Tensor& step) const override {
    const py::gil_scoped_acquire gil;
    return linnet::cast(as_tensor(function.get()(step)), DType::float64);
  }
  Shared function;
};

Tensor call_python(const Shared& f, const Tensor& y_true, const Tensor& y_pred) {
  const py::gil_scoped_acquire gil;
  return as_tensor(f.get()(y_true, y_pred));
}

/// Subclasses of Loss written in Python: call(y_true, y_pred).
struct PyLoss : Loss, py::trampoline_self_life_support {
  Tensor call(const Tensor& y_true, const Tensor& y_pred) const override {
    const py::gil_scoped_acquire gil;
    const py::function f = py::get_override(static_cast<const Loss*>(this), "call");
    if (!f) fail<linnet::NotSupportedError>("loss", "a subclass of Loss must define call()");
    return as_tensor(f(y_true, y_pred));
  }
};

/// Subclasses of Metric written in Python. A clone is the object itself: its state is Python's.
struct PyMetric : Metric, py::trampoline_self_life_support {
  explicit PyMetric(const std::string& name) : Metric(name) {}
  void update_state(const Tensor& y_true, const Tensor& y_pred,
                    const Tensor& sample_weight) override {
    const py::gil_scoped_acquire gil;
    const py::function f = py::get_override(static_cast<const Metric*>(this), "update_state");
    if (!f) fail<linnet::NotSupportedError>("metric", "a Metric must define update_state()");
    if (sample_weight.defined())
      f(y_true, y_pred, py::arg("sample_weight") = sample_weight);
    else
      f(y_true, y_pred);
  }
  double result() const override {
    const py::gil_scoped_acquire gil;
    const linnet::EagerScope eager;
    const py::function f = py::get_override(static_cast<const Metric*>(this), "result");
    if (!f) fail<linnet::NotSupportedError>("metric", "a Metric must define result()");
    return as_tensor(f()).item<double>();
  }
  void reset_state() override {
    const py::gil_scoped_acquire gil;
    const py::function f = py::get_override(static_cast<const Metric*>(this), "reset_state");
    if (f)
      f();
    else
      Metric::reset_state();
  }
  std::shared_ptr<Metric> clone() const override {
    const py::gil_scoped_acquire gil;
    return py::cast(static_cast<const Metric*>(this)).cast<std::shared_ptr<Metric>>();
  }
};

linnet::LearningRate to_rate(const py::object& value) {
  struct Forward : LearningRateSchedule {
    explicit Forward(std::shared_ptr<LearningRateSchedule> s) : schedule(std::move(s)) {}
    Tensor operator()(const Tensor& step) const override { return (*schedule)(step); }
    std::shared_ptr<LearningRateSchedule> schedule;
  };
  if (py::isinstance<LearningRateSchedule>(value))
    return Forward(value.cast<std::shared_ptr<LearningRateSchedule>>());
  if (PyCallable_Check(value.ptr()) && !is_tensor(value.ptr()) && !is_variable(value.ptr()))
    return PythonSchedule(value);
  const Tensor t = as_tensor(value);
  return t.item<double>();
}

template <class L, class F>
void loss(py::module_& m, const char* name, F make) {
  py::class_<L, Loss, py::smart_holder>(m, name).def(
      py::init([make](py::dict d) { return make(Config(std::move(d))); }));
}
template <class L>
void plain_loss(py::module_& m, const char* name) {
  loss<L>(m, name,
          [](const Config& c) { return std::make_unique<L>(linnet::LossOptions{c.reduction()}); });
}

void register_losses(py::module_& m) {
  py::class_<Loss, PyLoss, py::smart_holder>(m, "Loss")
      .def(py::init<>())
      .def("_reduce_with", [](Loss& l, py::dict d) { l.reduction = Config(d).reduction(); })
      .def("_call", [](const Loss& l, const Tensor& y, const Tensor& p) { return l.call(y, p); })
      .def("_apply", [](const Loss& l, const Tensor& y, const Tensor& p,
                        const std::optional<Tensor>& weight) {
        const py::gil_scoped_release release;
        return l(y, p, weight.value_or(Tensor()));
      });
  plain_loss<linnet::MeanSquaredError>(m, "MeanSquaredError");
  plain_loss<linnet::MeanAbsoluteError>(m, "MeanAbsoluteError");
  plain_loss<linnet::MeanAbsolutePercentageError>(m, "MeanAbsolutePercentageError");
  plain_loss<linnet::MeanSquaredLogarithmicError>(m, "MeanSquaredLogarithmicError");
  plain_loss<linnet::LogCosh>(m, "LogCosh");
  plain_loss<linnet::Poisson>(m, "Poisson");
  plain_loss<linnet::KLDivergence>(m, "KLDivergence");
  plain_loss<linnet::Hinge>(m, "Hinge");
  plain_loss<linnet::SquaredHinge>(m, "SquaredHinge");
  plain_loss<linnet::CategoricalHinge>(m, "CategoricalHinge");
  loss<linnet::Huber>(m, "Huber", [](const Config& c) {
    return std::make_unique<linnet::Huber>(
        linnet::HuberOptions{c.get<double>("delta"), c.reduction()});
  });
  loss<linnet::CosineSimilarity>(m, "CosineSimilarity", [](const Config& c) {
    return std::make_unique<linnet::CosineSimilarity>(
        linnet::CosineSimilarityOptions{c.get<int>("axis"), c.reduction()});
  });
  const auto options = [](const Config& c) {
    return linnet::CrossentropyLossOptions{c.get<bool>("from_logits"),
                                           c.get<double>("label_smoothing"), c.reduction()};
  };
  loss<linnet::BinaryCrossentropy>(m, "BinaryCrossentropy", [options](const Config& c) {
    return std::make_unique<linnet::BinaryCrossentropy>(options(c));
  });
  loss<linnet::CategoricalCrossentropy>(m, "CategoricalCrossentropy", [options](const Config& c) {
    return std::make_unique<linnet::CategoricalCrossentropy>(options(c));
  });
  loss<linnet::SparseCategoricalCrossentropy>(
      m, "SparseCategoricalCrossentropy", [](const Config& c) {
        return std::make_unique<linnet::SparseCategoricalCrossentropy>(
            linnet::SparseCrossentropyLossOptions{
                c.get<bool>("from_logits"), c.maybe<std::int64_t>("ignore_class"), c.reduction()});
      });
  m.def("_loss_from_name", [](const std::string& name) { return Loss::from_name(name); });
}

template <class M, class F>
void metric(py::module_& m, const char* name, F make) {
  py::class_<M, Metric, py::smart_holder>(m, name).def(
      py::init([make](py::dict d) { return make(Config(std::move(d))); }));
}
template <class M>
void named_metric(py::module_& m, const char* name) {
  metric<M>(m, name, [](const Config& c) { return std::make_unique<M>(c.name()); });
}
template <class M>
void confusion_metric(py::module_& m, const char* name) {
  metric<M>(m, name, [](const Config& c) {
    return std::make_unique<M>(
        linnet::metrics::ConfusionOptions{.thresholds = c.maybe<double>("thresholds"),
                                          .top_k = c.maybe<int>("top_k"),
                                          .class_id = c.maybe<std::int64_t>("class_id"),
                                          .name = c.name()});
  });
}

/// The mean of a MeanMetric as a tensor; within a capture it is a value of the graph.
Tensor mean_result(const Metric& metric) {
  const auto& v = metric.variables();
  if (v.size() != 2 || v[0].shape().rank() != 0)
    fail<linnet::NotSupportedError>(metric.name(),
                                    "result() within a captured step: ask for it after the step");
  return linnet::cast(linnet::divide_no_nan(v[0].value(), v[1].value()), DType::float32);
}

template <class M>
void update_mean(Metric& metric, py::handle values, const py::object& weight) {
  dynamic_cast<M&>(metric).update_state(as_tensor(values),
                                        weight.is_none() ? Tensor() : as_tensor(weight));
}

void register_metrics(py::module_& m) {
  using namespace linnet::metrics;
  py::class_<Metric, PyMetric, py::smart_holder>(m, "Metric")
      .def(py::init<const std::string&>())
      .def_property("name", &Metric::name, &Metric::set_name)
      .def_property_readonly("_variables", &Metric::variables)
      .def("_update",
           [](Metric& metric, const Tensor& y, const Tensor& p,
              const std::optional<Tensor>& weight) {
             if (dynamic_cast<PyMetric*>(&metric))
               fail<linnet::NotSupportedError>(metric.name(), "update_state() is not defined");
             const py::gil_scoped_release release;
             metric.update_state(y, p, weight.value_or(Tensor()));
           })
      .def("_update_mean",
           [](Metric& metric, py::handle values, const py::object& weight) {
             if (dynamic_cast<Sum*>(&metric)) return update_mean<Sum>(metric, values, weight);
             update_mean<Mean>(metric, values, weight);
           })
      .def("_result",
           [](const Metric& metric) {
             if (dynamic_cast<const PyMetric*>(&metric))
               fail<linnet::NotSupportedError>(metric.name(), "result() is not defined");
             return metric.result();
           })
      .def("_result_tensor", &mean_result)
      .def("_is_sum",
           [](const Metric& metric) { return dynamic_cast<const Sum*>(&metric) != nullptr; })
      .def("_reset", [](Metric& metric) { metric.Metric::reset_state(); })
      .def("_clone", [](const Metric& metric) { return metric.clone(); });
  named_metric<Mean>(m, "Mean");
  named_metric<Sum>(m, "Sum");
  named_metric<Accuracy>(m, "Accuracy");
  named_metric<CategoricalAccuracy>(m, "CategoricalAccuracy");
  named_metric<SparseCategoricalAccuracy>(m, "SparseCategoricalAccuracy");
  named_metric<MeanSquaredError>(m, "MeanSquaredErrorMetric");
  named_metric<MeanAbsoluteError>(m, "MeanAbsoluteErrorMetric");
  named_metric<RootMeanSquaredError>(m, "RootMeanSquaredError");
  metric<BinaryAccuracy>(m, "BinaryAccuracy", [](const Config& c) {
    return std::make_unique<BinaryAccuracy>(c.get<double>("threshold"), c.name());
  });
  metric<TopKCategoricalAccuracy>(m, "TopKCategoricalAccuracy", [](const Config& c) {
    return std::make_unique<TopKCategoricalAccuracy>(c.get<int>("k"), c.name());
  });
  metric<SparseTopKCategoricalAccuracy>(m, "SparseTopKCategoricalAccuracy", [](const Config& c) {
    return std::make_unique<SparseTopKCategoricalAccuracy>(c.get<int>("k"), c.name());
  });
  metric<linnet::metrics::CosineSimilarity>(m, "CosineSimilarityMetric", [](const Config& c) {
    return std::make_unique<linnet::metrics::CosineSimilarity>(c.get<int>("axis"), c.name());
  });
  const auto options = [](const Config& c) {
    return CrossentropyMetricOptions{c.get<bool>("from_logits"), c.get<double>("label_smoothing"),
                                     c.name()};
  };
  metric<BinaryCrossentropy>(m, "BinaryCrossentropyMetric", [options](const Config& c) {
    return std::make_unique<BinaryCrossentropy>(options(c));
  });
  metric<CategoricalCrossentropy>(m, "CategoricalCrossentropyMetric", [options](const Config& c) {
    return std::make_unique<CategoricalCrossentropy>(options(c));
  });
  metric<SparseCategoricalCrossentropy>(m, "SparseCategoricalCrossentropyMetric",
                                        [](const Config& c) {
                                          return std::make_unique<SparseCategoricalCrossentropy>(
                                              c.get<bool>("from_logits"), c.name());
                                        });
  confusion_metric<Precision>(m, "Precision");
  confusion_metric<Recall>(m, "Recall");
  confusion_metric<TruePositives>(m, "TruePositives");
  confusion_metric<FalsePositives>(m, "FalsePositives");
  confusion_metric<TrueNegatives>(m, "TrueNegatives");
  confusion_metric<FalseNegatives>(m, "FalseNegatives");
  metric<AUC>(m, "AUC", [](const Config& c) {
    return std::make_unique<AUC>(
        AUCOptions{.num_thresholds = c.get<int>("num_thresholds"),
                   .curve = c.get<std::string>("curve"),
                   .summation_method = c.get<std::string>("summation_method"),
                   .thresholds = c.get_or<std::vector<double>>("thresholds", {}),
                   .from_logits = c.get<bool>("from_logits"),
                   .name = c.name()});
  });
  metric<MeanIoU>(m, "MeanIoU", [](const Config& c) {
    return std::make_unique<MeanIoU>(c.get<std::int64_t>("num_classes"), c.name());
  });
  m.def("_metric_from_name", [](const std::string& name) { return Metric::from_name(name); });
}

template <class O>
O common(const Config& c) {
  O o;
  if (c.has("weight_decay")) o.weight_decay = c.get<double>("weight_decay");
  if (c.has("clipnorm")) o.clipnorm = c.get<double>("clipnorm");
  if (c.has("clipvalue")) o.clipvalue = c.get<double>("clipvalue");
  if (c.has("global_clipnorm")) o.global_clipnorm = c.get<double>("global_clipnorm");
  return o;
}
template <class O>
O moment_options(const Config& c) {
  O o = common<O>(c);
  o.beta_1 = c.get<double>("beta_1");
  o.beta_2 = c.get<double>("beta_2");
  o.epsilon = c.get<double>("epsilon");
  return o;
}
template <class O>
O adam_options(const Config& c) {
  O o = moment_options<O>(c);
  o.amsgrad = c.get<bool>("amsgrad");
  return o;
}

template <class O, class F>
void optimizer(py::module_& m, const char* name, F make) {
  py::class_<O, Optimizer, py::smart_holder>(m, name).def(
      py::init([make](py::dict d) { return make(Config(std::move(d))); }));
}

void register_optimizers(py::module_& m) {
  py::class_<Optimizer, py::smart_holder>(m, "Optimizer")
      .def_property_readonly("_learning_rate", &Optimizer::learning_rate)
      .def_property_readonly("_has_schedule", &Optimizer::has_schedule)
      .def_property_readonly("iterations", &Optimizer::iterations, "The number of steps done.")
      .def_property_readonly("variables", &Optimizer::variables,
                             "Iterations, learning rate, then the slots of each variable.")
      .def_property_readonly("built", &Optimizer::built)
      .def(
          "build", [](Optimizer& o, const std::vector<Variable>& variables) { o.build(variables); },
          py::arg("variables"), "Makes the slots for these variables.")
      .def("_apply", [](Optimizer& o, const std::vector<std::optional<Tensor>>& gradients,
                        const std::vector<Variable>& variables) {
        std::vector<Tensor> g;
        for (const auto& t : gradients) g.push_back(t.value_or(Tensor()));
        const py::gil_scoped_release release;
        o.apply_gradients(g, variables);
      });
  optimizer<linnet::SGD>(m, "SGD", [](const Config& c) {
    auto o = common<linnet::SGDOptions>(c);
    o.momentum = c.get<double>("momentum");
    o.nesterov = c.get<bool>("nesterov");
    return std::make_unique<linnet::SGD>(to_rate(c["learning_rate"]), o);
  });
  optimizer<linnet::Adam>(m, "Adam", [](const Config& c) {
    return std::make_unique<linnet::Adam>(to_rate(c["learning_rate"]),
                                          adam_options<linnet::AdamOptions>(c));
  });
  optimizer<linnet::AdamW>(m, "AdamW", [](const Config& c) {
    return std::make_unique<linnet::AdamW>(to_rate(c["learning_rate"]),
                                           adam_options<linnet::AdamWOptions>(c));
  });
  optimizer<linnet::Adagrad>(m, "Adagrad", [](const Config& c) {
    auto o = common<linnet::AdagradOptions>(c);
    o.initial_accumulator_value = c.get<double>("initial_accumulator_value");
    o.epsilon = c.get<double>("epsilon");
    return std::make_unique<linnet::Adagrad>(to_rate(c["learning_rate"]), o);
  });
  optimizer<linnet::Adadelta>(m, "Adadelta", [](const Config& c) {
    auto o = common<linnet::AdadeltaOptions>(c);
    o.rho = c.get<double>("rho");
    o.epsilon = c.get<double>("epsilon");
    return std::make_unique<linnet::Adadelta>(to_rate(c["learning_rate"]), o);
  });
  optimizer<linnet::Adamax>(m, "Adamax", [](const Config& c) {
    return std::make_unique<linnet::Adamax>(to_rate(c["learning_rate"]),
                                            moment_options<linnet::AdamaxOptions>(c));
  });
  optimizer<linnet::Nadam>(m, "Nadam", [](const Config& c) {
    return std::make_unique<linnet::Nadam>(to_rate(c["learning_rate"]),
                                           moment_options<linnet::NadamOptions>(c));
  });
  optimizer<linnet::Lion>(m, "Lion", [](const Config& c) {
    auto o = common<linnet::LionOptions>(c);
    o.beta_1 = c.get<double>("beta_1");
    o.beta_2 = c.get<double>("beta_2");
    return std::make_unique<linnet::Lion>(to_rate(c["learning_rate"]), o);
  });
  optimizer<linnet::RMSprop>(m, "RMSprop", [](const Config& c) {
    auto o = common<linnet::RMSpropOptions>(c);
    o.rho = c.get<double>("rho");
    o.momentum = c.get<double>("momentum");
    o.epsilon = c.get<double>("epsilon");
    o.centered = c.get<bool>("centered");
    return std::make_unique<linnet::RMSprop>(to_rate(c["learning_rate"]), o);
  });
}

template <class S, class F>
void schedule(py::module_& m, const char* name, F make) {
  py::class_<S, LearningRateSchedule, py::smart_holder>(m, name).def(
      py::init([make](py::dict d) { return make(Config(std::move(d))); }));
}
template <class S>
void decay(py::module_& m, const char* name) {
  schedule<S>(m, name, [](const Config& c) {
    return std::make_unique<S>(c.get<double>("initial_learning_rate"), c.get<double>("decay_steps"),
                               c.get<double>("decay_rate"), c.get<bool>("staircase"));
  });
}

void register_schedules(py::module_& m) {
  py::class_<LearningRateSchedule, py::smart_holder>(m, "_Schedule")
      .def("_at", [](const LearningRateSchedule& s, py::handle step) {
        return linnet::cast(s(linnet::cast(as_tensor(step), DType::float64)), DType::float32);
      });
  decay<linnet::ExponentialDecay>(m, "ExponentialDecay");
  decay<linnet::InverseTimeDecay>(m, "InverseTimeDecay");
  schedule<linnet::PolynomialDecay>(m, "PolynomialDecay", [](const Config& c) {
    return std::make_unique<linnet::PolynomialDecay>(
        c.get<double>("initial_learning_rate"), c.get<double>("decay_steps"),
        c.get<double>("end_learning_rate"), c.get<double>("power"), c.get<bool>("cycle"));
  });
  schedule<linnet::CosineDecay>(m, "CosineDecay", [](const Config& c) {
    return std::make_unique<linnet::CosineDecay>(
        c.get<double>("initial_learning_rate"), c.get<double>("decay_steps"),
        linnet::CosineDecayOptions{.alpha = c.get<double>("alpha"),
                                   .warmup_target = c.get_or<double>("warmup_target", 0),
                                   .warmup_steps = c.get<double>("warmup_steps")});
  });
  schedule<linnet::PiecewiseConstantDecay>(m, "PiecewiseConstantDecay", [](const Config& c) {
    return std::make_unique<linnet::PiecewiseConstantDecay>(
        c.get<std::vector<double>>("boundaries"), c.get<std::vector<double>>("values"));
  });
}

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

Handle<Loss> to_loss(py::handle value) {
  if (value.is_none()) return {};
  if (py::isinstance<py::str>(value)) return value.cast<std::string>();
  if (py::isinstance<Loss>(value)) return value.cast<std::shared_ptr<Loss>>();
  if (PyCallable_Check(value.ptr())) {
    const Shared f(py::reinterpret_borrow<py::object>(value));
    return linnet::FunctionLoss(
        [f](const Tensor& y, const Tensor& p) { return call_python(f, y, p); });
  }
  fail<linnet::ValueError>(
      "loss", "Could not interpret loss identifier: ", py::repr(value).cast<std::string>());
}

Handle<Metric> to_metric(py::handle value) {
  if (py::isinstance<py::str>(value)) return value.cast<std::string>();
  if (py::isinstance<Metric>(value)) return value.cast<std::shared_ptr<Metric>>();
  if (PyCallable_Check(value.ptr())) {
    const Shared f(py::reinterpret_borrow<py::object>(value));
    const py::object name = py::getattr(value, "__name__", py::str("metric"));
    return linnet::metrics::MeanOf(
        [f](const Tensor& y, const Tensor& p) { return call_python(f, y, p); },
        name.cast<std::string>());
  }
  fail<linnet::ValueError>(
      "metric", "Could not interpret metric identifier: ", py::repr(value).cast<std::string>());
}

Handle<Optimizer> to_optimizer(py::handle value) {
  if (py::isinstance<Optimizer>(value)) return value.cast<std::shared_ptr<Optimizer>>();
  fail<linnet::ValueError>("optimizer", "Could not interpret optimizer identifier: ",
                           py::repr(value).cast<std::string>());
}

void register_nn(py::module_& m) {
  register_initializers(m);
  register_regularizers(m);
  register_schedules(m);
  register_losses(m);
  register_metrics(m);
  register_optimizers(m);
  m.def("_activation", [](const std::string& name, const Tensor& x) {
    return linnet::ActivationFunction(name)(x);
  });
}

}  // namespace linnet_python
