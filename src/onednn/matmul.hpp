#pragma once

#include "linnet/backend/kernel.hpp"

namespace linnet::inline LINNET_ABI::onednn {

/// Products of bfloat16 matrices through oneDNN, in either orientation and without copies; null for
/// batches of matrices and where it has nothing fast. (In float32 Linnet's own kernel is as fast.)
KernelPtr matmul(const Call& call);

}  // namespace linnet::inline LINNET_ABI::onednn
