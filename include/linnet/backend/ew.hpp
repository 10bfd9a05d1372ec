#pragma once

#include "linnet/backend/elementwise_op.hpp"
#include "linnet/config.hpp"

/// The rows of elementwise_ops.def as objects: `ew::tanh`, `ew::add`, ...
namespace linnet::inline LINNET_ABI::ew {

#ifdef LINNET_HEADER_ONLY
#define LINNET_ROW(name, arity, domain, predicate) \
  inline constexpr ElementwiseOp name{             \
      #name,     id_##name,                        \
      arity,     OpDomain::domain,                 \
      predicate, LINNET_ISA::TilesOf<LINNET_ISA::Op_##name, LINNET_ISA::Domain_##domain>::tiles};
#else
#define LINNET_ROW(name, arity, domain, predicate) \
  inline constexpr ElementwiseOp name{#name, id_##name, arity, OpDomain::domain, predicate};
#endif
#define LINNET_UNARY(name, domain, formula) LINNET_ROW(name, 1, domain, false)
#define LINNET_PREDICATE1(name, domain, formula) LINNET_ROW(name, 1, domain, true)
#define LINNET_BINARY(name, domain, formula) LINNET_ROW(name, 2, domain, false)
#define LINNET_PREDICATE2(name, domain, formula) LINNET_ROW(name, 2, domain, true)
#define LINNET_TERNARY(name, domain, formula) LINNET_ROW(name, 3, domain, false)
#include "linnet/backend/cpu/elementwise_ops.def"
#undef LINNET_ROW

}  // namespace linnet::inline LINNET_ABI::ew
