#pragma once

#include <algorithm>
#include <vector>

#include "linnet/backend/cpu/conv_taps.hpp"
#include "linnet/backend/cpu/isa.hpp"
#include "linnet/backend/cpu/scratch.hpp"
#include "linnet/core/threads.hpp"
#ifdef LINNET_HEADER_ONLY
#include "linnet/backend/cpu/kernels/conv_taps.hpp"
#endif

namespace linnet::inline LINNET_ABI::detail {

struct TapsPlan {
  isa::Conv2DTapsArgs args{};
  std::vector<isa::TapPair> pairs;
};

inline std::vector<isa::TapPair> tap_pairs(const Conv2DAttributes& p, const Shape& x,
                                           const Shape& kernel, const Shape& y) {
  std::vector<isa::TapPair> pairs;
  const auto number = [](std::int64_t row, std::int64_t columns, std::int64_t column) {
    return static_cast<std::int32_t>(row * columns + column);
  };
  for (std::int64_t kh = 0; kh < kernel[0]; ++kh)
    for (std::int64_t kw = 0; kw < kernel[1]; ++kw)
      for (std::int64_t oh = 0; oh < y[1]; ++oh)
        for (std::int64_t ow = 0; ow < y[2]; ++ow) {
          const std::int64_t h = oh * p.strides.h - p.padding.top + kh * p.dilations.h;
          const std::int64_t w = ow * p.strides.w - p.padding.left + kw * p.dilations.w;
          if (h >= 0 && w >= 0 && h < x[1] && w < x[2])
            pairs.push_back({number(kh, kernel[1], kw), number(h, x[2], w), number(oh, y[2], ow)});
        }
  return pairs;
}

inline TapsPlan plan_taps(const Conv2DAttributes& p, const ValueSpec& x, const ValueSpec& kernel,
                          const ValueSpec& y) {
  TapsPlan plan;
  plan.pairs = tap_pairs(p, x.shape, kernel.shape, y.shape);
  isa::Conv2DTapsArgs& a = plan.args;
  a.pair_count = static_cast<std::int64_t>(plan.pairs.size());
  a.taps = kernel.shape[0] * kernel.shape[1];
  a.images = x.shape[0];
  a.in_pixels = x.shape[1] * x.shape[2], a.out_pixels = y.shape[1] * y.shape[2];
  a.in_channels = x.shape[3], a.out_channels = y.shape[3];
  a.is_double = x.dtype == DType::float64;
  a.epilogue = isa::Epilogue::none;
  return plan;
}

inline std::int64_t taps_blocks(std::int64_t channels) {
  return (channels + isa::taps_block - 1) / isa::taps_block;
}

/// run(args) for pieces of `blocks` on the team.
template <class F>
void taps_on_team(const TapsPlan& plan, isa::Conv2DTapsArgs args, std::int64_t blocks, F run) {
  args.pairs = plan.pairs.data();
  parallel_for(blocks, 1, [&](std::int64_t begin, std::int64_t end) {
    isa::Conv2DTapsArgs a = args;
    a.begin = begin, a.end = end;
    a.scratch = thread_scratch(isa::taps_scratch_bytes);
    run(a);
  });
}

bool is_taps_convolution(const Conv2DAttributes& p, DType dtype, const Shape& x,
                         const Shape& kernel, const Shape& y) {
  const bool dtype_fits = dtype == DType::float32 || dtype == DType::float64;
  return dtype_fits && p.groups == 1 && x[0] >= 8 && kernel[2] >= 64 && kernel[3] >= 64 &&
         y[1] * y[2] > 0 && y[1] * y[2] <= 16 && x[1] * x[2] <= 64;
}

KernelPtr taps_convolution(const Call& call) {
  const Conv2D& p = *call.primitive.get_if<Conv2D>();
  const ValueSpec &x = call.in[0], &kernel = call.in[1], &y = call.out[0];
  if (!is_taps_convolution(p, x.dtype, x.shape, kernel.shape, y.shape)) return nullptr;
  TapsPlan plan = plan_taps(p, x, kernel, y);
  plan.args.epilogue = static_cast<isa::Epilogue>(p.activation);
  return make_kernel(
      [plan = std::move(plan), bias = p.bias](const Run& run) {
        isa::Conv2DTapsArgs a = plan.args;
        a.x = run.in[0], a.kernel = run.in[1], a.out = run.out[0];
        a.bias = bias ? run.in[2] : nullptr;
        taps_on_team(plan, a, taps_blocks(a.out_channels), isa::conv2d_taps);
      },
      {.description = "tap_convolution"});
}

KernelPtr taps_convolution_backward_input(const Call& call) {
  const auto& p = *call.primitive.get_if<Conv2DBackwardInput>();
  const ValueSpec &dy = call.in[0], &kernel = call.in[1], &x = call.out[0];
  if (!is_taps_convolution(p, x.dtype, x.shape, kernel.shape, dy.shape)) return nullptr;
  TapsPlan plan = plan_taps(p, x, kernel, dy);
  std::stable_sort(plan.pairs.begin(), plan.pairs.end(),
                   [](const auto& a, const auto& b) { return a.input < b.input; });
  const auto columns =
      static_cast<std::size_t>(dy.shape.size() / dy.shape[0] * isa::padded_images(dy.shape[0]));
  return make_kernel(
      [plan = std::move(plan)](const Run& run) {
        isa::Conv2DTapsArgs a = plan.args;
        a.dy = run.in[0], a.kernel = run.in[1], a.out = run.out[0];
        a.columns = run.workspace;
        taps_on_team(plan, a, a.out_pixels, isa::conv2d_taps_columns);
        taps_on_team(plan, a, taps_blocks(a.in_channels), isa::conv2d_taps_backward_input);
      },
      {.workspace_bytes = columns * itemsize(x.dtype), .description = "tap_convolution"});
}

KernelPtr taps_convolution_backward_kernel(const Call& call) {
  const auto& p = *call.primitive.get_if<Conv2DBackwardKernel>();
  const ValueSpec &x = call.in[0], &dy = call.in[1], &kernel = call.out[0];
  if (!is_taps_convolution(p, x.dtype, x.shape, kernel.shape, dy.shape)) return nullptr;
  return make_kernel(
      [plan = plan_taps(p, x, kernel, dy)](const Run& run) {
        isa::Conv2DTapsArgs a = plan.args;
        a.x = run.in[0], a.dy = run.in[1], a.out = run.out[0];
        taps_on_team(plan, a, taps_blocks(a.out_channels) * a.taps,
                     isa::conv2d_taps_backward_kernel);
      },
      {.description = "tap_convolution"});
}

}  // namespace linnet::inline LINNET_ABI::detail
