#pragma once

#define LINNET_USES_NN_LAYERS_NORMALIZATION
#undef LINNET_COMPLETE
#if defined(LINNET_HEADER_ONLY) && !defined(LINNET_WITHIN)
#define LINNET_WITHIN
#define LINNET_FIRST_NN_LAYERS_NORMALIZATION
#endif

#include <string>
#include <vector>

#include "linnet/config.hpp"
#include "linnet/nn/layer.hpp"

namespace linnet::inline LINNET_ABI::layers {

struct BatchNormalizationOptions {
  int axis = -1;  ///< of the channels
  double momentum = 0.99, epsilon = 1e-3;
  bool center = true, scale = true;
  Handle<Initializer> beta_initializer = initializers::make_zeros(),
                      gamma_initializer = initializers::make_ones();
  Handle<Initializer> moving_mean_initializer = initializers::make_zeros(),
                      moving_variance_initializer = initializers::make_ones();
  Handle<Regularizer> beta_regularizer{}, gamma_regularizer{};
  Handle<Constraint> beta_constraint{}, gamma_constraint{};
  std::string name{};
};
/// Training: normalizes with the batch's mean and biased variance over all axes but that of the
/// channels, and moves the moving statistics by 1 - momentum. Inference, and when not trainable:
/// with the moving ones. Weights gamma, beta, moving_mean, moving_variance. IndexError if the input
/// has no such axis, ShapeError for rank 1.
class LINNET_EXPORT BatchNormalization : public Layer {
 public:
  LINNET_DECL explicit BatchNormalization(BatchNormalizationOptions options = {});
  LINNET_DECL void build(const Shape& input_shape) override;
  LINNET_DECL Tensor call(const Tensor& x, bool training) override;
  std::string type_name() const override { return "BatchNormalization"; }

 private:
  LINNET_DECL Tensor normalize(const Tensor& x, bool training);
  BatchNormalizationOptions options_;
};

struct LayerNormalizationOptions {
  std::vector<int> axis{-1};  ///< normalized together
  double epsilon = 1e-3;
  bool center = true, scale = true;
  Handle<Initializer> beta_initializer = initializers::make_zeros(),
                      gamma_initializer = initializers::make_ones();
  Handle<Regularizer> beta_regularizer{}, gamma_regularizer{};
  Handle<Constraint> beta_constraint{}, gamma_constraint{};
  std::string name{};
};
/// (x - mean) / sqrt(variance + epsilon) * gamma + beta of each sample, biased variance, over the
/// axes given; weights gamma, beta of these axes' shape. IndexError for an axis that does not
/// exist.
class LINNET_EXPORT LayerNormalization : public Layer {
 public:
  LINNET_DECL explicit LayerNormalization(LayerNormalizationOptions options = {});
  LINNET_DECL void build(const Shape& input_shape) override;
  LINNET_DECL Tensor call(const Tensor& x, bool training) override;
  std::string type_name() const override { return "LayerNormalization"; }

 private:
  LINNET_DECL Tensor normalize(const Tensor& x) const;
  LayerNormalizationOptions options_;
};

struct GroupNormalizationOptions {
  std::int64_t groups = 32;  ///< -1: as many as there are channels
  double epsilon = 1e-3;
  bool center = true, scale = true;
  Handle<Initializer> beta_initializer = initializers::make_zeros(),
                      gamma_initializer = initializers::make_ones();
  Handle<Regularizer> beta_regularizer{}, gamma_regularizer{};
  Handle<Constraint> beta_constraint{}, gamma_constraint{};
  std::string name{};
};
/// Normalizes each sample over its positions and the channels (last axis) of each contiguous group;
/// weights gamma, beta of the channels. ShapeError if they are not divisible.
class LINNET_EXPORT GroupNormalization : public Layer {
 public:
  LINNET_DECL explicit GroupNormalization(GroupNormalizationOptions options = {});
  LINNET_DECL void build(const Shape& input_shape) override;
  LINNET_DECL Tensor call(const Tensor& x, bool training) override;
  std::string type_name() const override { return "GroupNormalization"; }

 private:
  LINNET_DECL Tensor normalize(const Tensor& x) const;
  GroupNormalizationOptions options_;
};

struct RMSNormalizationOptions {
  int axis = -1;
  double epsilon = 1e-6;
  std::string name{};
};
/// x / sqrt(mean(x^2) + epsilon) * scale over one axis; weight scale of its extent.
class LINNET_EXPORT RMSNormalization : public Layer {
 public:
  LINNET_DECL explicit RMSNormalization(RMSNormalizationOptions options = {});
  LINNET_DECL void build(const Shape& input_shape) override;
  LINNET_DECL Tensor call(const Tensor& x, bool training) override;
  std::string type_name() const override { return "RMSNormalization"; }

 private:
  LINNET_DECL Tensor normalize(const Tensor& x) const;
  RMSNormalizationOptions options_;
};

struct UnitNormalizationOptions {
  int axis = -1;
  std::string name{};
};
/// x divided by its norm along an axis.
class LINNET_EXPORT UnitNormalization : public Layer {
 public:
  LINNET_DECL explicit UnitNormalization(const UnitNormalizationOptions& options = {});
  LINNET_DECL Tensor call(const Tensor& x, bool training) override;
  std::string type_name() const override { return "UnitNormalization"; }

 private:
  int axis_;
};

}  // namespace linnet::inline LINNET_ABI::layers

#ifdef LINNET_FIRST_NN_LAYERS_NORMALIZATION
#include "linnet/impl/src.hpp"
#endif
