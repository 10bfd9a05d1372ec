#pragma once

#include "linnet/autograd/with_vjp.hpp"
#include "linnet/backend/apply.hpp"
#include "linnet/ops/elementwise.hpp"
#include "linnet/ops/primitives/reduce.hpp"
#include "linnet/ops/reduce.hpp"
#include "linnet/ops/shape.hpp"
#include "linnet/ops/softmax.hpp"

namespace linnet::inline LINNET_ABI {

namespace detail {

/// The gradient of softmax y, or of its logarithm y, over the last axis.
inline Tensor softmax_gradient(const Tensor& dy, const Tensor& y, bool log) {
  if (!is_watched(dy) && !is_watched(y)) return apply(SoftmaxBackward{log}, y.spec(), dy, y);
  if (log) return dy - exp(y) * sum(dy, {.axis = -1, .keepdims = true});
  return y * (dy - sum(dy * y, {.axis = -1, .keepdims = true}));
}

/// Over the last axis of float32 or float64.
inline Tensor softmax_rows(const Tensor& x, bool log) {
  Tensor y = apply(Softmax{log}, x.spec(), x);
  return with_vjp(y, vjp(x, [y, log](const Tensor& dy) { return softmax_gradient(dy, y, log); }));
}

inline Tensor softmax_on(const char* op, const Tensor& x, int axis, bool log) {
  if (!is_floating(x.dtype())) fail<DTypeError>(op, "expected floats, got ", x.dtype());
  if (itemsize(x.dtype()) == 2)
    return cast(softmax_on(op, cast(x, DType::float32), axis, log), x.dtype());
  const int a = normalize_axis(op, axis, x.rank());
  if (a == x.rank() - 1) return softmax_rows(x, log);
  return swapaxes(softmax_rows(swapaxes(x, a, -1), log), a, -1);
}

}  // namespace detail

Tensor softmax(const Tensor& x, int axis) { return detail::softmax_on("softmax", x, axis, false); }
Tensor log_softmax(const Tensor& x, int axis) {
  return detail::softmax_on("log_softmax", x, axis, true);
}

}  // namespace linnet::inline LINNET_ABI
