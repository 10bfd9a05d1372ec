#pragma once

#include "linnet/autograd/with_vjp.hpp"
#include "linnet/backend/apply.hpp"
#include "linnet/ops/conv.hpp"
#include "linnet/ops/elementwise.hpp"
#include "linnet/ops/impl/window.ipp"

namespace linnet::inline LINNET_ABI {

namespace detail {

// The three products of a convolution are bilinear: the gradients of each are the other two.
inline Tensor conv_forward(const Conv2DAttributes& a, const Tensor& x, const Tensor& kernel,
                           const Shape& y);
inline Tensor conv_backward_input(const Conv2DAttributes& a, const Tensor& dy, const Tensor& kernel,
                                  const Shape& x);
inline Tensor conv_backward_kernel(const Conv2DAttributes& a, const Tensor& x, const Tensor& dy,
                                   const Shape& kernel);

inline Tensor conv_forward(const Conv2DAttributes& a, const Tensor& x, const Tensor& kernel,
                           const Shape& y) {
  Conv2D p;
  static_cast<Conv2DAttributes&>(p) = a;
  return with_vjp(
      apply(p, {y, x.dtype(), x.device()}, x, kernel),
      vjp(x, [a, kernel, shape = x.shape()](
                 const Tensor& dy) { return conv_backward_input(a, dy, kernel, shape); }),
      vjp(kernel, [a, x, shape = kernel.shape()](const Tensor& dy) {
        return conv_backward_kernel(a, x, dy, shape);
      }));
}

inline Tensor conv_backward_input(const Conv2DAttributes& a, const Tensor& dy, const Tensor& kernel,
                                  const Shape& x) {
  Conv2DBackwardInput p;
  static_cast<Conv2DAttributes&>(p) = a;
  return with_vjp(apply(p, {x, dy.dtype(), dy.device()}, dy, kernel),
                  vjp(dy, [a, kernel, shape = dy.shape()](
                              const Tensor& d) { return conv_forward(a, d, kernel, shape); }),
                  vjp(kernel, [a, dy, shape = kernel.shape()](const Tensor& d) {
                    return conv_backward_kernel(a, d, dy, shape);
                  }));
}

inline Tensor conv_backward_kernel(const Conv2DAttributes& a, const Tensor& x, const Tensor& dy,
                                   const Shape& kernel) {
  Conv2DBackwardKernel p;
  static_cast<Conv2DAttributes&>(p) = a;
  return with_vjp(apply(p, {kernel, x.dtype(), x.device()}, x, dy),
                  vjp(x, [a, dy, shape = x.shape()](
                             const Tensor& d) { return conv_backward_input(a, dy, d, shape); }),
                  vjp(dy, [a, x, shape = dy.shape()](const Tensor& d) {
                    return conv_forward(a, x, d, shape);
                  }));
}

}  // namespace detail

Tensor conv2d(const Tensor& x, const Tensor& kernel, const Conv2DOptions& options) {
  const DType t = promote_types(x.dtype(), kernel.dtype());
  if (!is_floating(t)) fail<DTypeError>("conv2d", "expected floats, got ", x.dtype());
  if (kernel.rank() != 4)
    fail<ShapeError>("conv2d", "expected a kernel [kh, kw, in, out], got shape ", kernel.shape());
  const Shape& k = kernel.shape();
  const auto [out, padding] = detail::window_geometry(
      "conv2d", x.shape(), {k[0], k[1]}, options.strides, options.dilations, options.padding);
  const int groups = options.groups;
  if (groups < 1 || x.dim(3) != k[2] * groups || k[3] % groups != 0)
    fail<ShapeError>("conv2d", "input of ", x.dim(3), " channels does not fit kernel ", k, " in ",
                     groups, " groups");
  const Conv2DAttributes a{options.strides, options.dilations, padding, groups};
  return detail::conv_forward(a, cast(x, t), cast(kernel, t), {x.dim(0), out.h, out.w, k[3]});
}

}  // namespace linnet::inline LINNET_ABI
