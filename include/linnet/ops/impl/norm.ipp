#pragma once

#include <array>
#include <vector>

#include "linnet/autograd/tape.hpp"
#include "linnet/autograd/with_vjp.hpp"
#include "linnet/backend/apply.hpp"
#include "linnet/ops/elementwise.hpp"
#include "linnet/ops/impl/batch_norm.ipp"
#include "linnet/ops/impl/composed.ipp"
#include "linnet/ops/norm.hpp"
#include "linnet/ops/primitives/norm.hpp"
#include "linnet/ops/reduce.hpp"

namespace linnet::inline LINNET_ABI {

namespace detail {

/// What the fused kernel computes, in ops: x, gamma and, if centered, beta.
inline Tensor composed_layer_norm(const std::vector<Tensor>& in, const LayerNorm& p) {
  const ReduceOptions rows{.axis = -1, .keepdims = true};
  const Tensor centered = p.center ? in[0] - mean(in[0], rows) : in[0];
  const Tensor y = centered * rsqrt(mean(square(centered), rows) + p.epsilon) * in[1];
  return p.center ? y + in[2] : y;
}

/// The outputs of LayerNormBackward, and no gradient of beta where there is no beta.
inline std::vector<Tensor> layer_norm_gradient(const std::vector<Tensor>& in, const Tensor& dy,
                                               const LayerNorm& p, const Tensor& rstd,
                                               const Tensor& mean) {
  if (differentiates_again(dy, in))
    return composed_gradient(
        in, dy, [&](const std::vector<Tensor>& x) { return composed_layer_norm(x, p); });
  const std::array out{in[0].spec(), in[1].spec(), in[1].spec()};
  const LayerNormBackward backward{p.center};
  const auto [dx, dgamma, dbeta] = p.center ? apply(backward, out, dy, in[0], in[1], rstd, mean)
                                            : apply(backward, out, dy, in[0], in[1], rstd);
  if (!p.center) return {dx, dgamma};
  return {dx, dgamma, dbeta};
}

/// Of float32 or float64 throughout.
inline Tensor fused_layer_norm(const Tensor& x, const Tensor& gamma, const Tensor& beta,
                               const LayerNorm& p) {
  TensorSpec rows = x.spec();
  rows.shape = x.shape().without(-1);
  if (!p.center) {
    const auto [y, rstd] = apply(p, std::array{x.spec(), rows}, x, gamma);
    return with_vjp(y, joint_vjp({&x, &gamma}, [in = std::vector{x, gamma}, p, rstd = rstd](
                                                   const Tensor& dy, const std::vector<bool>&) {
                      return layer_norm_gradient(in, dy, p, rstd, {});
                    }));
  }
  const auto [y, rstd, mean] = apply(p, std::array{x.spec(), rows, rows}, x, gamma, beta);
  return with_vjp(
      y, joint_vjp({&x, &gamma, &beta}, [in = std::vector{x, gamma, beta}, p, rstd = rstd,
                                         mean = mean](const Tensor& dy, const std::vector<bool>&) {
        return layer_norm_gradient(in, dy, p, rstd, mean);
      }));
}

/// In the operands' common dtype: 16-bit floats are computed in float32 and rounded once.
inline Tensor layer_norm_of(const char* op, const Tensor& x, const Tensor& gamma,
                            const Tensor* beta, double epsilon) {
  require_channels(op, x, gamma, "gamma");
  if (beta) require_channels(op, x, *beta, "beta");
  DType t = promote_types(x.dtype(), gamma.dtype());
  if (beta) t = promote_types(t, beta->dtype());
  if (!is_floating(t)) fail<DTypeError>(op, "expected floats, got ", t);
  const DType wide = itemsize(t) == 2 ? DType::float32 : t;
  const Tensor offset = beta ? cast(*beta, wide) : Tensor();
  return cast(
      fused_layer_norm(cast(x, wide), cast(gamma, wide), offset, {epsilon, beta != nullptr}), t);
}

}  // namespace detail

Tensor layer_norm(const Tensor& x, const Tensor& gamma, const Tensor& beta, double epsilon) {
  return detail::layer_norm_of("layer_norm", x, gamma, &beta, epsilon);
}

Tensor rms_norm(const Tensor& x, const Tensor& gamma, double epsilon) {
  return detail::layer_norm_of("rms_norm", x, gamma, nullptr, epsilon);
}

}  // namespace linnet::inline LINNET_ABI
