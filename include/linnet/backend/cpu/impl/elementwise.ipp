#pragma once

#include <algorithm>
#include <cstring>
#include <numeric>

#include "linnet/backend/cpu/isa.hpp"
#include "linnet/backend/kernel.hpp"
#include "linnet/backend/program.hpp"
#include "linnet/core/threads.hpp"
#ifdef LINNET_HEADER_ONLY
#include "linnet/backend/cpu/kernels/elementwise.hpp"
#include "linnet/backend/cpu/kernels/transpose.hpp"
#endif

namespace linnet::inline LINNET_ABI {

namespace detail {

inline isa::Tile tile_for(const ElementwiseOp& op, ComputeType t) {
  return op.tiles[isa::build()]->by_type[static_cast<int>(t)];
}

/// Axes of the iteration space merged where every operand allows it.
struct IterationSpace {
  std::vector<std::int64_t> dims;
  std::vector<std::vector<std::int64_t>> strides;  // [operand][axis]

  IterationSpace(const Shape& shape, std::span<const ValueSpec> in) : strides(in.size()) {
    for (int a = 0; a < shape.rank(); ++a) {
      if (shape[a] == 1) continue;
      dims.push_back(shape[a]);
      for (std::size_t i = 0; i < in.size(); ++i) strides[i].push_back(stride(in[i], shape, a));
      merge_last();
    }
    if (dims.empty()) {
      dims.push_back(1);
      for (auto& s : strides) s.push_back(0);
    }
  }

 private:
  static std::int64_t stride(const ValueSpec& v, const Shape& shape, int axis) {
    const int at = axis - (shape.rank() - v.shape.rank());
    return at < 0 || v.shape[at] == 1 ? 0 : v.strides()[at];
  }
  void merge_last() {
    const std::size_t n = dims.size();
    if (n < 2) return;
    for (const auto& s : strides)
      if (s[n - 2] != s[n - 1] * dims[n - 1]) return;
    dims[n - 2] *= dims[n - 1];
    dims.pop_back();
    for (auto& s : strides) s[n - 2] = s[n - 1], s.pop_back();
  }
};

/// The period of an operand that repeats: its inner dense length if all outer strides are 0.
inline std::int64_t period_of(const std::vector<std::int64_t>& strides,
                              const std::vector<std::int64_t>& dims) {
  std::size_t a = dims.size();
  std::int64_t length = 1;
  while (a > 0 && strides[a - 1] == length && dims[a - 1] > 1) length *= dims[--a];
  if (a == 0) return 0;  // fully dense, nothing repeats
  while (a > 0 && strides[a - 1] == 0) --a;
  return a == 0 ? length : 0;
}

/// Whether elements lie one after the other, whatever the axes that other operands need.
inline bool is_row_major(const std::vector<std::int64_t>& strides,
                         const std::vector<std::int64_t>& dims) {
  std::int64_t length = 1;
  for (std::size_t a = dims.size(); a-- > 0; length *= dims[a])
    if (strides[a] != length) return false;
  return true;
}

class ElementwiseKernel final : public Kernel {
 public:
  explicit ElementwiseKernel(const Call& call, const Program& p) {
    const Shape& shape = call.out[0].shape;
    for (const ValueSpec& v : call.in) in_layouts_.push_back(v.layout);
    size_ = shape.size();
    std::memset(&args_, 0, sizeof args_);
    args_.compute = static_cast<std::uint8_t>(p.compute);
    args_.inputs = p.inputs;
    args_.outputs = p.outputs;
    args_.immediates = p.immediates;
    args_.instructions = p.instructions;
    set_operands(call, shape, p);
    set_code(p);
    set_buffers(p);
    for (std::size_t i = 0; i < call.in.size(); ++i)
      for (std::size_t o = 0; o < call.out.size(); ++o)
        if (call.in[i].is_dense() && call.in[i].dtype == call.out[o].dtype &&
            call.in[i].shape == call.out[o].shape)
          in_place_.push_back({static_cast<int>(i), static_cast<int>(o)});
    grain_ = grain_of(call);
  }

