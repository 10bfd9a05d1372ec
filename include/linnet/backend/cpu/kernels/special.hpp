#pragma once

#include <bit>
#include <cmath>
#include <cstdint>
#include <limits>

#include "linnet/backend/cpu/kernels/exponentials.hpp"
#include "linnet/config.hpp"

/// The error function and the gamma family.
namespace linnet::inline LINNET_ABI::LINNET_ISA {

/// erf a = 1 - e^(a p(a)) for a = |x|, whose logarithm of erfc is a p(a); 1 to the last bit from 4
/// on.
inline float k_erf(float x) {
  const float b = std::fabs(x), a = b > 4.f ? 4.f : b;
  float p = 9.2558863e-6f;
  p = p * a - 1.1763817e-4f;
  p = p * a + 6.3282709e-4f;
  p = p * a - 1.6670125e-3f;
  p = p * a + 1.6038463e-4f;
  p = p * a + 1.9153068e-2f;
  p = p * a - 1.0277783e-1f;
  p = p * a - 6.3661938e-1f;
  p = p * a + 5.4120918e-08f;  // p(0) in two parts
  return std::copysign(k_expm1(p * a - 1.12837923f * a), x);
}
inline double k_erf(double x) { return std::erf(x); }

/// The normal distribution's lower tail: half erfc(t / sqrt(2)) for t >= 0, as e^(-t^2/2) times a
/// polynomial in 3 / (3 + t), accurate to 2^-30 up to t = 15.
inline double k_normal_tail_wide(double t) {
  const double u = 3.0 / (3.0 + t);
  double p = 0.0185989729587403;
  p = p * u - 0.1154085782872936;
  p = p * u + 0.2892165137916817;
  p = p * u - 0.35311696566619705;
  p = p * u + 0.20093375550254433;
  p = p * u - 0.08541647221889952;
  p = p * u + 0.07719740246254193;
  p = p * u + 0.08319750664230009;
  p = p * u + 0.11888319259181289;
  p = p * u + 0.13293241319460586;
  p = p * u + 0.1329822594967312;
  return p * u * k_exp_wide(-0.5 * t * t);
}

inline float k_erfc(float x) {
  const double tail = k_normal_tail_wide(std::fabs(static_cast<double>(x)) * 1.4142135623730951);
  return static_cast<float>(x < 0.f ? 2.0 - 2.0 * tail : 2.0 * tail);
}
inline double k_erfc(double x) { return std::erfc(x); }

/// ln a for a normal a > 0, to about a unit in the last place: k ln 2 and atanh's series for
/// the mantissa, its first term exact.
inline double k_log_normal(double a) {
  const std::uint64_t bits = std::bit_cast<std::uint64_t>(a) + 0x00195F619980C433u;
  const double k = k_bits((bits >> 52) | 0x4330000000000000u) - (0x1p52 + 1024.0);
  const double f = k_bits((bits & 0x000FFFFFFFFFFFFFu) + 0x3FE6A09E667F3BCDu) - 1.0;
  const double s = f / (2.0 + f), z = s * s, half = 0.5 * f * f;
  double p = 0.066254426396229679;
  p = p * z + 0.066250848706832469;
  p = p * z + 0.076935441635966523;
  p = p * z + 0.090908878624087863;
  p = p * z + 0.11111111323000757;
  p = p * z + 0.14285714284545792;
  p = p * z + 0.20000000000003113;
  p = p * z + 0.33333333333333331;
  const double low = s * (half + 2.0 * z * p) + k * 1.9082149292705877e-10;
  return k * 0.6931471803691238 + (f - (half - low));
}

/// The C library's lgamma writes a global; this does not.
template <class T>
inline T k_lgamma_far(T x) {
  int sign = 0;
  return static_cast<T>(::lgamma_r(static_cast<double>(x), &sign));
}
/// Stirling's series from 8 on, to which recurrence leads. Far are numbers below 0, the ends, and
/// the neighbours of the zeros.
inline bool k_lgamma_is_far(float x) {
  const float from_one = std::fabs(x - 1.f), from_two = std::fabs(x - 2.f);
  const float from_zero = from_one < from_two ? from_one : from_two;
  return !((x > 0.f) & (x < std::numeric_limits<float>::infinity()) & (from_zero >= 0x1p-12f));
}
inline float k_lgamma(float x) {
  const auto wide = static_cast<double>(x);
  const bool big = wide >= 8.0;
  const double low = big ? 1.0 : wide, a = big ? wide : wide + 8.0;
  const double product = low * (low + 1.0) * ((low + 2.0) * (low + 3.0)) *
                         ((low + 4.0) * (low + 5.0) * ((low + 6.0) * (low + 7.0)));
  const double r = 1.0 / a, v = r * r, shift = k_log_normal(product);
  double p = 1.0 / 156;
  p = p * v - 691.0 / 360360;
  p = p * v + 1.0 / 1188;
  p = p * v - 1.0 / 1680;
  p = p * v + 1.0 / 1260;
  p = p * v - 1.0 / 360;
  p = p * v + 1.0 / 12;
  const double y = (a - 0.5) * k_log_normal(a) - a + 0.91893853320467274 + p * r;
  return static_cast<float>(big ? y : y - shift);
}
inline double k_lgamma(double x) { return k_lgamma_far(x); }

/// The logarithmic derivative of gamma: reflection to x > 0, recurrence up to 10, then the
/// asymptotic series. Like 1 / -x near 0; NaN at the other poles and at -infinity.
inline double k_digamma_wide(double x) {
  double y = 0, a = x;
  if (x <= 0) {
    const double whole = std::nearbyint(x), r = x - whole;
    if (x == 0) return -1 / x;
    if (!(r != 0)) return std::numeric_limits<double>::quiet_NaN();
    y = -3.141592653589793 / std::tan(3.141592653589793 * r);
    a = 1 - x;
  }
  for (; a < 10; a += 1) y -= 1 / a;
  const double v = 1 / (a * a);
  double p = 1.0 / 12;
  p = p * v - 691.0 / 32760;
  p = p * v + 1.0 / 132;
  p = p * v - 1.0 / 240;
  p = p * v + 1.0 / 252;
  p = p * v - 1.0 / 120;
  p = p * v + 1.0 / 12;
  return y + (std::log(a) - 0.5 / a - p * v);
}
template <class T>
inline T k_digamma_far(T x) {
  return static_cast<T>(k_digamma_wide(static_cast<double>(x)));
}
inline bool k_digamma_is_far(float x) {
  return !((x > 0.f) & (x < std::numeric_limits<float>::infinity()));
}
/// Eight steps of the recurrence, two in a division, and the series.
inline float k_digamma(float x) {
  const auto wide = static_cast<double>(x);
  const double a = wide + 8.0, r = 1.0 / a, v = r * r;
  double steps = 0;
#pragma GCC unroll 4
  for (int k = 0; k < 4; ++k) {
    const double b = wide + 2.0 * k;
    steps += (2.0 * b + 1.0) / (b * (b + 1.0));
  }
  double p = 1.0 / 12;
  p = p * v - 691.0 / 32760;
  p = p * v + 1.0 / 132;
  p = p * v - 1.0 / 240;
  p = p * v + 1.0 / 252;
  p = p * v - 1.0 / 120;
  p = p * v + 1.0 / 12;
  return static_cast<float>(k_log_normal(a) - 0.5 * r - p * v - steps);
}
inline double k_digamma(double x) { return k_digamma_far(x); }

/// The sum over k >= 0 of (a + k)^-s for a > 0 and s >= 2: terms up to a = 12 + s, then Euler and
/// Maclaurin.
inline double k_hurwitz_zeta(double s, double a) {
  double sum = 0;
  for (; a < 12 + s; a += 1) sum += std::pow(a, -s);
  const double p = std::pow(a, 1 - s);
  sum += p / (s - 1) + 0.5 * p / a;
  // Bernoulli numbers over factorials.
  constexpr double c[] = {1.0 / 12,       -1.0 / 720,       1.0 / 30240,
                          -1.0 / 1209600, 1.0 / 47900160.0, -691.0 / 1307674368000.0};
  double term = s * p / a / a;
  for (int j = 0; j < 6; ++j) {
    sum += c[j] * term;
    term *= (s + 2 * j + 1) * (s + 2 * j + 2) / (a * a);
  }
  return sum;
}
/// The n-th derivative of digamma, n >= 1. Below 1/2 the sum over all k of (x + k)^-s, which has
/// period 1, less the terms that zeta does not have.
inline double k_polygamma_wide(double x, double n) {
  const double s = n + 1, odd = std::fmod(s, 2), sign = odd != 0 ? -1 : 1;
  double z = 0;
  if (x >= 0.5) {
    z = x > std::numeric_limits<double>::max() ? 0 : k_hurwitz_zeta(s, x);
  } else {
    const double r = x == 0 ? x : x - std::nearbyint(x);
    if (r != r || (r == 0 && x != 0 && odd != 0)) return std::numeric_limits<double>::quiet_NaN();
    z = std::pow(r, -s) + k_hurwitz_zeta(s, 1 + r) +
        sign * (k_hurwitz_zeta(s, 1 - r) - k_hurwitz_zeta(s, 1 - x));
  }
  return sign * std::tgamma(s) * z;
}
template <class T>
inline T k_polygamma_far(T x, T n) {
  return static_cast<T>(k_polygamma_wide(static_cast<double>(x), static_cast<double>(n)));
}
inline bool k_polygamma_is_far(float x, float n) {
  return !((x > 0.f) & (x < std::numeric_limits<float>::infinity()) &
           ((n == 1.f) | (n == 2.f) | (n == 3.f)));
}
/// r^(n + 1) for n = 1, 2 and 3.
inline double k_polygamma_power(double r, double n) {
  const double square = r * r;
  return square * (n == 1.0 ? 1.0 : n == 2.0 ? r : square);
}
/// Eight terms of Hurwitz's zeta at s = n + 1, then Euler and Maclaurin; n is 1, 2 or 3.
inline float k_polygamma(float x, float order) {
  const auto wide = static_cast<double>(x), n = static_cast<double>(order), s = n + 1.0;
  double sum = 0;
#pragma GCC unroll 8
  for (int k = 0; k < 8; ++k) sum += k_polygamma_power(1.0 / (wide + k), n);
  const double a = wide + 8.0, r = 1.0 / a, v = r * r, p = a * k_polygamma_power(r, n);
  constexpr double c[] = {-1.0 / 720, 1.0 / 30240, -1.0 / 1209600, 1.0 / 47900160.0,
                          -691.0 / 1307674368000.0};
  double term = s * p * v, tail = term / 12.0;
#pragma GCC unroll 5
  for (int j = 0; j < 5; ++j) {
    term *= (s + (2 * j + 1)) * (s + (2 * j + 2)) * v;
    tail += c[j] * term;
  }
  const double zeta = sum + p / n + 0.5 * p * r + tail;
  return static_cast<float>(n == 1.0 ? zeta : n == 2.0 ? -2.0 * zeta : 6.0 * zeta);
}
inline double k_polygamma(double x, double n) { return k_polygamma_far(x, n); }

}  // namespace linnet::inline LINNET_ABI::LINNET_ISA
