#pragma once

#define LINNET_USES_OPS_PRIMITIVES_SHAPE
#undef LINNET_COMPLETE
#if defined(LINNET_HEADER_ONLY) && !defined(LINNET_WITHIN)
#define LINNET_WITHIN
#define LINNET_FIRST_OPS_PRIMITIVES_SHAPE
#endif

#include <string_view>

#include "linnet/backend/kernel.hpp"
#include "linnet/backend/layout.hpp"
#include "linnet/backend/primitive.hpp"
#include "linnet/config.hpp"

/// Views: the same memory under another shape. Under capture they are nodes that cost nothing.
namespace linnet::inline LINNET_ABI {

struct Reshape {
  static constexpr std::string_view name = "reshape";
  Shape shape;
  bool operator==(const Reshape&) const = default;
  void visit(auto&& field) const { field("shape", shape); }
  LINNET_DECL bool view(const StridedView& in, StridedView& out) const;
};

struct Transpose {
  static constexpr std::string_view name = "transpose";
  Shape perm;  ///< out axis i is in axis perm[i]
  bool operator==(const Transpose&) const = default;
  void visit(auto&& field) const { field("perm", perm); }
  LINNET_DECL bool view(const StridedView& in, StridedView& out) const;
};

struct BroadcastTo {
  static constexpr std::string_view name = "broadcast_to";
  Shape shape;
  bool operator==(const BroadcastTo&) const = default;
  void visit(auto&& field) const { field("shape", shape); }
  LINNET_DECL bool view(const StridedView& in, StridedView& out) const;
};

/// Element start + i * step for i < size along each axis; steps may be negative.
struct SliceView {
  static constexpr std::string_view name = "slice";
  Shape start, step, size;
  bool operator==(const SliceView&) const = default;
  void visit(auto&& field) const {
    field("start", start);
    field("step", step);
    field("size", size);
  }
  LINNET_DECL bool view(const StridedView& in, StridedView& out) const;
};

/// Copies inputs one after the other along an axis.
struct Concat {
  static constexpr std::string_view name = "concat";
  int axis = 0;
  bool operator==(const Concat&) const = default;
  void visit(auto&& field) const { field("axis", axis); }
  LINNET_DECL static KernelPtr cpu_kernel(const Call& call);
};

/// The input among a border of the immediate's value.
struct Pad {
  static constexpr std::string_view name = "pad";
  Shape low, high;
  bool operator==(const Pad&) const = default;
  void visit(auto&& field) const {
    field("low", low);
    field("high", high);
  }
  LINNET_DECL static KernelPtr cpu_kernel(const Call& call);
};

/// A tensor of zeros with its input written at a slice: the gradient of slicing.
struct SliceScatter {
  static constexpr std::string_view name = "slice_scatter";
  Shape start, step;
  bool operator==(const SliceScatter&) const = default;
  void visit(auto&& field) const {
    field("start", start);
    field("step", step);
  }
  LINNET_DECL static KernelPtr cpu_kernel(const Call& call);
};

}  // namespace linnet::inline LINNET_ABI

#ifdef LINNET_FIRST_OPS_PRIMITIVES_SHAPE
#include "linnet/impl/src.hpp"
#endif
