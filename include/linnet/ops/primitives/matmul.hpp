#pragma once

#define LINNET_USES_OPS_PRIMITIVES_MATMUL
#undef LINNET_COMPLETE
#if defined(LINNET_HEADER_ONLY) && !defined(LINNET_WITHIN)
#define LINNET_WITHIN
#define LINNET_FIRST_OPS_PRIMITIVES_MATMUL
#endif

#include <string_view>

#include "linnet/backend/kernel.hpp"
#include "linnet/config.hpp"
#include "linnet/ops/primitives/activation.hpp"

namespace linnet::inline LINNET_ABI {

/// [..., m, k] x [..., k, n] -> [..., m, n]; leading axes broadcast. With `bias` a third input [n]
/// is added. Bias and activation are set by the epilogue pass, never by ops.
struct MatMul {
  static constexpr std::string_view name = "matmul";
  bool bias = false;
  Activation activation = Activation::none;
  bool operator==(const MatMul&) const = default;
  void visit(auto&& field) const {
    field("bias", bias);
    field("activation", activation);
  }
  LINNET_DECL static KernelPtr cpu_kernel(const Call& call);
};

}  // namespace linnet::inline LINNET_ABI

#ifdef LINNET_FIRST_OPS_PRIMITIVES_MATMUL
#include "linnet/impl/src.hpp"
#endif
