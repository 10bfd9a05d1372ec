#pragma once

#include <bit>
#include <cmath>
#include <cstdint>
#include <limits>
#include <type_traits>

#include "linnet/config.hpp"

#ifndef LINNET_ISA
#define LINNET_ISA isa_native
#endif

/// Scalar helpers of the elementwise formulas: branch-free where it matters, so that loops over
/// them vectorize; integers wrap and never trap.
namespace linnet::inline LINNET_ABI::LINNET_ISA {

template <class T>
inline constexpr bool is_float = std::is_floating_point_v<T>;

template <class T>
struct WrapOf {
  using type = std::make_unsigned_t<T>;
};
template <>
struct WrapOf<float> {
  using type = float;
};
template <>
struct WrapOf<double> {
  using type = double;
};
/// The type in which +, -, * cannot overflow with undefined behaviour.
template <class T>
using Wrap = typename WrapOf<T>::type;

template <class T>
inline T k_add(T x, T y) {
  return T(Wrap<T>(x) + Wrap<T>(y));
}
template <class T>
inline T k_sub(T x, T y) {
  return T(Wrap<T>(x) - Wrap<T>(y));
}
template <class T>
inline T k_mul(T x, T y) {
  return T(Wrap<T>(x) * Wrap<T>(y));
}
template <class T>
inline T k_neg(T x) {
  if constexpr (is_float<T>)
    return -x;
  else
    return T(Wrap<T>(0) - Wrap<T>(x));
}
template <class T>
inline T k_abs(T x) {
  if constexpr (is_float<T>)
    return std::fabs(x);
  else
    return x < T(0) ? k_neg(x) : x;
}
/// NaN where x is NaN, else 0 (1 when multiplied by zero first): keeps NaN through comparisons.
template <class T>
inline T k_nan_of(T x) {
  if constexpr (is_float<T>)
    return x != x ? x : T(0);
  else
    return T(0);
}
template <class T>
inline T k_max(T x, T y) {
  return x > y || x != x ? x : y;
}
template <class T>
inline T k_min(T x, T y) {
  return x < y || x != x ? x : y;
}
template <class T>
inline T k_clip(T x, T low, T high) {
  const T y = x < low ? low : x;
  return y > high ? high : y;
}

/// Floor division and its remainder (the sign of the divisor); by zero: 0 for integers.
template <class T>
inline T k_floor_div(T x, T y) {
  if constexpr (is_float<T>) {
    return std::floor(x / y);
  } else if constexpr (std::is_signed_v<T>) {
    if (y == 0) return 0;
    if (y == -1) return k_neg(x);
    return T(x / y - T(x % y != 0 && (x < 0) != (y < 0)));
  } else {
    return y == 0 ? T(0) : T(x / y);
  }
}
template <class T>
inline T k_mod(T x, T y) {
  if constexpr (is_float<T>) {
    const T r = std::fmod(x, y);
    return r != 0 && (r < 0) != (y < 0) ? r + y : r;
  } else if constexpr (std::is_signed_v<T>) {
    if (y == 0 || y == -1) return 0;
    const T r = T(x % y);
    return r != 0 && (r < 0) != (y < 0) ? T(r + y) : r;
  } else {
    return y == 0 ? T(0) : T(x % y);
  }
}
/// Integers by squaring; a negative exponent gives 0 unless the base is 1 or -1.
template <class T>
inline T k_pow(T x, T y) {
  if constexpr (is_float<T>) {
    return std::pow(x, y);
  } else {
    if (y < T(0)) return x == T(1) ? T(1) : x == T(-1) ? (y % T(2) == T(0) ? T(1) : T(-1)) : T(0);
    T r = 1;
    for (Wrap<T> e = Wrap<T>(y); e; e >>= 1, x = k_mul(x, x))
      if (e & 1) r = k_mul(r, x);
    return r;
  }
}
template <class T>
inline T k_left_shift(T x, T y) {
  return y < T(0) || y >= T(8 * sizeof(T)) ? T(0) : T(Wrap<T>(x) << y);
}
template <class T>
inline T k_right_shift(T x, T y) {
  return y < T(0) || y >= T(8 * sizeof(T)) ? (x < T(0) ? T(-1) : T(0)) : T(x >> y);
}

inline float k_bits(std::uint32_t u) { return std::bit_cast<float>(u); }

/// e^x in float: range reduction by ln 2 in two parts, a polynomial of degree 6 (Cephes'
/// coefficients), and the power of two in two factors so that denormals and overflow come out
/// right. Error below 1.5 units in the last place.
inline float k_exp(float x) {
  const float low = x < -104.f ? -104.f : x, c = low > 89.f ? 89.f : low;
  const float shifted = c * 1.44269504088896341f + 12582912.f;
  const float n = shifted - 12582912.f;
  float r = c - n * 0.693359375f;
  r = r + n * 2.12194440e-4f;
  float p = 1.9875691500e-4f;
  p = p * r + 1.3981999507e-3f;
  p = p * r + 8.3334519073e-3f;
  p = p * r + 4.1665795894e-2f;
  p = p * r + 1.6666665459e-1f;
  p = p * r + 5.0000001201e-1f;
  const float y = p * r * r + r + 1.f;
  const auto i = static_cast<std::int32_t>(std::bit_cast<std::uint32_t>(shifted) - 0x4B400000u);
  const std::int32_t half = i >> 1;
  const float a = k_bits(static_cast<std::uint32_t>(half + 127) << 23);
  const float b = k_bits(static_cast<std::uint32_t>(i - half + 127) << 23);
  return y * a * b;
}
inline double k_exp(double x) { return std::exp(x); }

/// ln x in float: mantissa in [sqrt(1/2), sqrt(2)), a polynomial of degree 9 (Cephes'
/// coefficients). Error below 1.5 units in the last place.
inline float k_log(float x) {
  const bool tiny = x < 1.17549435e-38f;
  const float scaled = tiny ? x * 33554432.f : x;
  const std::uint32_t bits = std::bit_cast<std::uint32_t>(scaled) - 0x3F3504F3u;
  const auto k = static_cast<float>((static_cast<std::int32_t>(bits) >> 23) - (tiny ? 25 : 0));
  const float f = k_bits((bits & 0x007FFFFFu) + 0x3F3504F3u) - 1.f;
  const float z = f * f;
  float p = 7.0376836292e-2f;
  p = p * f - 1.1514610310e-1f;
  p = p * f + 1.1676998740e-1f;
  p = p * f - 1.2420140846e-1f;
  p = p * f + 1.4249322787e-1f;
  p = p * f - 1.6668057665e-1f;
  p = p * f + 2.0000714765e-1f;
  p = p * f - 2.4999993993e-1f;
  p = p * f + 3.3333331174e-1f;
  float y = f * z * p;
  y = y - k * 2.12194440e-4f;
  y = y - 0.5f * z;
  y = f + y + k * 0.693359375f;
  const float infinity = std::numeric_limits<float>::infinity();
  y = x == infinity || x != x ? x : y;
  y = x == 0.f ? -infinity : y;
  return x < 0.f ? std::numeric_limits<float>::quiet_NaN() : y;
}
inline double k_log(double x) { return std::log(x); }

/// tanh in float: a polynomial near 0, else 1 - 2 / (e^2|x| + 1).
inline float k_tanh(float x) {
  const float z = x * x, a = std::fabs(x);
  float p = -5.70498872745e-3f;
  p = p * z + 2.06390887954e-2f;
  p = p * z - 5.37397155531e-2f;
  p = p * z + 1.33314422036e-1f;
  p = p * z - 3.33332819422e-1f;
  const float near = p * z * x + x;
  const float far = 1.f - 2.f / (k_exp(2.f * a) + 1.f);
  return a < 0.625f || x != x ? near : x < 0.f ? -far : far;
}
inline double k_tanh(double x) { return std::tanh(x); }

template <class T>
inline T k_sigmoid(T x) {
  return T(1) / (T(1) + k_exp(-x));
}
/// x times sigmoid(x), 0 (not NaN) at -infinity.
template <class T>
inline T k_silu(T x) {
  return x / (T(1) + k_exp(-x));
}
/// ln(1 + e^x) = max(x, 0) + log1p(e^-|x|).
template <class T>
inline T k_softplus(T x) {
  return (x > T(0) || x != x ? x : T(0)) + std::log1p(k_exp(-k_abs(x)));
}
template <class T>
inline T k_gelu_tanh(T x) {
  return T(0.5) * x * (T(1) + k_tanh(T(0.79788456080286536) * (x + T(0.044715) * x * x * x)));
}
template <class T>
inline T k_selu(T x) {
  return T(1.0507009873554805) * (x > T(0) ? x : T(1.6732632423543773) * std::expm1(x));
}

}  // namespace linnet::inline LINNET_ABI::LINNET_ISA
