#pragma once

#include <algorithm>
#include <limits>

#include "linnet/autograd/tape.hpp"
#include "linnet/autograd/tape_state.hpp"
#include "linnet/backend/apply.hpp"
#include "linnet/backend/thread_state.hpp"
#include "linnet/core/creation.hpp"
#include "linnet/ops/elementwise.hpp"
#include "linnet/ops/reduce.hpp"
#include "linnet/ops/shape.hpp"

namespace linnet::inline LINNET_ABI {

namespace detail {

/// The same values under another id, which no tape knows.
struct StopGradient {
  static constexpr std::string_view name = "stop_gradient";
  bool operator==(const StopGradient&) const = default;
  bool view(const StridedView& in, StridedView& out) const {
    out = in;
    return true;
  }
};

void unlink(Tape* tape) {
  if (!std::exchange(tape->linked, false)) return;
  for (Tape** t = &thread_state.tape; *t; t = &(*t)->outer) {
    if (*t != tape) continue;
    *t = tape->outer;
    return;
  }
}

inline void check_thread(const Tape& tape) {
  if (tape.thread != std::this_thread::get_id())
    fail<TapeError>("gradient_tape", "used on another thread than the one that made it");
}

/// A gradient of the output's shape brought to the input's: sums over broadcast axes, converts.
inline Tensor fit_gradient(Tensor g, const TensorSpec& input) {
  if (!(g.shape() == input.shape)) {
    const int extra = g.rank() - input.shape.rank();
    Axes axes;
    for (int a = 0; a < g.rank(); ++a)
      if (a < extra || (input.shape[a - extra] == 1 && g.dim(a) != 1)) axes.push_back(a);
    if (!axes.empty()) g = sum(g, {.axis = axes, .keepdims = false});
    if (!(g.shape() == input.shape)) g = reshape(g, input.shape);
  }
  return g.dtype() == input.dtype ? g : cast(g, input.dtype);
}

/// One backward walk over a tape's records.
class BackwardPass {
 public:
  BackwardPass(Tape& tape, std::span<const std::vector<std::uint64_t>> sources)
      : tape_(tape), sources_(sources), ready_(sources.size(), false) {
    for (const auto& ids : sources)
      for (std::uint64_t id : ids) nodes_[id].is_source = true;
    find_needed();
  }

  void seed(const Tensor& target, const Tensor& gradient) {
    if (Node* node = find(target.id())) add(*node, gradient);
  }

  void run() {
    announce(tape_.records.size());
    for (std::size_t r = tape_.records.size(); r-- > 0;) {
      const std::shared_ptr<const TapeRecord> record =
          tape_.options.persistent ? tape_.records[r] : std::move(tape_.records[r]);
      if (record->together)
        step_together(*record);
      else if (Node* node = find(record->output_id))
        step(*record, *node);
      announce(r);
    }
  }

  /// Sum over the source's tensors; undefined if nothing arrived.
  Tensor result(std::size_t source) const {
    Tensor total;
    for (std::uint64_t id : sources_[source])
      if (const Tensor& g = nodes_.at(id).gradient; g.defined())
        total = total.defined() ? linnet::add(total, g) : g;
    return total;
  }

 private:
  /// A tensor that is a source or depends on one.
  struct Node {
    Tensor gradient;                                                  // what has arrived so far
    std::size_t first_use = std::numeric_limits<std::size_t>::max();  // a source's first record
    bool is_source = false;

    /// The gradient, which is kept only if somebody may ask for it later.
    Tensor take() { return is_source ? gradient : std::exchange(gradient, Tensor()); }
  };
  Node* find(std::uint64_t id) {
    const auto it = nodes_.find(id);
    return it == nodes_.end() ? nullptr : &it->second;
  }

  void find_needed() {
    for (std::size_t r = 0; r < tape_.records.size(); ++r) {
      const TapeRecord& record = *tape_.records[r];
      for (const auto& input : record.inputs) {
        Node* node = find(input.id);
        if (!node) continue;
        if (node->is_source) node->first_use = std::min(node->first_use, r);
        nodes_.try_emplace(record.output_id);
        for (const auto& output : record.outputs) nodes_.try_emplace(output.id);
      }
    }
  }

  static void add(Node& node, const Tensor& gradient) {
    node.gradient = node.gradient.defined() ? linnet::add(node.gradient, gradient) : gradient;
  }

  void step(const TapeRecord& record, Node& node) {
    const Tensor dy = node.take();
    if (!dy.defined()) return;
    if (record.joint) return joint_step(record, dy);
    for (std::size_t i = 0; i < record.inputs.size(); ++i)
      if (find(record.inputs[i].id)) contribute(record.inputs[i], record.vjps[i](dy));
  }

