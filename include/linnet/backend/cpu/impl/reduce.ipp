#pragma once

#include <algorithm>
#include <limits>

#include "linnet/backend/cpu/isa.hpp"
#include "linnet/core/impl/elements.ipp"
#include "linnet/core/threads.hpp"
#include "linnet/ops/primitives/reduce.hpp"
#ifdef LINNET_HEADER_ONLY
#include "linnet/backend/cpu/kernels/softmax.hpp"
#endif

namespace linnet::inline LINNET_ABI {

void ReduceOp::describe(std::string& out) const {
  constexpr const char* names[] = {"sum", "mean", "prod", "max", "min"};
  out += names[id];
}

namespace detail {

inline std::int64_t product(const Shape& s, int first, int last) {
  std::int64_t n = 1;
  for (int a = first; a < last; ++a) n *= s[a];
  return n;
}

using ReduceFunction = void (*)(const isa::ReduceArgs&);

inline ReduceFunction reduce_function(ReduceOp op) {
#ifdef LINNET_HEADER_ONLY
  return op.kernel;
#else
  constexpr ReduceFunction functions[] = {isa::reduce_sum, isa::reduce_sum, isa::reduce_prod,
                                          isa::reduce_max, isa::reduce_min};
  return functions[op.id];
#endif
}

/// Runs one ReduceArgs on the team: over outer lines, or over columns if there are few lines.
inline void reduce_on_team(ReduceFunction reduce, isa::ReduceArgs args, std::int64_t outer) {
  const std::int64_t line = std::max<std::int64_t>(args.length * args.inner, 1);
  const std::int64_t grain = 65536;
  args.inner_begin = 0;
  args.inner_end = args.inner;
  if (outer > 1 || args.inner < 128) {
    parallel_for(outer, grain / line + 1, [&](std::int64_t begin, std::int64_t end) {
      isa::ReduceArgs a = args;
      a.begin = begin, a.end = end;
      reduce(a);
    });
    return;
  }
  const std::int64_t blocks = (args.inner + 63) / 64;
  parallel_for(blocks, grain / (64 * args.length + 1) + 1,
               [&](std::int64_t begin, std::int64_t end) {
                 isa::ReduceArgs a = args;
                 a.begin = 0, a.end = outer;
                 a.inner_begin = begin * 64, a.inner_end = std::min(end * 64, args.inner);
                 reduce(a);
               });
}

/// Long folds with few results are cut into chunks of a fixed length, whose partial results are
/// folded in a second stage.
inline constexpr std::int64_t reduce_chunk_elements = 32768;

struct ReducePlan {
  ReduceFunction reduce = nullptr;
  isa::ReduceArgs args{};
  std::int64_t outer = 1, chunk = 0, chunks = 0;
  std::uint8_t partial_dtype = 0;
  std::size_t workspace = 0;
};

inline ReducePlan plan_reduce(const Reduce& p, const ValueSpec& in, const ValueSpec& out) {
  ReducePlan plan;
  plan.reduce = reduce_function(p.op);
  plan.outer = product(in.shape, 0, p.first);
  isa::ReduceArgs& a = plan.args;
  a.dtype = static_cast<std::uint8_t>(in.dtype);
  a.out_dtype = static_cast<std::uint8_t>(out.dtype);
  a.length = product(in.shape, p.first, p.last);
  a.inner = product(in.shape, p.last, in.shape.rank());
  a.divisor = p.op.id == ReduceOp::id_mean ? a.length : 1;
  const std::int64_t chunk =
      std::max<std::int64_t>(reduce_chunk_elements / std::max<std::int64_t>(a.inner, 1), 64);
  if (plan.outer == 1 && a.inner < 4096 && a.length >= 2 * chunk) {
    plan.chunk = chunk;
    plan.chunks = (a.length + chunk - 1) / chunk;
    const DType partial = is_floating(in.dtype)       ? DType::float64
                          : in.dtype == DType::uint64 ? DType::uint64
                                                      : DType::int64;
    plan.partial_dtype = static_cast<std::uint8_t>(partial);
    plan.workspace = static_cast<std::size_t>(plan.chunks * a.inner) * 8;
  }
  return plan;
}

inline void reduce_in_chunks(const ReducePlan& plan, const std::byte* in, void* out, void* partial,
                             std::size_t item) {
  parallel_for(plan.chunks, 1, [&](std::int64_t begin, std::int64_t end) {
    for (std::int64_t c = begin; c < end; ++c) {
      isa::ReduceArgs a = plan.args;
      a.in = in + c * plan.chunk * a.inner * static_cast<std::int64_t>(item);
      a.out = static_cast<std::byte*>(partial) + c * a.inner * 8;
      a.out_dtype = plan.partial_dtype;
      a.divisor = 1;
      a.length = std::min(plan.chunk, plan.args.length - c * plan.chunk);
      a.begin = 0, a.end = 1, a.inner_begin = 0, a.inner_end = a.inner;
      plan.reduce(a);
    }
  });
  isa::ReduceArgs a = plan.args;
  a.in = partial;
  a.out = out;
  a.dtype = plan.partial_dtype;
  a.length = plan.chunks;
  a.begin = 0, a.end = 1, a.inner_begin = 0, a.inner_end = a.inner;
  plan.reduce(a);
}

/// The maximum or minimum of nothing, n times: infinity saturates to an end of the dtype.
inline void fill_extreme(bool max, std::byte* out, DType t, std::int64_t n) {
  const double infinity = std::numeric_limits<double>::infinity();
  const Scalar end = t == DType::boolean ? Scalar(!max) : Scalar(max ? -infinity : infinity);
  const auto item = static_cast<std::int64_t>(itemsize(t));
  for (std::int64_t i = 0; i < n; ++i) store_scalar(out + i * item, t, end);
}

}  // namespace detail

KernelPtr Reduce::cpu_kernel(const Call& call) {
  const Reduce& p = *call.primitive.get_if<Reduce>();
  const auto plan = detail::plan_reduce(p, call.in[0], call.out[0]);
  const std::size_t item = itemsize(call.in[0].dtype);
  if (plan.args.length == 0 && (p.op.id == ReduceOp::id_max || p.op.id == ReduceOp::id_min))
    return make_kernel(
        [max = p.op.id == ReduceOp::id_max, t = call.out[0].dtype, n = call.out[0].shape.size()](
            const Run& run) { detail::fill_extreme(max, run.output<std::byte>(), t, n); },
        {.description = "reduce"});
  return make_kernel(
      [plan, item](const Run& run) {
        if (plan.args.inner == 0 || plan.outer == 0) return;
        if (plan.chunks)
          return detail::reduce_in_chunks(plan, run.input<std::byte>(0), run.out[0], run.workspace,
                                          item);
        isa::ReduceArgs args = plan.args;
        args.in = run.in[0];
        args.out = run.out[0];
        detail::reduce_on_team(plan.reduce, args, plan.outer);
      },
      {.workspace_bytes = plan.workspace, .description = "reduce"});
}

KernelPtr ArgReduce::cpu_kernel(const Call& call) {
  const ArgReduce p = *call.primitive.get_if<ArgReduce>();
  const Shape shape = call.in[0].shape;
  const std::int64_t outer = detail::product(shape, 0, p.axis);
  isa::ArgReduceArgs args{.in = nullptr,
                          .out = nullptr,
                          .dtype = static_cast<std::uint8_t>(call.in[0].dtype),
                          .min = p.min,
                          .length = shape[p.axis],
                          .inner = detail::product(shape, p.axis + 1, shape.rank()),
                          .begin = 0,
                          .end = outer};
  return make_kernel(
      [args, outer](const Run& run) {
        const std::int64_t line = std::max<std::int64_t>(args.length * args.inner, 1);
        detail::parallel_for(outer, 16384 / line + 1, [&](std::int64_t begin, std::int64_t end) {
          isa::ArgReduceArgs a = args;
          a.in = run.in[0], a.out = run.output<std::int64_t>();
          a.begin = begin, a.end = end;
          isa::arg_reduce(a);
        });
      },
      {.description = "arg_reduce"});
}

namespace detail {

/// Rows along the last axis.
struct SoftmaxRows {
  explicit SoftmaxRows(const ValueSpec& x)
      : is_double(x.dtype == DType::float64),
        length(x.shape.rank() ? x.shape[-1] : 1),
        rows(length ? x.shape.size() / length : 0) {}

