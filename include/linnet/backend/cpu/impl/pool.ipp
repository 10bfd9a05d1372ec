#pragma once

#include <cstring>

#include "linnet/backend/cpu/isa.hpp"
#include "linnet/backend/cpu/widened.hpp"
#include "linnet/core/threads.hpp"
#include "linnet/ops/primitives/pool.hpp"
#ifdef LINNET_HEADER_ONLY
#include "linnet/backend/cpu/kernels/pool_indices.hpp"
#endif

namespace linnet::inline LINNET_ABI {

namespace detail {

inline isa::Pool2DArgs pool_args(const Pool2DAttributes& p, const Shape& x, const Shape& y,
                                 DType t) {
  isa::Pool2DArgs a{};
  a.height = x[1], a.width = x[2], a.channels = x[3];
  a.out_height = y[1], a.out_width = y[2];
  a.window_h = p.window.h, a.window_w = p.window.w;
  a.stride_h = p.strides.h, a.stride_w = p.strides.w;
  a.pad_top = p.padding.top, a.pad_left = p.padding.left;
  a.dtype = static_cast<std::uint8_t>(t);
  a.average = p.average;
  // Windows that neither overlap nor leave gaps within what they cover write each element once.
  a.adds = p.average || !(p.strides == p.window);
  return a;
}

/// v at the first maximum of each window.
template <class T>
void gather_maxima(const isa::Pool2DArgs& a, const T* v) {
  const T *x = static_cast<const T*>(a.x), *y = static_cast<const T*>(a.y);
  T* out = static_cast<T*>(a.out);
  for (std::int64_t n = a.begin; n < a.end; ++n)
    for (std::int64_t o = 0; o < a.out_height * a.out_width; ++o)
      for (std::int64_t c = 0; c < a.channels; ++c) {
        const std::int64_t h0 = o / a.out_width * a.stride_h - a.pad_top;
        const std::int64_t w0 = o % a.out_width * a.stride_w - a.pad_left;
        const std::int64_t at = (n * a.out_height * a.out_width + o) * a.channels + c;
        out[at] = 0;
        bool found = false;
        for (std::int64_t i = 0; i < a.window_h * a.window_w && !found; ++i) {
          const std::int64_t h = h0 + i / a.window_w, w = w0 + i % a.window_w;
          if (h < 0 || w < 0 || h >= a.height || w >= a.width) continue;
          const std::int64_t from = ((n * a.height + h) * a.width + w) * a.channels + c;
          found = x[from] == y[at] || (x[from] != x[from] && y[at] != y[at]);
          if (found) out[at] = v[from];
        }
      }
}

/// Elements of dx that no window covers are cleared; all of them where windows add.
inline void clear_uncovered(const isa::Pool2DArgs& a, std::byte* dx, std::int64_t item) {
  const std::int64_t pixel = a.channels * item, row = a.width * pixel, image = a.height * row;
  const std::int64_t top = a.adds ? a.height : 0;
  const std::int64_t rows = std::min(a.height, a.out_height * a.stride_h - a.pad_top);
  const std::int64_t columns = std::min(a.width, a.out_width * a.stride_w - a.pad_left);
  for (std::int64_t n = a.begin; n < a.end; ++n) {
    std::byte* p = dx + n * image;
    std::memset(p, 0, static_cast<std::size_t>(top * row));
    if (a.adds) continue;
    for (std::int64_t h = 0; h < rows && columns < a.width; ++h)
      std::memset(p + h * row + columns * pixel, 0,
                  static_cast<std::size_t>((a.width - columns) * pixel));
    std::memset(p + rows * row, 0, static_cast<std::size_t>((a.height - rows) * row));
  }
}

inline std::int64_t image_grain(const isa::Pool2DArgs& a) {
  return 65536 / (a.height * a.width * a.channels + 1) + 1;
}

/// With a second output, where the maxima were.
inline KernelPtr pool_kernel(const Call& call, const Pool2DAttributes& p) {
  const DType t = call.in[0].dtype;
  if (!is_floating(t)) return nullptr;
  const auto args = pool_args(p, call.in[0].shape, call.out[0].shape, t);
  const std::int64_t images = call.in[0].shape[0];
  return make_kernel(
      [args, images](const Run& run) {
        parallel_for(images, image_grain(args), [&](std::int64_t begin, std::int64_t end) {
          isa::Pool2DArgs a = args;
          a.x = run.in[0], a.out = run.out[0];
          a.places = run.out.size() > 1 ? run.output<std::uint8_t>(1) : nullptr;
          a.begin = begin, a.end = end;
          isa::pool2d(a);
        });
      },
      {.description = "pool2d"});
}

}  // namespace detail

KernelPtr Pool2D::cpu_kernel(const Call& call) {
  return detail::pool_kernel(call, *call.primitive.get_if<Pool2D>());
}

KernelPtr MaxPool2DPlaces::cpu_kernel(const Call& call) {
  return detail::pool_kernel(call, *call.primitive.get_if<MaxPool2DPlaces>());
}

KernelPtr Pool2DBackward::cpu_kernel(const Call& call) {
  const DType t = call.in[0].dtype;
  if (!is_floating(t)) return nullptr;
  const auto& p = *call.primitive.get_if<Pool2DBackward>();
  const Shape dx = call.out[0].shape;
  const Shape dy = call.in[p.average ? 0 : 2].shape;
  const auto args = detail::pool_args(p, dx, dy, t);
  const std::int64_t images = dx[0];
  const auto item = static_cast<std::int64_t>(itemsize(t));
  return make_kernel(
      [args, images, item](const Run& run) {
        detail::parallel_for(images, detail::image_grain(args),
                             [&](std::int64_t begin, std::int64_t end) {
                               isa::Pool2DArgs a = args;
                               if (a.average)
                                 a.dy = run.in[0];
                               else
                                 a.x = run.in[0], a.y = run.in[1], a.dy = run.in[2];
                               a.out = run.out[0];
                               a.begin = begin, a.end = end;
                               detail::clear_uncovered(a, run.output<std::byte>(), item);
                               isa::pool2d_backward(a);
                             });
      },
      {.description = "pool2d"});
}

KernelPtr MaxPool2DScatter::cpu_kernel(const Call& call) {
  const DType t = call.in[1].dtype;
  if (!is_floating(t)) return nullptr;
  const auto args = detail::pool_args(*call.primitive.get_if<MaxPool2DScatter>(), call.out[0].shape,
                                      call.in[1].shape, t);
  return make_kernel(
      [args, images = call.out[0].shape[0],
       item = static_cast<std::int64_t>(itemsize(t))](const Run& run) {
        detail::parallel_for(images, detail::image_grain(args),
                             [&](std::int64_t begin, std::int64_t end) {
                               isa::Pool2DArgs a = args;
                               a.places = const_cast<std::uint8_t*>(run.input<std::uint8_t>(0));
                               a.dy = run.in[1], a.out = run.out[0];
                               a.begin = begin, a.end = end;
                               detail::clear_uncovered(a, run.output<std::byte>(), item);
                               isa::pool2d_backward(a);
                             });
      },
      {.description = "pool2d"});
}

KernelPtr MaxPool2DGather::cpu_kernel(const Call& call) {
  const DType t = call.in[0].dtype;
  if (itemsize(t) == 2) return detail::widened_kernel(call);
  if (t != DType::float32 && t != DType::float64) return nullptr;
  const auto args = detail::pool_args(*call.primitive.get_if<MaxPool2DGather>(), call.in[0].shape,
                                      call.out[0].shape, t);
  const std::int64_t images = call.in[0].shape[0];
  return make_kernel(
      [args, images, t](const Run& run) {
        isa::Pool2DArgs a = args;
        a.x = run.in[0], a.y = run.in[1], a.out = run.out[0];
        a.begin = 0, a.end = images;
        if (t == DType::float64)
          detail::gather_maxima(a, run.input<double>(2));
        else
          detail::gather_maxima(a, run.input<float>(2));
      },
      {.description = "pool2d"});
}

}  // namespace linnet::inline LINNET_ABI
