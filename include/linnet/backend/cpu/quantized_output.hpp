#pragma once

#define LINNET_USES_BACKEND_CPU_QUANTIZED_OUTPUT
#undef LINNET_COMPLETE
#if defined(LINNET_HEADER_ONLY) && !defined(LINNET_WITHIN)
#define LINNET_WITHIN
#define LINNET_FIRST_BACKEND_CPU_QUANTIZED_OUTPUT
#endif

#include <cstddef>
#include <cstdint>
#include <string_view>

#include "linnet/backend/cpu/args/quantization.hpp"
#include "linnet/backend/kernel.hpp"
#include "linnet/config.hpp"
#include "linnet/ops/primitives/activation.hpp"

namespace linnet::inline LINNET_ABI::detail {

LINNET_DECL isa::Quantized quantized_type(DType t);

/// Records in the run's status the first of `count` scales that is not positive and finite; those
/// of operand `operand`.
LINNET_DECL void check_scales(const Run& run, std::size_t operand, std::int64_t count);
/// Throws what check_scales() recorded: "[op] what: expected ..., got -1 at index 3".
[[noreturn]] LINNET_DECL void throw_scale_error(std::string_view op, std::string_view what,
                                                std::int64_t value);

/// What follows the integer sums of a quantized product, whichever backend made them: the operands
/// after x and the weights, and the factors they give.
class QuantizedOutput {
 public:
  LINNET_DECL QuantizedOutput(const Call& call, bool bias, Activation activation);
  /// Of the factors, which start() fills.
  std::size_t bytes() const { return static_cast<std::size_t>(2 * columns_ * 8 + 64); }
  LINNET_DECL isa::QuantizedFinishArgs start(const Run& run, void* factors) const;
  LINNET_DECL std::int32_t zero_point(const Run& run) const;
  isa::Quantized x_type() const { return x_type_; }
  std::int64_t item() const { return type_ == isa::Quantized::none ? 4 : 1; }
  [[noreturn]] LINNET_DECL void throw_error(int code, std::int64_t value) const;

 private:
  std::string_view op_;
  std::int64_t columns_;
  bool scale_per_column_, bias_;
  Activation activation_;
  isa::Quantized x_type_, type_;
};

}  // namespace linnet::inline LINNET_ABI::detail

#ifdef LINNET_FIRST_BACKEND_CPU_QUANTIZED_OUTPUT
#include "linnet/impl/src.hpp"
#endif
