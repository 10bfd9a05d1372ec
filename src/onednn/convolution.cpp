#include "convolution.hpp"

#include <algorithm>
#include <array>
#include <cstring>
#include <optional>
#include <string>
#include <string_view>

#include "linnet/backend/cpu/conv_bfloat.hpp"
#include "linnet/backend/cpu/conv_taps.hpp"
#include "linnet/backend/cpu/winograd.hpp"
#include "linnet/core/threads.hpp"
#include "linnet/ops/primitives/conv.hpp"
#include "operation.hpp"
#include "parts.hpp"

namespace linnet::inline LINNET_ABI::onednn {

namespace {

using dnnl::memory;
using Tag = memory::format_tag;

/// The operands of a convolution in oneDNN's terms; x and y are those of the forward direction.
struct Geometry {
  Geometry(const Conv2DAttributes& p, DType dtype, const Shape& x, const Shape& kernel,
           const Shape& y)
      : attributes(p),
        type(data_type(dtype)),
        item(static_cast<std::int64_t>(itemsize(dtype))),
        x_shape(x),
        kernel_shape(kernel),
        y_shape(y) {}

  memory::desc image(const Shape& s, std::int64_t images) const {
    return {{images, s[3], s[1], s[2]}, type, Tag::nhwc};
  }
  memory::desc weights(Tag tag) const { return weights(tag, type); }
  memory::desc weights(Tag tag, memory::data_type t) const {
    const Shape& k = kernel_shape;
    const std::int64_t g = attributes.groups;
    const bool grouped = g > 1;
    const memory::dims dims = grouped ? memory::dims{g, k[3] / g, k[2], k[0], k[1]}
                                      : memory::dims{k[3], k[2], k[0], k[1]};
    return {dims, t, tag == Tag::any ? tag : grouped ? Tag::hwigo : Tag::hwio};
  }
  memory::dims strides() const { return {attributes.strides.h, attributes.strides.w}; }
  memory::dims dilations() const {
    return {attributes.dilations.h - 1, attributes.dilations.w - 1};
  }
  memory::dims padding_before() const { return {attributes.padding.top, attributes.padding.left}; }
  memory::dims padding_after() const {
    return {attributes.padding.bottom, attributes.padding.right};
  }
  std::int64_t images() const { return x_shape[0]; }
  double flops() const {
    const Shape& k = kernel_shape;
    return 2.0 * static_cast<double>(y_shape.size() * k[0] * k[1] * k[2]);
  }
  Parts parts() const { return {images(), flops()}; }
  /// Each part of a weights gradient writes all weights: at least a thousand pixels for that.
  Parts weights_parts() const {
    const auto pixels = static_cast<double>(y_shape[0] * y_shape[1] * y_shape[2]);
    return {images(), std::min(flops(), Parts::flops_of_part * std::max(2.0, pixels / 1024))};
  }
  std::int64_t image_bytes(const Shape& s) const { return s[1] * s[2] * s[3] * item; }

