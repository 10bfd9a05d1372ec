#pragma once

#include <algorithm>
#include <array>
#include <type_traits>

#include "linnet/backend/cpu/impl/numbers.ipp"
#include "linnet/core/threads.hpp"
#include "linnet/ops/primitives/scan.hpp"

namespace linnet::inline LINNET_ABI {

namespace detail {

/// Lines along an axis: [outer, length, inner], walked by blocks of neighbouring lines.
struct Lines {
  static constexpr std::int64_t block = 64;
  std::int64_t outer = 1, length = 1, inner = 1;
  bool reverse = false;

  Lines(const Shape& s, int axis, bool backwards) : reverse(backwards) {
    for (int a = 0; a < axis; ++a) outer *= s[a];
    length = s[axis];
    for (int a = axis + 1; a < s.rank(); ++a) inner *= s[a];
  }
  /// f(at, count, first): `count` elements from `at` on, for each step along the axis.
  template <class F>
  void walk(F f) const {
    const std::int64_t blocks = (inner + block - 1) / block;
    const std::int64_t work = length * std::min(inner, block);
    parallel_for(outer * blocks, 32768 / (work + 1) + 1, [&](std::int64_t begin, std::int64_t end) {
      F step = f;  // its own totals
      for (std::int64_t i = begin; i < end; ++i) {
        const std::int64_t first = i % blocks * block, count = std::min(block, inner - first);
        for (std::int64_t k = 0; k < length; ++k)
          step((i / blocks * length + (reverse ? length - 1 - k : k)) * inner + first, count,
               k == 0);
      }
    });
  }
};

/// What sums and products of T are kept in.
template <class T>
using Accumulator = std::conditional_t<std::is_floating_point_v<T>, double, std::uint64_t>;

template <class T, bool product, bool exclusive>
void run_scan(const Lines& lines, const Run& run) {
  using A = Accumulator<T>;
  const T* x = run.input<T>(0);
  T* y = run.output<T>();
  lines.walk([&, total = std::array<A, Lines::block>{}](std::int64_t at, std::int64_t count,
                                                        bool first) mutable {
    if (first) total.fill(A(product ? 1 : 0));
    for (std::int64_t i = 0; i < count; ++i) {
      A& t = total[static_cast<std::size_t>(i)];
      const A value = static_cast<A>(x[at + i]), next = product ? t * value : t + value;
      y[at + i] = static_cast<T>(exclusive ? t : next);
      t = next;
    }
  });
}

template <class T>
void run_recurrence(const Lines& lines, const Run& run) {
  const T *a = run.input<T>(0), *b = run.input<T>(1);
  T* y = run.output<T>();
  const std::int64_t step = lines.reverse ? lines.inner : -lines.inner;
  lines.walk([&](std::int64_t at, std::int64_t count, bool first) {
    for (std::int64_t i = at; i < at + count; ++i) y[i] = first ? b[i] : a[i] * y[i + step] + b[i];
  });
}

}  // namespace detail

KernelPtr Scan::cpu_kernel(const Call& call) {
  const Scan p = *call.primitive.get_if<Scan>();
  const detail::Lines lines(call.in[0].shape, p.axis, p.reverse);
  KernelPtr kernel;
  detail::with_number(call.in[0].dtype, [&]<class T>(T) {
    const auto run =
        p.product ? p.exclusive ? detail::run_scan<T, true, true> : detail::run_scan<T, true, false>
        : p.exclusive ? detail::run_scan<T, false, true>
                      : detail::run_scan<T, false, false>;
    kernel = make_kernel([run, lines](const Run& r) { run(lines, r); }, {.description = "scan"});
  });
  return kernel;
}

KernelPtr LinearRecurrence::cpu_kernel(const Call& call) {
  const LinearRecurrence p = *call.primitive.get_if<LinearRecurrence>();
  const DType t = call.out[0].dtype;
  if (t != DType::float32 && t != DType::float64) return nullptr;
  const auto run =
      t == DType::float32 ? detail::run_recurrence<float> : detail::run_recurrence<double>;
  const detail::Lines lines(call.out[0].shape, p.axis, p.reverse);
  return make_kernel([run, lines](const Run& r) { run(lines, r); },
                     {.description = "linear_recurrence"});
}

}  // namespace linnet::inline LINNET_ABI
