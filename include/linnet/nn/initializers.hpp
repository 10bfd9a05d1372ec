#pragma once

#define LINNET_USES_NN_INITIALIZERS
#undef LINNET_COMPLETE
#if defined(LINNET_HEADER_ONLY) && !defined(LINNET_WITHIN)
#define LINNET_WITHIN
#define LINNET_FIRST_NN_INITIALIZERS
#endif

#include <cstdint>
#include <memory>
#include <optional>
#include <string>

#include "linnet/config.hpp"
#include "linnet/core/tensor.hpp"
#include "linnet/nn/handle.hpp"

namespace linnet::inline LINNET_ABI {

/// Makes the first values of a weight: a pure function of shape and seed, so calling one object
/// twice gives the same values; its seed is drawn from default_generator() when it is made.
class LINNET_EXPORT Initializer {
 public:
  virtual ~Initializer() = default;
  virtual Tensor operator()(const Shape& shape, DType dtype = float32) const = 0;
  /// One like this with a new seed, if its seed was drawn; null if it would be the same.
  virtual std::shared_ptr<Initializer> redrawn() const { return nullptr; }
  /// "glorot_uniform", "he_normal", "zeros", ...; ValueError for an unknown name.
  LINNET_DECL static std::shared_ptr<Initializer> from_name(const std::string& name);
};

namespace initializers {

struct LINNET_EXPORT Constant : Initializer {
  explicit Constant(double v = 0) : value(v) {}
  LINNET_DECL Tensor operator()(const Shape& shape, DType dtype = float32) const override;
  double value;
};

enum class Distribution { uniform, normal, truncated_normal };

/// Uniform in [low, high), or normal with mean and stddev (truncated: at two standard deviations).
struct LINNET_EXPORT Random : Initializer {
  LINNET_DECL Random(Distribution distribution, double a, double b,
                     std::optional<std::uint64_t> seed = {});
  LINNET_DECL Tensor operator()(const Shape& shape, DType dtype = float32) const override;
  LINNET_DECL std::shared_ptr<Initializer> redrawn() const override;
  Distribution distribution;
  double a, b;
  std::uint64_t seed;
  bool drawn;  ///< the seed was not given
};

enum class FanMode { fan_in, fan_out, fan_avg };

/// Variance scale / fan: uniform in +-sqrt(3 v), normal of stddev sqrt(v), or truncated normal
/// corrected to that stddev. Fans of a convolution are its receptive field times its channels.
struct LINNET_EXPORT VarianceScaling : Initializer {
  LINNET_DECL VarianceScaling(double scale = 1, FanMode mode = FanMode::fan_in,
                              Distribution distribution = Distribution::truncated_normal,
                              std::optional<std::uint64_t> seed = {});
  LINNET_DECL Tensor operator()(const Shape& shape, DType dtype = float32) const override;
  LINNET_DECL std::shared_ptr<Initializer> redrawn() const override;
  double scale;
  FanMode mode;
  Distribution distribution;
  std::uint64_t seed;
  bool drawn;  ///< the seed was not given
};

/// Keras's names for the above.
struct Zeros : Constant {
  Zeros() : Constant(0) {}
};
struct Ones : Constant {
  Ones() : Constant(1) {}
};
struct RandomUniform : Random {
  explicit RandomUniform(double minval = -0.05, double maxval = 0.05,
                         std::optional<std::uint64_t> fixed_seed = {})
      : Random(Distribution::uniform, minval, maxval, fixed_seed) {}
};
struct RandomNormal : Random {
  explicit RandomNormal(double mean = 0, double stddev = 0.05,
                        std::optional<std::uint64_t> fixed_seed = {})
      : Random(Distribution::normal, mean, stddev, fixed_seed) {}
};
struct TruncatedNormal : Random {
  explicit TruncatedNormal(double mean = 0, double stddev = 0.05,
                           std::optional<std::uint64_t> fixed_seed = {})
      : Random(Distribution::truncated_normal, mean, stddev, fixed_seed) {}
};
struct GlorotUniform : VarianceScaling {
  explicit GlorotUniform(std::optional<std::uint64_t> fixed_seed = {})
      : VarianceScaling(1, FanMode::fan_avg, Distribution::uniform, fixed_seed) {}
};
struct GlorotNormal : VarianceScaling {
  explicit GlorotNormal(std::optional<std::uint64_t> fixed_seed = {})
      : VarianceScaling(1, FanMode::fan_avg, Distribution::truncated_normal, fixed_seed) {}
};
struct HeUniform : VarianceScaling {
  explicit HeUniform(std::optional<std::uint64_t> fixed_seed = {})
      : VarianceScaling(2, FanMode::fan_in, Distribution::uniform, fixed_seed) {}
};
struct HeNormal : VarianceScaling {
  explicit HeNormal(std::optional<std::uint64_t> fixed_seed = {})
      : VarianceScaling(2, FanMode::fan_in, Distribution::truncated_normal, fixed_seed) {}
};
struct LecunUniform : VarianceScaling {
  explicit LecunUniform(std::optional<std::uint64_t> fixed_seed = {})
      : VarianceScaling(1, FanMode::fan_in, Distribution::uniform, fixed_seed) {}
};
struct LecunNormal : VarianceScaling {
  explicit LecunNormal(std::optional<std::uint64_t> fixed_seed = {})
      : VarianceScaling(1, FanMode::fan_in, Distribution::truncated_normal, fixed_seed) {}
};

/// gain on the diagonal of a matrix, else 0. ShapeError unless the rank is 2.
struct LINNET_EXPORT Identity : Initializer {
  explicit Identity(double g = 1) : gain(g) {}
  LINNET_DECL Tensor operator()(const Shape& shape, DType dtype = float32) const override;
  double gain;
};

/// gain times a matrix with orthonormal rows or columns (the fewer of them), its shape flattened to
/// (product of all axes but the last, last). ShapeError below rank 2.
struct LINNET_EXPORT Orthogonal : Initializer {
  LINNET_DECL explicit Orthogonal(double gain = 1, std::optional<std::uint64_t> fixed_seed = {});
  LINNET_DECL Tensor operator()(const Shape& shape, DType dtype = float32) const override;
  LINNET_DECL std::shared_ptr<Initializer> redrawn() const override;
  double gain;
  std::uint64_t seed;
  bool drawn;  ///< the seed was not given
};

/// The layers' defaults, without the table of all names.
LINNET_DECL std::shared_ptr<Initializer> make_glorot_uniform();
LINNET_DECL std::shared_ptr<Initializer> make_zeros();
LINNET_DECL std::shared_ptr<Initializer> make_ones();

}  // namespace initializers
}  // namespace linnet::inline LINNET_ABI

#ifdef LINNET_FIRST_NN_INITIALIZERS
#include "linnet/impl/src.hpp"
#endif
