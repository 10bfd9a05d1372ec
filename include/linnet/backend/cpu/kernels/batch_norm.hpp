#pragma once

#include <cmath>
#include <cstdint>
#include <limits>

#include "linnet/backend/cpu/args/batch_norm.hpp"
#include "linnet/backend/cpu/kernels/micro_kernel.hpp"
#include "linnet/config.hpp"

/// The sums of batch normalization and its gradient. Rows are folded in the element type for 64
/// rows, which stay in the first cache where they are read twice, and beyond that in double.
namespace linnet::inline LINNET_ABI::LINNET_ISA {

/// `vectors` vectors of channels, or one channel where that is 0.
template <class T, int count>
class BatchSums {
  using V = typename LaneOf<T, (count > 0)>::type;
  static constexpr int vectors = count > 0 ? count : 1;

 public:
  static constexpr std::int64_t width = vectors * static_cast<int>(sizeof(V) / sizeof(T));

  /// Of rows [begin, end), channels [c, c + width).
  static void run(const isa::BatchSumsArgs& a, std::int64_t begin, std::int64_t end, std::int64_t c,
                  double* first, double* second) {
    double one[width] = {}, two[width] = {};
    for (std::int64_t r = begin; r < end; r += 64) {
      const std::int64_t n = end - r < 64 ? end - r : 64;
      a.dy ? products(a, r, n, c, one, two) : moments(a, r, n, c, r - begin, one, two);
    }
    for (std::int64_t j = 0; j < width; ++j) first[j] = one[j], second[j] = two[j];
  }

 private:
  static const V& at(const void* p, std::int64_t index, int v) {
    return *reinterpret_cast<const V*>(static_cast<const T*>(p) + index + v * (width / vectors));
  }

  static void products(const isa::BatchSumsArgs& a, std::int64_t r, std::int64_t n, std::int64_t c,
                       double* one, double* two) {
    V mean[vectors], sum[vectors], product[vectors];
#pragma GCC unroll 4
    for (int v = 0; v < vectors; ++v) mean[v] = at(a.mean, c, v), sum[v] = V{}, product[v] = V{};
    for (std::int64_t i = r; i < r + n; ++i) {
#pragma GCC unroll 4
      for (int v = 0; v < vectors; ++v) {
        const V dy = at(a.dy, i * a.channels + c, v);
        sum[v] += dy;
        product[v] += dy * (at(a.x, i * a.channels + c, v) - mean[v]);
      }
    }
    add(sum, one);
    add(product, two);
  }

  /// Joins n rows to the `before` rows whose mean and squared deviations are in one and two.
  static void moments(const isa::BatchSumsArgs& a, std::int64_t r, std::int64_t n, std::int64_t c,
                      std::int64_t before, double* one, double* two) {
    V mean[vectors], squares[vectors];
#pragma GCC unroll 4
    for (int v = 0; v < vectors; ++v) mean[v] = squares[v] = V{};
    for (std::int64_t i = r; i < r + n; ++i) {
#pragma GCC unroll 4
      for (int v = 0; v < vectors; ++v) mean[v] += at(a.x, i * a.channels + c, v);
    }
#pragma GCC unroll 4
    for (int v = 0; v < vectors; ++v) mean[v] /= static_cast<T>(n);
    for (std::int64_t i = r; i < r + n; ++i) {
#pragma GCC unroll 4
      for (int v = 0; v < vectors; ++v) {
        const V d = at(a.x, i * a.channels + c, v) - mean[v];
        squares[v] += d * d;
      }
    }
    double block[width] = {};
    add(mean, block);
    add(squares, two);
    const double part = static_cast<double>(n) / static_cast<double>(before + n);
    for (std::int64_t j = 0; j < width; ++j) {
      const double d = block[j] - one[j];
      two[j] += d * d * part * static_cast<double>(before);
      one[j] += d * part;
    }
  }

