#pragma once

#include <cstdint>
#include <cstring>
#include <limits>

#include "linnet/backend/cpu/args/attention.hpp"
#include "linnet/backend/cpu/kernels/attention_tiles.hpp"
#include "linnet/config.hpp"

/// Scaled dot-product attention, block by block of queries and keys, and of a block strip by strip,
/// so that scores never leave the first cache. The softmax streams: each block of keys rescales
/// what the blocks before it gave. What causality hides is not computed, but for the rest of a tile
/// on the diagonal. The order of all sums depends on the shapes alone.
namespace linnet::inline LINNET_ABI::LINNET_ISA {

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
  /// Asks for the n rows from i on of an operand, or of a dense [n, length, heads, dim].
  __attribute__((always_inline)) void prefetch(const isa::AttentionOperand& o, std::int64_t i,
                                               std::int64_t n, std::int64_t dim) const {
    attention_prefetch(at(o) + i * o.row, o.row, n, dim);
  }
  __attribute__((always_inline)) void prefetch(const void* x, std::int64_t length, std::int64_t i,
                                               std::int64_t n, std::int64_t dim) const {
    attention_prefetch(static_cast<const T*>(x) + dense_row(i, length, dim), p.heads * dim, n, dim);
  }
  /// Whether what a head reads may wait in the second cache while another is computed.
  bool is_small() const {
    return (p.queries + p.keys) * (p.dim + p.value_dim) <= 262'144 / std::int64_t{sizeof(T)};
  }
  static std::int64_t padded(std::int64_t n) { return isa::attention_padded(n, sizeof(T)); }

  const isa::AttentionProblem& p;
  std::int64_t batch, head;
  T scale;
  const T *q, *k, *v;
};

/// The queries [first, first + rows), scaled, before the keys [key, key + keys). Queries go strip
/// by strip: those of a tile.
template <class T>
struct AttentionBlock {
  static constexpr std::int64_t step =
      isa::attention_keys + std::int64_t{64 / sizeof(T)};  ///< of a row of scores
  static constexpr T infinity = std::numeric_limits<T>::infinity();
  const AttentionHead<T>& h;
  std::int64_t first, rows, key, keys;

  /// How many of the keys query i sees.
  std::int64_t seen(std::int64_t i) const {
    if (!h.p.causal) return keys;
    const std::int64_t n = first + i + 1 - key;
    return n < 0 ? 0 : n < keys ? n : keys;
  }
  /// How many queries the strip from i on has.
  std::int64_t strip(std::int64_t i) const {
    return rows - i < attention_rows ? rows - i : attention_rows;
  }
  /// How many scores a strip has whose last query sees n keys: tiles of queries or keys read no
  /// further.
  static std::int64_t covered(std::int64_t n) {
    constexpr std::int64_t whole =
        vector_lanes < T >> attention_rows ? vector_lanes<T> : attention_rows;
    return (n + whole - 1) / whole * whole;
  }

  /// out[i][j] = left row i . right row j for a strip whose last query sees n keys; right in
  /// panels.
  static void products(std::int64_t strip, std::int64_t n, const T* left, std::int64_t left_step,
                       std::int64_t dim, const T* panels, T* out) {
    constexpr std::int64_t lanes = vector_lanes<T>, width = tile_columns<T>;
    for (std::int64_t j = 0; j < n; j += width) {
      const std::int64_t rest = (n - j + lanes - 1) / lanes * lanes;
      attention_product<T>(
          strip, rest < width ? rest : width,
          {left, left_step, 1, panels + j * dim, width, out + j, step, dim, false});
    }
  }

  /// The scores of query i, `count` in whole vectors, get their mask and -infinity where it sees no
  /// key.
  void finish_scores(std::int64_t i, T* s, std::int64_t count) const {
    const std::int64_t n = seen(i);
    if (h.p.mask_kind != isa::AttentionMask::none) add_mask(i, s, n);
    for (std::int64_t j = n / vector_lanes<T> * vector_lanes<T>; j < count; j += vector_lanes<T>)
      attention_store(s + j,
                      attention_first<T>(attention_load(s + j), n - j, Vector<T>{} - infinity));
  }

 private:
  void add_mask(std::int64_t i, T* s, std::int64_t n) const {
    const std::int64_t* strides = h.p.mask_strides;
    const std::int64_t at =
        h.batch * strides[0] + h.head * strides[1] + (first + i) * strides[2] + key * strides[3];
    if (h.p.mask_kind == isa::AttentionMask::boolean)
      mask_row(s, n, static_cast<const std::uint8_t*>(h.p.mask) + at, strides[3],
               [](T x, std::uint8_t m) { return m ? x : -infinity; });
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
    queries_ = scratch.take(isa::attention_queries * h_.p.dim);
    panels_ = scratch.take(h_.p.dim * isa::attention_keys);
    values_ = scratch.take(isa::attention_keys * width_);
    scores_ = scratch.take(attention_rows * AttentionBlock<T>::step);
    sums_ = scratch.take(isa::attention_queries * width_);
  }

