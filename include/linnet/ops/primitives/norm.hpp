#pragma once

#define LINNET_USES_OPS_PRIMITIVES_NORM
#undef LINNET_COMPLETE
#if defined(LINNET_HEADER_ONLY) && !defined(LINNET_WITHIN)
#define LINNET_WITHIN
#define LINNET_FIRST_OPS_PRIMITIVES_NORM
#endif

#include <string_view>

#include "linnet/backend/kernel.hpp"
#include "linnet/config.hpp"

namespace linnet::inline LINNET_ABI {

/// (x [..., c], gamma [c], beta [c]) -> (y [..., c], rstd [...], mean [...]): each row less its
/// mean, over the root of its variance + epsilon. Without `center` nothing is subtracted, the
/// variance is the mean of the squares, and beta and mean are absent. float32 and float64.
struct LayerNorm {
  static constexpr std::string_view name = "layer_norm";
  double epsilon = 0;
  bool center = true;
  bool operator==(const LayerNorm&) const = default;
  void visit(auto&& field) const {
    field("epsilon", epsilon);
    field("center", center);
  }
  LINNET_DECL static KernelPtr cpu_kernel(const Call& call);
};

/// (dy, x, gamma, rstd, mean if centered) -> (dx, dgamma [c], dbeta [c]).
struct LayerNormBackward {
  static constexpr std::string_view name = "layer_norm_backward";
  bool center = true;
  bool operator==(const LayerNormBackward&) const = default;
  void visit(auto&& field) const { field("center", center); }
  LINNET_DECL static KernelPtr cpu_kernel(const Call& call);
};

}  // namespace linnet::inline LINNET_ABI

#ifdef LINNET_FIRST_OPS_PRIMITIVES_NORM
#include "linnet/impl/src.hpp"
#endif
