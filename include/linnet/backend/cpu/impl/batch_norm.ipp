#pragma once

#include <algorithm>
#include <cstddef>

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

inline void run_batch_norm_backward(const BatchSumsPlan& plan, const Run& run, double epsilon) {
  auto* sums = static_cast<double*>(run.workspace);
  plan.run(run.in[1], run.in[0], run.in[3], sums);
  auto* factors = reinterpret_cast<std::byte*>(sums + plan.chunks * 2 * plan.channels);
  const std::int64_t item = plan.is_double ? 8 : 4;
  isa::batch_norm_factors({.sums = sums,
                           .gamma = run.in[2],
                           .variance = run.in[4],
                           .dgamma = run.out[1],
                           .dbeta = run.out[2],
                           .factors = factors,
                           .epsilon = epsilon,
                           .rows = plan.rows,
                           .channels = plan.channels,
                           .chunks = plan.chunks,
                           .is_double = plan.is_double});
  parallel_for(plan.rows, 16384 / (plan.channels + 1) + 1,
               [&](std::int64_t begin, std::int64_t end) {
                 isa::batch_norm_gradient({.x = run.in[1],
                                           .dy = run.in[0],
                                           .mean = run.in[3],
                                           .a = factors,
                                           .b = factors + plan.channels * item,
                                           .c = factors + 2 * plan.channels * item,
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
        isa::batch_moments({.sums = sums,
                            .mean = run.out[0],
                            .variance = run.out[1],
                            .rows = plan.rows,
                            .channels = plan.channels,
                            .chunk = plan.chunk,
                            .chunks = plan.chunks,
                            .is_double = plan.is_double});
      },
      {.workspace_bytes = plan.workspace(), .description = "batch_norm"});
}

KernelPtr BatchNormBackward::cpu_kernel(const Call& call) {
  if (!detail::is_batch_norm_dtype(call.in[0].dtype)) return nullptr;
  const detail::BatchSumsPlan plan(call.in[1]);
  const double epsilon = call.primitive.get_if<BatchNormBackward>()->epsilon;
  return make_kernel(
      [plan, epsilon](const Run& run) { detail::run_batch_norm_backward(plan, run, epsilon); },
      {.workspace_bytes = plan.workspace() + static_cast<std::size_t>(3 * plan.channels) * 8,
       .in_place = {{0, 0}, {1, 0}},
       .description = "batch_norm"});
}

}  // namespace linnet::inline LINNET_ABI
