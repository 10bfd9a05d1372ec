#pragma once

#include "linnet/backend/backend.hpp"
#include "linnet/backend/cpu/conv_bfloat.hpp"
#include "linnet/backend/cpu/impl/conv.ipp"
#include "linnet/backend/cpu/isa.hpp"
#include "linnet/backend/cpu/scratch.hpp"
#include "linnet/backend/eager.hpp"
#include "linnet/core/threads.hpp"
#ifdef LINNET_HEADER_ONLY
#include "linnet/backend/cpu/kernels/conv_bfloat.hpp"
#endif

namespace linnet::inline LINNET_ABI::detail {

bool is_bfloat_kernel_gradient(const Conv2DAttributes& p, DType dtype, const Shape& x,
                               const Shape& kernel, const Shape& dy) {
  return dtype == DType::bfloat16 && isa::bfloat_products() && p.groups == 1 && x[0] > 0 &&
         kernel[0] * kernel[1] > 1 && kernel[2] % 16 == 0 && kernel[3] % 16 == 0 &&
         dy[1] * dy[2] > 1024;
}

/// Sums of the images [first, last) into `part`.
inline void bfloat_gradient_part(const ConvPlan& plan, const std::byte* x, const std::byte* dy,
                                 float* part, std::int64_t first, std::int64_t last) {
  isa::Conv2DArgs a = plan.args;
  const std::int64_t pairs = (isa::BFloatPairs(a).bytes() + 63) / 64 * 64;
  const bool padded = plan.image.needed();
  auto* memory = static_cast<std::byte*>(thread_scratch(
      static_cast<std::size_t>(pairs + (padded ? plan.image.size() * plan.item : 0))));
  a.scratch = memory;
  a.dkernel = part;
  a.row_begin = 0, a.row_end = a.out_height;
  const std::int64_t source = plan.image.height * plan.image.width * plan.image.channels;
  for (std::int64_t n = first; n < last; ++n) {
    const std::byte* image = x + n * source * plan.item;
    if (padded) plan.image.copy(image, memory + pairs, plan.item), image = memory + pairs;
    a.x = image;
    a.dy = dy + n * a.y_image * plan.item;
    isa::conv2d_bfloat_gradient(a);
  }
}

KernelPtr bfloat_convolution_backward_kernel(const Call& call) {
  const auto& p = *call.primitive.get_if<Conv2DBackwardKernel>();
  const ValueSpec &x = call.in[0], &dy = call.in[1], &out = call.out[0];
  if (!is_bfloat_kernel_gradient(p, x.dtype, x.shape, out.shape, dy.shape)) return nullptr;
  ConvPlan plan = plan_conv(p, x, out, dy);
  plan.args.dkernel_tap = out.shape[2] * out.shape[3];
  plan.args.dkernel_in = out.shape[3];
  ValueSpec wide = out;
  wide.dtype = DType::float32;
  const KernelPtr narrow = compile_kernel({.primitive = copy_primitive(DType::float32),
                                           .in = {&wide, 1},
                                           .out = {&out, 1},
                                           .device = out.device,
                                           .threads = call.threads});
  const std::int64_t size = out.shape.size(), parts = gradient_parts(plan.images);
  return make_kernel(
      [plan, narrow, size, parts](const Run& run) {
        auto* sums = static_cast<float*>(run.workspace);
        std::memset(sums, 0, static_cast<std::size_t>(parts * size) * sizeof(float));
        parallel_for(parts, 1, [&](std::int64_t begin, std::int64_t end) {
          for (std::int64_t i = begin; i < end; ++i)
            bfloat_gradient_part(plan, run.input<std::byte>(0), run.input<std::byte>(1),
                                 sums + i * size, plan.images * i / parts,
                                 plan.images * (i + 1) / parts);
        });
        for (std::int64_t i = 1; i < parts; ++i)
          for (std::int64_t j = 0; j < size; ++j) sums[j] += sums[i * size + j];
        const void* from = sums;
        void* to = run.out[0];
        narrow->run({.in = {&from, 1}, .out = {&to, 1}, .immediates = {}, .status = run.status});
      },
      {.workspace_bytes = static_cast<std::size_t>(parts * size) * sizeof(float),
       .description = "bfloat16_convolution"});
}

}  // namespace linnet::inline LINNET_ABI::detail
