#pragma once

#include <algorithm>
#include <memory>
#include <optional>

#include "linnet/autograd/tape_state.hpp"
#include "linnet/backend/thread_state.hpp"
#include "linnet/graph/passes/passes.hpp"
#include "linnet/graph/trace.hpp"

/// Recording a branch or a body: a trace within a trace, and a tape of its own.
namespace linnet::inline LINNET_ABI::detail {

/// The trace of a branch or a body. It stays open: the gradient of the node continues it with the
/// backward pass. The tape records inside if tapes around record; they see the node as a whole.
struct SubTrace {
  std::shared_ptr<Trace> trace;
  std::shared_ptr<Tape> tape;  // null: nobody records
};

inline Trace* current_trace() { return static_cast<Trace*>(thread_state.trace); }

/// What tapes around follow is followed by `tape`, too.
inline void watch_like_outer(Tape& tape) {
  for (const Tape* t = thread_state.tape; t; t = t->outer) {
    if (!t->recording) continue;
    tape.options.watch_accessed_variables |= t->options.watch_accessed_variables;
    tape.watched.insert(t->watched.begin(), t->watched.end());
    for (const auto& [id, watched] : t->variables)
      tape.variables.try_emplace(id, Tape::Watched{watched.variable, {}});
  }
}

inline std::shared_ptr<SubTrace> new_subtrace() {
  auto sub = std::make_shared<SubTrace>();
  sub->trace = std::make_shared<Trace>(current_trace());
  if (is_recording()) {
    sub->tape = std::make_shared<Tape>(
        GradientTapeOptions{.persistent = true, .watch_accessed_variables = false});
    watch_like_outer(*sub->tape);
  }
  return sub;
}

/// Ops go to the trace and its tape until the end of scope, tapes around are paused.
class SubTraceScope {
 public:
  explicit SubTraceScope(SubTrace& sub) : scope_(sub.trace.get()), tape_(sub.tape.get()) {
    for (Tape* t = thread_state.tape; t; t = t->outer)
      if (t->recording) paused_.push_back(t), t->recording = false;
    if (!tape_) return;
    tape_->outer = std::exchange(thread_state.tape, tape_);
    tape_->recording = tape_->linked = true;
  }
  ~SubTraceScope() {
    if (tape_) unlink(tape_), tape_->recording = false;
    // Tapes that have ended inside are no longer in the list.
    for (Tape* t = thread_state.tape; t; t = t->outer)
      if (std::find(paused_.begin(), paused_.end(), t) != paused_.end()) t->recording = true;
  }
  SubTraceScope(const SubTraceScope&) = delete;
  SubTraceScope& operator=(const SubTraceScope&) = delete;

 private:
  TraceScope scope_;
  Tape* tape_;
  std::vector<Tape*> paused_;
};

/// Variables that a tape followed inside were read, for tapes around, before the branch.
inline void tell_outer_tapes(const SubTrace& sub) {
  if (!sub.tape) return;
  for (const Trace::Capture& c : sub.trace->captures()) {
    if (!c.variable.defined()) continue;
    const auto it = sub.tape->variables.find(c.variable.id());
    if (it != sub.tape->variables.end() && !it->second.tensors.empty())
      variable_was_read(c.variable, c.outer);
  }
}

/// The same capture in another branch, or at another time.
inline bool same_capture(const Trace::Capture& a, const Trace::Capture& b) {
  return a.outer.id() == b.outer.id() && a.variable.defined() == b.variable.defined();
}
inline const Trace::Capture* find_capture(const Trace& trace, const Trace::Capture& like) {
  for (const Trace::Capture& c : trace.captures())
    if (same_capture(c, like)) return &c;
  return nullptr;
}

/// A cell of a subgraph: values in its trace.
struct CellValues {
  ValueId initial, final;
};

/// The trace's graph for these results, without what they do not need.
inline Graph graph_of(const Trace& trace, std::span<const CellValues> cells,
                      std::span<const ValueId> outputs) {
  Graph g = trace.graph();
  for (const CellValues& c : cells) {
    g.value(c.initial).kind = Value::Kind::state;
    StateBinding s;
    s.initial = c.initial;
    s.final = c.final == c.initial ? -1 : c.final;
    g.states.push_back(std::move(s));
  }
  g.outputs.assign(outputs.begin(), outputs.end());
  return passes::dead_code(std::move(g));
}

inline bool is_used(const std::vector<int>& uses, ValueId v) {
  return uses[static_cast<std::size_t>(v)] > 0;
}

/// Makes the capture an input of the graph; one of no use if the trace has not got it.
inline void add_input(Graph& g, const Trace& trace, const Trace::Capture& capture) {
  const Trace::Capture* own = find_capture(trace, capture);
  ValueId v = own ? own->value : -1;
  if (v < 0) {
    g.values.push_back({.kind = Value::Kind::input, .spec = capture.outer.spec()});
    v = static_cast<ValueId>(g.values.size() - 1);
  }
  g.inputs.push_back(v);
}

/// The trace that goes on, in which a gradient is asked for.
inline Trace& trace_for_gradient(std::string_view op, std::uint64_t serial) {
  Trace* current = current_trace();
  if (!current || !current->sees(serial))
    fail<CaptureError>(op, "its gradient is asked for outside of the function that recorded it");
  return *current;
}

}  // namespace linnet::inline LINNET_ABI::detail
