#pragma once

#include "linnet/core/creation.hpp"
#include "linnet/nn/layers/normalization.hpp"
#include "linnet/ops/elementwise.hpp"
#include "linnet/ops/indexing.hpp"
#include "linnet/ops/norm.hpp"

namespace linnet::inline LINNET_ABI::layers {

BatchNormalization::BatchNormalization(BatchNormalizationOptions o)
    : Layer("batch_normalization", o.name), options_(std::move(o)) {}

void BatchNormalization::build(const Shape& input_shape) {
  if (input_shape.rank() < 2)
    fail<ShapeError>(name(), "expected an input of rank >= 2, got shape ", input_shape);
  const Shape channels{input_shape[-1]};
  if (options_.scale) add_weight("gamma", channels, {.initializer = "ones"});
  if (options_.center) add_weight("beta", channels, {.initializer = "zeros"});
  add_weight("moving_mean", channels, {.initializer = "zeros", .trainable = false});
  add_weight("moving_variance", channels, {.initializer = "ones", .trainable = false});
}

Tensor BatchNormalization::call(const Tensor& x, bool training) {
  std::size_t next = 0;
  const Shape& channels = weight(0).shape();
  const Tensor gamma = options_.scale ? weight(next++).value() : ones(channels, x.dtype());
  const Tensor beta = options_.center ? weight(next++).value() : zeros(channels, x.dtype());
  const Variable &moving_mean = weight(next), &moving_variance = weight(next + 1);
  if (!training || !trainable())
    return batch_norm_inference(x, gamma, beta, moving_mean, moving_variance, options_.epsilon);
  const auto [y, mean, variance] = batch_norm(x, gamma, beta, options_.epsilon);
  const double keep = options_.momentum;
  moving_mean.assign(moving_mean * keep + mean * (1 - keep));
  moving_variance.assign(moving_variance * keep + variance * (1 - keep));
  return y;
}

LayerNormalization::LayerNormalization(LayerNormalizationOptions o)
    : Layer("layer_normalization", o.name), epsilon_(o.epsilon) {}

void LayerNormalization::build(const Shape& input_shape) {
  add_weight("gamma", {input_shape[-1]}, {.initializer = "ones"});
  add_weight("beta", {input_shape[-1]}, {.initializer = "zeros"});
}

Tensor LayerNormalization::call(const Tensor& x, bool) {
  return layer_norm(x, weight(0), weight(1), epsilon_);
}

Embedding::Embedding(std::int64_t input_dim, std::int64_t output_dim, EmbeddingOptions o)
    : Layer("embedding", o.name),
      input_dim_(input_dim),
      output_dim_(output_dim),
      options_(std::move(o)) {
  if (input_dim < 1 || output_dim < 1)
    fail<ValueError>("embedding", "expected positive dimensions, got ", input_dim, " and ",
                     output_dim);
}

void Embedding::build(const Shape&) {
  add_weight("embeddings", {input_dim_, output_dim_},
             {.initializer = options_.embeddings_initializer,
              .regularizer = options_.embeddings_regularizer});
}

Tensor Embedding::call(const Tensor& x, bool) {
  return gather(weight(0), is_floating(x.dtype()) ? cast(x, DType::int32) : x);
}

}  // namespace linnet::inline LINNET_ABI::layers
