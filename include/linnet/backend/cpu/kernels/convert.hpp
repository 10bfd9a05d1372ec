#pragma once

#include <bit>
#include <cstdint>
#include <cstring>
#include <limits>

#include "linnet/backend/cpu/kernels/kernel_math.hpp"
#include "linnet/config.hpp"

#ifdef __F16C__
#include <immintrin.h>
#endif

/// Loads and stores of every dtype as a compute type, in two steps: a dtype is widened to the
/// compute type that holds it, and compute types convert into each other. Thirty loops instead of
/// one for each of the 13 x 5 pairs.
namespace linnet::inline LINNET_ABI::LINNET_ISA {

struct Half {
  std::uint16_t bits;
};
struct BFloat {
  std::uint16_t bits;
};

/// The compute types by their number (ComputeType), and what each dtype widens to without loss.
enum Wide : std::uint8_t { wide_f32, wide_f64, wide_i32, wide_i64, wide_u64 };
inline constexpr Wide wide_of[13] = {wide_i32, wide_i32, wide_i32, wide_i64, wide_u64,
                                     wide_i32, wide_i32, wide_i32, wide_i64, wide_f32,
                                     wide_f32, wide_f32, wide_f64};
inline constexpr std::uint8_t dtype_sizes[13] = {1, 1, 2, 4, 8, 1, 2, 4, 8, 2, 2, 4, 8};

template <class T>
inline constexpr Wide wide_index = std::is_same_v<T, float>          ? wide_f32
                                   : std::is_same_v<T, double>       ? wide_f64
                                   : std::is_same_v<T, std::int32_t> ? wide_i32
                                   : std::is_same_v<T, std::int64_t> ? wide_i64
                                                                     : wide_u64;
/// The dtype (its number) whose elements are T.
template <class T>
inline constexpr std::uint8_t dtype_of = std::is_same_v<T, float>          ? 11
                                         : std::is_same_v<T, double>       ? 12
                                         : std::is_same_v<T, std::int32_t> ? 7
                                         : std::is_same_v<T, std::int64_t> ? 8
                                                                           : 4;

inline constexpr std::uint8_t bfloat_dtype = 10;

/// dst[i] = f(src[i]), vectorized in blocks of 16.
template <class D, class S, class F>
inline void map_run(D* dst, const S* src, std::int64_t n, F f) {
  std::int64_t i = 0;
  for (; i + 16 <= n; i += 16)
    for (int j = 0; j < 16; ++j) dst[i + j] = f(src[i + j]);
  for (; i < n; ++i) dst[i] = f(src[i]);
}

inline float widen(BFloat x) { return k_bits(std::uint32_t{x.bits} << 16); }
/// Exact for every value: normals by re-biasing the exponent, denormals by a multiplication.
inline float widen(Half x) {
  const std::uint32_t sign = (x.bits & 0x8000u) << 16, rest = x.bits & 0x7FFFu;
  const float scaled = k_bits(rest << 13) * 0x1p112f;
  const std::uint32_t bits =
      rest >= 0x7C00u ? (rest << 13) + 0x70000000u : std::bit_cast<std::uint32_t>(scaled);
  return k_bits(bits | sign);
}
inline BFloat narrow_bfloat(float x) {
  const auto bits = std::bit_cast<std::uint32_t>(x);
  const std::uint32_t rounded = (bits + 0x7FFFu + ((bits >> 16) & 1u)) >> 16;
  return {static_cast<std::uint16_t>(x != x ? (bits >> 16) | 0x40u : rounded)};
}
inline Half narrow_half(float x) {
  const auto bits = std::bit_cast<std::uint32_t>(x);
  const std::uint32_t sign = (bits >> 16) & 0x8000u, magnitude = bits & 0x7FFFFFFFu;
  const std::uint32_t tiny = std::bit_cast<std::uint32_t>(k_bits(magnitude) + 0.5f) - 0x3F000000u;
  const std::uint32_t normal = (magnitude + 0xFFFu + ((magnitude >> 13) & 1u) - 0x38000000u) >> 13;
  std::uint32_t y = magnitude < 0x38800000u ? tiny : normal;
  y = magnitude >= 0x477FF000u ? 0x7C00u : y;
  y = magnitude > 0x7F800000u ? 0x7E00u : y;
  return {static_cast<std::uint16_t>(sign | y)};
}

/// A float as an integer: toward zero, saturating, NaN to 0.
template <class To, class From>
inline To to_integer(From x) {
  using Limits = std::numeric_limits<To>;
  const From low = static_cast<From>(Limits::min());
  // 2^bits is exact in every float type, the maximum itself is not.
  const From high = static_cast<From>(Limits::max() / 2 + 1) * From(2);
  if (!(x > low)) return x != x ? To(0) : Limits::min();
  if (x >= high) return Limits::max();
  return static_cast<To>(x);
}

inline void widen_halfs(float* dst, const Half* src, std::int64_t n) {
  std::int64_t i = 0;
#if defined(__F16C__) && defined(__AVX__)
  for (; i + 8 <= n; i += 8)
    _mm256_storeu_ps(dst + i,
                     _mm256_cvtph_ps(_mm_loadu_si128(reinterpret_cast<const __m128i*>(src + i))));
#endif
  map_run(dst + i, src + i, n - i, [](Half x) { return widen(x); });
}
inline void narrow_halfs(Half* dst, const float* src, std::int64_t n) {
  std::int64_t i = 0;
#if defined(__F16C__) && defined(__AVX__)
  for (; i + 8 <= n; i += 8)
    _mm_storeu_si128(reinterpret_cast<__m128i*>(dst + i),
                     _mm256_cvtps_ph(_mm256_loadu_ps(src + i), _MM_FROUND_TO_NEAREST_INT));
#endif
  map_run(dst + i, src + i, n - i, [](float x) { return narrow_half(x); });
}

template <class T, class S>
inline T convert_value(S x) {
  if constexpr (is_float<S> && !is_float<T>)
    return to_integer<T>(x);
  else
    return static_cast<T>(x);
}

template <class T, class S>
inline void convert_run(T* dst, const void* src, std::int64_t n) {
  map_run(dst, static_cast<const S*>(src), n, [](S x) { return convert_value<T>(x); });
}

/// n elements of a compute type as another.
template <class T>
LINNET_NOINLINE void convert_run(T* dst, const void* src, Wide from, std::int64_t n) {
  if (from == wide_index<T>) {
    if (dst != src) std::memcpy(dst, src, static_cast<std::size_t>(n) * sizeof(T));
    return;
  }
  switch (from) {
    case wide_f32:
      return convert_run<T, float>(dst, src, n);
    case wide_f64:
      return convert_run<T, double>(dst, src, n);
    case wide_i32:
      return convert_run<T, std::int32_t>(dst, src, n);
    case wide_i64:
      return convert_run<T, std::int64_t>(dst, src, n);
    default:
      return convert_run<T, std::uint64_t>(dst, src, n);
  }
}

template <class T, class S>
inline void widen_run(void* dst, const void* src, std::int64_t n) {
  map_run(static_cast<T*>(dst), static_cast<const S*>(src), n,
          [](S x) { return static_cast<T>(x); });
}

/// n elements of a dtype as wide_of[dtype], at dst or, if they need no change, where they are.
LINNET_NOINLINE inline const void* widen_run(void* dst, const void* src, std::uint8_t dtype,
                                             std::int64_t n) {
  switch (dtype) {
    case 0:
      map_run(static_cast<std::int32_t*>(dst), static_cast<const std::uint8_t*>(src), n,
              [](std::uint8_t x) { return static_cast<std::int32_t>(x != 0); });
      return dst;
    case 1:
      return widen_run<std::int32_t, std::uint8_t>(dst, src, n), dst;
    case 2:
      return widen_run<std::int32_t, std::uint16_t>(dst, src, n), dst;
    case 3:
      return widen_run<std::int64_t, std::uint32_t>(dst, src, n), dst;
    case 5:
      return widen_run<std::int32_t, std::int8_t>(dst, src, n), dst;
    case 6:
      return widen_run<std::int32_t, std::int16_t>(dst, src, n), dst;
    case 9:
      widen_halfs(static_cast<float*>(dst), static_cast<const Half*>(src), n);
      return dst;
    case 10:
      map_run(static_cast<float*>(dst), static_cast<const BFloat*>(src), n,
              [](BFloat x) { return widen(x); });
      return dst;
    default:
      return src;
  }
}

template <class D, class T>
inline void narrow_run(void* dst, const void* src, std::int64_t n) {
  map_run(static_cast<D*>(dst), static_cast<const T*>(src), n,
          [](T x) { return static_cast<D>(x); });
}

/// n elements of wide_of[dtype] as that dtype.
LINNET_NOINLINE inline void narrow_run(void* dst, const void* src, std::uint8_t dtype,
                                       std::int64_t n) {
  switch (dtype) {
    case 1:
      return narrow_run<std::uint8_t, std::int32_t>(dst, src, n);
    case 2:
      return narrow_run<std::uint16_t, std::int32_t>(dst, src, n);
    case 3:
      return narrow_run<std::uint32_t, std::int64_t>(dst, src, n);
    case 5:
      return narrow_run<std::int8_t, std::int32_t>(dst, src, n);
    case 6:
      return narrow_run<std::int16_t, std::int32_t>(dst, src, n);
    case 9:
      return narrow_halfs(static_cast<Half*>(dst), static_cast<const float*>(src), n);
    case 10:
      return map_run(static_cast<BFloat*>(dst), static_cast<const float*>(src), n,
                     [](float x) { return narrow_bfloat(x); });
    default:
      std::memcpy(dst, src, static_cast<std::size_t>(n) * dtype_sizes[dtype]);
  }
}

inline constexpr std::int64_t convert_block = 256;

/// n adjacent elements of a dtype as T.
template <class T>
LINNET_NOINLINE void load_dense(T* dst, const void* src, std::uint8_t dtype, std::int64_t n) {
  const Wide wide = wide_of[dtype];
  if (wide == wide_index<T>) {
    const void* at = widen_run(dst, src, dtype, n);
    return convert_run(dst, at, wide, n);
  }
  alignas(64) unsigned char buffer[convert_block * 8];
  const auto* from = static_cast<const unsigned char*>(src);
  for (std::int64_t i = 0; i < n; i += convert_block) {
    const std::int64_t m = n - i < convert_block ? n - i : convert_block;
    convert_run(dst + i, widen_run(buffer, from + i * dtype_sizes[dtype], dtype, m), wide, m);
  }
}

/// Limited to the range of a dtype with fewer values than T.
template <class T>
inline void clamp_run(T* x, std::uint8_t dtype, std::int64_t n) {
  const bool is_signed = dtype >= 5;
  const int bits = 8 * dtype_sizes[dtype] - is_signed;
  const T high = static_cast<T>((std::int64_t{1} << bits) - 1), low = is_signed ? -high - 1 : T(0);
  map_run(x, x, n, [=](T v) { return v < low ? low : v > high ? high : v; });
}

template <class T>
inline void store_wide(void* dst, std::uint8_t dtype, void* buffer, const T* src, std::int64_t n) {
  switch (wide_of[dtype]) {
    case wide_f32:
      convert_run(static_cast<float*>(buffer), src, wide_index<T>, n);
      break;
    case wide_f64:
      convert_run(static_cast<double*>(buffer), src, wide_index<T>, n);
      break;
    case wide_i32:
      convert_run(static_cast<std::int32_t*>(buffer), src, wide_index<T>, n);
      break;
    case wide_i64:
      convert_run(static_cast<std::int64_t*>(buffer), src, wide_index<T>, n);
      break;
    default:
      convert_run(static_cast<std::uint64_t*>(buffer), src, wide_index<T>, n);
  }
  if constexpr (is_float<T>) {  // saturates; integers keep their low bits
    if (dtype == 3)
      clamp_run(static_cast<std::int64_t*>(buffer), dtype, n);
    else if (wide_of[dtype] == wide_i32 && dtype != dtype_of<std::int32_t>)
      clamp_run(static_cast<std::int32_t*>(buffer), dtype, n);
  }
  narrow_run(dst, buffer, dtype, n);
}

/// n elements of T as adjacent elements of a dtype: floats saturate, NaN is 0 as an integer.
template <class T>
LINNET_NOINLINE void store_dense(void* dst, std::uint8_t dtype, const T* src, std::int64_t n) {
  if (dtype == dtype_of<T>)
    return static_cast<void>(std::memmove(dst, src, static_cast<std::size_t>(n) * sizeof(T)));
  if (dtype == 0)
    return map_run(static_cast<std::uint8_t*>(dst), src, n,
                   [](T x) { return static_cast<std::uint8_t>(x != T(0)); });
  const Wide wide = wide_of[dtype];
  if (wide == wide_index<T>) return narrow_run(dst, src, dtype, n);
  alignas(64) unsigned char buffer[convert_block * 8];
  auto* to = static_cast<unsigned char*>(dst);
  for (std::int64_t i = 0; i < n; i += convert_block) {
    const std::int64_t m = n - i < convert_block ? n - i : convert_block;
    store_wide(to + i * dtype_sizes[dtype], dtype, buffer, src + i, m);
  }
}

/// n items of T, `stride` apart.
template <class T>
inline void copy_strided(void* dst, const void* src, std::int64_t stride, std::int64_t n) {
  auto* to = static_cast<T*>(dst);
  const auto* from = static_cast<const T*>(src);
#pragma GCC unroll 4
  for (std::int64_t i = 0; i < n; ++i) to[i] = from[i * stride];
}
LINNET_NOINLINE inline void copy_strided(void* dst, const void* src, int item, std::int64_t stride,
                                         std::int64_t n) {
  switch (item) {
    case 1:
      return copy_strided<std::uint8_t>(dst, src, stride, n);
    case 2:
      return copy_strided<std::uint16_t>(dst, src, stride, n);
    case 4:
      return copy_strided<std::uint32_t>(dst, src, stride, n);
    default:
      return copy_strided<std::uint64_t>(dst, src, stride, n);
  }
}

template <class T>
inline void fill_run(T* dst, T value, std::int64_t n) {
  std::int64_t i = 0;
  for (; i + 16 <= n; i += 16)
    for (int j = 0; j < 16; ++j) dst[i + j] = value;
  for (; i < n; ++i) dst[i] = value;
}

/// n elements of a dtype, `stride` elements apart, as T.
template <class T>
inline void load_strided(T* dst, const void* src, std::uint8_t dtype, std::int64_t stride,
                         std::int64_t n) {
  if (stride == 0) {
    T value;
    if (dtype == dtype_of<T>)
      std::memcpy(&value, src, sizeof value);
    else
      load_dense(&value, src, dtype, 1);
    return fill_run(dst, value, n);
  }
  if (dtype == dtype_of<T>) {
    const auto* from = static_cast<const T*>(src);
    if (stride == 1)
      std::memcpy(dst, from, static_cast<std::size_t>(n) * sizeof(T));
    else
      for (std::int64_t i = 0; i < n; ++i) dst[i] = from[i * stride];
    return;
  }
  if (stride == 1) return load_dense(dst, src, dtype, n);
  alignas(64) unsigned char items[convert_block * 8];
  const int item = dtype_sizes[dtype];
  const auto* from = static_cast<const unsigned char*>(src);
  for (std::int64_t i = 0; i < n; i += convert_block) {
    const std::int64_t m = n - i < convert_block ? n - i : convert_block;
    copy_strided(items, from + i * stride * item, item, stride, m);
    load_dense(dst + i, items, dtype, m);
  }
}

}  // namespace linnet::inline LINNET_ABI::LINNET_ISA
