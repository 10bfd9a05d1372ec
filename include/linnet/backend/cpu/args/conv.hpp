#pragma once

#include <cstdint>

#include "linnet/backend/cpu/args/gemm.hpp"
#include "linnet/config.hpp"

namespace linnet::inline LINNET_ABI::isa {

/// The kernel of one group rearranged into panels of as many output channels as a tile has columns;
/// element (h, w, i, o) at kernel[h * s_h + w * s_w + i * s_in + o * s_out]. Strides may be
/// negative.
struct Conv2DPackArgs {
  const void* kernel;
  void* packed;
  std::int64_t height, width, in_channels, out_channels;
  std::int64_t s_h, s_w, s_in, s_out;
  bool is_double;
};
/// Elements of a packed kernel, whatever the instruction set's tile.
constexpr std::int64_t packed_kernel_size(std::int64_t taps, std::int64_t in, std::int64_t out) {
  return taps * in * ((out + 31) / 32 * 32);
}

/// Cross-correlation over output rows [row_begin, row_end), counted through all images. x contains
/// its padding; strides are in elements.
struct Conv2DArgs {
  const void *x, *packed, *dy;
  void *y, *dkernel;  ///< dkernel: dense [kh, kw, in, out] of the group, added to
  const void* bias;
  std::int64_t x_pixel, x_row, x_image;
  std::int64_t out_height, out_width, y_pixel, y_row, y_image;
  std::int64_t in_channels, out_channels;
  std::int64_t kernel_height, kernel_width, stride_h, stride_w, dilation_h, dilation_w;
  std::int64_t dkernel_tap, dkernel_in;  ///< strides of dkernel
  std::int64_t row_begin, row_end;
  bool is_double;
  Epilogue epilogue;
  void* scratch;  ///< gemm_scratch_bytes
};

/// conv2d_bfloat_gradient: x, dy and their strides are of bfloat16, dkernel of float32, one image's
/// rows; out_channels a multiple of 16. Scratch holds pairs of 32 bits, of as many rows of the
/// output as leave room in the second cache.
struct BFloatPairs {
  std::int64_t width, x_row, y_row, rows, x_size;
  constexpr explicit BFloatPairs(const Conv2DArgs& a)
      : width((a.out_width - 1) * a.stride_w + (a.kernel_width - 1) * a.dilation_w + 1),
        x_row((width + a.kernel_width) * a.in_channels),
        y_row((a.out_width + 1) / 2 * a.out_channels),
        rows(131072 / (x_row * a.stride_h + y_row)) {
    rows = rows < 1 ? 1 : rows < a.out_height ? rows : a.out_height;
    const std::int64_t last = (rows - 1) * a.stride_h + (a.kernel_height - 1) * a.dilation_h;
    x_size = ((last + 1) * x_row + 15) / 16 * 16;
  }
  constexpr std::int64_t bytes() const { return 4 * (x_size + rows * y_row); }
};

}  // namespace linnet::inline LINNET_ABI::isa
