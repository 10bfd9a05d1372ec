#pragma once

#include "linnet/nn/impl/kernel_layer.ipp"
#include "linnet/nn/layers/dense.hpp"
#include "linnet/ops/elementwise.hpp"
#include "linnet/ops/matmul.hpp"

namespace linnet::inline LINNET_ABI::layers {

Dense::Dense(std::int64_t units, DenseOptions options)
    : Layer("dense", options.name), units_(units), options_(std::move(options)) {
  state().declared_input = options_.input_shape;
  state().activity_regularizer = options_.activity_regularizer;
  state().supports_masking = true;
  detail::require_positive("dense", "units", units);
}

void Dense::build(const Shape& input_shape) {
  if (input_shape.rank() < 2)
    fail<ShapeError>(name(), "expected an input of rank >= 2, got shape ", input_shape);
  add_weight("kernel", {input_shape[-1], units_}, detail::kernel_weight(options_));
  if (options_.use_bias) add_weight("bias", {units_}, detail::bias_weight(options_));
}

Tensor Dense::call(const Tensor& x, bool) {
  if (x.rank() < 2)
    fail<ShapeError>(name(), "expected an input of rank >= 2, got shape ", x.shape());
  detail::require_last_axis(*this, x, weight(0).shape()[0]);
  return detail::finish(matmul(detail::as_floats(*this, x), weight(0)),
                        options_.use_bias ? &weight(1) : nullptr, options_.activation);
}

}  // namespace linnet::inline LINNET_ABI::layers