  Conv2DAttributes attributes;
  memory::data_type type;
  std::int64_t item;
  Shape x_shape, kernel_shape, y_shape;
};

using Forward = dnnl::convolution_forward::primitive_desc;
using BackwardData = dnnl::convolution_backward_data::primitive_desc;
using BackwardWeights = dnnl::convolution_backward_weights::primitive_desc;
constexpr auto direct = dnnl::algorithm::convolution_direct;

Forward forward(const Geometry& g, std::int64_t images, const memory::desc& weights,
                const memory::desc& bias, Activation activation) {
  return {engine(),
          dnnl::prop_kind::forward_training,
          direct,
          g.image(g.x_shape, images),
          weights,
          bias,
          g.image(g.y_shape, images),
          g.strides(),
          g.dilations(),
          g.padding_before(),
          g.padding_after(),
          attributes_of(activation)};
}
Forward hint(const Geometry& g, std::int64_t images) {
  return forward(g, images, g.weights(Tag::any), {}, Activation::none);
}
BackwardData backward_data(const Geometry& g, std::int64_t images, const memory::desc& weights) {
  return {engine(),
          direct,
          g.image(g.x_shape, images),
          weights,
          g.image(g.y_shape, images),
          g.strides(),
          g.dilations(),
          g.padding_before(),
          g.padding_after(),
          hint(g, images),
          attributes_of(Activation::none)};
}
BackwardWeights backward_weights(const Geometry& g, std::int64_t images,
                                 const memory::desc& weights) {
  return {engine(),
          direct,
          g.image(g.x_shape, images),
          weights,
          g.image(g.y_shape, images),
          g.strides(),
          g.dilations(),
          g.padding_before(),
          g.padding_after(),
          hint(g, images),
          attributes_of(Activation::none)};
}

/// The working memory of a kernel: weights in oneDNN's layout, then a scratchpad for each part.
struct Memory {
  std::size_t weights = 0, weights_count = 1, scratchpad = 0, parts = 1;
  std::size_t size() const { return weights * weights_count + scratchpad * parts; }
  std::byte* weights_at(void* workspace, std::int64_t i = 0) const {
    return static_cast<std::byte*>(workspace) + weights * static_cast<std::size_t>(i);
  }
  std::byte* scratchpad_at(void* workspace, std::int64_t part) const {
    return static_cast<std::byte*>(workspace) + weights * weights_count +
           scratchpad * static_cast<std::size_t>(part);
  }
};

/// Parts of the batch at once, weights in oneDNN's own layout.
class ConvolutionKernel : public PartsKernel {
 public:
  std::size_t workspace_bytes() const override { return memory_.size(); }

 protected:
  using PartsKernel::PartsKernel;
  Memory memory_;
};

/// Images to images: forward and the gradient with respect to the input.
class ImagesKernel final : public ConvolutionKernel {
 public:
  ImagesKernel(const Parts& parts, PartOperations operations, const char* implementation,
               const memory::desc& plain, const memory::desc& wanted, std::size_t scratchpad,
               std::int64_t in_bytes, std::int64_t out_bytes)
      : ConvolutionKernel(parts, std::move(operations), implementation),
        in_bytes_(in_bytes),
        out_bytes_(out_bytes) {
    memory_.scratchpad = aligned(scratchpad);
    memory_.parts = static_cast<std::size_t>(parts.count);
    if (plain == wanted) return;
    memory_.weights = aligned(wanted.get_size());
    reorder_ = reorder(plain, wanted);
  }

  Prepared prepared() const override {
    return reorder_ ? Prepared{1, memory_.weights} : Prepared{};
  }
  void prepare(const Run& run) const override {
    run_reorder(run, const_cast<void*>(run.in[1]), run.prepared);
  }

  void run(const Run& run) const override {
    void* weights = run.prepared ? run.prepared : const_cast<void*>(run.in[1]);
    auto* scratchpads = static_cast<std::byte*>(run.workspace);
    if (reorder_ && !run.prepared) {
      run_reorder(run, weights, run.workspace);
      weights = run.workspace;
      scratchpads += memory_.weights;
    }
    void* bias = run.in.size() > 2 ? const_cast<void*>(run.in[2]) : nullptr;
    for_parts(run, [&](std::int64_t p, Runner& runner) {
      const std::int64_t first = parts_.begin(p);
      const std::array<void*, 5> pointers{
          const_cast<std::byte*>(run.input<std::byte>(0)) + first * in_bytes_, weights,
          run.output<std::byte>() + first * out_bytes_,
          scratchpads + memory_.scratchpad * static_cast<std::size_t>(p), bias};
      runner.run({pointers.data(), bias ? 5u : 4u});
    });
  }

