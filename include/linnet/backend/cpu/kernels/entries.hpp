#pragma once

#include "linnet/backend/cpu/kernels/all.hpp"

/// Where the library enters the kernels of one build of src/isa: plain functions and constants, one
/// for each kernel and each row, so that a linker drops what nobody calls. Each file of src/isa
/// asks for its part.
namespace linnet::inline LINNET_ABI::LINNET_ISA::entry {

#ifdef LINNET_ENTRIES_TILES
#define LINNET_UNARY(name, domain, formula) \
  extern const isa::Tiles tiles_##name = TilesOf<Op_##name, Domain_##domain>::tiles;
#define LINNET_PREDICATE1 LINNET_UNARY
#define LINNET_BINARY LINNET_UNARY
#define LINNET_PREDICATE2 LINNET_UNARY
#define LINNET_TERNARY LINNET_UNARY
#include "linnet/backend/cpu/elementwise_ops.def"
#endif

#define LINNET_ENTRY(name, Args) \
  void name(const isa::Args& args) { LINNET_ISA::name(args); }
#define LINNET_NO_ENTRY(name, Args)
#ifdef LINNET_ENTRIES_KERNELS
#define LINNET_KERNEL LINNET_ENTRY
#else
#define LINNET_KERNEL LINNET_NO_ENTRY
#endif
#ifdef LINNET_ENTRIES_MATRIX
#define LINNET_MATRIX_KERNEL LINNET_ENTRY
#else
#define LINNET_MATRIX_KERNEL LINNET_NO_ENTRY
#endif
#include "linnet/backend/cpu/kernels.def"
#undef LINNET_ENTRY
#undef LINNET_NO_ENTRY

}  // namespace linnet::inline LINNET_ABI::LINNET_ISA::entry
