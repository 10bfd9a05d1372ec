#pragma once

#include <algorithm>
#include <cstring>

#include "linnet/backend/cpu/conv_bfloat.hpp"
#include "linnet/backend/cpu/conv_taps.hpp"
#include "linnet/backend/cpu/isa.hpp"
#include "linnet/backend/cpu/scratch.hpp"
#include "linnet/backend/cpu/widened.hpp"
#include "linnet/backend/cpu/winograd.hpp"
#include "linnet/core/threads.hpp"
#include "linnet/ops/primitives/conv.hpp"
#ifdef LINNET_HEADER_ONLY
#include "linnet/backend/cpu/kernels/conv.hpp"
#endif

namespace linnet::inline LINNET_ABI {

namespace detail {

/// An image copied among zeros (and with gaps of zeros between pixels): what the kernels read
/// where there is padding.
struct PaddedImage {
  std::int64_t height, width, channels;             // of the source
  std::int64_t top, left, full_height, full_width;  // of the copy
  std::int64_t step_h = 1, step_w = 1;              // distance of neighbouring pixels in the copy

  bool needed() const {
    return full_height != height || full_width != width || top || left || step_h > 1 || step_w > 1;
  }
  std::int64_t size() const { return full_height * full_width * channels; }

  void copy(const std::byte* from, std::byte* to, std::int64_t item) const {
    std::memset(to, 0, static_cast<std::size_t>(size() * item));
    for (std::int64_t h = 0; h < height; ++h) {
      const std::int64_t at_h = top + h * step_h;
      if (at_h < 0 || at_h >= full_height) continue;
      if (step_w == 1) {
        const std::int64_t first = std::max<std::int64_t>(0, -left);
        const std::int64_t last = std::min(width, full_width - left);
        if (last > first)
          std::memcpy(to + (at_h * full_width + left + first) * channels * item,
                      from + (h * width + first) * channels * item,
                      static_cast<std::size_t>((last - first) * channels * item));
        continue;
      }
      for (std::int64_t w = 0; w < width; ++w) {
        const std::int64_t at_w = left + w * step_w;
        if (at_w >= 0 && at_w < full_width)
          std::memcpy(to + (at_h * full_width + at_w) * channels * item,
                      from + (h * width + w) * channels * item,
                      static_cast<std::size_t>(channels * item));
      }
    }
  }
};

/// A convolution by the direct kernel: geometry, the image it reads, and the packed weights.
struct ConvPlan {
  isa::Conv2DArgs args{};
  isa::Conv2DPackArgs pack{};
  PaddedImage image{};
  std::int64_t images = 0, groups = 1, item = 4;
  std::int64_t pack_group = 0;    // elements from one group's weights to the next's
  std::int64_t packed_group = 0;  // elements of one group's packed weights
};

inline void conv_rows(const ConvPlan& plan, isa::Conv2DArgs a, const std::byte* x, std::byte* y,
                      const std::byte* packed, const std::byte* bias) {
  for (std::int64_t g = 0; g < plan.groups; ++g) {
    a.x = x + g * a.in_channels * plan.item;
    a.y = y + g * a.out_channels * plan.item;
    a.packed = packed + g * plan.packed_group * plan.item;
    a.bias = bias ? bias + g * a.out_channels * plan.item : nullptr;
    isa::conv2d(a);
  }
}

inline void pack_weights(const ConvPlan& plan, const std::byte* weights, std::byte* packed) {
  for (std::int64_t g = 0; g < plan.groups; ++g) {
    isa::Conv2DPackArgs p = plan.pack;
    p.kernel = weights + g * plan.pack_group * plan.item;
    p.packed = packed + g * plan.packed_group * plan.item;
    isa::conv2d_pack(p);
  }
}

/// The direct kernel on the team: by output rows, or by images where each must first be padded.
inline void run_conv(const ConvPlan& plan, const std::byte* x, std::byte* y, const std::byte* bias,
                     const std::byte* packed) {
  const isa::Conv2DArgs& a = plan.args;
  const std::int64_t taps = a.kernel_height * a.kernel_width * a.in_channels * plan.groups;
  const std::int64_t row_work = a.out_width * a.out_channels * taps + 1;
  if (!plan.image.needed()) {
    parallel_for(plan.images * a.out_height, 1000000 / row_work + 1,
                 [&](std::int64_t begin, std::int64_t end) {
                   isa::Conv2DArgs rows = a;
                   rows.row_begin = begin, rows.row_end = end;
                   conv_rows(plan, rows, x, y, packed, bias);
                 });
    return;
  }
  const std::int64_t source = plan.image.height * plan.image.width * plan.image.channels;
  parallel_for(plan.images, 1000000 / (row_work * a.out_height + 1) + 1,
               [&](std::int64_t begin, std::int64_t end) {
                 auto* padded = static_cast<std::byte*>(
                     thread_scratch(static_cast<std::size_t>(plan.image.size() * plan.item)));
                 for (std::int64_t n = begin; n < end; ++n) {
                   plan.image.copy(x + n * source * plan.item, padded, plan.item);
                   isa::Conv2DArgs rows = a;
                   rows.row_begin = 0, rows.row_end = a.out_height;
                   conv_rows(plan, rows, padded, y + n * a.y_image * plan.item, packed, bias);
                 }
               });
}

inline void set_image(ConvPlan& plan, const PaddedImage& image) {
  plan.image = image;
  isa::Conv2DArgs& a = plan.args;
  a.x_pixel = image.channels;
  a.x_row = image.full_width * image.channels;
  a.x_image = image.size();
}

inline void set_output(isa::Conv2DArgs& a, const Shape& y) {
  a.out_height = y[1], a.out_width = y[2];
  a.y_pixel = y[3], a.y_row = y[2] * y[3], a.y_image = y[1] * y[2] * y[3];
}

inline bool is_conv_dtype(DType t) { return t == DType::float32 || t == DType::float64; }

inline ConvPlan plan_conv(const Conv2DAttributes& p, const ValueSpec& x, const ValueSpec& kernel,
                          const ValueSpec& y) {
  ConvPlan plan;
  plan.images = x.shape[0];
  plan.groups = p.groups;
  plan.item = static_cast<std::int64_t>(itemsize(x.dtype));
  isa::Conv2DArgs& a = plan.args;
  a.is_double = x.dtype == DType::float64;
  a.in_channels = kernel.shape[2];
  a.out_channels = kernel.shape[3] / p.groups;
  a.kernel_height = kernel.shape[0], a.kernel_width = kernel.shape[1];
  a.stride_h = p.strides.h, a.stride_w = p.strides.w;
  a.dilation_h = p.dilations.h, a.dilation_w = p.dilations.w;
  set_output(a, y.shape);
  set_image(plan, {.height = x.shape[1],
                   .width = x.shape[2],
                   .channels = x.shape[3],
                   .top = p.padding.top,
                   .left = p.padding.left,
                   .full_height = x.shape[1] + p.padding.top + p.padding.bottom,
                   .full_width = x.shape[2] + p.padding.left + p.padding.right});
  const std::int64_t in = kernel.shape[2], out = kernel.shape[3];
  plan.pack = {.kernel = nullptr,
               .packed = nullptr,
               .height = a.kernel_height,
               .width = a.kernel_width,
               .in_channels = in,
               .out_channels = a.out_channels,
               .s_h = a.kernel_width * in * out,
               .s_w = in * out,
               .s_in = out,
               .s_out = 1,
               .is_double = a.is_double};
  plan.pack_group = a.out_channels;
  plan.packed_group = isa::packed_kernel_size(a.kernel_height * a.kernel_width, in, a.out_channels);
  return plan;
}

/// dx is the correlation of dy, spread by the strides and padded to the full window, with the
/// flipped kernel whose channels change places.
inline ConvPlan plan_conv_backward_input(const Conv2DAttributes& p, const ValueSpec& dy,
                                         const ValueSpec& kernel, const ValueSpec& dx) {
  ConvPlan plan;
  plan.images = dx.shape[0];
  plan.groups = p.groups;
  plan.item = static_cast<std::int64_t>(itemsize(dy.dtype));
  const std::int64_t kh = kernel.shape[0], kw = kernel.shape[1];
  const std::int64_t in = kernel.shape[2], out = kernel.shape[3];
  isa::Conv2DArgs& a = plan.args;
  a.is_double = dy.dtype == DType::float64;
  a.in_channels = out / p.groups;
  a.out_channels = in;
  a.kernel_height = kh, a.kernel_width = kw;
  a.stride_h = a.stride_w = 1;
  a.dilation_h = p.dilations.h, a.dilation_w = p.dilations.w;
  set_output(a, dx.shape);
  const std::int64_t reach_h = (kh - 1) * p.dilations.h, reach_w = (kw - 1) * p.dilations.w;
  set_image(plan, {.height = dy.shape[1],
                   .width = dy.shape[2],
                   .channels = dy.shape[3],
                   .top = reach_h - p.padding.top,
                   .left = reach_w - p.padding.left,
                   .full_height = dx.shape[1] + reach_h,
                   .full_width = dx.shape[2] + reach_w,
                   .step_h = p.strides.h,
                   .step_w = p.strides.w});
  plan.pack = {.kernel = nullptr,
               .packed = nullptr,
               .height = kh,
               .width = kw,
               .in_channels = a.in_channels,
               .out_channels = in,
               .s_h = -kw * in * out,
               .s_w = -in * out,
               .s_in = 1,
               .s_out = out,
               .is_double = a.is_double};
  plan.pack_group = a.in_channels;
  plan.packed_group = isa::packed_kernel_size(kh * kw, a.in_channels, in);
  return plan;
}

inline std::size_t packed_bytes(const ConvPlan& plan) {
  return static_cast<std::size_t>(plan.packed_group * plan.groups * plan.item);
}

/// The number of partial gradients; the batch is cut by its size alone.
inline std::int64_t gradient_parts(std::int64_t images) {
  return std::min<std::int64_t>(images, 8);
}

inline void kernel_gradient_part(const ConvPlan& plan, const std::byte* x, const std::byte* dy,
                                 std::byte* part, std::int64_t first, std::int64_t last) {
  isa::Conv2DArgs a = plan.args;
  const bool padded = plan.image.needed();
  const std::size_t image_bytes =
      padded ? static_cast<std::size_t>((plan.image.size() * plan.item + 63) / 64 * 64) : 0;
  auto* memory = static_cast<std::byte*>(thread_scratch(image_bytes + isa::gemm_scratch_bytes));
  a.scratch = memory + image_bytes;
  const std::int64_t source = plan.image.height * plan.image.width * plan.image.channels;
  for (std::int64_t n = first; n < last; ++n) {
    const std::byte* image = x + n * source * plan.item;
    if (padded) plan.image.copy(image, memory, plan.item), image = memory;
    a.row_begin = 0, a.row_end = a.out_height;
    for (std::int64_t g = 0; g < plan.groups; ++g) {
      a.x = image + g * a.in_channels * plan.item;
      a.dy = dy + (n * a.y_image + g * a.out_channels) * plan.item;
      a.dkernel = part + g * a.out_channels * plan.item;
      isa::conv2d_backward_kernel(a);
    }
  }
}

template <class T>
void add_parts(T* out, const T* parts, std::int64_t count, std::int64_t size) {
  std::memcpy(out, parts, static_cast<std::size_t>(size) * sizeof(T));
  for (std::int64_t p = 1; p < count; ++p)
    for (std::int64_t i = 0; i < size; ++i) out[i] += parts[p * size + i];
}

inline void run_kernel_gradient(const ConvPlan& plan, const Run& run, std::int64_t size) {
  auto* parts = static_cast<std::byte*>(run.workspace);
  const std::int64_t count = gradient_parts(plan.images);
  const std::size_t part_bytes = static_cast<std::size_t>(size * plan.item);
  if (count == 0) {
    std::memset(run.out[0], 0, part_bytes);
    return;
  }
  std::memset(parts, 0, part_bytes * static_cast<std::size_t>(count));
  parallel_for(count, 1, [&](std::int64_t begin, std::int64_t end) {
    for (std::int64_t p = begin; p < end; ++p)
      kernel_gradient_part(plan, run.input<std::byte>(0), run.input<std::byte>(1),
                           parts + static_cast<std::size_t>(p) * part_bytes,
                           plan.images * p / count, plan.images * (p + 1) / count);
  });
  if (plan.item == 8)
    add_parts(run.output<double>(), reinterpret_cast<const double*>(parts), count, size);
  else
    add_parts(run.output<float>(), reinterpret_cast<const float*>(parts), count, size);
}

/// Weights are packed from element `first` of the kernel's on.
struct DirectConvolution {
  ConvPlan plan;
  bool bias = false;
  std::int64_t first = 0;

