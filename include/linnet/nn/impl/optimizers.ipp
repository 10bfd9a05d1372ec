#pragma once

#include "linnet/core/creation.hpp"
#include "linnet/nn/optimizers.hpp"
#include "linnet/ops/elementwise.hpp"
#include "linnet/ops/primitives/optimizer.hpp"

namespace linnet::inline LINNET_ABI {

namespace detail {

template <class O>
OptimizerOptions common_options(const O& o) {
  return {.weight_decay = o.weight_decay,
          .clipnorm = o.clipnorm,
          .clipvalue = o.clipvalue,
          .global_clipnorm = o.global_clipnorm,
          .use_ema = o.use_ema,
          .ema_momentum = o.ema_momentum,
          .ema_overwrite_frequency = o.ema_overwrite_frequency,
          .gradient_accumulation_steps = o.gradient_accumulation_steps,
          .loss_scale_factor = o.loss_scale_factor};
}

}  // namespace detail

SGD::SGD(const LearningRate& learning_rate, SGDOptions o)
    : Optimizer(learning_rate, detail::common_options(o)), own_(o) {
  if (!(o.momentum >= 0 && o.momentum <= 1))
    fail<ValueError>("sgd", "momentum ", o.momentum, " is outside [0, 1]");
}
std::vector<std::string> SGD::slot_names() const {
  if (own_.momentum == 0) return {};
  return {"momentum"};
}
void SGD::update(std::span<const Variable> states, std::span<const Tensor> others) const {
  apply_update(SgdUpdate{own_.momentum, own_.nesterov, own_.weight_decay}, states, others);
}

Adam::Adam(const LearningRate& learning_rate, AdamOptions o)
    : Optimizer(learning_rate, detail::common_options(o)), own_(o) {}
std::vector<std::string> Adam::slot_names() const {
  if (own_.amsgrad) return {"momentum", "velocity", "velocity_hat"};
  return {"momentum", "velocity"};
}
void Adam::update(std::span<const Variable> states, std::span<const Tensor> others) const {
  apply_update(AdamUpdate{own_.beta_1, own_.beta_2, own_.epsilon, own_.amsgrad, own_.weight_decay},
               states, others);
}

AdamW::AdamW(const LearningRate& learning_rate, AdamWOptions o)
    : Adam(learning_rate, {.beta_1 = o.beta_1,
                           .beta_2 = o.beta_2,
                           .epsilon = o.epsilon,
                           .amsgrad = o.amsgrad,
                           .weight_decay = o.weight_decay,
                           .clipnorm = o.clipnorm,
                           .clipvalue = o.clipvalue,
                           .global_clipnorm = o.global_clipnorm,
                           .use_ema = o.use_ema,
                           .ema_momentum = o.ema_momentum,
                           .ema_overwrite_frequency = o.ema_overwrite_frequency,
                           .gradient_accumulation_steps = o.gradient_accumulation_steps,
                           .loss_scale_factor = o.loss_scale_factor}) {}

RMSprop::RMSprop(const LearningRate& learning_rate, RMSpropOptions o)
    : Optimizer(learning_rate, detail::common_options(o)), own_(o) {}
std::vector<std::string> RMSprop::slot_names() const {
  std::vector<std::string> names{"velocity"};
  if (own_.centered) names.push_back("average_gradient");
  if (own_.momentum > 0) names.push_back("momentum");
  return names;
}
void RMSprop::update(std::span<const Variable> states, std::span<const Tensor> others) const {
  apply_update(
      RmspropUpdate{own_.rho, own_.momentum, own_.epsilon, own_.centered, own_.weight_decay},
      states, others);
}

namespace detail {

/// The inputs of an update written in ops, in the variable's dtype.
struct UpdateInputs {
  Tensor w;  ///< after weight decay
  Tensor g, lr;
  Tensor t;  ///< the number of this step, from 1
};

inline UpdateInputs update_inputs(std::span<const Variable> states, std::span<const Tensor> others,
                                  double weight_decay) {
  const DType dtype = states[0].dtype();
  UpdateInputs in{states[0].value(), others[0], cast(others[1], dtype), cast(others[2], dtype) + 1};
  if (weight_decay != 0) in.w = in.w - in.w * (in.lr * weight_decay);
  return in;
}

}  // namespace detail

Adagrad::Adagrad(const LearningRate& learning_rate, AdagradOptions o)
    : Optimizer(learning_rate, detail::common_options(o)), own_(o) {}
std::vector<std::string> Adagrad::slot_names() const { return {"accumulator"}; }
Tensor Adagrad::initial_slot(const std::string&, const Variable& v) const {
  return full(v.shape(), own_.initial_accumulator_value, v.dtype());
}
void Adagrad::update(std::span<const Variable> states, std::span<const Tensor> others) const {
  const auto [w, g, lr, t] = detail::update_inputs(states, others, own_.weight_decay);
  const Tensor a = states[1] + square(g);
  states[1].assign(a);
  states[0].assign(w - lr * g / sqrt(a + own_.epsilon));
}

Adadelta::Adadelta(const LearningRate& learning_rate, AdadeltaOptions o)
    : Optimizer(learning_rate, detail::common_options(o)), own_(o) {}
std::vector<std::string> Adadelta::slot_names() const {
  return {"accumulated_grad", "accumulated_delta_var"};
}
void Adadelta::update(std::span<const Variable> states, std::span<const Tensor> others) const {
  const auto [w, g, lr, t] = detail::update_inputs(states, others, own_.weight_decay);
  const Tensor a = own_.rho * states[1] + (1 - own_.rho) * square(g);
  const Tensor d = states[2];
  const Tensor u = sqrt(d + own_.epsilon) * g / sqrt(a + own_.epsilon);
  states[1].assign(a);
  states[2].assign(own_.rho * d + (1 - own_.rho) * square(u));
  states[0].assign(w - lr * u);
}

Adamax::Adamax(const LearningRate& learning_rate, AdamaxOptions o)
    : Optimizer(learning_rate, detail::common_options(o)), own_(o) {}
std::vector<std::string> Adamax::slot_names() const { return {"momentum", "norm"}; }
void Adamax::update(std::span<const Variable> states, std::span<const Tensor> others) const {
  const auto [w, g, lr, t] = detail::update_inputs(states, others, own_.weight_decay);
  const Tensor m = states[1] + (g - states[1]) * (1 - own_.beta_1);
  const Tensor u = maximum(own_.beta_2 * states[2], abs(g));
  states[1].assign(m);
  states[2].assign(u);
  states[0].assign(w - lr * m / ((1 - pow(own_.beta_1, t)) * (u + own_.epsilon)));
}

Nadam::Nadam(const LearningRate& learning_rate, NadamOptions o)
    : Optimizer(learning_rate, detail::common_options(o)), own_(o) {}
std::vector<std::string> Nadam::slot_names() const { return {"momentum", "velocity", "u_product"}; }
Tensor Nadam::initial_slot(const std::string& slot, const Variable& v) const {
  return slot == "u_product" ? ones({}, v.dtype()) : zeros(v.shape(), v.dtype());
}
void Nadam::update(std::span<const Variable> states, std::span<const Tensor> others) const {
  const auto [w, g, lr, t] = detail::update_inputs(states, others, own_.weight_decay);
  const auto momentum_at = [this](const Tensor& step) {
    return own_.beta_1 * (1 - 0.5 * pow(0.96, step));
  };
  const Tensor mu = momentum_at(t), next = momentum_at(t + 1);
  const Tensor product = states[3] * mu;
  const Tensor m = states[1] + (g - states[1]) * (1 - own_.beta_1);
  const Tensor v = states[2] + (square(g) - states[2]) * (1 - own_.beta_2);
  const Tensor ahead = next * m / (1 - product * next) + (1 - mu) * g / (1 - product);
  states[1].assign(m);
  states[2].assign(v);
  states[3].assign(product);
  states[0].assign(w - lr * ahead / (sqrt(v / (1 - pow(own_.beta_2, t))) + own_.epsilon));
}

Lion::Lion(const LearningRate& learning_rate, LionOptions o)
    : Optimizer(learning_rate, detail::common_options(o)), own_(o) {}
std::vector<std::string> Lion::slot_names() const { return {"momentum"}; }
void Lion::update(std::span<const Variable> states, std::span<const Tensor> others) const {
  const auto [w, g, lr, t] = detail::update_inputs(states, others, own_.weight_decay);
  const Tensor m = states[1];
  states[1].assign(m * own_.beta_2 + g * (1 - own_.beta_2));
  states[0].assign(w - lr * sign(m * own_.beta_1 + g * (1 - own_.beta_1)));
}

namespace detail {

template <class O>
std::shared_ptr<Optimizer> make_optimizer() {
  return make_owned<Optimizer, O>();
}
struct NamedOptimizer {
  const char *name, *class_name;
  std::shared_ptr<Optimizer> (*make)();
};

}  // namespace detail

std::shared_ptr<Optimizer> Optimizer::from_name(const std::string& name) {
  static const detail::NamedOptimizer all[] = {
      {"sgd", "SGD", detail::make_optimizer<SGD>},
      {"adam", "Adam", detail::make_optimizer<Adam>},
      {"adamw", "AdamW", detail::make_optimizer<AdamW>},
      {"rmsprop", "RMSprop", detail::make_optimizer<RMSprop>},
      {"adagrad", "Adagrad", detail::make_optimizer<Adagrad>},
      {"adadelta", "Adadelta", detail::make_optimizer<Adadelta>},
      {"adamax", "Adamax", detail::make_optimizer<Adamax>},
      {"nadam", "Nadam", detail::make_optimizer<Nadam>},
      {"lion", "Lion", detail::make_optimizer<Lion>},
  };
  for (const auto& entry : all)
    if (name == entry.name || name == entry.class_name) return entry.make();
  fail<ValueError>("optimizer", "Could not interpret optimizer identifier: ", name);
}

}  // namespace linnet::inline LINNET_ABI
