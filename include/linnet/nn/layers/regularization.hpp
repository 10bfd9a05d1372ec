#pragma once

#define LINNET_USES_NN_LAYERS_REGULARIZATION
#undef LINNET_COMPLETE
#if defined(LINNET_HEADER_ONLY) && !defined(LINNET_WITHIN)
#define LINNET_WITHIN
#define LINNET_FIRST_NN_LAYERS_REGULARIZATION
#endif

#include <cstdint>
#include <optional>
#include <string>

#include "linnet/config.hpp"
#include "linnet/nn/layer.hpp"
#include "linnet/ops/generator.hpp"

namespace linnet::inline LINNET_ABI::layers {

struct DropoutOptions {
  Shape
      noise_shape{};  ///< of the random mask; extents of 1 are shared, -1 the input's. {}: all own
  std::optional<std::uint64_t> seed{};
  std::string name{};
};
/// In training each input is dropped with probability `rate`, the others divided by 1 - rate.
/// ValueError unless 0 <= rate <= 1.
struct LINNET_EXPORT Dropout : Layer {
  LINNET_DECL explicit Dropout(double rate, const DropoutOptions& options = {});
  LINNET_DECL Tensor call(const Tensor& x, bool training) override;
  std::string type_name() const override { return "Dropout"; }
  double rate;
  Shape noise_shape;
  std::optional<Generator> generator;
};
struct NoiseOptions {
  std::optional<std::uint64_t> seed{};
  std::string name{};
};
/// Dropout of whole channels of [n, t, c].
struct LINNET_EXPORT SpatialDropout1D : Layer {
  LINNET_DECL explicit SpatialDropout1D(double rate, const NoiseOptions& options = {});
  LINNET_DECL Tensor call(const Tensor& x, bool training) override;
  std::string type_name() const override { return "SpatialDropout1D"; }
  double rate;
  std::optional<Generator> generator;
};
/// Dropout of whole channels of [n, h, w, c].
struct LINNET_EXPORT SpatialDropout2D : Layer {
  LINNET_DECL explicit SpatialDropout2D(double rate, const NoiseOptions& options = {});
  LINNET_DECL Tensor call(const Tensor& x, bool training) override;
  std::string type_name() const override { return "SpatialDropout2D"; }
  double rate;
  std::optional<Generator> generator;
};
/// In training adds normal noise of mean 0. ValueError for a negative stddev.
struct LINNET_EXPORT GaussianNoise : Layer {
  LINNET_DECL explicit GaussianNoise(double stddev, const NoiseOptions& options = {});
  LINNET_DECL Tensor call(const Tensor& x, bool training) override;
  std::string type_name() const override { return "GaussianNoise"; }
  double stddev;
  std::optional<Generator> generator;
};

}  // namespace linnet::inline LINNET_ABI::layers

#ifdef LINNET_FIRST_NN_LAYERS_REGULARIZATION
#include "linnet/impl/src.hpp"
#endif