  void run() {
    for (std::int64_t i = 0; i < rows_; ++i) max_[i] = -infinity, total_[i] = T(0);
    attention_copy_rows(h_.q + first_ * h_.p.q.row, h_.p.q.row, rows_, h_.p.dim, queries_, h_.p.dim,
                        h_.scale);
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
    attention_pack(h_.k + key * h_.p.k.row, h_.p.k.row, needed, h_.p.dim, panels_);
    attention_copy_rows(h_.v + key * h_.p.v.row, h_.p.v.row, needed, h_.p.value_dim, values_,
                        width_, T(1));
    for (std::int64_t i = 0; i < rows_; i += attention_rows) {
      const std::int64_t strip = block.strip(i), n = block.seen(i + strip - 1);
      if (n == 0) continue;
      block.products(strip, n, queries_ + i * h_.p.dim, h_.p.dim, h_.p.dim, panels_, scores_);
      weigh(block, i, strip, block.covered(n));
      attention_product<T>(
          strip, width_,
          {scores_, block.step, 1, values_, width_, sums_ + i * width_, width_, n, key > 0});
      if (key == 0 && h_.is_small()) prefetch(first_ + i, strip);
    }
  }

  /// Asks for rows of this head's output and of the next head's operands.
  __attribute__((always_inline)) void prefetch(std::int64_t i, std::int64_t n) const {
    h_.prefetch(a_.y, h_.p.queries, i, n, h_.p.value_dim);
    if ((index_ + 1) * isa::attention_blocks(h_.p) >= a_.end) return;
    const AttentionHead<T> next(h_.p, index_ + 1);
    next.prefetch(h_.p.q, i, n, h_.p.dim);
    if (i + n > h_.p.keys) return;
    next.prefetch(h_.p.k, i, n, h_.p.dim);
    next.prefetch(h_.p.v, i, n, h_.p.value_dim);
  }

  /// Scores of a strip, `count` a row, become weights relative to the largest of their row so far;
  /// what was summed is rescaled to it.
  void weigh(const AttentionBlock<T>& block, std::int64_t first, std::int64_t strip,
             std::int64_t count) {
    Vector<T> lanes[attention_rows] = {};
    T found[attention_rows];
    for (std::int64_t r = 0; r < strip; ++r) {
      T* s = scores_ + r * block.step;
      block.finish_scores(first + r, s, count);
      Vector<T> most = Vector<T>{} - infinity;
      for (std::int64_t j = 0; j < count; j += vector_lanes<T>)
        most = attention_larger<T>(attention_load(s + j), most);
      lanes[r] = most;
    }
    attention_fold_rows(lanes, found, attention_larger<T>);
    for (std::int64_t r = 0; r < strip; ++r) {
      if (found[r] > max_[first + r]) raise_max(first + r, found[r]);
      lanes[r] = exponentials(scores_ + r * block.step, max_[first + r], count);
    }
    attention_fold_rows(lanes, found, attention_added<T>);
    for (std::int64_t r = 0; r < strip; ++r) total_[first + r] += found[r];
  }
  void raise_max(std::int64_t i, T now) {
    const T before = max_[i];
    max_[i] = now;
    if (before == -infinity) return;
    const T shrink = k_exp(before - now);
    total_[i] *= shrink;
    for (std::int64_t j = 0; j < width_; ++j) sums_[i * width_ + j] *= shrink;
  }
  /// Their sum in lanes.
  static Vector<T> exponentials(T* s, T largest, std::int64_t count) {
    const T shift = largest == -infinity ? T(0) : largest;
    Vector<T> sum{};
    for (std::int64_t j = 0; j < count; j += vector_lanes<T>) {
      const Vector<T> e = attention_exp(attention_load(s + j) - shift);
      sum += e;
      attention_store(s + j, e);
    }
    return sum;
  }

  void finish() {
    T* log_sum = static_cast<T*>(a_.log_sum) + index_ * h_.p.queries + first_;
    T inverse[isa::attention_queries];
    for (std::int64_t i = 0; i < rows_; ++i) {
      const T total = total_[i], log = max_[i] + k_log(total);
      inverse[i] = T(1) / total;
      log_sum[i] = total == T(0) ? infinity : log;
    }
    for (std::int64_t i = 0; i < rows_; ++i) {
      T* y = static_cast<T*>(a_.y) + h_.dense_row(first_ + i, h_.p.queries, h_.p.value_dim);
      if (total_[i] == T(0))
        std::memset(y, 0, static_cast<std::size_t>(h_.p.value_dim) * sizeof(T));
      else
        attention_copy(sums_ + i * width_, h_.p.value_dim, y, inverse[i]);
    }
  }

  const isa::AttentionArgs& a_;
  AttentionHead<T> h_;
  std::int64_t index_, first_, rows_, width_;
  T *queries_, *panels_, *values_, *scores_, *sums_;
  T max_[isa::attention_queries], total_[isa::attention_queries];
};

template <class T>
inline void attention_blocks(const isa::AttentionArgs& a) {
  const std::int64_t blocks = isa::attention_blocks(a.problem);
  for (std::int64_t i = a.begin; i < a.end; ++i)
    AttentionForward<T>(a, i / blocks, i % blocks * isa::attention_queries).run();
}

inline void attention(const isa::AttentionArgs& a) {
  a.problem.is_double ? attention_blocks<double>(a) : attention_blocks<float>(a);
}

}  // namespace linnet::inline LINNET_ABI::LINNET_ISA
