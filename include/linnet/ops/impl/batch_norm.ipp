#pragma once

#include <array>
#include <vector>

#include "linnet/autograd/tape.hpp"
#include "linnet/autograd/with_vjp.hpp"
#include "linnet/backend/apply.hpp"
#include "linnet/ops/elementwise.hpp"
#include "linnet/ops/elementwise_apply.hpp"
#include "linnet/ops/impl/composed.ipp"
#include "linnet/ops/norm.hpp"
#include "linnet/ops/primitives/batch_norm.hpp"
#include "linnet/ops/reduce.hpp"

namespace linnet::inline LINNET_ABI {

namespace detail {

inline void require_channels(const char* op, const Tensor& x, const Tensor& p, const char* what) {
  if (x.rank() < 2 || !(p.shape() == Shape{x.dim(-1)}))
    fail<ShapeError>(op, what, " has shape ", p.shape(), " for input ", x.shape());
}

/// In ops, which differentiate again, for any dtype.
inline BatchNormResult composed_batch_norm(const Tensor& x, const Tensor& gamma, const Tensor& beta,
                                           double epsilon) {
  Axes axes;
  for (int a = 0; a + 1 < x.rank(); ++a) axes.push_back(a);
  const Tensor m = mean(x, {.axis = axes});
  const Tensor centered = x - m;
  const Tensor v = mean(square(centered), {.axis = axes});
  return {centered * (rsqrt(v + epsilon) * gamma) + beta, stop_gradient(m), stop_gradient(v)};
}

inline std::vector<Tensor> batch_norm_gradient(const std::vector<Tensor>& in, const Tensor& dy,
                                               const Tensor& mean, const Tensor& variance,
                                               double epsilon) {
  if (differentiates_again(dy, in))
    return composed_gradient(in, dy, [&](const std::vector<Tensor>& x) {
      return composed_batch_norm(x[0], x[1], x[2], epsilon).y;
    });
  const TensorSpec channels = in[1].spec();
  const auto [dx, dgamma, dbeta] =
      apply(BatchNormBackward{epsilon}, std::array{in[0].spec(), channels, channels}, dy, in[0],
            in[1], mean, variance);
  return {dx, dgamma, dbeta};
}

}  // namespace detail

BatchNormResult batch_norm(const Tensor& x, const Tensor& gamma, const Tensor& beta,
                           double epsilon) {
  detail::require_channels("batch_norm", x, gamma, "gamma");
  detail::require_channels("batch_norm", x, beta, "beta");
  const DType t = x.dtype();
  if ((t != DType::float32 && t != DType::float64) || gamma.dtype() != t || beta.dtype() != t)
    return detail::composed_batch_norm(x, gamma, beta, epsilon);
  const auto [m, v] = apply(BatchMoments{}, std::array{gamma.spec(), gamma.spec()}, x);
  // Unseen by tapes, which see the whole; in a graph a chain that takes in what follows.
  const Tensor y = detail::apply_ternary(ew::scaled_difference, stop_gradient(x), m,
                                         rsqrt(v + epsilon) * stop_gradient(gamma)) +
                   stop_gradient(beta);
  return {with_vjp(y, joint_vjp({&x, &gamma, &beta},
                                [in = std::vector{x, gamma, beta}, m = m, v = v, epsilon](
                                    const Tensor& dy, const std::vector<bool>&) {
                                  return detail::batch_norm_gradient(in, dy, m, v, epsilon);
                                })),
          m, v};
}

Tensor batch_norm_inference(const Tensor& x, const Tensor& gamma, const Tensor& beta,
                            const Tensor& mean, const Tensor& variance, double epsilon) {
  detail::require_channels("batch_norm", x, gamma, "gamma");
  detail::require_channels("batch_norm", x, beta, "beta");
  detail::require_channels("batch_norm", x, mean, "mean");
  detail::require_channels("batch_norm", x, variance, "variance");
  return (x - mean) * (rsqrt(variance + epsilon) * gamma) + beta;
}

}  // namespace linnet::inline LINNET_ABI
