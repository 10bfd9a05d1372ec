#pragma once

#include "linnet/backend/kernel.hpp"

/// The three convolutions through oneDNN, NHWC in float32 or bfloat16; null where it has nothing
/// fast.
namespace linnet::inline LINNET_ABI::onednn {

KernelPtr convolution(const Call& call);
KernelPtr convolution_backward_input(const Call& call);
KernelPtr convolution_backward_kernel(const Call& call);

}  // namespace linnet::inline LINNET_ABI::onednn
