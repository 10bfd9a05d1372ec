#pragma once

#define LINNET_USES_CORE_ALLOCATOR
#undef LINNET_COMPLETE
#if defined(LINNET_HEADER_ONLY) && !defined(LINNET_WITHIN)
#define LINNET_WITHIN
#define LINNET_FIRST_CORE_ALLOCATOR
#endif

#include <cstddef>
#include <cstdint>

#include "linnet/config.hpp"

namespace linnet::inline LINNET_ABI {

/// Where the caching allocator gets host memory from. A host application may inject its own with
/// set_host_allocator; both functions may be called from any thread.
class LINNET_EXPORT HostAllocator {
 public:
  virtual ~HostAllocator() = default;
  /// At least `bytes`, aligned to 64; nullptr when there is no memory.
  virtual void* allocate(std::size_t bytes) = 0;
  virtual void deallocate(void* p, std::size_t bytes) noexcept = 0;
};

/// Replaces the source of host memory (nullptr: the default). Cached blocks of the former one are
/// released; blocks in use go back to the allocator that made them. It must outlive its blocks.
LINNET_DECL void set_host_allocator(HostAllocator* allocator);

/// What the caching allocator has done and holds, for the CPU. Bytes and counts.
struct MemoryStats {
  std::size_t bytes_in_use = 0;          ///< handed out and not yet returned
  std::size_t peak_bytes = 0;            ///< greatest bytes_in_use since reset_peak_memory()
  std::size_t bytes_cached = 0;          ///< held for reuse
  std::uint64_t allocations = 0;         ///< requests served, from the cache or not
  std::uint64_t system_allocations = 0;  ///< requests that had to go to the HostAllocator
};
LINNET_DECL MemoryStats memory_stats();
LINNET_DECL void reset_peak_memory();
/// Gives all cached blocks (those of the calling thread and the shared ones) back to the system.
LINNET_DECL void release_memory();

namespace detail {
/// 64-byte aligned, from per-thread and shared free lists; large blocks are advised to use huge
/// pages. Throws OutOfMemoryError. `allocate(0)` returns a valid pointer.
LINNET_DECL void* cpu_allocate(std::size_t bytes);
LINNET_DECL void cpu_deallocate(void* p, std::size_t bytes) noexcept;
/// Called first by release_memory(), to free memory that is cached elsewhere (arenas).
LINNET_DECL void set_release_hook(void (*hook)() noexcept) noexcept;
}  // namespace detail

}  // namespace linnet::inline LINNET_ABI

#ifdef LINNET_FIRST_CORE_ALLOCATOR
#include "linnet/impl/src.hpp"
#endif
