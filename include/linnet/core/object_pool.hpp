#pragma once

#include <cstddef>

#include "linnet/config.hpp"

/// Implementation detail: memory for the small objects behind tensors, from per-thread free lists,
/// so a tensor costs no heap allocation once warm. At most 512 bytes.
namespace linnet::inline LINNET_ABI::detail {

LINNET_DECL void* pool_allocate(std::size_t bytes);
LINNET_DECL void pool_deallocate(void* p, std::size_t bytes) noexcept;

}  // namespace linnet::inline LINNET_ABI::detail

#ifdef LINNET_HEADER_ONLY
#include "linnet/core/impl/object_pool.ipp"
#endif
