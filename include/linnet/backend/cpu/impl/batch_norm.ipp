#pragma once

#include <algorithm>
#include <cmath>
#include <limits>

#include "linnet/backend/cpu/isa.hpp"
#include "linnet/core/threads.hpp"
#include "linnet/ops/primitives/batch_norm.hpp"
#ifdef LINNET_HEADER_ONLY
#include "linnet/backend/cpu/kernels/batch_norm.hpp"
#endif

namespace linnet::inline LINNET_ABI {

namespace detail {

/// Rows are cut into chunks by their number and that of the channels alone.
struct BatchSumsPlan {
  explicit BatchSumsPlan(const ValueSpec& x)
      : rows(x.shape.size() / std::max<std::int64_t>(x.shape[-1], 1)),
        channels(x.shape[-1]),
        chunk(std::max<std::int64_t>(65536 / std::max<std::int64_t>(channels, 1) / 64, 1) * 64),
        chunks((rows + chunk - 1) / chunk),
        is_double(x.dtype == DType::float64) {}

  std::size_t workspace() const { return static_cast<std::size_t>(chunks * 2 * channels) * 8; }

  void run(const void* x, const void* dy, const void* mean, double* sums) const {
    const std::int64_t blocks = (channels + isa::batch_sums_block - 1) / isa::batch_sums_block;
    const std::int64_t unit = std::min(chunk, rows) * isa::batch_sums_block;
    parallel_for(chunks * blocks, 16384 / (unit + 1) + 1,
                 [&](std::int64_t begin, std::int64_t end) {
                   isa::batch_sums({.x = x,
                                    .dy = dy,
                                    .mean = mean,
                                    .sums = sums,
                                    .rows = rows,
                                    .channels = channels,
                                    .chunk = chunk,
                                    .begin = begin,
                                    .end = end,
                                    .is_double = is_double});
                 });
  }

  std::int64_t rows, channels, chunk, chunks;
  bool is_double;
};

/// The chunks' moments joined in their order.
template <class T>
void join_moments(const BatchSumsPlan& plan, const double* sums, T* mean, T* variance) {
  for (std::int64_t c = 0; c < plan.channels; ++c) {
    double m = 0, squares = 0;
    for (std::int64_t k = 0; k < plan.chunks; ++k) {
      const double* part = sums + k * 2 * plan.channels + c;
      const auto before = static_cast<double>(k * plan.chunk);
      const auto all = static_cast<double>(std::min((k + 1) * plan.chunk, plan.rows));
      const double d = part[0] - m;
      m += d * (all - before) / all;
      squares += part[plan.channels] + d * d * before * (all - before) / all;
    }
    const auto n = static_cast<double>(plan.rows);
    mean[c] = static_cast<T>(plan.rows ? m : std::numeric_limits<double>::quiet_NaN());
    variance[c] = static_cast<T>(squares / n);
  }
}

/// Turns the sums into gradients and the factors of dx: `factors` is [3, channels].
template <class T>
void batch_norm_factors(const BatchSumsPlan& plan, const Run& run, double epsilon,
                        const double* sums, T* factors) {
  const T *gamma = run.input<T>(2), *variance = run.input<T>(4);
  const std::int64_t channels = plan.channels;
  const auto n = static_cast<double>(plan.rows);
  for (std::int64_t c = 0; c < channels; ++c) {
    double dbeta = 0, product = 0;
    for (std::int64_t k = 0; k < plan.chunks; ++k)
      dbeta += sums[k * 2 * channels + c], product += sums[(k * 2 + 1) * channels + c];
    const double rstd = 1 / std::sqrt(static_cast<double>(variance[c]) + epsilon);
    const double a = rstd * static_cast<double>(gamma[c]);
    run.output<T>(1)[c] = static_cast<T>(product * rstd);
    run.output<T>(2)[c] = static_cast<T>(dbeta);
    factors[c] = static_cast<T>(a);
    factors[channels + c] = static_cast<T>(-a * rstd * rstd * product / n);
    factors[2 * channels + c] = static_cast<T>(-a * dbeta / n);
  }
}

template <class T>
void run_batch_norm_backward(const BatchSumsPlan& plan, const Run& run, double epsilon) {
  auto* sums = static_cast<double*>(run.workspace);
  plan.run(run.in[1], run.in[0], run.in[3], sums);
  T* factors = reinterpret_cast<T*>(sums + plan.chunks * 2 * plan.channels);
  batch_norm_factors(plan, run, epsilon, sums, factors);
  parallel_for(plan.rows, 16384 / (plan.channels + 1) + 1,
               [&](std::int64_t begin, std::int64_t end) {
                 isa::batch_norm_gradient({.x = run.in[1],
                                           .dy = run.in[0],
                                           .mean = run.in[3],
                                           .a = factors,
                                           .b = factors + plan.channels,
                                           .c = factors + 2 * plan.channels,
                                           .dx = run.out[0],
                                           .channels = plan.channels,
                                           .begin = begin,
                                           .end = end,
                                           .is_double = plan.is_double});
               });
}

inline bool is_batch_norm_dtype(DType t) { return t == DType::float32 || t == DType::float64; }

}  // namespace detail

KernelPtr BatchMoments::cpu_kernel(const Call& call) {
  if (!detail::is_batch_norm_dtype(call.in[0].dtype)) return nullptr;
  const detail::BatchSumsPlan plan(call.in[0]);
  return make_kernel(
      [plan](const Run& run) {
        auto* sums = static_cast<double*>(run.workspace);
        plan.run(run.in[0], nullptr, nullptr, sums);
        if (plan.is_double)
          detail::join_moments(plan, sums, run.output<double>(0), run.output<double>(1));
        else
          detail::join_moments(plan, sums, run.output<float>(0), run.output<float>(1));
      },
      {.workspace_bytes = plan.workspace(), .description = "batch_norm"});
}

KernelPtr BatchNormBackward::cpu_kernel(const Call& call) {
  if (!detail::is_batch_norm_dtype(call.in[0].dtype)) return nullptr;
  const detail::BatchSumsPlan plan(call.in[1]);
  const double epsilon = call.primitive.get_if<BatchNormBackward>()->epsilon;
  return make_kernel(
      [plan, epsilon](const Run& run) {
        if (plan.is_double)
          detail::run_batch_norm_backward<double>(plan, run, epsilon);
        else
          detail::run_batch_norm_backward<float>(plan, run, epsilon);
      },
      {.workspace_bytes = plan.workspace() + static_cast<std::size_t>(3 * plan.channels) * 8,
       .in_place = {{0, 0}, {1, 0}},
       .description = "batch_norm"});
}

}  // namespace linnet::inline LINNET_ABI
