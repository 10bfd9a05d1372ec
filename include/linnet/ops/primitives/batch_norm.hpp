#pragma once

#define LINNET_USES_OPS_PRIMITIVES_BATCH_NORM
#undef LINNET_COMPLETE
#if defined(LINNET_HEADER_ONLY) && !defined(LINNET_WITHIN)
#define LINNET_WITHIN
#define LINNET_FIRST_OPS_PRIMITIVES_BATCH_NORM
#endif

#include <string_view>

#include "linnet/backend/kernel.hpp"
#include "linnet/config.hpp"

/// Batch normalization over the last axis; float32 and float64.
namespace linnet::inline LINNET_ABI {

/// x [..., c] -> mean, biased variance [c] over all other axes, in one reading.
struct BatchMoments {
  static constexpr std::string_view name = "batch_moments";
  bool operator==(const BatchMoments&) const = default;
  LINNET_DECL static KernelPtr cpu_kernel(const Call& call);
};

/// (dy, x, gamma, mean, variance) -> (dx, dgamma, dbeta) of
/// y = (x - mean) / sqrt(variance + epsilon) * gamma + beta, mean and variance being x's own.
struct BatchNormBackward {
  static constexpr std::string_view name = "batch_norm_backward";
  double epsilon = 0;
  bool operator==(const BatchNormBackward&) const = default;
  void visit(auto&& field) const { field("epsilon", epsilon); }
  LINNET_DECL static KernelPtr cpu_kernel(const Call& call);
};

}  // namespace linnet::inline LINNET_ABI

#ifdef LINNET_FIRST_OPS_PRIMITIVES_BATCH_NORM
#include "linnet/impl/src.hpp"
#endif
