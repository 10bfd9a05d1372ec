#pragma once

#include <algorithm>
#include <vector>

#include "linnet/backend/cpu/isa.hpp"
#include "linnet/backend/cpu/quantized_output.hpp"
#include "linnet/core/threads.hpp"
#include "linnet/ops/primitives/quantization.hpp"
#ifdef LINNET_HEADER_ONLY
#include "linnet/backend/cpu/kernels/quantized_product.hpp"
#endif

namespace linnet::inline LINNET_ABI {

namespace detail {

/// A quantized product by Linnet's own kernel: how x is copied, weights are packed, and the tiles
/// find their input. Groups follow each other in x's and the output's channels.
struct QuantizedPlan {
  isa::QuantizedRowsArgs rows{};
  isa::QuantizedPackArgs pack{};
  isa::QuantizedProductArgs product{};
  std::vector<std::int64_t> taps;
  std::int64_t groups = 1, group_channels = 0;  ///< of x
  std::int64_t all_rows = 0, pixels = 0;        ///< of the copy and of the output

  std::int64_t group_bytes() const {
    return isa::quantized_packed_bytes(pack.taps, pack.run, pack.columns);
  }
  std::size_t packed_bytes() const { return static_cast<std::size_t>(groups * group_bytes()); }
  std::size_t rows_bytes() const {
    const std::int64_t bytes = isa::quantized_rows_bytes(all_rows * rows.full_width);
    return static_cast<std::size_t>((bytes + 63) / 64 * 64);
  }
  void set_taps(std::int64_t run) {
    pack.taps = product.taps = static_cast<std::int64_t>(taps.size());
    pack.run = product.run = run;
  }
};

inline QuantizedPlan plan_quantized(const Call& call, const QuantizedMatMul&) {
  QuantizedPlan plan;
  const Shape &x = call.in[0].shape, &w = call.in[3].shape;
  const std::int64_t k = w[0];
  plan.pixels = 1;
  for (int a = 0; a + 1 < x.rank(); ++a) plan.pixels *= x[a];
  plan.all_rows = plan.rows.height = plan.rows.full_height = plan.pixels;
  plan.rows.width = k;
  plan.rows.full_width = (k + 3) / 4 * 4;
  plan.taps = {0};
  plan.set_taps(k);
  plan.pack.columns = plan.pack.step = plan.product.columns = w[1];
  plan.product.x_pixel = plan.rows.full_width;
  plan.product.out_width = std::max<std::int64_t>(plan.pixels, 1);
  plan.product.out_height = 1;
  return plan;
}

inline QuantizedPlan plan_quantized(const Call& call, const QuantizedConv2D& p) {
  QuantizedPlan plan;
  const Shape &x = call.in[0].shape, &w = call.in[3].shape, &y = call.out[0].shape;
  const std::int64_t channels = x[3];
  isa::QuantizedRowsArgs& rows = plan.rows;
  rows.height = x[1], rows.width = x[2] * channels;
  rows.top = p.padding.top, rows.left = p.padding.left * channels;
  rows.full_height = x[1] + p.padding.top + p.padding.bottom;
  rows.full_width = (x[2] + p.padding.left + p.padding.right) * channels;
  plan.all_rows = x[0] * rows.full_height;
  plan.groups = p.groups, plan.group_channels = w[2];
  // Neighbouring taps of a row are one run where nothing lies between them.
  const bool whole_rows = p.groups == 1 && p.dilations.w == 1;
  for (std::int64_t h = 0; h < w[0]; ++h)
    for (std::int64_t t = 0; t < (whole_rows ? 1 : w[1]); ++t)
      plan.taps.push_back(h * p.dilations.h * rows.full_width + t * p.dilations.w * channels);
  plan.set_taps(whole_rows ? w[1] * channels : w[2]);
  plan.pack.columns = plan.product.columns = w[3] / p.groups;
  plan.pack.step = w[3];
  isa::QuantizedProductArgs& a = plan.product;
  a.x_pixel = p.strides.w * channels;
  a.x_row = p.strides.h * rows.full_width;
  a.x_image = rows.full_height * rows.full_width;
  a.out_width = y[2], a.out_height = y[1];
  plan.pixels = x[0] * y[1] * y[2];
  return plan;
}

class QuantizedProductKernel final : public Kernel {
 public:
  QuantizedProductKernel(QuantizedPlan plan, const QuantizedOutput& output)
      : plan_(std::move(plan)), output_(output) {}
  KernelTraits traits() const override { return {.fallible = true}; }
  std::string description() const override { return "quantized_product"; }
  std::size_t workspace_bytes() const override {
    return plan_.packed_bytes() + plan_.rows_bytes() + output_.bytes();
  }
  [[noreturn]] void throw_error(int code, std::int64_t value) const override {
    output_.throw_error(code, value);
  }
  Prepared prepared() const override {
    return plan_.packed_bytes() > 0 ? Prepared{3, plan_.packed_bytes()} : Prepared{};
  }
  void prepare(const Run& run) const override { pack(run, static_cast<std::byte*>(run.prepared)); }

