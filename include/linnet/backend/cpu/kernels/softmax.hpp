#pragma once

#include <cstdint>

#include "linnet/backend/cpu/args/softmax.hpp"
#include "linnet/backend/cpu/kernels/exponentials.hpp"
#include "linnet/backend/cpu/kernels/reduce.hpp"
#include "linnet/config.hpp"

/// Softmax, its logarithm and cross entropy, row by row and free of overflow.
namespace linnet::inline LINNET_ABI::LINNET_ISA {

/// Writes e^(x - m) to y (unless null) and returns the sum; no x is above m.
template <class T>
inline T exp_sum(const T* x, T m, std::int64_t n, T* y) {
  T lanes[16] = {};
  std::int64_t i = 0;
  for (; i + 16 <= n; i += 16) {
    T block[16];
    for (int j = 0; j < 16; ++j) block[j] = k_exp_below(x[i + j] - m);
    for (int j = 0; j < 16; ++j) lanes[j] += block[j];
    if (y)
      for (int j = 0; j < 16; ++j) y[i + j] = block[j];
  }
  T rest = 0;
  for (; i < n; ++i) {
    const T e = k_exp_below(x[i] - m);
    rest += e;
    if (y) y[i] = e;
  }
  for (int w = 8; w > 0; w /= 2)
    for (int j = 0; j < w; ++j) lanes[j] += lanes[j + w];
  return lanes[0] + rest;
}

/// The shift that keeps exponents in range; an infinite maximum keeps NaN out of finite rows.
template <class T>
inline T row_shift(const T* x, std::int64_t n) {
  const T m = fold_line<MaxFold>(x, n);
  return m == -std::numeric_limits<T>::infinity() ? T(0) : m;
}

template <class T>
inline void softmax_rows(const isa::SoftmaxArgs& a) {
  for (std::int64_t r = a.begin; r < a.end; ++r) {
    const T* x = static_cast<const T*>(a.in) + r * a.length;
    T* y = static_cast<T*>(a.out) + r * a.length;
    const T m = fold_line<MaxFold>(x, a.length);
    if (a.log) {
      const T shift = m + k_log(exp_sum<T>(x, m, a.length, nullptr));
      for (std::int64_t i = 0; i < a.length; ++i) y[i] = x[i] - shift;
    } else {
      const T scale = T(1) / exp_sum(x, m, a.length, y);
      for (std::int64_t i = 0; i < a.length; ++i) y[i] *= scale;
    }
  }
}

inline void softmax(const isa::SoftmaxArgs& a) {
  a.is_double ? softmax_rows<double>(a) : softmax_rows<float>(a);
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
