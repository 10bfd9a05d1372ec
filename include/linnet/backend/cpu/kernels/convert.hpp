#pragma once

#include <bit>
#include <cstdint>
#include <cstring>
#include <limits>

#include "linnet/backend/cpu/kernels/kernel_math.hpp"
#include "linnet/config.hpp"

/// Loads and stores of every dtype as a compute type.
namespace linnet::inline LINNET_ABI::LINNET_ISA {

struct Half {
  std::uint16_t bits;
};
struct BFloat {
  std::uint16_t bits;
};
struct Bool {
  std::uint8_t value;
};

/// Calls f with a value of the C++ type behind a DType (its underlying number).
template <class F>
inline void with_dtype(std::uint8_t dtype, F&& f) {
  switch (dtype) {
    case 0:
      return f(Bool{});
    case 1:
      return f(std::uint8_t{});
    case 2:
      return f(std::uint16_t{});
    case 3:
      return f(std::uint32_t{});
    case 4:
      return f(std::uint64_t{});
    case 5:
      return f(std::int8_t{});
    case 6:
      return f(std::int16_t{});
    case 7:
      return f(std::int32_t{});
    case 8:
      return f(std::int64_t{});
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

/// One element as the compute type T, and back.
template <class T, class S>
inline T load_as(S x) {
  if constexpr (std::is_same_v<S, Bool>)
    return static_cast<T>(x.value != 0);
  else if constexpr (std::is_same_v<S, Half> || std::is_same_v<S, BFloat>)
    return load_as<T>(widen(x));
  else if constexpr (is_float<S> && !is_float<T>)
    return to_integer<T>(x);
  else
    return static_cast<T>(x);
}
template <class S, class T>
inline S store_as(T x) {
  if constexpr (std::is_same_v<S, Bool>)
    return Bool{static_cast<std::uint8_t>(x != T(0))};
  else if constexpr (std::is_same_v<S, Half>)
    return narrow_half(static_cast<float>(x));
  else if constexpr (std::is_same_v<S, BFloat>)
    return narrow_bfloat(static_cast<float>(x));
  else if constexpr (is_float<T> && !is_float<S>)
    return to_integer<S>(x);
  else
    return static_cast<S>(x);
}

/// n elements at p, `stride` apart, to dst.
template <class T, class S>
inline void load_run(T* dst, const S* p, std::int64_t stride, std::int64_t n) {
  if (stride == 1) {
    if constexpr (std::is_same_v<T, S>) {
      std::memcpy(dst, p, static_cast<std::size_t>(n) * sizeof(T));
    } else {
      std::int64_t i = 0;
      for (; i + 16 <= n; i += 16)
        for (int j = 0; j < 16; ++j) dst[i + j] = load_as<T>(p[i + j]);
      for (; i < n; ++i) dst[i] = load_as<T>(p[i]);
    }
  } else if (stride == 0) {
    const T value = load_as<T>(*p);
    for (std::int64_t i = 0; i < n; ++i) dst[i] = value;
  } else {
    for (std::int64_t i = 0; i < n; ++i) dst[i] = load_as<T>(p[i * stride]);
  }
}

template <class T, class S>
inline void store_run(S* dst, const T* p, std::int64_t n) {
  if constexpr (std::is_same_v<T, S>) {
    std::memcpy(dst, p, static_cast<std::size_t>(n) * sizeof(T));
  } else {
    std::int64_t i = 0;
    for (; i + 16 <= n; i += 16)
      for (int j = 0; j < 16; ++j) dst[i + j] = store_as<S>(p[i + j]);
    for (; i < n; ++i) dst[i] = store_as<S>(p[i]);
  }
}

inline constexpr std::uint8_t dtype_sizes[13] = {1, 1, 2, 4, 8, 1, 2, 4, 8, 2, 2, 4, 8};

}  // namespace linnet::inline LINNET_ABI::LINNET_ISA
