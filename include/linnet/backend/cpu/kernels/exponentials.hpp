#pragma once

#include <bit>
#include <cmath>
#include <cstdint>
#include <limits>

#include "linnet/backend/cpu/kernels/kernel_math.hpp"
#include "linnet/config.hpp"

/// Exponentials, logarithms and powers. Those of double are the C library's; those of float have no
/// branch, so that loops over them vectorize, and their errors, over all floats, are bounded in
/// tests/backend/unary_rows.hpp. Where a float result needs more than a float on the way, it is
/// computed in double (the functions named `wide`, accurate to about 2^-31).
namespace linnet::inline LINNET_ABI::LINNET_ISA {

/// e^x as mantissa * a * b: powers of two in two factors, so that denormals and overflow come out
/// right, rounded once.
struct ExpParts {
  float mantissa, a, b;
};
/// Two factors of 2^n from shifted = n + 254 + 1.5 2^23.
inline ExpParts k_two_factors(float mantissa, float shifted) {
  const auto bits = std::bit_cast<std::uint32_t>(shifted);
  const std::uint32_t half = bits >> 1;
  return {mantissa, k_bits(half << 23), k_bits((bits - half) << 23)};
}
/// e^r - 1 for |r| <= ln 2 / 2: a polynomial of degree 6 (Cephes' coefficients).
inline float k_expm1_near(float r) {
  float p = 1.9875691500e-4f;
  p = p * r + 1.3981999507e-3f;
  p = p * r + 8.3334519073e-3f;
  p = p * r + 4.1665795894e-2f;
  p = p * r + 1.6666665459e-1f;
  p = p * r + 5.0000001201e-1f;
  return p * r * r + r;
}
/// Range reduction by ln 2 in two parts; x is cut at 89 and, so that a thousandfold e^x still comes
/// out 0, at -150.
inline ExpParts k_exp_parts(float x) {
  const float low = x < -150.f ? -150.f : x, c = low > 89.f ? 89.f : low;
  const float shifted = c * 1.44269504088896341f + 12583166.f;
  const float n = shifted - 12583166.f;
  const float r = c - n * 0.693359375f;
  return k_two_factors(k_expm1_near(r + n * 2.12194440e-4f) + 1.f, shifted);
}
/// The same for x <= 0, cut at -125: 2^n is 2^(n + 64) in one piece and a constant.
struct ExpBelow {
  float less_one, a, b;  ///< mantissa - 1, unrounded
};
inline ExpBelow k_exp_reduced_below(float x) {
  const float c = x < -125.f ? -125.f : x;
  const float shifted = c * 1.44269504088896341f + 12583103.f;
  const float n = shifted - 12583103.f;
  const float r = c - n * 0.693359375f;
  return {k_expm1_near(r + n * 2.12194440e-4f), k_bits(std::bit_cast<std::uint32_t>(shifted) << 23),
          0x1p-64f};
}
inline ExpParts k_exp_parts_below(float x) {
  const ExpBelow e = k_exp_reduced_below(x);
  return {e.less_one + 1.f, e.a, e.b};
}
inline float k_exp(float x) {
  const ExpParts e = k_exp_parts(x);
  return e.mantissa * e.a * e.b;
}
inline double k_exp(double x) { return std::exp(x); }
/// e^x for x <= 0.
inline float k_exp_below(float x) {
  const ExpParts e = k_exp_parts_below(x);
  return e.mantissa * e.a * e.b;
}
inline double k_exp_below(double x) { return std::exp(x); }

/// 2^x, x cut to [-400, 400]; NaN stays NaN.
inline double k_exp2_wide(double x) {
  const double low = x < -400.0 ? -400.0 : x, c = low > 400.0 ? 400.0 : low;
  const double shifted = c + 0x1.8p52, r = c - (shifted - 0x1.8p52);
  double p = 1.3359739217819317e-05;
  p = p * r + 0.00015461483647017011;
  p = p * r + 0.001334196848377369;
  p = p * r + 0.009618056629500138;
  p = p * r + 0.05550400332292973;
  p = p * r + 0.2402265092213987;
  p = p * r + 0.6931471838368376;
  p = p * r + 1.0;
  return p * k_bits((std::bit_cast<std::uint64_t>(shifted) << 52) + 0x3FF0000000000000u);
}
inline double k_exp_wide(double x) { return k_exp2_wide(x * 1.4426950408889634); }

/// 2^r for |r| <= 1/2: a polynomial of degree 6.
inline float k_exp2_near(float r) {
  float p = 0.00015353362948930885f;
  p = p * r + 0.0013398874392726305f;
  p = p * r + 0.0096184373538788018f;
  p = p * r + 0.055503324711266282f;
  p = p * r + 0.24022647913655909f;
  p = p * r + 0.69314720285512976f;
  return p * r + 1.f;
}
inline float k_exp2(float x) {
  const float low = x < -160.f ? -160.f : x, c = low > 129.f ? 129.f : low;
  const float shifted = c + 12583166.f;
  const ExpParts e = k_two_factors(k_exp2_near(c - (shifted - 12583166.f)), shifted);
  return e.mantissa * e.a * e.b;
}
inline double k_exp2(double x) { return std::exp2(x); }
inline float k_cosh(float x) {
  const double e = k_exp_wide(static_cast<double>(x));
  return static_cast<float>(0.5 * (e + 1.0 / e));
}
inline double k_cosh(double x) { return std::cosh(x); }
/// A polynomial up to 1, beyond it half of e^a - e^-a.
inline float k_sinh(float x) {
  const double a = std::fabs(static_cast<double>(x)), z = a * a, e = k_exp_wide(a);
  double p = 2.8169512236767358e-06;
  p = p * z + 0.00019836159777714867;
  p = p * z + 0.0083333500581792095;
  p = p * z + 0.16666666497560664;
  const double y = a < 1.0 ? a + a * z * p : 0.5 * (e - 1.0 / e);
  return std::copysign(static_cast<float>(y), x);
}
inline double k_sinh(double x) { return std::sinh(x); }

/// e^x - 1 = 2^n (e^r - 1) + (2^n - 1), the powers of two in two factors.
inline float k_expm1(float x) {
  const float low = x < -30.f ? -30.f : x, c = low > 89.f ? 89.f : low;
  const float shifted = c * 1.44269504088896341f + 12583166.f;
  const float n = shifted - 12583166.f;
  float r = c - n * 0.693359375f;
  r = r + n * 2.12194440e-4f;
  float q = 1.9962318e-4f;
  q = q * r + 1.3943309e-3f;
  q = q * r + 8.3332197e-3f;
  q = q * r + 4.1666326e-2f;
  q = q * r + 1.6666667e-1f;
  q = q * r + 0.5f;
  const float p = r * r * q + r;
  const ExpParts e = k_two_factors(p, shifted);
  const float inverse = k_bits(0x7F000000u - std::bit_cast<std::uint32_t>(e.b));
  return std::copysign((e.a * p + (e.a - inverse)) * e.b, x);
}
inline double k_expm1(double x) { return std::expm1(x); }

/// A positive normal float as (1 + f) 2^k, 1 + f in [sqrt(1/2), sqrt(2)).
struct LogParts {
  float f, k;
};
inline LogParts k_log_parts(float x) {
  const std::uint32_t bits = std::bit_cast<std::uint32_t>(x) - 0x3F3504F3u;
  return {k_bits((bits & 0x007FFFFFu) + 0x3F3504F3u) - 1.f,
          static_cast<float>(static_cast<std::int32_t>(bits) >> 23)};
}
/// ln(1 + f) + k ln 2 + c: a polynomial of degree 9 (Cephes' coefficients); c is small.
inline float k_log_sum(float f, float k, float c) {
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
  y = y + (c - k * 2.12194440e-4f);
  y = y - 0.5f * z;
  return f + y + k * 0.693359375f;
}
/// The logarithm y of u where u is finite and positive, else what IEEE 754 asks for.
inline float k_log_ends(float u, float y) {
  const float infinity = std::numeric_limits<float>::infinity();
  y = u < infinity ? y : u;  // u where it is NaN
  y = u == 0.f ? -infinity : y;
  return u < 0.f ? std::numeric_limits<float>::quiet_NaN() : y;
}
inline float k_log(float x) {
  const bool tiny = x < 1.17549435e-38f;
  const LogParts l = k_log_parts(tiny ? x * 33554432.f : x);
  return k_log_ends(x, k_log_sum(l.f, l.k - (tiny ? 25.f : 0.f), 0.f));
}
inline double k_log(double x) { return std::log(x); }

/// ln(1 + x) = ln u + (what 1 + x lost in rounding to u) / u; no rounding where u needs no scaling.
inline float k_log1p(float x) {
  const float u = 1.f + x;
  const LogParts l = k_log_parts(u);
  const float lost = (x >= 1.f ? 1.f - (u - x) : x - (u - 1.f)) / u;
  const bool near = l.k == 0.f;
  return k_log_ends(u, std::copysign(k_log_sum(near ? x : l.f, l.k, near ? 0.f : lost), x));
}
inline double k_log1p(double x) { return std::log1p(x); }

/// log2 of |x|: mantissa m in [sqrt(1/2), sqrt(2)), the series of atanh in (m - 1) / (m + 1).
inline double k_log2_wide(float x) {
  const float a = std::fabs(x);
  const bool tiny = a < 1.17549435e-38f;
  const LogParts l = k_log_parts(tiny ? a * 33554432.f : a);
  const double f = static_cast<double>(l.f), s = f / (f + 2.0), z = s * s;
  double p = 0.340742556519710247;
  p = p * z + 0.411672001641146158;
  p = p * z + 0.577083597873182043;
  p = p * z + 0.961796673267536239;
  p = p * z + 2.88539008179015283;
  const float infinity = std::numeric_limits<float>::infinity();
  const float zero = a == 0.f ? -infinity : 0.f, end = a < infinity ? zero : a;
  return p * s + static_cast<double>(l.k - (tiny ? 25.f : 0.f)) + static_cast<double>(end);
}

inline float k_log2(float x) { return k_log_ends(x, static_cast<float>(k_log2_wide(x))); }
inline double k_log2(double x) { return std::log2(x); }
inline float k_log10(float x) {
  return k_log_ends(x, static_cast<float>(k_log2_wide(x) * 0.30102999566398120));
}
inline double k_log10(double x) { return std::log10(x); }

/// x^y with all special cases of IEEE 754's pow. From y = 2^40 on the result is 0, 1 or infinite,
/// and what y is modulo 2 is the last bit of |y| + 2^52.
inline float k_pow(float x, float y) {
  const float infinity = std::numeric_limits<float>::infinity();
  const float low = y < -0x1p40f ? -0x1p40f : y;
  const auto c = static_cast<double>(low > 0x1p40f ? 0x1p40f : low);
  const auto size = static_cast<float>(k_exp2_wide(c * k_log2_wide(x)));
  const double a = std::fabs(c), integer = a + 0x1p52;
  const bool whole = integer - 0x1p52 == a;
  const auto odd = static_cast<std::uint32_t>(std::bit_cast<std::uint64_t>(integer)) << 31;
  const std::uint32_t sign = std::bit_cast<std::uint32_t>(x) & (whole ? odd : 0u);
  const float r = k_bits(std::bit_cast<std::uint32_t>(size) | sign);
  const bool undefined = (x < 0.f) & (x > -infinity) & !whole;
  const float defined = undefined ? std::numeric_limits<float>::quiet_NaN() : r;
  return ((y == 0.f) | (x == 1.f)) ? 1.f : defined;
}
inline double k_pow(double x, double y) { return std::pow(x, y); }
template <class T>
inline T k_pow(T x, T y) {
  return k_pow_integers(x, y);
}

}  // namespace linnet::inline LINNET_ABI::LINNET_ISA
