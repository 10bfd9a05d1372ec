#pragma once

#include <cstdint>

#include "linnet/config.hpp"

namespace linnet::inline LINNET_ABI::isa {

/// Two sums over chunks of rows of x [rows, channels], for each channel, in double. Without dy: a
/// chunk's mean and its sum of squared deviations from that; else the sums of dy and of
/// dy (x - mean). For units [begin, end): unit u is block u % blocks of 64 channels of chunk
/// u / blocks.
struct BatchSumsArgs {
  const void *x, *dy, *mean;
  double* sums;  ///< [chunks, 2, channels]
  std::int64_t rows, channels, chunk, begin, end;
  bool is_double;
};
inline constexpr std::int64_t batch_sums_block = 64;

/// The moments of all `rows` from those of the chunks.
struct BatchMomentsArgs {
  const double* sums;
  void *mean, *variance;
  std::int64_t rows, channels, chunk, chunks;
  bool is_double;
};

/// Gradients of gamma and beta from the chunks' sums of dy and of dy (x - mean), and the factors a,
/// b and c of dx: [3, channels].
struct BatchFactorsArgs {
  const double* sums;
  const void *gamma, *variance;
  void *dgamma, *dbeta, *factors;
  double epsilon;
  std::int64_t rows, channels, chunks;
  bool is_double;
};

/// dx = a dy + b (x - mean) + c for rows [begin, end); all but x and dy [channels].
struct BatchNormGradientArgs {
  const void *x, *dy, *mean, *a, *b, *c;
  void* dx;
  std::int64_t channels, begin, end;
  bool is_double;
};

}  // namespace linnet::inline LINNET_ABI::isa
