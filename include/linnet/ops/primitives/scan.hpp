#pragma once

#define LINNET_USES_OPS_PRIMITIVES_SCAN
#undef LINNET_COMPLETE
#if defined(LINNET_HEADER_ONLY) && !defined(LINNET_WITHIN)
#define LINNET_WITHIN
#define LINNET_FIRST_OPS_PRIMITIVES_SCAN
#endif

#include <string_view>

#include "linnet/backend/kernel.hpp"
#include "linnet/config.hpp"

namespace linnet::inline LINNET_ABI {

/// (x) -> sums or products of x's elements up to each along an axis.
struct Scan {
  static constexpr std::string_view name = "scan";
  bool product = false;
  int axis = 0;
  bool exclusive = false, reverse = false;
  bool operator==(const Scan&) const = default;
  void visit(auto&& field) const {
    field("product", product), field("axis", axis);
    field("exclusive", exclusive), field("reverse", reverse);
  }
  LINNET_DECL static KernelPtr cpu_kernel(const Call& call);
};

/// (a, b) -> y with y[k] = a[k] y[k-1] + b[k] along an axis, 0 before the first; floats.
struct LinearRecurrence {
  static constexpr std::string_view name = "linear_recurrence";
  int axis = 0;
  bool reverse = false;
  bool operator==(const LinearRecurrence&) const = default;
  void visit(auto&& field) const { field("axis", axis), field("reverse", reverse); }
  LINNET_DECL static KernelPtr cpu_kernel(const Call& call);
};

}  // namespace linnet::inline LINNET_ABI

#ifdef LINNET_FIRST_OPS_PRIMITIVES_SCAN
#include "linnet/impl/src.hpp"
#endif
