#pragma once

#include <cstdint>
#include <cstring>

#include "linnet/backend/cpu/kernels/attention.hpp"
#include "linnet/config.hpp"

/// The gradients of attention: weights are computed again from scores and the saved logarithms of
/// their sums. With P the weights and D = sum(dy y) of each query:
/// dv = P^T dy, dS = P (dy v^T - D), dq = dS (scale k), dk = dS^T (scale q).
namespace linnet::inline LINNET_ABI::LINNET_ISA {

template <class T>
class AttentionBackward {
 public:
  AttentionBackward(const isa::AttentionBackwardArgs& a, std::int64_t index)
      : a_(a), h_(a.problem, index), index_(index), dy_(h_.at(a.dy)) {
    const std::int64_t keys = isa::attention_keys, block = isa::attention_block,
                       queries = h_.p.queries;
    AttentionScratch<T> scratch{static_cast<T*>(a.scratch)};
    d_ = h_.padded(h_.p.dim);
    e_ = h_.padded(h_.p.value_dim);
    k_panels_ = scratch.take(h_.p.dim * keys);
    v_panels_ = scratch.take(h_.p.value_dim * keys);
    k_rows_ = scratch.take(keys * d_);
    weights_ = scratch.take(block * AttentionBlock<T>::step);
    dscores_ = scratch.take(block * AttentionBlock<T>::step);
    dk_scratch_ = scratch.take(keys * d_);
    dv_scratch_ = scratch.take(keys * e_);
    q_rows_ = scratch.take(queries * d_);
    dy_rows_ = scratch.take(queries * e_);
    dq_scratch_ = scratch.take(queries * d_);
    dots_ = scratch.take(queries);
  }

  void run() {
    const isa::AttentionProblem& p = h_.p;
    attention_copy_rows(h_.q, p.q.row, p.queries, p.dim, q_rows_, d_, h_.scale);
    attention_copy_rows(dy_, a_.dy.row, p.queries, p.value_dim, dy_rows_, e_, T(1));
    for (std::int64_t i = 0; i < p.queries; i += attention_rows) find_dots(i);
    dq_ = sums(a_.dq, dq_scratch_, 0, p.queries, p.dim);
    if (p.keys == 0) clear(dq_, 0, p.queries, d_);
    for (std::int64_t key = 0; key < p.keys; key += isa::attention_keys) add_keys(key);
    copy_out(dq_, 0, p.queries, p.queries, p.dim, a_.dq);
  }

 private:
  /// Rows in which a gradient is summed up.
  struct Sums {
    T* rows;
    std::int64_t step;
  };
  /// Rows from i on of a dense [n, length, heads, dim] where they are whole vectors, else
  /// `scratch`.
  Sums sums(void* out, T* scratch, std::int64_t i, std::int64_t length, std::int64_t dim) const {
    if (h_.padded(dim) != dim) return {scratch, h_.padded(dim)};
    return {static_cast<T*>(out) + h_.dense_row(i, length, dim), h_.p.heads * dim};
  }
  static void clear(Sums x, std::int64_t begin, std::int64_t end, std::int64_t n) {
    for (std::int64_t i = begin; i < end; ++i)
      std::memset(x.rows + i * x.step, 0, static_cast<std::size_t>(n) * sizeof(T));
  }
  /// Rows [first, first + n) to where they belong.
  void copy_out(Sums from, std::int64_t first, std::int64_t n, std::int64_t length,
                std::int64_t dim, void* out) const {
    if (h_.padded(dim) == dim) return;
    for (std::int64_t i = 0; i < n; ++i)
      attention_copy(from.rows + i * from.step, dim,
                     static_cast<T*>(out) + h_.dense_row(first + i, length, dim), T(1));
  }

