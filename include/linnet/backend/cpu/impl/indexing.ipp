#pragma once

#include <cstring>

#include "linnet/backend/cpu/impl/integers.ipp"
#include "linnet/backend/cpu/impl/shape.ipp"
#include "linnet/core/error.hpp"
#include "linnet/core/threads.hpp"
#include "linnet/ops/primitives/indexing.hpp"

namespace linnet::inline LINNET_ABI {

namespace detail {

struct GatherPlan {
  std::int64_t outer = 1, extent = 1, inner = 1, count = 1;
  DType index_dtype = DType::int32;
  std::int64_t item = 4;
};

inline GatherPlan plan_gather(const Shape& x, int axis, const ValueSpec& indices, DType t) {
  GatherPlan p;
  for (int a = 0; a < axis; ++a) p.outer *= x[a];
  for (int a = axis + 1; a < x.rank(); ++a) p.inner *= x[a];
  p.extent = x[axis];
  p.count = indices.shape.size();
  p.index_dtype = indices.dtype;
  p.item = static_cast<std::int64_t>(itemsize(t));
  return p;
}

class GatherKernel final : public Kernel {
 public:
  explicit GatherKernel(const GatherPlan& plan) : p_(plan) {}
  KernelTraits traits() const override { return {.fallible = true}; }
  std::string description() const override { return "gather"; }

  void run(const Run& run) const override {
    const std::int64_t bytes = p_.inner * p_.item;
    parallel_for(p_.outer * p_.count, 65536 / (bytes + 1) + 1,
                 [&](std::int64_t begin, std::int64_t end) {
                   for (std::int64_t i = begin; i < end; ++i) copy(run, i, bytes);
                 });
  }
  [[noreturn]] void throw_error(int, std::int64_t value) const override {
    fail<IndexError>("gather", "index ", value, " is out of bounds for axis of size ", p_.extent);
  }

 private:
  void copy(const Run& run, std::int64_t i, std::int64_t bytes) const {
    const std::int64_t index = load_integer(run.in[1], p_.index_dtype, i % p_.count);
    std::byte* to = run.output<std::byte>() + i * bytes;
    if (index < 0 || index >= p_.extent) {
      run.status->record(run.node, 1, index);
      std::memset(to, 0, static_cast<std::size_t>(bytes));
      return;
    }
    const std::int64_t from = (i / p_.count * p_.extent + index) * bytes;
    std::memcpy(to, run.input<std::byte>(0) + from, static_cast<std::size_t>(bytes));
  }
  GatherPlan p_;
};

template <class T>
void scatter_add(const GatherPlan& p, const Run& run) {
  T* out = run.output<T>();
  std::memset(out, 0, static_cast<std::size_t>(p.outer * p.extent * p.inner) * sizeof(T));
  for (std::int64_t i = 0; i < p.outer * p.count; ++i) {
    const std::int64_t index = load_integer(run.in[1], p.index_dtype, i % p.count);
    if (index < 0 || index >= p.extent) continue;
    T* to = out + (i / p.count * p.extent + index) * p.inner;
    const T* from = run.input<T>(0) + i * p.inner;
    for (std::int64_t j = 0; j < p.inner; ++j) to[j] += from[j];
  }
}

}  // namespace detail

KernelPtr Gather::cpu_kernel(const Call& call) {
  return detail::own_kernel(new detail::GatherKernel(detail::plan_gather(
      call.in[0].shape, call.primitive.get_if<Gather>()->axis, call.in[1], call.in[0].dtype)));
}

KernelPtr GatherBackward::cpu_kernel(const Call& call) {
  const DType t = call.out[0].dtype;
  if (t != DType::float32 && t != DType::float64) return nullptr;
  const auto plan = detail::plan_gather(
      call.out[0].shape, call.primitive.get_if<GatherBackward>()->axis, call.in[1], t);
  return make_kernel(
      [plan, t](const Run& run) {
        t == DType::float64 ? detail::scatter_add<double>(plan, run)
                            : detail::scatter_add<float>(plan, run);
      },
      {.description = "scatter_add"});
}

KernelPtr OneHot::cpu_kernel(const Call& call) {
  const ValueSpec in = call.in[0], out = call.out[0];
  return make_kernel(
      [in, out](const Run& run) {
        const std::int64_t depth = out.shape[-1],
                           item = static_cast<std::int64_t>(itemsize(out.dtype));
        detail::fill_value(run.out[0], out.shape.size(), out.dtype, run.immediates[1]);
        for (std::int64_t i = 0; i < in.shape.size(); ++i) {
          const std::int64_t at = detail::load_integer(run.in[0], in.dtype, i);
          if (at >= 0 && at < depth)
            detail::fill_value(run.output<std::byte>() + (i * depth + at) * item, 1, out.dtype,
                               run.immediates[0]);
        }
      },
      {.description = "one_hot"});
}

}  // namespace linnet::inline LINNET_ABI
