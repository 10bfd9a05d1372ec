#pragma once

#include <algorithm>
#include <mutex>
#include <vector>

#include "linnet/core/allocator.hpp"
#include "linnet/core/fork.hpp"
#include "linnet/core/never_destroyed.hpp"
#include "linnet/graph/arena_pool.hpp"

namespace linnet::inline LINNET_ABI::detail {

struct ArenaPool {
  std::mutex mutex;
  std::vector<ArenaBlock> free;

  void lock() { mutex.lock(); }
  void unlock() { mutex.unlock(); }
};

inline ArenaPool& arena_pool() {
  static NeverDestroyed<ArenaPool> pool;
  static const bool kept =
      (set_release_hook(release_arenas), memory_stats(), keep_across_fork<arena_pool>());
  (void)kept;
  return pool.get();
}

/// Takes the preferred block out of the list, else the largest one.
inline ArenaBlock take_free(std::size_t bytes, void* preferred) {
  ArenaPool& pool = arena_pool();
  std::scoped_lock lock(pool.mutex);
  auto it = std::find_if(pool.free.begin(), pool.free.end(), [&](const ArenaBlock& b) {
    return b.data == preferred && b.bytes >= bytes;
  });
  if (it == pool.free.end())
    it = std::max_element(pool.free.begin(), pool.free.end(),
                          [](const auto& a, const auto& b) { return a.bytes < b.bytes; });
  if (it == pool.free.end()) return {};
  const ArenaBlock block = *it;
  pool.free.erase(it);
  return block;
}

ArenaBlock borrow_arena(std::size_t bytes, void* preferred) {
  if (bytes == 0) return {};
  ArenaBlock block = take_free(bytes, preferred);
  if (block.bytes >= bytes) return block;
  if (block.data) cpu_deallocate(block.data, block.bytes);
  return {cpu_allocate(bytes), bytes};
}

void return_arena(ArenaBlock block) noexcept {
  if (!block.data) return;
  ArenaPool& pool = arena_pool();
  std::scoped_lock lock(pool.mutex);
  pool.free.push_back(block);
}

void release_arenas() noexcept {
  ArenaPool& pool = arena_pool();
  std::scoped_lock lock(pool.mutex);
  for (const ArenaBlock& b : pool.free) cpu_deallocate(b.data, b.bytes);
  pool.free.clear();
}

}  // namespace linnet::inline LINNET_ABI::detail
