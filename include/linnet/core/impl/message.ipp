#pragma once

#include <charconv>

#include "linnet/core/message.hpp"

namespace linnet::inline LINNET_ABI::detail {

void append(std::string& out, std::string_view text) { out.append(text); }

template <class T>
void append_chars(std::string& out, T value) {
  char buffer[40];
  const auto result = std::to_chars(buffer, buffer + sizeof buffer, value);
  out.append(buffer, result.ptr);
}

void append_number(std::string& out, long long value) { append_chars(out, value); }
void append_number(std::string& out, unsigned long long value) { append_chars(out, value); }
void append_number(std::string& out, double value) { append_chars(out, value); }

std::string join(std::span<const MessagePart> parts) {
  std::string out;
  for (const MessagePart& p : parts) p.append_to(out);
  return out;
}

}  // namespace linnet::inline LINNET_ABI::detail
