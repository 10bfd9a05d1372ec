#pragma once

#include <algorithm>

#include "linnet/backend/program.hpp"

namespace linnet::inline LINNET_ABI {

const char* to_string(ComputeType t) {
  constexpr const char* names[] = {"f32", "f64", "i32", "i64", "u64"};
  return names[static_cast<int>(t)];
}

bool Program::operator==(const Program& o) const {
  if (compute != o.compute || inputs != o.inputs || outputs != o.outputs ||
      immediates != o.immediates || instructions != o.instructions)
    return false;
  return std::equal(out.begin(), out.begin() + outputs, o.out.begin()) &&
         std::equal(code.begin(), code.begin() + instructions, o.code.begin());
}

std::uint64_t Program::hash() const {
  std::uint64_t h = static_cast<std::uint64_t>(compute) | std::uint64_t{inputs} << 8 |
                    std::uint64_t{outputs} << 16 | std::uint64_t{immediates} << 24;
  for (const Instruction& i : instruction_span())
    h = detail::hash_mix(h, static_cast<std::uint64_t>(i.op->id) | std::uint64_t{i.dst} << 32 |
                                std::uint64_t{i.a} << 40 | std::uint64_t{i.b} << 48 |
                                std::uint64_t{i.c} << 56);
  for (int o = 0; o < outputs; ++o) h = detail::hash_mix(h, out[static_cast<std::size_t>(o)]);
  return h;
}

namespace detail {
inline void append_register(std::string& text, std::uint8_t r) {
  if (r < Program::first_immediate)
    append(text, "in"), append(text, int{r});
  else if (r < Program::first_temporary)
    append(text, "imm"), append(text, r - Program::first_immediate);
  else
    append(text, "t"), append(text, r - Program::first_temporary);
}
}  // namespace detail

void Program::describe(std::string& text) const {
  for (const Instruction& i : instruction_span()) {
    detail::append_register(text, i.dst);
    detail::append(text, " = "), detail::append(text, i.op->name), detail::append(text, "(");
    const std::uint8_t args[] = {i.a, i.b, i.c};
    for (int a = 0; a < i.op->arity; ++a) {
      if (a) detail::append(text, ", ");
      detail::append_register(text, args[a]);
    }
    detail::append(text, "); ");
  }
  detail::append(text, "out");
  for (int o = 0; o < outputs; ++o)
    detail::append(text, " "), detail::append_register(text, out[static_cast<std::size_t>(o)]);
}

}  // namespace linnet::inline LINNET_ABI
