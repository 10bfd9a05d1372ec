#pragma once

#include <cmath>
#include <cstdint>
#include <cstring>
#include <limits>
#include <utility>

#include "linnet/backend/cpu/args/attention.hpp"
#include "linnet/backend/cpu/kernels/exponentials.hpp"
#include "linnet/backend/cpu/kernels/micro_kernel.hpp"
#include "linnet/backend/cpu/kernels/transpose.hpp"
#include "linnet/config.hpp"

/// Scaled dot-product attention, block by block of queries and keys, so that scores never leave
/// the cache. The softmax streams: each block of keys rescales what the blocks before it gave. What
/// causality hides is not computed, but for the rest of a tile on the diagonal. The order of all
/// sums depends on the shapes alone.
namespace linnet::inline LINNET_ABI::LINNET_ISA {

/// A range of the summed index.
struct AttentionRange {
  std::int64_t begin, end;
};
/// A left operand: element (i, p) at data[i * row + p * column].
template <class T>
struct AttentionLeft {
  const T* data;
  std::int64_t row, column;
};
/// A right operand: whole vectors from data + p * step.
template <class T>
struct AttentionRight {
  const T* data;
  std::int64_t step;
};

template <class T, int r, int vectors>
inline void attention_tile(const AttentionLeft<T>& a, const AttentionRight<T>& b, T* c,
                           std::int64_t c_step, AttentionRange k, bool accumulate) {
  std::int64_t offsets[r];
  for (int i = 0; i < r; ++i) offsets[i] = i * a.row;
  TileRegisters<T, r, vectors> t;
  if (accumulate)
    t.load(c, c_step);
  else
    t.clear();
  t.accumulate({a.data + k.begin * a.column, offsets, a.column, b.data + k.begin * b.step, b.step,
                k.end - k.begin});
  t.store(c, c_step);
}

/// c (+)= a b for m rows and n columns, n in whole vectors. range(i, r) is the part of the sum that
/// rows [i, i + r) need; an empty one leaves them as they are.
template <class T, class Range>
inline void attention_product(std::int64_t m, std::int64_t n, AttentionLeft<T> a,
                              AttentionRight<T> b, T* c, std::int64_t c_step, bool accumulate,
                              Range range) {
  for (std::int64_t i = 0; i < m;) {
    const int rows = next_rows(m - i);
    const AttentionRange k = range(i, rows);
    if (k.begin < k.end)
      with_rows(rows, [&]<int r>(Rows<r>) {
        const AttentionLeft<T> left{a.data + i * a.row, a.row, a.column};
        T* out = c + i * c_step;
        std::int64_t j = 0;
        for (; j + tile_columns<T> <= n; j += tile_columns<T>)
          attention_tile<T, r, 2>(left, {b.data + j, b.step}, out + j, c_step, k, accumulate);
        for (; j < n; j += vector_lanes<T>)
          attention_tile<T, r, 1>(left, {b.data + j, b.step}, out + j, c_step, k, accumulate);
      });
    i += rows;
  }
}

template <class T>
inline Vector<T> attention_load(const T* x) {
  return *reinterpret_cast<const Vector<T>*>(x);
}
template <class T>
inline void attention_store(T* x, Vector<T> v) {
  *reinterpret_cast<Vector<T>*>(x) = v;
}
/// The lanes of v, moved by `by` places in a circle.
template <class T, int by, std::size_t... lane>
inline Vector<T> attention_rotate(Vector<T> v, std::index_sequence<lane...>) {
  return __builtin_shufflevector(v, v, (int(lane) + by) % vector_lanes<T>...);
}
/// f folded over the lanes of v.
template <class T, int by = vector_lanes<T> / 2, class F>
inline T attention_fold(Vector<T> v, F f) {
  if constexpr (by == 0) {
    return v[0];
  } else {
    using Lanes = std::make_index_sequence<static_cast<std::size_t>(vector_lanes<T>)>;
    return attention_fold<T, by / 2>(f(v, attention_rotate<T, by>(v, Lanes())), f);
  }
}
template <class T>
inline Vector<T> attention_larger(Vector<T> a, Vector<T> b) {
  const Vector<T> m = a > b ? a : b;
  return a != a ? a : m;
}

/// e^x for x <= 0 or little above, 0 from where it would be subnormal; a polynomial as in k_exp.
inline Vector<float> attention_exp(Vector<float> x) {
  typedef std::int32_t Integers
      __attribute__((vector_size(vector_bytes), aligned(alignof(std::int32_t)), may_alias));
  const Vector<float> zero{}, c = x < -87.f ? zero - 87.f : x;
  const Vector<float> shifted = c * 1.44269504088896341f + 12582912.f, n = shifted - 12582912.f;
  Vector<float> r = c - n * 0.693359375f;
  r = r + n * 2.12194440e-4f;
  Vector<float> p = r * 1.9875691500e-4f + 1.3981999507e-3f;
  p = p * r + 8.3334519073e-3f;
  p = p * r + 4.1665795894e-2f;
  p = p * r + 1.6666665459e-1f;
  p = p * r + 5.0000001201e-1f;
  const Integers power = ((Integers)shifted - 0x4B400000 + 127) << 23;
  const Vector<float> y = (p * r * r + r + 1.f) * (Vector<float>)power;
  return x < -87.f ? zero : y;
}
inline Vector<double> attention_exp(Vector<double> x) {
  double lanes[vector_lanes<double>];
  std::memcpy(lanes, &x, sizeof x);
  for (double& lane : lanes) lane = k_exp(lane);
  std::memcpy(&x, lanes, sizeof x);
  return x;
}

/// The largest of n scores, n in whole vectors; NaN wins.
template <class T>
inline T attention_max(const T* s, std::int64_t n) {
  Vector<T> most = Vector<T>{} - std::numeric_limits<T>::infinity();
  for (std::int64_t j = 0; j < n; j += vector_lanes<T>) {
    most = attention_larger<T>(attention_load(s + j), most);
  }
  return attention_fold<T>(most, attention_larger<T>);
}
/// Scores become e^(score - shift); returns their sum.
template <class T>
inline T attention_weigh(T* s, T shift, std::int64_t n) {
  Vector<T> sum{};
  for (std::int64_t j = 0; j < n; j += vector_lanes<T>) {
    const Vector<T> e = attention_exp(attention_load(s + j) - shift);
    sum += e;
    attention_store(s + j, e);
  }
  return attention_fold<T>(sum, [](Vector<T> a, Vector<T> b) { return a + b; });
}

/// Memory handed out piece by piece.
template <class T>
struct AttentionScratch {
  T* next;
  T* take(std::int64_t n) {
    T* p = next;
    next += isa::attention_padded(n, sizeof(T));
    return p;
  }
};

/// One head of one batch.
template <class T>
struct AttentionHead {
  AttentionHead(const isa::AttentionProblem& problem, std::int64_t index)
      : p(problem),
        batch(index / problem.heads),
        head(index % problem.heads),
        scale(static_cast<T>(problem.scale)),
        q(at(problem.q)),
        k(at(problem.k)),
        v(at(problem.v)) {}

