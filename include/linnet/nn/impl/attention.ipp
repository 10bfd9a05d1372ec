#pragma once

#include <cmath>
#include <utility>

#include "linnet/nn/layers/attention.hpp"
#include "linnet/nn/notes.hpp"
#include "linnet/ops/attention.hpp"
#include "linnet/ops/elementwise.hpp"
#include "linnet/ops/impl/attention_weights.ipp"
#include "linnet/ops/matmul.hpp"
#include "linnet/ops/random.hpp"
#include "linnet/ops/shape.hpp"

namespace linnet::inline LINNET_ABI::layers {

MultiHeadAttention::MultiHeadAttention(std::int64_t num_heads, std::int64_t key_dim,
                                       MultiHeadAttentionOptions o)
    : Layer("multi_head_attention", o.name),
      num_heads_(num_heads),
      key_dim_(key_dim),
      options_(std::move(o)) {
  if (num_heads < 1 || key_dim < 1 || options_.value_dim < 0 || options_.output_dim < 0)
    fail<ValueError>("multi_head_attention", "expected positive numbers, got num_heads ", num_heads,
                     ", key_dim ", key_dim, ", value_dim ", options_.value_dim, ", output_dim ",
                     options_.output_dim);
  if (!(options_.dropout >= 0 && options_.dropout <= 1))
    fail<ValueError>("multi_head_attention", "dropout ", options_.dropout, " is outside [0, 1]");
  if (options_.value_dim == 0) options_.value_dim = key_dim;
  if (options_.seed) {
    generator_ = Generator(*options_.seed);
    state().random_states.push_back(generator_->state());
  }
  state().supports_masking = true;
}

void MultiHeadAttention::add_projection(const std::string& name, const Shape& kernel,
                                        const Shape& bias) {
  add_weight(name + "/kernel", kernel,
             {.initializer = options_.kernel_initializer,
              .regularizer = options_.kernel_regularizer,
              .constraint = options_.kernel_constraint});
  if (options_.use_bias)
    add_weight(name + "/bias", bias,
               {.initializer = options_.bias_initializer,
                .regularizer = options_.bias_regularizer,
                .constraint = options_.bias_constraint});
}

void MultiHeadAttention::build(const Shape& query, const Shape& value, const Shape& key) {
  value_shape_ = value;
  key_shape_ = key;
  build_once(query);
}

void MultiHeadAttention::build(const Shape& query) {
  const Shape value = value_shape_.rank() ? value_shape_ : query;
  const Shape key = key_shape_.rank() ? key_shape_ : query;
  for (const Shape* s : {&query, &value, &key})
    if (s->rank() != 3) fail<ShapeError>(name(), "expected inputs [n, t, d], got shape ", *s);
  const std::int64_t output = options_.output_dim ? options_.output_dim : query[2];
  const Shape of_keys{num_heads_, key_dim_}, of_values{num_heads_, options_.value_dim};
  add_projection("query", {query[2], num_heads_, key_dim_}, of_keys);
  add_projection("key", {key[2], num_heads_, key_dim_}, of_keys);
  add_projection("value", {value[2], num_heads_, options_.value_dim}, of_values);
  add_projection("attention_output", {num_heads_, options_.value_dim, output}, {output});
}

Tensor MultiHeadAttention::call(const Tensor& x, bool training) {
  return attend(x, x, {.training = training}, false).output;
}

Tensor MultiHeadAttention::call_masked(const Tensor& x, const Tensor& mask, bool training) {
  return attend(x, x, {.training = training, .query_mask = mask, .value_mask = mask}, false).output;
}

Tensor MultiHeadAttention::operator()(const Tensor& query, const Tensor& value,
                                      const AttentionCallOptions& options) {
  return run(query, value, options, false).output;
}

AttentionResult MultiHeadAttention::with_scores(const Tensor& query, const Tensor& value,
                                                const AttentionCallOptions& options) {
  return run(query, value, options, true);
}

AttentionResult MultiHeadAttention::run(const Tensor& query, const Tensor& value,
                                        const AttentionCallOptions& options, bool scores) {
  AttentionCallOptions o = options;
  if (!o.key.defined()) o.key = value;
  build(query.shape(), value.shape(), o.key.shape());
  if (!o.query_mask.defined()) o.query_mask = linnet::detail::find_note(query, "mask");
  if (!o.value_mask.defined()) o.value_mask = linnet::detail::find_note(value, "mask");
  AttentionResult result = attend(query, value, o, scores);
  if (o.query_mask.defined()) linnet::detail::note(result.output, "mask", o.query_mask);
  if (!state().output_shape) state().output_shape = result.output.shape();
  return result;
}

namespace detail {

/// [n, t, d] by a kernel [d, heads, dim] -> [n, heads, t, dim].
inline Tensor into_heads(const Tensor& x, const Tensor& kernel, const Variable* bias) {
  const Shape& k = kernel.shape();
  Tensor y = matmul(x, reshape(kernel, {k[0], k[1] * k[2]}));
  if (bias) y = y + reshape(*bias, {k[1] * k[2]});
  return transpose(reshape(y, {x.dim(0), x.dim(1), k[1], k[2]}), {0, 2, 1, 3});
}

/// Which key each query may see but for causality, to be broadcast to [n, heads, t, s]; undefined
/// if all.
inline Tensor attention_mask(const AttentionCallOptions& o) {
  Tensor all;
  const auto join = [&](const Tensor& mask) {
    const Tensor seen = mask.dtype() == DType::boolean ? mask : mask != 0;
    all = all.defined() ? logical_and(all, seen) : seen;
  };
  if (o.attention_mask.defined())
    join(o.attention_mask.rank() == 3 ? expand_dims(o.attention_mask, 1) : o.attention_mask);
  if (o.query_mask.defined()) join(expand_dims(expand_dims(o.query_mask, 1), -1));
  for (const Tensor& keys : {o.value_mask, o.key_mask})
    if (keys.defined()) join(expand_dims(expand_dims(keys, 1), 1));
  return all;
}

}  // namespace detail

AttentionResult MultiHeadAttention::attend(const Tensor& query, const Tensor& value,
                                           const AttentionCallOptions& o, bool scores) const {
  const Tensor& key = o.key.defined() ? o.key : value;
  for (const Tensor* x : {&query, &value, &key})
    if (x->rank() != 3 || x->dim(0) != query.dim(0))
      fail<ShapeError>(name(), "expected inputs [n, t, d], got ", query.shape(), ", ",
                       value.shape(), " and ", key.shape());
  if (key.dim(1) != value.dim(1))
    fail<ShapeError>(name(), "key ", key.shape(), " and value ", value.shape(),
                     " differ in length");
  const std::size_t stride = options_.use_bias ? 2 : 1;
  const auto bias = [&](std::size_t i) { return options_.use_bias ? &weight(i * 2 + 1) : nullptr; };
  const Tensor q = detail::into_heads(query, weight(0), bias(0));
  const Tensor k = detail::into_heads(key, weight(stride), bias(1));
  const Tensor v = detail::into_heads(value, weight(2 * stride), bias(2));
  const double scale = 1 / std::sqrt(static_cast<double>(key_dim_));
  const linnet::AttentionOptions heads{.mask = detail::attention_mask(o),
                                       .is_causal = o.use_causal_mask,
                                       .dropout = o.training ? options_.dropout : 0,
                                       .scale = scale,
                                       .generator = generator_};
  Tensor weights, y;
  if (scores) {
    weights = linnet::detail::attention_weights(q, k, heads.mask, scale, heads.is_causal);
    y = matmul(heads.dropout > 0 ? dropout(weights, heads.dropout, generator_) : weights, v);
  } else {
    y = scaled_dot_product_attention(q, k, v, heads);
  }
  const Tensor kernel = weight(3 * stride);
  const Shape& out = kernel.shape();
  const Tensor joined = reshape(swapaxes(y, 1, 2), {query.dim(0), query.dim(1), out[0] * out[1]});
  Tensor output = matmul(joined, reshape(kernel, {out[0] * out[1], out[2]}));
  if (options_.use_bias) output = output + weight(7);
  return {output, weights};
}

}  // namespace linnet::inline LINNET_ABI::layers
