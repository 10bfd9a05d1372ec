#pragma once

#include <cstddef>

#include "linnet/backend/cpu/isa.hpp"
#include "linnet/backend/cpu/widened.hpp"
#include "linnet/core/threads.hpp"
#include "linnet/ops/primitives/pool.hpp"
#ifdef LINNET_HEADER_ONLY
#include "linnet/backend/cpu/kernels/pool.hpp"
#include "linnet/backend/cpu/kernels/pool_gradient.hpp"
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
  a.wide_places = p.window.h * p.window.w > 256;
  return a;
}

/// v at the first maximum of each window of the images.
template <class T>
void gather_maxima(const isa::Pool2DArgs& a, std::int64_t images, const T* x, const T* y,
                   const T* v, T* out) {
  for (std::int64_t n = 0; n < images; ++n)
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

/// Rows of images that are worth a thread.
inline std::int64_t pool_grain(std::int64_t width, std::int64_t height, std::int64_t channels) {
  return 65536 / (height * width * channels + 1) + 1;
}
inline void run_pool(const isa::Pool2DArgs& args, std::int64_t images) {
  parallel_for(images * args.out_height, pool_grain(args.width, args.window_h, args.channels),
               [&](std::int64_t begin, std::int64_t end) {
                 isa::Pool2DArgs a = args;
                 a.begin = begin, a.end = end;
                 isa::pool2d(a);
               });
}
inline void run_pool_backward(const isa::Pool2DArgs& args, std::int64_t images) {
  parallel_for(images * args.height, pool_grain(args.width, 1, args.channels),
               [&](std::int64_t begin, std::int64_t end) {
                 isa::Pool2DArgs a = args;
                 a.begin = begin, a.end = end;
                 isa::pool2d_backward(a);
               });
}

/// With a second output, where the maxima were.
inline KernelPtr pool_kernel(const Call& call, const Pool2DAttributes& p) {
  const DType t = call.in[0].dtype;
  if (!is_floating(t)) return nullptr;
  const auto args = pool_args(p, call.in[0].shape, call.out[0].shape, t);
  return make_kernel(
      [args, images = call.in[0].shape[0]](const Run& run) {
        isa::Pool2DArgs a = args;
        a.x = run.in[0], a.out = run.out[0];
        a.places = run.out.size() > 1 ? run.out[1] : nullptr;
        run_pool(a, images);
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

/// Places of the maxima are found anew: workspace holds them, and maxima nobody asks for.
KernelPtr Pool2DBackward::cpu_kernel(const Call& call) {
  const DType t = call.in[0].dtype;
  if (!is_floating(t)) return nullptr;
  const auto& p = *call.primitive.get_if<Pool2DBackward>();
  const ValueSpec& dy = call.in[p.average ? 0 : 2];
  const auto args = detail::pool_args(p, call.out[0].shape, dy.shape, t);
  const std::int64_t of_places = dy.shape.size() * (args.wide_places ? 4 : 1);
  const std::int64_t of_maxima = dy.shape.size() * static_cast<std::int64_t>(itemsize(t));
  return make_kernel(
      [args, of_maxima, images = dy.shape[0]](const Run& run) {
        isa::Pool2DArgs a = args;
        if (!a.average) {
          a.x = run.in[0], a.out = run.workspace;
          a.places = static_cast<std::byte*>(run.workspace) + of_maxima;
          detail::run_pool(a, images);
        }
        a.dy = run.in[a.average ? 0 : 2], a.out = run.out[0];
        detail::run_pool_backward(a, images);
      },
      {.workspace_bytes = p.average ? 0 : static_cast<std::size_t>(of_maxima + of_places),
       .description = "pool2d"});
}

KernelPtr MaxPool2DScatter::cpu_kernel(const Call& call) {
  const DType t = call.in[1].dtype;
  if (!is_floating(t)) return nullptr;
  const auto args = detail::pool_args(*call.primitive.get_if<MaxPool2DScatter>(), call.out[0].shape,
                                      call.in[1].shape, t);
  return make_kernel(
      [args, images = call.out[0].shape[0]](const Run& run) {
        isa::Pool2DArgs a = args;
        a.places = const_cast<void*>(run.in[0]);
        a.dy = run.in[1], a.out = run.out[0];
        detail::run_pool_backward(a, images);
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
        if (t == DType::float64)
          detail::gather_maxima(args, images, run.input<double>(0), run.input<double>(1),
                                run.input<double>(2), run.output<double>());
        else
          detail::gather_maxima(args, images, run.input<float>(0), run.input<float>(1),
                                run.input<float>(2), run.output<float>());
      },
      {.description = "pool2d"});
}

}  // namespace linnet::inline LINNET_ABI