  const T* at(const isa::AttentionOperand& o) const {
    return static_cast<const T*>(o.data) + batch * o.batch + head * o.head;
  }
  /// The place of row i in a dense [n, length, heads, dim].
  std::int64_t dense_row(std::int64_t i, std::int64_t length, std::int64_t dim) const {
    return ((batch * length + i) * p.heads + head) * dim;
  }
  static std::int64_t padded(std::int64_t n) { return isa::attention_padded(n, sizeof(T)); }

  const isa::AttentionProblem& p;
  std::int64_t batch, head;
  T scale;
  const T *q, *k, *v;
};

/// The queries [first, first + rows) before the keys [key, key + keys).
template <class T>
struct AttentionBlock {
  static constexpr std::int64_t step =
      isa::attention_keys + std::int64_t{64 / sizeof(T)};  ///< of a row of scores
  const AttentionHead<T>& h;
  std::int64_t first, rows, key, keys;

  /// How many of the keys query i sees.
  std::int64_t seen(std::int64_t i) const {
    if (!h.p.causal) return keys;
    const std::int64_t n = first + i + 1 - key;
    return n < 0 ? 0 : n < keys ? n : keys;
  }
  /// The first query that sees key j.
  std::int64_t first_seeing(std::int64_t j) const {
    const std::int64_t i = h.p.causal ? key + j - first : 0;
    return i < 0 ? 0 : i;
  }

  /// out[i][j] = left row i . right row j, where query i sees key j; right in panels.
  void products(AttentionLeft<T> left, std::int64_t dim, const T* panels, T* out) const {
    for (std::int64_t j = 0; j < keys; j += tile_columns<T>)
      attention_product<T>(rows, tile_columns<T>, left, {panels + j * dim, tile_columns<T>},
                           out + j, step, false, [&](std::int64_t i, int r) -> AttentionRange {
                             return {0, j < seen(i + r - 1) ? dim : 0};
                           });
  }

