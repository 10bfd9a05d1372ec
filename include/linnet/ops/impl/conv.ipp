#pragma once

#include <algorithm>
#include <optional>

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

namespace detail {

inline std::int64_t transposed_extent(std::string_view padding, std::int64_t n, std::int64_t window,
                                      std::int64_t stride, std::int64_t dilation,
                                      std::optional<std::int64_t> open) {
  const std::int64_t reach = (window - 1) * dilation + 1, spread = (n - 1) * stride;
  if (padding == "same") return open ? spread + reach - reach / 2 * 2 + *open : n * stride;
  return open ? spread + reach + *open : spread + std::max(reach, stride);
}

}  // namespace detail

Tensor conv2d_transpose(const Tensor& x, const Tensor& kernel,
                        const Conv2DTransposeOptions& options) {
  constexpr const char* op = "conv2d_transpose";
  const DType t = promote_types(x.dtype(), kernel.dtype());
  if (!is_floating(t)) fail<DTypeError>(op, "expected floats, got ", x.dtype());
  if (itemsize(t) == 2)
    return cast(conv2d_transpose(cast(x, DType::float32), cast(kernel, DType::float32), options),
                t);
  const Shape& k = kernel.shape();
  if (x.rank() != 4 || k.rank() != 4 || x.dim(3) != k[3])
    fail<ShapeError>(op, "input ", x.shape(), " does not fit kernel ", k,
                     "; expected [n, h, w, in] and [kh, kw, out, in]");
  detail::require_positive(op, "strides", options.strides);
  detail::require_positive(op, "dilations", options.dilations);
  const auto extent = [&](std::int64_t n, std::int64_t window, std::int64_t Size2D::*axis) {
    std::optional<std::int64_t> open;
    if (options.output_padding) open = (*options.output_padding).*axis;
    return detail::transposed_extent(options.padding, n, window, options.strides.*axis,
                                     options.dilations.*axis, open);
  };
  const Shape y{x.dim(0), extent(x.dim(1), k[0], &Size2D::h), extent(x.dim(2), k[1], &Size2D::w),
                k[2]};
  const auto [back, padding] = detail::window_geometry(op, y, {k[0], k[1]}, options.strides,
                                                       options.dilations, options.padding);
  if (back.h != x.dim(1) || back.w != x.dim(2))
    fail<ValueError>(op, "output_padding ", options.output_padding.value_or(0).h, " and ",
                     options.output_padding.value_or(0).w, " does not fit strides ",
                     options.strides.h, " and ", options.strides.w);
  const Conv2DAttributes a{options.strides, options.dilations, padding, 1};
  return detail::conv_backward_input(a, cast(x, t), cast(kernel, t), y);
}

}  // namespace linnet::inline LINNET_ABI
