#pragma once

#include <cmath>
#include <cstdint>
#include <cstring>
#include <type_traits>

#include "linnet/backend/cpu/args/norm.hpp"
#include "linnet/backend/cpu/kernels/fold.hpp"
#include "linnet/backend/cpu/kernels/kernel_math.hpp"
#include "linnet/backend/cpu/kernels/micro_kernel.hpp"
#include "linnet/config.hpp"

/// Layer normalization: rows are read from memory once. Sums run in vectors over blocks of a row,
/// and over blocks in double.
namespace linnet::inline LINNET_ABI::LINNET_ISA {

/// What one vector of sums adds up.
template <class T>
inline constexpr std::int64_t norm_block = 128 * vector_lanes<T>;
/// Rows up to so long are normalized two at a time; longer ones would be out of the first cache.
inline constexpr std::int64_t norm_short_row = 512;

/// A vector of elements from p, or one.
template <bool vectorized, class T>
__attribute__((always_inline)) inline auto norm_load(const T* p) {
  return *reinterpret_cast<const typename LaneOf<T, vectorized>::type*>(p);
}
template <bool vectorized, class T>
__attribute__((always_inline)) inline void norm_store(T* p,
                                                      typename LaneOf<T, vectorized>::type x) {
  *reinterpret_cast<typename LaneOf<T, vectorized>::type*>(p) = x;
}
template <class T>
__attribute__((always_inline)) inline double sum_of_lanes(Vector<T> v) {
  return static_cast<double>(fold_halves<SumFold, T, vector_lanes<T>>(v));
}

/// For each row r, the sum of f(r, i, tag) for i in [0, n): of the elements from i that tag says, a
/// vector or one. Four sums of each run side by side, in an order that n alone decides.
template <class T, int rows, class F>
__attribute__((always_inline)) inline void norm_sums(std::int64_t n, double (&totals)[rows],
                                                     F&& f) {
  constexpr std::int64_t lanes = vector_lanes<T>;
  T rest[rows] = {};
#pragma GCC unroll 4
  for (int r = 0; r < rows; ++r) totals[r] = 0;
  for (std::int64_t i = 0; i < n;) {
    const std::int64_t end = n - i < norm_block<T> ? n : i + norm_block<T>;
    Vector<T> s[4 * rows];
#pragma GCC unroll 16
    for (int k = 0; k < 4 * rows; ++k) s[k] = Vector<T>{};
    for (; i + 4 * lanes <= end; i += 4 * lanes) {
#pragma GCC unroll 16
      for (int k = 0; k < 4 * rows; ++k) s[k] += f(k / 4, i + k % 4 * lanes, std::true_type{});
    }
    for (; i + lanes <= end; i += lanes) {
#pragma GCC unroll 4
      for (int r = 0; r < rows; ++r) s[4 * r] += f(r, i, std::true_type{});
    }
    for (; i < end; ++i)
      for (int r = 0; r < rows; ++r) rest[r] += f(r, i, std::false_type{});
#pragma GCC unroll 4
    for (int r = 0; r < 4 * rows; r += 4)
      totals[r / 4] += sum_of_lanes<T>((s[r] + s[r + 1]) + (s[r + 2] + s[r + 3]));
  }
#pragma GCC unroll 4
  for (int r = 0; r < rows; ++r) totals[r] += static_cast<double>(rest[r]);
}
/// f(i, tag) for i in [begin, end).
template <class T, class F>
__attribute__((always_inline)) inline void norm_each(std::int64_t begin, std::int64_t end, F&& f) {
  constexpr std::int64_t lanes = vector_lanes<T>;
  std::int64_t i = begin;
  for (; i + lanes <= end; i += lanes) f(i, std::true_type{});
  for (; i < end; ++i) f(i, std::false_type{});
}

/// Some rows at once: what waits for one row's sums computes on another.
template <class T, int rows>
inline void layer_norm_rows(const isa::LayerNormArgs& a, std::int64_t row) {
  const std::int64_t n = a.length;
  const T *x = static_cast<const T*>(a.x) + row * n, *gamma = static_cast<const T*>(a.gamma),
          *beta = static_cast<const T*>(a.beta);
  T* y = static_cast<T*>(a.y) + row * n;
  const double share = 1 / static_cast<double>(n);
  double sums[rows];
  T mean[rows] = {}, rstd[rows];
  if (a.mean) {
    norm_sums<T, rows>(n, sums, [=]<bool v>(int r, std::int64_t i, std::bool_constant<v>) {
      return norm_load<v>(x + r * n + i);
    });
    for (int r = 0; r < rows; ++r)
      static_cast<T*>(a.mean)[row + r] = mean[r] = static_cast<T>(sums[r] * share);
  }
  norm_sums<T, rows>(n, sums, [&]<bool v>(int r, std::int64_t i, std::bool_constant<v>) {
    const auto d = norm_load<v>(x + r * n + i) - mean[r];
    return d * d;
  });
  for (int r = 0; r < rows; ++r)
    static_cast<T*>(a.rstd)[row + r] = rstd[r] =
        static_cast<T>(1 / std::sqrt(sums[r] * share + a.epsilon));
  const auto write = [&](auto add_beta) __attribute__((always_inline)) {
    norm_each<T>(
        0, n, [&]<bool v>(std::int64_t i, std::bool_constant<v>) __attribute__((always_inline)) {
          const auto scale = norm_load<v>(gamma + i);
#pragma GCC unroll 4
          for (int r = 0; r < rows; ++r) {
            const auto h = (norm_load<v>(x + r * n + i) - mean[r]) * rstd[r] * scale;
            if constexpr (add_beta)
              norm_store<v>(y + r * n + i, h + norm_load<v>(beta + i));
            else
              norm_store<v>(y + r * n + i, h);
          }
        });
  };
  beta ? write(std::true_type{}) : write(std::false_type{});
}

template <class T>
inline void layer_norm_of(const isa::LayerNormArgs& a) {
  std::int64_t r = a.begin;
  if (a.length <= norm_short_row)
    for (; r + 2 <= a.end; r += 2) layer_norm_rows<T, 2>(a, r);
  for (; r < a.end; ++r) layer_norm_rows<T, 1>(a, r);
}

inline void layer_norm(const isa::LayerNormArgs& a) {
  a.is_double ? layer_norm_of<double>(a) : layer_norm_of<float>(a);
}

/// Some rows of a gradient at once, which share what is read and written of gamma and the sums.
/// With h = (x - mean) rstd and g = dy gamma: dx = rstd (g - mean(g) - h mean(g h)); mean(g) only
/// where the mean was subtracted.
template <class T, int rows>
class LayerNormGradientRows {
 public:
  LayerNormGradientRows(const isa::LayerNormBackwardArgs& a, std::int64_t row)
      : n_(a.length), gamma_(static_cast<const T*>(a.gamma)) {
    for (int r = 0; r < rows; ++r) {
      x_[r] = static_cast<const T*>(a.x) + (row + r) * n_;
      dy_[r] = static_cast<const T*>(a.dy) + (row + r) * n_;
      dx_[r] = static_cast<T*>(a.dx) + (row + r) * n_;
      mean_[r] = a.mean ? static_cast<const T*>(a.mean)[row + r] : T(0);
      rstd_[r] = static_cast<const T*>(a.rstd)[row + r];
    }
  }

