#pragma once

#include <cstdint>

#include "linnet/config.hpp"

namespace linnet::inline LINNET_ABI::isa {

/// Blocks are drawn this many at a time.
inline constexpr std::int64_t random_step = 16;

/// The words of Philox blocks [first, first + blocks) of a stream; `blocks` is a multiple of
/// random_step.
struct RandomWordsArgs {
  std::uint64_t seed, position, first;
  std::int64_t blocks;
  std::uint32_t* words;  ///< four a block
};

/// Normal floats from words, a pair from each pair by Box and Muller; n is a multiple of 32.
struct RandomNormalsArgs {
  const std::uint32_t* words;
  std::int64_t n;
  float mean, stddev;
  float* out;
};

}  // namespace linnet::inline LINNET_ABI::isa
