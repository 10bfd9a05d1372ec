#pragma once

#include <cstdint>
#include <limits>

#include "linnet/backend/cpu/args/softmax.hpp"
#include "linnet/backend/cpu/kernels/exponentials.hpp"
#include "linnet/backend/cpu/kernels/fold.hpp"
#include "linnet/backend/cpu/kernels/fold_lines.hpp"
#include "linnet/backend/cpu/kernels/micro_kernel.hpp"
#include "linnet/config.hpp"

/// Softmax, its logarithm and cross entropy, row by row and free of overflow.
namespace linnet::inline LINNET_ABI::LINNET_ISA {

/// e^(x - m) of 16 elements, to y unless null, and added to lanes.
template <class T>
__attribute__((always_inline)) inline void exp_block(const T* x, T m, T* lanes, T* y) {
  T block[16];
  for (int j = 0; j < 16; ++j) block[j] = k_exp_below(x[j] - m);
  for (int j = 0; j < 16; ++j) lanes[j] += block[j];
  if (y)
    for (int j = 0; j < 16; ++j) y[j] = block[j];
}

/// The sum of 16 lanes: lane j and j + w fold for w = 8, 4, 2, 1.
template <class T>
inline T sum_of_16(const T* lanes) {
  constexpr int step = vector_lanes<T>, count = 16 / step;
  Vector<T> v[count];
#pragma GCC unroll 8
  for (int j = 0; j < count; ++j) v[j] = *reinterpret_cast<const Vector<T>*>(lanes + j * step);
#pragma GCC unroll 4
  for (int w = count / 2; w > 0; w /= 2) {
#pragma GCC unroll 4
    for (int j = 0; j < w; ++j) v[j] += v[j + w];
  }
  return fold_halves<SumFold, T, step>(v[0]);
}

/// Writes e^(x - m) to y (unless null) and returns the sum; no x is above m. What a block lacks is
/// filled up with minus infinity, whose exponential is 0.
template <class T>
inline T exp_sum(const T* x, T m, std::int64_t n, T* y) {
  T lanes[16] = {};
  std::int64_t i = 0;
  for (; i + 16 <= n; i += 16) exp_block(x + i, m, lanes, y ? y + i : nullptr);
  if (i < n) {
    T rest[16], result[16];
    for (int j = 0; j < 16; ++j) rest[j] = -std::numeric_limits<T>::infinity();
    for (std::int64_t j = i; j < n; ++j) rest[j - i] = x[j];
    exp_block(rest, m, lanes, result);
    for (std::int64_t j = i; y && j < n; ++j) y[j] = result[j - i];
  }
  return sum_of_16(lanes);
}

/// The shift that keeps exponents in range; an infinite maximum keeps NaN out of finite rows.
template <class T>
inline T row_shift(const T* x, std::int64_t n) {
  const T m = fold_line<MaxFold>(x, n);
  return m == -std::numeric_limits<T>::infinity() ? T(0) : m;
}

/// As many rows as a vector has lanes: of short ones the maxima are found at once, and the
/// logarithms are taken at once.
template <class T>
inline void softmax_rows(const isa::SoftmaxArgs& a, std::int64_t row, std::int64_t rows) {
  constexpr std::int64_t lanes = vector_lanes<T>;
  const std::int64_t n = a.length;
  const T* x = static_cast<const T*>(a.in) + row * n;
  T* y = static_cast<T*>(a.out) + row * n;
  T m[lanes] = {}, s[lanes];
  if (rows == lanes && n <= 64)
    *reinterpret_cast<Vector<T>*>(m) = fold_lines<MaxFold, T>(x, n);
  else
    for (std::int64_t r = 0; r < rows; ++r) m[r] = fold_line<MaxFold>(x + r * n, n);
  for (std::int64_t r = 0; r < lanes; ++r)
    s[r] = r < rows ? exp_sum(x + r * n, m[r], n, a.log ? nullptr : y + r * n) : T(1);
  if (a.log) {
    for (std::int64_t r = 0; r < lanes; ++r) s[r] = m[r] + k_log(s[r]);
    for (std::int64_t r = 0; r < rows; ++r)
      for (std::int64_t i = r * n; i < (r + 1) * n; ++i) y[i] = x[i] - s[r];
  } else {
    for (std::int64_t r = 0; r < rows; ++r) {
      const T scale = T(1) / s[r];
      for (std::int64_t i = r * n; i < (r + 1) * n; ++i) y[i] *= scale;
    }
  }
}

template <class T>
inline void softmax_of(const isa::SoftmaxArgs& a) {
  constexpr std::int64_t lanes = vector_lanes<T>;
  for (std::int64_t r = a.begin; r < a.end; r += lanes)
    softmax_rows<T>(a, r, a.end - r < lanes ? a.end - r : lanes);
}

inline void softmax(const isa::SoftmaxArgs& a) {
  a.is_double ? softmax_of<double>(a) : softmax_of<float>(a);
}

template <class T>
inline void cross_entropy_rows(const isa::CrossEntropyArgs& a) {
  for (std::int64_t r = a.begin; r < a.end; ++r) {
    const T* x = static_cast<const T*>(a.logits) + r * a.length;
    const std::int64_t label = a.labels[r];
    const bool valid = label >= 0 && label < a.length && label != a.ignore;
    if (!a.dy) {
      T* loss = static_cast<T*>(a.out) + r;
      const T m = row_shift(x, a.length);
      *loss = valid ? k_log(exp_sum<T>(x, m, a.length, nullptr)) + m - x[label] : T(0);
      continue;
    }
    T* dx = static_cast<T*>(a.out) + r * a.length;
    const T dy = valid ? static_cast<const T*>(a.dy)[r] : T(0);
    const T scale = dy / exp_sum(x, row_shift(x, a.length), a.length, dx);
    for (std::int64_t i = 0; i < a.length; ++i) dx[i] = valid ? dx[i] * scale : T(0);
    if (valid) dx[label] -= dy;
  }
}

inline void cross_entropy(const isa::CrossEntropyArgs& a) {
  a.is_double ? cross_entropy_rows<double>(a) : cross_entropy_rows<float>(a);
}

}  // namespace linnet::inline LINNET_ABI::LINNET_ISA
