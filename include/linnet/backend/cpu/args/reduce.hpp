#pragma once

#include <cstdint>

#include "linnet/config.hpp"

namespace linnet::inline LINNET_ABI::isa {

/// out[c][r] = in[r][c], for rows r in [begin, end): `in` has unit stride along r.
struct TransposeArgs {
  const void* in;
  void* out;
  std::int64_t rows, columns, column_stride;  ///< elements
  std::int32_t item;                          ///< bytes: 1, 2, 4 or 8
  std::int64_t begin, end;
};

/// [outer, length, inner] -> [outer, inner]: one strided axis folded, for outer in [begin, end).
struct ReduceArgs {
  const void* in;
  void* out;
  std::uint8_t dtype, out_dtype;  ///< numbers of DTypes
  std::int64_t divisor;           ///< the result is divided by it (mean); 1: not
  std::int64_t length, inner;
  std::int64_t begin, end;              ///< outer indices
  std::int64_t inner_begin, inner_end;  ///< columns of each
};

/// The index of the first extreme of each line, as int64.
struct ArgReduceArgs {
  const void* in;
  std::int64_t* out;
  std::uint8_t dtype;
  bool min;
  std::int64_t length, inner;
  std::int64_t begin, end;
};

}  // namespace linnet::inline LINNET_ABI::isa
