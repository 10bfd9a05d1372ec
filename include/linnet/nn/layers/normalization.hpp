#pragma once

#if defined(LINNET_HEADER_ONLY) && !defined(LINNET_WITHIN)
#define LINNET_WITHIN
#define LINNET_FIRST_NN_LAYERS_NORMALIZATION
#endif

#include "linnet/config.hpp"
#include "linnet/nn/layer.hpp"

namespace linnet::inline LINNET_ABI::layers {

struct BatchNormalizationOptions {
  double momentum = 0.99, epsilon = 1e-3;
  bool center = true, scale = true;
  std::string name{};
};
/// Training: normalizes with the batch's mean and biased variance over all axes but the last, and
/// moves the moving statistics by 1 - momentum. Inference, and when not trainable: with the moving
/// ones. Weights gamma, beta, moving_mean, moving_variance.
class LINNET_EXPORT BatchNormalization : public Layer {
 public:
  LINNET_DECL explicit BatchNormalization(BatchNormalizationOptions options = {});
  LINNET_DECL void build(const Shape& input_shape) override;
  LINNET_DECL Tensor call(const Tensor& x, bool training) override;
  std::string type_name() const override { return "BatchNormalization"; }

 private:
  BatchNormalizationOptions options_;
};

struct LayerNormalizationOptions {
  double epsilon = 1e-3;
  std::string name{};
};
/// Normalizes each sample over its last axis; weights gamma, beta.
class LINNET_EXPORT LayerNormalization : public Layer {
 public:
  LINNET_DECL explicit LayerNormalization(LayerNormalizationOptions options = {});
  LINNET_DECL void build(const Shape& input_shape) override;
  LINNET_DECL Tensor call(const Tensor& x, bool training) override;
  std::string type_name() const override { return "LayerNormalization"; }

 private:
  double epsilon_;
};

struct EmbeddingOptions {
  Handle<Initializer> embeddings_initializer = "uniform";
  Handle<Regularizer> embeddings_regularizer{};
  std::string name{};
};
/// Integer indices [...] -> their rows [..., output_dim] of a table [input_dim, output_dim].
/// IndexError for an index outside the table.
class LINNET_EXPORT Embedding : public Layer {
 public:
  LINNET_DECL Embedding(std::int64_t input_dim, std::int64_t output_dim,
                        EmbeddingOptions options = {});
  LINNET_DECL void build(const Shape& input_shape) override;
  LINNET_DECL Tensor call(const Tensor& x, bool training) override;
  std::string type_name() const override { return "Embedding"; }

 private:
  std::int64_t input_dim_, output_dim_;
  EmbeddingOptions options_;
};

}  // namespace linnet::inline LINNET_ABI::layers

#ifdef LINNET_FIRST_NN_LAYERS_NORMALIZATION
#include "linnet/impl/src.hpp"
#endif
