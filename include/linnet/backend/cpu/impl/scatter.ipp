#pragma once

#include <cstring>

#include "linnet/backend/cpu/impl/integers.ipp"
#include "linnet/backend/cpu/impl/numbers.ipp"
#include "linnet/core/error.hpp"
#include "linnet/ops/primitives/scatter.hpp"

namespace linnet::inline LINNET_ABI {

namespace detail {

class FlatIndexKernel final : public Kernel {
 public:
  FlatIndexKernel(const Shape& dims, DType dtype, std::int64_t count)
      : dims_(dims), dtype_(dtype), count_(count) {}
  KernelTraits traits() const override { return {.fallible = true}; }
  std::string description() const override { return "flat_index"; }
  void run(const Run& run) const override {
    std::int64_t* out = run.output<std::int64_t>();
    for (std::int64_t i = 0; i < count_; ++i) {
      std::int64_t at = 0;
      for (int a = 0; a < dims_.rank(); ++a) {
        const std::int64_t index = load_integer(run.in[0], dtype_, i * dims_.rank() + a);
        const bool inside = index >= 0 && index < dims_[a];
        if (!inside) run.status->record(run.node, a, index);
        at = inside && at >= 0 ? at * dims_[a] + index : -1;
      }
      out[i] = at;
    }
  }
  [[noreturn]] void throw_error(int axis, std::int64_t value) const override {
    fail<IndexError>("indices", "index ", value, " is out of bounds for axis ", axis, " of size ",
                     dims_[axis]);
  }

 private:
  Shape dims_;
  DType dtype_;
  std::int64_t count_;
};

struct ScatterPlan {
  std::int64_t rows = 0, inner = 0, count = 0;
};

template <class T, ScatterMode mode>
void run_scatter(const ScatterPlan& p, const Run& run) {
  T* out = run.output<T>();
  if (out != run.in[0] && p.rows * p.inner > 0)
    std::memcpy(out, run.in[0], static_cast<std::size_t>(p.rows * p.inner) * sizeof(T));
  for (std::int64_t i = 0; i < p.count; ++i) {
    const std::int64_t at = run.input<std::int64_t>(1)[i];
    if (at < 0 || at >= p.rows) continue;
    const T* from = run.input<T>(2) + i * p.inner;
    T* to = out + at * p.inner;
    for (std::int64_t j = 0; j < p.inner; ++j) {
      if constexpr (mode == ScatterMode::update) to[j] = from[j];
      if constexpr (mode == ScatterMode::add) to[j] = static_cast<T>(to[j] + from[j]);
      if constexpr (mode == ScatterMode::min)
        if (from[j] < to[j] || from[j] != from[j]) to[j] = from[j];
      if constexpr (mode == ScatterMode::max)
        if (from[j] > to[j] || from[j] != from[j]) to[j] = from[j];
    }
  }
}

using ScatterRun = void (*)(const ScatterPlan&, const Run&);

template <class T>
ScatterRun scatter_run(ScatterMode mode) {
  switch (mode) {
    case ScatterMode::update:
      return run_scatter<T, ScatterMode::update>;
    case ScatterMode::add:
      return run_scatter<T, ScatterMode::add>;
    case ScatterMode::min:
      return run_scatter<T, ScatterMode::min>;
    default:
      return run_scatter<T, ScatterMode::max>;
  }
}

}  // namespace detail

KernelPtr FlatIndex::cpu_kernel(const Call& call) {
  return detail::own_kernel(new detail::FlatIndexKernel(
      call.primitive.get_if<FlatIndex>()->dims, call.in[0].dtype, call.out[0].shape.size()));
}

KernelPtr Scatter::cpu_kernel(const Call& call) {
  const ScatterMode mode = call.primitive.get_if<Scatter>()->mode;
  const DType t = call.in[0].dtype;
  detail::ScatterRun run = nullptr;
  detail::with_number(t, [&]<class T>(T) { run = detail::scatter_run<T>(mode); });
  if (!run && mode == ScatterMode::update)  // of 16-bit floats only the bits matter
    run = detail::run_scatter<std::uint16_t, ScatterMode::update>;
  if (!run) return nullptr;
  const detail::ScatterPlan plan{call.in[0].shape[0], call.in[0].shape[1], call.in[1].shape[0]};
  return make_kernel([run, plan](const Run& r) { run(plan, r); },
                     {.in_place = {{0, 0}}, .description = "scatter"});
}

}  // namespace linnet::inline LINNET_ABI