  /// D of the queries from `first` on: those of a strip.
  void find_dots(std::int64_t first) {
    const std::int64_t n = h_.p.value_dim, left = h_.p.queries - first,
                       rows = left < attention_rows ? left : attention_rows;
    Vector<T> lanes[attention_rows] = {};
    T sums[attention_rows];
    for (std::int64_t r = 0; r < rows; ++r) {
      const T* dy = dy_rows_ + (first + r) * e_;
      const T* y = static_cast<const T*>(a_.y) + h_.dense_row(first + r, h_.p.queries, n);
      std::int64_t j = 0;
      for (; j + vector_lanes<T> <= n; j += vector_lanes<T>)
        lanes[r] += attention_load(dy + j) * attention_load(y + j);
      for (; j < n; ++j) lanes[r][0] += dy[j] * y[j];
    }
    attention_fold_rows(lanes, sums, attention_added<T>);
    for (std::int64_t r = 0; r < rows; ++r) dots_[first + r] = sums[r];
  }

  /// All queries before one block of keys.
  void add_keys(std::int64_t key) {
    const isa::AttentionProblem& p = h_.p;
    const std::int64_t rest = p.keys - key,
                       keys = rest < isa::attention_keys ? rest : isa::attention_keys;
    const std::int64_t start = p.causal ? key / isa::attention_block * isa::attention_block : 0;
    const std::int64_t used = seen(key, keys);
    const T *k = h_.k + key * p.k.row, *v = h_.v + key * p.v.row;
    attention_pack(k, p.k.row, used, p.dim, k_panels_);
    attention_pack(v, p.v.row, used, p.value_dim, v_panels_);
    attention_copy_rows(k, p.k.row, used, p.dim, k_rows_, d_, h_.scale);
    dk_ = sums(a_.dk, dk_scratch_, key, p.keys, p.dim);
    dv_ = sums(a_.dv, dv_scratch_, key, p.keys, p.value_dim);
    clear(dk_, used, keys, d_);
    clear(dv_, used, keys, e_);
    for (std::int64_t first = start; first < p.queries; first += isa::attention_block) {
      const std::int64_t rows = p.queries - first;
      add_block({h_, first, rows < isa::attention_block ? rows : isa::attention_block, key, used});
    }
    copy_out(dk_, key, keys, p.keys, p.dim, a_.dk);
    copy_out(dv_, key, keys, p.keys, p.value_dim, a_.dv);
  }
  /// How many of the keys from `key` on some query sees: the others have no gradient.
  std::int64_t seen(std::int64_t key, std::int64_t keys) const {
    const std::int64_t queries = h_.p.queries;
    if (!h_.p.causal) return queries > 0 ? keys : 0;
    return queries <= key ? 0 : queries - key < keys ? queries - key : keys;
  }

  void add_block(const AttentionBlock<T>& block) {
    constexpr std::int64_t step = AttentionBlock<T>::step;
    const T *q = q_rows_ + block.first * d_, *dy = dy_rows_ + block.first * e_;
    for (std::int64_t i = 0; i < block.rows; i += attention_rows) {
      const std::int64_t strip = block.strip(i), n = block.seen(i + strip - 1);
      if (n == 0) continue;
      T *s = weights_ + i * step, *ds = dscores_ + i * step;
      block.products(strip, n, q + i * d_, d_, h_.p.dim, k_panels_, s);
      block.products(strip, n, dy + i * e_, e_, h_.p.value_dim, v_panels_, ds);
      for (std::int64_t r = 0; r < strip; ++r)
        finish_row(block, i + r, s + r * step, ds + r * step, block.covered(n));
      attention_product<T>(strip, d_,
                           {ds, step, 1, k_rows_, d_, dq_.rows + (block.first + i) * dq_.step,
                            dq_.step, n, block.key > 0});
      if (block.key == 0 && h_.is_small()) prefetch(block.first + i, strip);
    }
    for (std::int64_t j = 0; j < block.keys; j += attention_rows) add_tile(block, j, q, dy);
  }

