#pragma once

#define LINNET_USES_CORE_OBJECT_POOL
#undef LINNET_COMPLETE
#if defined(LINNET_HEADER_ONLY) && !defined(LINNET_WITHIN)
#define LINNET_WITHIN
#define LINNET_FIRST_CORE_OBJECT_POOL
#endif

#include <cstddef>

#include "linnet/config.hpp"

/// Implementation detail: memory for the small objects behind tensors, from per-thread free lists,
/// so a tensor costs no heap allocation once warm. At most 512 bytes.
namespace linnet::inline LINNET_ABI::detail {

LINNET_DECL void* pool_allocate(std::size_t bytes);
LINNET_DECL void pool_deallocate(void* p, std::size_t bytes) noexcept;

}  // namespace linnet::inline LINNET_ABI::detail

#ifdef LINNET_FIRST_CORE_OBJECT_POOL
#include "linnet/impl/src.hpp"
#endif
