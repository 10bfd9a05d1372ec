#pragma once

#include <cstdint>
#include <cstring>

#include "linnet/backend/cpu/kernels/attention.hpp"
#include "linnet/config.hpp"

/// The gradients of attention: weights are computed again from scores and the saved logarithms of
/// their sums. With P the weights and D = sum(dy y) of each query:
/// dv = P^T dy, dS = scale P (dy v^T - D), dq = dS k, dk = dS^T q.
namespace linnet::inline LINNET_ABI::LINNET_ISA {

template <class T>
class AttentionBackward {
 public:
  AttentionBackward(const isa::AttentionBackwardArgs& a, std::int64_t index)
      : a_(a), h_(a.problem, index), index_(index), dy_(h_.at(a.dy)) {
    const std::int64_t keys = isa::attention_keys, queries = isa::attention_queries;
    AttentionScratch<T> scratch{static_cast<T*>(a.scratch)};
    d_ = h_.padded(h_.p.dim);
    e_ = h_.padded(h_.p.value_dim);
    k_panels_ = scratch.take(h_.p.dim * keys);
    v_panels_ = scratch.take(h_.p.value_dim * keys);
    weights_ = scratch.take(queries * AttentionBlock<T>::step);
    dscores_ = scratch.take(queries * AttentionBlock<T>::step);
    dk_ = scratch.take(keys * d_);
    dv_ = scratch.take(keys * e_);
    k_rows_ = scratch.take(keys * d_);
    q_rows_ = scratch.take(queries * d_);
    dy_rows_ = scratch.take(queries * e_);
    dq_ = scratch.take(h_.p.queries * d_);
    dots_ = scratch.take(h_.p.queries);
  }

  void run() {
    std::memset(dq_, 0, static_cast<std::size_t>(h_.p.queries * d_) * sizeof(T));
    for (std::int64_t i = 0; i < h_.p.queries; ++i) dots_[i] = dot(i);
    for (std::int64_t key = 0; key < h_.p.keys; key += isa::attention_keys) add_keys(key);
    copy_rows(dq_, d_, 0, h_.p.queries, h_.p.queries, h_.p.dim, a_.dq);
  }

 private:
  /// D of query i.
  T dot(std::int64_t i) const {
    const std::int64_t n = h_.p.value_dim;
    const T* dy = dy_ + i * a_.dy.row;
    const T* y = static_cast<const T*>(a_.y) + h_.dense_row(i, h_.p.queries, n);
    Vector<T> lanes{};
    std::int64_t j = 0;
    for (; j + vector_lanes<T> <= n; j += vector_lanes<T>)
      lanes += attention_load(dy + j) * attention_load(y + j);
    T sum = attention_fold<T>(lanes, [](Vector<T> a, Vector<T> b) { return a + b; });
    for (; j < n; ++j) sum += dy[j] * y[j];
    return sum;
  }

  /// All queries before one block of keys.
  void add_keys(std::int64_t key) {
    const std::int64_t rest = h_.p.keys - key,
                       keys = rest < isa::attention_keys ? rest : isa::attention_keys;
    const T *k = h_.k + key * h_.p.k.row, *v = h_.v + key * h_.p.v.row;
    attention_pack(k, h_.p.k.row, keys, h_.p.dim, k_panels_);
    attention_pack(v, h_.p.v.row, keys, h_.p.value_dim, v_panels_);
    const AttentionRight<T> k_rows = attention_rows(k, h_.p.k.row, keys, h_.p.dim, k_rows_);
    std::memset(dk_, 0, static_cast<std::size_t>(keys * d_) * sizeof(T));
    std::memset(dv_, 0, static_cast<std::size_t>(keys * e_) * sizeof(T));
    const std::int64_t start =
        h_.p.causal ? key / isa::attention_queries * isa::attention_queries : 0;
    for (std::int64_t first = start; first < h_.p.queries; first += isa::attention_queries) {
      const std::int64_t left = h_.p.queries - first;
      add_block(
          {h_, first, left < isa::attention_queries ? left : isa::attention_queries, key, keys},
          k_rows);
    }
    copy_rows(dk_, d_, key, keys, h_.p.keys, h_.p.dim, a_.dk);
    copy_rows(dv_, e_, key, keys, h_.p.keys, h_.p.value_dim, a_.dv);
  }

