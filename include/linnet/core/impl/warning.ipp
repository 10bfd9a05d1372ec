#pragma once

#include <atomic>
#include <cstdio>

#include "linnet/core/warning.hpp"

namespace linnet::inline LINNET_ABI {

namespace detail {

inline void print_warning(std::string_view message) {
  std::fprintf(stderr, "linnet warning: %.*s\n", static_cast<int>(message.size()), message.data());
}

inline std::atomic<WarningHandler>& warning_handler() {
  static std::atomic<WarningHandler> handler{print_warning};
  return handler;
}

void emit_warning(std::string_view message) { warning_handler().load()(message); }

}  // namespace detail

WarningHandler set_warning_handler(WarningHandler handler) {
  return detail::warning_handler().exchange(handler ? handler : detail::print_warning);
}

}  // namespace linnet::inline LINNET_ABI