  /// Asks for rows of this head's gradients and of the next head's operands.
  __attribute__((always_inline)) void prefetch(std::int64_t i, std::int64_t n) const {
    const isa::AttentionProblem& p = h_.p;
    const bool keys = i + n <= p.keys;
    h_.prefetch(a_.dq, p.queries, i, n, p.dim);
    if (keys) h_.prefetch(a_.dk, p.keys, i, n, p.dim);
    if (keys) h_.prefetch(a_.dv, p.keys, i, n, p.value_dim);
    if (index_ + 1 >= a_.end) return;
    const AttentionHead<T> next(p, index_ + 1);
    next.prefetch(p.q, i, n, p.dim);
    next.prefetch(a_.dy, i, n, p.value_dim);
    next.prefetch(a_.y, p.queries, i, n, p.value_dim);
    if (keys) next.prefetch(p.k, i, n, p.dim);
    if (keys) next.prefetch(p.v, i, n, p.value_dim);
  }

  /// What a tile of keys gets from the queries of a block.
  void add_tile(const AttentionBlock<T>& block, std::int64_t j, const T* q, const T* dy) {
    constexpr std::int64_t step = AttentionBlock<T>::step;
    const std::int64_t start = h_.p.causal ? block.key + j : 0,  // sees the first of them
        from = start < block.first ? 0 : start - block.first;
    if (from >= block.rows) return;
    const std::int64_t rest = block.keys - j, rows = rest < attention_rows ? rest : attention_rows;
    const bool more = start < block.first;
    const std::int64_t at = from * step + j, n = block.rows - from;
    attention_product<T>(
        rows, e_,
        {weights_ + at, 1, step, dy + from * e_, e_, dv_.rows + j * dv_.step, dv_.step, n, more});
    attention_product<T>(
        rows, d_,
        {dscores_ + at, 1, step, q + from * d_, d_, dk_.rows + j * dk_.step, dk_.step, n, more});
  }

  /// Scores of query i become weights, products dy v the gradients of scores.
  void finish_row(const AttentionBlock<T>& block, std::int64_t i, T* s, T* ds,
                  std::int64_t count) const {
    block.finish_scores(i, s, count);
    const T log_sum = static_cast<const T*>(a_.log_sum)[index_ * h_.p.queries + block.first + i];
    const T dot = dots_[block.first + i];
    const std::int64_t n = block.seen(i);
    std::int64_t j = 0;
    for (; j + vector_lanes<T> <= n; j += vector_lanes<T>) {
      const Vector<T> p = attention_exp(attention_load(s + j) - log_sum);
      attention_store(s + j, p);
      attention_store(ds + j, p * (attention_load(ds + j) - dot));
    }
    for (; j < count; j += vector_lanes<T>) {
      const Vector<T> p = attention_exp(attention_load(s + j) - log_sum);
      attention_store(s + j, p);
      attention_store(ds + j,
                      attention_first<T>(p * (attention_load(ds + j) - dot), n - j, Vector<T>{}));
    }
  }

  const isa::AttentionBackwardArgs& a_;
  AttentionHead<T> h_;
  std::int64_t index_;
  const T* dy_;
  std::int64_t d_, e_;
  T *k_panels_, *v_panels_, *k_rows_, *weights_, *dscores_, *dk_scratch_, *dv_scratch_, *q_rows_,
      *dy_rows_, *dq_scratch_, *dots_;
  Sums dq_{}, dk_{}, dv_{};
};

template <class T>
inline void attention_backward_heads(const isa::AttentionBackwardArgs& a) {
  for (std::int64_t i = a.begin; i < a.end; ++i) AttentionBackward<T>(a, i).run();
}

inline void attention_backward(const isa::AttentionBackwardArgs& a) {
  a.problem.is_double ? attention_backward_heads<double>(a) : attention_backward_heads<float>(a);
}

}  // namespace linnet::inline LINNET_ABI::LINNET_ISA
