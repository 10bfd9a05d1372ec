#pragma once

#include <cstdlib>
#include <string_view>

#include "linnet/backend/cpu/isa.hpp"

#ifdef LINNET_SEPARATE
#include "linnet/backend/cpu/kernels/fill_table.hpp"
#endif

namespace linnet::inline LINNET_ABI {

#if !defined(LINNET_HEADER_ONLY) && !defined(LINNET_SEPARATE)
// One per build of src/isa.
#define LINNET_ISA_BUILD(tag)                     \
  namespace tag {                                 \
  void fill_elementwise(isa::KernelTable& table); \
  void fill_matrix(isa::KernelTable& table);      \
  void fill_rows(isa::KernelTable& table);        \
  inline isa::KernelTable make_table() {          \
    isa::KernelTable table;                       \
    fill_elementwise(table);                      \
    fill_matrix(table);                           \
    fill_rows(table);                             \
    table.name = &#tag[4];                       \
    return table;                                 \
  }                                               \
  }
LINNET_ISA_BUILD(isa_v1)
#ifdef LINNET_ISA_X86_64
LINNET_ISA_BUILD(isa_v3)
LINNET_ISA_BUILD(isa_v4)
#endif
#undef LINNET_ISA_BUILD
#endif

namespace isa {

#if defined(LINNET_SEPARATE)
const KernelTable& table() {
  static const KernelTable t = [] {
    KernelTable table;
    LINNET_ISA::fill_elementwise(table);
    LINNET_ISA::fill_matrix(table);
    LINNET_ISA::fill_rows(table);
    table.name = "native";
    return table;
  }();
  return t;
}
#elif !defined(LINNET_HEADER_ONLY)
#ifdef LINNET_ISA_X86_64
// The features that tell the levels of the x86-64 psABI apart; not every compiler's builtin knows
// the levels by name. Every processor with AVX2 has F16C, LZCNT and MOVBE, too.
inline bool supports_v3() {
  return __builtin_cpu_supports("avx2") && __builtin_cpu_supports("fma") &&
         __builtin_cpu_supports("bmi") && __builtin_cpu_supports("bmi2");
}
inline bool supports_v4() {
  return supports_v3() && __builtin_cpu_supports("avx512f") && __builtin_cpu_supports("avx512bw") &&
         __builtin_cpu_supports("avx512cd") && __builtin_cpu_supports("avx512dq") &&
         __builtin_cpu_supports("avx512vl");
}
#endif

inline KernelTable choose_table() {
#ifdef LINNET_ISA_X86_64
  const char* text = std::getenv("LINNET_ISA");
  const std::string_view wanted = text ? text : "";
  if (wanted != "v1" && wanted != "v3" && supports_v4()) return isa_v4::make_table();
  if (wanted != "v1" && supports_v3()) return isa_v3::make_table();
#endif
  return isa_v1::make_table();
}

const KernelTable& table() {
  static const KernelTable t = choose_table();
  return t;
}
#endif

}  // namespace isa
}  // namespace linnet::inline LINNET_ABI
