#pragma once

#include <cstdint>

#include "linnet/backend/cpu/args/pool.hpp"
#include "linnet/backend/cpu/kernels/bfloat.hpp"
#include "linnet/backend/cpu/kernels/convert.hpp"
#include "linnet/backend/cpu/kernels/kernel_math.hpp"
#include "linnet/backend/cpu/kernels/micro_kernel.hpp"
#include "linnet/config.hpp"

/// Max and average pooling, vectorized over channels. Padding never counts. Images of S are
/// computed in T: their own type, or float for 16-bit floats.
namespace linnet::inline LINNET_ABI::LINNET_ISA {

template <class S>
struct PoolType {
  using type = S;
  static S load(S x) { return x; }
  static S store(S x) { return x; }
};
template <>
struct PoolType<BFloat> {
  using type = float;
  static float load(BFloat x) { return widen(x); }
  static BFloat store(float x) { return narrow_bfloat(x); }
};
template <>
struct PoolType<Half> {
  using type = float;
  static float load(Half x) { return widen(x); }
  static Half store(float x) { return narrow_half(x); }
};

/// The part of a window that lies in the image.
struct PoolWindow {
  std::int64_t h0, h1, w0, w1;
  std::int64_t first_h, first_w;  ///< of the whole window
  PoolWindow(const isa::Pool2DArgs& a, std::int64_t oh, std::int64_t ow) {
    first_h = h0 = oh * a.stride_h - a.pad_top, first_w = w0 = ow * a.stride_w - a.pad_left;
    h1 = h0 + a.window_h, w1 = w0 + a.window_w;
    if (h0 < 0) h0 = 0;
    if (w0 < 0) w0 = 0;
    if (h1 > a.height) h1 = a.height;
    if (w1 > a.width) w1 = a.width;
  }
  std::int64_t count() const { return (h1 - h0) * (w1 - w0); }
  /// The place in the window, row by row, of its first element in the image.
  int first_place(const isa::Pool2DArgs& a) const {
    return static_cast<int>((h0 - first_h) * a.window_w + w0 - first_w);
  }
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

/// The maxima of whole vectors of channels; returns how many channels these were.
template <class S>
inline std::int64_t max_pool_vectors(const isa::Pool2DArgs& a, const S* x, S* y,
                                     const PoolWindow& w, std::int64_t channels) {
  std::int64_t c = 0;
  if constexpr (loads_as_vector<S>) {
    using T = WidenedOf<S>;
    constexpr int step = vector_lanes<T>;
    for (; c + step <= channels; c += step) {
      Vector<T> best = Vector<T>{} - std::numeric_limits<T>::infinity();
      for (std::int64_t h = w.h0; h < w.h1; ++h)
        for (std::int64_t i = w.w0; i < w.w1; ++i) {
          const Vector<T> v = load_vector(x + (h * a.width + i) * a.channels + c);
          best = ((v > best) | (v != v)) ? v : best;
        }
      store_vector(y + c, best);
    }
  }
  return c;
}

template <class S>
inline void pool_pixel(const isa::Pool2DArgs& a, const S* x, S* y, const PoolWindow& w,
                       std::int64_t n) {
  using P = PoolType<S>;
  using T = typename P::type;
  const std::int64_t done = a.average ? 0 : max_pool_vectors(a, x, y, w, n);
  T best[64];
  for (std::int64_t c = done; c < n; ++c)
    best[c] = a.average ? T(0) : -std::numeric_limits<T>::infinity();
  for (std::int64_t h = w.h0; h < w.h1 && done < n; ++h)
    for (std::int64_t i = w.w0; i < w.w1; ++i) {
      const S* p = x + (h * a.width + i) * a.channels;
      if (a.average)
        for (std::int64_t c = 0; c < n; ++c) best[c] += P::load(p[c]);
      else
        for (std::int64_t c = done; c < n; ++c) {
          const T v = P::load(p[c]);
          best[c] = ((v > best[c]) | (v != v)) ? v : best[c];
        }
    }
  const T scale = a.average ? T(1) / static_cast<T>(w.count() > 0 ? w.count() : 1) : T(1);
  for (std::int64_t c = done; c < n; ++c) y[c] = P::store(best[c] * scale);
}

template <class S>
inline void pool_images(const isa::Pool2DArgs& a) {
  const S* x = static_cast<const S*>(a.x);
  S* y = static_cast<S*>(a.out);
  for_pool_windows(
      a, [&](std::int64_t c, std::int64_t n, const PoolWindow& w, std::int64_t image,
             std::int64_t pixel) { pool_pixel<S>(a, x + image + c, y + pixel + c, w, n); });
}

/// max_pool_pixel_backward for whole vectors of channels; returns how many channels these were.
template <class S, bool adds>
inline std::int64_t max_pool_vectors_backward(const isa::Pool2DArgs& a, const S* x, const S* y,
                                              const S* dy, S* dx, const PoolWindow& w,
                                              std::int64_t channels) {
  std::int64_t c = 0;
  if constexpr (is_float<S>) {
    using V = Vector<WidenedOf<S>>;
    constexpr int step = vector_lanes<WidenedOf<S>>;
    for (; c + step <= channels; c += step) {
      const V best = load_vector(y + c);
      V rest = load_vector(dy + c);
      for (std::int64_t h = w.h0; h < w.h1; ++h)
        for (std::int64_t i = w.w0; i < w.w1; ++i) {
          const std::int64_t at = (h * a.width + i) * a.channels + c;
          const V v = load_vector(x + at);
          const auto hit = (v == best) | ((v != v) & (best != best));
          const V part = hit ? rest : V{};
          store_vector(dx + at, adds ? load_vector(dx + at) + part : part);
          rest = hit ? V{} : rest;
        }
    }
  }
  return c;
}

/// The gradient of a maximum goes to its first place in the window. Where windows do not overlap
/// (`adds` is false) dx is written, else added to.
template <class S, bool adds>
inline void max_pool_pixel_backward(const isa::Pool2DArgs& a, const S* x, const S* y, const S* dy,
                                    S* dx, const PoolWindow& w, std::int64_t n) {
  using P = PoolType<S>;
  using T = typename P::type;
  const std::int64_t done = max_pool_vectors_backward<S, adds>(a, x, y, dy, dx, w, n);
  T rest[64], best[64];
  for (std::int64_t c = done; c < n; ++c) rest[c] = P::load(dy[c]), best[c] = P::load(y[c]);
  for (std::int64_t h = w.h0; h < w.h1 && done < n; ++h)
    for (std::int64_t i = w.w0; i < w.w1; ++i) {
      const std::int64_t at = (h * a.width + i) * a.channels;
      const S* p = x + at;
      S* d = dx + at;
      for (std::int64_t c = done; c < n; ++c) {
        const T v = P::load(p[c]);
        const bool hit = (v == best[c]) | ((v != v) & (best[c] != best[c]));
        const T part = hit ? rest[c] : T(0);
        d[c] = P::store(adds ? P::load(d[c]) + part : part);
        rest[c] = hit ? T(0) : rest[c];
      }
    }
}

template <class S>
inline void average_pool_pixel_backward(const isa::Pool2DArgs& a, const S* dy, S* dx,
                                        const PoolWindow& w, std::int64_t n) {
  using P = PoolType<S>;
  using T = typename P::type;
  const T scale = T(1) / static_cast<T>(w.count() > 0 ? w.count() : 1);
  for (std::int64_t h = w.h0; h < w.h1; ++h)
    for (std::int64_t i = w.w0; i < w.w1; ++i) {
      S* d = dx + (h * a.width + i) * a.channels;
      for (std::int64_t c = 0; c < n; ++c) d[c] = P::store(P::load(d[c]) + P::load(dy[c]) * scale);
    }
}

template <class S, bool adds>
inline void pool_images_backward(const isa::Pool2DArgs& a) {
  const S *x = static_cast<const S*>(a.x), *y = static_cast<const S*>(a.y),
          *dy = static_cast<const S*>(a.dy);
  S* dx = static_cast<S*>(a.out);
  for_pool_windows(a, [&](std::int64_t c, std::int64_t n, const PoolWindow& w, std::int64_t image,
                          std::int64_t pixel) {
    const std::int64_t at = image + c, o = pixel + c;
    if (a.average)
      average_pool_pixel_backward(a, dy + o, dx + at, w, n);
    else
      max_pool_pixel_backward<S, adds>(a, x + at, y + o, dy + o, dx + at, w, n);
  });
}

/// Calls f with a value of the type of the images.
template <class F>
inline void with_pool_type(std::uint8_t dtype, F&& f) {
  switch (dtype) {
    case 9:
      return f(Half{});
    case 10:
      return f(BFloat{});
    case 11:
      return f(float{});
    default:
      return f(double{});
  }
}

}  // namespace linnet::inline LINNET_ABI::LINNET_ISA
