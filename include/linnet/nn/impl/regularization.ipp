#pragma once

#include "linnet/core/creation.hpp"
#include "linnet/nn/layers/regularization.hpp"
#include "linnet/ops/elementwise.hpp"
#include "linnet/ops/random.hpp"

namespace linnet::inline LINNET_ABI::layers {

namespace detail {

/// A generator of the layer's own, if it has a seed; checkpoints keep its state.
inline std::optional<Generator> own_generator(std::optional<std::uint64_t> seed,
                                              std::vector<Variable>& states) {
  if (!seed) return {};
  Generator generator(*seed);
  states.push_back(generator.state());
  return generator;
}

inline void require_rate(const char* op, double rate) {
  if (!(rate >= 0 && rate <= 1)) fail<ValueError>(op, "rate ", rate, " is outside [0, 1]");
}

/// Dropout by a mask of this shape.
inline Tensor drop_together(const Tensor& x, const Shape& mask, double rate,
                            const std::optional<Generator>& generator) {
  return x * dropout(ones(mask, x.dtype()), rate, generator);
}

}  // namespace detail

Dropout::Dropout(double r, const DropoutOptions& o)
    : Layer("dropout", o.name), rate(r), noise_shape(o.noise_shape) {
  detail::require_rate("dropout", r);
  generator = detail::own_generator(o.seed, state().random_states);
  state().supports_masking = true;
}
Tensor Dropout::call(const Tensor& x, bool training) {
  if (!training || rate == 0) return x;
  if (noise_shape.rank() == 0) return dropout(x, rate, generator);
  if (noise_shape.rank() != x.rank())
    fail<ShapeError>(name(), "noise_shape ", noise_shape, " does not fit input ", x.shape());
  Shape mask = noise_shape;
  for (int a = 0; a < x.rank(); ++a)
    if (mask[a] == -1) mask.set(a, x.dim(a));
  return detail::drop_together(x, mask, rate, generator);
}

SpatialDropout1D::SpatialDropout1D(double r, const NoiseOptions& o)
    : Layer("spatial_dropout1d", o.name), rate(r) {
  detail::require_rate("spatial_dropout1d", r);
  generator = detail::own_generator(o.seed, state().random_states);
  state().supports_masking = true;
}
Tensor SpatialDropout1D::call(const Tensor& x, bool training) {
  if (x.rank() != 3) fail<ShapeError>(name(), "expected an input [n, t, c], got shape ", x.shape());
  if (!training || rate == 0) return x;
  return detail::drop_together(x, {x.dim(0), 1, x.dim(2)}, rate, generator);
}

SpatialDropout2D::SpatialDropout2D(double r, const NoiseOptions& o)
    : Layer("spatial_dropout2d", o.name), rate(r) {
  detail::require_rate("spatial_dropout2d", r);
  generator = detail::own_generator(o.seed, state().random_states);
}
Tensor SpatialDropout2D::call(const Tensor& x, bool training) {
  if (x.rank() != 4)
    fail<ShapeError>(name(), "expected an input [n, h, w, c], got shape ", x.shape());
  if (!training || rate == 0) return x;
  return detail::drop_together(x, {x.dim(0), 1, 1, x.dim(3)}, rate, generator);
}

GaussianNoise::GaussianNoise(double s, const NoiseOptions& o)
    : Layer("gaussian_noise", o.name), stddev(s) {
  if (!(s >= 0)) fail<ValueError>("gaussian_noise", "stddev: expected at least 0, got ", s);
  generator = detail::own_generator(o.seed, state().random_states);
  state().supports_masking = true;
}
Tensor GaussianNoise::call(const Tensor& x, bool training) {
  if (!training || stddev == 0) return x;
  return x + normal(x.shape(), {.stddev = stddev, .dtype = x.dtype(), .generator = generator});
}

}  // namespace linnet::inline LINNET_ABI::layers