 private:
  std::int64_t in_bytes_, out_bytes_;
};

/// The gradient with respect to the kernel: each part of the batch its own, in float32, then their
/// sum.
class WeightsKernel final : public ConvolutionKernel {
 public:
  WeightsKernel(const Parts& parts, PartOperations operations, const char* implementation,
                const memory::desc& plain, const memory::desc& given, std::size_t scratchpad,
                std::int64_t x_bytes, std::int64_t dy_bytes)
      : ConvolutionKernel(parts, std::move(operations), implementation),
        x_bytes_(x_bytes),
        dy_bytes_(dy_bytes),
        elements_(static_cast<std::int64_t>(given.get_size() / 4)) {
    memory_.weights = aligned(given.get_size());
    memory_.weights_count = memory_.parts = static_cast<std::size_t>(parts.count);
    memory_.scratchpad = aligned(scratchpad);
    if (plain != given) reorder_ = reorder(given, plain);
  }

  void run(const Run& run) const override {
    for_parts(run, [&](std::int64_t p, Runner& runner) {
      const std::int64_t first = parts_.begin(p);
      const std::array<void*, 4> pointers{
          const_cast<std::byte*>(run.input<std::byte>(0)) + first * x_bytes_,
          const_cast<std::byte*>(run.input<std::byte>(1)) + first * dy_bytes_,
          memory_.weights_at(run.workspace, p), memory_.scratchpad_at(run.workspace, p)};
      runner.run(pointers);
    });
    add_parts(run);
    void* sum = memory_.weights_at(run.workspace);
    if (reorder_)
      run_reorder(run, sum, run.out[0]);
    else
      std::memcpy(run.out[0], sum, static_cast<std::size_t>(elements_) * 4);
  }

 private:
  /// The first part becomes the sum of all, in the order of the parts.
  void add_parts(const Run& run) const {
    if (parts_.count == 1) return;
    detail::parallel_for(elements_, 32768, [&](std::int64_t begin, std::int64_t end) {
      auto* sum = reinterpret_cast<float*>(memory_.weights_at(run.workspace));
      for (std::int64_t p = 1; p < parts_.count; ++p) {
        const auto* part = reinterpret_cast<const float*>(memory_.weights_at(run.workspace, p));
        for (std::int64_t i = begin; i < end; ++i) sum[i] += part[i];
      }
    });
  }

