#pragma once

#include "linnet/autograd/with_vjp.hpp"
#include "linnet/backend/apply.hpp"
#include "linnet/ops/conv.hpp"
#include "linnet/ops/elementwise.hpp"
#include "linnet/ops/impl/window.ipp"
#include "linnet/ops/primitives/pool.hpp"

namespace linnet::inline LINNET_ABI {

namespace detail {

template <class P>
P pool_primitive(const Pool2DAttributes& a) {
  P p;
  static_cast<Pool2DAttributes&>(p) = a;
  return p;
}

// Where the maxima are is piecewise constant: scattering to and gathering from them are linear,
// each the gradient of the other.
inline Tensor max_pool_gather(const Pool2DAttributes& a, const Tensor& x, const Tensor& y,
                              const Tensor& v);
inline Tensor max_pool_scatter(const Pool2DAttributes& a, const Tensor& x, const Tensor& y,
                               const Tensor& dy) {
  return with_vjp(apply(pool_primitive<Pool2DBackward>(a), x.spec(), x, y, dy),
                  vjp(dy, [a, x, y](const Tensor& d) { return max_pool_gather(a, x, y, d); }));
}
inline Tensor max_pool_gather(const Pool2DAttributes& a, const Tensor& x, const Tensor& y,
                              const Tensor& v) {
  return with_vjp(apply(pool_primitive<MaxPool2DGather>(a), y.spec(), x, y, v),
                  vjp(v, [a, x, y](const Tensor& d) { return max_pool_scatter(a, x, y, d); }));
}

inline Tensor average_pool(const Pool2DAttributes& a, const Tensor& x, const Shape& y);
inline Tensor average_pool_backward(const Pool2DAttributes& a, const Tensor& dy, const Shape& x) {
  return with_vjp(
      apply(pool_primitive<Pool2DBackward>(a), {x, dy.dtype(), dy.device()}, dy),
      vjp(dy, [a, shape = dy.shape()](const Tensor& d) { return average_pool(a, d, shape); }));
}
inline Tensor average_pool(const Pool2DAttributes& a, const Tensor& x, const Shape& y) {
  return with_vjp(apply(pool_primitive<Pool2D>(a), {y, x.dtype(), x.device()}, x),
                  vjp(x, [a, shape = x.shape()](const Tensor& dy) {
                    return average_pool_backward(a, dy, shape);
                  }));
}

inline Tensor pool2d(const char* op, bool average, const Tensor& x, Size2D window,
                     const Pool2DOptions& options) {
  if (!is_floating(x.dtype())) fail<DTypeError>(op, "expected floats, got ", x.dtype());
  const Size2D strides = options.strides == Size2D(0) ? window : options.strides;
  const auto [out, padding] = window_geometry(op, x.shape(), window, strides, 1, options.padding);
  const Pool2DAttributes a{average, window, strides, padding};
  const Shape shape{x.dim(0), out.h, out.w, x.dim(3)};
  if (average) return average_pool(a, x, shape);
  Tensor y = apply(pool_primitive<Pool2D>(a), {shape, x.dtype(), x.device()}, x);
  return with_vjp(y, vjp(x, [a, x, y](const Tensor& dy) { return max_pool_scatter(a, x, y, dy); }));
}

}  // namespace detail

Tensor max_pool2d(const Tensor& x, Size2D window, const Pool2DOptions& options) {
  return detail::pool2d("max_pool2d", false, x, window, options);
}
Tensor avg_pool2d(const Tensor& x, Size2D window, const Pool2DOptions& options) {
  return detail::pool2d("avg_pool2d", true, x, window, options);
}

}  // namespace linnet::inline LINNET_ABI
