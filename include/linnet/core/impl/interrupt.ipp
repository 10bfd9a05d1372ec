#pragma once

#include "linnet/core/interrupt.hpp"

namespace linnet::inline LINNET_ABI {

namespace detail {

struct InterruptHooks {
  std::atomic<InterruptCheck> check{nullptr};
  WaitHooks wait;
};
inline InterruptHooks& interrupt_hooks() {
  static InterruptHooks hooks;
  return hooks;
}

void check_interrupt() {
  if (const InterruptCheck check = interrupt_hooks().check.load(std::memory_order_acquire)) check();
}

void wait_while_equal(std::atomic<std::uint32_t>& word, std::uint32_t old) noexcept {
  const WaitHooks& hooks = interrupt_hooks().wait;
  void* const state = hooks.before ? hooks.before() : nullptr;
  word.wait(old, std::memory_order_relaxed);
  if (hooks.after) hooks.after(state);
}

}  // namespace detail

InterruptCheck set_interrupt_check(InterruptCheck check) {
  return detail::interrupt_hooks().check.exchange(check);
}
void set_wait_hooks(WaitHooks hooks) { detail::interrupt_hooks().wait = hooks; }

}  // namespace linnet::inline LINNET_ABI
