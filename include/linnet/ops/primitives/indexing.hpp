#pragma once

#define LINNET_USES_OPS_PRIMITIVES_INDEXING
#undef LINNET_COMPLETE
#if defined(LINNET_HEADER_ONLY) && !defined(LINNET_WITHIN)
#define LINNET_WITHIN
#define LINNET_FIRST_OPS_PRIMITIVES_INDEXING
#endif

#include <string_view>

#include "linnet/backend/kernel.hpp"
#include "linnet/config.hpp"

namespace linnet::inline LINNET_ABI {

/// (x, indices) -> x's slices along `axis` at the indices: shape x[:axis] + indices + x[axis+1:].
/// An index outside [0, n) is an IndexError.
struct Gather {
  static constexpr std::string_view name = "gather";
  static constexpr bool fallible = true;
  int axis = 0;
  bool operator==(const Gather&) const = default;
  void visit(auto&& field) const { field("axis", axis); }
  LINNET_DECL static KernelPtr cpu_kernel(const Call& call);
};

/// (dy, indices) -> zeros of x's shape with dy's slices added at the indices, in their order.
/// Indices outside the axis are skipped.
struct GatherBackward {
  static constexpr std::string_view name = "gather_backward";
  int axis = 0;
  bool operator==(const GatherBackward&) const = default;
  void visit(auto&& field) const { field("axis", axis); }
  LINNET_DECL static KernelPtr cpu_kernel(const Call& call);
};

/// (indices) -> indices.shape + [depth]: on value at the index, off elsewhere (immediates 0 and 1).
/// Indices outside [0, depth) give a row of off values.
struct OneHot {
  static constexpr std::string_view name = "one_hot";
  bool operator==(const OneHot&) const = default;
  LINNET_DECL static KernelPtr cpu_kernel(const Call& call);
};

}  // namespace linnet::inline LINNET_ABI

#ifdef LINNET_FIRST_OPS_PRIMITIVES_INDEXING
#include "linnet/impl/src.hpp"
#endif
