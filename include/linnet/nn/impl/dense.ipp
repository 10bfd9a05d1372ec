#pragma once

#include "linnet/nn/layers/dense.hpp"
#include "linnet/ops/elementwise.hpp"
#include "linnet/ops/matmul.hpp"

namespace linnet::inline LINNET_ABI::layers {

namespace detail {
/// The last axis of x must be what the layer was built for.
inline void require_last_axis(const Layer& layer, const Tensor& x, std::int64_t expected) {
  if (x.dim(-1) != expected)
    fail<ShapeError>(layer.name(), "expected axis -1 of input shape to have value ", expected,
                     ", but received input with shape ", x.shape());
}
}  // namespace detail

Dense::Dense(std::int64_t units, DenseOptions options)
    : Layer("dense", options.name), units_(units), options_(std::move(options)) {
  state().declared_input = options_.input_shape;
  if (units < 1) fail<ValueError>("dense", "units: expected a positive number, got ", units);
}

void Dense::build(const Shape& input_shape) {
  if (input_shape.rank() < 2)
    fail<ShapeError>(name(), "expected an input of rank >= 2, got shape ", input_shape);
  add_weight(
      "kernel", {input_shape[-1], units_},
      {.initializer = options_.kernel_initializer, .regularizer = options_.kernel_regularizer});
  if (options_.use_bias)
    add_weight(
        "bias", {units_},
        {.initializer = options_.bias_initializer, .regularizer = options_.bias_regularizer});
}

Tensor Dense::call(const Tensor& x, bool) {
  if (x.rank() < 2)
    fail<ShapeError>(name(), "expected an input of rank >= 2, got shape ", x.shape());
  detail::require_last_axis(*this, x, weight(0).shape()[0]);
  Tensor y = matmul(x, weight(0));
  if (options_.use_bias) y = y + weight(1);
  return options_.activation(y);
}

}  // namespace linnet::inline LINNET_ABI::layers
