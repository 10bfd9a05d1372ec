#pragma once

#include <cstdint>

#include "linnet/config.hpp"
#ifdef LINNET_HEADER_ONLY
#include "linnet/backend/cpu/kernels/tiles.hpp"
#endif

namespace linnet::inline LINNET_ABI {

/// Which compute types an op has.
enum class OpDomain : std::uint8_t {
  floating,  ///< f32, f64
  numeric,   ///< all five
  integral,  ///< i32, i64, u64
};

/// One row of elementwise_ops.def: the identity of an elementwise op. Primitives point at their
/// row, so in header-only mode rows that nobody names generate no code.
struct ElementwiseOp {
  const char* name;
  std::int16_t id;
  std::int8_t arity;
  OpDomain domain;
  bool predicate;  ///< result is 0 or 1, stored as bool by the public op
#ifdef LINNET_HEADER_ONLY
  const isa::Tile* tiles;  ///< by ComputeType; null where the domain lacks it
#endif
};

namespace ew {
enum Id : std::int16_t {
#define LINNET_UNARY(name, domain, formula) id_##name,
#define LINNET_PREDICATE1(name, domain, formula) id_##name,
#define LINNET_BINARY(name, domain, formula) id_##name,
#define LINNET_PREDICATE2(name, domain, formula) id_##name,
#define LINNET_TERNARY(name, domain, formula) id_##name,
#include "linnet/backend/cpu/elementwise_ops.def"
  op_count
};
}  // namespace ew

}  // namespace linnet::inline LINNET_ABI
