#pragma once

#define LINNET_USES_OPS_GENERATOR
#undef LINNET_COMPLETE
#if defined(LINNET_HEADER_ONLY) && !defined(LINNET_WITHIN)
#define LINNET_WITHIN
#define LINNET_FIRST_OPS_GENERATOR
#endif

#include <cstdint>

#include "linnet/autograd/variable.hpp"
#include "linnet/config.hpp"

namespace linnet::inline LINNET_ABI {

/// A source of random numbers: Philox4x32-10, counter-based. Its state is one Variable
/// uint64[2] {seed, position}; every random op takes one position, so a checkpoint of the state
/// resumes exactly and captured code draws the same numbers as eager code. Copies share the state.
class LINNET_EXPORT Generator {
 public:
  /// Starts at position 0 of `seed`.
  LINNET_DECL explicit Generator(std::uint64_t seed);
  LINNET_DECL void set_seed(std::uint64_t seed);
  const Variable& state() const { return state_; }

  /// For random ops: the state tensor to read and the offset to add to its position.
  struct Ticket {
    Tensor state;
    std::uint64_t offset = 0;
  };
  /// Takes one position: eagerly it advances the state at once; under a trace the k-th ticket has
  /// offset k and the trace ends with position += count.
  LINNET_DECL Ticket next() const;

 private:
  Variable state_;
};

/// The process's generator, used where none is given; seeded from the system at start.
LINNET_DECL const Generator& default_generator();
/// Seeds default_generator(): the same seed gives the same program the same numbers.
LINNET_DECL void set_random_seed(std::uint64_t seed);

}  // namespace linnet::inline LINNET_ABI

#ifdef LINNET_FIRST_OPS_GENERATOR
#include "linnet/impl/src.hpp"
#endif