  static void add(const V* v, double* to) {
    const T* lanes = reinterpret_cast<const T*>(v);
    for (std::int64_t j = 0; j < width; ++j) to[j] += static_cast<double>(lanes[j]);
  }
};

template <class T>
inline void batch_sums_of(const isa::BatchSumsArgs& a) {
  const std::int64_t blocks = (a.channels + isa::batch_sums_block - 1) / isa::batch_sums_block;
  for (std::int64_t u = a.begin; u < a.end; ++u) {
    const std::int64_t begin = u / blocks * a.chunk;
    const std::int64_t end = begin + a.chunk < a.rows ? begin + a.chunk : a.rows;
    std::int64_t c = u % blocks * isa::batch_sums_block;
    const std::int64_t last =
        c + isa::batch_sums_block < a.channels ? c + isa::batch_sums_block : a.channels;
    double* first = a.sums + u / blocks * 2 * a.channels;
    double* second = first + a.channels;
    const auto all = [&]<class Sums>(Sums) {
      for (; c + Sums::width <= last; c += Sums::width)
        Sums::run(a, begin, end, c, first + c, second + c);
    };
    all(BatchSums<T, 4>{});
    all(BatchSums<T, 1>{});
    all(BatchSums<T, 0>{});
  }
}

/// f(c, n) for blocks of n channels, at most 16.
template <class F>
__attribute__((always_inline)) inline void for_blocks_of_channels(std::int64_t channels, F&& f) {
  std::int64_t c = 0;
  for (; c + 16 <= channels; c += 16) f(c, 16);
  if (c < channels) f(c, channels - c);
}

/// The chunks' moments joined in their order.
template <class T>
inline void batch_moments_of(const isa::BatchMomentsArgs& a) {
  for_blocks_of_channels(a.channels, [&](std::int64_t c, std::int64_t n) {
    double mean[16] = {}, squares[16] = {};
    for (std::int64_t k = 0; k < a.chunks; ++k) {
      const double* part = a.sums + k * 2 * a.channels + c;
      const auto before = static_cast<double>(k * a.chunk);
      const std::int64_t end = (k + 1) * a.chunk;
      const auto all = static_cast<double>(end < a.rows ? end : a.rows);
      const double share = (all - before) / all;
      for (std::int64_t j = 0; j < n; ++j) {
        const double d = part[j] - mean[j];
        mean[j] += d * share;
        squares[j] += part[a.channels + j] + d * d * before * share;
      }
    }
    const auto rows = static_cast<double>(a.rows);
    const double missing = a.rows ? 0 : std::numeric_limits<double>::quiet_NaN();
    for (std::int64_t j = 0; j < n; ++j) {
      static_cast<T*>(a.mean)[c + j] = static_cast<T>(mean[j] + missing);
      static_cast<T*>(a.variance)[c + j] = static_cast<T>(squares[j] / rows);
    }
  });
}

/// The sums as gradients and the factors of dx.
template <class T>
inline void batch_norm_factors_of(const isa::BatchFactorsArgs& a) {
  for_blocks_of_channels(a.channels, [&](std::int64_t c, std::int64_t n) {
    double dbeta[16] = {}, product[16] = {};
    for (std::int64_t k = 0; k < a.chunks; ++k) {
      const double* part = a.sums + k * 2 * a.channels + c;
      for (std::int64_t j = 0; j < n; ++j) {
        dbeta[j] += part[j];
        product[j] += part[a.channels + j];
      }
    }
    const T *gamma = static_cast<const T*>(a.gamma) + c,
            *variance = static_cast<const T*>(a.variance) + c;
    T *dg = static_cast<T*>(a.dgamma) + c, *db = static_cast<T*>(a.dbeta) + c;
    T* factors = static_cast<T*>(a.factors) + c;
    const double share = 1 / static_cast<double>(a.rows);
    for (std::int64_t j = 0; j < n; ++j) {
      const double rstd = 1 / std::sqrt(static_cast<double>(variance[j]) + a.epsilon);
      const double scale = rstd * static_cast<double>(gamma[j]);
      dg[j] = static_cast<T>(product[j] * rstd);
      db[j] = static_cast<T>(dbeta[j]);
      factors[j] = static_cast<T>(scale);
      factors[a.channels + j] = static_cast<T>(-scale * rstd * rstd * product[j] * share);
      factors[2 * a.channels + j] = static_cast<T>(-scale * dbeta[j] * share);
    }
  });
}

template <class T>
inline void batch_norm_gradient_of(const isa::BatchNormGradientArgs& g) {
  const T *mean = static_cast<const T*>(g.mean), *a = static_cast<const T*>(g.a),
          *b = static_cast<const T*>(g.b), *c = static_cast<const T*>(g.c);
  for (std::int64_t r = g.begin; r < g.end; ++r) {
    const T *x = static_cast<const T*>(g.x) + r * g.channels,
            *dy = static_cast<const T*>(g.dy) + r * g.channels;
    T* __restrict dx = static_cast<T*>(g.dx) + r * g.channels;
    for (std::int64_t j = 0; j < g.channels; ++j)
      dx[j] = a[j] * dy[j] + (b[j] * (x[j] - mean[j]) + c[j]);
  }
}

inline void batch_sums(const isa::BatchSumsArgs& a) {
  a.is_double ? batch_sums_of<double>(a) : batch_sums_of<float>(a);
}
inline void batch_moments(const isa::BatchMomentsArgs& a) {
  a.is_double ? batch_moments_of<double>(a) : batch_moments_of<float>(a);
}
inline void batch_norm_factors(const isa::BatchFactorsArgs& a) {
  a.is_double ? batch_norm_factors_of<double>(a) : batch_norm_factors_of<float>(a);
}
inline void batch_norm_gradient(const isa::BatchNormGradientArgs& a) {
  a.is_double ? batch_norm_gradient_of<double>(a) : batch_norm_gradient_of<float>(a);
}

}  // namespace linnet::inline LINNET_ABI::LINNET_ISA
