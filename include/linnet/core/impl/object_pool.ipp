#pragma once

#include <array>
#include <cstdint>
#include <new>
#include <utility>

#include "linnet/core/object_pool.hpp"

namespace linnet::inline LINNET_ABI::detail {

struct ObjectPool {
  static constexpr std::size_t granule = 64, classes = 9, bound = 4096;
  struct Free {
    Free* next;
  };
  std::array<Free*, classes> lists{};
  std::array<std::uint32_t, classes> counts{};
  bool closed = false;  // the thread is ending: frees go straight to the system

  void close() noexcept {
    closed = true;
    for (Free*& list : lists)
      while (list) ::operator delete (std::exchange(list, list->next), std::align_val_t{granule});
  }
};

inline ObjectPool& object_pool() {
  static constinit thread_local ObjectPool pool{};
  return pool;
}

/// Empties the pool when its thread ends; touched only where the pool grows.
struct ObjectPoolCloser {
  ~ObjectPoolCloser() { object_pool().close(); }
};

inline void close_pool_at_thread_exit() {
  static thread_local ObjectPoolCloser closer;
  (void)closer;
}

void* pool_allocate(std::size_t bytes) {
  const std::size_t c = (bytes + ObjectPool::granule - 1) / ObjectPool::granule;
  ObjectPool& pool = object_pool();
#if !defined(__SANITIZE_ADDRESS__)
  if (ObjectPool::Free* p = pool.lists[c]) {
    pool.lists[c] = p->next;
    --pool.counts[c];
    return p;
  }
#endif
  if (!pool.closed) close_pool_at_thread_exit();
  return ::operator new (c* ObjectPool::granule, std::align_val_t{ObjectPool::granule});
}

void pool_deallocate(void* p, std::size_t bytes) noexcept {
  const std::size_t c = (bytes + ObjectPool::granule - 1) / ObjectPool::granule;
  ObjectPool& pool = object_pool();
#if !defined(__SANITIZE_ADDRESS__)
  if (!pool.closed && pool.counts[c] < ObjectPool::bound) {
    pool.lists[c] = ::new (p) ObjectPool::Free{pool.lists[c]};
    ++pool.counts[c];
    return;
  }
#endif
  (void)pool, (void)c;
  ::operator delete (p, std::align_val_t{ObjectPool::granule});
}

}  // namespace linnet::inline LINNET_ABI::detail
