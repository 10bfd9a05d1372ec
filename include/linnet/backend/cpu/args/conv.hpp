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

}  // namespace linnet::inline LINNET_ABI::isa
