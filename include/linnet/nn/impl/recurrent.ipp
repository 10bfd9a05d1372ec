#pragma once

#include <algorithm>
#include <typeinfo>
#include <utility>

#include "linnet/core/creation.hpp"
#include "linnet/nn/layers/recurrent.hpp"
#include "linnet/nn/notes.hpp"
#include "linnet/ops/elementwise.hpp"
#include "linnet/ops/matmul.hpp"
#include "linnet/ops/random.hpp"
#include "linnet/ops/recurrent.hpp"
#include "linnet/ops/shape.hpp"

namespace linnet::inline LINNET_ABI::layers {

Recurrent::Recurrent(const std::string& kind, const std::string& name,
                     const RecurrentOptions& options, std::size_t states)
    : Layer(kind, name), common_(options), state_count_(states) {
  if (options.units < 1)
    fail<ValueError>(kind, "units: expected a positive number, got ", options.units);
  for (double rate : {options.dropout, options.recurrent_dropout})
    if (!(rate >= 0 && rate <= 1)) fail<ValueError>(kind, "rate ", rate, " is outside [0, 1]");
  if (options.seed) {
    generator_ = Generator(*options.seed);
    state().random_states.push_back(generator_->state());
  }
}

Tensor Recurrent::call(const Tensor& x, bool training) {
  return run(x, {.training = training}).output;
}

Tensor Recurrent::call_masked(const Tensor& x, const Tensor& mask, bool training) {
  return run(x, {.training = training, .mask = mask}).output;
}

Tensor Recurrent::compute_mask(const Tensor&, const Tensor& mask) const {
  return common_.return_sequences ? mask : Tensor();
}

Recurrent::Result Recurrent::run(const Tensor& x, const RunOptions& o) {
  if (x.rank() != 3 || x.dim(1) == 0)
    fail<ShapeError>(name(), "expected an input [n, t, in] of at least one step, got shape ",
                     x.shape());
  build_once(x.shape());
  const std::int64_t n = x.dim(0), in = weight(0).shape()[0];
  if (x.dim(2) != in)
    fail<ShapeError>(name(), "expected axis -1 of input shape to have value ", in,
                     ", but received input with shape ", x.shape());
  const Tensor mask = o.mask.defined() ? o.mask : linnet::detail::find_note(x, "mask");
  if (mask.defined() && !(mask.shape() == Shape{n, x.dim(1)}))
    fail<ShapeError>(name(), "mask ", mask.shape(), " does not fit input ", x.shape());
  const Shape of_state{n, common_.units};
  States states = o.initial_state;
  if (states.empty()) states.assign(state_count_, zeros(of_state, x.dtype()));
  if (states.size() != state_count_)
    fail<ValueError>(name(), "expected ", state_count_, " states, got ", states.size());
  for (const Tensor& s : states)
    if (!(s.shape() == of_state))
      fail<ShapeError>(name(), "expected states of shape ", of_state, ", got ", s.shape());
  Tensor input = x, state_dropout;
  if (o.training && common_.dropout > 0)
    input = x * dropout(ones({n, 1, in}, x.dtype()), common_.dropout, generator_);
  if (o.training && common_.recurrent_dropout > 0)
    state_dropout = dropout(ones(of_state, x.dtype()), common_.recurrent_dropout, generator_);
  return run_steps(input, std::move(states), mask, state_dropout, o.zero_output_for_mask);
}

Recurrent::Result Recurrent::run_steps(const Tensor& x, States states, const Tensor& mask,
                                       const Tensor& state_dropout, bool zero_output) const {
  // Steps first: each is then one piece of memory.
  const Tensor given = transpose(x, {1, 0, 2});
  const Tensor projected = project(common_.go_backwards ? flip(given, 0) : given);
  if (!mask.defined() && !state_dropout.defined())
    if (auto result = run_all(projected, states)) return *std::move(result);
  const std::vector<Tensor> steps = unstack(projected);
  std::vector<Tensor> counted;
  if (mask.defined()) counted = unstack(expand_dims(transpose(mask), -1));
  std::vector<Tensor> outputs;
  for (std::size_t i = 0; i < steps.size(); ++i) {
    const std::size_t t = common_.go_backwards ? steps.size() - 1 - i : i;
    States before = states;
    if (state_dropout.defined()) before[0] = before[0] * state_dropout;
    States after = step(steps[i], before);
    Tensor output = after[0];
    if (mask.defined()) {
      const bool nothing = zero_output || outputs.empty();
      output = where(counted[t], output, nothing ? zeros_like(output) : outputs.back());
      for (std::size_t s = 0; s < after.size(); ++s)
        after[s] = where(counted[t], after[s], states[s]);
    }
    states = std::move(after);
    outputs.push_back(output);
  }
  return {common_.return_sequences ? stack(outputs, 1) : outputs.back(), std::move(states)};
}

namespace detail {

template <class Options>
RecurrentOptions common_options(std::int64_t units, const Options& o) {
  return {units, o.return_sequences, o.go_backwards, o.dropout, o.recurrent_dropout, o.seed};
}

/// Initializers with seeds of their own, the other direction and an automatic name.
template <class Options>
Options reversed_options(Options o) {
  for (Handle<Initializer>* i :
       {&o.kernel_initializer, &o.recurrent_initializer, &o.bias_initializer})
    if (auto fresh = (*i)->redrawn()) *i = Handle<Initializer>(fresh);
  o.go_backwards = !o.go_backwards;
  o.name.clear();
  return o;
}

template <class Options, class AddWeight>
void add_kernels(const Layer& layer, const Shape& input, std::int64_t units, std::int64_t gates,
                 const Options& o, AddWeight&& add_weight) {
  if (input.rank() != 3)
    fail<ShapeError>(layer.name(), "expected an input [n, t, in], got shape ", input);
  add_weight("kernel", Shape{input[2], gates * units},
             WeightOptions{.initializer = o.kernel_initializer,
                           .regularizer = o.kernel_regularizer,
                           .constraint = o.kernel_constraint});
  add_weight("recurrent_kernel", Shape{units, gates * units},
             WeightOptions{.initializer = o.recurrent_initializer,
                           .regularizer = o.recurrent_regularizer,
                           .constraint = o.recurrent_constraint});
}

template <class Options>
WeightOptions recurrent_bias(const Options& o) {
  return {.initializer = o.bias_initializer,
          .regularizer = o.bias_regularizer,
          .constraint = o.bias_constraint};
}

/// An LSTM's bias: 1 for the forget gate, the second quarter.
struct ForgetBias : Initializer {
  explicit ForgetBias(Handle<Initializer> others_) : others(std::move(others_)) {}
  Tensor operator()(const Shape& shape, DType dtype) const override {
    const std::int64_t units = shape[0] / 4;
    return concat({(*others)({units}, dtype), ones({units}, dtype), (*others)({2 * units}, dtype)});
  }
  Handle<Initializer> others;
};

}  // namespace detail

SimpleRNN::SimpleRNN(std::int64_t units, SimpleRNNOptions o)
    : Recurrent("simple_rnn", o.name, detail::common_options(units, o)), options_(std::move(o)) {
  state().declared_input = options_.input_shape;
}
std::shared_ptr<Recurrent> SimpleRNN::reversed() const {
  return std::make_shared<SimpleRNN>(common().units, detail::reversed_options(options_));
}
void SimpleRNN::build(const Shape& input_shape) {
  const std::int64_t units = common().units;
  detail::add_kernels(*this, input_shape, units, 1, options_,
                      [this](auto&&... a) { add_weight(a...); });
  if (options_.use_bias) add_weight("bias", {units}, detail::recurrent_bias(options_));
}
Tensor SimpleRNN::project(const Tensor& x) const {
  const Tensor y = matmul(x, weight(0));
  return options_.use_bias ? y + weight(2) : y;
}
Recurrent::States SimpleRNN::step(const Tensor& projected, const States& states) const {
  return {options_.activation(projected + matmul(states[0], weight(1)))};
}

LSTM::LSTM(std::int64_t units, LSTMOptions o)
    : Recurrent("lstm", o.name, detail::common_options(units, o), 2), options_(std::move(o)) {
  state().declared_input = options_.input_shape;
}
std::shared_ptr<Recurrent> LSTM::reversed() const {
  return std::make_shared<LSTM>(common().units, detail::reversed_options(options_));
}
void LSTM::build(const Shape& input_shape) {
  const std::int64_t units = common().units;
  detail::add_kernels(*this, input_shape, units, 4, options_,
                      [this](auto&&... a) { add_weight(a...); });
  if (!options_.use_bias) return;
  WeightOptions bias = detail::recurrent_bias(options_);
  if (options_.unit_forget_bias) bias.initializer = detail::ForgetBias(bias.initializer);
  add_weight("bias", {4 * units}, bias);
}
Tensor LSTM::project(const Tensor& x) const {
  const Tensor y = matmul(x, weight(0));
  return options_.use_bias ? y + weight(2) : y;
}
Recurrent::States LSTM::step(const Tensor& projected, const States& states) const {
  const auto gates = split(projected + matmul(states[0], weight(1)), 4, -1);
  const auto& gate = options_.recurrent_activation;
  const Tensor c = gate(gates[1]) * states[1] + gate(gates[0]) * options_.activation(gates[2]);
  return {gate(gates[3]) * options_.activation(c), c};
}
std::optional<Recurrent::Result> LSTM::run_all(const Tensor& projected,
                                               const States& states) const {
  // A derived class may have a step() of its own.
  if (typeid(*this) != typeid(LSTM) || options_.activation.name() != "tanh" ||
      options_.recurrent_activation.name() != "sigmoid")
    return std::nullopt;
  const DType t = projected.dtype();
  if (t != DType::float32 && t != DType::float64) return std::nullopt;
  const Tensor kernel = weight(1);
  for (const Tensor* x : {&kernel, &states[0], &states[1]})
    if (x->dtype() != t) return std::nullopt;
  const Tensor all = linnet::detail::lstm_sequence(projected, kernel, states[0], states[1]);
  const std::int64_t steps = projected.dim(0);
  const Tensor h = all(steps), c = all(steps + 1);
  if (!common().return_sequences) return Result{h, {h, c}};
  return Result{transpose(narrow(all, 0, 1, steps), {1, 0, 2}), {h, c}};
}

GRU::GRU(std::int64_t units, GRUOptions o)
    : Recurrent("gru", o.name, detail::common_options(units, o)), options_(std::move(o)) {
  state().declared_input = options_.input_shape;
}
std::shared_ptr<Recurrent> GRU::reversed() const {
  return std::make_shared<GRU>(common().units, detail::reversed_options(options_));
}
void GRU::build(const Shape& input_shape) {
  const std::int64_t units = common().units;
  detail::add_kernels(*this, input_shape, units, 3, options_,
                      [this](auto&&... a) { add_weight(a...); });
  if (!options_.use_bias) return;
  const Shape shape = options_.reset_after ? Shape{2, 3 * units} : Shape{3 * units};
  add_weight("bias", shape, detail::recurrent_bias(options_));
}
Tensor GRU::project(const Tensor& x) const {
  const Tensor y = matmul(x, weight(0));
  if (!options_.use_bias) return y;
  return y + (options_.reset_after ? weight(2).value()(0) : weight(2).value());
}
Recurrent::States GRU::step(const Tensor& projected, const States& states) const {
  const std::int64_t units = common().units;
  const Tensor& h = states[0];
  const auto& gate = options_.recurrent_activation;
  const auto x = split(projected, 3, -1);
  Tensor z, candidate;
  if (options_.reset_after) {
    Tensor product = matmul(h, weight(1));
    if (options_.use_bias) product = product + weight(2).value()(1);
    const auto u = split(product, 3, -1);
    z = gate(x[0] + u[0]);
    candidate = options_.activation(x[2] + gate(x[1] + u[1]) * u[2]);
  } else {
    const Tensor kernel = weight(1);
    const auto u = split(matmul(h, narrow(kernel, 1, 0, 2 * units)), 2, -1);
    z = gate(x[0] + u[0]);
    const Tensor r = gate(x[1] + u[1]);
    candidate = options_.activation(x[2] + matmul(r * h, narrow(kernel, 1, 2 * units, units)));
  }
  return {z * h + (1 - z) * candidate};
}

Bidirectional::Bidirectional(std::shared_ptr<Recurrent> layer, const BidirectionalOptions& o)
    : Layer("bidirectional", o.name), layer_(std::move(layer)), merge_mode_(o.merge_mode) {
  const char* known[] = {"concat", "sum", "mul", "ave"};
  if (std::find(std::begin(known), std::end(known), merge_mode_) == std::end(known))
    fail<ValueError>("bidirectional",
                     "merge_mode: expected \"concat\", \"sum\", \"mul\" or \"ave\", got \"",
                     merge_mode_, "\"");
  if (!layer_) fail<ValueError>("bidirectional", "expected a layer");
  reversed_ = layer_->reversed();
  state().sublayers = {layer_, reversed_};
  state().declared_input = layer_->declared_input_shape();
}

void Bidirectional::build(const Shape& input_shape) {
  layer_->build_once(input_shape);
  reversed_->build_once(input_shape);
}

Tensor Bidirectional::compute_mask(const Tensor& x, const Tensor& mask) const {
  return layer_->compute_mask(x, mask);
}

Tensor Bidirectional::call(const Tensor& x, bool training) { return call_masked(x, {}, training); }

Tensor Bidirectional::call_masked(const Tensor& x, const Tensor& mask, bool training) {
  const RunOptions options{.training = training,
                           .mask = mask,
                           .zero_output_for_mask = layer_->common().return_sequences};
  const Tensor a = layer_->run(x, options).output;
  Tensor b = reversed_->run(x, options).output;
  if (layer_->common().return_sequences) b = flip(b, 1);
  if (merge_mode_ == "concat") return concat({a, b}, -1);
  if (merge_mode_ == "sum") return a + b;
  return merge_mode_ == "mul" ? a * b : (a + b) / 2;
}

}  // namespace linnet::inline LINNET_ABI::layers
