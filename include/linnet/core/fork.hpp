#pragma once

#include "linnet/config.hpp"

#if defined(__unix__) || defined(__APPLE__)
#include <pthread.h>
#endif

/// What a child of fork() needs of the process-wide state. Its only thread is the one that forked.
namespace linnet::inline LINNET_ABI::detail {

/// `object()` is locked while the process forks, so that a child never finds it half changed or
/// locked by a thread that it does not have. Objects kept later are locked earlier: keep an object
/// after those whose lock is taken while its own is held.
template <auto object>
bool keep_across_fork() noexcept {
#if defined(__unix__) || defined(__APPLE__)
  return pthread_atfork([] { object().lock(); }, [] { object().unlock(); },
                        [] { object().unlock(); }) == 0;
#else
  return true;
#endif
}

/// Calls `f` in each child of fork().
inline bool call_in_child(void (*f)()) noexcept {
#if defined(__unix__) || defined(__APPLE__)
  return pthread_atfork(nullptr, nullptr, f) == 0;
#else
  return f != nullptr;
#endif
}

}  // namespace linnet::inline LINNET_ABI::detail
