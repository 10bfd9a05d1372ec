#pragma once

#include <algorithm>
#include <atomic>

#include "linnet/autograd/variable_state.hpp"
#include "linnet/backend/apply.hpp"
#include "linnet/backend/eager.hpp"
#include "linnet/backend/thread_state.hpp"
#include "linnet/graph/trace.hpp"

namespace linnet::inline LINNET_ABI {

namespace detail {
inline std::uint64_t next_trace_serial() {
  static std::atomic<std::uint64_t> serial{0};
  return ++serial;
}

TraceScope::TraceScope(Recorder* trace) : former_(std::exchange(thread_state.trace, trace)) {}
TraceScope::~TraceScope() { thread_state.trace = former_; }
}  // namespace detail

Trace::Trace(Trace* outer) : serial_(detail::next_trace_serial()), outer_(outer) {
  if (outer) see_like(*outer);
}

bool Trace::sees(std::uint64_t serial) const {
  return serial == serial_ || std::find(visible_.begin(), visible_.end(), serial) != visible_.end();
}

void Trace::see_like(const Trace& other) {
  if (!sees(other.serial_)) visible_.push_back(other.serial_);
  for (const std::uint64_t serial : other.visible_)
    if (!sees(serial)) visible_.push_back(serial);
}

void Trace::created(const Variable& v) {
  if (outer_) return outer_->created(v);
  created_.push_back(v);
}

ValueId Trace::add_value(Value value) {
  graph_.values.push_back(std::move(value));
  return static_cast<ValueId>(graph_.values.size() - 1);
}

Tensor Trace::tensor_of(ValueId value) {
  return detail::make_traced(this, serial_, value, graph_.value(value).spec);
}

Tensor Trace::add_input(const TensorSpec& spec) {
  const ValueId v = add_value({.kind = Value::Kind::input, .spec = spec});
  graph_.inputs.push_back(v);
  return tensor_of(v);
}

ValueId Trace::value_of(const Tensor& x) {
  const detail::TensorImpl& t = *x.impl();
  if (t.trace_serial == serial_) return t.value;
  if (t.trace_serial != 0) return capture(x);
  const auto [it, is_new] = constants_.try_emplace(t.id, -1);
  if (is_new)
    it->second = add_value(
        {.kind = Value::Kind::constant, .spec = x.spec(), .constant = detail::make_dense(x)});
  return it->second;
}

ValueId Trace::capture(const Tensor& x) {
  if (!sees(x.impl()->trace_serial))
    fail<CaptureError>("function",
                       "a tensor traced by another linnet::function, or in a branch of "
                       "cond() or the body of a while_loop(), is used here; return it from there "
                       "instead of keeping it");
  const auto [it, is_new] = captured_.try_emplace(x.id(), -1);
  if (is_new) {
    it->second = add_value({.kind = Value::Kind::input, .spec = x.spec()});
    captures_.push_back({.outer = x, .value = it->second, .inner = x});
  }
  return it->second;
}

void Trace::set_primitive(NodeId node, PrimitiveRef primitive) {
  graph_.nodes[static_cast<std::size_t>(node)].primitive = Primitive(primitive);
}

Tensor Trace::add_output(NodeId node, const TensorSpec& spec) {
  const ValueId v = add_value({.spec = spec, .producer = node});
  graph_.nodes[static_cast<std::size_t>(node)].out.push_back(v);
  return tensor_of(v);
}

void Trace::record(PrimitiveRef primitive, std::span<const Tensor* const> in,
                   std::span<const TensorSpec> out, std::span<Tensor> results,
                   std::span<const Scalar> immediates) {
  Node node{.primitive = Primitive(primitive),
            .immediates = {immediates.begin(), immediates.end()}};
  for (const Tensor* x : in) node.in.push_back(value_of(*x));
  const auto id = static_cast<NodeId>(graph_.nodes.size());
  for (std::size_t o = 0; o < out.size(); ++o) {
    node.out.push_back(add_value({.spec = out[o], .producer = id}));
    results[o] = tensor_of(node.out.back());
  }
  graph_.nodes.push_back(std::move(node));
}

Trace::Binding& Trace::binding(const Variable& v) {
  const auto [it, is_new] = bound_.try_emplace(v.id(), bindings_.size());
  if (is_new) bindings_.push_back({.variable = v});
  return bindings_[it->second];
}

Tensor Trace::read(const Variable& v) {
  Binding& b = binding(v);
  if (!b.current.defined()) {
    const auto kind = outer_ ? Value::Kind::input : Value::Kind::state;
    b.initial = add_value({.kind = kind, .spec = v.state()->spec()});
    b.current = tensor_of(b.initial);
    if (outer_)
      captures_.push_back(
          {.outer = outer_->read(v), .value = b.initial, .inner = b.current, .variable = v});
  }
  return b.current;
}

void Trace::assign(const Variable& v, const Tensor& value) {
  const ValueId id = value_of(value);
  Binding& b = binding(v);
  // A tensor of its own: the tape tells values of a variable apart by their ids.
  b.current = tensor_of(id);
  b.written = true;
}

std::uint64_t Trace::next_ticket(const Variable& state, std::function<void(std::uint64_t)> at_end) {
  const std::uint64_t tensor_id = read(state).id();
  for (Tickets& t : tickets_) {
    if (!(t.state == state)) continue;
    if (t.tensor_id != tensor_id) t.tensor_id = tensor_id, t.count = 0;
    return t.count++;
  }
  tickets_.push_back({state, tensor_id, 1, std::move(at_end)});
  return 0;
}

void Trace::settle_tickets() {
  const detail::TraceScope scope(this);
  for (std::size_t i = 0; i < tickets_.size(); ++i)
    if (read(tickets_[i].state).id() == tickets_[i].tensor_id)
      tickets_[i].at_end(tickets_[i].count);
}

std::vector<Trace::Written> Trace::written() const {
  std::vector<Written> all;
  for (const Binding& b : bindings_)
    if (b.written && b.current.impl()->value != b.initial) all.push_back({b.variable, b.current});
  return all;
}

void Trace::check_created() {
  std::vector<Variable> created = std::exchange(created_, {});
  for (Variable& v : created) {
    // Owners inside the trace: this list and at most one binding.
    const long inside = 1 + (bound_.contains(v.id()) ? 1 : 0);
    if (v.shared_state().use_count() - 1 <= inside)
      fail<CaptureError>("function", "the variable '", v.name(),
                         "' was created while tracing and is held by nobody; create it once, "
                         "outside the function, and keep it");
  }
}

Graph Trace::finish(std::span<const Tensor> outputs) {
  for (const Tensor& y : outputs) graph_.outputs.push_back(y.defined() ? value_of(y) : -1);
  settle_tickets();
  check_created();
  for (Binding& b : bindings_) {
    StateBinding s{.variable = b.variable, .initial = b.initial};
    if (b.written) s.final = b.current.impl()->value;
    if (s.final == s.initial) s.final = -1;
    if (s.initial >= 0 || s.final >= 0) graph_.states.push_back(std::move(s));
  }
  return std::move(graph_);
}

}  // namespace linnet::inline LINNET_ABI
