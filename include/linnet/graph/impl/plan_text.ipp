#pragma once

#include "linnet/core/message.hpp"
#include "linnet/graph/plan.hpp"

namespace linnet::inline LINNET_ABI {

namespace detail {

inline void append_slot(std::string& out, const Plan& plan, const Slot& s) {
  if (s.root < 0) return append(out, "none");
  const char* names[] = {"input", "variable", "constant", "arena", "output", "kept"};
  const MemoryRoot& r = plan.roots[static_cast<std::size_t>(s.root)];
  append(out, names[static_cast<int>(r.kind)]);
  append(out, "[");
  if (r.kind == MemoryRoot::Kind::arena || r.kind == MemoryRoot::Kind::kept)
    append(out, r.offset + static_cast<std::size_t>(s.byte_offset));
  else
    append(out, r.index);
  append(out, "]");
}

}  // namespace detail

std::string to_string(const Plan& plan) {
  std::string out;
  for (const PlannedInstruction& i : plan.instructions) {
    const char* separator = "";
    for (const Slot& s : i.out)
      detail::append(out, separator), detail::append_slot(out, plan, s), separator = ", ";
    detail::append(out, i.prepares ? "prepared = " : " = ");
    detail::append(out, i.primitive.name());
    detail::append(out, " <"), detail::append(out, i.kernel->description());
    detail::append(out, ">(");
    separator = "";
    for (const Slot& s : i.in)
      detail::append(out, separator), detail::append_slot(out, plan, s), separator = ", ";
    detail::append(out, ")\n");
  }
  detail::append(out, "arena "), detail::append(out, plan.arena_bytes);
  detail::append(out, " bytes\n");
  return out;
}

}  // namespace linnet::inline LINNET_ABI
