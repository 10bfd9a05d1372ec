#pragma once

#include <cstdint>
#include <cstring>

#include "linnet/backend/cpu/args/pool.hpp"
#include "linnet/backend/cpu/kernels/pool.hpp"
#include "linnet/config.hpp"

/// Max pooling that keeps where in its window each maximum was, a byte each, and its gradient from
/// these. Places are those that max_pool_pixel_backward finds: the first maximum, the first NaN.
namespace linnet::inline LINNET_ABI::LINNET_ISA {

/// Lanes as wide as those of Vector<S>, and as many bytes.
template <class S>
struct PlacesOf {
  using Lane = std::conditional_t<sizeof(S) == 8, std::int64_t, std::int32_t>;
  typedef Lane Lanes __attribute__((vector_size(vector_bytes)));
  typedef std::uint8_t Bytes __attribute__((vector_size(vector_lanes<S>), aligned(1), may_alias));
};

/// f(element offset in the image, place in the window) for what of the window lies in the image;
/// `two`: it is known to be 2 x 2, whole.
template <bool two, class F>
__attribute__((always_inline)) inline void for_window(const isa::Pool2DArgs& a, const PoolWindow& w,
                                                      F&& f) {
  if constexpr (two) {
    const std::int64_t at = (w.h0 * a.width + w.w0) * a.channels, row = a.width * a.channels;
    f(at, 0), f(at + a.channels, 1), f(at + row, 2), f(at + row + a.channels, 3);
  } else {
    for (std::int64_t h = w.h0; h < w.h1; ++h)
      for (std::int64_t i = w.w0; i < w.w1; ++i)
        f((h * a.width + i) * a.channels,
          static_cast<int>((h - w.first_h) * a.window_w + i - w.first_w));
  }
}
inline bool is_whole_two(const isa::Pool2DArgs& a, const PoolWindow& w) {
  return a.window_h == 2 && a.window_w == 2 && w.count() == 4;
}

/// Whole vectors of channels; returns how many channels these were.
template <class S, bool two>
inline std::int64_t index_vectors(const isa::Pool2DArgs& a, const S* x, S* y, std::uint8_t* places,
                                  const PoolWindow& w, std::int64_t channels) {
  std::int64_t c = 0;
  if constexpr (loads_as_vector<S>) {
    using T = WidenedOf<S>;
    using V = Vector<T>;
    using Lanes = typename PlacesOf<T>::Lanes;
    const int first = w.first_place(a);
    for (; c + vector_lanes<T> <= channels; c += vector_lanes<T>) {
      V best = V{} - std::numeric_limits<T>::infinity();
      Lanes place = Lanes{} + first;
      for_window<two>(
          a, w, [&](std::int64_t at, int k) __attribute__((always_inline)) {
            const V v = load_vector(x + at + c);
            // Nested choices become masked moves; `and` and `or` of masks would not.
            place = v <= best ? place : best != best ? place : Lanes{} + k;
            best = v <= best ? best : best != best ? best : v;
          });
      store_vector(y + c, best);
      using Bytes = typename PlacesOf<T>::Bytes;
      *reinterpret_cast<Bytes*>(places + c) = __builtin_convertvector(place, Bytes);
    }
  }
  return c;
}

template <class S>
inline void index_pixel(const isa::Pool2DArgs& a, const S* x, S* y, std::uint8_t* places,
                        const PoolWindow& w, std::int64_t n) {
  using P = PoolType<S>;
  using T = typename P::type;
  const std::int64_t done = is_whole_two(a, w) ? index_vectors<S, true>(a, x, y, places, w, n)
                                               : index_vectors<S, false>(a, x, y, places, w, n);
  if (done == n) return;
  T best[64];
  const int first = w.first_place(a);
  for (std::int64_t c = done; c < n; ++c) {
    best[c] = -std::numeric_limits<T>::infinity();
    places[c] = static_cast<std::uint8_t>(first);
  }
  for_window<false>(a, w, [&](std::int64_t at, int k) {
    for (std::int64_t c = done; c < n; ++c) {
      const T v = P::load(x[at + c]);
      const bool nan = v != v;
      places[c] =
          ((v > best[c]) | (nan & (best[c] == best[c]))) ? static_cast<std::uint8_t>(k) : places[c];
      best[c] = ((v > best[c]) | nan) ? v : best[c];
    }
  });
  for (std::int64_t c = done; c < n; ++c) y[c] = P::store(best[c]);
}

template <class S>
inline void index_images(const isa::Pool2DArgs& a) {
  const S* x = static_cast<const S*>(a.x);
  S* y = static_cast<S*>(a.out);
  for_pool_windows(a, [&](std::int64_t c, std::int64_t n, const PoolWindow& w, std::int64_t image,
                          std::int64_t pixel) {
    index_pixel<S>(a, x + image + c, y + pixel + c, a.places + pixel + c, w, n);
  });
}

template <class S, bool adds, bool two>
inline std::int64_t scatter_vectors(const isa::Pool2DArgs& a, const std::uint8_t* places,
                                    const S* dy, S* dx, const PoolWindow& w,
                                    std::int64_t channels) {
  std::int64_t c = 0;
  if constexpr (loads_as_vector<S>) {
    using T = WidenedOf<S>;
    using V = Vector<T>;
    using Lanes = typename PlacesOf<T>::Lanes;
    for (; c + vector_lanes<T> <= channels; c += vector_lanes<T>) {
      using Bytes = typename PlacesOf<T>::Bytes;
      const Lanes place =
          __builtin_convertvector(*reinterpret_cast<const Bytes*>(places + c), Lanes);
      const V d = load_vector(dy + c);
      for_window<two>(
          a, w, [&](std::int64_t at, int k) __attribute__((always_inline)) {
            const V part = place == k ? d : V{};
            store_vector(dx + at + c, adds ? load_vector(dx + at + c) + part : part);
          });
    }
  }
  return c;
}

template <class S, bool adds>
inline void scatter_images(const isa::Pool2DArgs& a) {
  using P = PoolType<S>;
  using T = typename P::type;
  const S* dy = static_cast<const S*>(a.dy);
  S* dx = static_cast<S*>(a.out);
  for_pool_windows(a, [&](std::int64_t first, std::int64_t n, const PoolWindow& w,
                          std::int64_t image, std::int64_t pixel) {
    const S* from = dy + pixel + first;
    S* to = dx + image + first;
    const std::uint8_t* places = a.places + pixel + first;
    const std::int64_t done = is_whole_two(a, w)
                                  ? scatter_vectors<S, adds, true>(a, places, from, to, w, n)
                                  : scatter_vectors<S, adds, false>(a, places, from, to, w, n);
    if (done == n) return;
    for_window<false>(a, w, [&](std::int64_t at, int k) {
      for (std::int64_t c = done; c < n; ++c) {
        const T part = places[c] == k ? P::load(from[c]) : T(0);
        to[at + c] = P::store(adds ? P::load(to[at + c]) + part : part);
      }
    });
  });
}

inline void pool2d(const isa::Pool2DArgs& a) {
  with_pool_type(a.dtype, [&]<class S>(S) { a.places ? index_images<S>(a) : pool_images<S>(a); });
}
inline void pool2d_backward(const isa::Pool2DArgs& a) {
  with_pool_type(a.dtype, [&]<class S>(S) {
    if (a.places)
      a.adds ? scatter_images<S, true>(a) : scatter_images<S, false>(a);
    else
      a.adds ? pool_images_backward<S, true>(a) : pool_images_backward<S, false>(a);
  });
}

}  // namespace linnet::inline LINNET_ABI::LINNET_ISA
