#pragma once

#include <cstdint>
#include <limits>
#include <type_traits>

#include "linnet/backend/cpu/args/pool.hpp"
#include "linnet/backend/cpu/kernels/bfloat.hpp"
#include "linnet/backend/cpu/kernels/convert.hpp"
#include "linnet/backend/cpu/kernels/fold.hpp"
#include "linnet/backend/cpu/kernels/kernel_math.hpp"
#include "linnet/backend/cpu/kernels/micro_kernel.hpp"
#include "linnet/config.hpp"

/// Max and average pooling, vectorized over channels. Padding never counts. Images of S are
/// computed in T: their own type, or float for 16-bit floats.
namespace linnet::inline LINNET_ABI::LINNET_ISA {

/// Places beside T in a vector, or beside one T.
template <class T, bool vectorized>
struct PoolLane : LaneOf<T, vectorized> {
  using Index = std::conditional_t<sizeof(T) == 8, std::int64_t, std::int32_t>;
  typedef Index Places __attribute__((vector_size(vector_bytes)));
};
template <class T>
struct PoolLane<T, false> : LaneOf<T, false> {
  using Index = std::conditional_t<sizeof(T) == 8, std::int64_t, std::int32_t>;
  using Places = Index;
};

/// Places in memory, bytes or int32, as `lanes` lanes of L and back: of __builtin_convertvector GCC
/// 12 makes a move for each lane.
template <class L, int lanes, class P>
__attribute__((always_inline)) inline auto widen_places(const P* p) {
  typedef L Lanes __attribute__((vector_size(lanes * sizeof(L))));
  typedef P Packed __attribute__((vector_size(lanes * sizeof(P)), aligned(alignof(P)), may_alias));
#if defined(__AVX512BW__)
  if constexpr (sizeof(P) == 1 && sizeof(L) == 4)
    return (Lanes)_mm512_maskz_cvtepu8_epi32(0xFFFF, _mm_loadu_si128((const __m128i*)p));
  else if constexpr (sizeof(P) == 1 && sizeof(L) == 2)
    return (Lanes)_mm512_maskz_cvtepu8_epi16(~0u, _mm256_loadu_si256((const __m256i*)p));
  else
#elif defined(__AVX2__)
  if constexpr (sizeof(P) == 1 && sizeof(L) == 4)
    return (Lanes)_mm256_cvtepu8_epi32(_mm_loadl_epi64((const __m128i*)p));
  else if constexpr (sizeof(P) == 1 && sizeof(L) == 2)
    return (Lanes)_mm256_cvtepu8_epi16(_mm_loadu_si128((const __m128i*)p));
  else
#endif
    return __builtin_convertvector(*reinterpret_cast<const Packed*>(p), Lanes);
}
template <class L, int lanes, class P, class From>
__attribute__((always_inline)) inline void narrow_places(P* p, From x) {
  typedef P Packed __attribute__((vector_size(lanes * sizeof(P)), aligned(alignof(P)), may_alias));
#if defined(__AVX512F__)
  if constexpr (sizeof(P) == 1 && sizeof(L) == 4)
    return _mm_storeu_si128((__m128i*)p, _mm512_maskz_cvtepi32_epi8(0xFFFF, (__m512i)x));
#elif defined(__AVX2__)
  if constexpr (sizeof(P) == 1 && sizeof(L) == 4) {
    const __m128i pairs = _mm_packus_epi32(_mm256_castsi256_si128((__m256i)x),
                                           _mm256_extracti128_si256((__m256i)x, 1));
    return _mm_storel_epi64((__m128i*)p, _mm_packus_epi16(pairs, pairs));
  }
#endif
  *reinterpret_cast<Packed*>(p) = __builtin_convertvector(x, Packed);
}

/// Channels of S in T: `vectors` vectors of them, or one where that is 0.
template <class S, int vectors>
struct PoolLanes {
  using T = WidenedOf<S>;
  static constexpr int count = vectors > 0 ? vectors : 1;
  static constexpr int step = vectors > 0 ? vector_lanes<T> : 1;
  using Lane = PoolLane<T, (vectors > 0)>;
  using V = typename Lane::type;
  using Places = typename Lane::Places;
  __attribute__((always_inline)) static V load(const S* p) {
    if constexpr (vectors > 0 && loads_as_vector<S>) {
      return load_vector(p);
    } else if constexpr (vectors > 0) {
      T wide[step];
      widen_halfs(wide, p, step);
      return *reinterpret_cast<const V*>(wide);
    } else if constexpr (is_float<S>) {
      return *p;
    } else {
      return widen(*p);
    }
  }
  __attribute__((always_inline)) static void store(S* p, V x) {
    if constexpr (vectors > 0 && loads_as_vector<S>) {
      store_vector(p, x);
    } else if constexpr (vectors > 0) {
      T wide[step];
      *reinterpret_cast<V*>(wide) = x;
      narrow_halfs(p, wide, step);
    } else if constexpr (is_float<S>) {
      *p = x;
    } else if constexpr (std::is_same_v<S, BFloat>) {
      *p = narrow_bfloat(x);
    } else {
      *p = narrow_half(x);
    }
  }
  /// x is a number of S as it is.
  __attribute__((always_inline)) static void store_exact(S* p, V x) {
    if constexpr (vectors > 0 && std::is_same_v<S, BFloat>)
      *reinterpret_cast<BFloatBits*>(p) = __builtin_convertvector((FloatBits)x >> 16, BFloatBits);
    else
      store(p, x);
  }
  template <class P>
  __attribute__((always_inline)) static Places load_places(const P* p) {
    if constexpr (vectors > 0)
      return widen_places<typename Lane::Index, step>(p);
    else
      return static_cast<Places>(*p);
  }
  template <class P>
  __attribute__((always_inline)) static void store_places(P* p, Places x) {
    if constexpr (vectors > 0)
      narrow_places<typename Lane::Index, step>(p, x);
    else
      *p = static_cast<P>(x);
  }
};

/// Keeps x in its register: GCC 12 would read it from memory again at every use.
template <class T>
__attribute__((always_inline)) inline Vector<T> loaded_once(Vector<T> x) {
#if defined(__AVX512F__)
  __asm__("" : "+v"(x));
#elif defined(__x86_64__)
  __asm__("" : "+x"(x));
#endif
  return x;
}

/// Calls f(Rows<vectors>{}, c) so that all channels [c, c + width) are covered. The last vector may
/// cover channels that others have covered: f must not read what it writes.
template <class S, class F>
__attribute__((always_inline)) inline void for_channels(std::int64_t channels, F&& f) {
  constexpr std::int64_t lanes = vector_lanes<WidenedOf<S>>;
  std::int64_t c = 0;
  if (channels < lanes) {
    for (; c < channels; ++c) f(Rows<0>{}, c);
    return;
  }
  if constexpr (std::is_same_v<S, float> || std::is_same_v<S, BFloat>) {
    for (; c + 4 * lanes <= channels; c += 4 * lanes) f(Rows<4>{}, c);
    if (c + 2 * lanes <= channels) f(Rows<2>{}, c), c += 2 * lanes;
  }
  for (; c + lanes <= channels; c += lanes) f(Rows<1>{}, c);
  if (c < channels) f(Rows<1>{}, channels - lanes);
}

/// The part of a window that lies in the image, along one axis, and where in the window it begins.
struct PoolSpan {
  std::int64_t begin, count, skipped;
  PoolSpan(std::int64_t out, std::int64_t window, std::int64_t stride, std::int64_t pad,
           std::int64_t length) {
    const std::int64_t first = out * stride - pad;
    begin = first < 0 ? 0 : first;
    const std::int64_t end = first + window < length ? first + window : length;
    count = end - begin;
    skipped = begin - first;
  }
};

/// The elements of one window that lie in the image: rows x columns of them from x, and the place
/// in the window, row by row, of the first.
template <class S>
struct PoolWindow {
  const S* x;
  std::int64_t rows, columns, row_step, step;
  std::int64_t place, window_w;

