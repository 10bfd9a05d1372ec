#include "quantized.hpp"

#include <array>
#include <cstring>
#include <string_view>

#include "linnet/backend/cpu/isa.hpp"
#include "linnet/backend/cpu/quantized_output.hpp"
#include "linnet/ops/primitives/quantization.hpp"
#include "operation.hpp"
#include "parts.hpp"

namespace linnet::inline LINNET_ABI::onednn {

namespace {

using dnnl::memory;
using Tag = memory::format_tag;
using Type = memory::data_type;

Type integers(DType t) { return t == DType::int8 ? Type::s8 : Type::u8; }

/// A scratchpad of the caller's, and a zero point of x that is known when it runs.
dnnl::primitive_attr attributes() {
  dnnl::primitive_attr attr;
  attr.set_scratchpad_mode(dnnl::scratchpad_mode::user);
  attr.set_zero_points_mask(DNNL_ARG_SRC, 0);
  return attr;
}

/// True for implementations with exact sums, where they are wanted.
bool is_wanted(std::string_view implementation, bool slow_otherwise) {
  const bool amx = implementation.find("amx") != std::string_view::npos;
  const bool vnni = implementation.find("vnni") != std::string_view::npos;
  return is_fast(implementation.data()) && (amx || (vnni && slow_otherwise));
}

/// Sums over parts of the batch or of the rows.
class QuantizedKernel final : public PartsKernel {
 public:
  /// `x_part`, `y_part`: elements of x and y of one unit of the parts.
  template <class Descriptor>
  QuantizedKernel(const Parts& parts, PartOperations operations, const Descriptor& first,
                  const memory::desc& plain, const detail::QuantizedOutput& output,
                  std::int64_t x_part, std::int64_t y_part, std::int64_t columns)
      : PartsKernel(parts, std::move(operations), first.impl_info_str()),
        output_(output),
        scratchpad_(aligned(first.scratchpad_desc().get_size())),
        weights_(aligned(first.weights_desc().get_size())),
        x_part_(x_part),
        y_part_(y_part),
        columns_(columns) {
    reorder_ = reorder(plain, first.weights_desc());
  }

  KernelTraits traits() const override { return {.fallible = true}; }
  std::size_t workspace_bytes() const override {
    return weights_ + scratchpad_ * static_cast<std::size_t>(parts_.count) + 64 + sums_bytes() +
           output_.bytes();
  }
  [[noreturn]] void throw_error(int code, std::int64_t value) const override {
    output_.throw_error(code, value);
  }

  Prepared prepared() const override { return {3, weights_}; }
  void prepare(const Run& run) const override {
    run_reorder(run, const_cast<void*>(run.in[3]), run.prepared);
  }

  void run(const Run& run) const override {
    auto *scratchpads = static_cast<std::byte*>(run.workspace),
         *weights = static_cast<std::byte*>(run.prepared);
    if (!weights) {
      weights = scratchpads, scratchpads += weights_;
      run_reorder(run, const_cast<void*>(run.in[3]), weights);
    }
    std::byte *zero = scratchpads + scratchpad_ * static_cast<std::size_t>(parts_.count),
              *sums = zero + 64, *factors = sums + sums_bytes();
    const std::int32_t zero_point = output_.zero_point(run);
    std::memcpy(zero, &zero_point, sizeof zero_point);
    const isa::QuantizedFinishArgs finish = output_.start(run, factors);
    if (sums_bytes() == 0) sums = run.output<std::byte>();
    for_parts(run, [&](std::int64_t p, Runner& runner) {
      const std::int64_t first = parts_.begin(p);
      std::byte* part = sums + first * y_part_ * 4;
      const std::array<void*, 5> pointers{
          const_cast<std::byte*>(run.input<std::byte>(0)) + first * x_part_, weights, part,
          scratchpads + static_cast<std::size_t>(p) * scratchpad_, zero};
      runner.run(pointers);
      isa::QuantizedFinishArgs a = finish;
      a.sums = reinterpret_cast<const std::int32_t*>(part);
      a.rows = parts_.size(p) * y_part_ / columns_;
      a.y = run.output<std::byte>() + first * y_part_ * output_.item();
      isa::quantized_finish(a);
    });
  }

 private:
  /// Room for all sums; float32 takes their place.
  std::size_t sums_bytes() const {
    return output_.item() == 4 ? 0 : aligned(static_cast<std::size_t>(parts_.total * y_part_ * 4));
  }

