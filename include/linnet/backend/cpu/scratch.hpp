#pragma once

#define LINNET_USES_BACKEND_CPU_SCRATCH
#undef LINNET_COMPLETE
#if defined(LINNET_HEADER_ONLY) && !defined(LINNET_WITHIN)
#define LINNET_WITHIN
#define LINNET_FIRST_BACKEND_CPU_SCRATCH
#endif

#include <cstddef>

#include "linnet/config.hpp"

namespace linnet::inline LINNET_ABI::detail {

/// This thread's scratch memory, at least `bytes`, 64-byte aligned; valid until the next call. It
/// grows to the largest request and stays until the thread ends.
LINNET_DECL void* thread_scratch(std::size_t bytes);

}  // namespace linnet::inline LINNET_ABI::detail

#ifdef LINNET_FIRST_BACKEND_CPU_SCRATCH
#include "linnet/impl/src.hpp"
#endif
