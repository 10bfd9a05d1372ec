#pragma once

#include <cstdint>

#include "linnet/backend/cpu/args/gemm.hpp"
#include "linnet/config.hpp"

namespace linnet::inline LINNET_ABI::isa {

/// A 3x3 convolution with stride 1 of dense NHWC images in float32 by Winograd's F(2x2, 3x3): 2x2
/// outputs cost 16 products instead of 36. Channels are multiples of 16.
struct WinogradArgs {
  const float *x, *bias, *dy;
  /// weights: the transformed kernel, [panels of columns][16][in][columns of a tile]. For the
  /// kernel's gradient it is written: the sums over the tiles of products with patches of dy.
  float *y, *weights;
  std::int64_t height, width, in_channels, out_channels, out_height, out_width;
  std::int64_t pad_top, pad_left;
  std::int64_t tiles_high, tiles_wide;  ///< of an image
  std::int64_t begin, end;              ///< tiles, counted through all images
  float* scratch;                       ///< winograd_scratch(in_channels) floats, 64-byte aligned
  Epilogue epilogue;
};

/// The kernel transformed for WinogradArgs; element (h, w, i, o) at
/// kernel[h * s_h + w * s_w + i * s_in + o * s_out]. Input channels [begin, end).
struct WinogradWeightsArgs {
  const float* kernel;
  float* weights;
  std::int64_t in_channels, out_channels;
  std::int64_t s_h, s_w, s_in, s_out;
  std::int64_t begin, end;
};

/// The kernel's gradient from those sums, which are added up: input channels [begin, end).
struct WinogradKernelArgs {
  const float* sums;  ///< [parts][winograd_weights]
  float* dkernel;     ///< [3, 3, in, out]
  std::int64_t parts, in_channels, out_channels, begin, end;
};

/// Tiles computed together.
inline constexpr std::int64_t winograd_tiles = 32;
constexpr std::int64_t winograd_scratch(std::int64_t in) { return 16 * winograd_tiles * (in + 32); }
constexpr std::int64_t winograd_weights_size(std::int64_t in, std::int64_t out) {
  return 16 * in * ((out + 31) / 32 * 32);
}

}  // namespace linnet::inline LINNET_ABI::isa