  detail::QuantizedOutput output_;
  std::size_t scratchpad_, weights_;
  std::int64_t x_part_, y_part_, columns_;
};

template <class Primitive, class Descriptor>
Operation operation_of(const Descriptor& d) {
  return {Primitive(d),
          {{DNNL_ARG_SRC, d.src_desc()},
           {DNNL_ARG_WEIGHTS, d.weights_desc()},
           {DNNL_ARG_DST, d.dst_desc()},
           {DNNL_ARG_SCRATCHPAD, d.scratchpad_desc()},
           {DNNL_ARG_ATTR_ZERO_POINTS | DNNL_ARG_SRC, {{1}, Type::s32, Tag::x}}}};
}

}  // namespace

KernelPtr quantized_matmul(const Call& call, bool always) {
  const auto& p = *call.primitive.get_if<QuantizedMatMul>();
  const std::int64_t k = call.in[3].shape[0], n = call.in[3].shape[1];
  if (call.out[0].shape.size() == 0 || k == 0) return nullptr;
  const std::int64_t m = call.out[0].shape.size() / n;
  const Type type = integers(call.in[0].dtype);
  const OneThread one;
  const auto descriptor = [&](std::int64_t rows, const memory::desc& weights) {
    return dnnl::matmul::primitive_desc(engine(), memory::desc({rows, k}, type, Tag::ab), weights,
                                        memory::desc({rows, n}, Type::s32, Tag::ab), attributes());
  };
  const Parts parts(m, 2.0 * static_cast<double>(m) * static_cast<double>(k * n));
  const auto first = descriptor(parts.largest(), {{k, n}, Type::s8, Tag::any});
  if (!is_wanted(first.impl_info_str(), always)) return nullptr;
  const auto make = [&](std::int64_t rows) {
    return operation_of<dnnl::matmul>(descriptor(rows, first.weights_desc()));
  };
  return std::make_shared<QuantizedKernel>(
      parts, PartOperations(parts, make), first, memory::desc({k, n}, Type::s8, Tag::ab),
      detail::QuantizedOutput(call, p.bias, p.activation), k, n, n);
}

KernelPtr quantized_convolution(const Call& call, bool always) {
  const auto& p = *call.primitive.get_if<QuantizedConv2D>();
  const Shape &x = call.in[0].shape, &w = call.in[3].shape, &y = call.out[0].shape;
  if (y.size() == 0 || w.size() == 0) return nullptr;
  const Type type = integers(call.in[0].dtype);
  const std::int64_t g = p.groups;
  const memory::dims kernel =
      g > 1 ? memory::dims{g, w[3] / g, w[2], w[0], w[1]} : memory::dims{w[3], w[2], w[0], w[1]};
  const OneThread one;
  const auto descriptor = [&](std::int64_t images, const memory::desc& weights) {
    return dnnl::convolution_forward::primitive_desc(
        engine(), dnnl::prop_kind::forward_inference, dnnl::algorithm::convolution_direct,
        memory::desc({images, x[3], x[1], x[2]}, type, Tag::nhwc), weights,
        memory::desc({images, y[3], y[1], y[2]}, Type::s32, Tag::nhwc), {p.strides.h, p.strides.w},
        {p.dilations.h - 1, p.dilations.w - 1}, {p.padding.top, p.padding.left},
        {p.padding.bottom, p.padding.right}, attributes());
  };
  const Parts parts(x[0], 2.0 * static_cast<double>(y.size() * w[0] * w[1] * w[2]));
  const auto first = descriptor(parts.largest(), {kernel, Type::s8, Tag::any});
  if (!is_wanted(first.impl_info_str(), always || g > 1)) return nullptr;
  const auto make = [&](std::int64_t images) {
    return operation_of<dnnl::convolution_forward>(descriptor(images, first.weights_desc()));
  };
  return std::make_shared<QuantizedKernel>(
      parts, PartOperations(parts, make), first,
      memory::desc(kernel, Type::s8, g > 1 ? Tag::hwigo : Tag::hwio),
      detail::QuantizedOutput(call, p.bias, p.activation), x[1] * x[2] * x[3], y[1] * y[2] * y[3],
      y[3]);
}

}  // namespace linnet::inline LINNET_ABI::onednn
