#pragma once

#include "linnet/autograd/tape.hpp"
#include "linnet/ops/elementwise.hpp"
#include "linnet/ops/impl/batch_norm.ipp"
#include "linnet/ops/norm.hpp"
#include "linnet/ops/reduce.hpp"

namespace linnet::inline LINNET_ABI {

Tensor layer_norm(const Tensor& x, const Tensor& gamma, const Tensor& beta, double epsilon) {
  detail::require_channels("layer_norm", x, gamma, "gamma");
  detail::require_channels("layer_norm", x, beta, "beta");
  const Tensor centered = x - mean(x, {.axis = -1, .keepdims = true});
  const Tensor v = mean(square(centered), {.axis = -1, .keepdims = true});
  return centered * rsqrt(v + epsilon) * gamma + beta;
}

}  // namespace linnet::inline LINNET_ABI
