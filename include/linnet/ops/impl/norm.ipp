#pragma once

#include "linnet/autograd/tape.hpp"
#include "linnet/ops/elementwise.hpp"
#include "linnet/ops/norm.hpp"
#include "linnet/ops/reduce.hpp"

namespace linnet::inline LINNET_ABI {

namespace detail {
inline void require_channels(const char* op, const Tensor& x, const Tensor& p, const char* what) {
  if (x.rank() < 2 || !(p.shape() == Shape{x.dim(-1)}))
    fail<ShapeError>(op, what, " has shape ", p.shape(), " for input ", x.shape());
}
}  // namespace detail

BatchNormResult batch_norm(const Tensor& x, const Tensor& gamma, const Tensor& beta,
                           double epsilon) {
  detail::require_channels("batch_norm", x, gamma, "gamma");
  detail::require_channels("batch_norm", x, beta, "beta");
  Axes axes;
  for (int a = 0; a + 1 < x.rank(); ++a) axes.push_back(a);
  const Tensor m = mean(x, {.axis = axes});
  const Tensor centered = x - m;
  const Tensor v = mean(square(centered), {.axis = axes});
  return {centered * (rsqrt(v + epsilon) * gamma) + beta, stop_gradient(m), stop_gradient(v)};
}

Tensor batch_norm_inference(const Tensor& x, const Tensor& gamma, const Tensor& beta,
                            const Tensor& mean, const Tensor& variance, double epsilon) {
  detail::require_channels("batch_norm", x, gamma, "gamma");
  detail::require_channels("batch_norm", x, beta, "beta");
  detail::require_channels("batch_norm", x, mean, "mean");
  detail::require_channels("batch_norm", x, variance, "variance");
  return (x - mean) * (rsqrt(variance + epsilon) * gamma) + beta;
}

Tensor layer_norm(const Tensor& x, const Tensor& gamma, const Tensor& beta, double epsilon) {
  detail::require_channels("layer_norm", x, gamma, "gamma");
  detail::require_channels("layer_norm", x, beta, "beta");
  const Tensor centered = x - mean(x, {.axis = -1, .keepdims = true});
  const Tensor v = mean(square(centered), {.axis = -1, .keepdims = true});
  return centered * rsqrt(v + epsilon) * gamma + beta;
}

}  // namespace linnet::inline LINNET_ABI
