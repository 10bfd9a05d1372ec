#pragma once

#include <cstdint>

#include "linnet/backend/cpu/args/pool.hpp"
#include "linnet/backend/cpu/kernels/kernel_math.hpp"
#include "linnet/config.hpp"

/// Max and average pooling, vectorized over channels. Padding never counts.
namespace linnet::inline LINNET_ABI::LINNET_ISA {

/// The part of a window that lies in the image.
struct PoolWindow {
  std::int64_t h0, h1, w0, w1;
  PoolWindow(const isa::Pool2DArgs& a, std::int64_t oh, std::int64_t ow) {
    h0 = oh * a.stride_h - a.pad_top, w0 = ow * a.stride_w - a.pad_left;
    h1 = h0 + a.window_h, w1 = w0 + a.window_w;
    if (h0 < 0) h0 = 0;
    if (w0 < 0) w0 = 0;
    if (h1 > a.height) h1 = a.height;
    if (w1 > a.width) w1 = a.width;
  }
  std::int64_t count() const { return (h1 - h0) * (w1 - w0); }
};

/// Calls f(first channel, channel count of at most 64, window, input offset of the image, output
/// offset of the pixel) for every output pixel.
template <class F>
inline void for_pool_windows(const isa::Pool2DArgs& a, F&& f) {
  for (std::int64_t n = a.begin; n < a.end; ++n)
    for (std::int64_t oh = 0; oh < a.out_height; ++oh)
      for (std::int64_t ow = 0; ow < a.out_width; ++ow) {
        const PoolWindow window(a, oh, ow);
        const std::int64_t image = n * a.height * a.width * a.channels;
        const std::int64_t pixel = ((n * a.out_height + oh) * a.out_width + ow) * a.channels;
        for (std::int64_t c = 0; c < a.channels; c += 64)
          f(c, a.channels - c < 64 ? a.channels - c : 64, window, image, pixel);
      }
}

template <class T, int fixed>
inline void pool_pixel(const isa::Pool2DArgs& a, const T* x, T* y, const PoolWindow& w,
                       std::int64_t channels) {
  const std::int64_t n = fixed ? fixed : channels;
  T best[64];
  for (std::int64_t c = 0; c < n; ++c)
    best[c] = a.average ? T(0) : -std::numeric_limits<T>::infinity();
  for (std::int64_t h = w.h0; h < w.h1; ++h)
    for (std::int64_t i = w.w0; i < w.w1; ++i) {
      const T* p = x + (h * a.width + i) * a.channels;
      if (a.average)
        for (std::int64_t c = 0; c < n; ++c) best[c] += p[c];
      else
        for (std::int64_t c = 0; c < n; ++c)
          best[c] = p[c] > best[c] || p[c] != p[c] ? p[c] : best[c];
    }
  const T scale = a.average ? T(1) / static_cast<T>(w.count() > 0 ? w.count() : 1) : T(1);
  for (std::int64_t c = 0; c < n; ++c) y[c] = best[c] * scale;
}

template <class T>
inline void pool_images(const isa::Pool2DArgs& a) {
  const T* x = static_cast<const T*>(a.x);
  T* y = static_cast<T*>(a.out);
  for_pool_windows(a, [&](std::int64_t c, std::int64_t n, const PoolWindow& w, std::int64_t image,
                          std::int64_t pixel) {
    if (n == 64)
      pool_pixel<T, 64>(a, x + image + c, y + pixel + c, w, n);
    else if (n == 32)
      pool_pixel<T, 32>(a, x + image + c, y + pixel + c, w, n);
    else
      pool_pixel<T, 0>(a, x + image + c, y + pixel + c, w, n);
  });
}

/// The gradient of a maximum goes to its first place in the window.
template <class T, int fixed>
inline void max_pool_pixel_backward(const isa::Pool2DArgs& a, const T* x, const T* y, const T* dy,
                                    T* dx, const PoolWindow& w, std::int64_t channels) {
  const std::int64_t n = fixed ? fixed : channels;
  T rest[64], best[64];
  for (std::int64_t c = 0; c < n; ++c) rest[c] = dy[c], best[c] = y[c];
  for (std::int64_t h = w.h0; h < w.h1; ++h)
    for (std::int64_t i = w.w0; i < w.w1; ++i) {
      const std::int64_t at = (h * a.width + i) * a.channels;
      const T* p = x + at;
      T* d = dx + at;
      for (std::int64_t c = 0; c < n; ++c) {
        const bool hit = (p[c] == best[c]) | ((p[c] != p[c]) & (best[c] != best[c]));
        d[c] += hit ? rest[c] : T(0);
        rest[c] = hit ? T(0) : rest[c];
      }
    }
}

template <class T>
inline void average_pool_pixel_backward(const isa::Pool2DArgs& a, const T* dy, T* dx,
                                        const PoolWindow& w, std::int64_t n) {
  const T scale = T(1) / static_cast<T>(w.count() > 0 ? w.count() : 1);
  for (std::int64_t h = w.h0; h < w.h1; ++h)
    for (std::int64_t i = w.w0; i < w.w1; ++i) {
      T* d = dx + (h * a.width + i) * a.channels;
      for (std::int64_t c = 0; c < n; ++c) d[c] += dy[c] * scale;
    }
}

template <class T>
inline void pool_images_backward(const isa::Pool2DArgs& a) {
  const T *x = static_cast<const T*>(a.x), *y = static_cast<const T*>(a.y),
          *dy = static_cast<const T*>(a.dy);
  T* dx = static_cast<T*>(a.out);
  for_pool_windows(a, [&](std::int64_t c, std::int64_t n, const PoolWindow& w, std::int64_t image,
                          std::int64_t pixel) {
    const std::int64_t at = image + c, o = pixel + c;
    if (a.average)
      average_pool_pixel_backward(a, dy + o, dx + at, w, n);
    else if (n == 64)
      max_pool_pixel_backward<T, 64>(a, x + at, y + o, dy + o, dx + at, w, n);
    else if (n == 32)
      max_pool_pixel_backward<T, 32>(a, x + at, y + o, dy + o, dx + at, w, n);
    else
      max_pool_pixel_backward<T, 0>(a, x + at, y + o, dy + o, dx + at, w, n);
  });
}

inline void pool2d(const isa::Pool2DArgs& a) {
  a.is_double ? pool_images<double>(a) : pool_images<float>(a);
}
inline void pool2d_backward(const isa::Pool2DArgs& a) {
  a.is_double ? pool_images_backward<double>(a) : pool_images_backward<float>(a);
}

}  // namespace linnet::inline LINNET_ABI::LINNET_ISA
