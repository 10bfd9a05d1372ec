#pragma once

#include <cstdint>

#include "linnet/config.hpp"

namespace linnet::inline LINNET_ABI::isa {

/// A gradient that is zero but for some rows: `updates` [count, width] of which row r gets the sum
/// of those in the list that starts at heads[r] and goes on at next[.]; -1 ends it.
struct GradientRows {
  const std::int32_t *heads, *next;
  std::int64_t width;
};

/// One fused update of elements [begin, end). State 0 is the weights; the rest: momentum | m, v
/// [, vmax] | v [, mean] [, momentum]. New states are written to `out`, which may be `state`.
struct OptimizerArgs {
  bool is_double, nesterov, amsgrad, centered, has_momentum;
  const void* state[4];
  void* out[4];
  const void* gradient;   ///< as the weights, or the updates of `rows`
  GradientRows rows;      ///< heads null: the gradient is dense; else begin and end count rows
  double gradient_scale;  ///< multiplies the gradient first
  double learning_rate, step_size;  ///< step_size: Adam's bias-corrected rate
  double momentum, beta_1, beta_2, rho, epsilon;
  double decay;  ///< weights are first multiplied by 1 - decay
  std::int64_t begin, end;
};

}  // namespace linnet::inline LINNET_ABI::isa
