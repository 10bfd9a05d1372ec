#pragma once

#include <cstdint>

#include "linnet/backend/cpu/args/elementwise.hpp"
#include "linnet/config.hpp"

namespace linnet::inline LINNET_ABI {

/// Which compute types an op has.
enum class OpDomain : std::uint8_t {
  floating,  ///< f32, f64
  numeric,   ///< all five
  integral,  ///< i32, i64, u64
};

/// One row of elementwise_ops.def: the identity of an elementwise op. Primitives point at their
/// row, so rows that nobody names cost a program nothing.
struct ElementwiseOp {
  const char* name;
  std::int16_t id;
  std::int8_t arity;
  OpDomain domain;
  bool predicate;                  ///< result is 0 or 1, stored as bool by the public op
  const isa::Tiles* const* tiles;  ///< of each build of the kernels
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
