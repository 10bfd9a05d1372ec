#pragma once

#include <cmath>
#include <cstdint>
#include <cstring>

#include "linnet/backend/cpu/args/norm.hpp"
#include "linnet/backend/cpu/kernels/kernel_math.hpp"
#include "linnet/config.hpp"

/// Layer normalization, row by row: a row is read from memory once. Sums run in 16 lanes over
/// blocks of a row, and over blocks in double.
namespace linnet::inline LINNET_ABI::LINNET_ISA {

/// The sum of f(i) for i in [0, n).
template <class T, class F>
__attribute__((always_inline)) inline double norm_sum(std::int64_t n, F&& f) {
  constexpr std::int64_t block = 2048;
  double total = 0;
  std::int64_t i = 0;
  while (i + 16 <= n) {
    const std::int64_t rest = (n - i) / 16 * 16, end = i + (rest < block ? rest : block);
    T lanes[16] = {};
    for (; i < end; i += 16)
      for (int j = 0; j < 16; ++j) lanes[j] += f(i + j);
    for (int w = 8; w > 0; w /= 2)
      for (int j = 0; j < w; ++j) lanes[j] += lanes[j + w];
    total += static_cast<double>(lanes[0]);
  }
  T rest = 0;
  for (; i < n; ++i) rest += f(i);
  return total + static_cast<double>(rest);
}
/// y[i] = f(i) for i in [0, n); y may be what f reads at i.
template <class T, class F>
__attribute__((always_inline)) inline void norm_map(std::int64_t n, T* y, F&& f) {
  std::int64_t i = 0;
  for (; i + 16 <= n; i += 16) {
    T block[16];
    for (int j = 0; j < 16; ++j) block[j] = f(i + j);
    for (int j = 0; j < 16; ++j) y[i + j] = block[j];
  }
  for (; i < n; ++i) y[i] = f(i);
}

template <class T>
inline void layer_norm_row(const isa::LayerNormArgs& a, std::int64_t row) {
  const std::int64_t n = a.length;
  const T *x = static_cast<const T*>(a.x) + row * n, *gamma = static_cast<const T*>(a.gamma);
  T* y = static_cast<T*>(a.y) + row * n;
  const auto count = static_cast<double>(n);
  T mean = 0;
  if (a.mean) {
    mean = static_cast<T>(norm_sum<T>(n, [x](std::int64_t i) { return x[i]; }) / count);
    static_cast<T*>(a.mean)[row] = mean;
  }
  const double squares = norm_sum<T>(n, [x, mean](std::int64_t i) {
    const T d = x[i] - mean;
    return d * d;
  });
  const auto rstd = static_cast<T>(1.0 / std::sqrt(squares / count + a.epsilon));
  static_cast<T*>(a.rstd)[row] = rstd;
  if (const T* beta = static_cast<const T*>(a.beta))
    norm_map(n, y, [=](std::int64_t i) { return (x[i] - mean) * rstd * gamma[i] + beta[i]; });
  else
    norm_map(n, y, [=](std::int64_t i) { return (x[i] - mean) * rstd * gamma[i]; });
}

inline void layer_norm(const isa::LayerNormArgs& a) {
  for (std::int64_t r = a.begin; r < a.end; ++r)
    a.is_double ? layer_norm_row<double>(a, r) : layer_norm_row<float>(a, r);
}

/// With h = (x - mean) rstd and g = dy gamma: dx = rstd (g - mean(g) - h mean(g h)); mean(g) only
/// where the mean was subtracted.
template <class T>
inline void layer_norm_backward_row(const isa::LayerNormBackwardArgs& a, std::int64_t row) {
  const std::int64_t n = a.length;
  const T *x = static_cast<const T*>(a.x) + row * n, *dy = static_cast<const T*>(a.dy) + row * n,
          *gamma = static_cast<const T*>(a.gamma);
  T* dx = static_cast<T*>(a.dx) + row * n;
  T *dgamma = static_cast<T*>(a.dgamma), *dbeta = static_cast<T*>(a.dbeta);
  const T mean = a.mean ? static_cast<const T*>(a.mean)[row] : T(0);
  const T rstd = static_cast<const T*>(a.rstd)[row];
  const auto count = static_cast<double>(n);
  T g_mean = 0;
  if (a.mean)
    g_mean =
        static_cast<T>(norm_sum<T>(n, [=](std::int64_t i) { return dy[i] * gamma[i]; }) / count);
  const auto gh_mean = static_cast<T>(
      norm_sum<T>(n, [=](std::int64_t i) { return dy[i] * gamma[i] * ((x[i] - mean) * rstd); }) /
      count);
  norm_map(n, dgamma, [=](std::int64_t i) { return dgamma[i] + dy[i] * ((x[i] - mean) * rstd); });
  norm_map(n, dbeta, [=](std::int64_t i) { return dbeta[i] + dy[i]; });
  norm_map(n, dx, [=](std::int64_t i) {
    return rstd * (dy[i] * gamma[i] - g_mean - (x[i] - mean) * rstd * gh_mean);
  });
}

template <class T>
inline void layer_norm_backward_rows(const isa::LayerNormBackwardArgs& a) {
  const auto bytes = static_cast<std::size_t>(a.length) * sizeof(T);
  std::memset(a.dgamma, 0, bytes);
  std::memset(a.dbeta, 0, bytes);
  for (std::int64_t r = a.begin; r < a.end; ++r) layer_norm_backward_row<T>(a, r);
}

inline void layer_norm_backward(const isa::LayerNormBackwardArgs& a) {
  a.is_double ? layer_norm_backward_rows<double>(a) : layer_norm_backward_rows<float>(a);
}

template <class T>
inline void sum_parts_of(const isa::SumPartsArgs& a) {
  const T* parts = static_cast<const T*>(a.parts);
  T* out = static_cast<T*>(a.out);
  for (std::int64_t i = 0; i < a.length; i += 16) {
    const std::int64_t n = a.length - i < 16 ? a.length - i : 16;
    double sum[16] = {};
    for (std::int64_t p = 0; p < a.count; ++p)
      for (std::int64_t j = 0; j < n; ++j)
        sum[j] += static_cast<double>(parts[p * a.stride + i + j]);
    for (std::int64_t j = 0; j < n; ++j) out[i + j] = static_cast<T>(sum[j]);
  }
}

inline void sum_parts(const isa::SumPartsArgs& a) {
  a.is_double ? sum_parts_of<double>(a) : sum_parts_of<float>(a);
}

}  // namespace linnet::inline LINNET_ABI::LINNET_ISA
