#pragma once

#define LINNET_USES_BACKEND_CPU_CONV_TAPS
#undef LINNET_COMPLETE
#if defined(LINNET_HEADER_ONLY) && !defined(LINNET_WITHIN)
#define LINNET_WITHIN
#define LINNET_FIRST_BACKEND_CPU_CONV_TAPS
#endif
#include "linnet/backend/kernel.hpp"
#include "linnet/config.hpp"
#include "linnet/ops/primitives/conv.hpp"

/// Convolutions of images of few pixels and many channels: kernels of their own, which oneDNN's
/// backend leaves them to, being slower there.
namespace linnet::inline LINNET_ABI::detail {

/// Whether these kernels are the better ones: the shapes of the forward direction.
LINNET_DECL bool is_taps_convolution(const Conv2DAttributes& p, DType dtype, const Shape& x,
                                     const Shape& kernel, const Shape& y);

// Null where is_taps_convolution() is false.
LINNET_DECL KernelPtr taps_convolution(const Call& call);
LINNET_DECL KernelPtr taps_convolution_backward_input(const Call& call);
LINNET_DECL KernelPtr taps_convolution_backward_kernel(const Call& call);

}  // namespace linnet::inline LINNET_ABI::detail

#ifdef LINNET_FIRST_BACKEND_CPU_CONV_TAPS
#include "linnet/impl/src.hpp"
#endif
