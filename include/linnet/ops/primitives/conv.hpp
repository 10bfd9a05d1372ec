#pragma once

#define LINNET_USES_OPS_PRIMITIVES_CONV
#undef LINNET_COMPLETE
#if defined(LINNET_HEADER_ONLY) && !defined(LINNET_WITHIN)
#define LINNET_WITHIN
#define LINNET_FIRST_OPS_PRIMITIVES_CONV
#endif

#include <array>
#include <cstdint>
#include <string_view>

#include "linnet/backend/kernel.hpp"
#include "linnet/config.hpp"
#include "linnet/ops/primitives/activation.hpp"

namespace linnet::inline LINNET_ABI {

/// Height and width of something; one number means both.
struct Size2D {
  std::int64_t h = 1, w = 1;
  constexpr Size2D() = default;
  constexpr Size2D(int both) : h(both), w(both) {}  // NOLINT: implicit on purpose
  constexpr Size2D(std::int64_t height, std::int64_t width) : h(height), w(width) {}
  friend constexpr bool operator==(const Size2D&, const Size2D&) = default;
  const std::int64_t* begin() const { return &h; }  // h and w, for hashing and printing
  const std::int64_t* end() const { return &h + 2; }
};

/// Rows and columns of padding before and after.
struct Padding2D {
  std::int64_t top = 0, bottom = 0, left = 0, right = 0;
  friend constexpr bool operator==(const Padding2D&, const Padding2D&) = default;
  const std::int64_t* begin() const { return &top; }
  const std::int64_t* end() const { return &top + 4; }
};

/// What the three convolution primitives share. Data NHWC, kernels HWIO (I = in / groups).
struct Conv2DAttributes {
  Size2D strides, dilations;
  Padding2D padding;
  int groups = 1;
  bool operator==(const Conv2DAttributes&) const = default;
  void visit_common(auto&& field) const {
    field("strides", strides);
    field("padding", padding);
    field("dilations", dilations);
    field("groups", groups);
  }
};

/// Cross-correlation; with `bias` a third input [out_channels].
struct Conv2D : Conv2DAttributes {
  static constexpr std::string_view name = "conv2d";
  bool bias = false;  ///< set, as the activation, by the epilogue pass, never by ops
  Activation activation = Activation::none;
  bool operator==(const Conv2D&) const = default;
  void visit(auto&& field) const {
    visit_common(field);
    field("bias", bias);
    field("activation", activation);
  }
  LINNET_DECL static KernelPtr cpu_kernel(const Call& call);
};

/// (dy, kernel) -> dx
struct Conv2DBackwardInput : Conv2DAttributes {
  static constexpr std::string_view name = "conv2d_backward_input";
  bool operator==(const Conv2DBackwardInput&) const = default;
  void visit(auto&& field) const { visit_common(field); }
  LINNET_DECL static KernelPtr cpu_kernel(const Call& call);
};

/// (x, dy) -> dkernel
struct Conv2DBackwardKernel : Conv2DAttributes {
  static constexpr std::string_view name = "conv2d_backward_kernel";
  bool operator==(const Conv2DBackwardKernel&) const = default;
  void visit(auto&& field) const { visit_common(field); }
  LINNET_DECL static KernelPtr cpu_kernel(const Call& call);
};

}  // namespace linnet::inline LINNET_ABI

#ifdef LINNET_FIRST_OPS_PRIMITIVES_CONV
#include "linnet/impl/src.hpp"
#endif
