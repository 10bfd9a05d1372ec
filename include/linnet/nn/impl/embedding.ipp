#pragma once

#include "linnet/nn/layers/embedding.hpp"
#include "linnet/ops/elementwise.hpp"
#include "linnet/ops/indexing.hpp"

namespace linnet::inline LINNET_ABI::layers {

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
              .regularizer = options_.embeddings_regularizer,
              .constraint = options_.embeddings_constraint});
}

Tensor Embedding::compute_mask(const Tensor& x, const Tensor&) const {
  return options_.mask_zero ? x != 0 : Tensor();
}

Tensor Embedding::call(const Tensor& x, bool) {
  return gather(weight(0), is_floating(x.dtype()) ? cast(x, DType::int32) : x);
}

}  // namespace linnet::inline LINNET_ABI::layers
