#pragma once

#include <limits>

#include "linnet/core/creation.hpp"
#include "linnet/ops/elementwise.hpp"
#include "linnet/ops/matmul.hpp"
#include "linnet/ops/shape.hpp"
#include "linnet/ops/softmax.hpp"

/// The weights of attention in ops: for second derivatives, for dropout, and for who asks for them.
namespace linnet::inline LINNET_ABI::detail {

/// Which keys are seen, and what is added to their scores: either may be undefined.
struct AttentionMasks {
  Tensor seen, bias;
};
/// An additive mask hides where it is -infinity: softmax and its gradient stay free of NaN.
inline AttentionMasks attention_masks(const Tensor& mask, bool causal, std::int64_t t,
                                      std::int64_t s) {
  AttentionMasks m;
  if (mask.defined() && mask.dtype() == DType::boolean) m.seen = mask;
  if (mask.defined() && mask.dtype() != DType::boolean) {
    m.seen = mask != -std::numeric_limits<double>::infinity();
    m.bias = where(m.seen, mask, 0);
  }
  if (causal) {
    const Tensor past = reshape(arange(t), {t, 1}) >= reshape(arange(s), {1, s});
    m.seen = m.seen.defined() ? logical_and(m.seen, past) : past;
  }
  return m;
}

/// The weights [..., t, s], before dropout.
inline Tensor attention_weights(const Tensor& q, const Tensor& k, const Tensor& mask, double scale,
                                bool causal) {
  const auto [seen, bias] = attention_masks(mask, causal, q.dim(-2), k.dim(-2));
  Tensor scores = matmul(q * scale, k, {.transpose_b = true});
  if (bias.defined()) scores = scores + bias;
  if (!seen.defined()) return softmax(scores);
  const double never = scores.dtype() == DType::float16 ? -3e4 : -1e9;
  return where(seen, softmax(where(seen, scores, never)), 0);
}

}  // namespace linnet::inline LINNET_ABI::detail
