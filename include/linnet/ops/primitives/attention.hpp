#pragma once

#define LINNET_USES_OPS_PRIMITIVES_ATTENTION
#undef LINNET_COMPLETE
#if defined(LINNET_HEADER_ONLY) && !defined(LINNET_WITHIN)
#define LINNET_WITHIN
#define LINNET_FIRST_OPS_PRIMITIVES_ATTENTION
#endif

#include <string_view>

#include "linnet/backend/kernel.hpp"
#include "linnet/config.hpp"

namespace linnet::inline LINNET_ABI {

/// (q [n, t, h, d], k [n, s, h, d], v [n, s, h, e], and a mask [n, h, t, s] or none) -> (y
/// [n, t, h, e], log_sum [n, h, t]): y = softmax(scale q k^T + mask) v for each head, and the
/// logarithm of the sum of its exponentials, infinite for a query that sees no key. The mask is
/// bool, which keys a query sees, or of q's dtype and added. With `causal` query i sees keys 0 to
/// i. Strided operands are read where they lie. float32 and float64.
struct ScaledDotProductAttention {
  static constexpr std::string_view name = "scaled_dot_product_attention";
  double scale = 1;
  bool causal = false;
  bool operator==(const ScaledDotProductAttention&) const = default;
  void visit(auto&& field) const {
    field("scale", scale);
    field("causal", causal);
  }
  LINNET_DECL static KernelPtr cpu_kernel(const Call& call);
};

/// (dy, y, log_sum, q, k, v, mask or none) -> (dq, dk, dv), shaped as q, k and v.
struct ScaledDotProductAttentionBackward {
  static constexpr std::string_view name = "scaled_dot_product_attention_backward";
  double scale = 1;
  bool causal = false;
  bool operator==(const ScaledDotProductAttentionBackward&) const = default;
  void visit(auto&& field) const {
    field("scale", scale);
    field("causal", causal);
  }
  LINNET_DECL static KernelPtr cpu_kernel(const Call& call);
};

}  // namespace linnet::inline LINNET_ABI

#ifdef LINNET_FIRST_OPS_PRIMITIVES_ATTENTION
#include "linnet/impl/src.hpp"
#endif
