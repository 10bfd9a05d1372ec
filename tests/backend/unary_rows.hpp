#pragma once

#include <cmath>
#include <limits>
#include <vector>

#include "linnet/backend/ew.hpp"
#include "linnet/ops/elementwise.hpp"
#include "linnet/ops/elementwise_apply.hpp"

/// The unary rows of elementwise_ops.def: a reference for wider types, and the error each may have,
/// measured over ulp::sweep (of float32's own formulas over every few floats, too) and rounded up;
/// rows that are the C library's leave room for another one, gelu's for the 4.1 units that a denser
/// sweep finds. LINNET_PRINT_ULP=1 prints them. Large
/// in float64: gelu where the result is subnormal; gelu_tanh, whose tail is e^-u of a rounded u up
/// to 700; digamma and its derivatives near their zeros, for which units are those of 16.
namespace unary_rows {

struct Row {
  using Op = linnet::Tensor (*)(const linnet::Tensor&);

  const char* name;
  Op op;
  double (*wide)(double);
  long double (*widest)(long double);
  double float32, float64;          ///< bounds in units in the last place
  double floor64 = 0, floor32 = 0;  ///< units of at least this size (see ulp::error)

  template <class F>
  Row(const char* n, Op o, F reference, double bound32, double bound64, double f64 = 0,
      double f32 = 0)
      : name(n),
        op(o),
        wide(reference),
        widest(reference),
        float32(bound32),
        float64(bound64),
        floor64(f64),
        floor32(f32) {}
};

template <class W>
constexpr W pi = W(3.14159265358979323846264338327950288L);

template <class W>
W sigmoid_of(W x) {
  return x < 0 ? std::exp(x) / (1 + std::exp(x)) : 1 / (1 + std::exp(-x));
}
template <class W>
W softplus_of(W x) {
  return (x > 0 ? x : W(0)) + std::log1p(std::exp(-std::fabs(x)));
}
/// x times a function that goes to 0 faster than x at -infinity.
template <class W>
W damped(W x, W factor) {
  return x < -20000 ? W(0) : x * factor;
}

/// Recurrence up to 60, asymptotic series; reflection below 0.
template <class W>
W digamma_of(W x) {
  if (x == 0) return -1 / x;
  if (x < 0) {
    const W r = x - std::nearbyint(x);
    if (r == 0 || std::isinf(x)) return std::numeric_limits<W>::quiet_NaN();
    return digamma_of(1 - x) - pi<W> * std::cos(pi<W> * r) / std::sin(pi<W> * r);
  }
  W y = 0;
  for (; x < 60; x += 1) y -= 1 / x;
  const W v = 1 / (x * x);
  return y + std::log(x) - 1 / (2 * x) -
         v * (W(1) / 12 - v * (W(1) / 120 - v * (W(1) / 252 - v / 240)));
}
template <class W>
W trigamma_of(W x) {
  if (x <= 0) {
    const W r = x - std::nearbyint(x);
    if (r == 0) return std::numeric_limits<W>::infinity();
    const W s = std::sin(pi<W> * r) / pi<W>;
    return 1 / (s * s) - trigamma_of(1 - x);
  }
  W y = 0;
  for (; x < 60; x += 1) y += 1 / (x * x);
  const W v = 1 / (x * x);
  return y + 1 / x + v / 2 + v / x * (W(1) / 6 - v * (W(1) / 30 - v * (W(1) / 42 - v / 30)));
}

template <class W>
W tetragamma_of(W x) {
  if (x == 0) return -1 / x;
  if (x < 0) {
    const W r = x - std::nearbyint(x), s = std::sin(pi<W> * r);
    if (r == 0) return std::numeric_limits<W>::quiet_NaN();
    return tetragamma_of(1 - x) - 2 * pi<W> * pi<W> * pi<W> * std::cos(pi<W> * r) / (s * s * s);
  }
  W y = 0;
  for (; x < 60; x += 1) y -= 2 / (x * x * x);
  const W v = 1 / (x * x);
  return y - v - v / x - v * v / 2 + v * v * v * (W(1) / 6 - v * (W(1) / 6 - v * W(3) / 10));
}

inline std::vector<Row> all() {
  using namespace linnet;
  return {
      {"abs", abs, [](auto x) { return std::fabs(x); }, 0, 0},
      {"neg", negative, [](auto x) { return -x; }, 0, 0},
      {"sign", sign, [](auto x) { return x != x ? x : decltype(x)((x > 0) - (x < 0)); }, 0, 0},
      {"square", square, [](auto x) { return x * x; }, 0.5, 0.5},
      {"sqrt", sqrt, [](auto x) { return std::sqrt(x); }, 0.5, 0.5},
      {"rsqrt", rsqrt, [](auto x) { return 1 / std::sqrt(x); }, 1.5, 1.5},
      {"reciprocal", reciprocal, [](auto x) { return 1 / x; }, 0.5, 0.5},
      {"exp", exp, [](auto x) { return std::exp(x); }, 1.1, 1},
      {"expm1", expm1, [](auto x) { return std::expm1(x); }, 1.5, 1},
      {"exp2", exp2, [](auto x) { return std::exp2(x); }, 1.2, 1},
      {"log", log, [](auto x) { return std::log(x); }, 1, 1},
      {"log1p", log1p, [](auto x) { return std::log1p(x); }, 1, 1},
      {"log2", log2, [](auto x) { return std::log2(x); }, 0.51, 1},
      {"log10", log10, [](auto x) { return std::log10(x); }, 0.51, 2},
      {"sin", sin, [](auto x) { return std::sin(x); }, 0.51, 1},
      {"cos", cos, [](auto x) { return std::cos(x); }, 0.51, 1},
      {"tan", tan, [](auto x) { return std::tan(x); }, 0.51, 1},
      {"asin", asin, [](auto x) { return std::asin(x); }, 0.51, 1},
      {"acos", acos, [](auto x) { return std::acos(x); }, 0.51, 1},
      {"atan", atan, [](auto x) { return std::atan(x); }, 0.51, 1},
      {"sinh", sinh, [](auto x) { return std::sinh(x); }, 0.51, 2},
      {"cosh", cosh, [](auto x) { return std::cosh(x); }, 0.51, 2},
      {"tanh", tanh, [](auto x) { return std::tanh(x); }, 1.5, 2},
      {"asinh", asinh, [](auto x) { return std::asinh(x); }, 0.51, 2},
      {"acosh", acosh, [](auto x) { return std::acosh(x); }, 0.51, 2},
      {"atanh", atanh, [](auto x) { return std::atanh(x); }, 0.51, 2},
      {"erf", erf, [](auto x) { return std::erf(x); }, 2.5, 1},
      {"erfc", erfc, [](auto x) { return std::erfc(x); }, 0.55, 3},
      {"lgamma", lgamma, [](auto x) { return std::lgamma(x); }, 0.51, 8},
      {"digamma", digamma, [](auto x) { return digamma_of(x); }, 0.51, 4, 16},
      {"polygamma 1", [](const Tensor& x) { return polygamma(1, x); },
       [](auto x) { return trigamma_of(x); }, 0.51, 6},
      {"polygamma 2", [](const Tensor& x) { return polygamma(2, x); },
       [](auto x) { return tetragamma_of(x); }, 0.51, 8, 16, 1e-6},
      {"floor", floor, [](auto x) { return std::floor(x); }, 0, 0},
      {"ceil", ceil, [](auto x) { return std::ceil(x); }, 0, 0},
      {"round", round, [](auto x) { return std::nearbyint(x); }, 0, 0},
      {"trunc", trunc, [](auto x) { return std::trunc(x); }, 0, 0},
      {"sigmoid", sigmoid, [](auto x) { return sigmoid_of(x); }, 2.5, 2.5},
      {"log_sigmoid", log_sigmoid, [](auto x) { return -softplus_of(-x); }, 1.75, 1.75},
      {"relu", relu, [](auto x) { return x > 0 || x != x ? x : decltype(x)(0); }, 0, 0},
      {"relu6", relu6, [](auto x) { return x > 6             ? decltype(x)(6)
                                           : x > 0 || x != x ? x
                                                             : 0; }, 0,
       0},
      {"softplus", softplus, [](auto x) { return softplus_of(x); }, 1.75, 1.75},
      {"softsign", softsign,
       [](auto x) {
         return std::isinf(x) ? std::copysign(decltype(x)(1), x) : x / (1 + std::fabs(x));
       },
       1.5, 1.5},
      {"silu", silu, [](auto x) { return damped(x, sigmoid_of(x)); }, 3.5, 4},
      {"gelu", [](const Tensor& x) { return gelu(x); },
       [](auto x) { return damped(x, std::erfc(-x / std::sqrt(decltype(x)(2))) / 2); }, 4.5, 10},
      {"gelu_tanh", [](const Tensor& x) { return gelu(x, true); },
       [](auto x) {
         using W = decltype(x);
         const W u = std::sqrt(2 / pi<W>) * (x + W(0.044715L) * x * x * x);
         return damped(x, sigmoid_of(2 * u));
       },
       3, 1500},
      {"gelu_tanh_slope",
       [](const Tensor& x) { return linnet::detail::apply_unary(linnet::ew::gelu_tanh_slope, x); },
       [](auto x) {
         using W = decltype(x);
         if (std::fabs(x) > 100) return W(x > 0);
         const W c = std::sqrt(2 / pi<W>), u = c * (x + W(0.044715L) * x * x * x);
         const W s = sigmoid_of(2 * u), rest = sigmoid_of(-2 * u);
         return s + 2 * x * s * rest * c * (1 + 3 * W(0.044715L) * x * x);
       },
       3.5, 3.5, 0.25, 0.25},
      {"gelu_slope",
       [](const Tensor& x) { return linnet::detail::apply_unary(linnet::ew::gelu_slope, x); },
       [](auto x) {
         using W = decltype(x);
         if (std::fabs(x) > 100) return W(x > 0);
         return std::erfc(-x / std::sqrt(W(2))) / 2 +
                x * std::exp(-x * x / 2) / std::sqrt(2 * pi<W>);
       },
       4.5, 3.5, 0.25, 0.25},
      {"silu_slope",
       [](const Tensor& x) { return linnet::detail::apply_unary(linnet::ew::silu_slope, x); },
       [](auto x) {
         using W = decltype(x);
         if (std::fabs(x) > 2000) return W(x > 0);
         return sigmoid_of(x) + x * sigmoid_of(x) * sigmoid_of(-x);
       },
       3, 3, 0.25, 0.25},
      {"mish_slope",
       [](const Tensor& x) { return linnet::detail::apply_unary(linnet::ew::mish_slope, x); },
       [](auto x) {
         using W = decltype(x);
         if (std::fabs(x) > 2000) return W(x > 0);
         const W t = std::tanh(softplus_of(x));
         return t + x * (1 - t * t) * sigmoid_of(x);
       },
       4.5, 4.5, 0.25, 0.25},
      {"selu", selu,
       [](auto x) {
         using W = decltype(x);
         return W(1.0507009873554804934193349852946L) *
                (x > 0 ? x : W(1.6732632423543772848170429916717L) * std::expm1(x));
       },
       2.5, 2.5},
      {"hard_sigmoid", hard_sigmoid,
       [](auto x) {
         using W = decltype(x);
         return x != x ? x : std::fmin(std::fmax((x + 3) / 6, W(0)), W(1));
       },
       2, 2},
      {"hard_silu", hard_silu,
       [](auto x) {
         using W = decltype(x);
         return x < -3 ? W(0) : x > 3 ? x : x * (x + 3) / 6;
       },
       2.5, 2.5},
      {"mish", mish, [](auto x) { return damped(x, std::tanh(softplus_of(x))); }, 4.5, 5},
      {"elu", [](const Tensor& x) { return elu(x, 1.5); },
       [](auto x) { return x > 0 ? x : decltype(x)(1.5) * std::expm1(x); }, 2, 2},
      {"leaky_relu", [](const Tensor& x) { return leaky_relu(x, 0.25); },
       [](auto x) { return x > 0 ? x : x / 4; }, 0.5, 0.5},
  };
}

}  // namespace unary_rows