  std::vector<bool> needs_of(const TapeRecord& record) {
    std::vector<bool> needs;
    for (const auto& input : record.inputs) needs.push_back(find(input.id) != nullptr);
    return needs;
  }

  void joint_step(const TapeRecord& record, const Tensor& dy) {
    const std::vector<bool> needs = needs_of(record);
    const std::vector<Tensor> gradients = record.joint(dy, needs);
    for (std::size_t i = 0; i < record.inputs.size() && i < gradients.size(); ++i)
      if (needs[i]) contribute(record.inputs[i], gradients[i]);
  }

  /// The gradients of several outputs, some of which may have none, lead to those of all inputs.
  void step_together(const TapeRecord& record) {
    std::vector<Tensor> dys;
    bool any = false;
    for (const auto& output : record.outputs) {
      Node* node = find(output.id);
      dys.push_back(node ? node->take() : Tensor());
      any = any || dys.back().defined();
    }
    const std::vector<bool> needs = needs_of(record);
    if (!any || std::find(needs.begin(), needs.end(), true) == needs.end()) return;
    const std::vector<Tensor> gradients = record.together(dys, needs);
    for (std::size_t i = 0; i < record.inputs.size() && i < gradients.size(); ++i)
      if (needs[i]) contribute(record.inputs[i], gradients[i]);
  }

  void contribute(const TapeRecord::Input& input, const Tensor& gradient) {
    if (gradient.defined()) add(*find(input.id), fit_gradient(gradient, input.spec));
  }

  /// Calls the hook for sources whose last contribution came from record `r` or later ones.
  void announce(std::size_t r) {
    if (!tape_.hook) return;
    for (std::size_t s = 0; s < sources_.size(); ++s) {
      if (ready_[s]) continue;
      std::size_t first = tape_.records.size();
      for (std::uint64_t id : sources_[s]) first = std::min(first, nodes_.at(id).first_use);
      if (first < r) continue;
      ready_[s] = true;
      if (Tensor g = result(s); g.defined()) tape_.hook(s, g);
    }
  }

  Tape& tape_;
  std::span<const std::vector<std::uint64_t>> sources_;
  std::vector<bool> ready_;
  std::unordered_map<std::uint64_t, Node> nodes_;  // by tensor id
};

/// Keeps a persistent tape from recording its own backward pass.
class PauseScope {
 public:
  explicit PauseScope(Tape& tape) : tape_(tape), was_(std::exchange(tape.recording, false)) {}
  ~PauseScope() { tape_.recording = was_; }
  PauseScope(const PauseScope&) = delete;
  PauseScope& operator=(const PauseScope&) = delete;

