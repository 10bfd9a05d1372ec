#pragma once

#include <cstdint>

#include "linnet/config.hpp"

namespace linnet::inline LINNET_ABI::isa {

/// A matrix [k, columns] laid out for products with few rows: panels of two vectors of columns,
/// one after the other, each [k, width] and filled up with zeros.
struct LstmPackArgs {
  const void* b;  ///< [k, columns], or [columns, k] to be transposed
  void* panels;   ///< lstm_panel_bytes, 64-byte aligned
  std::int64_t k, columns;
  bool transposed, is_double;
};

/// Room for the panels of the widest vectors.
inline constexpr std::int64_t lstm_panel_bytes(std::int64_t k, std::int64_t columns,
                                               std::int64_t item) {
  return (columns * item + 127) / 128 * 128 * k;
}

/// Rows [begin, end) of the batch through all steps; gates in the order i, f, g, o.
struct LstmArgs {
  const void* gates_x;  ///< [steps, batch, 4 units]
  const void* panels;   ///< of U [units, 4 units]
  const void *h0, *c0;  ///< [batch, units]
  void* states;         ///< [steps + 2, batch, units]: h0, h of each step, the last c
  void* c;              ///< [steps + 1, batch, units]: c0, c of each step
  void* gates;          ///< [steps, batch, 4 units], activated; may be gates_x
  std::int64_t steps, batch, units, begin, end;
  bool is_double;
};

/// The same rows backwards.
struct LstmBackwardArgs {
  const void* dstates;    ///< as states
  const void* panels;     ///< of U transposed, [4 units, units]
  const void *c, *gates;  ///< as LstmArgs left them
  void* dgates;           ///< of gates_x; may be gates
  void *dh0, *dc0;        ///< [batch, units]
  std::int64_t steps, batch, units, begin, end;
  bool is_double;
};

}  // namespace linnet::inline LINNET_ABI::isa
