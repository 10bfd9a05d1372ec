#pragma once

#include <algorithm>
#include <cmath>
#include <cstring>

#include "linnet/core/error.hpp"
#include "linnet/ops/primitives/linalg.hpp"

namespace linnet::inline LINNET_ABI {

namespace detail {

/// Gaussian elimination of a [n, n] with row exchanges, applied to y [n, k] on the way; false if a
/// is singular. Both are overwritten: y by the solution.
template <class T>
bool eliminate(T* a, T* y, std::int64_t n, std::int64_t k) {
  for (std::int64_t c = 0; c < n; ++c) {
    std::int64_t pivot = c;
    for (std::int64_t r = c + 1; r < n; ++r)
      if (std::abs(a[r * n + c]) > std::abs(a[pivot * n + c])) pivot = r;
    if (a[pivot * n + c] == 0) return false;
    if (pivot != c) {
      std::swap_ranges(a + c * n, a + (c + 1) * n, a + pivot * n);
      std::swap_ranges(y + c * k, y + (c + 1) * k, y + pivot * k);
    }
    for (std::int64_t r = c + 1; r < n; ++r) {
      const T factor = a[r * n + c] / a[c * n + c];
      if (factor == 0) continue;
      for (std::int64_t j = c + 1; j < n; ++j) a[r * n + j] -= factor * a[c * n + j];
      for (std::int64_t j = 0; j < k; ++j) y[r * k + j] -= factor * y[c * k + j];
    }
  }
  for (std::int64_t c = n - 1; c >= 0; --c) {
    for (std::int64_t j = 0; j < k; ++j) y[c * k + j] /= a[c * n + c];
    for (std::int64_t r = 0; r < c; ++r)
      for (std::int64_t j = 0; j < k; ++j) y[r * k + j] -= a[r * n + c] * y[c * k + j];
  }
  return true;
}

template <class T>
class SolveKernel final : public Kernel {
 public:
  SolveKernel(std::int64_t count, std::int64_t n, std::int64_t k, bool adjoint)
      : count_(count), n_(n), k_(k), adjoint_(adjoint) {}
  KernelTraits traits() const override { return {.fallible = true}; }
  std::size_t workspace_bytes() const override {
    return static_cast<std::size_t>(n_ * n_) * sizeof(T);
  }
  std::string description() const override { return "gauss"; }
  void run(const Run& run) const override {
    if (count_ * n_ * k_ == 0) return;
    std::memcpy(run.out[0], run.in[1], static_cast<std::size_t>(count_ * n_ * k_) * sizeof(T));
    T* a = static_cast<T*>(run.workspace);
    for (std::int64_t m = 0; m < count_; ++m) {
      const T* from = run.input<T>(0) + m * n_ * n_;
      for (std::int64_t i = 0; i < n_; ++i)
        for (std::int64_t j = 0; j < n_; ++j)
          a[i * n_ + j] = adjoint_ ? from[j * n_ + i] : from[i * n_ + j];
      if (!eliminate(a, run.output<T>() + m * n_ * k_, n_, k_)) run.status->record(run.node, 0, m);
    }
  }
  [[noreturn]] void throw_error(int, std::int64_t matrix) const override {
    fail<ValueError>("solve", "matrix ", matrix, " is singular");
  }

 private:
  std::int64_t count_, n_, k_;
  bool adjoint_;
};

}  // namespace detail

KernelPtr Solve::cpu_kernel(const Call& call) {
  const bool adjoint = call.primitive.get_if<Solve>()->adjoint;
  const Shape& a = call.in[0].shape;
  const Shape& b = call.in[1].shape;
  const std::int64_t n = a[-1], count = n ? a.size() / (n * n) : 0;
  if (call.in[0].dtype == DType::float32)
    return detail::own_kernel(new detail::SolveKernel<float>(count, n, b[-1], adjoint));
  if (call.in[0].dtype == DType::float64)
    return detail::own_kernel(new detail::SolveKernel<double>(count, n, b[-1], adjoint));
  return nullptr;
}

}  // namespace linnet::inline LINNET_ABI
