#pragma once

#include <bit>
#include <limits>

#include "linnet/backend/cpu/impl/integers.ipp"
#include "linnet/backend/cpu/quantized_output.hpp"
#include "linnet/core/error.hpp"

namespace linnet::inline LINNET_ABI::detail {

isa::Quantized quantized_type(DType t) {
  if (t == DType::int8) return isa::Quantized::int8;
  return t == DType::uint8 ? isa::Quantized::uint8 : isa::Quantized::none;
}

// The status carries one number: the scale's bits below its index.
void check_scales(const Run& run, std::size_t operand, std::int64_t count) {
  const float* scale = run.input<float>(operand);
  for (std::int64_t i = 0; i < count; ++i)
    if (!(scale[i] > 0 && scale[i] <= std::numeric_limits<float>::max()))
      return run.status->record(run.node, static_cast<int>(operand),
                                i << 32 | std::bit_cast<std::uint32_t>(scale[i]));
}

void throw_scale_error(std::string_view op, std::string_view what, std::int64_t value) {
  const auto scale = std::bit_cast<float>(static_cast<std::uint32_t>(value & 0xFFFFFFFF));
  fail<ValueError>(op, what, ": expected a positive finite number, got ", scale, " at index ",
                   value >> 32);
}

QuantizedOutput::QuantizedOutput(const Call& call, bool bias, Activation activation)
    : op_(call.primitive.name()),
      columns_(call.in[3].shape[-1]),
      scale_per_column_(call.in[4].shape.rank() == 1),
      bias_(bias),
      activation_(activation),
      x_type_(quantized_type(call.in[0].dtype)),
      type_(quantized_type(call.out[0].dtype)) {}

isa::QuantizedFinishArgs QuantizedOutput::start(const Run& run, void* factors) const {
  check_scales(run, 1, 1);
  check_scales(run, 4, scale_per_column_ ? columns_ : 1);
  auto *scale = static_cast<double*>(factors), *bias = scale + columns_;
  const float x_scale = *run.input<float>(1), *weights_scale = run.input<float>(4);
  for (std::int64_t j = 0; j < columns_; ++j) {
    scale[j] = static_cast<double>(x_scale * weights_scale[scale_per_column_ ? j : 0]);
    bias[j] = bias_ ? static_cast<double>(run.input<float>(5)[j]) : 0.0;
  }
  isa::QuantizedFinishArgs args{};
  args.columns = args.sums_step = args.y_step = columns_;
  args.scale = scale, args.bias = bias;
  args.y = run.out[0];
  args.epilogue = static_cast<isa::Epilogue>(activation_);
  args.type = type_;
  if (type_ == isa::Quantized::none) return args;
  const std::size_t y_scale = bias_ ? 6 : 5;
  check_scales(run, y_scale, 1);
  args.y_scale = *run.input<float>(y_scale);
  const DType t = type_ == isa::Quantized::int8 ? DType::int8 : DType::uint8;
  args.y_zero_point = static_cast<float>(load_integer(run.in[y_scale + 1], t, 0));
  return args;
}

std::int32_t QuantizedOutput::zero_point(const Run& run) const {
  const DType t = x_type_ == isa::Quantized::int8 ? DType::int8 : DType::uint8;
  return static_cast<std::int32_t>(load_integer(run.in[2], t, 0));
}

void QuantizedOutput::throw_error(int code, std::int64_t value) const {
  const bool matrix = op_ == "quantized_matmul";
  throw_scale_error(op_,
                    code == 1   ? (matrix ? "a.scale" : "x.scale")
                    : code == 4 ? (matrix ? "b.scale" : "kernel.scale")
                                : "output_scale",
                    value);
}

}  // namespace linnet::inline LINNET_ABI::detail
