#pragma once

#include <bit>
#include <cmath>
#include <cstdint>
#include <limits>

#include "linnet/backend/cpu/kernels/exponentials.hpp"
#include "linnet/config.hpp"

/// Inverse trigonometric and hyperbolic functions: of double the C library's; of float without a
/// branch, in double. Polynomials are minimax in the square of their argument, to 2^-33 or better.
namespace linnet::inline LINNET_ABI::LINNET_ISA {

/// atan t for |t| <= 1.
inline double k_atan_near(double t) {
  const double z = t * t;
  double p = -0.000697951724164988;
  p = p * z + 0.0049263256495733166;
  p = p * z - 0.016299374710923471;
  p = p * z + 0.034475770509128749;
  p = p * z - 0.054515877067954813;
  p = p * z + 0.072594332739032236;
  p = p * z - 0.089854374598896475;
  p = p * z + 0.11094503344232211;
  p = p * z - 0.14284167197626832;
  p = p * z + 0.19999927242380566;
  p = p * z - 0.33333332133768762;
  return t + t * z * p;
}
inline float k_atan(float x) {
  const double a = std::fabs(static_cast<double>(x));
  const bool steep = a > 1.0;
  const double y = k_atan_near((steep ? 1.0 : a) / (steep ? a : 1.0));
  return std::copysign(static_cast<float>(steep ? 1.5707963267948966 - y : y), x);
}
inline double k_atan(double x) { return std::atan(x); }

/// The angle of (x, y), y first: quarters of a turn plus or minus an angle up to 45 degrees, which
/// it is for equal lengths even if they are infinite. The sign of x counts also where x is 0.
inline float k_atan2(float y, float x) {
  const float a = std::fabs(y), b = std::fabs(x);
  const bool steep = a > b, equal = a == b, back = std::copysign(1.f, x) < 0.f;
  const float low = steep ? b : a, high = steep ? a : b, same = a == 0.f ? 0.f : 1.f;
  const auto t = k_atan_near(static_cast<double>(equal ? same : low) /
                             static_cast<double>(equal ? 1.f : high));
  const auto quarters = static_cast<double>(steep ? 1.f : back ? 2.f : 0.f);
  const auto side = static_cast<double>(steep != back ? -1.f : 1.f);
  const float angle = static_cast<float>(quarters * 1.5707963267948966 + side * t);
  return ((x != x) | (y != y)) ? x + y : std::copysign(angle, y);
}
inline double k_atan2(double y, double x) { return std::atan2(y, x); }

/// asin |x| where |x| <= 1/2; beyond it half of acos |x|, which is asin sqrt((1 - |x|) / 2).
struct AsinParts {
  double y;
  bool beyond;
};
inline AsinParts k_asin_parts(float x) {
  const double a = std::fabs(static_cast<double>(x));
  const bool beyond = a > 0.5;
  const double z = beyond ? 0.5 - 0.5 * a : a * a, root = std::sqrt(z), s = beyond ? root : a;
  double p = 0.034646291375136258;
  p = p * z + 0.0075095052145604723;
  p = p * z + 0.024604701324029334;
  p = p * z + 0.030112527155152773;
  p = p * z + 0.044659972015333782;
  p = p * z + 0.074999488981485785;
  p = p * z + 0.16666667180252981;
  return {s + s * z * p, beyond};
}
inline float k_asin(float x) {
  const AsinParts p = k_asin_parts(x);
  const double y = p.beyond ? 1.5707963267948966 - 2.0 * p.y : p.y;
  return std::copysign(static_cast<float>(y), x);
}
inline double k_asin(double x) { return std::asin(x); }
inline float k_acos(float x) {
  const AsinParts p = k_asin_parts(x);
  const double above = p.beyond ? 2.0 * p.y : 1.5707963267948966 - p.y;
  return static_cast<float>(x < 0.f ? 3.141592653589793 - above : above);
}
inline double k_acos(double x) { return std::acos(x); }

/// 2 atanh s for |s| <= 0.212, the logarithm of (1 + s) / (1 - s).
inline double k_log_ratio(double s) {
  const double z = s * s;
  double p = 0.10189377858218869;
  p = p * z + 0.11055616003031014;
  p = p * z + 0.14286971571595494;
  p = p * z + 0.19999987628286395;
  p = p * z + 0.33333333372775209;
  return 2.0 * (s + s * z * p);
}
/// ln(1 + w) for w >= 0, where 1 + w = m 2^k and w itself counts if k is 0; infinity as it is.
inline double k_log1p_wide(double w) {
  const std::uint64_t bits = std::bit_cast<std::uint64_t>(1.0 + w) - 0x3FE6A09E667F3BCDu;
  const double k = k_bits((bits >> 52) | 0x4330000000000000u) - 0x1p52;
  const double m = k_bits((bits & 0x000FFFFFFFFFFFFFu) + 0x3FE6A09E667F3BCDu) - 1.0;
  const double f = k == 0.0 ? w : m;
  const double y = k_log_ratio(f / (f + 2.0)) + k * 0.6931471805599453;
  return w < std::numeric_limits<double>::infinity() ? y : w;
}
/// ln(a + sqrt(a^2 + 1)), of 1 and what is added to it.
inline float k_asinh(float x) {
  const double a = std::fabs(static_cast<double>(x)), square = a * a;
  const double y = k_log1p_wide(a + square / (1.0 + std::sqrt(square + 1.0)));
  return std::copysign(static_cast<float>(x - x == 0.f ? y : a), x);
}
inline double k_asinh(double x) { return std::asinh(x); }
inline float k_acosh(float x) {
  const double d = static_cast<double>(x) - 1.0;
  const auto y = static_cast<float>(k_log1p_wide(d + std::sqrt(d * (d + 2.0))));
  return x < 1.f ? std::numeric_limits<float>::quiet_NaN() : y;
}
inline double k_acosh(double x) { return std::acosh(x); }

/// Half the logarithm of (1 + a) / (1 - a) = 2^k r, r within 2^0.6 of 1: one division for both.
inline float k_atanh(float x) {
  const float a = std::fabs(x), infinity = std::numeric_limits<float>::infinity();
  const auto wide = static_cast<double>(a);
  const std::int32_t apart =
      std::bit_cast<std::int32_t>(1.f + a) - std::bit_cast<std::int32_t>(1.f - a) + 0x00400000;
  const std::int32_t k = apart >> 23;
  const auto scale = static_cast<double>(k_bits(static_cast<std::uint32_t>(127 - k) << 23));
  // Of the two terms of 2^-k (1 + a) and 1 - a the equal ones cancel exactly where k is 0.
  const double difference = (scale - 1.0) + wide * (scale + 1.0);
  const double sum = (scale + 1.0) + wide * (scale - 1.0);
  const double y =
      0.5 * k_log_ratio(difference / sum) + 0.34657359027997264 * static_cast<double>(k);
  const float inside = a == 1.f ? infinity : static_cast<float>(y);
  return std::copysign(a > 1.f ? std::numeric_limits<float>::quiet_NaN() : inside, x);
}
inline double k_atanh(double x) { return std::atanh(x); }

}  // namespace linnet::inline LINNET_ABI::LINNET_ISA
