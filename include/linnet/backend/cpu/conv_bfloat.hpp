#pragma once

#define LINNET_USES_BACKEND_CPU_CONV_BFLOAT
#undef LINNET_COMPLETE
#if defined(LINNET_HEADER_ONLY) && !defined(LINNET_WITHIN)
#define LINNET_WITHIN
#define LINNET_FIRST_BACKEND_CPU_CONV_BFLOAT
#endif
#include "linnet/backend/kernel.hpp"
#include "linnet/config.hpp"
#include "linnet/ops/primitives/conv.hpp"

/// Gradients of kernels from bfloat16 where the processor multiplies pairs of them: oneDNN's
/// backend leaves them to these.
namespace linnet::inline LINNET_ABI::detail {

/// Whether this kernel is the better one: many pixels, whole vectors of output channels.
LINNET_DECL bool is_bfloat_kernel_gradient(const Conv2DAttributes& p, DType dtype, const Shape& x,
                                           const Shape& kernel, const Shape& dy);

/// Null where is_bfloat_kernel_gradient() is false.
LINNET_DECL KernelPtr bfloat_convolution_backward_kernel(const Call& call);

}  // namespace linnet::inline LINNET_ABI::detail

#ifdef LINNET_FIRST_BACKEND_CPU_CONV_BFLOAT
#include "linnet/impl/src.hpp"
#endif
