#pragma once

#include <cstdint>

#include "linnet/backend/cpu/args/gemm.hpp"
#include "linnet/config.hpp"

namespace linnet::inline LINNET_ABI::isa {

/// An input and an output pixel of an image that one tap of the window joins.
struct TapPair {
  std::int32_t tap, input, output;
};

/// A convolution as a sum over such pairs, for images of few pixels: x [images, in_pixels, in], y
/// and dy [images, out_pixels, out], kernel [taps, in, out], all dense. Forward and in the gradient
/// of the kernel pairs are in the order of their taps, else in that of their input pixels.
struct Conv2DTapsArgs {
  const void *x, *kernel, *dy, *bias;
  void* out;      ///< y, dx or dkernel
  void* columns;  ///< backward: dy as [out_pixels, out, padded_images(images)]
  const TapPair* pairs;
  std::int64_t pair_count, taps;
  std::int64_t images, in_pixels, out_pixels, in_channels, out_channels;
  std::int64_t begin, end;  ///< blocks of channels: output ones, or input ones for dx
  void* scratch;            ///< taps_scratch_bytes, 64-byte aligned
  bool is_double;
  Epilogue epilogue;
};

/// Channels of a block: a multiple of every instruction set's tile.
inline constexpr std::int64_t taps_block = 32;
/// Images in the columns of the widest vectors.
constexpr std::int64_t padded_images(std::int64_t images) { return (images + 15) / 16 * 16; }
/// Input channels of a packed panel, and sums kept beside it.
inline constexpr std::int64_t taps_panel = 192, taps_sums = 512;
inline constexpr std::int64_t taps_scratch_bytes = (taps_panel + taps_sums) * 128;

}  // namespace linnet::inline LINNET_ABI::isa
