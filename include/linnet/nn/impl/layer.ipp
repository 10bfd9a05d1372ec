#pragma once

#include <algorithm>
#include <map>
#include <mutex>
#include <unordered_set>

#include "linnet/backend/apply.hpp"
#include "linnet/backend/recorder.hpp"
#include "linnet/backend/thread_state.hpp"
#include "linnet/core/fork.hpp"
#include "linnet/core/never_destroyed.hpp"
#include "linnet/nn/layer.hpp"
#include "linnet/nn/notes.hpp"
#include "linnet/ops/elementwise.hpp"

namespace linnet::inline LINNET_ABI {

namespace detail {

struct NameCounters {
  std::mutex mutex;
  std::map<std::string, int> next;

  void lock() { mutex.lock(); }
  void unlock() { mutex.unlock(); }
};
inline NameCounters& name_counters() {
  static NeverDestroyed<NameCounters> counters;
  static const bool kept = keep_across_fork<name_counters>();
  (void)kept;
  return counters.get();
}

std::string unique_name(const std::string& base) {
  NameCounters& counters = name_counters();
  const std::scoped_lock lock(counters.mutex);
  const int n = counters.next[base]++;
  return n == 0 ? base : base + "_" + std::to_string(n);
}

}  // namespace detail

void clear_session() {
  const std::scoped_lock lock(detail::name_counters().mutex);
  detail::name_counters().next.clear();
}

Layer::Layer(const std::string& kind, const std::string& name) : state_(new detail::LayerState) {
  state_->kind = kind;
  state_->name = name.empty() ? detail::unique_name(kind) : name;
}
Layer::~Layer() = default;

void Layer::build(const Shape&) {}

namespace detail {

/// The layers below and including `state` that have no weights yet.
inline void collect_unbuilt(LayerState& state, const std::vector<std::shared_ptr<Layer>>& sublayers,
                            std::vector<LayerState*>& out, LayerState& (*state_of)(const Layer&)) {
  if (!state.built) out.push_back(&state);
  for (const auto& l : sublayers) {
    LayerState& below = state_of(*l);
    collect_unbuilt(below, below.sublayers, out, state_of);
  }
}

}  // namespace detail

void Layer::build_once(const Shape& input_shape) {
  if (state_->built) return;
  std::vector<detail::LayerState*> unbuilt;
  detail::collect_unbuilt(*state_, state_->sublayers, unbuilt,
                          [](const Layer& l) -> detail::LayerState& { return *l.state_; });
  const auto sublayers = state_->sublayers;
  try {
    build(input_shape);
  } catch (...) {
    // A failed build must not leave layers made for an input that does not fit.
    state_->sublayers = sublayers;
    for (detail::LayerState* s : unbuilt) {
      s->weights.clear();
      s->regularizers.clear();
      s->output_shape.reset();
      s->built = false;
    }
    throw;
  }
  state_->input_shape = input_shape;
  state_->built = true;
}

Tensor Layer::call_masked(const Tensor& x, const Tensor&, bool training) {
  return call(x, training);
}

Tensor Layer::compute_mask(const Tensor&, const Tensor& mask) const {
  return state_->supports_masking ? mask : Tensor();
}

namespace detail {

/// How many layers' calls this thread is in; losses added by one belong to the outermost call.
inline int& call_depth() {
  static constinit thread_local int depth = 0;
  return depth;
}
/// Added losses are few: one lock for all keeps calls from several threads apart.
inline std::mutex& added_losses_mutex() {
  static NeverDestroyed<std::mutex> mutex;
  return mutex.get();
}
inline bool is_visible(const Tensor& x) {
  const std::uint64_t serial = x.impl()->trace_serial;
  const Recorder* trace = linnet::detail::thread_state.trace;
  return serial == 0 || (trace && trace->sees(serial));
}

}  // namespace detail

LayerCall::LayerCall(const Layer& layer) {
  if (detail::call_depth()++ > 0) return;
  const std::scoped_lock lock(detail::added_losses_mutex());
  layer.forget_losses();
}
LayerCall::~LayerCall() { --detail::call_depth(); }

void Layer::add_loss(const Tensor& loss) {
  if (loss.rank() != 0 || !is_floating(loss.dtype()))
    fail<ShapeError>(name(), "add_loss: expected a float scalar, got ", loss.dtype(), " of shape ",
                     loss.shape());
  const std::scoped_lock lock(detail::added_losses_mutex());
  state_->added_losses.push_back(loss);
}

void Layer::forget_losses() const {
  state_->added_losses.clear();
  for (const auto& l : state_->sublayers) l->forget_losses();
}

Tensor Layer::operator()(const Tensor& x, const CallOptions& options) {
  build_once(x.shape());
  const LayerCall under_way(*this);
  std::optional<linnet::detail::NoteScope> outermost;
  if (!linnet::detail::NoteScope::active()) outermost.emplace();
  const Tensor mask = options.mask.defined() ? options.mask : linnet::detail::find_note(x, "mask");
  const DType compute = state_->policy.compute_dtype();
  const linnet::detail::AutocastScope autocast(compute);
  Tensor y = call_masked(is_floating(x.dtype()) ? cast(x, compute) : x, mask, options.training);
  if (!linnet::detail::find_note(y, "mask").defined())
    if (const Tensor after = compute_mask(x, mask); after.defined())
      linnet::detail::note(y, "mask", after);
  if (!state_->output_shape) state_->output_shape = y.shape();
  if (const auto& penalty = state_->activity_regularizer)
    add_loss((*penalty)(y) / static_cast<double>(std::max<std::int64_t>(y.dim(0), 1)));
  return y;
}

void Layer::set_policy(const DTypePolicy& policy) {
  if (built()) fail<ValueError>(name(), "a policy is set before the layer is built");
  state_->policy = policy;
}

void Layer::set_trainable(bool trainable) {
  state_->trainable = trainable;
  for (const auto& l : state_->sublayers) l->set_trainable(trainable);
}

Variable Layer::add_weight(const std::string& name, const Shape& shape,
                           const WeightOptions& options) {
  const EagerScope eager;
  const DType dtype = options.dtype.value_or(state_->policy.variable_dtype());
  Variable v((*options.initializer)(shape, dtype),
             {.trainable = options.trainable, .name = name, .autocast = options.autocast});
  v.set_constraint(options.constraint.shared());
  state_->weights.push_back(v);
  state_->regularizers.push_back(options.regularizer);
  return v;
}

void Layer::collect(const std::string& prefix,
                    std::vector<std::pair<std::string, Variable>>& out) const {
  for (const Variable& v : state_->weights) out.emplace_back(prefix + v.name(), v);
  std::map<std::string, int> seen;
  for (const auto& l : state_->sublayers) {
    const int n = seen[l->state_->kind]++;
    std::string path = prefix + l->state_->kind;
    if (n > 0) linnet::detail::append(path, "_"), linnet::detail::append(path, n);
    l->collect(path + "/", out);
  }
}

std::vector<std::pair<std::string, Variable>> Layer::named_variables() const {
  std::vector<std::pair<std::string, Variable>> all, out;
  collect("", all);
  std::unordered_set<std::uint64_t> seen;  // a layer used twice counts once
  for (auto& entry : all)
    if (seen.insert(entry.second.id()).second) out.push_back(std::move(entry));
  return out;
}

std::vector<Variable> Layer::variables() const {
  std::vector<Variable> out;
  for (auto& [name, v] : named_variables()) out.push_back(v);
  return out;
}

std::vector<Variable> Layer::trainable_variables() const {
  std::vector<Variable> out;
  if (!state_->trainable) return out;
  std::unordered_set<std::uint64_t> seen;
  const auto add = [&](const Variable& v) {
    if (v.trainable() && seen.insert(v.id()).second) out.push_back(v);
  };
  for (const Variable& v : state_->weights) add(v);
  for (const auto& l : state_->sublayers)
    for (const Variable& v : l->trainable_variables()) add(v);
  return out;
}

std::vector<Variable> Layer::non_trainable_variables() const {
  std::unordered_set<std::uint64_t> trainable;
  for (const Variable& v : trainable_variables()) trainable.insert(v.id());
  std::vector<Variable> out;
  for (const Variable& v : variables())
    if (!trainable.contains(v.id())) out.push_back(v);
  return out;
}

std::vector<Variable> Layer::random_states() const {
  std::vector<Variable> out = state_->random_states;
  for (const auto& l : state_->sublayers)
    for (const Variable& v : l->random_states()) out.push_back(v);
  return out;
}

std::vector<Tensor> Layer::get_weights() const {
  std::vector<Tensor> out;
  for (const Variable& v : variables()) out.push_back(v.value());
  return out;
}

void Layer::set_weights(const std::vector<Tensor>& weights) {
  const std::vector<Variable> all = variables();
  if (weights.size() != all.size())
    fail<ValueError>("set_weights", "layer '", name(), "' has ", all.size(), " weights, got ",
                     weights.size());
  for (std::size_t i = 0; i < all.size(); ++i) {
    if (!(weights[i].shape() == all[i].shape()))
      fail<ShapeError>("set_weights", "weight ", i, " '", all[i].name(), "' has shape ",
                       all[i].shape(), ", got ", weights[i].shape());
    if (weights[i].dtype() != all[i].dtype())
      fail<DTypeError>("set_weights", "weight ", i, " '", all[i].name(), "' has dtype ",
                       all[i].dtype(), ", got ", weights[i].dtype());
  }
  for (std::size_t i = 0; i < all.size(); ++i) all[i].assign(weights[i]);
}

std::int64_t Layer::count_params() const {
  std::int64_t n = 0;
  for (const Variable& v : variables()) n += v.size();
  return n;
}

std::vector<Tensor> Layer::losses() const {
  std::vector<Tensor> out;
  for (std::size_t i = 0; i < state_->weights.size(); ++i)
    if (state_->regularizers[i] && state_->trainable && state_->weights[i].trainable())
      out.push_back((*state_->regularizers[i])(state_->weights[i]));
  {
    const std::scoped_lock lock(detail::added_losses_mutex());
    for (const Tensor& t : state_->added_losses)
      if (detail::is_visible(t)) out.push_back(t);
  }
  for (const auto& l : state_->sublayers)
    for (const Tensor& t : l->losses()) out.push_back(t);
  return out;
}

}  // namespace linnet::inline LINNET_ABI
