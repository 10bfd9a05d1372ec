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

/// What attention and its gradient are made of: products by tiles, vectors of a row, copies.
namespace linnet::inline LINNET_ABI::LINNET_ISA {

/// Rows of a tile: a power of two, so that tiles of queries and of keys begin at the same places.
inline constexpr int attention_rows = max_tile_rows >= 8 ? 8 : 4;

/// c (+)= a b, summed over k: a's element (i, p) is a[i * a_row + p * a_column], of b whole vectors
/// are read from b + p * b_step.
template <class T>
struct AttentionProduct {
  const T* a;
  std::int64_t a_row, a_column;
  const T* b;
  std::int64_t b_step;
  T* c;
  std::int64_t c_step, k;
  bool accumulate;
};

template <class T, int rows, int vectors>
LINNET_NOINLINE inline void attention_tile(const AttentionProduct<T>& in, std::int64_t column) {
  const T *a = in.a, *b = in.b + column;
  T* c = in.c + column;
  const std::int64_t a_row = in.a_row, a_column = in.a_column, b_step = in.b_step;
  Vector<T> r[rows][vectors];
#pragma GCC unroll 8
  for (int i = 0; i < rows; ++i)
#pragma GCC unroll 2
    for (int j = 0; j < vectors; ++j) r[i][j] = Vector<T>{};
  if (in.accumulate) {
#pragma GCC unroll 8
    for (int i = 0; i < rows; ++i)
#pragma GCC unroll 2
      for (int j = 0; j < vectors; ++j)
        r[i][j] = *reinterpret_cast<const Vector<T>*>(c + i * in.c_step + j * vector_lanes<T>);
  }
  for (std::int64_t p = in.k; p > 0; --p, a += a_column, b += b_step) {
    Vector<T> right[vectors];
#pragma GCC unroll 2
    for (int j = 0; j < vectors; ++j)
      right[j] = *reinterpret_cast<const Vector<T>*>(b + j * vector_lanes<T>);
#pragma GCC unroll 8
    for (int i = 0; i < rows; ++i) {
      const T left = a[i * a_row];
#pragma GCC unroll 2
      for (int j = 0; j < vectors; ++j) r[i][j] = multiply_add<T>(left, right[j], r[i][j]);
    }
  }
#pragma GCC unroll 8
  for (int i = 0; i < rows; ++i)
#pragma GCC unroll 2
    for (int j = 0; j < vectors; ++j)
      *reinterpret_cast<Vector<T>*>(c + i * in.c_step + j * vector_lanes<T>) = r[i][j];
}

template <class T, int rows>
inline void attention_strip(const AttentionProduct<T>& in, std::int64_t columns) {
  std::int64_t j = 0;
  for (; j + tile_columns<T> <= columns; j += tile_columns<T>) attention_tile<T, rows, 2>(in, j);
  for (; j < columns; j += vector_lanes<T>) attention_tile<T, rows, 1>(in, j);
}
/// Up to attention_rows rows; `columns` in whole vectors.
template <class T, int most = attention_rows>
inline void attention_product(std::int64_t rows, std::int64_t columns, AttentionProduct<T> in) {
  if (rows >= most) {
    attention_strip<T, most>(in, columns);
    rows -= most;
    if (rows == 0) return;
    in.a += most * in.a_row;
    in.c += most * in.c_step;
  }
  if constexpr (most > 1) attention_product<T, most / 2>(rows, columns, in);
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
/// f folded over the lanes of v until `left` of them are left, which repeat.
template <class T, int left, int by = vector_lanes<T> / 2, class F>
inline Vector<T> attention_fold_to(Vector<T> v, F f) {
  if constexpr (by < left) {
    return v;
  } else {
    using Lanes = std::make_index_sequence<static_cast<std::size_t>(vector_lanes<T>)>;
    return attention_fold_to<T, left, by / 2>(f(v, attention_rotate<T, by>(v, Lanes())), f);
  }
}
template <class T>
inline Vector<T> attention_added(Vector<T> a, Vector<T> b) {
  return a + b;
}
template <class T>
inline T attention_sum(Vector<T> v) {
  return attention_fold_to<T, 1>(v, attention_added<T>)[0];
}
/// Lane i of the result is f folded over the lanes of r[i], for the first n of them.
template <class T, int n, class F>
inline Vector<T> attention_fold_group(Vector<T>* r, F f) {
  using Lanes = std::make_index_sequence<static_cast<std::size_t>(vector_lanes<T>)>;
  if constexpr (n > 1) {
    constexpr int half = n / 2;
#pragma GCC unroll 4
    for (int i = 0; i < half; ++i) {
      exchange_blocks<T, half>(r[i], r[i + half], Lanes());
      r[i] = f(r[i], r[i + half]);
    }
    return attention_fold_group<T, half>(r, f);
  } else {
    return r[0];
  }
}
/// f folded over the lanes of each of attention_rows vectors, which are overwritten.
template <class T, class F>
inline void attention_fold_rows(Vector<T>* r, T* out, F f) {
  constexpr int lanes = vector_lanes<T>, n = lanes < attention_rows ? lanes : attention_rows;
#pragma GCC unroll 4
  for (int i = 0; i < attention_rows; i += n) {
    Vector<T> v = attention_fold_group<T, n>(r + i, f);
    if constexpr (n < lanes) v = attention_fold_to<T, n>(v, f);
    std::memcpy(out + i, &v, n * sizeof(T));
  }
}
/// b where a is NaN.
template <class T>
inline Vector<T> attention_larger(Vector<T> a, Vector<T> b) {
#ifdef __AVX512F__
  if constexpr (sizeof(T) == 4)
    return (Vector<T>)_mm512_maskz_max_ps(0xFFFF, (__m512)a, (__m512)b);
  else
    return (Vector<T>)_mm512_maskz_max_pd(0xFF, (__m512d)a, (__m512d)b);
#else
  return a > b ? a : b;
#endif
}

template <class T>
struct AttentionLane {
  typedef std::int32_t type __attribute__((vector_size(vector_bytes)));
};
template <>
struct AttentionLane<double> {
  typedef std::int64_t type __attribute__((vector_size(vector_bytes)));
};
template <class T, std::size_t... lane>
inline typename AttentionLane<T>::type attention_lanes(std::index_sequence<lane...>) {
  return typename AttentionLane<T>::type{lane...};
}
/// `other` in the lanes from n on.
template <class T>
inline Vector<T> attention_first(Vector<T> v, std::int64_t n, Vector<T> other) {
  using Lanes = typename AttentionLane<T>::type;
  constexpr int lanes = vector_lanes<T>;
  const int count = static_cast<int>(n < 0 ? 0 : n < lanes ? n : lanes);
  const Lanes index =
      attention_lanes<T>(std::make_index_sequence<static_cast<std::size_t>(lanes)>());
  return index < (Lanes{} + count) ? v : other;
}

/// 2^r for |r| <= 1/2, a polynomial as in k_exp2.
inline Vector<float> attention_exp2_near(Vector<float> r) {
  Vector<float> p = r * 0.00015353362948930885f + 0.0013398874392726305f;
  p = p * r + 0.0096184373538788018f;
  p = p * r + 0.055503324711266282f;
  p = p * r + 0.24022647913655909f;
  p = p * r + 0.69314720285512976f;
  return p * r + 1.f;
}
/// e^x for x <= 0 or little above, 0 from where it would be subnormal.
inline Vector<float> attention_exp(Vector<float> x) {
  const Vector<float> t = x * 1.44269504088896341f;
#ifdef __AVX512F__
  const __m512 n = _mm512_maskz_roundscale_ps(0xFFFF, (__m512)t, _MM_FROUND_TO_NEAREST_INT);
  const __mmask16 seen = _mm512_cmp_ps_mask((__m512)t, _mm512_set1_ps(-126.f), _CMP_NLT_UQ);
  const auto p = (__m512)attention_exp2_near(t - (Vector<float>)n);
  return (Vector<float>)_mm512_maskz_scalef_ps(seen, p, n);
#else
  const Vector<float> shifted = t + 12582912.f;
  const auto power = ((AttentionLane<float>::type)shifted << 23) + (127 << 23);
  const Vector<float> p = attention_exp2_near(t - (shifted - 12582912.f));
  return t < -126.f ? Vector<float>{} : p * (Vector<float>)power;
#endif
}
inline Vector<double> attention_exp(Vector<double> x) {
  double lanes[vector_lanes<double>];
  std::memcpy(lanes, &x, sizeof x);
  for (double& lane : lanes) lane = k_exp(lane);
  std::memcpy(&x, lanes, sizeof x);
  return x;
}

/// Asks for n rows that will be read or written. (GCC drops calls of functions that only prefetch.)
template <class T>
__attribute__((always_inline)) inline void attention_prefetch(const T* rows, std::int64_t row_step,
                                                              std::int64_t n, std::int64_t dim) {
  constexpr std::uintptr_t line = 64;
  for (std::int64_t i = 0; i < n; ++i, rows += row_step)
    for (auto p = reinterpret_cast<std::uintptr_t>(rows) / line * line,
              end = reinterpret_cast<std::uintptr_t>(rows + dim);
         p < end; p += line)
      __builtin_prefetch(reinterpret_cast<const void*>(p), 0, 2);
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

/// y = scale x for a row of n.
template <class T>
inline void attention_copy(const T* x, std::int64_t n, T* y, T scale) {
  std::int64_t j = 0;
  for (; j + vector_lanes<T> <= n; j += vector_lanes<T>)
    attention_store(y + j, Vector<T>(attention_load(x + j) * scale));
  for (; j < n; ++j) y[j] = x[j] * scale;
}
/// The same for many rows, each filled up with zeros to `copy_step`.
template <class T>
inline void attention_copy_rows(const T* rows, std::int64_t row_step, std::int64_t n,
                                std::int64_t dim, T* copy, std::int64_t copy_step, T scale) {
  for (std::int64_t i = 0; i < n; ++i, rows += row_step, copy += copy_step) {
    attention_copy(rows, dim, copy, scale);
    for (std::int64_t j = dim; j < copy_step; ++j) copy[j] = T(0);
  }
}

}  // namespace linnet::inline LINNET_ABI::LINNET_ISA
