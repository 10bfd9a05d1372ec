#pragma once

#include "linnet/nn/impl/kernel_layer.ipp"
#include "linnet/nn/layers/conv1d.hpp"
#include "linnet/ops/conv.hpp"
#include "linnet/ops/shape.hpp"

namespace linnet::inline LINNET_ABI::layers {

Conv1D::Conv1D(std::int64_t filters, std::int64_t kernel_size, Conv1DOptions options)
    : Layer("conv1d", options.name),
      filters_(filters),
      kernel_size_(kernel_size),
      options_(std::move(options)) {
  state().declared_input = options_.input_shape;
  state().activity_regularizer = options_.activity_regularizer;
  detail::require_positive("conv1d", "filters", filters);
  detail::require_positive("conv1d", "kernel_size", kernel_size);
  detail::require_positive("conv1d", "strides", options_.strides);
  detail::require_positive("conv1d", "dilation_rate", options_.dilation_rate);
  detail::require_groups("conv1d", filters, options_.groups);
}

void Conv1D::build(const Shape& input_shape) {
  const std::int64_t in = detail::require_channels(*this, input_shape, 3, options_.groups);
  add_weight("kernel", {kernel_size_, in / options_.groups, filters_},
             detail::kernel_weight(options_));
  if (options_.use_bias) add_weight("bias", {filters_}, detail::bias_weight(options_));
}

Tensor Conv1D::call(const Tensor& x, bool) {
  detail::require_channels(*this, x.shape(), 3);
  detail::require_last_axis(*this, x, weight(0).shape()[1] * options_.groups);
  // Steps are the columns of an image that is one pixel high.
  const bool causal = options_.padding == "causal";
  const auto before = static_cast<int>((kernel_size_ - 1) * options_.dilation_rate);
  const Tensor padded = causal ? pad(x, {{0, 0}, {before, 0}, {0, 0}}) : x;
  const Tensor y = conv2d(expand_dims(padded, 1), expand_dims(weight(0), 0),
                          {.strides = {1, options_.strides},
                           .padding = causal ? std::string_view("valid") : options_.padding,
                           .dilations = {1, options_.dilation_rate},
                           .groups = options_.groups});
  return detail::finish(squeeze(y, 1), options_.use_bias ? &weight(1) : nullptr,
                        options_.activation);
}

}  // namespace linnet::inline LINNET_ABI::layers
