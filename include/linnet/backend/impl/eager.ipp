#pragma once

#include <array>

#include "linnet/backend/apply.hpp"
#include "linnet/backend/eager.hpp"
#include "linnet/backend/program.hpp"
#include "linnet/core/allocator.hpp"
#include "linnet/core/small_vector.hpp"

namespace linnet::inline LINNET_ABI::detail {

PrimitiveRef copy_primitive(DType from) {
  static const auto copies = [] {
    std::array<Elementwise, compute_type_count> all{};
    for (int c = 0; c < compute_type_count; ++c) {
      Program& p = all[static_cast<std::size_t>(c)].program;
      p.compute = static_cast<ComputeType>(c);
      p.inputs = p.outputs = 1;
    }
    return all;
  }();
  return copies[static_cast<std::size_t>(compute_type_of(from))];
}

Tensor eager_view(PrimitiveRef primitive, const Tensor& x, const TensorSpec& out) {
  const StridedView in{x.shape(), x.strides(), 0};
  StridedView view;
  Tensor source = x;
  if (!primitive.type().view(primitive.attributes(), in, view)) {
    source = make_dense(x);
    const StridedView dense_in{x.shape(), dense_strides(x.shape()), 0};
    if (!primitive.type().view(primitive.attributes(), dense_in, view))
      fail<ShapeError>(primitive.name(), "cannot view a tensor of shape ", x.shape(), " as ",
                       out.shape);
  }
  auto* first = static_cast<std::byte*>(source.impl()->data) +
                view.offset * static_cast<std::int64_t>(itemsize(x.dtype()));
  return make_view(source, out.shape, view.strides, first);
}

/// Memory for one run, given back at the end of scope.
class Workspace {
 public:
  explicit Workspace(std::size_t bytes)
      : p_(bytes ? cpu_allocate(bytes) : nullptr), bytes_(bytes) {}
  ~Workspace() {
    if (p_) cpu_deallocate(p_, bytes_);
  }
  Workspace(const Workspace&) = delete;
  Workspace& operator=(const Workspace&) = delete;
  void* get() const { return p_; }

 private:
  void* p_;
  std::size_t bytes_;
};

void run_eager(PrimitiveRef primitive, std::span<const Tensor* const> in,
               std::span<const TensorSpec> out, std::span<Tensor> results,
               std::span<const Scalar> immediates) {
  for (const Tensor* x : in)
    if (x->is_traced())
      fail<CaptureError>(primitive.name(),
                         "an input was traced by a linnet::function that has ended or runs on "
                         "another thread; return it from the function instead");
  CachedKernel& k = find_kernel(primitive, in, out, static_cast<int>(immediates.size()));
  SmallVector<Tensor, 2> dense_copies;
  SmallVector<const void*, 12> in_pointers;
  for (std::size_t i = 0; i < in.size(); ++i) {
    if (k.any_densify && k.densify[i]) {
      dense_copies.push_back(make_dense(*in[i]));
      in_pointers.push_back(dense_copies.back().raw_data());
    } else {
      in_pointers.push_back(in[i]->raw_data());
    }
  }
  SmallVector<void*, 8> out_pointers;
  SmallVector<Tensor, 4> made;
  for (std::size_t o = 0; o < out.size(); ++o) {
    made.push_back(results[o].defined() ? results[o] : empty(out[o]));
    out_pointers.push_back(made.back().impl()->data);
  }
  const Workspace workspace(k.workspace);
  Status status;
  k.kernel->run({.in = in_pointers.span(),
                 .out = out_pointers.span(),
                 .immediates = immediates,
                 .workspace = workspace.get(),
                 .state = k.state.get(),
                 .status = &status});
  if (k.fallible && !status.ok()) k.kernel->throw_error(status.code, status.value);
  for (std::size_t o = 0; o < out.size(); ++o) results[o] = std::move(made[o]);
}

}  // namespace linnet::inline LINNET_ABI::detail
