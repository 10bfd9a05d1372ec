#pragma once

#define LINNET_USES_BACKEND_CPU_WIDENED
#undef LINNET_COMPLETE
#if defined(LINNET_HEADER_ONLY) && !defined(LINNET_WITHIN)
#define LINNET_WITHIN
#define LINNET_FIRST_BACKEND_CPU_WIDENED
#endif
#include "linnet/backend/kernel.hpp"
#include "linnet/config.hpp"

namespace linnet::inline LINNET_ABI::detail {

/// A kernel for a call with float16 or bfloat16 operands: these are widened to float32 in the
/// workspace, the float32 kernel runs, and results are rounded once.
LINNET_DECL KernelPtr widened_kernel(const Call& call);

}  // namespace linnet::inline LINNET_ABI::detail

#ifdef LINNET_FIRST_BACKEND_CPU_WIDENED
#include "linnet/impl/src.hpp"
#endif
