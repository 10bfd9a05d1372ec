#pragma once

#define LINNET_USES_OPS_PRIMITIVES_QUANTIZATION
#undef LINNET_COMPLETE
#if defined(LINNET_HEADER_ONLY) && !defined(LINNET_WITHIN)
#define LINNET_WITHIN
#define LINNET_FIRST_OPS_PRIMITIVES_QUANTIZATION
#endif

#include <string_view>

#include "linnet/backend/kernel.hpp"
#include "linnet/config.hpp"
#include "linnet/ops/primitives/activation.hpp"
#include "linnet/ops/primitives/conv.hpp"

/// Every scale is float32 and must be positive and finite: its kernels report another.
namespace linnet::inline LINNET_ABI {

/// (x float32, scale, zero_point) -> int8 or uint8, as the zero point is. Scale and zero point are
/// 0-d, or vectors along `axis`.
struct Quantize {
  static constexpr std::string_view name = "quantize";
  static constexpr bool fallible = true;
  int axis = 0;
  bool operator==(const Quantize&) const = default;
  void visit(auto&& field) const { field("axis", axis); }
  LINNET_DECL static KernelPtr cpu_kernel(const Call& call);
};

/// (x int8, uint8 or int32, scale, zero_point as x) -> float32.
struct Dequantize {
  static constexpr std::string_view name = "dequantize";
  static constexpr bool fallible = true;
  int axis = 0;
  bool operator==(const Dequantize&) const = default;
  void visit(auto&& field) const { field("axis", axis); }
  LINNET_DECL static KernelPtr cpu_kernel(const Call& call);
};

/// (a [..., k] int8 or uint8, its scale, its zero point, b [k, n] int8, its scale 0-d or [n],
/// bias [n] float32 if `bias`, the output's scale and zero point unless it is float32).
struct QuantizedMatMul {
  static constexpr std::string_view name = "quantized_matmul";
  static constexpr bool fallible = true;
  bool bias = false;
  Activation activation = Activation::none;
  bool operator==(const QuantizedMatMul&) const = default;
  void visit(auto&& field) const {
    field("bias", bias);
    field("activation", activation);
  }
  LINNET_DECL static KernelPtr cpu_kernel(const Call& call);
};

/// The same of images [n, h, w, in] and a kernel [kh, kw, in / groups, out]. Padding counts as the
/// zero point.
struct QuantizedConv2D : Conv2DAttributes {
  static constexpr std::string_view name = "quantized_conv2d";
  static constexpr bool fallible = true;
  bool bias = false;
  Activation activation = Activation::none;
  bool operator==(const QuantizedConv2D&) const = default;
  void visit(auto&& field) const {
    visit_common(field);
    field("bias", bias);
    field("activation", activation);
  }
  LINNET_DECL static KernelPtr cpu_kernel(const Call& call);
};

}  // namespace linnet::inline LINNET_ABI

#ifdef LINNET_FIRST_OPS_PRIMITIVES_QUANTIZATION
#include "linnet/impl/src.hpp"
#endif