  void pack(const Run& run, void* packed) const {
    pack_weights(plan, run.input<std::byte>(1) + first * plan.item,
                 static_cast<std::byte*>(packed));
  }
  void prepare(const Run& run) const { pack(run, run.prepared); }
  void operator()(const Run& run) const {
    if (!run.prepared) pack(run, run.workspace);
    run_conv(plan, run.input<std::byte>(0), run.output<std::byte>(),
             bias ? run.input<std::byte>(2) : nullptr,
             static_cast<const std::byte*>(run.prepared ? run.prepared : run.workspace));
  }
};

inline KernelPtr direct_convolution(const DirectConvolution& c) {
  const std::size_t bytes = packed_bytes(c.plan);
  return make_kernel(
      c, {.workspace_bytes = bytes, .description = "direct_convolution", .prepared = {1, bytes}});
}

}  // namespace detail

KernelPtr Conv2D::cpu_kernel(const Call& call) {
  const Conv2D p = *call.primitive.get_if<Conv2D>();
  if (itemsize(call.in[0].dtype) == 2) return detail::widened_kernel(call);
  if (!detail::is_conv_dtype(call.in[0].dtype)) return nullptr;
  if (KernelPtr kernel = detail::winograd_convolution(call)) return kernel;
  if (KernelPtr kernel = detail::taps_convolution(call)) return kernel;
  auto plan = detail::plan_conv(p, call.in[0], call.in[1], call.out[0]);
  plan.args.epilogue = static_cast<isa::Epilogue>(p.activation);
  return detail::direct_convolution({plan, p.bias, 0});
}

KernelPtr Conv2DBackwardInput::cpu_kernel(const Call& call) {
  const auto& p = *call.primitive.get_if<Conv2DBackwardInput>();
  if (itemsize(call.in[0].dtype) == 2) return detail::widened_kernel(call);
  if (!detail::is_conv_dtype(call.in[0].dtype)) return nullptr;
  if (KernelPtr kernel = detail::winograd_convolution_backward_input(call)) return kernel;
  if (KernelPtr kernel = detail::taps_convolution_backward_input(call)) return kernel;
  const auto plan = detail::plan_conv_backward_input(p, call.in[0], call.in[1], call.out[0]);
  const Shape k = call.in[1].shape;
  const std::int64_t last_tap = (k[0] * k[1] - 1) * k[2] * k[3];
  return detail::direct_convolution({plan, false, last_tap});
}

KernelPtr Conv2DBackwardKernel::cpu_kernel(const Call& call) {
  const auto& p = *call.primitive.get_if<Conv2DBackwardKernel>();
  if (KernelPtr kernel = detail::bfloat_convolution_backward_kernel(call)) return kernel;
  if (itemsize(call.in[0].dtype) == 2) return detail::widened_kernel(call);
  if (!detail::is_conv_dtype(call.in[0].dtype)) return nullptr;
  if (KernelPtr kernel = detail::winograd_convolution_backward_kernel(call)) return kernel;
  if (KernelPtr kernel = detail::taps_convolution_backward_kernel(call)) return kernel;
  auto plan = detail::plan_conv(p, call.in[0], call.out[0], call.in[1]);
  const Shape k = call.out[0].shape;
  plan.args.dkernel_tap = k[2] * k[3];
  plan.args.dkernel_in = k[3];
  const std::int64_t size = k.size();
  const std::int64_t parts = std::max<std::int64_t>(detail::gradient_parts(plan.images), 1);
  return make_kernel([plan, size](const Run& run) { detail::run_kernel_gradient(plan, run, size); },
                     {.workspace_bytes = static_cast<std::size_t>(parts * size * plan.item),
                      .description = "direct_convolution"});
}

}  // namespace linnet::inline LINNET_ABI