  /// Products of query i become scores, -infinity where it sees no key, in whole vectors; returns
  /// how many.
  std::int64_t finish_scores(std::int64_t i, T* s) const {
    const std::int64_t n = seen(i), whole = whole_vectors(n);
    for (std::int64_t j = 0; j < whole; j += vector_lanes<T>)
      attention_store(s + j, attention_load(s + j) * h.scale);
    if (h.p.mask_kind != isa::AttentionMask::none) add_mask(i, s, n);
    for (std::int64_t j = n; j < whole; ++j) s[j] = -std::numeric_limits<T>::infinity();
    return whole;
  }
  /// Nothing weighs on the keys from `first` on, the start of a vector.
  void clear_from(std::int64_t first, T* s) const {
    for (std::int64_t j = first; j < keys; j += vector_lanes<T>)
      attention_store(s + j, Vector<T>{});
  }
  static std::int64_t whole_vectors(std::int64_t n) {
    return (n + vector_lanes<T> - 1) / vector_lanes<T> * vector_lanes<T>;
  }

 private:
  void add_mask(std::int64_t i, T* s, std::int64_t n) const {
    const std::int64_t* strides = h.p.mask_strides;
    const std::int64_t at =
        h.batch * strides[0] + h.head * strides[1] + (first + i) * strides[2] + key * strides[3];
    if (h.p.mask_kind == isa::AttentionMask::boolean)
      mask_row(s, n, static_cast<const std::uint8_t*>(h.p.mask) + at, strides[3],
               [](T x, std::uint8_t m) { return m ? x : -std::numeric_limits<T>::infinity(); });
    else
      mask_row(s, n, static_cast<const T*>(h.p.mask) + at, strides[3],
               [](T x, T m) { return x + m; });
  }
  template <class M, class F>
  static void mask_row(T* s, std::int64_t n, const M* mask, std::int64_t stride, F f) {
    if (stride == 1)
      for (std::int64_t j = 0; j < n; ++j) s[j] = f(s[j], mask[j]);
    else
      for (std::int64_t j = 0; j < n; ++j) s[j] = f(s[j], mask[j * stride]);
  }
};

/// Rows of keys or values as panels of columns, the last one filled up with zeros.
template <class T>
inline void attention_pack(const T* rows, std::int64_t row_step, std::int64_t n, std::int64_t dim,
                           T* panels) {
  constexpr std::int64_t width = tile_columns<T>;
  for (std::int64_t j = 0; j < n; j += width, panels += dim * width) {
    const std::int64_t count = n - j < width ? n - j : width;
    if (count < width) std::memset(panels, 0, static_cast<std::size_t>(dim * width) * sizeof(T));
    transpose_into(rows + j * row_step, row_step, count, dim, panels, width);
  }
}

/// y = f(x) for a row of n.
template <class T, class F>
inline void attention_copy(const T* x, std::int64_t n, T* y, F f) {
  std::int64_t j = 0;
  for (; j + vector_lanes<T> <= n; j += vector_lanes<T>)
    attention_store(y + j, Vector<T>(f(attention_load(x + j))));
  for (; j < n; ++j) y[j] = f(x[j]);
}

/// Rows of whole vectors: those of the operand itself, or a copy filled up with zeros.
template <class T>
inline AttentionRight<T> attention_rows(const T* rows, std::int64_t row_step, std::int64_t n,
                                        std::int64_t dim, T* copy) {
  const std::int64_t padded = isa::attention_padded(dim, sizeof(T));
  if (padded == dim) return {rows, row_step};
  for (std::int64_t i = 0; i < n; ++i) {
    attention_copy(rows + i * row_step, dim, copy + i * padded, [](auto x) { return x; });
    for (std::int64_t j = dim; j < padded; ++j) copy[i * padded + j] = T(0);
  }
  return {copy, padded};
}

/// A block of queries through all keys.
template <class T>
class AttentionForward {
 public:
  AttentionForward(const isa::AttentionArgs& a, std::int64_t index, std::int64_t first)
      : a_(a), h_(a.problem, index), index_(index), first_(first) {
    const std::int64_t rest = h_.p.queries - first;
    rows_ = rest < isa::attention_queries ? rest : isa::attention_queries;
    AttentionScratch<T> scratch{static_cast<T*>(a.scratch)};
    width_ = h_.padded(h_.p.value_dim);
    panels_ = scratch.take(h_.p.dim * isa::attention_keys);
    scores_ = scratch.take(isa::attention_queries * AttentionBlock<T>::step);
    sums_ = scratch.take(isa::attention_queries * width_);
    values_ = scratch.take(isa::attention_keys * width_);
  }

