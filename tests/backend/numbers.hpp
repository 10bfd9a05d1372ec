#pragma once

#include <doctest/doctest.h>

#include <cmath>
#include <cstdint>
#include <string>
#include <vector>

#include "linnet/core/creation.hpp"
#include "linnet/core/tensor.hpp"
#include "linnet/ops/elementwise.hpp"

/// Inputs and comparisons of the kernel tests.
namespace numbers {

/// Numbers in (-1, 1) without a pattern that a kernel could share.
inline std::vector<double> some(std::int64_t n, std::uint32_t seed) {
  std::vector<double> v(static_cast<std::size_t>(n));
  std::uint64_t state = seed;
  for (double& x : v) {
    state += 0x9E3779B97F4A7C15u;
    std::uint64_t z = (state ^ (state >> 30)) * 0xBF58476D1CE4E5B9u;
    z = (z ^ (z >> 27)) * 0x94D049BB133111EBu;
    x = (static_cast<double>((z ^ (z >> 31)) >> 41) + 0.5) / (1 << 22) - 1;
  }
  return v;
}

/// A tensor of these numbers in a dtype, and what the dtype made of them.
struct Input {
  linnet::Tensor tensor;
  std::vector<double> values;

  Input(const linnet::Shape& shape, std::uint32_t seed, linnet::DType t = linnet::float32) {
    tensor = linnet::cast(linnet::from_vector(some(shape.size(), seed), shape), t);
    values = tensor.to_vector<double>();
  }
};

/// Sums of `terms` random products below 1, in whatever order: partial sums grow with the root of
/// their number, and so, in units of the last place of those, do the roundings that add up.
inline void check_sums(const linnet::Tensor& got, const std::vector<double>& want,
                       std::int64_t terms, const std::string& what) {
  const std::vector<double> y = got.to_vector<double>();
  REQUIRE_MESSAGE(y.size() == want.size(), what);
  const double unit = got.dtype() == linnet::float64 ? 0x1p-53 : 0x1p-24;
  const double bound = unit * (4 + static_cast<double>(terms));
  double worst = 0;
  std::size_t at = 0;
  for (std::size_t i = 0; i < y.size(); ++i) {
    const double e = std::fabs(y[i] - want[i]);
    if (!(e <= worst)) worst = e, at = i;
  }
  CHECK_MESSAGE(worst <= bound, what << ", element " << at << ": " << y[at] << " instead of "
                                     << want[at] << ", off by " << worst / unit << " units");
}

/// Equal to the last bit; NaN equals NaN.
inline bool same_bits(const linnet::Tensor& a, const linnet::Tensor& b) {
  const auto x = a.to_vector<double>(), y = b.to_vector<double>();
  if (x.size() != y.size()) return false;
  for (std::size_t i = 0; i < x.size(); ++i)
    if (x[i] == y[i] ? std::signbit(x[i]) != std::signbit(y[i]) : !(x[i] != x[i] && y[i] != y[i]))
      return false;
  return true;
}

}  // namespace numbers
