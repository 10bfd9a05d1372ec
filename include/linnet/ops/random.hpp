#pragma once

#define LINNET_USES_OPS_RANDOM
#undef LINNET_COMPLETE
#if defined(LINNET_HEADER_ONLY) && !defined(LINNET_WITHIN)
#define LINNET_WITHIN
#define LINNET_FIRST_OPS_RANDOM
#endif

#include <optional>

#include "linnet/config.hpp"
#include "linnet/core/tensor.hpp"
#include "linnet/ops/generator.hpp"

/// Random tensors. Every call takes one position of its generator (default_generator() if none is
/// given); the same seed and position give the same numbers on any number of threads, eager or
/// captured.
namespace linnet::inline LINNET_ABI {

struct UniformOptions {
  double minval = 0, maxval = 1;
  DType dtype = float32;
  std::optional<Generator> generator{};
};
/// Uniform in [minval, maxval). ValueError unless maxval - minval is finite.
LINNET_DECL Tensor uniform(const Shape& shape, const UniformOptions& options = {});

struct NormalOptions {
  double mean = 0, stddev = 1;
  DType dtype = float32;
  std::optional<Generator> generator{};
};
LINNET_DECL Tensor normal(const Shape& shape, const NormalOptions& options = {});
/// Normal, values beyond two standard deviations drawn again.
LINNET_DECL Tensor truncated_normal(const Shape& shape, const NormalOptions& options = {});

struct IntegersOptions {
  DType dtype = int32;
  std::optional<Generator> generator{};
};
/// Uniform integers in [low, high). ValueError unless low < high and the dtype has them all.
LINNET_DECL Tensor random_integers(const Shape& shape, std::int64_t low, std::int64_t high,
                                   const IntegersOptions& options = {});
/// A random order of 0..n-1, int64.
LINNET_DECL Tensor permutation(std::int64_t n, const std::optional<Generator>& generator = {});

/// Each element kept with probability 1 - rate and then divided by it, else 0. ValueError unless
/// 0 <= rate <= 1; floating dtypes.
LINNET_DECL Tensor dropout(const Tensor& x, double rate,
                           const std::optional<Generator>& generator = {});

}  // namespace linnet::inline LINNET_ABI

#ifdef LINNET_FIRST_OPS_RANDOM
#include "linnet/impl/src.hpp"
#endif
