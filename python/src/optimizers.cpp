#include "config.hpp"

/// Optimizers and learning rate schedules.
namespace linnet_python {
namespace {

using linnet::LearningRateSchedule;
using linnet::Optimizer;

struct PythonSchedule : LearningRateSchedule {
  explicit PythonSchedule(py::object f) : function(std::move(f)) {}
  Tensor operator()(const Tensor& step) const override {
    const py::gil_scoped_acquire gil;
    return linnet::cast(as_tensor(function.get()(step)), DType::float64);
  }
  Shared function;
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

template <class O>
O common(const Config& c) {
  O o;
  if (c.has("weight_decay")) o.weight_decay = c.get<double>("weight_decay");
  if (c.has("clipnorm")) o.clipnorm = c.get<double>("clipnorm");
  if (c.has("clipvalue")) o.clipvalue = c.get<double>("clipvalue");
  if (c.has("global_clipnorm")) o.global_clipnorm = c.get<double>("global_clipnorm");
  o.use_ema = c.get<bool>("use_ema");
  o.ema_momentum = c.get<double>("ema_momentum");
  o.ema_overwrite_frequency = c.get_or<int>("ema_overwrite_frequency", 0);
  o.gradient_accumulation_steps = c.get_or<int>("gradient_accumulation_steps", 0);
  o.loss_scale_factor = c.get_or<double>("loss_scale_factor", 0);
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
      .def("finalize_variable_values", &Optimizer::finalize_variable_values, py::arg("var_list"),
           "With use_ema, assigns each variable its moving average.")
      .def("scale_loss", &Optimizer::scale_loss, py::arg("loss"),
           "The loss times loss_scale_factor, if there is one.")
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
                                   .warmup_target = c.maybe<double>("warmup_target"),
                                   .warmup_steps = c.get<double>("warmup_steps")});
  });
  schedule<linnet::PiecewiseConstantDecay>(m, "PiecewiseConstantDecay", [](const Config& c) {
    return std::make_unique<linnet::PiecewiseConstantDecay>(
        c.get<std::vector<double>>("boundaries"), c.get<std::vector<double>>("values"));
  });
}

}  // namespace

linnet::Handle<Optimizer> to_optimizer(py::handle value) {
  if (py::isinstance<Optimizer>(value)) return value.cast<std::shared_ptr<Optimizer>>();
  fail<linnet::ValueError>("optimizer", "Could not interpret optimizer identifier: ",
                           py::repr(value).cast<std::string>());
}

void register_optimizers_and_schedules(py::module_& m) {
  register_schedules(m);
  register_optimizers(m);
}

}  // namespace linnet_python