  void run(const Run& run) const override {
    auto *rows = static_cast<std::byte*>(run.workspace),
         *packed = static_cast<std::byte*>(run.prepared);
    if (!packed) {
      packed = rows, rows += plan_.packed_bytes();
      pack(run, packed);
    }
    std::byte* factors = rows + plan_.rows_bytes();
    copy_rows(run, rows);
    isa::QuantizedProductArgs a = plan_.product;
    a.tap_offsets = plan_.taps.data();
    a.zero_point = output_.zero_point(run);
    a.x_type = output_.x_type();
    a.finish = output_.start(run, factors);
    multiply(a, rows, packed);
  }

 private:
  static constexpr std::int64_t unit = isa::quantized_columns(1);
  std::int64_t units() const { return (plan_.pack.columns + unit - 1) / unit; }
  /// Multiplications of one column of one output.
  std::int64_t depth() const { return plan_.pack.taps * plan_.pack.run + 1; }

  void pack(const Run& run, std::byte* packed) const {
    parallel_for(plan_.groups * units(), 262144 / (depth() * unit) + 1,
                 [&](std::int64_t begin, std::int64_t end) {
                   for (std::int64_t i = begin; i < end; ++i) {
                     const std::int64_t g = i / units(), first = i % units() * unit;
                     isa::QuantizedPackArgs a = plan_.pack;
                     a.weights = run.input<std::int8_t>(3) + g * a.columns;
                     a.packed = packed + g * plan_.group_bytes();
                     a.column_begin = first, a.column_end = std::min(first + unit, a.columns);
                     isa::quantized_pack(a);
                   }
                 });
  }

  void copy_rows(const Run& run, std::byte* rows) const {
    parallel_for(plan_.all_rows, 131072 / (plan_.rows.full_width + 1) + 1,
                 [&](std::int64_t begin, std::int64_t end) {
                   isa::QuantizedRowsArgs a = plan_.rows;
                   a.x = run.in[0], a.out = rows;
                   a.row_begin = begin, a.row_end = end;
                   a.zero_point = output_.zero_point(run);
                   a.type = output_.x_type();
                   isa::quantized_rows(a);
                 });
  }

  void multiply_group(isa::QuantizedProductArgs a, std::int64_t g, const std::byte* rows,
                      const std::byte* packed) const {
    const std::int64_t column = g * a.columns;
    a.x = rows;
    a.packed = packed + g * plan_.group_bytes();
    a.finish.scale += column, a.finish.bias += column;
    a.finish.y = static_cast<std::byte*>(a.finish.y) + column * output_.item();
    a.x_first = g * plan_.group_channels;
    isa::quantized_product(a);
  }

  /// By output pixels, or by columns where those are few.
  void multiply(isa::QuantizedProductArgs a, const std::byte* rows, const std::byte* packed) const {
    constexpr std::int64_t enough = 4000000;
    if (plan_.groups == 1 && plan_.pixels < 32) {
      parallel_for(units(), enough / (depth() * unit * (plan_.pixels + 1)) + 1,
                   [&](std::int64_t begin, std::int64_t end) {
                     isa::QuantizedProductArgs part = a;
                     part.begin = 0, part.end = plan_.pixels;
                     part.column_begin = begin * unit;
                     part.column_end = std::min(end * unit, a.columns);
                     multiply_group(part, 0, rows, packed);
                   });
      return;
    }
    parallel_for(plan_.pixels, enough / (depth() * a.columns * plan_.groups + 1) + 1,
                 [&](std::int64_t begin, std::int64_t end) {
                   isa::QuantizedProductArgs part = a;
                   part.begin = begin, part.end = end;
                   part.column_begin = 0, part.column_end = a.columns;
                   for (std::int64_t g = 0; g < plan_.groups; ++g)
                     multiply_group(part, g, rows, packed);
                 });
  }

  QuantizedPlan plan_;
  QuantizedOutput output_;
};

template <class P>
KernelPtr quantized_product(const Call& call) {
  const P& p = *call.primitive.get_if<P>();
  return own_kernel(new QuantizedProductKernel(plan_quantized(call, p),
                                               QuantizedOutput(call, p.bias, p.activation)));
}

}  // namespace detail

KernelPtr QuantizedMatMul::cpu_kernel(const Call& call) {
  return detail::quantized_product<QuantizedMatMul>(call);
}

KernelPtr QuantizedConv2D::cpu_kernel(const Call& call) {
  return detail::quantized_product<QuantizedConv2D>(call);
}

}  // namespace linnet::inline LINNET_ABI