 private:
  Tape& tape_;
  bool was_;
};

inline void begin_gradient(Tape& tape) {
  check_thread(tape);
  if (tape.used)
    fail<TapeError>("gradient_tape",
                    "gradient() was already called; make the tape with {.persistent = true}");
  if (tape.options.persistent) return;
  tape.used = true;
  tape.recording = false;
  unlink(&tape);
}

inline Tensor output_gradient(const Tensor& target, const GradientOptions& options, std::size_t i) {
  if (options.output_gradients.empty()) return ones_like(target);
  const Tensor& g = options.output_gradients[i];
  if (!g.defined()) return ones_like(target);
  if (!(g.shape() == target.shape()))
    fail<ShapeError>("gradient", "output_gradients[", i, "] has shape ", g.shape(), ", its target ",
                     target.shape());
  return g.dtype() == target.dtype() ? g : cast(g, target.dtype());
}

std::vector<Tensor> tape_gradient(Tape& tape, std::span<const Tensor> targets,
                                  std::span<const std::vector<std::uint64_t>> sources,
                                  std::span<const TensorSpec> specs,
                                  const GradientOptions& options) {
  if (!options.output_gradients.empty() && options.output_gradients.size() != targets.size())
    fail<ValueError>("gradient", "expected ", targets.size(), " output_gradients, got ",
                     options.output_gradients.size());
  std::vector<Tensor> seeds;
  for (std::size_t i = 0; i < targets.size(); ++i) {
    if (!is_floating(targets[i].dtype()))
      fail<DTypeError>("gradient", "target ", i, " has dtype ", targets[i].dtype(),
                       ", expected a floating one");
    seeds.push_back(output_gradient(targets[i], options, i));
  }
  begin_gradient(tape);
  const PauseScope pause(tape);
  BackwardPass pass(tape, sources);
  for (std::size_t i = 0; i < targets.size(); ++i) pass.seed(targets[i], seeds[i]);
  pass.run();
  std::vector<Tensor> results;
  for (std::size_t s = 0; s < sources.size(); ++s) {
    Tensor g = pass.result(s);
    if (!g.defined() && options.unconnected_gradients == UnconnectedGradients::zero)
      g = zeros(specs[s].shape, specs[s].dtype);
    results.push_back(std::move(g));
  }
  if (!tape.options.persistent) tape.records.clear(), tape.watched.clear();
  return results;
}

}  // namespace detail

GradientTape::GradientTape(GradientTapeOptions options)
    : tape_(std::make_unique<detail::Tape>(options)) {
  tape_->outer = detail::thread_state.tape;
  tape_->linked = tape_->recording = true;
  detail::thread_state.tape = tape_.get();
}

GradientTape::~GradientTape() { detail::unlink(tape_.get()); }

void GradientTape::watch(const Tensor& x) {
  detail::check_thread(*tape_);
  if (is_floating(x.dtype())) tape_->watched.insert(x.id());
}

void GradientTape::watch(const Variable& v) {
  detail::check_thread(*tape_);
  const auto [it, is_new] = tape_->variables.try_emplace(v.id());
  if (is_new) it->second.variable = v, tape_->variable_order.push_back(v.id());
}

std::vector<Variable> GradientTape::watched_variables() const {
  std::vector<Variable> all;
  for (std::uint64_t id : tape_->variable_order) all.push_back(tape_->variables.at(id).variable);
  return all;
}

GradientTape::Pause::Pause(detail::Tape* tape) : tape_(tape->recording ? tape : nullptr) {
  tape->recording = false;
}
GradientTape::Pause::~Pause() {
  if (tape_) tape_->recording = true;
}
GradientTape::Pause GradientTape::stop_recording() { return Pause(tape_.get()); }

void GradientTape::stop() {
  detail::check_thread(*tape_);
  tape_->recording = false;
  detail::unlink(tape_.get());
}

void GradientTape::set_persistent(bool persistent) { tape_->options.persistent = persistent; }
void GradientTape::reset() {
  detail::check_thread(*tape_);
  if (tape_->used) fail<TapeError>("gradient_tape", "the tape has ended; make a new one");
  tape_->records.clear();
  tape_->watched.clear();
  tape_->variables.clear();
  tape_->variable_order.clear();
}

void GradientTape::on_ready(std::function<void(std::size_t, const Tensor&)> hook) {
  tape_->hook = std::move(hook);
}

std::vector<Tensor> GradientTape::gradient(const std::vector<Tensor>& targets,
                                           const std::vector<Tensor>& tensors,
                                           const std::vector<Variable>& variables,
                                           const GradientOptions& options) {
  std::vector<std::vector<std::uint64_t>> ids;
  std::vector<TensorSpec> specs;
  for (const Tensor& s : tensors) ids.push_back({s.id()}), specs.push_back(s.spec());
  for (const Variable& v : variables) {
    const auto it = tape_->variables.find(v.id());
    ids.push_back(it == tape_->variables.end() ? std::vector<std::uint64_t>{} : it->second.tensors);
    specs.push_back({v.shape(), v.dtype(), v.device()});
  }
  return detail::tape_gradient(*tape_, targets, ids, specs, options);
}
std::vector<Tensor> GradientTape::gradient(const std::vector<Tensor>& targets,
                                           const std::vector<Tensor>& sources,
                                           const GradientOptions& options) {
  return gradient(targets, sources, std::vector<Variable>{}, options);
}
std::vector<Tensor> GradientTape::gradient(const std::vector<Tensor>& targets,
                                           const std::vector<Variable>& sources,
                                           const GradientOptions& options) {
  return gradient(targets, std::vector<Tensor>{}, sources, options);
}

std::vector<Tensor> GradientTape::gradient(const Tensor& target, const std::vector<Tensor>& sources,
                                           const GradientOptions& options) {
  return gradient(std::vector<Tensor>{target}, sources, options);
}
std::vector<Tensor> GradientTape::gradient(const Tensor& target,
                                           const std::vector<Variable>& sources,
                                           const GradientOptions& options) {
  return gradient(std::vector<Tensor>{target}, sources, options);
}
Tensor GradientTape::gradient(const Tensor& target, const Tensor& source,
                              const GradientOptions& options) {
  return gradient(std::vector<Tensor>{target}, std::vector<Tensor>{source}, options)[0];
}
Tensor GradientTape::gradient(const Tensor& target, const Variable& source,
                              const GradientOptions& options) {
  return gradient(std::vector<Tensor>{target}, std::vector<Variable>{source}, options)[0];
}

Tensor stop_gradient(const Tensor& x) { return apply(detail::StopGradient{}, x.spec(), x); }

}  // namespace linnet::inline LINNET_ABI