  void run() {
    for (std::int64_t i = 0; i < rows_; ++i) max_[i] = -infinity, total_[i] = T(0);
    std::memset(sums_, 0, static_cast<std::size_t>(rows_ * width_) * sizeof(T));
    const std::int64_t last = h_.p.causal ? first_ + rows_ : h_.p.keys;
    for (std::int64_t key = 0; key < h_.p.keys && key < last; key += isa::attention_keys)
      add_keys(key);
    finish();
  }

 private:
  static constexpr T infinity = std::numeric_limits<T>::infinity();

  void add_keys(std::int64_t key) {
    const std::int64_t rest = h_.p.keys - key,
                       keys = rest < isa::attention_keys ? rest : isa::attention_keys;
    const AttentionBlock<T> block{h_, first_, rows_, key, keys};
    const std::int64_t needed = block.seen(rows_ - 1);
    const T* v = h_.v + key * h_.p.v.row;
    attention_pack(h_.k + key * h_.p.k.row, h_.p.k.row, needed, h_.p.dim, panels_);
    block.products({h_.q + first_ * h_.p.q.row, h_.p.q.row, 1}, h_.p.dim, panels_, scores_);
    for (std::int64_t i = 0; i < rows_; ++i) find_max(block, i, scores_ + i * block.step);
    for (std::int64_t i = 0; i < rows_; ++i) weigh(block, i, scores_ + i * block.step);
    attention_product<T>(rows_, width_, {scores_, block.step, 1},
                         attention_rows(v, h_.p.v.row, needed, h_.p.value_dim, values_), sums_,
                         width_, true, [&](std::int64_t i, int r) -> AttentionRange {
                           return {0, block.seen(i + r - 1)};
                         });
  }

  /// The largest score so far, what was summed rescaled to it; all rows before any is weighed, so
  /// that they overlap.
  void find_max(const AttentionBlock<T>& block, std::int64_t i, T* s) {
    const std::int64_t n = block.finish_scores(i, s);
    const T before = max_[i], now = k_max(attention_max(s, n), before);
    max_[i] = now;
    if (before == now || before == -infinity) return;
    const T shrink = k_exp(before - now);
    total_[i] *= shrink;
    for (std::int64_t j = 0; j < width_; ++j) sums_[i * width_ + j] *= shrink;
  }
  /// Scores become weights relative to the largest.
  void weigh(const AttentionBlock<T>& block, std::int64_t i, T* s) {
    if (max_[i] == -infinity) return block.clear_from(0, s);
    const std::int64_t n = block.whole_vectors(block.seen(i));
    total_[i] += attention_weigh(s, max_[i], n);
    block.clear_from(n, s);
  }

  void finish() {
    T* log_sum = static_cast<T*>(a_.log_sum) + index_ * h_.p.queries + first_;
    for (std::int64_t i = 0; i < rows_; ++i) {
      const bool none = total_[i] == T(0);
      const T inverse = none ? T(0) : T(1) / total_[i];
      T* y = static_cast<T*>(a_.y) + h_.dense_row(first_ + i, h_.p.queries, h_.p.value_dim);
      attention_copy(sums_ + i * width_, h_.p.value_dim, y, [=](auto x) { return x * inverse; });
      log_sum[i] = none ? infinity : max_[i] + k_log(total_[i]);
    }
  }

  const isa::AttentionArgs& a_;
  AttentionHead<T> h_;
  std::int64_t index_, first_, rows_, width_;
  T *panels_, *scores_, *sums_, *values_;
  T max_[isa::attention_queries], total_[isa::attention_queries];
};

template <class T>
inline void attention_blocks(const isa::AttentionArgs& a) {
  const std::int64_t blocks =
      (a.problem.queries + isa::attention_queries - 1) / isa::attention_queries;
  for (std::int64_t i = a.begin; i < a.end; ++i)
    AttentionForward<T>(a, i / blocks, i % blocks * isa::attention_queries).run();
}

inline void attention(const isa::AttentionArgs& a) {
  a.problem.is_double ? attention_blocks<double>(a) : attention_blocks<float>(a);
}

}  // namespace linnet::inline LINNET_ABI::LINNET_ISA
