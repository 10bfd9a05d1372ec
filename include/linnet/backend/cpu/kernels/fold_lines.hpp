#pragma once

#include <cstdint>

#include "linnet/backend/cpu/kernels/fold.hpp"
#include "linnet/backend/cpu/kernels/micro_kernel.hpp"
#include "linnet/backend/cpu/kernels/transpose.hpp"
#include "linnet/config.hpp"

/// Folds of many short lines at once.
namespace linnet::inline LINNET_ABI::LINNET_ISA {

/// Lines up to so long are worth it.
inline constexpr std::int64_t short_line = 256;

/// n elements, fewer than a vector has, filled up with what changes nothing; from memory of which
/// `readable` elements may be read.
template <class F, class L>
inline Vector<L> partial_vector(const L* x, std::int64_t n, std::int64_t readable) {
  constexpr int lanes = vector_lanes<L>;
  const Vector<L> filler = F::template start<L>() - Vector<L>{};
  if (readable >= lanes) {
    Vector<L> index;
    for (int j = 0; j < lanes; ++j) index[j] = static_cast<L>(j);
    return index < static_cast<L>(n) - Vector<L>{} ? *reinterpret_cast<const Vector<L>*>(x)
                                                   : filler;
  }
  L rest[lanes];
  *reinterpret_cast<Vector<L>*>(rest) = filler;
  for (std::int64_t i = 0; i < n; ++i) rest[i] = x[i];
  return *reinterpret_cast<const Vector<L>*>(rest);
}

/// F::fold, of extremes by nested choices, which become masked moves.
template <class F, class L>
__attribute__((always_inline)) inline Vector<L> fold_vectors(Vector<L> a, Vector<L> x) {
  if constexpr (!F::extreme)
    return F::fold(a, x);
  else if constexpr (F::max)
    return x <= a ? a : a != a ? a : x;
  else
    return x >= a ? a : a != a ? a : x;
}

/// The last n elements, fewer than 64.
template <class F, class L, int count>
inline void fold_rest(Vector<L> (&v)[count], const L* x, std::int64_t n, std::int64_t readable) {
  constexpr int step = vector_lanes<L>;
  const std::int64_t vectors = n / step, whole = vectors * step;
  const Vector<L> last = partial_vector<F, L>(x + whole, n - whole, readable - whole);
#pragma GCC unroll 16
  for (int j = 0; j < count; ++j) {
    if (j < vectors)
      v[j] = fold_vectors<F, L>(v[j], *reinterpret_cast<const Vector<L>*>(x + j * step));
    if (j == vectors) v[j] = fold_vectors<F, L>(v[j], last);
  }
}

/// n elements, behind which more may be `readable`, in 64 lanes, which stay in registers; lane j
/// and j + w fold for w = 32, 16, ... down to one vector.
template <class F, class L>
inline Vector<L> fold_to_vector(const L* x, std::int64_t n, std::int64_t readable) {
  constexpr int step = vector_lanes<L>, count = 64 / step;
  const std::int64_t whole = n - n % 64;
  Vector<L> v[count];
#pragma GCC unroll 16
  for (int j = 0; j < count; ++j) v[j] = F::template start<L>() - Vector<L>{};
  for (std::int64_t i = 0; i < whole; i += 64) {
#pragma GCC unroll 16
    for (int j = 0; j < count; ++j)
      v[j] = fold_vectors<F, L>(v[j], *reinterpret_cast<const Vector<L>*>(x + i + j * step));
  }
  if (whole < n) fold_rest<F, L>(v, x + whole, n - whole, readable - whole);
#pragma GCC unroll 8
  for (int w = count / 2; w > 0; w /= 2) {
#pragma GCC unroll 8
    for (int j = 0; j < w; ++j) v[j] = fold_vectors<F, L>(v[j], v[j + w]);
  }
  return v[0];
}

/// As many lines of n elements as a vector has lanes, in the order of fold_line: what is left of
/// each is folded for all at once.
template <class F, class L>
inline Vector<L> fold_lines(const L* x, std::int64_t n) {
  constexpr int lanes = vector_lanes<L>;
  Vector<L> r[lanes];
  for (int i = 0; i < lanes; ++i) r[i] = fold_to_vector<F, L>(x + i * n, n, (lanes - i) * n);
  transpose_registers<L>(r);
#pragma GCC unroll 4
  for (int w = lanes / 2; w > 0; w /= 2) {
#pragma GCC unroll 8
    for (int j = 0; j < w; ++j) r[j] = fold_vectors<F, L>(r[j], r[j + w]);
  }
  return r[0];
}

}  // namespace linnet::inline LINNET_ABI::LINNET_ISA
