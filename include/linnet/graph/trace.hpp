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
  LINNET_DECL Trace();
  Trace(const Trace&) = delete;
  Trace& operator=(const Trace&) = delete;

  /// A new argument.
  LINNET_DECL Tensor add_input(const TensorSpec& spec);
  LINNET_DECL void record(PrimitiveRef primitive, std::span<const Tensor* const> in,
                          std::span<const TensorSpec> out, std::span<Tensor> results,
                          std::span<const Scalar> immediates) override;
  LINNET_DECL Tensor read(const Variable& v) override;
  LINNET_DECL void assign(const Variable& v, const Tensor& value) override;
  void created(const Variable& v) override { created_.push_back(v); }
  LINNET_DECL std::uint64_t next_ticket(const Variable& state,
                                        std::function<void(std::uint64_t count)> at_end) override;

  /// Ends the recording. CaptureError if an output is of another trace, or if a variable made in
  /// it is held by nobody else.
  LINNET_DECL Graph finish(std::span<const Tensor> outputs);
  std::uint64_t serial() const { return serial_; }

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
  LINNET_DECL ValueId value_of(const Tensor& x);
  LINNET_DECL ValueId add_value(Value value);
  LINNET_DECL Tensor tensor_of(ValueId value);
  LINNET_DECL Binding& binding(const Variable& v);
  LINNET_DECL void check_created();

  Graph graph_;
  std::uint64_t serial_;
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
