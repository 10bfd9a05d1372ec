#pragma once

#define LINNET_USES_BACKEND_CPU_WINOGRAD
#undef LINNET_COMPLETE
#if defined(LINNET_HEADER_ONLY) && !defined(LINNET_WITHIN)
#define LINNET_WITHIN
#define LINNET_FIRST_BACKEND_CPU_WINOGRAD
#endif
#include "linnet/backend/kernel.hpp"
#include "linnet/config.hpp"
#include "linnet/ops/primitives/conv.hpp"

/// 3x3 convolutions with stride 1 in float32 by Winograd's F(2x2, 3x3), with less than half of the
/// products: errors are about twice those of plain sums. oneDNN's backend leaves them to these.
namespace linnet::inline LINNET_ABI::detail {

/// Whether a convolution from images `in` to images `out` (dy to dx for the gradient) is one.
LINNET_DECL bool is_winograd_convolution(const Conv2DAttributes& p, DType dtype, const Shape& in,
                                         const Shape& kernel, const Shape& out);
/// The same of the kernel's gradient, which needs more tiles: each part of them writes all sums.
LINNET_DECL bool is_winograd_kernel_gradient(const Conv2DAttributes& p, DType dtype, const Shape& x,
                                             const Shape& kernel, const Shape& dy);

// Null where these are false.
LINNET_DECL KernelPtr winograd_convolution(const Call& call);
LINNET_DECL KernelPtr winograd_convolution_backward_input(const Call& call);
LINNET_DECL KernelPtr winograd_convolution_backward_kernel(const Call& call);

}  // namespace linnet::inline LINNET_ABI::detail

#ifdef LINNET_FIRST_BACKEND_CPU_WINOGRAD
#include "linnet/impl/src.hpp"
#endif
