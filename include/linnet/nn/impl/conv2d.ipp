#pragma once

#include "linnet/nn/impl/kernel_layer.ipp"
#include "linnet/nn/layers/conv2d.hpp"
#include "linnet/ops/conv.hpp"

namespace linnet::inline LINNET_ABI::layers {

Conv2D::Conv2D(std::int64_t filters, Size2D kernel_size, Conv2DOptions options)
    : Layer("conv2d", options.name),
      filters_(filters),
      kernel_size_(kernel_size),
      options_(std::move(options)) {
  state().declared_input = options_.input_shape;
  state().activity_regularizer = options_.activity_regularizer;
  detail::require_positive("conv2d", "filters", filters);
  detail::require_groups("conv2d", filters, options_.groups);
}

void Conv2D::build(const Shape& input_shape) {
  const std::int64_t in = detail::require_channels(*this, input_shape, 4, options_.groups);
  add_weight("kernel", {kernel_size_.h, kernel_size_.w, in / options_.groups, filters_},
             detail::kernel_weight(options_));
  if (options_.use_bias) add_weight("bias", {filters_}, detail::bias_weight(options_));
}

Tensor Conv2D::call(const Tensor& x, bool) {
  detail::require_channels(*this, x.shape(), 4);
  detail::require_last_axis(*this, x, weight(0).shape()[2] * options_.groups);
  const Tensor y = conv2d(detail::as_floats(*this, x), weight(0),
                          {.strides = options_.strides,
                           .padding = options_.padding,
                           .dilations = options_.dilation_rate,
                           .groups = options_.groups});
  return detail::finish(y, options_.use_bias ? &weight(1) : nullptr, options_.activation);
}

}  // namespace linnet::inline LINNET_ABI::layers
