#pragma once

#include <algorithm>
#include <bit>
#include <numeric>
#include <type_traits>

#include "linnet/backend/cpu/impl/numbers.ipp"
#include "linnet/core/threads.hpp"
#include "linnet/ops/primitives/sort.hpp"

namespace linnet::inline LINNET_ABI {

namespace detail {

/// a before b in ascending order, NaN last.
template <class T>
bool sorts_before(T a, T b) {
  if constexpr (std::is_floating_point_v<T>) return a < b || (b != b && a == a);
  return a < b;
}

template <class T, bool descending>
void argsort_line(const T* x, std::int64_t n, std::int32_t* order, std::int32_t* out,
                  std::int64_t k) {
  std::iota(order, order + n, 0);
  const auto before = [x](std::int32_t a, std::int32_t b) {
    const T left = x[a], right = x[b];
    if (descending ? sorts_before(right, left) : sorts_before(left, right)) return true;
    if (descending ? sorts_before(left, right) : sorts_before(right, left)) return false;
    return a < b;
  };
  if (k < n)
    std::partial_sort(order, order + k, order + n, before);
  else
    std::sort(order, order + n, before);
  if (out != order) std::copy(order, order + k, out);
}

class ArgSortKernel final : public Kernel {
 public:
  using Line = void (*)(const void* x, std::int64_t n, std::int32_t* order, std::int32_t* out,
                        std::int64_t k);
  ArgSortKernel(Line line, std::int64_t n, std::int64_t k, std::int64_t rows)
      : line_(line), n_(n), k_(k), rows_(rows) {}
  std::string description() const override { return "sort"; }
  /// Lines of which only a part is wanted are sorted beside the output.
  std::size_t workspace_bytes() const override {
    return k_ < n_ ? static_cast<std::size_t>(rows_ * n_) * sizeof(std::int32_t) : 0;
  }
  void run(const Run& run) const override {
    const std::int64_t work =
        n_ * static_cast<std::int64_t>(std::bit_width(static_cast<std::uint64_t>(n_)) + 1);
    parallel_for(rows_, 8192 / (work + 1) + 1, [&](std::int64_t begin, std::int64_t end) {
      for (std::int64_t i = begin; i < end; ++i) {
        std::int32_t* out = run.output<std::int32_t>() + i * k_;
        auto* order = k_ < n_ ? static_cast<std::int32_t*>(run.workspace) + i * n_ : out;
        line_(static_cast<const std::byte*>(run.in[0]) + i * n_ * item, n_, order, out, k_);
      }
    });
  }
  std::int64_t item = 4;

 private:
  Line line_;
  std::int64_t n_, k_, rows_;
};

template <class T, bool descending>
void argsort_untyped(const void* x, std::int64_t n, std::int32_t* order, std::int32_t* out,
                     std::int64_t k) {
  argsort_line<T, descending>(static_cast<const T*>(x), n, order, out, k);
}

}  // namespace detail

KernelPtr ArgSort::cpu_kernel(const Call& call) {
  const bool down = call.primitive.get_if<ArgSort>()->descending;
  const Shape& x = call.in[0].shape;
  const std::int64_t n = x[-1], k = call.out[0].shape[-1];
  if (n > INT32_MAX) return nullptr;
  detail::ArgSortKernel::Line line = nullptr;
  detail::with_number(call.in[0].dtype, [&]<class T>(T) {
    line = down ? detail::argsort_untyped<T, true> : detail::argsort_untyped<T, false>;
  });
  if (!line) return nullptr;
  auto* kernel = new detail::ArgSortKernel(line, n, k, n ? x.size() / n : 0);
  kernel->item = static_cast<std::int64_t>(itemsize(call.in[0].dtype));
  return detail::own_kernel(kernel);
}

}  // namespace linnet::inline LINNET_ABI
