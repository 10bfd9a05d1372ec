#pragma once

#define LINNET_USES_CORE_INTERRUPT
#undef LINNET_COMPLETE
#if defined(LINNET_HEADER_ONLY) && !defined(LINNET_WITHIN)
#define LINNET_WITHIN
#define LINNET_FIRST_CORE_INTERRUPT
#endif

#include <atomic>
#include <cstdint>

#include "linnet/config.hpp"

/// What an application with a user at a keyboard, or an interpreter with a lock, wants to do while
/// Linnet computes.
namespace linnet::inline LINNET_ABI {

/// Called every some microseconds by the thread that runs a captured function: between kernels
/// while no variable has been written yet, and between the iterations of a while_loop. What it
/// throws ends the call, and no variable has changed. It must not use variables of that function.
using InterruptCheck = void (*)();
/// Replaces the check of all threads (nullptr, the default: none) and returns the former one.
LINNET_DECL InterruptCheck set_interrupt_check(InterruptCheck check);

/// A thread calls `before` when it has to wait for a variable that another thread's call is
/// writing, and `after`, with what `before` returned, when the wait is over.
struct WaitHooks {
  void* (*before)() = nullptr;
  void (*after)(void*) = nullptr;
};
/// Replaces the hooks of all threads. Call it before there are other threads.
LINNET_DECL void set_wait_hooks(WaitHooks hooks);

namespace detail {
/// Throws what the application's check throws.
LINNET_DECL void check_interrupt();
/// Returns when `word` is not `old` any more, or for no reason.
LINNET_DECL void wait_while_equal(std::atomic<std::uint32_t>& word, std::uint32_t old) noexcept;
}  // namespace detail

}  // namespace linnet::inline LINNET_ABI

#ifdef LINNET_FIRST_CORE_INTERRUPT
#include "linnet/impl/src.hpp"
#endif
