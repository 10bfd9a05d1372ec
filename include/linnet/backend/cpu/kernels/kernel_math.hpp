#pragma once

#include <bit>
#include <cmath>
#include <cstdint>
#include <limits>
#include <type_traits>

#include "linnet/config.hpp"

/// Arithmetic of the elementwise formulas: branch-free where it matters, so that loops over it
/// vectorize; integers wrap and never trap. Functions of floats are in exponentials.hpp,
/// trigonometry.hpp, special.hpp and activations.hpp.
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
inline float k_bits(std::uint32_t u) { return std::bit_cast<float>(u); }
inline double k_bits(std::uint64_t u) { return std::bit_cast<double>(u); }
/// -|x| in one instruction.
inline float k_minus_abs(float x) { return k_bits(std::bit_cast<std::uint32_t>(x) | 0x80000000u); }
inline double k_minus_abs(double x) { return -std::fabs(x); }
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
  return ((x > y) | (x != x)) ? x : y;
}
template <class T>
inline T k_min(T x, T y) {
  return ((x < y) | (x != x)) ? x : y;
}
/// max(x, 0): NaN as it is, and no negative zero.
template <class T>
inline T k_relu(T x) {
  return (x < T(0) ? T(0) : x) + T(0);
}
template <class T>
inline T k_clip(T x, T low, T high) {
  const T y = ((x < low) | (low != low)) ? low : x;
  return ((y > high) | (high != high)) ? high : y;
}

/// The floor of the true quotient, however x / y rounds; `wide` is x / y or something nearer, and
/// `above` whether its floor is one too much. As in NumPy: x / y where y is 0; NaN where only x is
/// infinite; -1, not 0, where a quotient below 0 is too small for the type.
template <class T>
inline T k_floor_of_quotient(T x, T y, T wide, bool above) {
  const T whole = std::floor(wide), q = above ? whole - T(1) : whole;
  const T tiny = ((x != T(0)) & ((x < T(0)) != (y < T(0)))) ? T(-1) : wide;
  const bool undefined = (k_abs(x) == std::numeric_limits<T>::infinity()) & (y != T(0));
  return undefined ? x - x : wide == T(0) ? tiny : q;
}
inline double k_floor_div_floats(double x, double y) {
  const double wide = x / y, rest = std::fma(-std::floor(wide), y, x);
  return k_floor_of_quotient(x, y, wide, (rest != 0.0) & ((rest < 0.0) != (y < 0.0)));
}
/// Quotients of floats are exact enough in double.
inline float k_floor_div_floats(float x, float y) {
  const auto a = static_cast<double>(x), b = static_cast<double>(y);
  return static_cast<float>(k_floor_of_quotient(a, b, a / b, false));
}
/// Whether the quotient's whole part times the divisor might not be exact in double.
inline bool k_mod_is_far(float x, float y) {
  return !((std::fabs(static_cast<double>(x) / static_cast<double>(y)) < 0x1p29) &
           (std::fabs(y) < std::numeric_limits<float>::infinity()));
}
inline float k_mod_near(float x, float y) {
  const auto a = static_cast<double>(x), b = static_cast<double>(y);
  const double r = a - std::floor(a / b) * b;
  // A quotient that rounded up to a whole number.
  const bool wrong = (r != 0.0) & ((r < 0.0) != (b < 0.0));
  const double mended = wrong ? r + b : r;
  return std::copysign(static_cast<float>(mended), y);
}
/// Floor division and its remainder (the sign of the divisor); by zero: 0 for integers.
template <class T>
inline T k_floor_div(T x, T y) {
  if constexpr (is_float<T>) {
    return k_floor_div_floats(x, y);
  } else if constexpr (std::is_signed_v<T>) {
    if (y == 0) return 0;
    if (y == -1) return k_neg(x);
    return T(x / y - T(x % y != 0 && (x < 0) != (y < 0)));
  } else {
    return y == 0 ? T(0) : T(x / y);
  }
}
template <class T>
inline T k_mod_far(T x, T y) {
  const T r = std::fmod(x, y);
  return r == 0 ? std::copysign(r, y) : (r < 0) != (y < 0) ? r + y : r;
}
/// Of floats what is far is left to k_mod_far (see tiles.hpp).
template <class T>
inline T k_mod(T x, T y) {
  if constexpr (std::is_same_v<T, float>) {
    return k_mod_near(x, y);
  } else if constexpr (is_float<T>) {
    return k_mod_far(x, y);
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
inline T k_pow_integers(T x, T y) {
  if (y < T(0)) return x == T(1) ? T(1) : x == T(-1) ? (y % T(2) == T(0) ? T(1) : T(-1)) : T(0);
  T r = 1;
  for (Wrap<T> e = Wrap<T>(y); e; e >>= 1, x = k_mul(x, x))
    if (e & 1) r = k_mul(r, x);
  return r;
}
template <class T>
inline T k_left_shift(T x, T y) {
  return y < T(0) || y >= T(8 * sizeof(T)) ? T(0) : T(Wrap<T>(x) << y);
}
template <class T>
inline T k_right_shift(T x, T y) {
  return y < T(0) || y >= T(8 * sizeof(T)) ? (x < T(0) ? T(-1) : T(0)) : T(x >> y);
}

}  // namespace linnet::inline LINNET_ABI::LINNET_ISA
