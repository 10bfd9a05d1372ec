#pragma once

#include <algorithm>

#include "linnet/backend/cpu/isa.hpp"
#include "linnet/core/threads.hpp"
#include "linnet/ops/primitives/recurrent.hpp"
#ifdef LINNET_HEADER_ONLY
#include "linnet/backend/cpu/kernels/lstm.hpp"
#endif

namespace linnet::inline LINNET_ABI {

namespace detail {

/// Rows of the batch that are worth a thread: a tile of them reads the panels once.
inline std::int64_t lstm_grain(std::int64_t steps, std::int64_t units) {
  const double work = 8.0 * static_cast<double>(steps) * static_cast<double>(units * units);
  return std::max<std::int64_t>(4, static_cast<std::int64_t>(1e6 / (work + 1.0)));
}

}  // namespace detail

KernelPtr LstmSequence::cpu_kernel(const Call& call) {
  const DType t = call.in[0].dtype;
  if (t != DType::float32 && t != DType::float64) return nullptr;
  const Shape x = call.in[0].shape;
  const std::int64_t units = call.in[1].shape[0];
  const auto item = static_cast<std::int64_t>(itemsize(t));
  return make_kernel(
      [steps = x[0], batch = x[1], units, is_double = t == DType::float64](const Run& run) {
        isa::lstm_pack({run.in[1], run.workspace, units, 4 * units, false, is_double});
        detail::parallel_for(batch, detail::lstm_grain(steps, units),
                             [&](std::int64_t begin, std::int64_t end) {
                               isa::lstm_forward({.gates_x = run.in[0],
                                                  .panels = run.workspace,
                                                  .h0 = run.in[2],
                                                  .c0 = run.in[3],
                                                  .states = run.out[0],
                                                  .c = run.out[1],
                                                  .gates = run.out[2],
                                                  .steps = steps,
                                                  .batch = batch,
                                                  .units = units,
                                                  .begin = begin,
                                                  .end = end,
                                                  .is_double = is_double});
                             });
      },
      {.workspace_bytes = static_cast<std::size_t>(isa::lstm_panel_bytes(units, 4 * units, item)),
       .in_place = {{.in = 0, .out = 2}},
       .description = "lstm"});
}

KernelPtr LstmSequenceBackward::cpu_kernel(const Call& call) {
  const DType t = call.in[0].dtype;
  if (t != DType::float32 && t != DType::float64) return nullptr;
  const Shape gates = call.in[3].shape;
  const std::int64_t units = call.in[1].shape[0];
  const auto item = static_cast<std::int64_t>(itemsize(t));
  return make_kernel(
      [steps = gates[0], batch = gates[1], units, is_double = t == DType::float64](const Run& run) {
        isa::lstm_pack({run.in[1], run.workspace, 4 * units, units, true, is_double});
        detail::parallel_for(batch, detail::lstm_grain(steps, units),
                             [&](std::int64_t begin, std::int64_t end) {
                               isa::lstm_backward({.dstates = run.in[0],
                                                   .panels = run.workspace,
                                                   .c = run.in[2],
                                                   .gates = run.in[3],
                                                   .dgates = run.out[0],
                                                   .dh0 = run.out[1],
                                                   .dc0 = run.out[2],
                                                   .steps = steps,
                                                   .batch = batch,
                                                   .units = units,
                                                   .begin = begin,
                                                   .end = end,
                                                   .is_double = is_double});
                             });
      },
      {.workspace_bytes = static_cast<std::size_t>(isa::lstm_panel_bytes(4 * units, units, item)),
       .in_place = {{.in = 3, .out = 0}},
       .description = "lstm"});
}

}  // namespace linnet::inline LINNET_ABI
