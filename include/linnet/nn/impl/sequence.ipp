#pragma once

#include <utility>

#include "linnet/nn/layers/sequence.hpp"
#include "linnet/ops/elementwise.hpp"
#include "linnet/ops/reduce.hpp"
#include "linnet/ops/shape.hpp"

namespace linnet::inline LINNET_ABI::layers {

Masking::Masking(double mask_value, const MaskingOptions& o)
    : Layer("masking", o.name), mask_value_(mask_value) {}

Tensor Masking::compute_mask(const Tensor& x, const Tensor&) const {
  return reduce_any(x != mask_value_, {.axis = -1});
}

Tensor Masking::call(const Tensor& x, bool) {
  if (x.rank() != 3) fail<ShapeError>(name(), "expected an input [n, t, c], got shape ", x.shape());
  return x * cast(expand_dims(compute_mask(x, {}), -1), x.dtype());
}

TimeDistributed::TimeDistributed(std::shared_ptr<Layer> layer, const TimeDistributedOptions& o)
    : Layer("time_distributed", o.name), layer_(std::move(layer)) {
  if (!layer_) fail<ValueError>("time_distributed", "expected a layer");
  state().sublayers = {layer_};
  state().supports_masking = true;
}

namespace detail {

inline Shape step_shape(const Layer& layer, const Shape& x) {
  if (x.rank() < 3) fail<ShapeError>(layer.name(), "expected an input [n, t, ...], got shape ", x);
  Shape out = x.without(0);
  out.set(0, x[0] * x[1]);
  return out;
}

}  // namespace detail

void TimeDistributed::build(const Shape& input_shape) {
  layer_->build_once(detail::step_shape(*this, input_shape));
}

Tensor TimeDistributed::call(const Tensor& x, bool training) {
  const Tensor y =
      (*layer_)(reshape(x, detail::step_shape(*this, x.shape())), {.training = training});
  Shape shape{x.dim(0), x.dim(1)};
  for (int a = 1; a < y.rank(); ++a) shape.push_back(y.dim(a));
  return reshape(y, shape);
}

}  // namespace linnet::inline LINNET_ABI::layers
