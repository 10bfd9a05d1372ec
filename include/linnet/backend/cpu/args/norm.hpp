#pragma once

#include <cstdint>

#include "linnet/config.hpp"

namespace linnet::inline LINNET_ABI::isa {

/// Normalization of rows of `length` float32 (or float64) values, rows [begin, end).
struct LayerNormArgs {
  const void *x, *gamma, *beta;  ///< beta: null for none
  void *y, *mean, *rstd;         ///< mean: null where the rows' mean is not subtracted
  bool is_double;
  double epsilon;
  std::int64_t length, begin, end;
};

/// The gradients of the rows [begin, end): dx, and the sums of dy * normalized and of dy.
struct LayerNormBackwardArgs {
  const void *dy, *x, *gamma, *mean, *rstd;  ///< mean: null where it is not subtracted
  void* dx;
  void *dgamma, *dbeta;  ///< `length` values each, of these rows alone
  bool is_double;
  std::int64_t length, begin, end;
};

/// out[i] = the sum of `count` rows of partial results, in order and in double.
struct SumPartsArgs {
  const void* parts;
  void* out;
  bool is_double;
  std::int64_t length, count, stride;
};

}  // namespace linnet::inline LINNET_ABI::isa
