#pragma once

#include <cstdlib>
#include <string_view>

#include "linnet/backend/cpu/isa.hpp"
#include "linnet/backend/ew.hpp"
#ifdef LINNET_SEPARATE
#include "linnet/backend/cpu/kernels/all.hpp"
#endif

namespace linnet::inline LINNET_ABI {

#if defined(LINNET_SEPARATE)

namespace isa {
int build() { return 0; }
const char* build_name() { return "native"; }
bool bfloat_products() { return LINNET_ISA::bfloat_products(); }
#define LINNET_KERNEL(name, Args) \
  void name(const Args& args) { LINNET_ISA::name(args); }
#include "linnet/backend/cpu/kernels.def"
}  // namespace isa

namespace ew {
#define LINNET_ROW(name, arity, domain, predicate) \
  const ElementwiseOp name{                        \
      #name,     id_##name,                        \
      arity,     OpDomain::domain,                 \
      predicate, LINNET_ISA::TilesOf<LINNET_ISA::Op_##name, LINNET_ISA::Domain_##domain>::builds};
#include "linnet/backend/cpu/elementwise_rows.def"
}  // namespace ew

#elif !defined(LINNET_HEADER_ONLY)

#ifdef LINNET_ISA_X86_64
#define LINNET_BUILDS(X, name, Args) \
  X(isa_v1, name, Args) X(isa_v3, name, Args) X(isa_v4, name, Args)
#else
#define LINNET_BUILDS(X, name, Args) X(isa_v1, name, Args)
#endif

// Each kernel chooses among its own entries, each row has its own tiles: see kernels/entries.hpp.
#define LINNET_DECLARE(tag, name, Args) \
  namespace tag::entry {                \
  void name(const isa::Args& args);     \
  }
#define LINNET_ENTRY(tag, name, Args) tag::entry::name,
#define LINNET_KERNEL(name, Args)                                                               \
  LINNET_BUILDS(LINNET_DECLARE, name, Args)                                                     \
  void isa::name(const Args& args) {                                                            \
    static constexpr void (*builds[])(const Args&) = {LINNET_BUILDS(LINNET_ENTRY, name, Args)}; \
    builds[build()](args);                                                                      \
  }
#include "linnet/backend/cpu/kernels.def"
#undef LINNET_ENTRY
#undef LINNET_DECLARE

#define LINNET_DECLARE(tag, name, unused) \
  namespace tag::entry {                  \
  extern const isa::Tiles tiles_##name;   \
  }
#define LINNET_ENTRY(tag, name, unused) &tag::entry::tiles_##name,
#define LINNET_ROW(name, arity, domain, predicate)                                              \
  LINNET_BUILDS(LINNET_DECLARE, name, )                                                         \
  namespace ew {                                                                                \
  static constexpr const isa::Tiles* tiles_##name[] = {LINNET_BUILDS(LINNET_ENTRY, name, )};    \
  const ElementwiseOp name{#name, id_##name, arity, OpDomain::domain, predicate, tiles_##name}; \
  }
#include "linnet/backend/cpu/elementwise_rows.def"
#undef LINNET_ENTRY
#undef LINNET_DECLARE
#undef LINNET_BUILDS

namespace isa {

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

inline int choose_build() {
#ifdef LINNET_ISA_X86_64
  const char* text = std::getenv("LINNET_ISA");
  const std::string_view wanted = text ? text : "";
  if (wanted != "v1" && wanted != "v3" && supports_v4()) return 2;
  if (wanted != "v1" && supports_v3()) return 1;
#endif
  return 0;
}

int build() {
  static const int chosen = choose_build();
  return chosen;
}
const char* build_name() {
  static constexpr const char* names[] = {"v1", "v3", "v4"};
  return names[build()];
}
bool bfloat_products() {
#ifdef LINNET_ISA_X86_64
  return build() == 2 && __builtin_cpu_supports("avx512bf16");
#else
  return false;
#endif
}

}  // namespace isa

#endif

}  // namespace linnet::inline LINNET_ABI