  std::span<const Layout> in_layouts() const override { return in_layouts_; }
  std::span<const InPlace> in_place() const override { return in_place_; }
  std::string description() const override {
    return std::string("elementwise:") + isa::build_name();
  }

  void run(const Run& run) const override {
    if (size_ <= grain_) return run_piece(run, 0, size_);
    // Pieces begin at multiples of the tile, so an element's place in its tile never depends on
    // the number of threads.
    const std::int64_t tiles = (size_ + args_.tile - 1) / args_.tile;
    parallel_for(tiles, grain_ / args_.tile + 1, [&](std::int64_t first, std::int64_t last) {
      run_piece(run, first * args_.tile, std::min(last * args_.tile, size_));
    });
  }

 private:
  void run_piece(const Run& run, std::int64_t begin, std::int64_t end) const {
    if (begin == end) return;
    isa::ElementwiseArgs a = args_;
    a.begin = begin;
    a.end = end;
    for (std::int32_t i = 0; i < a.inputs; ++i) a.in[i].data = run.in[static_cast<std::size_t>(i)];
    for (std::int32_t o = 0; o < a.outputs; ++o)
      a.out[o].data = run.out[static_cast<std::size_t>(o)];
    const bool floating = a.compute < 2;
    for (std::int32_t i = 0; i < a.immediates; ++i) {
      const Scalar s = run.immediates[static_cast<std::size_t>(i)];
      if (floating)
        a.immediate[i].f = s.as<double>();
      else
        a.immediate[i].i = s.as<std::int64_t>();
    }
    isa::elementwise(a);
  }

  bool is_direct(DType t) const {
    constexpr DType types[] = {DType::float32, DType::float64, DType::int32, DType::int64,
                               DType::uint64};
    return types[args_.compute] == t;
  }

  void set_operands(const Call& call, const Shape& shape, const Program& p) {
    const IterationSpace space(shape, call.in);
    args_.rank = static_cast<std::int32_t>(space.dims.size());
    std::copy(space.dims.begin(), space.dims.end(), args_.dims);
    for (std::size_t i = 0; i < p.inputs; ++i) {
      isa::ElementwiseOperand& in = args_.in[i];
      std::copy(space.strides[i].begin(), space.strides[i].end(), in.strides);
      in.dtype = static_cast<std::uint8_t>(call.in[i].dtype);
      const bool dense = size_ == 1 || is_row_major(space.strides[i], space.dims);
      in.direct = dense && is_direct(call.in[i].dtype);
      in.period = period_of(space.strides[i], space.dims);
    }
    for (std::size_t o = 0; o < p.outputs; ++o) {
      args_.out[o].dtype = static_cast<std::uint8_t>(call.out[o].dtype);
      args_.out[o].direct = is_direct(call.out[o].dtype);
      args_.out_register[o] = p.out[o];
    }
  }

  void set_code(const Program& p) {
    for (std::size_t k = 0; k < p.instructions; ++k) {
      const Instruction& i = p.code[k];
      // Unused operands name a register that is always set.
      const std::uint8_t b = i.op->arity > 1 ? i.b : i.a, c = i.op->arity > 2 ? i.c : i.a;
      args_.code[k] = {tile_for(*i.op, p.compute), i.dst, i.a, b, c};
    }
  }

  /// One scratch buffer per register; the tile is as long as the scratch allows.
  void set_buffers(const Program& p) {
    std::memset(args_.buffer_of, 255, sizeof args_.buffer_of);
    std::uint8_t count = 0;
    for (int i = 0; i < p.inputs; ++i) args_.buffer_of[i] = count++;
    for (int i = 0; i < p.immediates; ++i) args_.buffer_of[Program::first_immediate + i] = count++;
    for (const Instruction& i : p.instruction_span())
      if (args_.buffer_of[i.dst] == 255) args_.buffer_of[i.dst] = count++;
    const std::int64_t item =
        p.compute == ComputeType::f32 || p.compute == ComputeType::i32 ? 4 : 8;
    const std::int64_t tile = isa::elementwise_scratch / (item * std::max<std::int64_t>(count, 1));
    args_.tile = whole_periods(std::min<std::int64_t>(1024, tile / 16 * 16));
  }

