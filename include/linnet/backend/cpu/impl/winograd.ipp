#pragma once

#include <algorithm>

#include "linnet/backend/cpu/isa.hpp"
#include "linnet/backend/cpu/scratch.hpp"
#include "linnet/backend/cpu/winograd.hpp"
#include "linnet/core/threads.hpp"
#ifdef LINNET_HEADER_ONLY
#include "linnet/backend/cpu/kernels/winograd_gradient.hpp"
#endif

namespace linnet::inline LINNET_ABI::detail {

/// Both directions: the gradient of the input is a convolution with the flipped kernel whose
/// channels change places.
struct WinogradPlan {
  isa::WinogradArgs args{};
  isa::WinogradWeightsArgs weights{};
  std::int64_t tiles = 0, kernel_offset = 0;

  WinogradPlan(const Shape& in, const Shape& kernel, const Shape& out, const Padding2D& padding,
               bool backward) {
    args.height = in[1], args.width = in[2], args.in_channels = in[3];
    args.out_height = out[1], args.out_width = out[2], args.out_channels = out[3];
    args.pad_top = backward ? 2 - padding.top : padding.top;
    args.pad_left = backward ? 2 - padding.left : padding.left;
    args.tiles_high = (out[1] + 1) / 2, args.tiles_wide = (out[2] + 1) / 2;
    tiles = out[0] * args.tiles_high * args.tiles_wide;
    const std::int64_t tap = kernel[2] * kernel[3], row = 3 * tap;
    kernel_offset = backward ? 8 * tap : 0;
    weights.in_channels = in[3], weights.out_channels = out[3];
    weights.s_h = backward ? -row : row, weights.s_w = backward ? -tap : tap;
    weights.s_in = backward ? 1 : kernel[3], weights.s_out = backward ? kernel[3] : 1;
  }

  std::size_t workspace() const {
    return static_cast<std::size_t>(
               isa::winograd_weights_size(args.in_channels, args.out_channels)) *
           4;
  }

  /// The tiles of a kernel's gradient are summed in so many parts, by their number alone.
  std::int64_t parts() const { return std::clamp<std::int64_t>(tiles / 128, 1, 8); }

  void run_kernel_gradient(const float* x, const float* dy, float* dkernel, float* sums) const {
    const std::int64_t size = isa::winograd_weights_size(args.in_channels, args.out_channels);
    const auto first_of = [this](std::int64_t part) {
      return part == parts() ? tiles
                             : tiles * part / parts() / isa::winograd_tiles * isa::winograd_tiles;
    };
    parallel_for(parts(), 1, [&](std::int64_t begin, std::int64_t end) {
      isa::WinogradArgs a = args;
      a.x = x, a.dy = dy;
      a.scratch = static_cast<float*>(
          thread_scratch(static_cast<std::size_t>(isa::winograd_scratch(a.in_channels)) * 4));
      for (std::int64_t p = begin; p < end; ++p) {
        a.weights = sums + p * size;
        a.begin = first_of(p), a.end = first_of(p + 1);
        isa::winograd_gradient(a);
      }
    });
    parallel_for(args.in_channels, 8192 / args.out_channels + 1,
                 [&](std::int64_t begin, std::int64_t end) {
                   isa::winograd_kernel_gradient({.sums = sums,
                                                  .dkernel = dkernel,
                                                  .parts = parts(),
                                                  .in_channels = args.in_channels,
                                                  .out_channels = args.out_channels,
                                                  .begin = begin,
                                                  .end = end});
                 });
  }

  void transform(const float* kernel, float* transformed) const {
    parallel_for(args.in_channels, 8192 / args.out_channels + 1,
                 [&](std::int64_t begin, std::int64_t end) {
                   isa::WinogradWeightsArgs w = weights;
                   w.kernel = kernel + kernel_offset, w.weights = transformed;
                   w.begin = begin, w.end = end;
                   isa::winograd_weights(w);
                 });
  }

