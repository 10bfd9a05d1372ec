#pragma once

#define LINNET_USES_OPS_PRIMITIVES_POOL
#undef LINNET_COMPLETE
#if defined(LINNET_HEADER_ONLY) && !defined(LINNET_WITHIN)
#define LINNET_WITHIN
#define LINNET_FIRST_OPS_PRIMITIVES_POOL
#endif

#include <string_view>

#include "linnet/backend/kernel.hpp"
#include "linnet/config.hpp"
#include "linnet/ops/primitives/conv.hpp"

namespace linnet::inline LINNET_ABI {

/// Window, strides and padding of a pooling over NHWC images. Padding never counts.
struct Pool2DAttributes {
  bool average = false;
  Size2D window, strides;
  Padding2D padding;
  bool operator==(const Pool2DAttributes&) const = default;
  void visit(auto&& field) const {
    field("average", average);
    field("window", window);
    field("strides", strides);
    field("padding", padding);
  }
};

struct Pool2D : Pool2DAttributes {
  static constexpr std::string_view name = "pool2d";
  bool operator==(const Pool2D&) const = default;
  LINNET_DECL static KernelPtr cpu_kernel(const Call& call);
};

/// Max: (x, y, dy) -> dx, to the first maximum of each window. Average: (dy) -> dx.
struct Pool2DBackward : Pool2DAttributes {
  static constexpr std::string_view name = "pool2d_backward";
  bool operator==(const Pool2DBackward&) const = default;
  LINNET_DECL static KernelPtr cpu_kernel(const Call& call);
};

/// (x, y, v) -> v at each window's first maximum: how a max pooling acts on another tensor; the
/// gradient of Pool2DBackward with respect to dy.
struct MaxPool2DGather : Pool2DAttributes {
  static constexpr std::string_view name = "max_pool2d_gather";
  bool operator==(const MaxPool2DGather&) const = default;
  LINNET_DECL static KernelPtr cpu_kernel(const Call& call);
};

/// Max pooling x -> (y, places): `places` are uint8 of y's shape, where in its window, row by row,
/// the first maximum was. Set by the pooling pass, never by ops; windows of at most 256 elements.
struct MaxPool2DPlaces : Pool2DAttributes {
  static constexpr std::string_view name = "max_pool2d_places";
  bool operator==(const MaxPool2DPlaces&) const = default;
  LINNET_DECL static KernelPtr cpu_kernel(const Call& call);
};

/// (places, dy) -> dx: Pool2DBackward of a max pooling whose places are known.
struct MaxPool2DScatter : Pool2DAttributes {
  static constexpr std::string_view name = "max_pool2d_scatter";
  bool operator==(const MaxPool2DScatter&) const = default;
  LINNET_DECL static KernelPtr cpu_kernel(const Call& call);
};

}  // namespace linnet::inline LINNET_ABI

#ifdef LINNET_FIRST_OPS_PRIMITIVES_POOL
#include "linnet/impl/src.hpp"
#endif
