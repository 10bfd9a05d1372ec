#pragma once

#include <cstdint>
#include <cstring>
#include <limits>
#include <type_traits>
#include <utility>

#include "linnet/backend/cpu/kernels/kernel_math.hpp"
#include "linnet/backend/cpu/kernels/micro_kernel.hpp"
#include "linnet/config.hpp"

/// Folds of a line of elements: its sum, product or extreme, in an order that its length decides.
namespace linnet::inline LINNET_ABI::LINNET_ISA {

struct SumFold {
  static constexpr bool extreme = false;
  template <class T>
  static T start() {
    return T(0);
  }
  template <class T>
  static T fold(T a, T x) {
    if constexpr (std::is_integral_v<T>)
      return k_add(a, x);
    else
      return a + x;
  }
};
struct ProdFold {
  static constexpr bool extreme = false;
  template <class T>
  static T start() {
    return T(1);
  }
  template <class T>
  static T fold(T a, T x) {
    if constexpr (std::is_integral_v<T>)
      return k_mul(a, x);
    else
      return a * x;
  }
};
struct MaxFold {
  static constexpr bool extreme = true, max = true;
  template <class T>
  static auto better(T x, T a) {
    return x > a;
  }
  template <class T>
  static T start() {
    using L = std::numeric_limits<T>;
    return is_float<T> ? -L::infinity() : L::lowest();
  }
  template <class T>
  static T fold(T a, T x) {
    return ((x > a) | (x != x)) ? x : a;
  }
};
struct MinFold {
  static constexpr bool extreme = true, max = false;
  template <class T>
  static auto better(T x, T a) {
    return x < a;
  }
  template <class T>
  static T start() {
    using L = std::numeric_limits<T>;
    return is_float<T> ? L::infinity() : L::max();
  }
  template <class T>
  static T fold(T a, T x) {
    return ((x < a) | (x != x)) ? x : a;
  }
};

/// Part of a vector: its lower or upper half.
template <class L, int lanes>
struct LanesOf {
  typedef L type __attribute__((vector_size(lanes * sizeof(L)), aligned(alignof(L)), may_alias));
};
/// The elements of a vector folded, its upper half onto the lower one until one is left.
template <class F, class L, int lanes>
inline L fold_halves(typename LanesOf<L, lanes>::type v) {
  using V = typename LanesOf<L, lanes>::type;
  if constexpr (lanes == 2) {
    return F::fold(v, V{v[1], v[0]})[0];
  } else if constexpr (lanes == 4 && sizeof(L) == 4) {
    v = F::fold(v, V{v[2], v[3], v[0], v[1]});
    return F::fold(v, V{v[1], v[0], v[3], v[2]})[0];
  } else {
    typename LanesOf<L, lanes / 2>::type low, high;
    std::memcpy(&low, &v, sizeof low);
    std::memcpy(&high, reinterpret_cast<const char*>(&v) + sizeof low, sizeof high);
    return fold_halves<F, L, lanes / 2>(F::fold(low, high));
  }
}

/// The better of two vectors where both are numbers, else a: one instruction, where the processor
/// has it.
template <class F, class L>
inline Vector<L> better_of(Vector<L> x, Vector<L> a) {
#if defined(__AVX512F__)
  if constexpr (sizeof(L) == 4)
    return F::max ? (Vector<L>)_mm512_maskz_max_ps(0xFFFF, (__m512)x, (__m512)a)
                  : (Vector<L>)_mm512_maskz_min_ps(0xFFFF, (__m512)x, (__m512)a);
  else
    return F::max ? (Vector<L>)_mm512_maskz_max_pd(0xFF, (__m512d)x, (__m512d)a)
                  : (Vector<L>)_mm512_maskz_min_pd(0xFF, (__m512d)x, (__m512d)a);
#else
  return F::better(x, a) ? x : a;
#endif
}

/// Whether one of the elements seen was NaN.
template <class L>
struct NanSeen {
#if defined(__AVX512F__)
  unsigned mask = 0;
  void add(Vector<L> x, Vector<L> y) {
    if constexpr (sizeof(L) == 4)
      mask |= _mm512_cmp_ps_mask((__m512)x, (__m512)y, _CMP_UNORD_Q);
    else
      mask |= _mm512_cmp_pd_mask((__m512d)x, (__m512d)y, _CMP_UNORD_Q);
  }
  bool any() const { return mask != 0; }
#else
  decltype(Vector<L>{} == Vector<L>{}) lanes{};
  void add(Vector<L> x, Vector<L> y) { lanes |= (x != x) | (y != y); }
  bool any() const {
    decltype(lanes[0] + 0) sum = 0;
    for (int j = 0; j < vector_lanes<L>; ++j) sum |= lanes[j];
    return sum != 0;
  }
#endif
};

/// Vectors of extremes without their NaNs; returns whether there were any.
template <class F, class L, int count>
inline bool fold_numbers(Vector<L> (&v)[count], const L* x, std::int64_t n) {
  constexpr int step = vector_lanes<L>;
  NanSeen<L> nan[2];
  for (std::int64_t i = 0; i < n; i += 64) {
#pragma GCC unroll 16
    for (int j = 0; j < count; j += 2) {
      const Vector<L> e = *reinterpret_cast<const Vector<L>*>(x + i + j * step),
                      f = *reinterpret_cast<const Vector<L>*>(x + i + (j + 1) * step);
      v[j] = better_of<F, L>(e, v[j]);
      v[j + 1] = better_of<F, L>(f, v[j + 1]);
      nan[j / 2 % 2].add(e, f);
    }
  }
  return nan[0].any() || nan[1].any();
}

/// Vectors of extremes without their NaNs, and vectors of the NaNs seen.
template <class F, class L, int count>
LINNET_NOINLINE inline void fold_extremes(Vector<L> (&v)[count], const L* x, std::int64_t n) {
  constexpr int step = vector_lanes<L>;
  Vector<L> nan[count];
#pragma GCC unroll 16
  for (int j = 0; j < count; ++j) nan[j] = Vector<L>{};
  for (std::int64_t i = 0; i < n; i += 64) {
#pragma GCC unroll 16
    for (int j = 0; j < count; ++j) {
      const Vector<L> e = *reinterpret_cast<const Vector<L>*>(x + i + j * step);
      v[j] = F::better(e, v[j]) ? e : v[j];
      nan[j] = e != e ? e : nan[j];
    }
  }
#pragma GCC unroll 16
  for (int j = 0; j < count; ++j) v[j] = nan[j] != nan[j] ? nan[j] : v[j];
}

/// Folds rows of 64 elements into lanes that stay in registers.
template <class F, class L, int count>
inline void fold_rows_of_64(Vector<L> (&v)[count], const L* x, std::int64_t n) {
  if constexpr (F::extreme) {
    fold_extremes<F, L>(v, x, n);
  } else {
    for (std::int64_t i = 0; i < n; i += 64) {
#pragma GCC unroll 16
      for (int j = 0; j < count; ++j)
        v[j] = F::fold(v[j], *reinterpret_cast<const Vector<L>*>(x + i + j * vector_lanes<L>));
    }
  }
}

/// The best lane of v, which has no NaN: lanes move by w = half of them, ... 1 in a circle.
template <class F, class L, int w = vector_lanes<L> / 2, std::size_t... lane>
inline L best_lane(Vector<L> v, std::index_sequence<lane...> lanes) {
  if constexpr (w == 0) {
    return v[0];
  } else {
    const Vector<L> moved = __builtin_shufflevector(v, v, ((int(lane) + w) % vector_lanes<L>)...);
    return best_lane<F, L, w / 2>(better_of<F, L>(moved, v), lanes);
  }
}

/// The extreme of a line, unless there is a NaN: `whole` elements from x on, then the 64 of `rest`.
template <class F, class L>
inline bool extreme_of_numbers(const L* x, std::int64_t whole, const L* rest, L& result) {
  constexpr int count = 64 / vector_lanes<L>;
  Vector<L> v[count];
#pragma GCC unroll 16
  for (int j = 0; j < count; ++j) v[j] = F::template start<L>() - Vector<L>{};
  bool nan = fold_numbers<F, L>(v, x, whole);
  if (rest) nan |= fold_numbers<F, L>(v, rest, 64);
  if (nan) return false;
#pragma GCC unroll 8
  for (int w = count / 2; w > 0; w /= 2) {
#pragma GCC unroll 8
    for (int j = 0; j < w; ++j) v[j] = better_of<F, L>(v[j + w], v[j]);
  }
  result =
      best_lane<F, L>(v[0], std::make_index_sequence<static_cast<std::size_t>(vector_lanes<L>)>());
  return true;
}

/// n elements in 64 lanes, which stay in registers; lane j and j + w fold for w = 32, 16, ... 1.
template <class F, class L>
inline L fold_line(const L* x, std::int64_t n) {
  const std::int64_t whole = n - n % 64;
  if constexpr (is_float<L>) {
    constexpr int step = vector_lanes<L>, count = 64 / step;
    L rest[64];
    if (whole < n) {  // filled up with what changes nothing
      for (int j = 0; j < 64; ++j) rest[j] = F::template start<L>();
      std::memcpy(rest, x + whole, static_cast<std::size_t>(n - whole) * sizeof(L));
    }
    if constexpr (F::extreme) {
      L result;
      if (extreme_of_numbers<F>(x, whole, whole < n ? rest : nullptr, result)) return result;
    }
    Vector<L> v[count];
#pragma GCC unroll 16
    for (int j = 0; j < count; ++j) v[j] = F::template start<L>() - Vector<L>{};
    fold_rows_of_64<F, L>(v, x, whole);
    if (whole < n) fold_rows_of_64<F, L>(v, rest, 64);
#pragma GCC unroll 8
    for (int w = count / 2; w > 0; w /= 2) {
#pragma GCC unroll 8
      for (int j = 0; j < w; ++j) v[j] = F::fold(v[j], v[j + w]);
    }
    return fold_halves<F, L, step>(v[0]);
  } else {
    L lanes[64];
    for (int j = 0; j < 64; ++j) lanes[j] = F::template start<L>();
    for (std::int64_t i = 0; i < whole; i += 64)
      for (int j = 0; j < 64; ++j) lanes[j] = F::template fold<L>(lanes[j], x[i + j]);
    for (std::int64_t i = whole; i < n; ++i)
      lanes[i - whole] = F::template fold<L>(lanes[i - whole], x[i]);
    for (int w = 32; w > 0; w /= 2)
      for (int j = 0; j < w; ++j) lanes[j] = F::template fold<L>(lanes[j], lanes[j + w]);
    return lanes[0];
  }
}

}  // namespace linnet::inline LINNET_ABI::LINNET_ISA
