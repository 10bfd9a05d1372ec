#pragma once

#define LINNET_USES_OPS_PRIMITIVES_LINALG
#undef LINNET_COMPLETE
#if defined(LINNET_HEADER_ONLY) && !defined(LINNET_WITHIN)
#define LINNET_WITHIN
#define LINNET_FIRST_OPS_PRIMITIVES_LINALG
#endif

#include <string_view>

#include "linnet/backend/kernel.hpp"
#include "linnet/config.hpp"

namespace linnet::inline LINNET_ABI {

/// (a [..., n, n], b [..., n, k]) -> y with a y = b (or transpose(a) y = b); a singular matrix is a
/// ValueError.
struct Solve {
  static constexpr std::string_view name = "solve";
  static constexpr bool fallible = true;
  bool adjoint = false;
  bool operator==(const Solve&) const = default;
  void visit(auto&& field) const { field("adjoint", adjoint); }
  LINNET_DECL static KernelPtr cpu_kernel(const Call& call);
};

}  // namespace linnet::inline LINNET_ABI

#ifdef LINNET_FIRST_OPS_PRIMITIVES_LINALG
#include "linnet/impl/src.hpp"
#endif