  std::int64_t x_bytes_, dy_bytes_, elements_;
};

/// oneDNN on one thread does not split an image: one alone is left to Linnet's kernels, which do.
bool is_suitable(const Geometry& g, DType t) {
  return (t == DType::float32 || t == DType::bfloat16) && g.images() > 1 &&
         !detail::is_taps_convolution(g.attributes, t, g.x_shape, g.kernel_shape, g.y_shape);
}

}  // namespace

KernelPtr convolution(const Call& call) {
  const auto& p = *call.primitive.get_if<Conv2D>();
  const Geometry g(p, call.in[0].dtype, call.in[0].shape, call.in[1].shape, call.out[0].shape);
  if (!is_suitable(g, call.in[0].dtype) || call.out[0].shape.size() == 0 ||
      detail::is_winograd_convolution(p, call.in[0].dtype, g.x_shape, g.kernel_shape, g.y_shape))
    return nullptr;
  const OneThread one;
  const Parts parts = g.parts();
  const memory::desc bias =
      p.bias ? memory::desc({call.out[0].shape[3]}, g.type, Tag::x) : memory::desc();
  const Forward first = forward(g, parts.largest(), g.weights(Tag::any), bias, p.activation);
  if (!is_fast(first.impl_info_str())) return nullptr;
  const auto make = [&](std::int64_t images) {
    const Forward pd = forward(g, images, first.weights_desc(), bias, p.activation);
    Operation op{dnnl::convolution_forward(pd),
                 {{DNNL_ARG_SRC, pd.src_desc()},
                  {DNNL_ARG_WEIGHTS, pd.weights_desc()},
                  {DNNL_ARG_DST, pd.dst_desc()},
                  {DNNL_ARG_SCRATCHPAD, pd.scratchpad_desc()}}};
    if (p.bias) op.arguments.push_back({DNNL_ARG_BIAS, bias});
    return op;
  };
  return std::make_shared<ImagesKernel>(parts, PartOperations(parts, make), first.impl_info_str(),
                                        g.weights(Tag::hwio), first.weights_desc(),
                                        first.scratchpad_desc().get_size(),
                                        g.image_bytes(g.x_shape), g.image_bytes(g.y_shape));
}

KernelPtr convolution_backward_input(const Call& call) {
  const auto& p = *call.primitive.get_if<Conv2DBackwardInput>();
  const Geometry g(p, call.in[0].dtype, call.out[0].shape, call.in[1].shape, call.in[0].shape);
  if (!is_suitable(g, call.in[0].dtype) || call.in[0].shape.size() == 0 ||
      detail::is_winograd_convolution(p, call.in[0].dtype, g.y_shape, g.kernel_shape, g.x_shape))
    return nullptr;
  const OneThread one;
  const Parts parts = g.parts();
  const BackwardData first = backward_data(g, parts.largest(), g.weights(Tag::any));
  if (!is_fast(first.impl_info_str())) return nullptr;
  const auto make = [&](std::int64_t images) {
    const BackwardData pd = backward_data(g, images, first.weights_desc());
    return Operation{dnnl::convolution_backward_data(pd),
                     {{DNNL_ARG_DIFF_DST, pd.diff_dst_desc()},
                      {DNNL_ARG_WEIGHTS, pd.weights_desc()},
                      {DNNL_ARG_DIFF_SRC, pd.diff_src_desc()},
                      {DNNL_ARG_SCRATCHPAD, pd.scratchpad_desc()}}};
  };
  return std::make_shared<ImagesKernel>(parts, PartOperations(parts, make), first.impl_info_str(),
                                        g.weights(Tag::hwio), first.weights_desc(),
                                        first.scratchpad_desc().get_size(),
                                        g.image_bytes(g.y_shape), g.image_bytes(g.x_shape));
}

KernelPtr convolution_backward_kernel(const Call& call) {
  const auto& p = *call.primitive.get_if<Conv2DBackwardKernel>();
  const Geometry g(p, call.in[0].dtype, call.in[0].shape, call.out[0].shape, call.in[1].shape);
  if (!is_suitable(g, call.in[0].dtype) || call.in[1].shape.size() == 0 ||
      detail::is_winograd_kernel_gradient(p, call.in[0].dtype, g.x_shape, g.kernel_shape,
                                          g.y_shape) ||
      detail::is_bfloat_kernel_gradient(p, call.in[0].dtype, g.x_shape, g.kernel_shape, g.y_shape))
    return nullptr;
  const OneThread one;
  const Parts parts = g.weights_parts();
  const BackwardWeights first =
      backward_weights(g, parts.largest(), g.weights(Tag::any, memory::data_type::f32));
  // In float32, on large images, its NHWC implementation is slower than Linnet's own by a tenth to
  // a half; on small ones, with many weights for few pixels, it is several times faster.
  const bool large = g.y_shape[1] * g.y_shape[2] > 256;
  if (g.type == memory::data_type::f32 && large &&
      !std::string_view(first.impl_info_str()).starts_with("brg"))
    return nullptr;
  if (!is_fast(first.impl_info_str())) return nullptr;
  const auto make = [&](std::int64_t images) {
    const BackwardWeights pd = backward_weights(g, images, first.diff_weights_desc());
    return Operation{dnnl::convolution_backward_weights(pd),
                     {{DNNL_ARG_SRC, pd.src_desc()},
                      {DNNL_ARG_DIFF_DST, pd.diff_dst_desc()},
                      {DNNL_ARG_DIFF_WEIGHTS, pd.diff_weights_desc()},
                      {DNNL_ARG_SCRATCHPAD, pd.scratchpad_desc()}}};
  };
  return std::make_shared<WeightsKernel>(parts, PartOperations(parts, make), first.impl_info_str(),
                                         g.weights(Tag::hwio), first.diff_weights_desc(),
                                         first.scratchpad_desc().get_size(),
                                         g.image_bytes(g.x_shape), g.image_bytes(g.y_shape));
}

}  // namespace linnet::inline LINNET_ABI::onednn
