#pragma once

#define LINNET_USES_OPS_ELEMENTWISE
#undef LINNET_COMPLETE
#if defined(LINNET_HEADER_ONLY) && !defined(LINNET_WITHIN)
#define LINNET_WITHIN
#define LINNET_FIRST_OPS_ELEMENTWISE
#endif

#include "linnet/config.hpp"
#include "linnet/core/tensor.hpp"
#include "linnet/ops/operand.hpp"

/// Elementwise ops. Operands broadcast by NumPy's rule; dtypes promote by promote_types, and a C++
/// number takes the tensor's dtype. Ops marked (float) turn integers into float32. ShapeError if
/// shapes do not broadcast, DTypeError if an op has no such dtype, ValueError if no operand is a
/// tensor. Rounding of float16 and bfloat16 happens once, at the end.
namespace linnet::inline LINNET_ABI {

// Arithmetic.
LINNET_DECL Tensor add(const Operand& a, const Operand& b);       ///< a + b
LINNET_DECL Tensor subtract(const Operand& a, const Operand& b);  ///< a - b
LINNET_DECL Tensor multiply(const Operand& a, const Operand& b);  ///< a * b
LINNET_DECL Tensor divide(const Operand& a, const Operand& b);    ///< a / b (float)
LINNET_DECL Tensor divide_no_nan(const Operand& a,
                                 const Operand& b);  ///< a / b, 0 where b is 0 (float)
/// floor(a / b), as NumPy rounds it: a = b floor_divide(a, b) + mod(a, b). An integer over 0 is 0,
/// a float over 0 is a / 0.
LINNET_DECL Tensor floor_divide(const Operand& a, const Operand& b);
LINNET_DECL Tensor mod(const Operand& a, const Operand& b);      ///< a - b floor(a / b): b's sign
LINNET_DECL Tensor pow(const Operand& a, const Operand& b);      ///< a to the power b
LINNET_DECL Tensor maximum(const Operand& a, const Operand& b);  ///< NaN wins; ties: gradient to a
LINNET_DECL Tensor minimum(const Operand& a, const Operand& b);  ///< NaN wins; ties: gradient to a
LINNET_DECL Tensor atan2(const Operand& y, const Operand& x);    ///< angle of (x, y) (float)
LINNET_DECL Tensor squared_difference(const Operand& a, const Operand& b);  ///< (a - b)^2
LINNET_DECL Tensor xlogy(const Operand& x, const Operand& y);  ///< x log y, 0 where x is 0 (float)
LINNET_DECL Tensor negative(const Tensor& x);                  ///< -x
LINNET_DECL Tensor abs(const Tensor& x);                       ///< |x|; gradient 0 at 0
LINNET_DECL Tensor sign(const Tensor& x);                      ///< -1, 0 or 1
LINNET_DECL Tensor square(const Tensor& x);
LINNET_DECL Tensor sqrt(const Tensor& x);        ///< (float)
LINNET_DECL Tensor rsqrt(const Tensor& x);       ///< 1 / sqrt(x) (float)
LINNET_DECL Tensor reciprocal(const Tensor& x);  ///< 1 / x (float)

// Exponentials and logarithms (float).
LINNET_DECL Tensor exp(const Tensor& x);
LINNET_DECL Tensor expm1(const Tensor& x);  ///< e^x - 1
LINNET_DECL Tensor exp2(const Tensor& x);
LINNET_DECL Tensor log(const Tensor& x);
LINNET_DECL Tensor log1p(const Tensor& x);  ///< log(1 + x)
LINNET_DECL Tensor log2(const Tensor& x);
LINNET_DECL Tensor log10(const Tensor& x);

// Trigonometry (float).
LINNET_DECL Tensor sin(const Tensor& x);
LINNET_DECL Tensor cos(const Tensor& x);
LINNET_DECL Tensor tan(const Tensor& x);
LINNET_DECL Tensor asin(const Tensor& x);
LINNET_DECL Tensor acos(const Tensor& x);
LINNET_DECL Tensor atan(const Tensor& x);
LINNET_DECL Tensor sinh(const Tensor& x);
LINNET_DECL Tensor cosh(const Tensor& x);
LINNET_DECL Tensor tanh(const Tensor& x);
LINNET_DECL Tensor asinh(const Tensor& x);
LINNET_DECL Tensor acosh(const Tensor& x);
LINNET_DECL Tensor atanh(const Tensor& x);
LINNET_DECL Tensor erf(const Tensor& x);
LINNET_DECL Tensor erfc(const Tensor& x);
LINNET_DECL Tensor lgamma(const Tensor& x);   ///< log |Gamma(x)|
LINNET_DECL Tensor digamma(const Tensor& x);  ///< derivative of lgamma; NaN at -1, -2, ...
/// The n-th derivative of digamma. ValueError if n is negative.
LINNET_DECL Tensor polygamma(int n, const Tensor& x);

// Rounding (integers pass through); gradient 0.
LINNET_DECL Tensor floor(const Tensor& x);
LINNET_DECL Tensor ceil(const Tensor& x);
LINNET_DECL Tensor round(const Tensor& x);  ///< half to even
LINNET_DECL Tensor trunc(const Tensor& x);

// Activations (float).
LINNET_DECL Tensor relu(const Tensor& x);   ///< max(x, 0); gradient 0 at 0
LINNET_DECL Tensor relu6(const Tensor& x);  ///< min(max(x, 0), 6)
LINNET_DECL Tensor leaky_relu(const Tensor& x, double negative_slope = 0.2);
LINNET_DECL Tensor elu(const Tensor& x, double alpha = 1.0);  ///< x or alpha (e^x - 1)
LINNET_DECL Tensor selu(const Tensor& x);
LINNET_DECL Tensor gelu(const Tensor& x, bool approximate = false);  ///< x Phi(x), or its tanh form
LINNET_DECL Tensor silu(const Tensor& x);                            ///< x sigmoid(x)
LINNET_DECL Tensor mish(const Tensor& x);                            ///< x tanh(softplus(x))
LINNET_DECL Tensor sigmoid(const Tensor& x);
LINNET_DECL Tensor log_sigmoid(const Tensor& x);
LINNET_DECL Tensor hard_sigmoid(const Tensor& x);  ///< clip(x / 6 + 0.5, 0, 1)
LINNET_DECL Tensor hard_silu(const Tensor& x);     ///< x hard_sigmoid(x)
LINNET_DECL Tensor softplus(const Tensor& x);      ///< log(1 + e^x)
LINNET_DECL Tensor softsign(const Tensor& x);      ///< x / (1 + |x|)

// Comparisons and logic; the result is bool.
LINNET_DECL Tensor equal(const Operand& a, const Operand& b);
LINNET_DECL Tensor not_equal(const Operand& a, const Operand& b);
LINNET_DECL Tensor less(const Operand& a, const Operand& b);
LINNET_DECL Tensor less_equal(const Operand& a, const Operand& b);
LINNET_DECL Tensor greater(const Operand& a, const Operand& b);
LINNET_DECL Tensor greater_equal(const Operand& a, const Operand& b);
LINNET_DECL Tensor logical_and(const Operand& a, const Operand& b);
LINNET_DECL Tensor logical_or(const Operand& a, const Operand& b);
LINNET_DECL Tensor logical_xor(const Operand& a, const Operand& b);
LINNET_DECL Tensor logical_not(const Tensor& x);
LINNET_DECL Tensor is_nan(const Tensor& x);
LINNET_DECL Tensor is_inf(const Tensor& x);
LINNET_DECL Tensor is_finite(const Tensor& x);

// Bits of integers.
LINNET_DECL Tensor bitwise_and(const Operand& a, const Operand& b);
LINNET_DECL Tensor bitwise_or(const Operand& a, const Operand& b);
LINNET_DECL Tensor bitwise_xor(const Operand& a, const Operand& b);
LINNET_DECL Tensor bitwise_not(const Tensor& x);  ///< of a bool: logical_not
LINNET_DECL Tensor left_shift(const Operand& a, const Operand& b);
LINNET_DECL Tensor right_shift(const Operand& a, const Operand& b);

/// a where condition is not 0, else b.
LINNET_DECL Tensor where(const Tensor& condition, const Operand& a, const Operand& b);
/// min(max(x, low), high); the gradient passes where low <= x <= high.
LINNET_DECL Tensor clip(const Tensor& x, const Operand& low, const Operand& high);
/// x converted: floats to integers toward zero, saturating, NaN to 0; to bool: x != 0.
LINNET_DECL Tensor cast(const Tensor& x, DType dtype);

inline Tensor operator+(const Operand& a, const Operand& b) { return add(a, b); }
inline Tensor operator-(const Operand& a, const Operand& b) { return subtract(a, b); }
inline Tensor operator*(const Operand& a, const Operand& b) { return multiply(a, b); }
inline Tensor operator/(const Operand& a, const Operand& b) { return divide(a, b); }
inline Tensor operator%(const Operand& a, const Operand& b) { return mod(a, b); }
inline Tensor operator-(const Tensor& x) { return negative(x); }
inline Tensor operator==(const Operand& a, const Operand& b) { return equal(a, b); }
inline Tensor operator!=(const Operand& a, const Operand& b) { return not_equal(a, b); }
inline Tensor operator<(const Operand& a, const Operand& b) { return less(a, b); }
inline Tensor operator<=(const Operand& a, const Operand& b) { return less_equal(a, b); }
inline Tensor operator>(const Operand& a, const Operand& b) { return greater(a, b); }
inline Tensor operator>=(const Operand& a, const Operand& b) { return greater_equal(a, b); }

}  // namespace linnet::inline LINNET_ABI

#ifdef LINNET_FIRST_OPS_ELEMENTWISE
#include "linnet/impl/src.hpp"
#endif
