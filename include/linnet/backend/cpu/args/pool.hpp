#pragma once

#include <cstdint>

#include "linnet/config.hpp"

namespace linnet::inline LINNET_ABI::isa {

/// Pooling of dense NHWC images [images, height, width, channels] of floats: rows [begin, end) of
/// all images' y forward, of dx backward.
struct Pool2DArgs {
  const void *x, *dy;
  void* out;     ///< y forward, dx backward
  void* places;  ///< null, or the place of each maximum in its window, row by row: written forward,
                 ///< read backward
  std::int64_t height, width, channels, out_height, out_width;
  std::int64_t window_h, window_w, stride_h, stride_w, pad_top, pad_left;
  std::int64_t begin, end;
  std::uint8_t dtype;  ///< number of a floating DType
  bool average;
  bool wide_places;  ///< int32 instead of uint8
};

}  // namespace linnet::inline LINNET_ABI::isa
