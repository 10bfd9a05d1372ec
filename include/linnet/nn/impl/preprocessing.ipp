#pragma once

#include <cmath>

#include "linnet/backend/apply.hpp"
#include "linnet/core/creation.hpp"
#include "linnet/nn/layers/preprocessing.hpp"
#include "linnet/ops/elementwise.hpp"
#include "linnet/ops/reduce.hpp"
#include "linnet/ops/shape.hpp"

namespace linnet::inline LINNET_ABI::layers {

Normalization::Normalization(NormalizationOptions o)
    : Layer("normalization", o.name), options_(std::move(o)) {
  if (options_.mean.defined() != options_.variance.defined())
    fail<ValueError>("normalization", "mean and variance: expected both or none");
  state().supports_masking = true;
}

namespace detail {

/// The kept axes of an input and, for all others, what to reduce.
struct KeptAxes {
  Shape weights, broadcast;
  Axes reduced = Axes(std::vector<int>());
  KeptAxes(const Layer& layer, const std::vector<int>& kept, const Shape& x) {
    std::vector<bool> keep(static_cast<std::size_t>(x.rank()), false);
    for (int axis : kept) {
      const int a = normalize_axis(layer.name().c_str(), axis, x.rank());
      if (a == 0) fail<IndexError>(layer.name(), "axis ", axis, " of shape ", x, " is the batch");
      keep[static_cast<std::size_t>(a)] = true;
    }
    for (int a = 0; a < x.rank(); ++a) {
      const bool kept_here = keep[static_cast<std::size_t>(a)];
      broadcast.push_back(kept_here ? x[a] : 1);
      if (kept_here)
        weights.push_back(x[a]);
      else
        reduced.push_back(a);
    }
  }
};

}  // namespace detail

void Normalization::build(const Shape& input_shape) {
  if (options_.mean.defined()) return;
  const detail::KeptAxes axes(*this, options_.axis, input_shape);
  add_weight("mean", axes.weights, {.initializer = "zeros", .trainable = false});
  add_weight("variance", axes.weights, {.initializer = "ones", .trainable = false});
  add_weight("count", {}, {.initializer = "zeros", .trainable = false, .dtype = int64});
}

void Normalization::adapt(const Tensor& x) { adapt(data::Dataset::from_tensors({x})); }

void Normalization::adapt(const data::Dataset& batches) {
  if (options_.mean.defined())
    fail<ValueError>(name(), "mean and variance were given: there is nothing to adapt");
  const EagerScope eager;
  Tensor mean_so_far, variance_so_far;
  double count = 0;
  for (const data::Element& e : batches) {
    if (e.empty() || e[0].size() == 0) continue;
    const Tensor x = cast(e[0], float64);
    build_once(x.shape());
    const detail::KeptAxes axes(*this, options_.axis, x.shape());
    if (!(axes.weights == weight(0).shape()))
      fail<ShapeError>(name(), "a batch of shape ", x.shape(), " does not fit statistics of shape ",
                       weight(0).shape());
    const Tensor m = mean(x, {.axis = axes.reduced}), v = variance(x, {.axis = axes.reduced});
    const std::int64_t places = x.size() / axes.weights.size();
    const double n = static_cast<double>(places), all = count + n;
    if (count == 0) {
      mean_so_far = m, variance_so_far = v;
    } else {
      // Two sets' variances join by the distance of their means.
      const Tensor apart = m - mean_so_far;
      variance_so_far =
          (variance_so_far * count + v * n) / all + square(apart) * (count * n / (all * all));
      mean_so_far = mean_so_far + apart * (n / all);
    }
    count = all;
  }
  if (count == 0) fail<ValueError>(name(), "adapt: there are no data");
  weight(0).assign(cast(mean_so_far, weight(0).dtype()));
  weight(1).assign(cast(variance_so_far, weight(1).dtype()));
  weight(2).assign(static_cast<std::int64_t>(count));
}

Tensor Normalization::call(const Tensor& x, bool) {
  const Tensor in = is_floating(x.dtype()) ? x : cast(x, float32);
  Tensor m = options_.mean, v = options_.variance;
  if (!m.defined()) {
    const detail::KeptAxes axes(*this, options_.axis, in.shape());
    if (!(axes.weights == weight(0).shape()))
      fail<ShapeError>(name(), "input ", x.shape(), " does not fit statistics of shape ",
                       weight(0).shape());
    m = reshape(weight(0), axes.broadcast);
    v = reshape(weight(1), axes.broadcast);
  }
  const Tensor spread = sqrt(cast(v, in.dtype()));
  const Tensor centre = cast(m, in.dtype());
  return options_.invert ? in * spread + centre : (in - centre) / maximum(spread, 1e-7);
}

}  // namespace linnet::inline LINNET_ABI::layers
