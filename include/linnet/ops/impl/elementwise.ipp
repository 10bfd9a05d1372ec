#pragma once

#include <cmath>
#include <numbers>

#include "linnet/autograd/tape.hpp"
#include "linnet/core/creation.hpp"
#include "linnet/ops/elementwise.hpp"
#include "linnet/ops/elementwise_apply.hpp"
#include "linnet/ops/impl/composed.ipp"

namespace linnet::inline LINNET_ABI {

using detail::apply_binary;
using detail::apply_ternary;
using detail::apply_unary;
using detail::Kept;

Tensor add(const Operand& a, const Operand& b) {
  const auto same = [](const Tensor& dy) { return dy; };
  return with_vjp(apply_binary(ew::add, a, b), detail::vjp(a, same), detail::vjp(b, same));
}

Tensor subtract(const Operand& a, const Operand& b) {
  return with_vjp(apply_binary(ew::sub, a, b), detail::vjp(a, [](const Tensor& dy) { return dy; }),
                  detail::vjp(b, [](const Tensor& dy) { return -dy; }));
}

Tensor multiply(const Operand& a, const Operand& b) {
  return with_vjp(apply_binary(ew::mul, a, b),
                  detail::vjp(a, [b = Kept(b)](const Tensor& dy) { return dy * *b; }),
                  detail::vjp(b, [a = Kept(a)](const Tensor& dy) { return dy * *a; }));
}

Tensor divide(const Operand& a, const Operand& b) {
  Tensor y = apply_binary(ew::div, a, b);
  return with_vjp(y, detail::vjp(a, [b = Kept(b)](const Tensor& dy) { return dy / *b; }),
                  detail::vjp(b, [y, b = Kept(b)](const Tensor& dy) { return -dy * y / *b; }));
}

Tensor divide_no_nan(const Operand& a, const Operand& b) {
  Tensor y = apply_binary(ew::divide_no_nan, a, b);
  return with_vjp(
      y, detail::vjp(a, [b = Kept(b)](const Tensor& dy) { return divide_no_nan(dy, *b); }),
      detail::vjp(b, [y, b = Kept(b)](const Tensor& dy) { return divide_no_nan(-dy * y, *b); }));
}

Tensor floor_divide(const Operand& a, const Operand& b) {
  return apply_binary(ew::floor_div, a, b);
}

Tensor mod(const Operand& a, const Operand& b) {
  return with_vjp(apply_binary(ew::mod, a, b), detail::vjp(a, [](const Tensor& dy) { return dy; }),
                  detail::vjp(b, [a = Kept(a), b = Kept(b)](const Tensor& dy) {
                    return -dy * floor_divide(*a, *b);
                  }));
}

Tensor pow(const Operand& a, const Operand& b) {
  Tensor y = apply_binary(ew::pow, a, b);
  return with_vjp(
      y,
      detail::vjp(a,
                  [a = Kept(a), b = Kept(b)](const Tensor& dy) {
                    // b a^(b-1), 0 where b is 0 whatever a is
                    const Tensor exponent =
                        (*b).is_scalar() ? full_like(dy, (*b).scalar()) : Tensor((*b).tensor());
                    return dy * where(equal(exponent, 0), 0.0,
                                      multiply(exponent, pow(*a, exponent - 1)));
                  }),
      detail::vjp(b, [y, a = Kept(a)](const Tensor& dy) {
        const Tensor base = (*a).is_scalar() ? full_like(dy, (*a).scalar()) : Tensor((*a).tensor());
        return dy * y * where(base > 0, log(where(base > 0, base, 1.0)), 0.0);
      }));
}

Tensor maximum(const Operand& a, const Operand& b) {
  return with_vjp(
      apply_binary(ew::maximum, a, b),
      detail::vjp(a, [a = Kept(a), b = Kept(b)](
                         const Tensor& dy) { return where(greater_equal(*a, *b), dy, 0.0); }),
      detail::vjp(b, [a = Kept(a), b = Kept(b)](const Tensor& dy) {
        return where(less(*a, *b), dy, 0.0);
      }));
}

Tensor minimum(const Operand& a, const Operand& b) {
  return with_vjp(
      apply_binary(ew::minimum, a, b),
      detail::vjp(a, [a = Kept(a), b = Kept(b)](
                         const Tensor& dy) { return where(less_equal(*a, *b), dy, 0.0); }),
      detail::vjp(b, [a = Kept(a), b = Kept(b)](const Tensor& dy) {
        return where(greater(*a, *b), dy, 0.0);
      }));
}

Tensor atan2(const Operand& y, const Operand& x) {
  return with_vjp(apply_binary(ew::atan2, y, x),
                  detail::vjp(y,
                              [y = Kept(y), x = Kept(x)](const Tensor& dz) {
                                const Tensor one = ones_like(dz), sx = one * *x, sy = one * *y;
                                return dz * sx / (square(sx) + square(sy));
                              }),
                  detail::vjp(x, [y = Kept(y), x = Kept(x)](const Tensor& dz) {
                    const Tensor one = ones_like(dz), sx = one * *x, sy = one * *y;
                    return -dz * sy / (square(sx) + square(sy));
                  }));
}

Tensor squared_difference(const Operand& a, const Operand& b) {
  const auto gradient = [a = Kept(a), b = Kept(b)](const Tensor& dy) {
    return dy * 2 * subtract(*a, *b);
  };
  return with_vjp(apply_binary(ew::squared_difference, a, b), detail::vjp(a, gradient),
                  detail::vjp(b, [gradient](const Tensor& dy) { return -gradient(dy); }));
}

Tensor xlogy(const Operand& x, const Operand& y) {
  return with_vjp(apply_binary(ew::xlogy, x, y),
                  detail::vjp(x,
                              [x = Kept(x), y = Kept(y)](const Tensor& dz) {
                                const Tensor sy = ones_like(dz) * *y;
                                return dz * where(ones_like(dz) * *x == 0, 0.0, log(sy));
                              }),
                  detail::vjp(y, [x = Kept(x), y = Kept(y)](const Tensor& dz) {
                    return dz * divide_no_nan(ones_like(dz) * *x, *y);
                  }));
}

Tensor negative(const Tensor& x) {
  return with_vjp(apply_unary(ew::neg, x), vjp(x, [](const Tensor& dy) { return -dy; }));
}

Tensor abs(const Tensor& x) {
  return with_vjp(apply_unary(ew::abs, x), vjp(x, [x](const Tensor& dy) { return dy * sign(x); }));
}

Tensor sign(const Tensor& x) { return apply_unary(ew::sign, x); }

Tensor square(const Tensor& x) {
  return with_vjp(apply_unary(ew::square, x), vjp(x, [x](const Tensor& dy) { return dy * 2 * x; }));
}

Tensor sqrt(const Tensor& x) {
  Tensor y = apply_unary(ew::sqrt, x);
  return with_vjp(y, vjp(x, [y](const Tensor& dy) { return dy * 0.5 / y; }));
}

Tensor rsqrt(const Tensor& x) {
  Tensor y = apply_unary(ew::rsqrt, x);
  return with_vjp(y, vjp(x, [y](const Tensor& dy) { return dy * -0.5 * y * square(y); }));
}

Tensor reciprocal(const Tensor& x) {
  Tensor y = apply_unary(ew::reciprocal, x);
  return with_vjp(y, vjp(x, [y](const Tensor& dy) { return -dy * square(y); }));
}

Tensor exp(const Tensor& x) {
  Tensor y = apply_unary(ew::exp, x);
  return with_vjp(y, vjp(x, [y](const Tensor& dy) { return dy * y; }));
}

Tensor expm1(const Tensor& x) {
  Tensor y = apply_unary(ew::expm1, x);
  return with_vjp(y, vjp(x, [y](const Tensor& dy) { return dy * (y + 1); }));
}

Tensor exp2(const Tensor& x) {
  Tensor y = apply_unary(ew::exp2, x);
  return with_vjp(y, vjp(x, [y](const Tensor& dy) { return dy * y * std::numbers::ln2; }));
}

Tensor log(const Tensor& x) {
  return with_vjp(apply_unary(ew::log, x), vjp(x, [x](const Tensor& dy) { return dy / x; }));
}

Tensor log1p(const Tensor& x) {
  return with_vjp(apply_unary(ew::log1p, x),
                  vjp(x, [x](const Tensor& dy) { return dy / (x + 1); }));
}

Tensor log2(const Tensor& x) {
  return with_vjp(apply_unary(ew::log2, x),
                  vjp(x, [x](const Tensor& dy) { return dy / (x * std::numbers::ln2); }));
}

Tensor log10(const Tensor& x) {
  return with_vjp(apply_unary(ew::log10, x),
                  vjp(x, [x](const Tensor& dy) { return dy / (x * std::numbers::ln10); }));
}

Tensor sin(const Tensor& x) {
  return with_vjp(apply_unary(ew::sin, x), vjp(x, [x](const Tensor& dy) { return dy * cos(x); }));
}

Tensor cos(const Tensor& x) {
  return with_vjp(apply_unary(ew::cos, x), vjp(x, [x](const Tensor& dy) { return -dy * sin(x); }));
}

Tensor tan(const Tensor& x) {
  Tensor y = apply_unary(ew::tan, x);
  return with_vjp(y, vjp(x, [y](const Tensor& dy) { return dy * (1 + square(y)); }));
}

Tensor asin(const Tensor& x) {
  return with_vjp(apply_unary(ew::asin, x),
                  vjp(x, [x](const Tensor& dy) { return dy * rsqrt(1 - square(x)); }));
}

Tensor acos(const Tensor& x) {
  return with_vjp(apply_unary(ew::acos, x),
                  vjp(x, [x](const Tensor& dy) { return -dy * rsqrt(1 - square(x)); }));
}

Tensor atan(const Tensor& x) {
  return with_vjp(apply_unary(ew::atan, x),
                  vjp(x, [x](const Tensor& dy) { return dy / (1 + square(x)); }));
}

Tensor sinh(const Tensor& x) {
  return with_vjp(apply_unary(ew::sinh, x), vjp(x, [x](const Tensor& dy) { return dy * cosh(x); }));
}

Tensor cosh(const Tensor& x) {
  return with_vjp(apply_unary(ew::cosh, x), vjp(x, [x](const Tensor& dy) { return dy * sinh(x); }));
}

Tensor tanh(const Tensor& x) {
  Tensor y = apply_unary(ew::tanh, x);
  return with_vjp(y, vjp(x, [y](const Tensor& dy) { return dy * (1 - square(y)); }));
}

Tensor asinh(const Tensor& x) {
  return with_vjp(apply_unary(ew::asinh, x),
                  vjp(x, [x](const Tensor& dy) { return dy * rsqrt(1 + square(x)); }));
}

Tensor acosh(const Tensor& x) {
  return with_vjp(apply_unary(ew::acosh, x),
                  vjp(x, [x](const Tensor& dy) { return dy * rsqrt(square(x) - 1); }));
}

Tensor atanh(const Tensor& x) {
  return with_vjp(apply_unary(ew::atanh, x),
                  vjp(x, [x](const Tensor& dy) { return dy / (1 - square(x)); }));
}

Tensor erf(const Tensor& x) {
  return with_vjp(apply_unary(ew::erf, x), vjp(x, [x](const Tensor& dy) {
                    return dy * (2 * std::numbers::inv_sqrtpi) * exp(-square(x));
                  }));
}

Tensor erfc(const Tensor& x) {
  return with_vjp(apply_unary(ew::erfc, x), vjp(x, [x](const Tensor& dy) {
                    return dy * (-2 * std::numbers::inv_sqrtpi) * exp(-square(x));
                  }));
}

Tensor lgamma(const Tensor& x) {
  return with_vjp(apply_unary(ew::lgamma, x),
                  vjp(x, [x](const Tensor& dy) { return dy * digamma(x); }));
}

Tensor digamma(const Tensor& x) {
  return with_vjp(apply_unary(ew::digamma, x),
                  vjp(x, [x](const Tensor& dy) { return dy * polygamma(1, x); }));
}

Tensor polygamma(int n, const Tensor& x) {
  if (n < 0) fail<ValueError>("polygamma", "expected an order of at least 0, got ", n);
  if (n == 0) return digamma(x);
  return with_vjp(apply_binary(ew::polygamma, x, n),
                  vjp(x, [n, x](const Tensor& dy) { return dy * polygamma(n + 1, x); }));
}

namespace detail {
inline Tensor round_by(const ElementwiseOp& op, const Tensor& x) {
  return is_floating(x.dtype()) ? apply_unary(op, x) : x;
}
}  // namespace detail

Tensor floor(const Tensor& x) { return detail::round_by(ew::floor, x); }
Tensor ceil(const Tensor& x) { return detail::round_by(ew::ceil, x); }
Tensor round(const Tensor& x) { return detail::round_by(ew::round, x); }
Tensor trunc(const Tensor& x) { return detail::round_by(ew::trunc, x); }

Tensor relu(const Tensor& x) {
  Tensor y = apply_unary(ew::relu, x);
  return with_vjp(y, vjp(x, [y](const Tensor& dy) {
                    return with_vjp(
                        apply_binary(ew::relu_grad, dy, y),
                        vjp(dy, [y](const Tensor& ddy) { return where(y > 0, ddy, 0.0); }));
                  }));
}

Tensor relu6(const Tensor& x) {
  Tensor y = apply_unary(ew::relu6, x);
  return with_vjp(
      y, vjp(x, [y](const Tensor& dy) { return where(logical_and(y > 0, y < 6), dy, 0.0); }));
}

Tensor leaky_relu(const Tensor& x, double negative_slope) {
  return with_vjp(apply_binary(ew::leaky_relu, x, negative_slope),
                  vjp(x, [x, negative_slope](const Tensor& dy) {
                    return where(x > 0, dy, dy * negative_slope);
                  }));
}

Tensor elu(const Tensor& x, double alpha) {
  return with_vjp(apply_binary(ew::elu, x, alpha), vjp(x, [x, alpha](const Tensor& dy) {
                    return dy * where(x > 0, 1.0, exp(minimum(x, 0)) * alpha);
                  }));
}

Tensor selu(const Tensor& x) {
  return with_vjp(apply_unary(ew::selu, x), vjp(x, [x](const Tensor& dy) {
                    constexpr double scale = 1.0507009873554805, alpha = 1.6732632423543773;
                    return dy * scale * where(x >= 0, 1.0, exp(minimum(x, 0)) * alpha);
                  }));
}

namespace detail {

/// The derivative at x of an activation, in one op; `formula` is the same in ops that
/// differentiate.
inline Tensor slope(const ElementwiseOp& op, const Tensor& x, Tensor (*formula)(const Tensor&)) {
  return with_vjp(apply_unary(op, x), vjp(x, [x, formula](const Tensor& dy) {
                    return composed_gradient(
                        {x}, dy, [&](const std::vector<Tensor>& in) { return formula(in[0]); })[0];
                  }));
}
/// An activation with that gradient.
inline Tensor with_slope(const Tensor& y, const Tensor& x, const ElementwiseOp& op,
                         Tensor (*formula)(const Tensor&)) {
  return with_vjp(
      y, vjp(x, [x, &op, formula](const Tensor& dy) { return dy * slope(op, x, formula); }));
}

inline Tensor gelu_slope(const Tensor& x) {
  const Tensor cdf = 0.5 * (1 + erf(x * (1 / std::numbers::sqrt2)));
  return cdf + x * 0.3989422804014327 * exp(-0.5 * square(x));
}
inline Tensor gelu_tanh_slope(const Tensor& x) {
  constexpr double c = 0.7978845608028654, k = 0.044715;
  const Tensor z = square(x), t = tanh(c * x * (1 + k * z));
  return 0.5 * (1 + t + c * x * (1 - square(t)) * (1 + 3 * k * z));
}
inline Tensor silu_slope(const Tensor& x) {
  const Tensor s = sigmoid(x);
  return s + x * s * (1 - s);
}
inline Tensor mish_slope(const Tensor& x) {
  const Tensor t = tanh(softplus(x));
  return t + x * (1 - square(t)) * sigmoid(x);
}

}  // namespace detail

Tensor gelu(const Tensor& x, bool approximate) {
  return approximate
             ? detail::with_slope(apply_unary(ew::gelu_tanh, x), x, ew::gelu_tanh_slope,
                                  detail::gelu_tanh_slope)
             : detail::with_slope(apply_unary(ew::gelu, x), x, ew::gelu_slope, detail::gelu_slope);
}

Tensor silu(const Tensor& x) {
  return detail::with_slope(apply_unary(ew::silu, x), x, ew::silu_slope, detail::silu_slope);
}

Tensor mish(const Tensor& x) {
  return detail::with_slope(apply_unary(ew::mish, x), x, ew::mish_slope, detail::mish_slope);
}

Tensor sigmoid(const Tensor& x) {
  Tensor y = apply_unary(ew::sigmoid, x);
  return with_vjp(y, vjp(x, [y](const Tensor& dy) { return dy * y * (1 - y); }));
}

Tensor log_sigmoid(const Tensor& x) {
  return with_vjp(apply_unary(ew::log_sigmoid, x),
                  vjp(x, [x](const Tensor& dy) { return dy * sigmoid(-x); }));
}

Tensor hard_sigmoid(const Tensor& x) {
  return with_vjp(apply_unary(ew::hard_sigmoid, x), vjp(x, [x](const Tensor& dy) {
                    return where(abs(x) < 3, dy * (1.0 / 6.0), 0.0);
                  }));
}

Tensor hard_silu(const Tensor& x) {
  return with_vjp(apply_unary(ew::hard_silu, x), vjp(x, [x](const Tensor& dy) {
                    return dy * (hard_sigmoid(x) + where(abs(x) < 3, x * (1.0 / 6.0), 0.0));
                  }));
}

Tensor softplus(const Tensor& x) {
  return with_vjp(apply_unary(ew::softplus, x),
                  vjp(x, [x](const Tensor& dy) { return dy * sigmoid(x); }));
}

Tensor softsign(const Tensor& x) {
  return with_vjp(apply_unary(ew::softsign, x),
                  vjp(x, [x](const Tensor& dy) { return dy / square(1 + abs(x)); }));
}

Tensor equal(const Operand& a, const Operand& b) { return apply_binary(ew::equal, a, b); }
Tensor not_equal(const Operand& a, const Operand& b) { return apply_binary(ew::not_equal, a, b); }
Tensor less(const Operand& a, const Operand& b) { return apply_binary(ew::less, a, b); }
Tensor less_equal(const Operand& a, const Operand& b) { return apply_binary(ew::less_equal, a, b); }
Tensor greater(const Operand& a, const Operand& b) { return apply_binary(ew::greater, a, b); }
Tensor greater_equal(const Operand& a, const Operand& b) {
  return apply_binary(ew::greater_equal, a, b);
}
Tensor logical_and(const Operand& a, const Operand& b) {
  return apply_binary(ew::logical_and, a, b);
}
Tensor logical_or(const Operand& a, const Operand& b) { return apply_binary(ew::logical_or, a, b); }
Tensor logical_xor(const Operand& a, const Operand& b) {
  return apply_binary(ew::logical_xor, a, b);
}
Tensor logical_not(const Tensor& x) { return apply_unary(ew::logical_not, x); }
Tensor is_nan(const Tensor& x) { return apply_unary(ew::is_nan, x); }
Tensor is_inf(const Tensor& x) { return apply_unary(ew::is_inf, x); }
Tensor is_finite(const Tensor& x) { return apply_unary(ew::is_finite, x); }

Tensor bitwise_and(const Operand& a, const Operand& b) {
  return apply_binary(ew::bitwise_and, a, b);
}
Tensor bitwise_or(const Operand& a, const Operand& b) { return apply_binary(ew::bitwise_or, a, b); }
Tensor bitwise_xor(const Operand& a, const Operand& b) {
  return apply_binary(ew::bitwise_xor, a, b);
}
Tensor bitwise_not(const Tensor& x) {
  return x.dtype() == DType::boolean ? logical_not(x) : apply_unary(ew::bitwise_not, x);
}
Tensor left_shift(const Operand& a, const Operand& b) { return apply_binary(ew::left_shift, a, b); }
Tensor right_shift(const Operand& a, const Operand& b) {
  return apply_binary(ew::right_shift, a, b);
}

Tensor where(const Tensor& condition, const Operand& a, const Operand& b) {
  // 0.5 is true, but would be 0 in the integers that a and b may be.
  if (condition.dtype() != DType::boolean) return where(cast(condition, DType::boolean), a, b);
  return with_vjp(
      apply_ternary(ew::where, condition, a, b),
      detail::vjp(a, [condition](const Tensor& dy) { return where(condition, dy, 0.0); }),
      detail::vjp(b, [condition](const Tensor& dy) { return where(condition, 0.0, dy); }));
}

Tensor clip(const Tensor& x, const Operand& low, const Operand& high) {
  return with_vjp(apply_ternary(ew::clip, x, low, high),
                  vjp(x, [x, low = Kept(low), high = Kept(high)](const Tensor& dy) {
                    return where(logical_and(x >= *low, x <= *high), dy, 0.0);
                  }));
}

Tensor cast(const Tensor& x, DType dtype) {
  if (x.dtype() == dtype) return x;
  Elementwise copy;
  copy.program.compute = compute_type_of(x.dtype());
  copy.program.inputs = copy.program.outputs = 1;
  const DType from = x.dtype();
  return with_vjp(apply(copy, {x.shape(), dtype, x.device()}, x),
                  vjp(x, [from](const Tensor& dy) { return cast(dy, from); }));
}

}  // namespace linnet::inline LINNET_ABI
