#pragma once

#include <cstdint>

#include "linnet/config.hpp"

namespace linnet::inline LINNET_ABI::isa {

/// Pooling of dense NHWC images [images, height, width, channels] of floats. Backward adds to dx,
/// which the caller has cleared, or, unless `adds`, writes what the windows cover. Images [begin,
/// end).
struct Pool2DArgs {
  const void *x, *y, *dy;
  void* out;             ///< y forward, dx backward
  std::uint8_t* places;  ///< null, or the place of each maximum in its window, row by row: written
                         ///< forward, read backward instead of x and y
  std::int64_t height, width, channels, out_height, out_width;
  std::int64_t window_h, window_w, stride_h, stride_w, pad_top, pad_left;
  std::int64_t begin, end;
  std::uint8_t dtype;  ///< number of a floating DType
  bool average, adds;
};

}  // namespace linnet::inline LINNET_ABI::isa
