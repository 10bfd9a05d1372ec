#pragma once

#include <cstdint>
#include <cstring>
#include <limits>
#include <utility>

#include "linnet/backend/cpu/args/softmax.hpp"
#include "linnet/backend/cpu/kernels/exponentials.hpp"
#include "linnet/backend/cpu/kernels/fold.hpp"
#include "linnet/backend/cpu/kernels/micro_kernel.hpp"
#include "linnet/config.hpp"

/// Softmax, its logarithm, their gradients and cross entropy, row by row and free of overflow. Rows
/// go by whole vectors, the last one filled up: sums add in an order that their length decides.
namespace linnet::inline LINNET_ABI::LINNET_ISA {

/// The first n elements from x on, fewer than a vector has, before `filler`.
template <class T>
inline Vector<T> load_part(const T* x, std::int64_t n, T filler) {
#ifdef __AVX512F__
  const auto mask = (1u << n) - 1;
  if constexpr (sizeof(T) == 4)
    return (Vector<T>)_mm512_mask_loadu_ps(_mm512_set1_ps(filler), __mmask16(mask), x);
  else
    return (Vector<T>)_mm512_mask_loadu_pd(_mm512_set1_pd(filler), __mmask8(mask), x);
#else
  T part[vector_lanes<T>];
  for (T& e : part) e = filler;
  for (std::int64_t i = 0; i < n; ++i) part[i] = x[i];
  return *reinterpret_cast<const Vector<T>*>(part);
#endif
}

/// f(vector of x, its place) for all n elements; what fills the last one up is `filler`.
template <class T, class F>
inline void for_row(const T* x, std::int64_t n, T filler, F f) {
  constexpr std::int64_t lanes = vector_lanes<T>;
  std::int64_t i = 0;
  for (; i + lanes <= n; i += lanes) f(*reinterpret_cast<const Vector<T>*>(x + i), i);
  if (i < n) f(load_part(x + i, n - i, filler), i);
}
/// y = f(x) for a row; y may be x, or what f reads at the place that it is told.
template <class T, class F>
inline void map_row(const T* x, std::int64_t n, T filler, T* y, F f) {
  for_row(x, n, filler, [=](Vector<T> v, std::int64_t i) {
    const Vector<T> result = f(v, i);
    if (i + vector_lanes<T> <= n)
      *reinterpret_cast<Vector<T>*>(y + i) = result;
    else
      store_first(y + i, n - i, result);
  });
}
template <class T>
inline T row_sum(Vector<T> v) {
  return fold_halves<SumFold, T, vector_lanes<T>>(v);
}

/// The largest of a row, whose NaNs do not count.
template <class T>
inline T row_max(const T* x, std::int64_t n) {
  constexpr T least = -std::numeric_limits<T>::infinity();
  Vector<T> most = Vector<T>{} + least;
  for_row(x, n, least, [&](Vector<T> v, std::int64_t) { most = better_of<MaxFold, T>(v, most); });
  return best_lane<MaxFold, T>(
      most, std::make_index_sequence<static_cast<std::size_t>(vector_lanes<T>)>());
}

/// e^v for v <= 0.
template <class T>
inline Vector<T> exp_below(Vector<T> v) {
  T x[vector_lanes<T>];
  *reinterpret_cast<Vector<T>*>(x) = v;
  for (T& e : x) e = k_exp_below(e);
  return *reinterpret_cast<const Vector<T>*>(x);
}
/// The sum of e^(x - m), no x above m; each goes to y, unless that is null.
template <class T>
inline T exp_sum(const T* x, T m, std::int64_t n, T* y) {
  constexpr T least = -std::numeric_limits<T>::infinity();
  Vector<T> sum{};
  if (y)
    map_row(x, n, least, y, [&](Vector<T> v, std::int64_t) {
      const Vector<T> e = exp_below<T>(v - m);
      sum += e;
      return e;
    });
  else
    for_row(x, n, least, [&](Vector<T> v, std::int64_t) { sum += exp_below<T>(v - m); });
  return row_sum<T>(sum);
}

/// The shift that keeps exponents in range; an infinite maximum keeps NaN out of finite rows.
template <class T>
inline T row_shift(const T* x, std::int64_t n) {
  const T m = row_max(x, n);
  return m == -std::numeric_limits<T>::infinity() ? T(0) : m;
}

template <class T>
inline void softmax_rows(const isa::SoftmaxArgs& a) {
  const std::int64_t n = a.length;
  for (std::int64_t r = a.begin; r < a.end; ++r) {
    const T* x = static_cast<const T*>(a.in) + r * n;
    T* y = static_cast<T*>(a.out) + r * n;
    const T m = row_max(x, n);
    if (a.log) {
      const T shift = m + k_log(exp_sum<T>(x, m, n, nullptr));
      map_row(x, n, T(0), y, [=](Vector<T> v, std::int64_t) { return v - shift; });
    } else {
      const T scale = T(1) / exp_sum(x, m, n, y);
      map_row(y, n, T(0), y, [=](Vector<T> v, std::int64_t) { return v * scale; });
    }
  }
}

inline void softmax(const isa::SoftmaxArgs& a) {
  a.is_double ? softmax_rows<double>(a) : softmax_rows<float>(a);
}

/// The vector of y at place i of a row of n.
template <class T>
inline Vector<T> row_at(const T* y, std::int64_t i, std::int64_t n) {
  return i + vector_lanes<T> <= n ? *reinterpret_cast<const Vector<T>*>(y + i)
                                  : load_first(y + i, n - i);
}

template <class T>
inline void softmax_gradient_rows(const isa::SoftmaxGradientArgs& a) {
  const std::int64_t n = a.length;
  for (std::int64_t r = a.begin; r < a.end; ++r) {
    const T *dy = static_cast<const T*>(a.dy) + r * n, *y = static_cast<const T*>(a.y) + r * n;
    T* dx = static_cast<T*>(a.dx) + r * n;
    Vector<T> lanes{};
    if (a.log) {
      for_row(dy, n, T(0), [&](Vector<T> v, std::int64_t) { lanes += v; });
      const T sum = row_sum<T>(lanes);
      map_row(dy, n, T(0), dx,
              [=](Vector<T> v, std::int64_t i) { return v - exp_below<T>(row_at(y, i, n)) * sum; });
    } else {
      for_row(dy, n, T(0), [&](Vector<T> v, std::int64_t i) { lanes += v * row_at(y, i, n); });
      const T sum = row_sum<T>(lanes);
      map_row(dy, n, T(0), dx,
              [=](Vector<T> v, std::int64_t i) { return row_at(y, i, n) * (v - sum); });
    }
  }
}

inline void softmax_gradient(const isa::SoftmaxGradientArgs& a) {
  a.is_double ? softmax_gradient_rows<double>(a) : softmax_gradient_rows<float>(a);
}

template <class T>
inline void cross_entropy_rows(const isa::CrossEntropyArgs& a) {
  const std::int64_t n = a.length;
  for (std::int64_t r = a.begin; r < a.end; ++r) {
    const T* x = static_cast<const T*>(a.logits) + r * n;
    const std::int64_t label = a.labels[r];
    const bool valid = label >= 0 && label < n && label != a.ignore;
    if (!a.dy) {
      T* loss = static_cast<T*>(a.out) + r;
      const T m = row_shift(x, n);
      *loss = valid ? k_log(exp_sum<T>(x, m, n, nullptr)) + m - x[label] : T(0);
      continue;
    }
    T* dx = static_cast<T*>(a.out) + r * n;
    if (!valid) {
      std::memset(dx, 0, static_cast<std::size_t>(n) * sizeof(T));
      continue;
    }
    const T dy = static_cast<const T*>(a.dy)[r], scale = dy / exp_sum(x, row_shift(x, n), n, dx);
    map_row(dx, n, T(0), dx, [=](Vector<T> v, std::int64_t) { return v * scale; });
    dx[label] -= dy;
  }
}

inline void cross_entropy(const isa::CrossEntropyArgs& a) {
  a.is_double ? cross_entropy_rows<double>(a) : cross_entropy_rows<float>(a);
}

}  // namespace linnet::inline LINNET_ABI::LINNET_ISA
