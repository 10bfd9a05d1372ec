#pragma once

#define LINNET_USES_BACKEND_CPU_WIDENED
#undef LINNET_COMPLETE
#include "linnet/backend/kernel.hpp"
#include "linnet/config.hpp"

namespace linnet::inline LINNET_ABI::detail {

/// A kernel for a call with float16 or bfloat16 operands: these are widened to float32 in the
/// workspace, the float32 kernel runs, and results are rounded once.
LINNET_DECL KernelPtr widened_kernel(const Call& call);

}  // namespace linnet::inline LINNET_ABI::detail
