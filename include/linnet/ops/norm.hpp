#pragma once

#define LINNET_USES_OPS_NORM
#undef LINNET_COMPLETE
#if defined(LINNET_HEADER_ONLY) && !defined(LINNET_WITHIN)
#define LINNET_WITHIN
#define LINNET_FIRST_OPS_NORM
#endif

#include "linnet/config.hpp"
#include "linnet/core/tensor.hpp"

namespace linnet::inline LINNET_ABI {

struct BatchNormResult {
  Tensor y, mean, variance;  ///< mean and variance [c]: of the batch, biased, without gradient
};

/// y = (x - mean) / sqrt(variance + epsilon) * gamma + beta with the statistics of x [..., c] over
/// all axes but the last. gamma and beta [c]. ShapeError if they do not fit.
LINNET_DECL BatchNormResult batch_norm(const Tensor& x, const Tensor& gamma, const Tensor& beta,
                                       double epsilon = 1e-3);
/// The same with given statistics [c].
LINNET_DECL Tensor batch_norm_inference(const Tensor& x, const Tensor& gamma, const Tensor& beta,
                                        const Tensor& mean, const Tensor& variance,
                                        double epsilon = 1e-3);
/// (x - mean) / sqrt(variance + epsilon) * gamma + beta over the last axis of x [..., c], variance
/// biased; gamma and beta [c]. Floating dtypes; ShapeError if they do not fit.
LINNET_DECL Tensor layer_norm(const Tensor& x, const Tensor& gamma, const Tensor& beta,
                              double epsilon = 1e-3);
/// x / sqrt(mean(x^2) + epsilon) * gamma over the last axis of x [..., c]; gamma [c]. Floating
/// dtypes; ShapeError if gamma does not fit.
LINNET_DECL Tensor rms_norm(const Tensor& x, const Tensor& gamma, double epsilon = 1e-6);

}  // namespace linnet::inline LINNET_ABI

#ifdef LINNET_FIRST_OPS_NORM
#include "linnet/impl/src.hpp"
#endif