  /// f(element) for all but the first `skipped` of them, and end() after each row.
  template <class F, class End>
  __attribute__((always_inline)) void each(std::int64_t c, std::int64_t skipped, F&& f,
                                           End&& end) const {
    const S* row = x + c;
    for (std::int64_t i = 0; i < rows; ++i, row += row_step, skipped = 0) {
      const S* p = row + skipped * step;
      for (std::int64_t j = skipped; j < columns; ++j, p += step) f(p);
      end();
    }
  }
};

/// Calls f(window, offset of the output pixel) for the output pixels of rows [begin, end); where a
/// window lies beside the image, beside(offset).
template <class S, class F, class Beside>
__attribute__((always_inline)) inline void for_windows(const isa::Pool2DArgs& a, F&& f,
                                                       Beside&& beside) {
  for (std::int64_t r = a.begin; r < a.end; ++r) {
    const std::int64_t n = r / a.out_height;
    const PoolSpan h(r % a.out_height, a.window_h, a.stride_h, a.pad_top, a.height);
    const S* row = static_cast<const S*>(a.x) + (n * a.height + h.begin) * a.width * a.channels;
    std::int64_t pixel = r * a.out_width * a.channels;
    for (std::int64_t ow = 0; ow < a.out_width; ++ow, pixel += a.channels) {
      const PoolSpan w(ow, a.window_w, a.stride_w, a.pad_left, a.width);
      if (h.count <= 0 || w.count <= 0)
        beside(pixel);
      else
        f(PoolWindow<S>{row + w.begin * a.channels, h.count, w.count, a.width * a.channels,
                        a.channels, h.skipped * a.window_w + w.skipped, a.window_w},
          pixel);
    }
  }
}

/// The maxima of a window and, unless P is void, where they are: the first maximum, the first NaN.
template <class S, class P, int vectors>
struct WindowMaximum {
  using L = PoolLanes<S, vectors>;
  using T = typename L::T;
  using V = typename L::V;
  using Places = typename L::Places;
  static constexpr bool with_places = !std::is_void_v<P>;