  void add_block(const AttentionBlock<T>& block, AttentionRight<T> k_rows) {
    constexpr std::int64_t step = AttentionBlock<T>::step;
    const T *q = h_.q + block.first * h_.p.q.row, *dy = dy_ + block.first * a_.dy.row;
    block.products({q, h_.p.q.row, 1}, h_.p.dim, k_panels_, weights_);
    block.products({dy, a_.dy.row, 1}, h_.p.value_dim, v_panels_, dscores_);
    for (std::int64_t i = 0; i < block.rows; ++i)
      finish_row(block, i, weights_ + i * step, dscores_ + i * step);
    const auto seeing = [&](std::int64_t j, int) -> AttentionRange {
      return {block.first_seeing(j), block.rows};
    };
    attention_product<T>(block.keys, e_, {weights_, 1, step},
                         attention_rows(dy, a_.dy.row, block.rows, h_.p.value_dim, dy_rows_), dv_,
                         e_, true, seeing);
    attention_product<T>(block.keys, d_, {dscores_, 1, step},
                         attention_rows(q, h_.p.q.row, block.rows, h_.p.dim, q_rows_), dk_, d_,
                         true, seeing);
    attention_product<T>(block.rows, d_, {dscores_, step, 1}, k_rows, dq_ + block.first * d_, d_,
                         true, [&](std::int64_t i, int r) -> AttentionRange {
                           return {0, block.seen(i + r - 1)};
                         });
  }

  /// Products q k become weights, products dy v the gradients of scores.
  void finish_row(const AttentionBlock<T>& block, std::int64_t i, T* s, T* ds) const {
    const std::int64_t n = block.finish_scores(i, s);
    const T log_sum = static_cast<const T*>(a_.log_sum)[index_ * h_.p.queries + block.first + i];
    const T dot = dots_[block.first + i], scale = h_.scale;
    for (std::int64_t j = 0; j < n; j += vector_lanes<T>) {
      const Vector<T> p = attention_exp(attention_load(s + j) - log_sum);
      attention_store(s + j, p);
      attention_store(ds + j, p * (attention_load(ds + j) - dot) * scale);
    }
    block.clear_from(n, s);
    block.clear_from(n, ds);
  }

  /// Padded rows to rows [first, first + n) of a dense [n, length, heads, dim].
  void copy_rows(const T* from, std::int64_t step, std::int64_t first, std::int64_t n,
                 std::int64_t length, std::int64_t dim, void* to) const {
    for (std::int64_t i = 0; i < n; ++i)
      attention_copy(from + i * step, dim,
                     static_cast<T*>(to) + h_.dense_row(first + i, length, dim),
                     [](auto x) { return x; });
  }

  const isa::AttentionBackwardArgs& a_;
  AttentionHead<T> h_;
  std::int64_t index_;
  const T* dy_;
  std::int64_t d_, e_;
  T *k_panels_, *v_panels_, *weights_, *dscores_, *dk_, *dv_, *k_rows_, *q_rows_, *dy_rows_, *dq_,
      *dots_;
};

template <class T>
inline void attention_backward_heads(const isa::AttentionBackwardArgs& a) {
  for (std::int64_t i = a.begin; i < a.end; ++i) AttentionBackward<T>(a, i).run();
}

inline void attention_backward(const isa::AttentionBackwardArgs& a) {
  a.problem.is_double ? attention_backward_heads<double>(a) : attention_backward_heads<float>(a);
}

}  // namespace linnet::inline LINNET_ABI::LINNET_ISA
