#pragma once

#include <algorithm>

#include "linnet/core/creation.hpp"
#include "linnet/nn/layers/normalization.hpp"
#include "linnet/ops/elementwise.hpp"
#include "linnet/ops/norm.hpp"
#include "linnet/ops/reduce.hpp"
#include "linnet/ops/shape.hpp"

namespace linnet::inline LINNET_ABI::layers {

namespace detail {

/// gamma and beta, where the options ask for them, of one shape.
template <class Options, class AddWeight>
void add_scale_and_offset(const Options& o, const Shape& shape, AddWeight&& add_weight) {
  if (o.scale)
    add_weight("gamma", shape,
               WeightOptions{.initializer = o.gamma_initializer,
                             .regularizer = o.gamma_regularizer,
                             .constraint = o.gamma_constraint});
  if (o.center)
    add_weight("beta", shape,
               WeightOptions{.initializer = o.beta_initializer,
                             .regularizer = o.beta_regularizer,
                             .constraint = o.beta_constraint});
}

/// f(x), with x and the weights as float32 if x has 16 bits: moments need the digits.
template <class F>
Tensor in_float32(const Tensor& x, F f) {
  if (itemsize(x.dtype()) != 2) return f(x);
  const linnet::detail::AutocastScope weights(float32);
  return cast(f(cast(x, float32)), x.dtype());
}

inline void require_momentum(const char* op, double momentum) {
  if (!(momentum >= 0 && momentum <= 1))
    fail<ValueError>(op, "momentum ", momentum, " is outside [0, 1]");
}

}  // namespace detail

BatchNormalization::BatchNormalization(BatchNormalizationOptions o)
    : Layer("batch_normalization", o.name), options_(std::move(o)) {
  detail::require_momentum("batch_normalization", options_.momentum);
  state().supports_masking = true;
}

void BatchNormalization::build(const Shape& input_shape) {
  if (input_shape.rank() < 2)
    fail<ShapeError>(name(), "expected an input of rank >= 2, got shape ", input_shape);
  const int axis = normalize_axis(name().c_str(), options_.axis, input_shape.rank());
  const Shape channels{input_shape[axis]};
  detail::add_scale_and_offset(options_, channels, [this](auto&&... a) { add_weight(a...); });
  add_weight(
      "moving_mean", channels,
      {.initializer = options_.moving_mean_initializer, .trainable = false, .autocast = false});
  add_weight(
      "moving_variance", channels,
      {.initializer = options_.moving_variance_initializer, .trainable = false, .autocast = false});
}

Tensor BatchNormalization::call(const Tensor& x, bool training) {
  const int axis = normalize_axis(name().c_str(), options_.axis, x.rank());
  return detail::in_float32(x, [&](const Tensor& v) {
    if (axis == v.rank() - 1) return normalize(v, training);
    return swapaxes(normalize(swapaxes(v, axis, -1), training), axis, -1);
  });
}

Tensor BatchNormalization::normalize(const Tensor& x, bool training) {
  std::size_t next = 0;
  const Shape& channels = weight(0).shape();
  const Tensor gamma = options_.scale ? weight(next++).value() : ones(channels, x.dtype());
  const Tensor beta = options_.center ? weight(next++).value() : zeros(channels, x.dtype());
  const Variable &moving_mean = weight(next), &moving_variance = weight(next + 1);
  if (!training || !trainable())
    return batch_norm_inference(x, gamma, beta, moving_mean, moving_variance, options_.epsilon);
  const auto [y, mean, variance] = batch_norm(x, gamma, beta, options_.epsilon);
  const double keep = options_.momentum;
  moving_mean.assign(moving_mean * keep + mean * (1 - keep));
  moving_variance.assign(moving_variance * keep + variance * (1 - keep));
  return y;
}

LayerNormalization::LayerNormalization(LayerNormalizationOptions o)
    : Layer("layer_normalization", o.name), options_(std::move(o)) {
  if (options_.axis.empty()) fail<ValueError>("layer_normalization", "axis: expected at least one");
  state().supports_masking = true;
}

void LayerNormalization::build(const Shape& input_shape) {
  // In the order of the input's axes, whatever that of the option: so the weights broadcast.
  std::vector<int> axes;
  for (int axis : options_.axis)
    axes.push_back(normalize_axis(name().c_str(), axis, input_shape.rank()));
  std::sort(axes.begin(), axes.end());
  if (std::adjacent_find(axes.begin(), axes.end()) != axes.end())
    fail<ValueError>(name(), "axis: one is named twice");
  Shape shape;
  for (int axis : axes) shape.push_back(input_shape[axis]);
  detail::add_scale_and_offset(options_, shape, [this](auto&&... a) { add_weight(a...); });
}

Tensor LayerNormalization::call(const Tensor& x, bool) {
  return detail::in_float32(x, [this](const Tensor& v) { return normalize(v); });
}

Tensor LayerNormalization::normalize(const Tensor& x) const {
  const bool last = options_.axis.size() == 1 &&
                    normalize_axis(name().c_str(), options_.axis[0], x.rank()) == x.rank() - 1 &&
                    x.rank() > 1;
  if (last) {
    const Shape channels{x.dim(-1)};
    const Tensor gamma = options_.scale ? weight(0).value() : ones(channels, x.dtype());
    const Tensor beta =
        options_.center ? weight(options_.scale ? 1 : 0).value() : zeros(channels, x.dtype());
    return layer_norm(x, gamma, beta, options_.epsilon);
  }
  Axes axes;
  Shape broadcast;  // the weights' extents where their axes are, 1 elsewhere
  for (int i = 0; i < x.rank(); ++i) broadcast.push_back(1);
  for (int axis : options_.axis) {
    const int a = normalize_axis(name().c_str(), axis, x.rank());
    axes.push_back(a);
    broadcast.set(a, x.dim(a));
  }
  const Tensor centered = x - mean(x, {.axis = axes, .keepdims = true});
  Tensor y =
      centered * rsqrt(mean(square(centered), {.axis = axes, .keepdims = true}) + options_.epsilon);
  std::size_t next = 0;
  if (options_.scale) y = y * reshape(weight(next++), broadcast);
  if (options_.center) y = y + reshape(weight(next), broadcast);
  return y;
}

GroupNormalization::GroupNormalization(GroupNormalizationOptions o)
    : Layer("group_normalization", o.name), options_(std::move(o)) {
  if (options_.groups < 1 && options_.groups != -1)
    fail<ValueError>("group_normalization", "groups: expected at least 1 or -1, got ",
                     options_.groups);
  state().supports_masking = true;
}

void GroupNormalization::build(const Shape& input_shape) {
  if (input_shape.rank() < 2)
    fail<ShapeError>(name(), "expected an input of rank >= 2, got shape ", input_shape);
  if (options_.groups == -1) options_.groups = input_shape[-1];
  if (input_shape[-1] % options_.groups != 0)
    fail<ShapeError>(name(), input_shape[-1], " channels are not divisible into ", options_.groups,
                     " groups");
  detail::add_scale_and_offset(options_, {input_shape[-1]},
                               [this](auto&&... a) { add_weight(a...); });
}

Tensor GroupNormalization::call(const Tensor& x, bool) {
  return detail::in_float32(x, [this](const Tensor& v) { return normalize(v); });
}

Tensor GroupNormalization::normalize(const Tensor& x) const {
  if (x.rank() < 2 || x.dim(-1) % options_.groups != 0)
    fail<ShapeError>(name(), "input ", x.shape(), " does not fit ", options_.groups, " groups");
  const std::int64_t positions = x.shape().without(-1).without(0).size();
  const Tensor grouped =
      reshape(x, {x.dim(0), positions, options_.groups, x.dim(-1) / options_.groups});
  const Tensor centered = grouped - mean(grouped, {.axis = {1, 3}, .keepdims = true});
  const Tensor variance = mean(square(centered), {.axis = {1, 3}, .keepdims = true});
  Tensor y = reshape(centered * rsqrt(variance + options_.epsilon), x.shape());
  std::size_t next = 0;
  if (options_.scale) y = y * weight(next++);
  if (options_.center) y = y + weight(next);
  return y;
}

RMSNormalization::RMSNormalization(RMSNormalizationOptions o)
    : Layer("rms_normalization", o.name), options_(std::move(o)) {
  state().supports_masking = true;
}
void RMSNormalization::build(const Shape& input_shape) {
  const int axis = normalize_axis(name().c_str(), options_.axis, input_shape.rank());
  add_weight("scale", {input_shape[axis]}, {.initializer = "ones"});
}
Tensor RMSNormalization::call(const Tensor& x, bool) {
  return detail::in_float32(x, [this](const Tensor& v) { return normalize(v); });
}

Tensor RMSNormalization::normalize(const Tensor& x) const {
  const int axis = normalize_axis(name().c_str(), options_.axis, x.rank());
  if (axis > 0 && axis == x.rank() - 1) return rms_norm(x, weight(0), options_.epsilon);
  Shape along;
  for (int a = 0; a < x.rank(); ++a) along.push_back(a == axis ? x.dim(a) : 1);
  const Tensor squares = mean(square(x), {.axis = axis, .keepdims = true});
  return x * rsqrt(squares + options_.epsilon) * reshape(weight(0), along);
}

UnitNormalization::UnitNormalization(const UnitNormalizationOptions& o)
    : Layer("unit_normalization", o.name), axis_(o.axis) {
  state().supports_masking = true;
}
Tensor UnitNormalization::call(const Tensor& x, bool) {
  return x * rsqrt(maximum(sum(square(x), {.axis = axis_, .keepdims = true}), 1e-12));
}

}  // namespace linnet::inline LINNET_ABI::layers
