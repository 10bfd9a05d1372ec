#pragma once

#define LINNET_USES_GRAPH_TRACE
#undef LINNET_COMPLETE
#if defined(LINNET_HEADER_ONLY) && !defined(LINNET_WITHIN)
#define LINNET_WITHIN
#define LINNET_FIRST_GRAPH_TRACE
#endif

#include <cstdint>
#include <functional>
#include <span>
#include <unordered_map>
#include <utility>
#include <vector>

#include "linnet/autograd/variable.hpp"
#include "linnet/backend/recorder.hpp"
#include "linnet/config.hpp"
#include "linnet/graph/graph.hpp"

namespace linnet::inline LINNET_ABI {

/// A recording in progress on one thread. Ops append nodes; Variables map to the value they hold
/// at this point of the program. Used by apply() and Variable, not by applications.
class LINNET_EXPORT Trace final : public Recorder {
 public:
  /// What a branch or a loop's body uses of the trace around it.
  struct Capture {
    Tensor outer;         ///< of the trace around
    ValueId value;        ///< what stands for it here
    Tensor inner;         ///< how ops in here (and tapes) know it; `outer` itself for a tensor
    Variable variable{};  ///< defined: `outer` is its value before the branch
  };
  /// A Variable that was assigned in here.
  struct Written {
    Variable variable;
    Tensor current;
  };

  /// `outer`: the trace in which this one is a branch or a body.
  LINNET_DECL explicit Trace(Trace* outer = nullptr);
  Trace(const Trace&) = delete;
  Trace& operator=(const Trace&) = delete;

  /// A new argument.
  LINNET_DECL Tensor add_input(const TensorSpec& spec);
  LINNET_DECL void record(PrimitiveRef primitive, std::span<const Tensor* const> in,
                          std::span<const TensorSpec> out, std::span<Tensor> results,
                          std::span<const Scalar> immediates) override;
  LINNET_DECL Tensor read(const Variable& v) override;
  LINNET_DECL void assign(const Variable& v, const Tensor& value) override;
  LINNET_DECL void created(const Variable& v) override;
  LINNET_DECL std::uint64_t next_ticket(const Variable& state,
                                        std::function<void(std::uint64_t count)> at_end) override;

  /// Ends the recording. CaptureError if an output is of another trace, or if a variable made in
  /// it is held by nobody else.
  LINNET_DECL Graph finish(std::span<const Tensor> outputs);
  std::uint64_t serial() const { return serial_; }

  // For branches and bodies: see graph/impl/subtrace.ipp.

  /// Applies the random numbers drawn so far to their states.
  LINNET_DECL void settle_tickets();
  const std::vector<Capture>& captures() const { return captures_; }
  LINNET_DECL std::vector<Written> written() const;
  /// What stands here for `x`, which may be of a trace around this one.
  LINNET_DECL ValueId value_of(const Tensor& x);
  LINNET_DECL ValueId add_value(Value value);
  LINNET_DECL Tensor tensor_of(ValueId value);
  /// True if tensors of the trace with that serial can be used in this one.
  LINNET_DECL bool sees(std::uint64_t serial) const override;
  /// From now on what `other` sees can be used here, too.
  LINNET_DECL void see_like(const Trace& other);
  /// Nodes and values so far; states, inputs and outputs are set by finish().
  const Graph& graph() const { return graph_; }
  /// Gives a recorded node another primitive, or one more output.
  LINNET_DECL void set_primitive(NodeId node, PrimitiveRef primitive);
  LINNET_DECL Tensor add_output(NodeId node, const TensorSpec& spec);

 private:
  struct Binding {
    Variable variable;
    ValueId initial = -1;
    Tensor current{};
    bool written = false;
  };
  struct Tickets {
    Variable state;
    std::uint64_t tensor_id = 0, count = 0;
    std::function<void(std::uint64_t)> at_end;
  };
  LINNET_DECL ValueId capture(const Tensor& x);
  LINNET_DECL Binding& binding(const Variable& v);
  LINNET_DECL void check_created();

  Graph graph_;
  std::uint64_t serial_;
  Trace* outer_;
  std::vector<std::uint64_t> visible_;  // serials of the traces around
  std::vector<Capture> captures_;
  std::unordered_map<std::uint64_t, ValueId> captured_;   // by tensor id
  std::unordered_map<std::uint64_t, ValueId> constants_;  // by tensor id
  std::unordered_map<std::uint64_t, std::size_t> bound_;  // variable id -> bindings_
  std::vector<Binding> bindings_;
  std::vector<Tickets> tickets_;
  std::vector<Variable> created_;
};

namespace detail {
/// Makes `trace` the one this thread records into, until the end of scope.
class TraceScope {
 public:
  LINNET_DECL explicit TraceScope(Recorder* trace);
  LINNET_DECL ~TraceScope();
  TraceScope(const TraceScope&) = delete;
  TraceScope& operator=(const TraceScope&) = delete;

 private:
  Recorder* former_;
};
}  // namespace detail

}  // namespace linnet::inline LINNET_ABI

#ifdef LINNET_FIRST_GRAPH_TRACE
#include "linnet/impl/src.hpp"
#endif
