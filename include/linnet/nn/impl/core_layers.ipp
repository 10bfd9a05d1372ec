#pragma once

#include "linnet/nn/layers/core.hpp"
#include "linnet/nn/notes.hpp"
#include "linnet/ops/conv.hpp"
#include "linnet/ops/elementwise.hpp"
#include "linnet/ops/random.hpp"
#include "linnet/ops/reduce.hpp"
#include "linnet/ops/shape.hpp"
#include "linnet/ops/softmax.hpp"

namespace linnet::inline LINNET_ABI::layers {

MaxPooling2D::MaxPooling2D(Size2D size, PoolingOptions o)
    : Layer("max_pooling2d", o.name), pool_size(size), options(std::move(o)) {}
Tensor MaxPooling2D::call(const Tensor& x, bool) {
  return max_pool2d(x, pool_size, {.strides = options.strides, .padding = options.padding});
}

AveragePooling2D::AveragePooling2D(Size2D size, PoolingOptions o)
    : Layer("average_pooling2d", o.name), pool_size(size), options(std::move(o)) {}
Tensor AveragePooling2D::call(const Tensor& x, bool) {
  return avg_pool2d(x, pool_size, {.strides = options.strides, .padding = options.padding});
}

GlobalAveragePooling2D::GlobalAveragePooling2D(GlobalPoolingOptions o)
    : Layer("global_average_pooling2d", o.name), options(std::move(o)) {}
Tensor GlobalAveragePooling2D::call(const Tensor& x, bool) {
  if (x.rank() != 4)
    fail<ShapeError>(name(), "expected an input [n, h, w, c], got shape ", x.shape());
  return mean(x, {.axis = {1, 2}, .keepdims = options.keepdims});
}

Flatten::Flatten(const LayerOptions& o) : Layer("flatten", o.name) {
  state().declared_input = o.input_shape;
}
Tensor Flatten::call(const Tensor& x, bool) {
  if (x.rank() == 0) fail<ShapeError>(name(), "expected an input of rank >= 1");
  return reshape(x, {x.dim(0), x.dim(0) ? x.size() / x.dim(0) : x.shape().without(0).size()});
}

Reshape::Reshape(Shape target, const LayerOptions& o)
    : Layer("reshape", o.name), target_shape(target) {
  state().declared_input = o.input_shape;
}
Tensor Reshape::call(const Tensor& x, bool) { return reshape(x, target_shape.with(0, x.dim(0))); }

Dropout::Dropout(double r, DropoutOptions o) : Layer("dropout", o.name), rate(r) {
  if (!(r >= 0 && r <= 1)) fail<ValueError>("dropout", "rate ", r, " is outside [0, 1]");
  if (!o.seed) return;
  generator = Generator(*o.seed);
  state().random_states.push_back(generator->state());
}
Tensor Dropout::call(const Tensor& x, bool training) {
  return training && rate > 0 ? dropout(x, rate, generator) : x;
}

Activation::Activation(ActivationFunction f, const LayerOptions& o)
    : Layer("activation", o.name), function(std::move(f)) {
  state().declared_input = o.input_shape;
}

ReLU::ReLU(const LayerOptions& o) : Layer("re_lu", o.name) {
  state().declared_input = o.input_shape;
}
Tensor ReLU::call(const Tensor& x, bool) { return relu(x); }

Softmax::Softmax(SoftmaxOptions o) : Layer("softmax", o.name), axis(o.axis) {}
Tensor Softmax::call(const Tensor& x, bool) {
  Tensor y = softmax(x, axis);
  if (axis == -1 || axis == x.rank() - 1) linnet::detail::note(y, "softmax", x);
  return y;
}

Rescaling::Rescaling(double s, double o, const LayerOptions& options)
    : Layer("rescaling", options.name), scale(s), offset(o) {
  state().declared_input = options.input_shape;
}
Tensor Rescaling::call(const Tensor& x, bool) {
  return (is_floating(x.dtype()) ? x : cast(x, DType::float32)) * scale + offset;
}

}  // namespace linnet::inline LINNET_ABI::layers
