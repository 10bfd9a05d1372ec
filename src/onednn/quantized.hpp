#pragma once

#include "linnet/backend/kernel.hpp"

/// Products of 8-bit integers: oneDNN sums, Linnet finishes, so that both give the same bits.
/// Linnet's own kernels are as fast with AVX-512 VNNI, so oneDNN's are taken where there is AMX,
/// for convolutions in groups, and, if `always`, wherever they are exact; else null. Without VNNI
/// oneDNN saturates partial sums at 16 bits and is never taken.
namespace linnet::inline LINNET_ABI::onednn {

KernelPtr quantized_matmul(const Call& call, bool always);
KernelPtr quantized_convolution(const Call& call, bool always);

}  // namespace linnet::inline LINNET_ABI::onednn
