#pragma once

#include "linnet/nn/impl/kernel_layer.ipp"
#include "linnet/nn/layers/depthwise.hpp"
#include "linnet/ops/conv.hpp"
#include "linnet/ops/shape.hpp"

namespace linnet::inline LINNET_ABI::layers {

namespace detail {

/// A convolution in as many groups as there are channels; kernel [kh, kw, c, mult].
template <class Options>
Tensor depthwise_conv(const Tensor& x, const Tensor& kernel, const Options& o) {
  const Shape& k = kernel.shape();
  return conv2d(x, reshape(kernel, {k[0], k[1], 1, k[2] * k[3]}),
                {.strides = o.strides,
                 .padding = o.padding,
                 .dilations = o.dilation_rate,
                 .groups = static_cast<int>(k[2])});
}

}  // namespace detail

DepthwiseConv2D::DepthwiseConv2D(Size2D kernel_size, DepthwiseConv2DOptions options)
    : Layer("depthwise_conv2d", options.name),
      kernel_size_(kernel_size),
      options_(std::move(options)) {
  state().declared_input = options_.input_shape;
  detail::require_positive("depthwise_conv2d", "depth_multiplier", options_.depth_multiplier);
}

void DepthwiseConv2D::build(const Shape& input_shape) {
  const std::int64_t in = detail::require_channels(*this, input_shape, 4);
  add_weight("kernel", {kernel_size_.h, kernel_size_.w, in, options_.depth_multiplier},
             {.initializer = options_.depthwise_initializer,
              .regularizer = options_.depthwise_regularizer,
              .constraint = options_.depthwise_constraint});
  if (options_.use_bias)
    add_weight("bias", {in * options_.depth_multiplier}, detail::bias_weight(options_));
}

Tensor DepthwiseConv2D::call(const Tensor& x, bool) {
  detail::require_channels(*this, x.shape(), 4);
  detail::require_last_axis(*this, x, weight(0).shape()[2]);
  return detail::finish(detail::depthwise_conv(x, weight(0), options_),
                        options_.use_bias ? &weight(1) : nullptr, options_.activation);
}

SeparableConv2D::SeparableConv2D(std::int64_t filters, Size2D kernel_size,
                                 SeparableConv2DOptions options)
    : Layer("separable_conv2d", options.name),
      filters_(filters),
      kernel_size_(kernel_size),
      options_(std::move(options)) {
  state().declared_input = options_.input_shape;
  detail::require_positive("separable_conv2d", "filters", filters);
  detail::require_positive("separable_conv2d", "depth_multiplier", options_.depth_multiplier);
}

void SeparableConv2D::build(const Shape& input_shape) {
  const std::int64_t in = detail::require_channels(*this, input_shape, 4);
  add_weight("depthwise_kernel", {kernel_size_.h, kernel_size_.w, in, options_.depth_multiplier},
             {.initializer = options_.depthwise_initializer,
              .regularizer = options_.depthwise_regularizer,
              .constraint = options_.depthwise_constraint});
  add_weight("pointwise_kernel", {1, 1, in * options_.depth_multiplier, filters_},
             {.initializer = options_.pointwise_initializer,
              .regularizer = options_.pointwise_regularizer,
              .constraint = options_.pointwise_constraint});
  if (options_.use_bias) add_weight("bias", {filters_}, detail::bias_weight(options_));
}

Tensor SeparableConv2D::call(const Tensor& x, bool) {
  detail::require_channels(*this, x.shape(), 4);
  detail::require_last_axis(*this, x, weight(0).shape()[2]);
  const Tensor y = conv2d(detail::depthwise_conv(x, weight(0), options_), weight(1));
  return detail::finish(y, options_.use_bias ? &weight(2) : nullptr, options_.activation);
}

}  // namespace linnet::inline LINNET_ABI::layers
