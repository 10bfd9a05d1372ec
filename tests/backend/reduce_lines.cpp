#include <doctest/doctest.h>

#include <algorithm>
#include <cstring>
#include <limits>

#include "linnet/core/creation.hpp"
#include "linnet/ops/elementwise.hpp"
#include "linnet/ops/random.hpp"
#include "linnet/ops/reduce.hpp"
#include "linnet/ops/shape.hpp"

using namespace linnet;

namespace {

bool same_bits(const std::vector<double>& a, const std::vector<double>& b) {
  return a.size() == b.size() && std::memcmp(a.data(), b.data(), a.size() * sizeof(double)) == 0;
}

/// Every line alone gives what it gives among others.
template <class F>
void check_lines(const Tensor& x, F reduce) {
  const std::vector<double> together = reduce(x, -1).template to_vector<double>();
  std::vector<double> alone;
  for (std::int64_t i = 0; i < x.shape()[0]; ++i) {
    const Tensor line = reshape(narrow(x, 0, i, 1), {x.shape()[1]});
    alone.push_back(cast(reduce(line, 0), float64).template item<double>());
  }
  CHECK(same_bits(together, alone));
}

}  // namespace

TEST_CASE("reduce: short lines are folded many at once as each would be alone") {
  for (DType t : {float32, float64, float16})
    for (std::int64_t n : {1, 2, 7, 8, 15, 16, 17, 31, 32, 33, 63, 64, 65, 100, 255, 256, 257}) {
      CAPTURE(t);
      CAPTURE(n);
      Tensor x = uniform({37, n}, {.minval = -1, .maxval = 1, .dtype = float64});
      x = cast(x, t);
      check_lines(x, [](const Tensor& a, int axis) { return sum(a, {.axis = axis}); });
      check_lines(x, [](const Tensor& a, int axis) { return mean(a, {.axis = axis}); });
      check_lines(x, [](const Tensor& a, int axis) { return prod(a, {.axis = axis}); });
      check_lines(x, [](const Tensor& a, int axis) { return max(a, {.axis = axis}); });
      check_lines(x, [](const Tensor& a, int axis) { return min(a, {.axis = axis}); });
    }
}

TEST_CASE("reduce: a short line's NaN, infinity and zeros stay its own") {
  const float inf = std::numeric_limits<float>::infinity(), nan = inf - inf;
  for (std::int64_t n : {3, 32, 70}) {
    CAPTURE(n);
    const Tensor special = tensor({1.f, nan, inf, -inf, -0.f, 2.f});
    Tensor x = zeros({40, n}) + 0.5f;
    // Element 1 of line i is special[i % 6].
    const Tensor column = reshape(narrow(tile(special, {7}), 0, 0, 40), {40, 1});
    x = concat({narrow(x, 1, 0, 1), column, narrow(x, 1, 0, n - 2)}, 1);
    const auto sums = sum(x, {.axis = 1}).to_vector<float>(),
               largest = max(x, {.axis = 1}).to_vector<float>(),
               smallest = min(x, {.axis = 1}).to_vector<float>();
    const float rest = 0.5f * static_cast<float>(n - 1);
    for (std::size_t i = 0; i < 40; ++i) {
      const float e = std::vector<float>{1.f, nan, inf, -inf, -0.f, 2.f}[i % 6];
      CAPTURE(i);
      if (i % 6 == 1) {
        CHECK(sums[i] != sums[i]);
        CHECK(largest[i] != largest[i]);
        CHECK(smallest[i] != smallest[i]);
      } else {
        CHECK(sums[i] == rest + e);
        CHECK(largest[i] == std::max(0.5f, e));
        CHECK(smallest[i] == std::min(0.5f, e));
      }
    }
  }
}