  /// A tile of whole periods of the operands that repeat, where that many elements fit: these are
  /// then loaded once.
  std::int64_t whole_periods(std::int64_t tile) const {
    std::int64_t step = 16;
    for (std::int32_t i = 0; i < args_.inputs; ++i) {
      const std::int64_t period = args_.in[i].period;
      if (period > 1 && period <= tile && std::lcm(step, period) <= tile)
        step = std::lcm(step, period);
    }
    return tile / step * step;
  }

  /// Elements that keep one thread busy for some 10 us.
  static std::int64_t grain_of(const Call& call) {
    const auto* e = call.primitive.get_if<Elementwise>();
    const std::int64_t work = 2 + static_cast<std::int64_t>(call.in.size()) +
                              3 * static_cast<std::int64_t>(e->program.instructions);
    return std::max<std::int64_t>(4096, 262144 / work);
  }

  isa::ElementwiseArgs args_;
  std::vector<Layout> in_layouts_;
  std::vector<InPlace> in_place_;
  std::int64_t size_ = 0, grain_ = 0;
};

/// A copy of one 2-D plane whose axes are swapped, with batches: by blocks instead of by rows.
inline KernelPtr transpose_kernel(const Call& call) {
  const ValueSpec& in = call.in[0];
  const ValueSpec& out = call.out[0];
  if (in.dtype != out.dtype || !(in.shape == out.shape)) return nullptr;
  const IterationSpace space(out.shape, call.in);
  const std::size_t n = space.dims.size();
  if (n < 2 || n > 3 || space.strides[0][n - 2] != 1 || space.dims[n - 2] < 8) return nullptr;
  isa::TransposeArgs args{.in = nullptr,
                          .out = nullptr,
                          .rows = space.dims[n - 2],
                          .columns = space.dims[n - 1],
                          .column_stride = space.strides[0][n - 1],
                          .item = static_cast<std::int32_t>(itemsize(in.dtype)),
                          .begin = 0,
                          .end = 0};
  const std::int64_t batch = n == 3 ? space.dims[0] : 1;
  const std::int64_t batch_stride = n == 3 ? space.strides[0][0] : 0;
  return make_kernel(
      [args, batch, batch_stride](const Run& run) {
        const std::int64_t blocks = (args.rows + 31) / 32, plane = args.rows * args.columns;
        parallel_for(batch * blocks, 65536 / (32 * args.columns) + 1,
                     [&](std::int64_t first, std::int64_t last) {
                       for (std::int64_t i = first; i < last; ++i) {
                         isa::TransposeArgs a = args;
                         const std::int64_t b = i / blocks;
                         a.in = run.input<std::byte>(0) + b * batch_stride * args.item;
                         a.out = run.output<std::byte>(0) + b * plane * args.item;
                         a.begin = i % blocks * 32;
                         a.end = std::min(a.begin + 32, args.rows);
                         isa::transpose(a);
                       }
                     });
      },
      {.in_layouts = {in.layout}, .description = "transpose"});
}

}  // namespace detail

KernelPtr Elementwise::cpu_kernel(const Call& call) {
  const Program& p = call.primitive.get_if<Elementwise>()->program;
  for (const Instruction& i : p.instruction_span())
    if (!detail::tile_for(*i.op, p.compute)) return nullptr;
  if (p.instructions == 0 && !call.in[0].is_dense())
    if (KernelPtr transpose = detail::transpose_kernel(call)) return transpose;
  return detail::own_kernel(new detail::ElementwiseKernel(call, p));
}

}  // namespace linnet::inline LINNET_ABI
