#include "config.hpp"

/// Losses and metrics.
namespace linnet_python {
namespace {

using linnet::Handle;
using linnet::Loss;
using linnet::Metric;

/// What to call for a user's function: rewritten, if control flow on its tensors is captured.
py::object rewritten(py::handle f) {
  static PyObject* const rewrite = immortal("linnet._function", "rewritten");
  return py::handle(rewrite)(f);
}

Tensor call_python(const Shared& f, const Tensor& y_true, const Tensor& y_pred) {
  const py::gil_scoped_acquire gil;
  return as_tensor(rewritten(f.get())(y_true, y_pred));
}

/// Subclasses of Loss written in Python: call(y_true, y_pred).
struct PyLoss : Loss, py::trampoline_self_life_support {
  Tensor call(const Tensor& y_true, const Tensor& y_pred) const override {
    const py::gil_scoped_acquire gil;
    const py::function f = py::get_override(static_cast<const Loss*>(this), "call");
    if (!f) fail<linnet::NotSupportedError>("loss", "a subclass of Loss must define call()");
    return as_tensor(rewritten(f)(y_true, y_pred));
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
      rewritten(f)(y_true, y_pred, py::arg("sample_weight") = sample_weight);
    else
      rewritten(f)(y_true, y_pred);
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
  const Tensor mean = linnet::divide_no_nan(v[0].value(), v[1].value());
  const bool root = dynamic_cast<const linnet::metrics::RootMeanSquaredError*>(&metric) != nullptr;
  return linnet::cast(root ? linnet::sqrt(mean) : mean, DType::float32);
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

}  // namespace

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

void register_losses_and_metrics(py::module_& m) {
  register_losses(m);
  register_metrics(m);
}

}  // namespace linnet_python
