#pragma once

#include "linnet/autograd/tape.hpp"
#include "linnet/backend/apply.hpp"
#include "linnet/core/creation.hpp"
#include "linnet/core/warning.hpp"
#include "linnet/nn/optimizers.hpp"
#include "linnet/ops/elementwise.hpp"
#include "linnet/ops/reduce.hpp"

namespace linnet::inline LINNET_ABI {

namespace detail {

inline void check_clips(const OptimizerOptions& o) {
  const int set = (o.clipnorm > 0) + (o.clipvalue > 0) + (o.global_clipnorm > 0);
  if (set > 1)
    fail<ValueError>("optimizer", "only one of clipnorm, clipvalue and global_clipnorm can be set");
  if (o.clipnorm < 0 || o.clipvalue < 0 || o.global_clipnorm < 0 || o.weight_decay < 0)
    fail<ValueError>("optimizer", "clips and weight_decay must not be negative");
}

}  // namespace detail

Optimizer::Optimizer(const LearningRate& learning_rate, const OptimizerOptions& options)
    : options_(options), schedule_(learning_rate.schedule()), state_(std::make_shared<State>()) {
  detail::check_clips(options);
  const EagerScope eager;
  double rate = learning_rate.rate();
  if (schedule_) rate = (*schedule_)(zeros({}, DType::float64)).item<double>();
  state_->learning_rate =
      Variable(full({}, rate, DType::float32), {.trainable = false, .name = "learning_rate"});
  state_->iterations =
      Variable(zeros({}, DType::int64), {.trainable = false, .name = "iterations"});
}

Tensor Optimizer::initial_slot(const std::string&, const Variable& v) const {
  return zeros(v.shape(), v.dtype());
}

void Optimizer::build(const std::vector<Variable>& variables) {
  if (state_->built) return;
  const EagerScope eager;
  const std::vector<std::string> names = slot_names();
  for (const Variable& v : variables)
    for (const std::string& name : names)
      state_->slots.push_back(
          Variable(initial_slot(name, v), {.trainable = false, .name = v.name() + "/" + name}));
  state_->variables = variables;
  state_->built = true;
}

std::vector<Tensor> Optimizer::clip_gradients(std::vector<Tensor> gradients) const {
  const auto scaled = [](const Tensor& g, const Tensor& norm, double limit) {
    return g * (limit / maximum(norm, limit));
  };
  if (options_.global_clipnorm > 0) {
    Tensor total;
    for (const Tensor& g : gradients)
      if (g.defined()) {
        const Tensor squares = cast(sum(square(g)), DType::float32);
        total = total.defined() ? total + squares : squares;
      }
    const Tensor norm = sqrt(total);
    for (Tensor& g : gradients)
      if (g.defined()) g = scaled(g, cast(norm, g.dtype()), options_.global_clipnorm);
  }
  for (Tensor& g : gradients) {
    if (!g.defined()) continue;
    if (options_.clipvalue > 0) g = clip(g, -options_.clipvalue, options_.clipvalue);
    if (options_.clipnorm > 0) g = scaled(g, norm(g), options_.clipnorm);
  }
  return gradients;
}

std::vector<std::size_t> Optimizer::find_places(const std::vector<Variable>& variables,
                                                const std::vector<Tensor>& gradients) const {
  std::vector<std::size_t> places(variables.size());
  const auto& known = state_->variables;
  for (std::size_t i = 0; i < variables.size(); ++i) {
    if (!gradients[i].defined()) continue;
    std::size_t at = i;
    if (at >= known.size() || !(known[at] == variables[i]))
      for (at = 0; at < known.size() && !(known[at] == variables[i]);) ++at;
    if (at == known.size())
      fail<ValueError>("apply_gradients", "variable '", variables[i].name(),
                       "' was not there when the optimizer was built");
    places[i] = at;
  }
  return places;
}

void Optimizer::apply_gradients(const std::vector<Tensor>& gradients,
                                const std::vector<Variable>& variables) {
  if (gradients.size() != variables.size())
    fail<ValueError>("apply_gradients", gradients.size(), " gradients for ", variables.size(),
                     " variables");
  std::size_t defined = 0;
  for (std::size_t i = 0; i < gradients.size(); ++i) {
    if (gradients[i].defined()) {
      ++defined;
      if (gradients[i].dtype() != variables[i].dtype())
        fail<DTypeError>("apply_gradients", "gradient of dtype ", gradients[i].dtype(),
                         " for variable '", variables[i].name(), "' of dtype ",
                         variables[i].dtype());
      if (!(gradients[i].shape() == variables[i].shape()))
        fail<ShapeError>("apply_gradients", "gradient ", gradients[i].shape(), " for variable '",
                         variables[i].name(), "' of shape ", variables[i].shape());
    } else {
      detail::warn("apply_gradients", "no gradient for variable '", variables[i].name(), "'");
    }
  }
  if (defined == 0) fail<ValueError>("apply_gradients", "no gradient for any variable");
  build(variables);
  const std::vector<std::size_t> places = find_places(variables, gradients);
  const std::size_t slots = slot_names().size();
  const std::vector<Tensor> clipped = clip_gradients(gradients);
  if (schedule_)
    state_->learning_rate.assign(
        cast((*schedule_)(cast(state_->iterations, DType::float64)), DType::float32));
  const Tensor rate = state_->learning_rate, done = state_->iterations;
  for (std::size_t i = 0; i < variables.size(); ++i) {
    if (!clipped[i].defined()) continue;
    std::vector<Variable> states{variables[i]};
    for (std::size_t s = 0; s < slots; ++s) states.push_back(state_->slots[places[i] * slots + s]);
    const Tensor others[] = {clipped[i], rate, done};
    update(states, others);
  }
  state_->iterations.assign_add(ones({}, DType::int64));
}

void Optimizer::apply_gradients(
    const std::vector<std::pair<Tensor, Variable>>& gradients_and_variables) {
  std::vector<Tensor> gradients;
  std::vector<Variable> variables;
  for (const auto& [g, v] : gradients_and_variables) gradients.push_back(g), variables.push_back(v);
  apply_gradients(gradients, variables);
}

void Optimizer::minimize(const std::function<Tensor()>& loss,
                         const std::vector<Variable>& variables) {
  GradientTape tape;
  const Tensor value = loss();
  apply_gradients(tape.gradient(value, variables), variables);
}

std::vector<Variable> Optimizer::variables() const {
  std::vector<Variable> all{state_->iterations, state_->learning_rate};
  all.insert(all.end(), state_->slots.begin(), state_->slots.end());
  return all;
}

}  // namespace linnet::inline LINNET_ABI