  void run(const float* x, const float* bias, float* y, float* transformed) const {
    const std::int64_t blocks = (tiles + isa::winograd_tiles - 1) / isa::winograd_tiles;
    const std::int64_t block = 16 * isa::winograd_tiles * args.in_channels * args.out_channels;
    parallel_for(blocks, 1000000 / block + 1, [&](std::int64_t begin, std::int64_t end) {
      isa::WinogradArgs a = args;
      a.x = x, a.bias = bias, a.y = y, a.weights = transformed;
      a.begin = begin * isa::winograd_tiles, a.end = std::min(end * isa::winograd_tiles, tiles);
      a.scratch = static_cast<float*>(
          thread_scratch(static_cast<std::size_t>(isa::winograd_scratch(a.in_channels)) * 4));
      isa::winograd(a);
    });
  }
};

struct WinogradConvolution {
  WinogradPlan plan;
  bool bias = false;

  void prepare(const Run& run) const {
    plan.transform(run.input<float>(1), static_cast<float*>(run.prepared));
  }
  void operator()(const Run& run) const {
    auto* transformed = static_cast<float*>(run.prepared ? run.prepared : run.workspace);
    if (!run.prepared) plan.transform(run.input<float>(1), transformed);
    plan.run(run.input<float>(0), bias ? run.input<float>(2) : nullptr, run.output<float>(),
             transformed);
  }
};

inline KernelPtr make_winograd(const WinogradPlan& plan, bool bias) {
  return make_kernel(WinogradConvolution{plan, bias}, {.workspace_bytes = plan.workspace(),
                                                       .description = "winograd_convolution",
                                                       .prepared = {1, plan.workspace()}});
}

bool is_winograd_convolution(const Conv2DAttributes& p, DType dtype, const Shape& in,
                             const Shape& kernel, const Shape& out) {
  if (dtype != DType::float32 || kernel[0] != 3 || kernel[1] != 3 || p.groups != 1) return false;
  if (!(p.strides == Size2D(1)) || !(p.dilations == Size2D(1))) return false;
  const auto fits = [](std::int64_t channels) { return channels >= 32 && channels % 16 == 0; };
  if (!fits(in[3]) || !fits(out[3])) return false;
  // Tiles that reach beyond the image are work for nothing; few tiles do not pay for the weights.
  const std::int64_t tiles = (out[1] + 1) / 2 * ((out[2] + 1) / 2);
  return tiles * out[0] >= 64 && out[1] * out[2] >= 16 && 16 * tiles <= 5 * out[1] * out[2];
}

bool is_winograd_kernel_gradient(const Conv2DAttributes& p, DType dtype, const Shape& x,
                                 const Shape& kernel, const Shape& dy) {
  return is_winograd_convolution(p, dtype, x, kernel, dy) &&
         dy[0] * ((dy[1] + 1) / 2) * ((dy[2] + 1) / 2) >= 256;
}

KernelPtr winograd_convolution(const Call& call) {
  const Conv2D& p = *call.primitive.get_if<Conv2D>();
  const Shape &x = call.in[0].shape, &kernel = call.in[1].shape, &y = call.out[0].shape;
  if (!is_winograd_convolution(p, call.in[0].dtype, x, kernel, y)) return nullptr;
  WinogradPlan plan(x, kernel, y, p.padding, false);
  plan.args.epilogue = static_cast<isa::Epilogue>(p.activation);
  return make_winograd(plan, p.bias);
}

KernelPtr winograd_convolution_backward_input(const Call& call) {
  const auto& p = *call.primitive.get_if<Conv2DBackwardInput>();
  const Shape &dy = call.in[0].shape, &kernel = call.in[1].shape, &dx = call.out[0].shape;
  if (!is_winograd_convolution(p, call.in[0].dtype, dy, kernel, dx)) return nullptr;
  return make_winograd(WinogradPlan(dy, kernel, dx, p.padding, true), false);
}

KernelPtr winograd_convolution_backward_kernel(const Call& call) {
  const auto& p = *call.primitive.get_if<Conv2DBackwardKernel>();
  const Shape &x = call.in[0].shape, &dy = call.in[1].shape, &kernel = call.out[0].shape;
  if (!is_winograd_kernel_gradient(p, call.in[0].dtype, x, kernel, dy)) return nullptr;
  const WinogradPlan plan(x, kernel, dy, p.padding, false);
  return make_kernel(
      [plan](const Run& run) {
        plan.run_kernel_gradient(run.input<float>(0), run.input<float>(1), run.output<float>(),
                                 static_cast<float*>(run.workspace));
      },
      {.workspace_bytes = plan.workspace() * static_cast<std::size_t>(plan.parts()),
       .description = "winograd_convolution"});
}

}  // namespace linnet::inline LINNET_ABI::detail
