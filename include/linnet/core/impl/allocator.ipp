#pragma once

#include <array>
#include <atomic>
#include <bit>
#include <map>
#include <mutex>
#include <new>
#include <vector>

#include "linnet/core/allocator.hpp"
#include "linnet/core/error.hpp"
#include "linnet/core/fork.hpp"
#include "linnet/core/never_destroyed.hpp"

#if defined(__linux__)
#include <sys/mman.h>
#include <unistd.h>
#endif
#if defined(__SANITIZE_ADDRESS__)
#include <sanitizer/asan_interface.h>
#endif

namespace linnet::inline LINNET_ABI {

namespace detail {

/// The default source: aligned operator new, huge pages for large blocks.
class SystemAllocator final : public HostAllocator {
 public:
  static constexpr std::size_t huge_page = std::size_t{2} << 20;
  static std::align_val_t alignment(std::size_t bytes) {
    return std::align_val_t{bytes >= huge_page ? huge_page : 64};
  }
  void* allocate(std::size_t bytes) override {
    void* p = ::operator new(bytes, alignment(bytes), std::nothrow);
#if defined(__linux__)
    if (p && bytes >= huge_page) ::madvise(p, bytes, MADV_HUGEPAGE);
#endif
    return p;
  }
  void deallocate(void* p, std::size_t bytes) noexcept override {
    ::operator delete(p, alignment(bytes));
  }
};

inline HostAllocator& system_allocator() {
  static NeverDestroyed<SystemAllocator> allocator;
  return allocator.get();
}

inline void poison([[maybe_unused]] void* p, [[maybe_unused]] std::size_t bytes) noexcept {
#if defined(__SANITIZE_ADDRESS__)
  ASAN_POISON_MEMORY_REGION(p, bytes);
#endif
}
inline void unpoison([[maybe_unused]] void* p, [[maybe_unused]] std::size_t bytes) noexcept {
#if defined(__SANITIZE_ADDRESS__)
  ASAN_UNPOISON_MEMORY_REGION(p, bytes);
#endif
}

/// Every block starts with this, one cache line before the address that is handed out.
struct alignas(64) BlockHeader {
  HostAllocator* source;
  std::size_t bytes;  // usable, after the header
  BlockHeader* next;
};

/// Sizes up to 1 MiB have four classes an octave and are cached per thread; larger ones are shared
/// and fit exactly or up to a quarter more.
struct SizeClasses {
  static constexpr std::size_t smallest = 64, largest = std::size_t{1} << 20;
  static constexpr int count = 4 * 14 + 1;
  static int index(std::size_t bytes) {
    if (bytes <= smallest) return 0;
    const int octave = static_cast<int>(std::bit_width(bytes - 1)) - 7;  // 65..128 -> 0
    const std::size_t base = smallest << octave, quarter = base / 4;
    return 1 + 4 * octave + static_cast<int>((bytes - base - 1) / quarter);
  }
  static std::size_t size(int index) {
    if (index == 0) return smallest;
    const std::size_t base = smallest << ((index - 1) / 4);
    return (base + static_cast<std::size_t>((index - 1) % 4 + 1) * (base / 4) + 63) / 64 * 64;
  }
};

struct SharedPool {
  std::mutex mutex;
  std::array<BlockHeader*, SizeClasses::count> small{};
  std::multimap<std::size_t, BlockHeader*> large;
  std::atomic<HostAllocator*> source{&system_allocator()};
  std::atomic<std::int64_t> in_use{0}, peak{0}, cached{0};
  std::atomic<std::uint64_t> allocations{0}, system_allocations{0};

