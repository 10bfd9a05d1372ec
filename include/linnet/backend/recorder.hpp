#pragma once

#if defined(LINNET_HEADER_ONLY) && !defined(LINNET_WITHIN)
#define LINNET_WITHIN
#define LINNET_FIRST_BACKEND_RECORDER
#endif

#include <cstdint>
#include <functional>
#include <span>

#include "linnet/backend/primitive.hpp"
#include "linnet/config.hpp"
#include "linnet/core/tensor.hpp"

namespace linnet::inline LINNET_ABI {

class Variable;

/// What apply(), variables and generators tell a trace while this thread records one. Programs that
/// capture nothing need no more of it than this.
class LINNET_EXPORT Recorder {
 public:
  virtual void record(PrimitiveRef primitive, std::span<const Tensor* const> in,
                      std::span<const TensorSpec> out, std::span<Tensor> results,
                      std::span<const Scalar> immediates) = 0;
  /// The variable's value here; the same Tensor until it is assigned.
  virtual Tensor read(const Variable& v) = 0;
  virtual void assign(const Variable& v, const Tensor& value) = 0;
  /// A variable made while tracing must outlive the trace.
  virtual void created(const Variable& v) = 0;
  /// The number of earlier calls for this state since it was last assigned, for random numbers;
  /// `at_end` runs when the trace finishes, once per state.
  virtual std::uint64_t next_ticket(const Variable& state,
                                    std::function<void(std::uint64_t count)> at_end) = 0;
  /// True if tensors of the trace with that serial number can be used here.
  virtual bool sees(std::uint64_t serial) const = 0;

 protected:
  Recorder() = default;
  ~Recorder() = default;
};

}  // namespace linnet::inline LINNET_ABI

#ifdef LINNET_FIRST_BACKEND_RECORDER
#include "linnet/impl/src.hpp"
#endif
