#pragma once

#include <cstdint>
#include <limits>

#include "linnet/backend/cpu/args/quantization.hpp"
#include "linnet/backend/cpu/kernels/gemm.hpp"
#include "linnet/config.hpp"

/// Floats to 8-bit integers and back, and what follows the integer sums of a quantized product.
namespace linnet::inline LINNET_ABI::LINNET_ISA {

inline constexpr std::int64_t finish_block = 128;

/// The nearest integer, ties to even, for |x| < 2^22.
inline float k_round_even(float x) { return (x + 12582912.f) - 12582912.f; }

/// NaN, which no integer stands for, becomes the zero point, as 0 does.
template <class To>
inline To k_quantize(float x, float scale, float zero_point) {
  const float lowest = static_cast<float>(std::numeric_limits<To>::min()) - zero_point;
  const float highest = static_cast<float>(std::numeric_limits<To>::max()) - zero_point;
  float v = x / scale;
  v = v == v ? v : 0.f;
  v = v < lowest ? lowest : v;
  v = v > highest ? highest : v;
  return static_cast<To>(static_cast<std::int32_t>(k_round_even(v) + zero_point));
}

template <class To>
inline void quantize_line(const isa::QuantizeArgs& a) {
  const float *x = a.x, *scale = a.scale, *zero_point = a.zero_point;
  To* y = static_cast<To*>(a.y);
  if (a.step == 0) {
    const float s = *scale, z = *zero_point;
    for (std::int64_t i = 0; i < a.length; ++i) y[i] = k_quantize<To>(x[i], s, z);
  } else {
    for (std::int64_t i = 0; i < a.length; ++i)
      y[i] = k_quantize<To>(x[i], scale[i], zero_point[i]);
  }
}

inline void quantize(const isa::QuantizeArgs& a) {
  a.type == isa::Quantized::int8 ? quantize_line<std::int8_t>(a) : quantize_line<std::uint8_t>(a);
}

/// Wide holds the difference exactly.
template <class From, class Wide>
inline void dequantize_line(const isa::DequantizeArgs& a) {
  const From* x = static_cast<const From*>(a.x);
  for (std::int64_t i = 0; i < a.length; ++i) {
    const std::int64_t c = i * a.step;
    const Wide difference = static_cast<Wide>(x[i]) - static_cast<Wide>(a.zero_point[c]);
    a.y[i] = static_cast<float>(difference * static_cast<Wide>(a.scale[c]));
  }
}

inline void dequantize(const isa::DequantizeArgs& a) {
  if (a.type == isa::Quantized::int8)
    dequantize_line<std::int8_t, float>(a);
  else if (a.type == isa::Quantized::uint8)
    dequantize_line<std::uint8_t, float>(a);
  else
    dequantize_line<std::int32_t, double>(a);
}

/// One row of `n` sums (`fixed`, unless that is 0) as float32. In double each sum and its product
/// are exact up to 2^29 and a bias adds one rounding far below float32's, so that all instruction
/// sets give the same bits.
template <std::int64_t fixed>
__attribute__((always_inline)) inline void finish_sums(const isa::QuantizedFinishArgs& a,
                                                       const std::int32_t* sums, float* y,
                                                       std::int64_t n, std::int64_t first) {
  const double *scale = a.scale + first, *bias = a.bias + first;
  if (fixed > 0) n = fixed;
  for (std::int64_t j = 0; j < n; ++j)
    y[j] = static_cast<float>(static_cast<double>(sums[j]) * scale[j] + bias[j]);
  if (a.epilogue == isa::Epilogue::relu) {
    for (std::int64_t j = 0; j < n; ++j) y[j] = y[j] > 0.f ? y[j] : k_nan_of(y[j]);
  } else if (a.epilogue != isa::Epilogue::none) {
    finish_row<float>(y, nullptr, n, a.epilogue);
  }
}

/// Columns [first, first + n) of one row, whose sums those are; at most 128 of them.
template <std::int64_t fixed>
__attribute__((always_inline)) inline void finish_quantized_row(const isa::QuantizedFinishArgs& a,
                                                                const std::int32_t* sums,
                                                                std::int64_t row,
                                                                std::int64_t first,
                                                                std::int64_t n) {
  const std::int64_t at = row * a.y_step + first;
  if (a.type == isa::Quantized::none)
    return finish_sums<fixed>(a, sums, static_cast<float*>(a.y) + at, n, first);
  float y[finish_block];
  if (fixed > 0) n = fixed;
  finish_sums<fixed>(a, sums, y, n, first);
  const auto store = [&]<class To>(To* to) {
    for (std::int64_t j = 0; j < n; ++j) to[j] = k_quantize<To>(y[j], a.y_scale, a.y_zero_point);
  };
  if (a.type == isa::Quantized::int8)
    store(static_cast<std::int8_t*>(a.y) + at);
  else
    store(static_cast<std::uint8_t*>(a.y) + at);
}

inline void quantized_finish(const isa::QuantizedFinishArgs& a) {
  for (std::int64_t r = 0; r < a.rows; ++r)
    for (std::int64_t j = 0; j < a.columns; j += finish_block) {
      const std::int64_t left = a.columns - j;
      finish_quantized_row<0>(a, a.sums + r * a.sums_step + j, r, j,
                              left < finish_block ? left : finish_block);
    }
}

}  // namespace linnet::inline LINNET_ABI::LINNET_ISA
