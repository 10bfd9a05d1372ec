#pragma once

#define LINNET_USES_OPS_PRIMITIVES_SORT
#undef LINNET_COMPLETE
#if defined(LINNET_HEADER_ONLY) && !defined(LINNET_WITHIN)
#define LINNET_WITHIN
#define LINNET_FIRST_OPS_PRIMITIVES_SORT
#endif

#include <string_view>

#include "linnet/backend/kernel.hpp"
#include "linnet/config.hpp"

namespace linnet::inline LINNET_ABI {

/// (x) -> int32 indices of the elements along the last axis in order, as many as the output's last
/// axis takes; equal elements stay in their order.
struct ArgSort {
  static constexpr std::string_view name = "argsort";
  bool descending = false;
  bool operator==(const ArgSort&) const = default;
  void visit(auto&& field) const { field("descending", descending); }
  LINNET_DECL static KernelPtr cpu_kernel(const Call& call);
};

}  // namespace linnet::inline LINNET_ABI

#ifdef LINNET_FIRST_OPS_PRIMITIVES_SORT
#include "linnet/impl/src.hpp"
#endif
