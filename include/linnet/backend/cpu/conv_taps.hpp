#pragma once

#define LINNET_USES_BACKEND_CPU_CONV_TAPS
#undef LINNET_COMPLETE
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