  V best[L::count];
  Places place[L::count], next;

  __attribute__((always_inline)) void start(const PoolWindow<S>& w, std::int64_t c) {
    next = Places{} + static_cast<typename L::Lane::Index>(w.place);
#pragma GCC unroll 4
    for (int j = 0; j < L::count; ++j) best[j] = L::load(w.x + c + j * L::step), place[j] = next;
    if constexpr (with_places) next = next + 1;
  }
  /// take(element) for all elements but the first, with their place in `next`.
  template <class F>
  __attribute__((always_inline)) void each(const PoolWindow<S>& w, std::int64_t c, F&& take) {
    const auto rest = static_cast<typename L::Lane::Index>(w.window_w - w.columns);
    w.each(
        c, 1,
        [&](const S* p) __attribute__((always_inline)) {
          take(p);
          if constexpr (with_places) next = next + 1;
        },
        [&]() __attribute__((always_inline)) {
          if constexpr (with_places) next = next + rest;
        });
  }
  /// Right unless there is a NaN, or infinities of both signs; returns whether there are: a sum of
  /// all elements, which is NaN then, costs less than a comparison of each.
  __attribute__((always_inline)) bool numbers(const PoolWindow<S>& w, std::int64_t c) {
    start(w, c);
    NanSeen<T> nan;
    V sum[L::count];
#pragma GCC unroll 4
    for (int j = 0; j < L::count; ++j) sum[j] = V{};
    each(
        w, c, [&](const S* p) __attribute__((always_inline)) {
          V x[L::count];
#pragma GCC unroll 4
          for (int j = 0; j < L::count; ++j) {
            x[j] = L::load(p + j * L::step);
            if constexpr (with_places) {
              x[j] = loaded_once<T>(x[j]);
              place[j] = x[j] > best[j] ? next : place[j];
            }
            best[j] = better_of<MaxFold, T>(x[j], best[j]);
          }
#pragma GCC unroll 4
          for (int j = 0; j < L::count; ++j) sum[j] += x[j];
        });
#pragma GCC unroll 4
    for (int j = 0; j < L::count; j += 2) nan.add(sum[j], sum[j + 1 < L::count ? j + 1 : j]);
    return nan.any();
  }
  __attribute__((always_inline)) void any(const PoolWindow<S>& w, std::int64_t c) {
    start(w, c);
    each(
        w, c, [&](const S* p) __attribute__((always_inline)) {
#pragma GCC unroll 4
          for (int j = 0; j < L::count; ++j) {
            const V x = L::load(p + j * L::step);
            // Nested choices become masked moves; `and` and `or` of masks would not.
            place[j] = x <= best[j] ? place[j] : best[j] != best[j] ? place[j] : next;
            best[j] = x <= best[j] ? best[j] : best[j] != best[j] ? best[j] : x;
          }
        });
  }
  __attribute__((always_inline)) void store(S* y, P* places) const {
#pragma GCC unroll 4
    for (int j = 0; j < L::count; ++j) {
      L::store_exact(y + j * L::step, best[j]);
      if constexpr (with_places) L::store_places(places + j * L::step, place[j]);
    }
  }
};

/// The maxima where there is a NaN: apart, because that is rare.
template <class S, class P, int vectors>
LINNET_NOINLINE inline void maximum_with_nan(PoolWindow<S> w, std::int64_t c, S* y, P* places) {
  WindowMaximum<S, P, vectors> m;
  m.any(w, c);
  m.store(y, places);
}

/// P: what places are kept in, or void.
template <class S, class P>
inline void max_pool_rows(const isa::Pool2DArgs& args) {
  const isa::Pool2DArgs a = args;  // what is stored does not change it
  S* y = static_cast<S*>(a.out);
  P* places = static_cast<P*>(a.places);
  constexpr bool with_places = !std::is_void_v<P>;
  for_windows<S>(
      a,
      [&](const PoolWindow<S>& w, std::int64_t pixel) __attribute__((always_inline)) {
        for_channels<S>(
            a.channels, [&]<int vectors>(Rows<vectors>, std::int64_t c)
                            __attribute__((always_inline)) {
                              WindowMaximum<S, P, vectors> m;
                              P* at = places;
                              if constexpr (with_places) at += pixel + c;
                              if constexpr (vectors > 0) {
                                if (m.numbers(w, c)) [[unlikely]]
                                  return maximum_with_nan<S, P, vectors>(w, c, y + pixel + c, at);
                              } else {
                                m.any(w, c);
                              }
                              m.store(y + pixel + c, at);
                            });
      },
      [&](std::int64_t pixel) {
        for (std::int64_t c = pixel; c < pixel + a.channels; ++c) {
          PoolLanes<S, 0>::store(y + c, -std::numeric_limits<WidenedOf<S>>::infinity());
          if constexpr (with_places) places[c] = 0;
        }
      });
}

template <class S>
inline void average_pool_rows(const isa::Pool2DArgs& args) {
  const isa::Pool2DArgs a = args;
  S* y = static_cast<S*>(a.out);
  for_windows<S>(
      a,
      [&](const PoolWindow<S>& w, std::int64_t pixel) __attribute__((always_inline)) {
        const auto scale = WidenedOf<S>(1) / static_cast<WidenedOf<S>>(w.rows * w.columns);
        for_channels<S>(
            a.channels, [&]<int vectors>(Rows<vectors>, std::int64_t c)
                            __attribute__((always_inline)) {
                              using L = PoolLanes<S, vectors>;
                              typename L::V sum[L::count];
#pragma GCC unroll 4
                              for (int j = 0; j < L::count; ++j) sum[j] = typename L::V{};
                              w.each(
                                  c, 0,
                                  [&](const S* p) __attribute__((always_inline)) {
#pragma GCC unroll 4
                                    for (int j = 0; j < L::count; ++j)
                                      sum[j] += L::load(p + j * L::step);
                                  },
                                  [] {});
#pragma GCC unroll 4
                              for (int j = 0; j < L::count; ++j)
                                L::store(y + pixel + c + j * L::step, sum[j] * scale);
                            });
      },
      [&](std::int64_t pixel) {
        for (std::int64_t c = pixel; c < pixel + a.channels; ++c) PoolLanes<S, 0>::store(y + c, 0);
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

inline void pool2d(const isa::Pool2DArgs& a) {
  with_pool_type(a.dtype, [&]<class S>(S) {
    if (a.average)
      average_pool_rows<S>(a);
    else if (!a.places)
      max_pool_rows<S, void>(a);
    else if (a.wide_places)
      max_pool_rows<S, std::int32_t>(a);
    else
      max_pool_rows<S, std::uint8_t>(a);
  });
}

}  // namespace linnet::inline LINNET_ABI::LINNET_ISA
