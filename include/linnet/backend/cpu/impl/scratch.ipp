#pragma once

#include "linnet/backend/cpu/scratch.hpp"
#include "linnet/core/allocator.hpp"

namespace linnet::inline LINNET_ABI::detail {

struct ThreadScratch {
  void* data = nullptr;
  std::size_t bytes = 0;
  ~ThreadScratch() { cpu_deallocate(data, bytes); }
};

void* thread_scratch(std::size_t bytes) {
  static thread_local ThreadScratch scratch;
  if (scratch.bytes < bytes) {
    void* larger = cpu_allocate(bytes);
    cpu_deallocate(scratch.data, scratch.bytes);
    scratch.data = larger;
    scratch.bytes = bytes;
  }
  return scratch.data;
}

}  // namespace linnet::inline LINNET_ABI::detail
