#pragma once

#include <bit>
#include <cmath>
#include <cstdint>

#include "linnet/backend/cpu/kernels/special.hpp"
#include "linnet/config.hpp"

/// Activations, without a NaN at an infinity and with a relative accuracy in their tails.
namespace linnet::inline LINNET_ABI::LINNET_ISA {

/// tanh in float: a polynomial near 0, else 1 - 2 / (e^2|x| + 1).
inline float k_tanh(float x) {
  const float z = x * x, a = std::fabs(x);
  float p = -5.70498872745e-3f;
  p = p * z + 2.06390887954e-2f;
  p = p * z - 5.37397155531e-2f;
  p = p * z + 1.33314422036e-1f;
  p = p * z - 3.33332819422e-1f;
  const float near = p * z * a + a;
  const float far = 1.f - 2.f / (k_exp(2.f * a) + 1.f);
  return std::copysign(((a < 0.625f) | (x != x)) ? near : far, x);
}
inline double k_tanh(double x) { return std::tanh(x); }

/// 1 / (1 + e^-x), of e^-|x| so that nothing overflows.
template <class T>
inline T k_sigmoid(T x) {
  const T e = k_exp_below(k_minus_abs(x));
  return (x < T(0) ? e : T(1)) / (T(1) + e);
}

/// x cut where a factor of e^x is 0, so that -infinity gives 0.
template <class T>
inline T k_cut_low(T x) {
  return x < T(-1000) ? T(-1000) : x;
}
/// x sigmoid(x)
inline float k_silu(float x) {
  const float c = x < -125.f ? -125.f : x;
  const ExpParts e = k_exp_parts_below(k_minus_abs(c));
  const float y = c / (1.f + e.mantissa * e.a * e.b);
  return x < 0.f ? y * e.mantissa * e.a * e.b : y;
}
inline double k_silu(double x) {
  const double c = k_cut_low(x), h = k_exp(-0.5 * k_abs(c)), y = c / (1.0 + h * h);
  return x < 0.0 ? y * h * h : y;
}
/// The derivative of silu, s + x s (1 - s), s = sigmoid(x); 1 less that of -x.
template <class T>
inline T k_silu_slope(T x) {
  const T b = k_abs(x), a = b > T(1000) ? T(1000) : b, e = k_exp_below(-a);
  const T large = T(1) / (T(1) + e), v = e * large * (T(1) - a * large);
  return x < T(0) ? v : T(1) - v;
}
/// x tanh(softplus(x)) = x e (e + 2) / (e (e + 2) + 2), where e = e^x; x from 40 on.
inline float k_mish(float x) {
  const float c = k_cut_low(x);
  const ExpParts p = k_exp_parts(c > 40.f ? 40.f : c);
  const float e = p.mantissa * p.a * p.b, y = c * ((e + 2.f) / (e * (e + 2.f) + 2.f));
  return y * p.mantissa * p.a * p.b;
}
inline double k_mish(double x) {
  const double c = k_cut_low(x), h = k_exp(0.5 * (c > 40.0 ? 40.0 : c)), e = h * h;
  return c * ((e + 2.0) / (e * (e + 2.0) + 2.0)) * h * h;
}
/// The derivative of mish, (n d + 4 x e (1 + e)) / d^2, where n = e (e + 2), d = n + 2, e = e^x; 1
/// from 20 on.
template <class T>
inline T k_mish_slope(T x) {
  const T low = k_cut_low(x), c = low > T(20) ? T(20) : low, e = k_exp(c);
  const T d = e * (e + T(2)) + T(2), r = T(1) / d;
  return e * ((e + T(2)) * r + T(4) * c * (T(1) + e) * r * r);
}
/// ln(1 + e^x) = max(x, 0) + ln(1 + e), e = e^-|x|. The logarithm is atanh's series in
/// s = e / (2 + e), whose first term is e - e s; what e's rounding lost counts 1 / (1 + e) times.
inline float k_softplus(float x) {
  const ExpBelow y = k_exp_reduced_below(k_minus_abs(x));
  const float mantissa = y.less_one + 1.f, power = y.a * y.b, e = mantissa * power;
  const float lost = ((1.f - mantissa) + y.less_one) * power;
  const float s = e / (2.f + e), z = s * s;
  float p = 0.140122294426f;
  p = p * z + 0.139995709062f;
  p = p * z + 0.200108498335f;
  p = p * z + 0.333332061768f;
  const float rest = s * (e - 2.f * z * p) - lost * (1.f - 1.5f * s);
  return ((x > 0.f ? x : 0.f) - rest) + e;  // e is NaN where x is
}
inline double k_softplus(double x) {
  return (((x > 0.) | (x != x)) ? x : 0.) + k_log1p(k_exp_below(k_minus_abs(x)));
}
/// x / (1 + |x|), 1 or -1 to the last bit long before the cut.
template <class T>
inline T k_softsign(T x) {
  const T c = k_clip(x, T(-1e30), T(1e30));
  return c / (T(1) + k_abs(c));
}

/// t^2 + b, where t^2 and b nearly cancel: with one rounding, or t^2 in two parts.
inline float k_square_plus(float t, float b) {
#ifdef __FMA__
  return __builtin_fmaf(t, t, b);
#else
  const float head = k_bits(std::bit_cast<std::uint32_t>(t) & 0xFFFFF000u);
  return (head * head + b) + (t - head) * (t + head);
#endif
}
/// Parts of Phi(-t), Phi the normal distribution, t = |x| up to 15, where all is 0: (1 + expm1)
/// power 2^-64 is e^(-t^2/2), which Mills' ratio q / (c t q + p) multiplies; c t is the ratio's
/// asymptote, and p / q what is left, to 2^-27. An error of q, which stands on both sides, nearly
/// cancels.
struct NormalTail {
  float t, q, below, expm1, power;
};
inline NormalTail k_normal_tail(float x) {
  const float a = std::fabs(x), t = a > 15.f ? 15.f : a;
  const float shifted = t * t * -0.72134752044448170f + 12583103.f;
  const float n = shifted - 12583103.f;
  const float r = k_square_plus(t, n * 1.38671875f) * -0.5f + n * 2.12194440e-4f;
  float p = 7.221854024e-06f, q = 0.004152771874f;
  p = p * t + 0.010270174992f, q = q * t + 0.04087800312f;
  p = p * t + 0.104432767041f, q = q * t + 0.1839597852f;
  p = p * t + 0.423125643293f, q = q * t + 0.4392706612f;
  p = p * t + 1.f, q = q * t + 0.5f;
  return {t, q, 2.506601355873f * t * q + p, k_expm1_near(r),
          k_bits(std::bit_cast<std::uint32_t>(shifted) << 23)};
}
/// x Phi(x) = max(x, 0) - t Phi(-t).
inline float k_gelu(float x) {
  const NormalTail n = k_normal_tail(x);
  const float y = n.t * n.q / n.below, tail = y + y * n.expm1;
  return (x < 0.f ? 0.f : x) - tail * n.power * 0x1p-64f;
}
/// Its derivative Phi(x) + x phi(x); 1 less that of -x.
inline float k_gelu_slope(float x) {
  const NormalTail n = k_normal_tail(x);
  const float y = n.q / n.below - 0.39894228f * n.t;
  const float v = (y + y * n.expm1) * n.power * 0x1p-64f;
  return x < 0.f ? v : 1.f - v;
}
inline double k_gelu_slope(double x) {
  const double c = k_clip(x, -40., 40.);
  return 0.5 * std::erfc(c * -0.7071067811865476) + c * 0.3989422804014327 * k_exp(-0.5 * c * c);
}
/// The argument's rounding is made up for by erfc's logarithmic derivative, about
/// z + sqrt(z^2 + 4 / pi) for z > 0: it would be a thousandfold in the lower tail.
inline double k_gelu(double x) {
  const double c = k_cut_low(x), z = c * -0.7071067811865476;
  const double lost = std::fma(c, -0.7071067811865476, -z) + c * 4.833646656726457e-17;
  const double mend = 1.0 - lost * (z + std::sqrt(z * z + 1.2732395447351628));
  return 0.5 * c * std::erfc(z) * (z > 0.0 ? mend : 1.0);
}
#ifdef __FMA__
/// 2^-2v of a = |x| cut to 11.5, beyond which it is 0, where 2v = log2 e sqrt(8 / pi) (a + 0.044715
/// a^3): mantissa * power * 2^-64. The lower tail multiplies the exponent's rounding, so the cubic
/// is computed in two parts; the difference of `p` and its first coefficient is exact.
inline ExpParts k_gelu_tanh_power(float a) {
  constexpr float k1 = 2.3022079467773438f, k1_low = 2.5136698e-7f;
  constexpr float k2 = 0.102943242f, k2_low = -2.01619844e-9f;
  const float z = a * a, z_low = __builtin_fmaf(a, a, -z), p = __builtin_fmaf(k2, z, k1);
  float p_low = __builtin_fmaf(k2, z, k1 - p);
  p_low = __builtin_fmaf(k2, z_low, p_low);
  p_low = __builtin_fmaf(k2_low, z, p_low) + k1_low;
  const float shifted = __builtin_fmaf(-a, p, 12583103.f), n = shifted - 12583103.f;
  const float r = __builtin_fmaf(-a, p, -n) - a * p_low;
  return {k_exp2_near(r), k_bits(std::bit_cast<std::uint32_t>(shifted) << 23), 0x1p-64f};
}
#else
/// The same; the exponent is reduced in double.
inline ExpParts k_gelu_tanh_power(float a) {
  const double c = static_cast<double>(a),
               w = c * (2.3022081981443249 + 0.10294323958002342 * c * c);
  const double n = (0x1.8p52 - w) - 0x1.8p52;
  const float shifted = static_cast<float>(n) + 12583103.f;
  return {k_exp2_near(static_cast<float>(-w - n)),
          k_bits(std::bit_cast<std::uint32_t>(shifted) << 23), 0x1p-64f};
}
#endif
/// 0.5 x (1 + tanh u) = x / (1 + e^-2u), u = sqrt(2 / pi) (x + 0.044715 x^3).
inline float k_gelu_tanh(float x) {
  const float c = x < -11.5f ? -11.5f : x, a = std::fabs(c);
  const ExpParts e = k_gelu_tanh_power(a > 11.5f ? 11.5f : a);
  const float power = e.mantissa * e.a, y = c / (1.f + power * e.b);
  return x < 0.f ? y * power * e.b : y;
}
inline double k_gelu_tanh(double x) {
  const double c = k_cut_low(x), u = 0.7978845608028654 * (c + 0.044715 * c * c * c);
  const double h = k_exp(-k_abs(u)), y = c / (1.0 + h * h);
  return c < 0.0 ? y * h * h : y;
}
/// The derivative of gelu_tanh: s + x s (1 - s) 2u', s = 1 / (1 + e^-2u); 1 less that of -x.
inline float k_gelu_tanh_slope(float x) {
  const float b = std::fabs(x), a = b > 11.5f ? 11.5f : b, z = a * a;
  const float w = a * (2.3022082f + 0.10294324f * z);
  const float shifted = 12583103.f - w, n = shifted - 12583103.f;
  const float power = k_bits(std::bit_cast<std::uint32_t>(shifted) << 23) * 0x1p-64f;
  const float e = k_exp2_near(-n - w) * power, large = 1.f / (1.f + e);
  const float v = e * large * (1.f - a * large * (1.59576912f + 0.214064449f * z));
  return x < 0.f ? v : 1.f - v;
}
inline double k_gelu_tanh_slope(double x) {
  const double c = k_clip(x, -30., 30.), z = c * c;
  const double w = k_abs(c) * (1.5957691216057308 + 0.07135481627260025 * z);
  const double e = k_exp(-w), large = 1.0 / (1.0 + e), small = e * large;
  const double slope = 1.5957691216057308 + 3 * 0.07135481627260025 * z;
  return (x < 0. ? small : large) + c * (large * small) * slope;
}
template <class T>
inline T k_selu(T x) {
  return T(1.0507009873554805) * (x > T(0) ? x : T(1.6732632423543773) * k_expm1(x));
}
/// x / 6 + 1 / 2 cut to [0, 1]; x + 3 is exact where the sum would cancel.
template <class T>
inline T k_hard_sigmoid(T x) {
  return k_clip((x + T(3)) * T(1.0 / 6.0), T(0), T(1));
}

}  // namespace linnet::inline LINNET_ABI::LINNET_ISA
