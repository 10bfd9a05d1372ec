#pragma once

#define LINNET_USES_CORE_MESSAGE
#undef LINNET_COMPLETE
#if defined(LINNET_HEADER_ONLY) && !defined(LINNET_WITHIN)
#define LINNET_WITHIN
#define LINNET_FIRST_CORE_MESSAGE
#endif

#include <span>
#include <string>
#include <string_view>
#include <type_traits>

#include "linnet/config.hpp"
#include "linnet/core/device.hpp"
#include "linnet/core/dtype.hpp"
#include "linnet/core/shape.hpp"

/// Pieces of error messages and descriptions, without iostreams.
namespace linnet::inline LINNET_ABI::detail {

LINNET_DECL void append(std::string& out, std::string_view text);
LINNET_DECL void append_number(std::string& out, long long value);
LINNET_DECL void append_number(std::string& out, unsigned long long value);
LINNET_DECL void append_number(std::string& out, double value);  // shortest form that reads back

inline void append(std::string& out, const char* text) { append(out, std::string_view(text)); }
inline void append(std::string& out, const std::string& text) {
  append(out, std::string_view(text));
}
inline void append(std::string& out, const Shape& shape) { append(out, to_string(shape)); }
inline void append(std::string& out, DType t) { append(out, to_string(t)); }
inline void append(std::string& out, Device d) { append(out, to_string(d)); }
template <class T>
requires std::is_arithmetic_v<T>
void append(std::string& out, T value) {
  if constexpr (std::is_same_v<T, bool>)
    append(out, std::string_view(value ? "true" : "false"));
  else if constexpr (std::is_floating_point_v<T>)
    append_number(out, static_cast<double>(value));
  else if constexpr (std::is_signed_v<T>)
    append_number(out, static_cast<long long>(value));
  else
    append_number(out, static_cast<unsigned long long>(value));
}

/// A part of a message, borrowed, whose type is forgotten: what is said when something fails is
/// compiled once, not once for each combination of parts.
class MessagePart {
 public:
  MessagePart(const char* text)  // NOLINT: implicit
      : value_(text), append_(append_text) {}
  template <class T>
  requires(!std::is_array_v<T> && !std::is_pointer_v<T>) MessagePart(const T& value)  // NOLINT
      : value_(&value), append_(append_value<T>) {}
  void append_to(std::string& out) const { append_(out, value_); }

 private:
  static void append_text(std::string& out, const void* p) {
    append(out, static_cast<const char*>(p));
  }
  template <class T>
  static void append_value(std::string& out, const void* p) {
    append(out, *static_cast<const T*>(p));
  }

  const void* value_;
  void (*append_)(std::string&, const void*);
};

LINNET_DECL std::string join(std::span<const MessagePart> parts);

/// The parts, one after the other.
template <class... Parts>
std::string concat_message(const Parts&... parts) {
  const MessagePart all[] = {parts...};
  return join(all);
}

}  // namespace linnet::inline LINNET_ABI::detail

#ifdef LINNET_FIRST_CORE_MESSAGE
#include "linnet/impl/src.hpp"
#endif
