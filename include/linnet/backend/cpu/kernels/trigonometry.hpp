#pragma once

#include <bit>
#include <cmath>
#include <cstdint>

#include "linnet/backend/cpu/kernels/exponentials.hpp"
#include "linnet/config.hpp"

/// Sine, cosine and tangent: of double the C library's; of float without a branch, in double, up to
/// `k_trigonometric_limit`. Beyond it tiles.hpp computes an element by k_..._far.
namespace linnet::inline LINNET_ABI::LINNET_ISA {

inline constexpr float k_trigonometric_limit = 0x1p27f;

/// x = n pi/2 + r, |r| <= pi/4 (and a little). The multiple of pi/2's first 25 bits is exact.
struct QuarterTurns {
  double r;
  std::uint64_t n;  ///< modulo 4 (bits above are anything)
};
inline QuarterTurns k_quarter_turns(float x) {
  const auto wide = static_cast<double>(x);
  const double shifted = wide * 0.6366197723675814 + 0x1.8p52, n = shifted - 0x1.8p52;
  return {wide - n * 1.5707963109016418 - n * 1.5893254773528196e-08,
          std::bit_cast<std::uint64_t>(shifted)};
}
inline double k_sin_near(double r) {
  const double z = r * r;
  double p = 2.7182373110795478e-6;
  p = p * z - 0.000198393271416218581;
  p = p * z + 0.00833332936230173824;
  p = p * z - 0.166666666414267473;
  return r * (p * z + 1.0);
}
inline double k_cos_near(double r) {
  const double z = r * r;
  double p = 0.0000244631660440430278;
  p = p * z - 0.00138876494604204368;
  p = p * z + 0.0416666545797579785;
  p = p * z - 0.5;
  return p * z + 1.0;
}
/// sin(r + n pi/2)
inline float k_sin_of(double r, std::uint64_t n) {
  const double y = n & 1 ? k_cos_near(r) : k_sin_near(r);
  return static_cast<float>(k_bits(std::bit_cast<std::uint64_t>(y) ^ (n & 2) << 62));
}
inline float k_sin(float x) {
  const QuarterTurns q = k_quarter_turns(x);
  return k_sin_of(q.r, q.n);
}
inline float k_cos(float x) {
  const QuarterTurns q = k_quarter_turns(x);
  return k_sin_of(q.r, q.n + 1);
}
inline float k_tan(float x) {
  const QuarterTurns q = k_quarter_turns(x);
  const double s = k_sin_near(q.r), c = k_cos_near(q.r);
  return static_cast<float>((q.n & 1 ? -c : s) / (q.n & 1 ? s : c));
}
inline double k_sin(double x) { return std::sin(x); }
inline double k_cos(double x) { return std::cos(x); }
inline double k_tan(double x) { return std::tan(x); }

inline bool k_is_far(float x) { return std::fabs(x) > k_trigonometric_limit; }
template <class T>
inline T k_sin_far(T x) {
  return static_cast<T>(std::sin(static_cast<double>(x)));
}
template <class T>
inline T k_cos_far(T x) {
  return static_cast<T>(std::cos(static_cast<double>(x)));
}
template <class T>
inline T k_tan_far(T x) {
  return static_cast<T>(std::tan(static_cast<double>(x)));
}

}  // namespace linnet::inline LINNET_ABI::LINNET_ISA
