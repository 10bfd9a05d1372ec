#pragma once

#include <algorithm>

#include "linnet/backend/cpu/isa.hpp"
#include "linnet/backend/cpu/scratch.hpp"
#include "linnet/backend/cpu/widened.hpp"
#include "linnet/core/threads.hpp"
#include "linnet/ops/primitives/matmul.hpp"
#ifdef LINNET_HEADER_ONLY
#include "linnet/backend/cpu/kernels/gemm.hpp"
#endif

namespace linnet::inline LINNET_ABI {

namespace detail {

/// One product: strides of the planes and how often they repeat.
struct MatMulPlan {
  isa::GemmArgs args{};
  std::int64_t m = 0, n = 0;
  std::vector<std::int64_t> a_batch, b_batch;  // element offsets of each plane
  std::size_t item = 4;
};

/// Offsets of the planes of an operand broadcast to `batch`.
inline std::vector<std::int64_t> plane_offsets(const ValueSpec& v, const Shape& batch) {
  std::vector<std::int64_t> offsets(static_cast<std::size_t>(batch.size()), 0);
  const Strides strides = v.strides();
  const int extra = batch.rank() - (v.shape.rank() - 2);
  for (std::size_t i = 0; i < offsets.size(); ++i) {
    auto rest = static_cast<std::int64_t>(i);
    for (int a = batch.rank() - 1; a >= 0; --a) {
      const std::int64_t index = rest % batch[a];
      rest /= batch[a];
      if (a >= extra && v.shape[a - extra] != 1) offsets[i] += index * strides[a - extra];
    }
  }
  return offsets;
}

/// One matrix on the right, and planes on the left that follow each other: one product of all rows.
inline bool is_one_product(const ValueSpec& a, const ValueSpec& b) {
  if (b.shape.rank() != 2 || a.shape.rank() == 2) return false;
  const Strides s = a.strides();
  for (int i = 0; i + 2 < a.shape.rank(); ++i)
    if (s[i] != s[i + 1] * a.shape[i + 1]) return false;
  return true;
}

/// A plane whose rows or columns are contiguous needs no copy.
inline bool is_plane_usable(const ValueSpec& v) {
  const Strides s = v.strides();
  const bool unit = s[-1] == 1 || s[-2] == 1 || v.shape[-1] == 1 || v.shape[-2] == 1;
  return unit && s[-1] >= 0 && s[-2] >= 0;
}

/// Where the transposed product, whose results are scattered, costs less: for a wide result from a
/// transposed right side, which would be packed though it is large; for a tall one from a
/// transposed left side, as the gradient of weights is, whose packing goes by shorter runs than the
/// right's.
inline bool is_better_transposed(const isa::GemmArgs& g, std::int64_t m, std::int64_t n) {
  if (g.bias) return false;
  if (g.b_cs != 1) return g.b_rs == 1 && n > 4 * m && g.k > m;
  return g.a_rs == 1 && g.a_cs != 1 && m >= 2 * n && g.k >= 2 * m;
}

inline double gemm_work(std::int64_t m, std::int64_t n, std::int64_t k) {
  return 2.0 * static_cast<double>(m) * static_cast<double>(n) *
         static_cast<double>(std::max<std::int64_t>(k, 1));
}
/// Operations that are worth a team: some 25 us of one core. What a worker leaves in its own cache
/// costs the next small kernel more than half of less would save.
inline constexpr double gemm_grain = 3e6;

/// Calls f for every plane: by a team each where they are few and large, else shared out.
template <class F>
void for_planes(const MatMulPlan& plan, F&& f) {
  const std::size_t planes = plan.a_batch.size();
  const double work = gemm_work(plan.m, plan.n, plan.args.k);
  const bool large = work >= gemm_grain && planes < 16;
  const auto each = [&](std::int64_t begin, std::int64_t end) {
    for (std::int64_t i = begin; i < end; ++i) f(static_cast<std::size_t>(i));
  };
  const auto count = static_cast<std::int64_t>(planes);
  if (planes == 1 || large) return each(0, count);
  parallel_for(count, static_cast<std::int64_t>(gemm_grain / (work + 1)) + 1, each);
}

/// The least of a piece in units, of `size` rows or columns each: a share for each thread, since
/// every piece packs what all of them read; of long pieces that is little, so they may be more.
inline std::int64_t gemm_units_of_piece(std::int64_t units, std::int64_t size) {
  const std::int64_t threads = num_threads(), share = (units + threads - 1) / threads;
  return std::min<std::int64_t>(share, 512 / size);
}

/// Pieces of whole tiles - of most instruction sets; others share rows out evenly - by rows or by
/// columns, whichever are more.
inline void gemm_on_team(const isa::GemmArgs& args, std::int64_t m, std::int64_t n) {
  const auto run = [&](std::int64_t r0, std::int64_t r1, std::int64_t c0, std::int64_t c1) {
    isa::GemmArgs a = args;
    a.row_begin = r0, a.row_end = r1, a.column_begin = c0, a.column_end = c1;
    a.scratch = thread_scratch(isa::gemm_scratch_bytes);
    isa::gemm(a);
  };
  if (gemm_work(m, n, args.k) < gemm_grain) return run(0, m, 0, n);
  const bool by_rows = m >= n;
  const std::int64_t length = by_rows ? m : n, size = by_rows ? 8 : 32;
  const std::int64_t units = (length + size - 1) / size;
  parallel_for(units, gemm_units_of_piece(units, size), [&](std::int64_t b, std::int64_t e) {
    const std::int64_t begin = b * size, end = std::min(e * size, length);
    by_rows ? run(begin, end, 0, n) : run(0, m, begin, end);
  });
}

/// Integer product by plain loops.
template <class T>
void integer_matmul(const isa::GemmArgs& g, std::int64_t m, std::int64_t n) {
  using U = std::make_unsigned_t<T>;
  for (std::int64_t i = 0; i < m; ++i)
    for (std::int64_t j = 0; j < n; ++j) {
      U sum = 0;
      for (std::int64_t p = 0; p < g.k; ++p)
        sum += static_cast<U>(static_cast<const T*>(g.a)[i * g.a_rs + p * g.a_cs]) *
               static_cast<U>(static_cast<const T*>(g.b)[p * g.b_rs + j * g.b_cs]);
      static_cast<T*>(g.c)[i * g.c_rs + j * g.c_cs] = static_cast<T>(sum);
    }
}

inline void run_plane(const MatMulPlan& plan, const isa::GemmArgs& args, DType t) {
  if (t == DType::int32) return integer_matmul<std::int32_t>(args, plan.m, plan.n);
  if (t == DType::int64) return integer_matmul<std::int64_t>(args, plan.m, plan.n);
  isa::GemmArgs a = args;
  std::int64_t m = plan.m, n = plan.n;
  if (is_better_transposed(a, m, n)) {
    std::swap(a.a, a.b);
    std::swap(m, n);
    const isa::GemmArgs o = args;
    a.a_rs = o.b_cs, a.a_cs = o.b_rs, a.b_rs = o.a_cs, a.b_cs = o.a_rs;
    a.c_rs = o.c_cs, a.c_cs = o.c_rs;
  }
  gemm_on_team(a, m, n);
}

inline MatMulPlan plan_matmul(const Call& call, const std::vector<Layout>& layouts) {
  MatMulPlan plan;
  ValueSpec a = call.in[0], b = call.in[1];
  a.layout = layouts[0];
  b.layout = layouts[1];
  const Shape& out = call.out[0].shape;
  Shape batch;
  for (int i = 0; i < out.rank() - 2; ++i) batch.push_back(out[i]);
  plan.m = out[-2];
  plan.n = out[-1];
  const Strides as = a.strides(), bs = b.strides();
  // An axis of extent 1 may carry any stride; unit strides let kernels read vectors.
  isa::GemmArgs& g = plan.args;
  g.k = a.shape[-1];
  g.a_rs = as[-2], g.a_cs = as[-1];
  g.b_rs = bs[-2], g.b_cs = b.shape[-1] == 1 ? 1 : bs[-1];
  g.c_rs = plan.n, g.c_cs = 1;
  g.is_double = call.out[0].dtype == DType::float64;
  if (is_one_product(a, b)) {
    plan.m *= batch.size();
    batch = Shape();
  }
  plan.a_batch = batch.rank() ? plane_offsets(a, batch) : std::vector<std::int64_t>{0};
  plan.b_batch = batch.rank() ? plane_offsets(b, batch) : std::vector<std::int64_t>{0};
  plan.item = itemsize(call.out[0].dtype);
  return plan;
}

/// One or two rows times a large matrix run at the speed of memory, so each thread reads
/// consecutive rows of it: the parts of the sum, by the shape alone. 1 for other products.
inline std::int64_t parts_of_sum(const MatMulPlan& plan) {
  const bool fits = plan.a_batch.size() == 1 && plan.m <= 2 && plan.n >= 16 && plan.n <= 4096;
  if (!fits || plan.args.b_cs != 1 || plan.args.b_rs < plan.n) return 1;
  return std::clamp<std::int64_t>(plan.args.k * plan.n / 65536, 1, 16);
}

/// The parts, then their sum as a product with ones, which adds the bias and finishes.
template <class T>
void matmul_in_parts(const MatMulPlan& plan, const isa::GemmArgs& args, std::int64_t parts,
                     T* sums) {
  const std::int64_t size = plan.m * plan.n;
  parallel_for(parts, 1, [&](std::int64_t begin, std::int64_t end) {
    for (std::int64_t p = begin; p < end; ++p) {
      const std::int64_t first = args.k * p / parts;
      isa::GemmArgs a = args;
      a.k = args.k * (p + 1) / parts - first;
      a.a = static_cast<const T*>(args.a) + first * args.a_cs;
      a.b = static_cast<const T*>(args.b) + first * args.b_rs;
      a.c = sums + p * size, a.c_rs = plan.n, a.c_cs = 1;
      a.bias = nullptr, a.epilogue = isa::Epilogue::none;
      a.row_begin = 0, a.row_end = plan.m, a.column_begin = 0, a.column_end = plan.n;
      a.scratch = thread_scratch(isa::gemm_scratch_bytes);
      isa::gemm(a);
    }
  });
  const T one = 1;
  for (std::int64_t row = 0; row < plan.m; ++row) {
    isa::GemmArgs a = args;
    a.k = parts;
    a.a = &one, a.a_rs = a.a_cs = 0;
    a.b = sums + row * plan.n, a.b_rs = size;
    a.c = static_cast<T*>(args.c) + row * args.c_rs;
    a.row_begin = 0, a.row_end = 1, a.column_begin = 0, a.column_end = plan.n;
    a.scratch = thread_scratch(isa::gemm_scratch_bytes);
    isa::gemm(a);
  }
}

}  // namespace detail

KernelPtr MatMul::cpu_kernel(const Call& call) {
  const MatMul p = *call.primitive.get_if<MatMul>();
  const DType t = call.out[0].dtype;
  if (is_floating(t) && itemsize(t) == 2) return detail::widened_kernel(call);
  const bool integer = t == DType::int32 || t == DType::int64;
  if (t != DType::float32 && t != DType::float64 && !(integer && !p.bias)) return nullptr;
  std::vector<Layout> layouts;
  for (std::size_t i = 0; i < call.in.size(); ++i)
    layouts.push_back(i < 2 && detail::is_plane_usable(call.in[i]) ? call.in[i].layout
                                                                   : Layout::dense());
  auto plan = detail::plan_matmul(call, layouts);
  plan.args.epilogue = static_cast<isa::Epilogue>(p.activation);
  if (const std::int64_t parts = integer ? 1 : detail::parts_of_sum(plan); parts > 1)
    return make_kernel(
        [plan, parts, bias = p.bias](const Run& run) {
          isa::GemmArgs args = plan.args;
          const auto item = static_cast<std::int64_t>(plan.item);
          args.a = run.input<std::byte>(0) + plan.a_batch[0] * item;
          args.b = run.input<std::byte>(1) + plan.b_batch[0] * item;
          args.bias = bias ? run.in[2] : nullptr;
          args.c = run.out[0];
          if (args.is_double)
            detail::matmul_in_parts(plan, args, parts, static_cast<double*>(run.workspace));
          else
            detail::matmul_in_parts(plan, args, parts, static_cast<float*>(run.workspace));
        },
        {.in_layouts = layouts,
         .workspace_bytes = static_cast<std::size_t>(parts * plan.m * plan.n) * plan.item,
         .description = "gemm"});
  return make_kernel(
      [plan, t, bias = p.bias](const Run& run) {
        const auto item = static_cast<std::int64_t>(plan.item);
        detail::for_planes(plan, [&](std::size_t i) {
          isa::GemmArgs args = plan.args;
          args.a = run.input<std::byte>(0) + plan.a_batch[i] * item;
          args.b = run.input<std::byte>(1) + plan.b_batch[i] * item;
          args.bias = bias ? run.in[2] : nullptr;
          args.c = run.output<std::byte>() + static_cast<std::int64_t>(i) * plan.m * plan.n * item;
          detail::run_plane(plan, args, t);
        });
      },
      {.in_layouts = layouts, .description = "gemm"});
}

}  // namespace linnet::inline LINNET_ABI
