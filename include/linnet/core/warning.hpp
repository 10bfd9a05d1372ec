#pragma once

#define LINNET_USES_CORE_WARNING
#undef LINNET_COMPLETE
#if defined(LINNET_HEADER_ONLY) && !defined(LINNET_WITHIN)
#define LINNET_WITHIN
#define LINNET_FIRST_CORE_WARNING
#endif

#include <string>
#include <string_view>

#include "linnet/config.hpp"
#include "linnet/core/message.hpp"

namespace linnet::inline LINNET_ABI {

/// Receives warnings; may be called from any thread.
using WarningHandler = void (*)(std::string_view message);
/// Replaces the receiver of warnings (nullptr: the default, a line on standard error) and returns
/// the former one.
LINNET_DECL WarningHandler set_warning_handler(WarningHandler handler);

namespace detail {
LINNET_DECL void emit_warning(std::string_view message);

/// "[op] part part ..." to the warning handler.
template <class... Parts>
void warn(std::string_view op, const Parts&... parts) {
  emit_warning(concat_message("[", op, "] ", parts...));
}
}  // namespace detail

}  // namespace linnet::inline LINNET_ABI

#ifdef LINNET_FIRST_CORE_WARNING
#include "linnet/impl/src.hpp"
#endif
