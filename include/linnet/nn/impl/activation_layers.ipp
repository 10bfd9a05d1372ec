#pragma once

#include "linnet/nn/layers/activation.hpp"
#include "linnet/nn/notes.hpp"
#include "linnet/ops/elementwise.hpp"
#include "linnet/ops/softmax.hpp"

namespace linnet::inline LINNET_ABI::layers {

Activation::Activation(ActivationFunction f, const LayerOptions& o)
    : Layer("activation", o.name), function(std::move(f)) {
  state().declared_input = o.input_shape;
  state().supports_masking = true;
}

ReLU::ReLU(const ReLUOptions& o)
    : Layer("re_lu", o.name),
      max_value(o.max_value),
      negative_slope(o.negative_slope),
      threshold(o.threshold) {
  if ((max_value && !(*max_value >= 0)) || !(negative_slope >= 0) || !(threshold >= 0))
    fail<ValueError>("re_lu", "max_value, negative_slope and threshold: expected at least 0");
  state().declared_input = o.input_shape;
  state().supports_masking = true;
}
Tensor ReLU::call(const Tensor& x, bool) {
  if (threshold == 0 && !max_value && negative_slope != 0) return leaky_relu(x, negative_slope);
  Tensor y = threshold == 0 ? relu(x) : x * cast(x > threshold, x.dtype());
  if (max_value) y = clip(y, 0, *max_value);
  return negative_slope == 0 ? y : y - negative_slope * relu(threshold - x);
}

LeakyReLU::LeakyReLU(double slope, const LayerOptions& o)
    : Layer("leaky_re_lu", o.name), negative_slope(slope) {
  state().declared_input = o.input_shape;
  state().supports_masking = true;
}
Tensor LeakyReLU::call(const Tensor& x, bool) { return leaky_relu(x, negative_slope); }

ELU::ELU(double a, const LayerOptions& o) : Layer("elu", o.name), alpha(a) {
  state().declared_input = o.input_shape;
  state().supports_masking = true;
}
Tensor ELU::call(const Tensor& x, bool) { return elu(x, alpha); }

PReLU::PReLU(PReLUOptions o) : Layer("p_re_lu", o.name), options(std::move(o)) {
  state().supports_masking = true;
}
void PReLU::build(const Shape& input_shape) {
  Shape shape = input_shape.without(0);
  for (int axis : options.shared_axes) {
    if (axis < 1 || axis > shape.rank())
      fail<ValueError>(name(), "shared_axes: ", axis, " is outside [1, ", shape.rank(), "]");
    shape.set(axis - 1, 1);
  }
  add_weight("alpha", shape,
             {.initializer = options.alpha_initializer,
              .regularizer = options.alpha_regularizer,
              .constraint = options.alpha_constraint});
}
Tensor PReLU::call(const Tensor& x, bool) { return relu(x) - weight(0) * relu(-x); }

Softmax::Softmax(const SoftmaxOptions& o) : Layer("softmax", o.name), axis(o.axis) {
  state().supports_masking = true;
}
Tensor Softmax::call(const Tensor& x, bool) {
  Tensor y = softmax(x, axis);
  if (axis == -1 || axis == x.rank() - 1) linnet::detail::note(y, "softmax", x);
  return y;
}

}  // namespace linnet::inline LINNET_ABI::layers
