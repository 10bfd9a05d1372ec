#pragma once

#include <cstdint>

#include "linnet/config.hpp"

namespace linnet::inline LINNET_ABI::isa {

/// [n, length, heads, dim] by element strides; the last axis has no gaps.
struct AttentionOperand {
  const void* data;
  std::int64_t batch, row, head;
};

enum class AttentionMask : std::uint8_t { none, boolean, additive };

/// What forward and backward share: y = softmax(scale q k^T + mask) v for each batch and head.
struct AttentionProblem {
  AttentionOperand q, k, v;
  const void* mask;
  std::int64_t mask_strides[4];  ///< of [n, heads, queries, keys]
  AttentionMask mask_kind;
  bool causal;  ///< query i sees keys [0, i]
  bool is_double;
  double scale;
  std::int64_t heads, queries, keys, dim, value_dim;
};

/// Blocks of queries [begin, end), counted through all heads of all batches.
struct AttentionArgs {
  AttentionProblem problem;
  void* y;        ///< [n, queries, heads, value_dim]
  void* log_sum;  ///< [n, heads, queries]: of the exponentials; infinite where no key is seen
  void* scratch;  ///< attention_scratch_bytes, 64-byte aligned
  std::int64_t begin, end;
};

/// Pairs of batch and head [begin, end), counted through.
struct AttentionBackwardArgs {
  AttentionProblem problem;
  AttentionOperand dy;
  const void *y, *log_sum;  ///< as AttentionArgs gave them
  void *dq, *dk, *dv;       ///< dense, shaped as q, k and v
  void* scratch;            ///< attention_backward_scratch_bytes, 64-byte aligned
  std::int64_t begin, end;
};

/// Queries and keys at a time; the gradient takes `attention_block` queries.
inline constexpr std::int64_t attention_queries = 128, attention_keys = 128, attention_block = 64;

/// Blocks of queries of a head.
constexpr std::int64_t attention_blocks(const AttentionProblem& p) {
  return (p.queries + attention_queries - 1) / attention_queries;
}
/// A row of n elements in whole vectors of the widest kind.
constexpr std::int64_t attention_padded(std::int64_t n, std::int64_t item) {
  const std::int64_t lanes = 64 / item;
  return (n + lanes - 1) / lanes * lanes;
}
constexpr std::int64_t attention_scratch_bytes(const AttentionProblem& p) {
  const std::int64_t item = p.is_double ? 8 : 4, e = attention_padded(p.value_dim, item),
                     keys = attention_keys, queries = attention_queries;
  return item * ((p.dim + e) * (queries + keys) + 8 * (keys + 64 / item));
}
constexpr std::int64_t attention_backward_scratch_bytes(const AttentionProblem& p) {
  const std::int64_t item = p.is_double ? 8 : 4, d = attention_padded(p.dim, item),
                     e = attention_padded(p.value_dim, item), keys = attention_keys,
                     all = attention_padded(p.queries, item);
  return item * ((p.dim + p.value_dim) * keys + 2 * attention_block * (keys + 64 / item) +
                 keys * (2 * d + e) + all * (2 * d + e + 1));
}

}  // namespace linnet::inline LINNET_ABI::isa
