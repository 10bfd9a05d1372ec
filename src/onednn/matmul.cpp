#include "matmul.hpp"

#include <algorithm>
#include <array>
#include <string_view>

#include "linnet/ops/primitives/matmul.hpp"
#include "operation.hpp"
#include "parts.hpp"

namespace linnet::inline LINNET_ABI::onednn {

namespace {

using dnnl::memory;
using Descriptor = dnnl::matmul::primitive_desc;

/// All rows of planes that meet one matrix; the planes are made dense.
ValueSpec as_rows(const ValueSpec& v) {
  if (v.shape.rank() == 2) return v;
  const std::int64_t columns = v.shape[-1];
  return {{columns ? v.shape.size() / columns : 0, columns}, v.dtype, v.device, Layout::dense()};
}

/// A product of one pair of matrices, cut along its rows or its columns.
struct Product {
  Product(const Call& call, const MatMul& p)
      : a(as_rows(call.in[0])), b(call.in[1]), type(data_type(a.dtype)), attributes(p) {
    m = a.shape[0], n = call.out[0].shape[-1], k = a.shape[1];
    by_rows = m >= n;
  }
  std::int64_t length() const { return by_rows ? m : n; }

  static memory::desc matrix(const ValueSpec& v, std::int64_t rows, std::int64_t columns,
                             memory::data_type t) {
    const Strides s = v.strides();
    return {{rows, columns}, t, {s[-2], s[-1]}};
  }
  Descriptor descriptor(std::int64_t size) const {
    const std::int64_t rows = by_rows ? size : m, columns = by_rows ? n : size;
    const memory::desc bias =
        attributes.bias ? memory::desc({1, columns}, type, memory::format_tag::ab) : memory::desc();
    return {engine(),
            matrix(a, rows, k, type),
            matrix(b, k, columns, type),
            bias,
            memory::desc({rows, columns}, type, memory::dims{n, 1}),
            attributes_of(attributes.activation)};
  }
  Operation operation(std::int64_t size) const {
    const Descriptor d = descriptor(size);
    Operation op{dnnl::matmul(d),
                 {{DNNL_ARG_SRC, d.src_desc()},
                  {DNNL_ARG_WEIGHTS, d.weights_desc()},
                  {DNNL_ARG_DST, d.dst_desc()},
                  {DNNL_ARG_SCRATCHPAD, d.scratchpad_desc()}}};
    if (attributes.bias) op.arguments.push_back({DNNL_ARG_BIAS, d.bias_desc()});
    return op;
  }

  ValueSpec a, b;
  memory::data_type type;
  MatMul attributes;
  std::int64_t m, n, k;
  bool by_rows;
};

class MatMulKernel final : public PartsKernel {
 public:
  MatMulKernel(const Product& product, const Parts& parts, const Descriptor& first)
      : PartsKernel(parts, {parts, [&](std::int64_t size) { return product.operation(size); }},
                    first.impl_info_str()),
        layouts_{product.a.layout, product.b.layout},
        scratchpad_(aligned(first.scratchpad_desc().get_size())) {
    const auto item = static_cast<std::int64_t>(itemsize(product.a.dtype));
    a_step_ = product.by_rows ? product.a.strides()[-2] * item : 0;
    b_step_ = product.by_rows ? 0 : product.b.strides()[-1] * item;
    out_step_ = product.by_rows ? product.n * item : item;
    bias_step_ = product.by_rows ? 0 : item;
    if (product.attributes.bias) layouts_.push_back(Layout::dense());
  }

  std::span<const Layout> in_layouts() const override { return layouts_; }
  std::size_t workspace_bytes() const override {
    return scratchpad_ * static_cast<std::size_t>(parts_.count);
  }

  void run(const Run& run) const override {
    const auto at = [](const void* p, std::int64_t offset) -> void* {
      return const_cast<std::byte*>(static_cast<const std::byte*>(p)) + offset;
    };
    const bool bias = run.in.size() > 2;
    for_parts(run, [&](std::int64_t p, Runner& runner) {
      const std::int64_t first = parts_.begin(p);
      const std::array<void*, 5> pointers{
          at(run.in[0], first * a_step_), at(run.in[1], first * b_step_),
          at(run.out[0], first * out_step_),
          at(run.workspace, p * static_cast<std::int64_t>(scratchpad_)),
          bias ? at(run.in[2], first * bias_step_) : nullptr};
      runner.run({pointers.data(), bias ? 5u : 4u});
    });
  }

 private:
  std::vector<Layout> layouts_;
  std::size_t scratchpad_;
  std::int64_t a_step_, b_step_, out_step_, bias_step_;
};

/// Matrices whose rows or columns are consecutive.
bool is_usable(const ValueSpec& v) {
  if (v.shape.rank() != 2) return false;
  const Strides s = v.strides();
  return (s[-1] == 1 && s[-2] >= v.shape[-1]) || (s[-2] == 1 && s[-1] >= v.shape[-2]);
}

}  // namespace

KernelPtr matmul(const Call& call) {
  if (call.out[0].dtype != DType::bfloat16 || call.in[1].shape.rank() != 2) return nullptr;
  if (!is_usable(as_rows(call.in[0])) || !is_usable(call.in[1])) return nullptr;
  const Product product(call, *call.primitive.get_if<MatMul>());
  if (product.m == 0 || product.n == 0 || product.k == 0) return nullptr;
  const OneThread one;
  const double work = 2.0 * static_cast<double>(product.m) * static_cast<double>(product.n) *
                      static_cast<double>(product.k);
  // Thinner strips than 64 rows or columns run at a fraction of the speed.
  const auto strips = static_cast<double>(product.length()) / 64;
  const Parts parts(product.length(), std::min(work, Parts::flops_of_part * strips));
  const Descriptor first = product.descriptor(parts.largest());
  const std::string_view name = first.impl_info_str();
  if (!name.starts_with("brg") && !name.starts_with("gemm:jit")) return nullptr;
  return std::make_shared<MatMulKernel>(product, parts, first);
}

}  // namespace linnet::inline LINNET_ABI::onednn
