#pragma once

#include <cstdint>

#include "linnet/config.hpp"

namespace linnet::inline LINNET_ABI::isa {

enum class Optimizer : std::uint8_t { sgd, adam, rmsprop };

/// One fused update of elements [begin, end). State 0 is the weights; the rest: momentum | m, v
/// [, vmax] | v [, mean] [, momentum]. New states are written to `out`, which may be `state`.
struct OptimizerArgs {
  Optimizer kind;
  bool is_double, nesterov, amsgrad, centered, has_momentum;
  const void* state[4];
  void* out[4];
  const void* gradient;
  double learning_rate, step_size;  ///< step_size: Adam's bias-corrected rate
  double momentum, beta_1, beta_2, rho, epsilon;
  double decay;  ///< weights are first multiplied by 1 - decay
  std::int64_t begin, end;
};

}  // namespace linnet::inline LINNET_ABI::isa
