#pragma once

#include "linnet/autograd/tape.hpp"
#include "linnet/backend/apply.hpp"
#include "linnet/core/creation.hpp"
#include "linnet/core/warning.hpp"
#include "linnet/nn/constraints.hpp"
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
  if (o.use_ema && !(o.ema_momentum >= 0 && o.ema_momentum <= 1))
    fail<ValueError>("optimizer", "ema_momentum ", o.ema_momentum, " is outside [0, 1]");
  if (o.ema_overwrite_frequency < 0 || o.loss_scale_factor < 0)
    fail<ValueError>("optimizer", "ema_overwrite_frequency and loss_scale_factor must not be ",
                     "negative");
  if (o.gradient_accumulation_steps < 0 || o.gradient_accumulation_steps == 1)
    fail<ValueError>("optimizer", "gradient_accumulation_steps: expected at least 2, got ",
                     o.gradient_accumulation_steps);
}

/// What rules that depend on time count, as Keras: updates, not calls that accumulate only.
inline Tensor updates_done(const Tensor& calls, const OptimizerOptions& o) {
  const std::int64_t each = o.gradient_accumulation_steps;
  return each > 0 ? floor_divide(calls, each) : calls;
}

}  // namespace detail

Optimizer::Optimizer(const LearningRate& learning_rate, const OptimizerOptions& options)
    : options_(options), schedule_(learning_rate.schedule()), state_(new State) {
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
  const auto slot = [](const Variable& v, const std::string& name, const Tensor& value) {
    return Variable(value, {.trainable = false, .name = v.name() + "/" + name});
  };
  for (const Variable& v : variables) {
    if (options_.use_ema)
      state_->averages.push_back(slot(v, "average", zeros(v.shape(), v.dtype())));
    if (options_.gradient_accumulation_steps > 0)
      state_->sums.push_back(slot(v, "gradient_sum", zeros(v.shape(), v.dtype())));
    for (const std::string& name : names)
      state_->slots.push_back(slot(v, name, initial_slot(name, v)));
  }
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
  std::vector<Tensor> scaled = gradients;
  if (options_.loss_scale_factor > 0)
    for (Tensor& g : scaled)
      if (g.defined()) g = g / options_.loss_scale_factor;
  step(std::move(scaled), places, variables);
  for (const Variable& v : variables)
    if (v.constraint()) v.assign((*v.constraint())(v.value()));
  state_->iterations.assign_add(ones({}, DType::int64));
}

void Optimizer::step(std::vector<Tensor> gradients, const std::vector<std::size_t>& places,
                     const std::vector<Variable>& variables) {
  // With accumulation a step that does not count is computed all the same and then not taken: a
  // captured step has no branches.
  Tensor counts;
  if (options_.gradient_accumulation_steps > 0) {
    const Tensor next = state_->iterations + std::int64_t{1};
    counts = mod(next, std::int64_t{options_.gradient_accumulation_steps}) == std::int64_t{0};
    accumulate(gradients, places, variables, counts);
  }
  const std::size_t slots = slot_names().size();
  const std::vector<Tensor> clipped = clip_gradients(std::move(gradients));
  if (schedule_)
    state_->learning_rate.assign(
        cast((*schedule_)(cast(state_->iterations, DType::float64)), DType::float32));
  const Tensor rate = state_->learning_rate,
               done = detail::updates_done(state_->iterations, options_);
  for (std::size_t i = 0; i < variables.size(); ++i) {
    if (!clipped[i].defined()) continue;
    std::vector<Variable> states{variables[i]};
    for (std::size_t s = 0; s < slots; ++s) states.push_back(state_->slots[places[i] * slots + s]);
    const Tensor others[] = {clipped[i], rate, done};
    std::vector<Tensor> before;
    if (counts.defined())
      for (const Variable& s : states) before.push_back(s.value());
    update(states, others);
    for (std::size_t s = 0; s < before.size(); ++s)
      states[s].assign(where(counts, states[s].value(), before[s]));
  }
  if (options_.use_ema) update_averages();
}

void Optimizer::accumulate(std::vector<Tensor>& gradients, const std::vector<std::size_t>& places,
                           const std::vector<Variable>& variables, const Tensor& counts) {
  const double share = 1.0 / options_.gradient_accumulation_steps;
  for (std::size_t i = 0; i < variables.size(); ++i) {
    if (!gradients[i].defined()) continue;
    const Variable& sum = state_->sums[places[i]];
    const Tensor total = sum.value() + gradients[i];
    sum.assign(where(counts, zeros_like(total), total));
    gradients[i] = total * share;
  }
}

void Optimizer::update_averages() {
  // The first average is the first value: there is no zero to forget.
  const Tensor done = detail::updates_done(state_->iterations, options_);
  const Tensor later = cast(done != std::int64_t{0}, DType::float32);
  const Tensor keep = later * options_.ema_momentum;
  for (std::size_t i = 0; i < state_->variables.size(); ++i) {
    const Variable &v = state_->variables[i], &average = state_->averages[i];
    const Tensor k = cast(keep, v.dtype());
    average.assign(k * average + (1 - k) * v);
    if (options_.ema_overwrite_frequency == 0) continue;
    const Tensor next = done + std::int64_t{1};
    v.assign(where(mod(next, std::int64_t{options_.ema_overwrite_frequency}) == std::int64_t{0},
                   average, v));
  }
}

void Optimizer::finalize_variable_values(const std::vector<Variable>& variables) {
  if (!options_.use_ema || !built()) return;
  const std::vector<std::size_t> places =
      find_places(variables, std::vector<Tensor>(variables.size(), state_->iterations));
  for (std::size_t i = 0; i < variables.size(); ++i)
    variables[i].assign(state_->averages[places[i]]);
}

Tensor Optimizer::scale_loss(const Tensor& loss) const {
  return options_.loss_scale_factor > 0 ? loss * options_.loss_scale_factor : loss;
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
  for (const auto* more : {&state_->averages, &state_->sums, &state_->slots})
    all.insert(all.end(), more->begin(), more->end());
  return all;
}

}  // namespace linnet::inline LINNET_ABI
