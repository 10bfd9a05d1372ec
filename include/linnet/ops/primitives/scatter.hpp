#pragma once

#define LINNET_USES_OPS_PRIMITIVES_SCATTER
#undef LINNET_COMPLETE
#if defined(LINNET_HEADER_ONLY) && !defined(LINNET_WITHIN)
#define LINNET_WITHIN
#define LINNET_FIRST_OPS_PRIMITIVES_SCATTER
#endif

#include <string_view>

#include "linnet/backend/kernel.hpp"
#include "linnet/config.hpp"
#include "linnet/core/shape.hpp"

namespace linnet::inline LINNET_ABI {

/// (indices [..., k]) -> int64 places in a row-major array of k axes; an index outside of its axis
/// is an IndexError.
struct FlatIndex {
  static constexpr std::string_view name = "flat_index";
  static constexpr bool fallible = true;
  Shape dims{};
  bool operator==(const FlatIndex&) const = default;
  void visit(auto&& field) const { field("dims", dims); }
  LINNET_DECL static KernelPtr cpu_kernel(const Call& call);
};

enum class ScatterMode { update, add, min, max };

/// (x [rows, inner], int64 places [n], updates [n, inner]) -> x with the rows at the places
/// changed, in the updates' order. Places outside of x are skipped.
struct Scatter {
  static constexpr std::string_view name = "scatter";
  ScatterMode mode = ScatterMode::update;
  bool operator==(const Scatter&) const = default;
  void visit(auto&& field) const { field("mode", static_cast<int>(mode)); }
  LINNET_DECL static KernelPtr cpu_kernel(const Call& call);
};

}  // namespace linnet::inline LINNET_ABI

#ifdef LINNET_FIRST_OPS_PRIMITIVES_SCATTER
#include "linnet/impl/src.hpp"
#endif