  void run(T* dgamma, T* dbeta, bool center) {
    double g[rows] = {}, gh[rows] = {};
    for (std::int64_t i = 0; i < n_; i += norm_block<T>)
      sums(i, n_ - i < norm_block<T> ? n_ : i + norm_block<T>, dgamma, dbeta, g, gh);
    const double share = 1 / static_cast<double>(n_);
    for (int r = 0; r < rows; ++r)
      write(r, center ? static_cast<T>(g[r] * share) : T(0), static_cast<T>(gh[r] * share));
  }

 private:
  __attribute__((always_inline)) void sums(std::int64_t begin, std::int64_t end, T* dgamma,
                                           T* dbeta, double* g, double* gh) const {
    Vector<T> s[rows], sh[rows];
#pragma GCC unroll 4
    for (int r = 0; r < rows; ++r) s[r] = sh[r] = Vector<T>{};
    norm_each<T>(
        begin,
        end, [&]<bool v>(std::int64_t i, std::bool_constant<v>) __attribute__((always_inline)) {
          const auto gamma = norm_load<v>(gamma_ + i);
          auto dg = norm_load<v>(dgamma + i), db = norm_load<v>(dbeta + i);
#pragma GCC unroll 4
          for (int r = 0; r < rows; ++r) {
            const auto dy = norm_load<v>(dy_[r] + i);
            const auto h = (norm_load<v>(x_[r] + i) - mean_[r]) * rstd_[r];
            dg += dy * h;
            db += dy;
            if constexpr (v) {
              s[r] += dy * gamma;
              sh[r] += dy * gamma * h;
            } else {
              g[r] += static_cast<double>(dy * gamma);
              gh[r] += static_cast<double>(dy * gamma * h);
            }
          }
          norm_store<v>(dgamma + i, dg);
          norm_store<v>(dbeta + i, db);
        });
#pragma GCC unroll 4
    for (int r = 0; r < rows; ++r) g[r] += sum_of_lanes<T>(s[r]), gh[r] += sum_of_lanes<T>(sh[r]);
  }

  __attribute__((always_inline)) void write(int r, T g, T gh) const {
    const T *x = x_[r], *dy = dy_[r], *gamma = gamma_, mean = mean_[r], rstd = rstd_[r];
    T* dx = dx_[r];
    norm_each<T>(
        0, n_, [=]<bool v>(std::int64_t i, std::bool_constant<v>) __attribute__((always_inline)) {
          const auto h = (norm_load<v>(x + i) - mean) * rstd;
          norm_store<v>(dx + i,
                        rstd * (norm_load<v>(dy + i) * norm_load<v>(gamma + i) - g - h * gh));
        });
  }

  std::int64_t n_;
  const T *gamma_, *x_[rows], *dy_[rows];
  T *dx_[rows], mean_[rows], rstd_[rows];
};

template <class T>
inline void layer_norm_backward_rows(const isa::LayerNormBackwardArgs& a) {
  const auto bytes = static_cast<std::size_t>(a.length) * sizeof(T);
  std::memset(a.dgamma, 0, bytes);
  std::memset(a.dbeta, 0, bytes);
  T *dgamma = static_cast<T*>(a.dgamma), *dbeta = static_cast<T*>(a.dbeta);
  std::int64_t r = a.begin;
  for (; r + 4 <= a.end; r += 4) LayerNormGradientRows<T, 4>(a, r).run(dgamma, dbeta, a.mean);
  for (; r < a.end; ++r) LayerNormGradientRows<T, 1>(a, r).run(dgamma, dbeta, a.mean);
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
