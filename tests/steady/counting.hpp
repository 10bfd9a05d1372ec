#pragma once

// Replaces operator new: counts every allocation of this process, those that oneDNN's own code
// makes apart. For one source file of a program.
#include <atomic>
#include <cstdint>
#include <cstdlib>
#include <cstring>
#include <link.h>
#include <new>
#include <sys/resource.h>

namespace {
std::atomic<long> allocations{0}, onednn_allocations{0};

/// Pages that this process had to be given.
inline long page_faults() {
  rusage u{};
  getrusage(RUSAGE_SELF, &u);
  return u.ru_minflt;
}

/// Where oneDNN's shared library lies, if there is one.
struct Library {
  std::uintptr_t begin = 0, end = 0;
  Library() { dl_iterate_phdr(find, this); }
  bool contains(const void* p) const {
    const auto at = reinterpret_cast<std::uintptr_t>(p);
    return at >= begin && at < end;
  }

 private:
  static int find(dl_phdr_info* module, std::size_t, void* out) {
    if (!std::strstr(module->dlpi_name, "libdnnl")) return 0;
    auto& library = *static_cast<Library*>(out);
    for (int i = 0; i < module->dlpi_phnum; ++i) {
      const auto& segment = module->dlpi_phdr[i];
      if (segment.p_type != PT_LOAD) continue;
      const std::uintptr_t first = module->dlpi_addr + segment.p_vaddr;
      if (library.begin == 0) library.begin = first;
      library.end = first + segment.p_memsz;
    }
    return 1;
  }
};
const Library& onednn_library() {
  static const Library library;
  return library;
}

void* counted(std::size_t bytes, std::size_t alignment, const void* caller) {
  ++(onednn_library().contains(caller) ? onednn_allocations : allocations);
  void* p = alignment > 16
                ? std::aligned_alloc(alignment, (bytes + alignment - 1) / alignment * alignment)
                : std::malloc(bytes ? bytes : 1);
  if (!p) throw std::bad_alloc();
  return p;
}
}  // namespace

void* operator new(std::size_t n) { return counted(n, 0, __builtin_return_address(0)); }
void* operator new(std::size_t n, std::align_val_t a) {
  return counted(n, static_cast<std::size_t>(a), __builtin_return_address(0));
}
void* operator new(std::size_t n, std::align_val_t a, const std::nothrow_t&) noexcept {
  return counted(n, static_cast<std::size_t>(a), __builtin_return_address(0));
}
void operator delete(void* p) noexcept { std::free(p); }
void operator delete(void* p, std::size_t) noexcept { std::free(p); }
void operator delete(void* p, std::align_val_t) noexcept { std::free(p); }
void operator delete(void* p, std::size_t, std::align_val_t) noexcept { std::free(p); }
