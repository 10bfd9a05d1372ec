#pragma once

#define LINNET_USES_NN_LAYERS_ATTENTION
#undef LINNET_COMPLETE
#if defined(LINNET_HEADER_ONLY) && !defined(LINNET_WITHIN)
#define LINNET_WITHIN
#define LINNET_FIRST_NN_LAYERS_ATTENTION
#endif

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "linnet/config.hpp"
#include "linnet/nn/layer.hpp"
#include "linnet/ops/generator.hpp"

namespace linnet::inline LINNET_ABI::layers {

struct MultiHeadAttentionOptions {
  std::int64_t value_dim = 0;  ///< 0: key_dim
  double dropout = 0;          ///< of the probabilities
  bool use_bias = true;
  std::int64_t output_dim = 0;  ///< of the last axis; 0: the query's
  Handle<Initializer> kernel_initializer = initializers::make_glorot_uniform();
  Handle<Initializer> bias_initializer = initializers::make_zeros();
  Handle<Regularizer> kernel_regularizer{}, bias_regularizer{};
  Handle<Constraint> kernel_constraint{}, bias_constraint{};
  std::optional<std::uint64_t> seed{};
  std::string name{};
};
struct AttentionCallOptions {
  Tensor key{};  ///< undefined: the value
  Tensor
      attention_mask{};  ///< bool [n, t, s], or what broadcasts to it: which keys a query may see
  bool use_causal_mask = false;  ///< a query sees no later key
  bool training = false;
  Tensor query_mask{}, value_mask{}, key_mask{};  ///< [n, t], [n, s], [n, s]: steps that count
};
struct AttentionResult {
  Tensor output, scores;  ///< [n, t, output_dim], probabilities [n, heads, t, s]
};

/// Scaled dot-product attention in several heads: softmax(q k^T / sqrt(key_dim)) v of a query
/// [n, t, d] and a value [n, s, e], each head in projections of its own. A query that may see no
/// key gives zeros before the last projection. Weights in Keras's order and shapes: query, key and
/// value kernels [d, heads, dim], biases [heads, dim], each after its kernel, then the output's
/// [heads, value_dim, output_dim] and [output_dim].
class LINNET_EXPORT MultiHeadAttention : public Layer {
 public:
  LINNET_DECL MultiHeadAttention(std::int64_t num_heads, std::int64_t key_dim,
                                 MultiHeadAttentionOptions options = {});
  LINNET_DECL Tensor operator()(const Tensor& query, const Tensor& value,
                                const AttentionCallOptions& options = {});
  /// The probabilities, too, which otherwise are not kept.
  LINNET_DECL AttentionResult with_scores(const Tensor& query, const Tensor& value,
                                          const AttentionCallOptions& options = {});
  /// Makes the weights for these inputs, as the first call does by itself.
  LINNET_DECL void build(const Shape& query_shape, const Shape& value_shape,
                         const Shape& key_shape);
  LINNET_DECL void build(const Shape& query_shape) override;
  /// Self-attention: query, key and value are x.
  LINNET_DECL Tensor call(const Tensor& x, bool training) override;
  LINNET_DECL Tensor call_masked(const Tensor& x, const Tensor& mask, bool training) override;
  std::string type_name() const override { return "MultiHeadAttention"; }

 private:
  LINNET_DECL void add_projection(const std::string& name, const Shape& kernel, const Shape& bias);
  LINNET_DECL AttentionResult run(const Tensor& query, const Tensor& value,
                                  const AttentionCallOptions& options, bool scores);
  LINNET_DECL AttentionResult attend(const Tensor& query, const Tensor& value,
                                     const AttentionCallOptions& options, bool scores) const;
  std::int64_t num_heads_, key_dim_;
  MultiHeadAttentionOptions options_;
  Shape value_shape_, key_shape_;
  std::optional<Generator> generator_;
};

}  // namespace linnet::inline LINNET_ABI::layers

#ifdef LINNET_FIRST_NN_LAYERS_ATTENTION
#include "linnet/impl/src.hpp"
#endif
