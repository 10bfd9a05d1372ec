#pragma once

#include <cstdint>
#include <cstring>

#include "linnet/backend/cpu/kernels/activations.hpp"
#include "linnet/config.hpp"

#if defined(__AVX2__) || defined(__AVX512F__)
#include <immintrin.h>
#endif

/// The heart of matmul and convolution: a tile of rows x (vectors of columns) kept in registers
/// while it runs along k. Rows of A are read as scalars from anywhere, rows of B as vectors.
namespace linnet::inline LINNET_ABI::LINNET_ISA {

// More rows would fit the registers on paper; GCC then spills accumulators, at half the speed.
#if defined(__AVX512F__)
inline constexpr int vector_bytes = 64, max_tile_rows = 8;
#elif defined(__AVX__)
inline constexpr int vector_bytes = 32, max_tile_rows = 5;
#else
inline constexpr int vector_bytes = 16, max_tile_rows = 6;
#endif

template <class T>
struct VectorOf {
  typedef T type __attribute__((vector_size(vector_bytes), aligned(alignof(T)), may_alias));
};
template <class T>
using Vector = typename VectorOf<T>::type;
template <class T>
inline constexpr int vector_lanes = vector_bytes / static_cast<int>(sizeof(T));
/// A vector of T, or one T.
template <class T, bool vectorized>
struct LaneOf : VectorOf<T> {};
template <class T>
struct LaneOf<T, false> {
  using type = T;
};
/// Columns of a tile: two vectors.
template <class T>
inline constexpr int tile_columns = 2 * vector_lanes<T>;

template <class T>
inline Vector<T> multiply_add(T a, Vector<T> b, Vector<T> c) {
#if defined(__AVX512F__)
  if constexpr (sizeof(T) == 4)
    return (Vector<T>)_mm512_fmadd_ps(_mm512_set1_ps(a), (__m512)b, (__m512)c);
  else
    return (Vector<T>)_mm512_fmadd_pd(_mm512_set1_pd(a), (__m512d)b, (__m512d)c);
#elif defined(__AVX2__) && defined(__FMA__)
  if constexpr (sizeof(T) == 4)
    return (Vector<T>)_mm256_fmadd_ps(_mm256_set1_ps(a), (__m256)b, (__m256)c);
  else
    return (Vector<T>)_mm256_fmadd_pd(_mm256_set1_pd(a), (__m256d)b, (__m256d)c);
#else
  return a * b + c;
#endif
}

/// Vectors of which only the first n lanes are in memory; and whether these take no longer than
/// whole ones.
#if defined(__AVX512F__)
inline constexpr bool partial_vectors = true;
template <class T>
inline unsigned first_lanes(std::int64_t n) {
  return n >= vector_lanes<T> ? (1u << vector_lanes<T>)-1 : n > 0 ? (1u << n) - 1 : 0;
}
template <class T>
inline Vector<T> load_first(const T* p, std::int64_t n) {
  if constexpr (sizeof(T) == 4)
    return (Vector<T>)_mm512_maskz_loadu_ps(static_cast<__mmask16>(first_lanes<T>(n)), p);
  else
    return (Vector<T>)_mm512_maskz_loadu_pd(static_cast<__mmask8>(first_lanes<T>(n)), p);
}
template <class T>
inline void store_first(T* p, std::int64_t n, Vector<T> x) {
  if constexpr (sizeof(T) == 4)
    _mm512_mask_storeu_ps(p, static_cast<__mmask16>(first_lanes<T>(n)), (__m512)x);
  else
    _mm512_mask_storeu_pd(p, static_cast<__mmask8>(first_lanes<T>(n)), (__m512d)x);
}
#else
inline constexpr bool partial_vectors = false;
template <class T>
inline Vector<T> load_first(const T* p, std::int64_t n) {
  Vector<T> x{};
  std::memcpy(&x, p,
              n < 0                 ? 0
              : n < vector_lanes<T> ? static_cast<std::size_t>(n) * sizeof(T)
                                    : sizeof(x));
  return x;
}
template <class T>
inline void store_first(T* p, std::int64_t n, Vector<T> x) {
  std::memcpy(p, &x,
              n < 0                 ? 0
              : n < vector_lanes<T> ? static_cast<std::size_t>(n) * sizeof(T)
                                    : sizeof(x));
}
#endif

/// Where the A operand of a tile lies: element (i, p) at a[rows[i] + p * step] for p along one
/// line of `k`, repeated for `lines` lines, each `line_step` further in A and B going on.
template <class T>
struct TileInput {
  const T* a;
  const std::int64_t* rows;  ///< element offset of each row
  std::int64_t step;
  const T* b;
  std::int64_t b_step;
  std::int64_t k;
};

template <class T, int rows, int vectors>
struct TileRegisters {
  Vector<T> r[rows][vectors];