  static bool has(DType t) { return t == DType::float32 || t == DType::float64; }
  template <class F>
  void run(F f) const {
    parallel_for(rows, 8192 / (length + 1) + 1, f);
  }
  bool is_double;
  std::int64_t length, rows;
};

}  // namespace detail

KernelPtr Softmax::cpu_kernel(const Call& call) {
  if (!detail::SoftmaxRows::has(call.in[0].dtype)) return nullptr;
  const detail::SoftmaxRows rows(call.in[0]);
  const bool log = call.primitive.get_if<Softmax>()->log;
  return make_kernel(
      [=](const Run& run) {
        rows.run([&](std::int64_t begin, std::int64_t end) {
          isa::softmax({.in = run.in[0],
                        .out = run.out[0],
                        .is_double = rows.is_double,
                        .log = log,
                        .length = rows.length,
                        .begin = begin,
                        .end = end});
        });
      },
      {.in_place = {{0, 0}}, .description = "softmax"});
}

KernelPtr SoftmaxBackward::cpu_kernel(const Call& call) {
  if (!detail::SoftmaxRows::has(call.in[0].dtype)) return nullptr;
  const detail::SoftmaxRows rows(call.in[0]);
  const bool log = call.primitive.get_if<SoftmaxBackward>()->log;
  return make_kernel(
      [=](const Run& run) {
        rows.run([&](std::int64_t begin, std::int64_t end) {
          isa::softmax_gradient({.dy = run.in[0],
                                 .y = run.in[1],
                                 .dx = run.out[0],
                                 .is_double = rows.is_double,
                                 .log = log,
                                 .length = rows.length,
                                 .begin = begin,
                                 .end = end});
        });
      },
      {.in_place = {{0, 0}, {1, 0}}, .description = "softmax"});
}

}  // namespace linnet::inline LINNET_ABI
