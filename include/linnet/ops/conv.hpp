#pragma once

#define LINNET_USES_OPS_CONV
#undef LINNET_COMPLETE
#if defined(LINNET_HEADER_ONLY) && !defined(LINNET_WITHIN)
#define LINNET_WITHIN
#define LINNET_FIRST_OPS_CONV
#endif

#include <optional>
#include <string_view>

#include "linnet/config.hpp"
#include "linnet/core/tensor.hpp"
#include "linnet/ops/primitives/conv.hpp"

namespace linnet::inline LINNET_ABI {

struct Conv2DOptions {
  Size2D strides = 1;
  std::string_view padding = "valid";  ///< "valid" or "same" (the odd row of padding comes after)
  Size2D dilations = 1;
  int groups = 1;
};

/// 2-D cross-correlation of x [n, h, w, in] (NHWC) with a kernel [kh, kw, in / groups, out] (HWIO)
/// -> [n, oh, ow, out]; valid: oh = ceil((h - (kh - 1) d) / s), same: oh = ceil(h / s). floats;
/// float16 and bfloat16 sum in float32. 3x3 windows with stride 1 may run by Winograd's
/// F(2x2, 3x3), here and in both gradients: in float32 errors are about twice those of plain sums.
/// ShapeError if channels do not fit or the output would be empty, ValueError for an unknown
/// padding.
LINNET_DECL Tensor conv2d(const Tensor& x, const Tensor& kernel, const Conv2DOptions& options = {});

struct Conv2DTransposeOptions {
  Size2D strides = 1;
  std::string_view padding = "valid";
  std::optional<Size2D> output_padding{};  ///< makes up for what strides leave open, see below
  Size2D dilations = 1;
};

/// The gradient of a conv2d by its input: x [n, h, w, in] with a kernel [kh, kw, out, in] ->
/// [n, oh, ow, out]. With k = (kh - 1) d + 1, oh is (h - 1) s + max(k, s) for valid and h s for
/// same padding; with an output_padding p (h - 1) s + k + p and (h - 1) s + k - 2 floor(k / 2) + p.
/// Errors as conv2d; ValueError for an output_padding that no conv2d of these strides leaves open.
LINNET_DECL Tensor conv2d_transpose(const Tensor& x, const Tensor& kernel,
                                    const Conv2DTransposeOptions& options = {});

struct Pool2DOptions {
  Size2D strides = 0;  ///< 0: the window
  std::string_view padding = "valid";
};

/// Maximum / mean over windows of x [n, h, w, c]. Padding ("same") never counts; the gradient of a
/// maximum goes to its first place.
LINNET_DECL Tensor max_pool2d(const Tensor& x, Size2D window, const Pool2DOptions& options = {});
LINNET_DECL Tensor avg_pool2d(const Tensor& x, Size2D window, const Pool2DOptions& options = {});

}  // namespace linnet::inline LINNET_ABI

#ifdef LINNET_FIRST_OPS_CONV
#include "linnet/impl/src.hpp"
#endif