  __attribute__((always_inline)) void clear() {
#pragma GCC unroll 16
    for (int i = 0; i < rows; ++i)
#pragma GCC unroll 4
      for (int j = 0; j < vectors; ++j) r[i][j] = Vector<T>{};
  }
  __attribute__((always_inline)) void load(const T* c, std::int64_t stride) {
#pragma GCC unroll 16
    for (int i = 0; i < rows; ++i)
#pragma GCC unroll 4
      for (int j = 0; j < vectors; ++j)
        r[i][j] = *reinterpret_cast<const Vector<T>*>(c + i * stride + j * vector_lanes<T>);
  }
  __attribute__((always_inline)) void store(T* c, std::int64_t stride) const {
#pragma GCC unroll 16
    for (int i = 0; i < rows; ++i)
#pragma GCC unroll 4
      for (int j = 0; j < vectors; ++j)
        *reinterpret_cast<Vector<T>*>(c + i * stride + j * vector_lanes<T>) = r[i][j];
  }
  /// The same of the first columns alone.
  __attribute__((always_inline)) void load_first_of(const T* c, std::int64_t stride,
                                                    std::int64_t columns) {
#pragma GCC unroll 4
    for (int j = 0; j < vectors; ++j)
#pragma GCC unroll 16
      for (int i = 0; i < rows; ++i)
        r[i][j] =
            load_first<T>(c + i * stride + j * vector_lanes<T>, columns - j * vector_lanes<T>);
  }
  __attribute__((always_inline)) void store_first_of(T* c, std::int64_t stride,
                                                     std::int64_t columns) const {
#pragma GCC unroll 4
    for (int j = 0; j < vectors; ++j)
#pragma GCC unroll 16
      for (int i = 0; i < rows; ++i)
        store_first<T>(c + i * stride + j * vector_lanes<T>, columns - j * vector_lanes<T>,
                       r[i][j]);
  }
  /// Every row += the first columns from b on.
  __attribute__((always_inline)) void add_to_rows(const T* b, std::int64_t columns) {
#pragma GCC unroll 4
    for (int j = 0; j < vectors; ++j) {
      const Vector<T> v = load_first<T>(b + j * vector_lanes<T>, columns - j * vector_lanes<T>);
#pragma GCC unroll 16
      for (int i = 0; i < rows; ++i) r[i][j] += v;
    }
  }
  /// 0 instead of what is below 0; NaN stays.
  __attribute__((always_inline)) void relu() {
#pragma GCC unroll 16
    for (int i = 0; i < rows; ++i)
#pragma GCC unroll 4
      for (int j = 0; j < vectors; ++j) {
        const Vector<T> x = r[i][j], zero{};
        r[i][j] = x > zero ? x : (x != x ? x : zero);
      }
  }
  /// r += A B over in.k steps. Rows step_rows apart (constant in the loop) or by offsets.
  __attribute__((always_inline)) void accumulate(const TileInput<T>& in) {
    accumulate(in, [](std::int64_t) {});
  }
  /// The same, calling ahead(p) at each step: to prefetch what comes next.
  template <class F>
  __attribute__((always_inline)) void accumulate(const TileInput<T>& in, F ahead) {
    const T* a = in.a;
    const T* b = in.b;
    std::int64_t offset[rows];
#pragma GCC unroll 16
    for (int i = 0; i < rows; ++i) offset[i] = in.rows[i];
    std::int64_t step = in.step, b_step = in.b_step;
    // Else GCC makes a second loop for steps of 1.
    asm("" : "+r"(step), "+r"(b_step));
    if (in.k <= 0) return;
    std::int64_t p = 0;
    do {
      ahead(p);
      Vector<T> bv[vectors];
#pragma GCC unroll 4
      for (int j = 0; j < vectors; ++j)
        bv[j] = *reinterpret_cast<const Vector<T>*>(b + j * vector_lanes<T>);
#pragma GCC unroll 16
      for (int i = 0; i < rows; ++i) {
        const T s = a[offset[i]];
#pragma GCC unroll 4
        for (int j = 0; j < vectors; ++j) r[i][j] = multiply_add<T>(s, bv[j], r[i][j]);
      }
      a += step, b += b_step;
    } while (++p < in.k);
  }
};

/// Calls f with std::integral-constant-like tags for `rows` in [1, max_tile_rows].
template <int n>
struct Rows {
  static constexpr int value = n;
};
template <int n = max_tile_rows, class F>
inline void with_rows(int rows, F&& f) {
  if constexpr (n == 1) {
    f(Rows<1>{});
  } else {
    if (rows == n) return f(Rows<n>{});
    with_rows<n - 1>(rows, static_cast<F&&>(f));
  }
}

/// How many rows the next tile takes when `left` remain: even shares instead of a thin last tile.
inline int next_rows(std::int64_t left) {
  if (left <= max_tile_rows) return static_cast<int>(left);
  if (left > (max_tile_rows - 1) * (max_tile_rows - 1)) return max_tile_rows;  // without dividing
  const std::int64_t tiles = (left + max_tile_rows - 1) / max_tile_rows;
  return static_cast<int>((left + tiles - 1) / tiles);
}

}  // namespace linnet::inline LINNET_ABI::LINNET_ISA
