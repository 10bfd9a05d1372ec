#include "config.hpp"

/// Constraints, and the losses, metrics and schedules beside those of losses_metrics.cpp and
/// optimizers.cpp.
namespace linnet_python {
namespace {

using linnet::Constraint;
using linnet::Loss;
using linnet::Metric;

struct PythonConstraint : Constraint {
  explicit PythonConstraint(py::object f) : function(std::move(f)) {}
  Tensor operator()(const Tensor& w) const override {
    const py::gil_scoped_acquire gil;
    return as_tensor(function.get()(w));
  }
  Shared function;
};

template <class T, class Base, class F>
void from_config(py::module_& m, const char* name, F make) {
  py::class_<T, Base, py::smart_holder>(m, name).def(
      py::init([make](py::dict d) { return make(Config(std::move(d))); }));
}

std::vector<int> axes_of(const Config& c) {
  std::vector<int> axes;
  for (const std::int64_t a : parse_shape(c["axis"], "axis", true))
    axes.push_back(static_cast<int>(a));
  return axes;
}

void register_constraints(py::module_& m) {
  py::class_<Constraint, py::smart_holder>(m, "_Constraint")
      .def("_apply", [](const Constraint& c, const Tensor& w) { return c(w); });
  from_config<linnet::MaxNorm, Constraint>(m, "_MaxNorm", [](const Config& c) {
    return std::make_unique<linnet::MaxNorm>(c.get<double>("max_value"), axes_of(c));
  });
  from_config<linnet::NonNeg, Constraint>(
      m, "_NonNeg", [](const Config&) { return std::make_unique<linnet::NonNeg>(); });
  from_config<linnet::UnitNorm, Constraint>(m, "_UnitNorm", [](const Config& c) {
    return std::make_unique<linnet::UnitNorm>(axes_of(c));
  });
  from_config<linnet::MinMaxNorm, Constraint>(m, "_MinMaxNorm", [](const Config& c) {
    return std::make_unique<linnet::MinMaxNorm>(
        c.get<double>("min_value"), c.get<double>("max_value"), c.get<double>("rate"), axes_of(c));
  });
}

void register_focal_losses(py::module_& m) {
  from_config<linnet::BinaryFocalCrossentropy, Loss>(
      m, "BinaryFocalCrossentropy", [](const Config& c) {
        return std::make_unique<linnet::BinaryFocalCrossentropy>(linnet::BinaryFocalOptions{
            .apply_class_balancing = c.get<bool>("apply_class_balancing"),
            .alpha = c.get<double>("alpha"),
            .gamma = c.get<double>("gamma"),
            .from_logits = c.get<bool>("from_logits"),
            .label_smoothing = c.get<double>("label_smoothing"),
            .reduction = c.reduction()});
      });
  from_config<linnet::CategoricalFocalCrossentropy, Loss>(
      m, "CategoricalFocalCrossentropy", [](const Config& c) {
        return std::make_unique<linnet::CategoricalFocalCrossentropy>(
            linnet::CategoricalFocalOptions{.alpha = c.get<double>("alpha"),
                                            .gamma = c.get<double>("gamma"),
                                            .from_logits = c.get<bool>("from_logits"),
                                            .label_smoothing = c.get<double>("label_smoothing"),
                                            .reduction = c.reduction()});
      });
}

void register_score_metrics(py::module_& m) {
  using namespace linnet::metrics;
  const auto options = [](const Config& c) {
    return FBetaOptions{.average = c.get_or<std::string>("average", ""),
                        .beta = c.get_or<double>("beta", 1),
                        .threshold = c.maybe<double>("threshold"),
                        .name = c.name()};
  };
  py::class_<FBetaScore, Metric, py::smart_holder>(m, "FBetaScore")
      .def(py::init([options](py::dict d) {
        return std::make_unique<FBetaScore>(options(Config(std::move(d))));
      }))
      .def("_scores", &FBetaScore::per_class);
  py::class_<F1Score, FBetaScore, py::smart_holder>(m, "F1Score")
      .def(py::init([options](py::dict d) {
        d["beta"] = 1;
        return std::make_unique<F1Score>(options(Config(std::move(d))));
      }));
  py::class_<R2Score, Metric, py::smart_holder>(m, "R2Score")
      .def(py::init([](py::dict d) {
        const Config c(std::move(d));
        return std::make_unique<R2Score>(
            R2Options{.class_aggregation = c.get_or<std::string>("class_aggregation", ""),
                      .num_regressors = c.get<int>("num_regressors"),
                      .name = c.name()});
      }))
      .def("_scores", &R2Score::per_output);
  // The mean of a loss's values per sample.
  from_config<MeanOf, Metric>(m, "_MeanOf", [](const Config& c) {
    return std::make_unique<MeanOf>(to_loss(c["loss"]), c.name());
  });
}

}  // namespace

linnet::Handle<Constraint> to_constraint(py::handle value) {
  if (value.is_none()) return {};
  if (py::isinstance<py::str>(value)) return value.cast<std::string>();
  if (py::isinstance<Constraint>(value)) return value.cast<std::shared_ptr<Constraint>>();
  if (PyCallable_Check(value.ptr()))
    return std::shared_ptr<Constraint>(
        std::make_shared<PythonConstraint>(py::reinterpret_borrow<py::object>(value)));
  fail<linnet::ValueError>("constraint", "Could not interpret constraint identifier: ",
                           py::repr(value).cast<std::string>());
}

void register_scores_and_constraints(py::module_& m) {
  register_constraints(m);
  register_focal_losses(m);
  register_score_metrics(m);
  from_config<linnet::CosineDecayRestarts, linnet::LearningRateSchedule>(
      m, "CosineDecayRestarts", [](const Config& c) {
        return std::make_unique<linnet::CosineDecayRestarts>(
            c.get<double>("initial_learning_rate"), c.get<double>("first_decay_steps"),
            linnet::CosineDecayRestartsOptions{.t_mul = c.get<double>("t_mul"),
                                               .m_mul = c.get<double>("m_mul"),
                                               .alpha = c.get<double>("alpha")});
      });
}

}  // namespace linnet_python
