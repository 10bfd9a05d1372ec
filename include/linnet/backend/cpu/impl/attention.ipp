#pragma once

#include <algorithm>
#include <vector>

#include "linnet/backend/cpu/isa.hpp"
#include "linnet/backend/cpu/scratch.hpp"
#include "linnet/core/threads.hpp"
#include "linnet/ops/primitives/attention.hpp"
#ifdef LINNET_HEADER_ONLY
#include "linnet/backend/cpu/kernels/attention_backward.hpp"
#endif

namespace linnet::inline LINNET_ABI {

namespace detail {

/// Operands whose last axis has no gaps are read where they lie; masks always.
inline std::vector<Layout> attention_layouts(const Call& call, std::span<const std::size_t> strided,
                                             std::size_t mask) {
  std::vector<Layout> layouts(call.in.size(), Layout::dense());
  for (std::size_t i : strided)
    if (call.in[i].shape[-1] <= 1 || call.in[i].strides()[-1] == 1) layouts[i] = call.in[i].layout;
  if (mask < call.in.size()) layouts[mask] = call.in[mask].layout;
  return layouts;
}

inline isa::AttentionOperand attention_operand(const ValueSpec& v, const Layout& layout) {
  ValueSpec placed = v;
  placed.layout = layout;
  const Strides s = placed.strides();
  return {nullptr, s[0], s[1], s[2]};
}

/// A problem without pointers; q, k, v and the mask are the inputs from `first` on.
template <class P>
isa::AttentionProblem attention_problem(const Call& call, const std::vector<Layout>& layouts,
                                        std::size_t first) {
  const P p = *call.primitive.get_if<P>();
  const ValueSpec &q = call.in[first], &v = call.in[first + 2];
  isa::AttentionProblem problem{.q = attention_operand(q, layouts[first]),
                                .k = attention_operand(call.in[first + 1], layouts[first + 1]),
                                .v = attention_operand(v, layouts[first + 2]),
                                .mask = nullptr,
                                .mask_strides = {},
                                .mask_kind = isa::AttentionMask::none,
                                .causal = p.causal,
                                .is_double = q.dtype == DType::float64,
                                .scale = p.scale,
                                .heads = q.shape[2],
                                .queries = q.shape[1],
                                .keys = v.shape[1],
                                .dim = q.shape[3],
                                .value_dim = v.shape[3]};
  if (call.in.size() == first + 4) {
    const ValueSpec& mask = call.in[first + 3];
    const Strides s = mask.strides();
    for (int a = 0; a < 4; ++a) problem.mask_strides[a] = s[a];
    problem.mask_kind =
        mask.dtype == DType::boolean ? isa::AttentionMask::boolean : isa::AttentionMask::additive;
  }
  return problem;
}

inline void set_pointers(isa::AttentionProblem& p, const Run& run, std::size_t first) {
  p.q.data = run.in[first];
  p.k.data = run.in[first + 1];
  p.v.data = run.in[first + 2];
  if (p.mask_kind != isa::AttentionMask::none) p.mask = run.in[first + 3];
}

/// How many of them are worth a thread, at `work` multiplications each.
inline std::int64_t attention_grain(double work) {
  return 1 + static_cast<std::int64_t>(5e5 / (work + 1));
}

inline bool has_attention(DType t) { return t == DType::float32 || t == DType::float64; }

}  // namespace detail

KernelPtr ScaledDotProductAttention::cpu_kernel(const Call& call) {
  if (!detail::has_attention(call.in[0].dtype)) return nullptr;
  const auto layouts = detail::attention_layouts(call, std::array<std::size_t, 3>{0, 1, 2}, 3);
  const auto problem = detail::attention_problem<ScaledDotProductAttention>(call, layouts, 0);
  const std::int64_t blocks = isa::attention_blocks(problem) * call.in[0].shape[0] * problem.heads;
  const std::int64_t grain = detail::attention_grain(
      static_cast<double>(std::min(problem.queries, isa::attention_queries)) *
      static_cast<double>(problem.keys) * static_cast<double>(problem.dim + problem.value_dim));
  return make_kernel(
      [=](const Run& run) {
        isa::AttentionArgs args{problem, run.out[0], run.out[1], nullptr, 0, 0};
        detail::set_pointers(args.problem, run, 0);
        detail::parallel_for(blocks, grain, [&](std::int64_t begin, std::int64_t end) {
          isa::AttentionArgs a = args;
          a.scratch = detail::thread_scratch(
              static_cast<std::size_t>(isa::attention_scratch_bytes(problem)));
          a.begin = begin, a.end = end;
          isa::attention(a);
        });
      },
      {.in_layouts = layouts, .description = "attention"});
}

KernelPtr ScaledDotProductAttentionBackward::cpu_kernel(const Call& call) {
  if (!detail::has_attention(call.in[0].dtype)) return nullptr;
  const auto layouts = detail::attention_layouts(call, std::array<std::size_t, 4>{0, 3, 4, 5}, 6);
  const auto problem =
      detail::attention_problem<ScaledDotProductAttentionBackward>(call, layouts, 3);
  const std::int64_t heads = call.in[0].shape[0] * problem.heads;
  const std::int64_t grain = detail::attention_grain(
      2.5 * static_cast<double>(problem.queries) * static_cast<double>(problem.keys) *
      static_cast<double>(problem.dim + problem.value_dim));
  const isa::AttentionOperand dy = detail::attention_operand(call.in[0], layouts[0]);
  return make_kernel(
      [=](const Run& run) {
        isa::AttentionBackwardArgs args{problem,    dy,         run.in[1], run.in[2], run.out[0],
                                        run.out[1], run.out[2], nullptr,   0,         0};
        args.dy.data = run.in[0];
        detail::set_pointers(args.problem, run, 3);
        detail::parallel_for(heads, grain, [&](std::int64_t begin, std::int64_t end) {
          isa::AttentionBackwardArgs a = args;
          a.scratch = detail::thread_scratch(
              static_cast<std::size_t>(isa::attention_backward_scratch_bytes(problem)));
          a.begin = begin, a.end = end;
          isa::attention_backward(a);
        });
      },
      {.in_layouts = layouts, .description = "attention"});
}

}  // namespace linnet::inline LINNET_ABI
