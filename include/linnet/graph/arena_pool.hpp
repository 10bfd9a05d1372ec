#pragma once

#define LINNET_USES_GRAPH_ARENA_POOL
#undef LINNET_COMPLETE
#if defined(LINNET_HEADER_ONLY) && !defined(LINNET_WITHIN)
#define LINNET_WITHIN
#define LINNET_FIRST_GRAPH_ARENA_POOL
#endif

#include <cstddef>

#include "linnet/config.hpp"

namespace linnet::inline LINNET_ABI::detail {

/// A block of arena memory on loan to one running executable.
struct ArenaBlock {
  void* data = nullptr;
  std::size_t bytes = 0;
};

/// All executables borrow from one pool, so that training, the smaller last batch and evaluation
/// together cost the largest plan, not the sum. `preferred` is handed out again if it is free and
/// large enough (its addresses are then still bound).
LINNET_DECL ArenaBlock borrow_arena(std::size_t bytes, void* preferred);
LINNET_DECL void return_arena(ArenaBlock block) noexcept;
/// Frees the blocks that nobody uses.
LINNET_DECL void release_arenas() noexcept;

}  // namespace linnet::inline LINNET_ABI::detail

#ifdef LINNET_FIRST_GRAPH_ARENA_POOL
#include "linnet/impl/src.hpp"
#endif
