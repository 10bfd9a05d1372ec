#pragma once

#include "linnet/backend/elementwise_op.hpp"
#include "linnet/config.hpp"
#ifdef LINNET_HEADER_ONLY
#include "linnet/backend/cpu/kernels/tiles.hpp"
#endif

/// The rows of elementwise_ops.def as objects: `ew::tanh`, `ew::add`, ...
namespace linnet::inline LINNET_ABI::ew {

#ifdef LINNET_HEADER_ONLY
#define LINNET_ROW(name, arity, domain, predicate) \
  inline constexpr ElementwiseOp name{             \
      #name,     id_##name,                        \
      arity,     OpDomain::domain,                 \
      predicate, LINNET_ISA::TilesOf<LINNET_ISA::Op_##name, LINNET_ISA::Domain_##domain>::builds};
#else
#define LINNET_ROW(name, arity, domain, predicate) LINNET_DECL extern const ElementwiseOp name;
#endif
#include "linnet/backend/cpu/elementwise_rows.def"

}  // namespace linnet::inline LINNET_ABI::ew
