#pragma once

#include <cstdint>

#include "linnet/backend/cpu/args/gemm.hpp"
#include "linnet/config.hpp"

namespace linnet::inline LINNET_ABI::isa {

/// The integers of a quantized value.
enum class Quantized : std::uint8_t { none, int8, uint8 };

/// y = saturate(round(x / scale) + zero_point) for `length` floats, ties to even; scale and zero
/// point of element i at i * step, step 0 or 1.
struct QuantizeArgs {
  const float* x;
  void* y;
  const float *scale, *zero_point;
  std::int64_t length, step;
  Quantized type;
};

/// y = (x - zero_point) * scale; of Quantized::none x is int32.
struct DequantizeArgs {
  const void* x;
  float* y;
  const float *scale, *zero_point;
  std::int64_t length, step;
  Quantized type;
};

/// Rows [row_begin, row_end) of images, counted through all of them, copied among values that stand
/// for 0, as the product's kernel reads them: bytes without a sign, or 16 bits less the zero point.
/// Extents are in elements; for a matrix each row is an image's.
struct QuantizedRowsArgs {
  const void* x;
  void* out;
  std::int64_t height, width;            ///< of the source
  std::int64_t top, left;                ///< where it lies in the copy
  std::int64_t full_height, full_width;  ///< of the copy
  std::int64_t row_begin, row_end;       ///< of the copy
  std::int32_t zero_point;
  Quantized type;
};

/// Weights [taps * run, columns], rows `step` apart, in panels: what a tile reads in its order. In
/// front are the sums of the columns where the product needs them.
struct QuantizedPackArgs {
  const std::int8_t* weights;
  void* packed;
  std::int64_t taps, run, columns, step;
  std::int64_t column_begin, column_end;  ///< what to pack; multiples of quantized_columns(1)
};
constexpr std::int64_t quantized_columns(std::int64_t columns) { return (columns + 31) / 32 * 32; }
/// Bytes of packed weights, whatever the instruction set.
constexpr std::int64_t quantized_packed_bytes(std::int64_t taps, std::int64_t run,
                                              std::int64_t columns) {
  return 4 * quantized_columns(columns) * (1 + taps * ((run + 1) / 2));
}
/// Bytes of `elements` copied by quantized_rows, and what a tile may read beyond them.
constexpr std::int64_t quantized_rows_bytes(std::int64_t elements) { return 2 * elements + 64; }

/// y = epilogue(sums * scale + bias), rounded once to float32, then quantized if `type` says so.
struct QuantizedFinishArgs {
  const std::int32_t* sums;
  std::int64_t rows, columns, sums_step;
  const double *scale, *bias;  ///< of each column
  void* y;
  std::int64_t y_step;
  Epilogue epilogue;
  Quantized type;
  float y_scale, y_zero_point;
};

/// Sums of products over `taps` runs of `run` elements, for output pixels [begin, end) counted
/// through all rows and images, finished as `finish` says (its rows and sums are not read). Columns
/// [column_begin, column_end), the first a multiple of quantized_columns(1).
struct QuantizedProductArgs {
  const void *x, *packed;
  const std::int64_t* tap_offsets;  ///< in elements
  std::int64_t taps, run;
  std::int64_t x_first;                  ///< the first element of x that counts
  std::int64_t x_pixel, x_row, x_image;  ///< from one output's input to the next
  std::int64_t out_width, out_height, begin, end, columns;
  std::int64_t column_begin, column_end;
  std::int32_t zero_point;
  Quantized x_type;
  QuantizedFinishArgs finish;
};

}  // namespace linnet::inline LINNET_ABI::isa
