#pragma once

#include <algorithm>

#include "linnet/backend/cpu/impl/integers.ipp"
#include "linnet/backend/cpu/isa.hpp"
#include "linnet/backend/cpu/quantized_output.hpp"
#include "linnet/core/threads.hpp"
#include "linnet/ops/primitives/quantization.hpp"
#ifdef LINNET_HEADER_ONLY
#include "linnet/backend/cpu/kernels/quantization.hpp"
#endif

namespace linnet::inline LINNET_ABI {

namespace detail {

/// A tensor as lines that share one scale, or whose elements have one each (`step` 1).
struct ScaledLines {
  ScaledLines(const ValueSpec& x, const ValueSpec& scale, int axis) : dtype(x.dtype) {
    const std::int64_t size = x.shape.size();
    channels = scale.shape.size();
    if (scale.shape.rank() == 0 || size == 0) {
      lines = (size + most - 1) / most, length = most, last = size - (lines - 1) * most;
      return;
    }
    std::int64_t inner = 1;
    for (int a = axis + 1; a < x.shape.rank(); ++a) inner *= x.shape[a];
    step = inner == 1 ? 1 : 0;
    length = last = step ? channels : inner;
    lines = size / length;
  }
  static constexpr std::int64_t most = 16384;
  DType dtype;
  std::int64_t channels = 1, lines = 0, length = 0, last = 0, step = 0;
};

/// Runs f(first element, length, its scale's index) for lines on the team.
template <class F>
void for_scaled_lines(const ScaledLines& s, F f) {
  parallel_for(s.lines, 16384 / (s.length + 1) + 1, [&](std::int64_t begin, std::int64_t end) {
    for (std::int64_t i = begin; i < end; ++i)
      f(i * s.length, i + 1 == s.lines ? s.last : s.length,
        s.step || s.channels <= 1 ? 0 : i % s.channels);
  });
}

/// Quantize or Dequantize, which differ in what one line's kernel is.
template <class Line>
class ScaledKernel final : public Kernel {
 public:
  ScaledKernel(std::string_view op, const ScaledLines& lines, DType integers)
      : op_(op), lines_(lines), integers_(integers) {}
  KernelTraits traits() const override { return {.fallible = true}; }
  std::string description() const override { return std::string(op_); }
  std::size_t workspace_bytes() const override {
    return static_cast<std::size_t>(lines_.channels) * sizeof(float);
  }
  void run(const Run& run) const override {
    check_scales(run, 1, lines_.channels);
    auto* zero_points = static_cast<float*>(run.workspace);
    for (std::int64_t c = 0; c < lines_.channels; ++c)
      zero_points[c] = static_cast<float>(load_integer(run.in[2], integers_, c));
    for_scaled_lines(lines_, [&](std::int64_t first, std::int64_t length, std::int64_t c) {
      Line::run(run, first, length, run.input<float>(1) + c, zero_points + c, lines_.step,
                quantized_type(integers_));
    });
  }
  [[noreturn]] void throw_error(int, std::int64_t value) const override {
    throw_scale_error(op_, "scale", value);
  }

 private:
  std::string_view op_;
  ScaledLines lines_;
  DType integers_;
};

struct QuantizeLine {
  static void run(const Run& run, std::int64_t first, std::int64_t length, const float* scale,
                  const float* zero_point, std::int64_t step, isa::Quantized type) {
    isa::quantize({run.input<float>(0) + first, run.output<std::byte>() + first, scale, zero_point,
                   length, step, type});
  }
};
struct DequantizeLine {
  static void run(const Run& run, std::int64_t first, std::int64_t length, const float* scale,
                  const float* zero_point, std::int64_t step, isa::Quantized type) {
    const std::int64_t item = type == isa::Quantized::none ? 4 : 1;
    isa::dequantize({run.input<std::byte>(0) + first * item, run.output<float>() + first, scale,
                     zero_point, length, step, type});
  }
};

}  // namespace detail

KernelPtr Quantize::cpu_kernel(const Call& call) {
  const detail::ScaledLines lines(call.in[0], call.in[1], call.primitive.get_if<Quantize>()->axis);
  return detail::own_kernel(
      new detail::ScaledKernel<detail::QuantizeLine>(name, lines, call.out[0].dtype));
}

KernelPtr Dequantize::cpu_kernel(const Call& call) {
  const detail::ScaledLines lines(call.in[0], call.in[1],
                                  call.primitive.get_if<Dequantize>()->axis);
  return detail::own_kernel(
      new detail::ScaledKernel<detail::DequantizeLine>(name, lines, call.in[0].dtype));
}

}  // namespace linnet::inline LINNET_ABI
