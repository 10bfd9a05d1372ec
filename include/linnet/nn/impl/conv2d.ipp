#pragma once

#include "linnet/nn/impl/dense.ipp"
#include "linnet/nn/layers/conv2d.hpp"
#include "linnet/ops/conv.hpp"

namespace linnet::inline LINNET_ABI::layers {

Conv2D::Conv2D(std::int64_t filters, Size2D kernel_size, Conv2DOptions options)
    : Layer("conv2d", options.name),
      filters_(filters),
      kernel_size_(kernel_size),
      options_(std::move(options)) {
  state().declared_input = options_.input_shape;
  if (filters < 1) fail<ValueError>("conv2d", "filters: expected a positive number, got ", filters);
  if (options_.groups < 1 || filters % options_.groups != 0)
    fail<ValueError>("conv2d", "filters ", filters, " are not divisible into ", options_.groups,
                     " groups");
}

void Conv2D::build(const Shape& input_shape) {
  if (input_shape.rank() != 4)
    fail<ShapeError>(name(), "expected an input [n, h, w, c], got shape ", input_shape);
  if (input_shape[3] % options_.groups != 0)
    fail<ShapeError>(name(), input_shape[3], " channels are not divisible into ", options_.groups,
                     " groups");
  add_weight(
      "kernel", {kernel_size_.h, kernel_size_.w, input_shape[3] / options_.groups, filters_},
      {.initializer = options_.kernel_initializer, .regularizer = options_.kernel_regularizer});
  if (options_.use_bias)
    add_weight(
        "bias", {filters_},
        {.initializer = options_.bias_initializer, .regularizer = options_.bias_regularizer});
}

Tensor Conv2D::call(const Tensor& x, bool) {
  if (x.rank() != 4)
    fail<ShapeError>(name(), "expected an input [n, h, w, c], got shape ", x.shape());
  detail::require_last_axis(*this, x, weight(0).shape()[2] * options_.groups);
  Tensor y = conv2d(x, weight(0),
                    {.strides = options_.strides,
                     .padding = options_.padding,
                     .dilations = options_.dilation_rate,
                     .groups = options_.groups});
  if (options_.use_bias) y = y + weight(1);
  return options_.activation(y);
}

}  // namespace linnet::inline LINNET_ABI::layers