  void lock() { mutex.lock(); }
  void unlock() { mutex.unlock(); }
};

inline SharedPool& shared_pool() {
  static SharedPool* const pool = [] {
    static NeverDestroyed<SharedPool> made;
    keep_across_fork<shared_pool>();
    return &made.get();
  }();
  return *pool;
}

inline void free_block(BlockHeader* b) noexcept {
  HostAllocator* source = b->source;
  const std::size_t total = b->bytes + sizeof(BlockHeader);
  unpoison(b + 1, b->bytes);
  source->deallocate(b, total);
}

inline void free_list(BlockHeader* list) noexcept {
  while (list) {
    BlockHeader* next = list->next;
    shared_pool().cached.fetch_sub(static_cast<std::int64_t>(list->bytes),
                                   std::memory_order_relaxed);
    free_block(list);
    list = next;
  }
}

/// One thread's free lists of small blocks; no lock. What exceeds the bound goes to the shared
/// pool, and all of it when the thread ends.
struct ThreadPool {
  static constexpr std::size_t bound = std::size_t{8} << 20;
  std::array<BlockHeader*, SizeClasses::count> lists{};
  std::size_t bytes = 0;

  ~ThreadPool() {
    flush();
    alive() = false;
  }
  void flush() noexcept {
    SharedPool& shared = shared_pool();
    std::scoped_lock lock(shared.mutex);
    for (std::size_t c = 0; c < lists.size(); ++c)
      while (BlockHeader* b = lists[c]) {
        lists[c] = b->next;
        b->next = shared.small[c];
        shared.small[c] = b;
      }
    bytes = 0;
  }
  /// False once this thread's pool is gone (late frees go to the shared pool).
  static bool& alive() {
    static thread_local bool value = true;
    return value;
  }
};

inline ThreadPool& thread_pool() {
  static thread_local ThreadPool pool;
  return pool;
}

inline BlockHeader* new_block(std::size_t bytes) {
  SharedPool& shared = shared_pool();
  HostAllocator* source = shared.source.load(std::memory_order_acquire);
  const std::size_t total = bytes + sizeof(BlockHeader);
  void* p = total < bytes ? nullptr : source->allocate(total);
  if (!p) {
    release_memory();
    p = total < bytes ? nullptr : source->allocate(total);
  }
  if (!p) fail<OutOfMemoryError>("allocate", "no memory for ", bytes, " bytes");
  shared.system_allocations.fetch_add(1, std::memory_order_relaxed);
  auto* b = ::new (p) BlockHeader{source, bytes, nullptr};
  return b;
}

inline BlockHeader* take_small(int c) {
  SharedPool& shared = shared_pool();
  const auto at = static_cast<std::size_t>(c);
  if (ThreadPool::alive()) {
    ThreadPool& mine = thread_pool();
    if (BlockHeader* b = mine.lists[at]) {
      mine.lists[at] = b->next;
      mine.bytes -= b->bytes;
      return b;
    }
  }
  std::scoped_lock lock(shared.mutex);
  BlockHeader* b = shared.small[at];
  if (b) shared.small[at] = b->next;
  return b;
}

inline BlockHeader* take_large(std::size_t bytes) {
  SharedPool& shared = shared_pool();
  std::scoped_lock lock(shared.mutex);
  const auto it = shared.large.lower_bound(bytes);
  if (it == shared.large.end() || it->first > bytes + bytes / 4) return nullptr;
  BlockHeader* b = it->second;
  shared.large.erase(it);
  return b;
}

inline void note_allocated(std::size_t bytes, bool from_cache) {
  SharedPool& shared = shared_pool();
  const auto n = static_cast<std::int64_t>(bytes);
  shared.allocations.fetch_add(1, std::memory_order_relaxed);
  if (from_cache) shared.cached.fetch_sub(n, std::memory_order_relaxed);
  const std::int64_t now = shared.in_use.fetch_add(n, std::memory_order_relaxed) + n;
  std::int64_t peak = shared.peak.load(std::memory_order_relaxed);
  while (now > peak && !shared.peak.compare_exchange_weak(peak, now, std::memory_order_relaxed)) {
  }
}

void* cpu_allocate(std::size_t bytes) {
  const bool small = bytes <= SizeClasses::largest;
  const int c = small ? SizeClasses::index(bytes) : 0;
  const std::size_t page = 4096;
  if (bytes > SIZE_MAX / 2) fail<OutOfMemoryError>("allocate", "no memory for ", bytes, " bytes");
  const std::size_t size = small ? SizeClasses::size(c) : (bytes + page - 1) / page * page;
  BlockHeader* b = small ? take_small(c) : take_large(size);
  const bool cached = b != nullptr;
  if (!b) b = new_block(size);
  note_allocated(b->bytes, cached);
  unpoison(b + 1, b->bytes);
  return b + 1;
}

/// Large blocks beyond this many cached bytes go back to the system: a quarter of the memory.
inline std::int64_t cache_bound() {
#if defined(__linux__)
  static const std::int64_t bound =
      std::int64_t{::sysconf(_SC_PHYS_PAGES)} / 4 * ::sysconf(_SC_PAGESIZE);
  return bound;
#else
  return std::int64_t{4} << 30;
#endif
}

inline void put_shared(BlockHeader* b, bool small, std::size_t c) {
  SharedPool& shared = shared_pool();
  if (!small && shared.cached.load(std::memory_order_relaxed) > cache_bound()) {
    shared.cached.fetch_sub(static_cast<std::int64_t>(b->bytes), std::memory_order_relaxed);
    return free_block(b);
  }
  std::scoped_lock lock(shared.mutex);
  if (small) {
    b->next = shared.small[c];
    shared.small[c] = b;
  } else {
    shared.large.emplace(b->bytes, b);
  }
}

void cpu_deallocate(void* p, std::size_t) noexcept {
  if (!p) return;
  BlockHeader* b = static_cast<BlockHeader*>(p) - 1;
  SharedPool& shared = shared_pool();
  shared.in_use.fetch_sub(static_cast<std::int64_t>(b->bytes), std::memory_order_relaxed);
  if (b->source != shared.source.load(std::memory_order_relaxed)) return free_block(b);
  shared.cached.fetch_add(static_cast<std::int64_t>(b->bytes), std::memory_order_relaxed);
  poison(p, b->bytes);
  const bool small = b->bytes <= SizeClasses::largest;
  const auto c = static_cast<std::size_t>(small ? SizeClasses::index(b->bytes) : 0);
  if (!small || !ThreadPool::alive()) return put_shared(b, small, c);
  ThreadPool& mine = thread_pool();
  b->next = mine.lists[c];
  mine.lists[c] = b;
  mine.bytes += b->bytes;
  if (mine.bytes > ThreadPool::bound) mine.flush();
}

/// Hooks that free further cached memory (arenas) in release_memory().
inline std::atomic<void (*)() noexcept>& release_hook() {
  static std::atomic<void (*)() noexcept> hook{nullptr};
  return hook;
}

void set_release_hook(void (*hook)() noexcept) noexcept { release_hook().store(hook); }

}  // namespace detail

void set_host_allocator(HostAllocator* allocator) {
  release_memory();
  detail::shared_pool().source.store(allocator ? allocator : &detail::system_allocator(),
                                     std::memory_order_release);
}

MemoryStats memory_stats() {
  const detail::SharedPool& shared = detail::shared_pool();
  const auto bytes = [](const std::atomic<std::int64_t>& x) {
    return static_cast<std::size_t>(x.load(std::memory_order_relaxed));
  };
  return {bytes(shared.in_use), bytes(shared.peak), bytes(shared.cached),
          shared.allocations.load(std::memory_order_relaxed),
          shared.system_allocations.load(std::memory_order_relaxed)};
}

void reset_peak_memory() {
  detail::SharedPool& shared = detail::shared_pool();
  shared.peak.store(shared.in_use.load(std::memory_order_relaxed), std::memory_order_relaxed);
}

void release_memory() {
  using namespace detail;
  if (const auto hook = release_hook().load()) hook();
  if (ThreadPool::alive()) thread_pool().flush();
  SharedPool& shared = shared_pool();
  std::array<BlockHeader*, SizeClasses::count> small{};
  std::multimap<std::size_t, BlockHeader*> large;
  {
    std::scoped_lock lock(shared.mutex);
    small.swap(shared.small);
    large.swap(shared.large);
  }
  for (BlockHeader* list : small) free_list(list);
  for (auto& [bytes, b] : large) b->next = nullptr, free_list(b);
}

}  // namespace linnet::inline LINNET_ABI
