#pragma once

#include <algorithm>
#include <utility>

#include "linnet/core/error.hpp"
#include "linnet/ops/primitives/conv.hpp"

namespace linnet::inline LINNET_ABI::detail {

/// One axis of a sliding window: output extent and padding before and after.
struct WindowAxis {
  std::int64_t out = 0, before = 0, after = 0;
};

inline WindowAxis window_axis(const char* op, std::string_view padding, std::int64_t n,
                              std::int64_t window, std::int64_t stride, std::int64_t dilation) {
  const std::int64_t reach = (window - 1) * dilation + 1;
  WindowAxis axis;
  if (padding == "same") {
    axis.out = (n + stride - 1) / stride;
    const std::int64_t total = std::max<std::int64_t>((axis.out - 1) * stride + reach - n, 0);
    axis.before = total / 2;
    axis.after = total - axis.before;
  } else if (padding == "valid") {
    axis.out = n < reach ? 0 : (n - reach) / stride + 1;
  } else {
    fail<ValueError>(op, "padding: expected \"valid\" or \"same\", got \"", padding, "\"");
  }
  return axis;
}

inline void require_positive(const char* op, const char* what, Size2D s) {
  if (s.h < 1 || s.w < 1)
    fail<ValueError>(op, what, ": expected positive numbers, got ", s.h, " and ", s.w);
}

/// Output extents and padding of a window over [n, h, w, c].
inline std::pair<Size2D, Padding2D> window_geometry(const char* op, const Shape& x, Size2D window,
                                                    Size2D strides, Size2D dilations,
                                                    std::string_view padding) {
  if (x.rank() != 4) fail<ShapeError>(op, "expected [n, h, w, c], got shape ", x);
  require_positive(op, "window", window);
  require_positive(op, "strides", strides);
  require_positive(op, "dilations", dilations);
  const WindowAxis h = window_axis(op, padding, x[1], window.h, strides.h, dilations.h);
  const WindowAxis w = window_axis(op, padding, x[2], window.w, strides.w, dilations.w);
  if (h.out <= 0 || w.out <= 0)
    fail<ShapeError>(op, "a window of ", window.h, " x ", window.w,
                     " leaves no output for input shape ", x);
  return {{h.out, w.out}, {h.before, h.after, w.before, w.after}};
}

}  // namespace linnet::inline LINNET_ABI::detail
