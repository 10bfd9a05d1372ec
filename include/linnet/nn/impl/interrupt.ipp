#pragma once

#include <csignal>

#include "linnet/config.hpp"

namespace linnet::inline LINNET_ABI::detail {

inline volatile std::sig_atomic_t interrupted = 0;

/// While one lives, SIGINT sets a flag instead of ending the process; a second one meets the former
/// handler again. Signal handlers of the application (anything but the default) are left alone.
class InterruptScope {
 public:
  InterruptScope() {
    struct sigaction current {};
    ::sigaction(SIGINT, nullptr, &current);
    if (current.sa_handler != SIG_DFL) return;
    former_ = current;
    interrupted = 0;
    struct sigaction mine {};
    mine.sa_handler = [](int) { interrupted = 1; };
    mine.sa_flags = SA_RESETHAND;
    sigemptyset(&mine.sa_mask);
    installed_ = ::sigaction(SIGINT, &mine, nullptr) == 0;
  }
  ~InterruptScope() {
    if (installed_) ::sigaction(SIGINT, &former_, nullptr);
  }
  InterruptScope(const InterruptScope&) = delete;
  InterruptScope& operator=(const InterruptScope&) = delete;
  bool triggered() const { return installed_ && interrupted; }

 private:
  struct sigaction former_ {};
  bool installed_ = false;
};

}  // namespace linnet::inline LINNET_ABI::detail
