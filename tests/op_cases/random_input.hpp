#pragma once

#include "linnet/ops/random.hpp"

/// An operand of a row: float64, uniform in [low, high), the same in every run.
inline linnet::Tensor random(const linnet::Shape& shape, std::uint64_t seed = 21, double low = -1,
                             double high = 1) {
  return linnet::uniform(shape, {.minval = low,
                                 .maxval = high,
                                 .dtype = linnet::float64,
                                 .generator = linnet::Generator(seed)});
}
