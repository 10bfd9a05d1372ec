#include <doctest/doctest.h>

#include <cmath>

#include "linnet/autograd/tape.hpp"
#include "linnet/core/creation.hpp"
#include "linnet/ops/elementwise.hpp"
#include "linnet/ops/loss.hpp"
#include "linnet/ops/matmul.hpp"
#include "linnet/ops/reduce.hpp"

using namespace linnet;

TEST_CASE("a batch of rows without elements times a matrix is a batch of zeros") {
  const Tensor a = zeros({5, 4, 0}), b = zeros({0, 3});
  GradientTape tape;
  tape.watch(a);
  tape.watch(b);
  const Tensor y = matmul(a, b);
  CHECK(y.shape() == Shape{5, 4, 3});
  CHECK(sum(abs(y)).item<float>() == 0);
  const auto g = tape.gradient(y, {a, b});
  CHECK(g[0].shape() == a.shape());
  CHECK(g[1].shape() == b.shape());
}

TEST_CASE("a bound of clip that is NaN gives NaN, as minimum and maximum do") {
  const Tensor nan = full({}, NAN), x = full({3}, 0.5);
  for (const Tensor& y : {clip(x, nan, 1), clip(x, 0, nan), minimum(maximum(x, nan), 1)})
    for (const float v : y.to_vector<float>()) CHECK(std::isnan(v));
  CHECK(clip(x, 1, 2).to_vector<float>() == std::vector<float>{1, 1, 1});
}

TEST_CASE("clip leaves NaN and the sign of zero, element by element") {
  const float inf = INFINITY;
  const Tensor x = tensor({NAN, -0.f, 0.f, -inf, inf, 3.f, 3.f}),
               low = tensor({0.f, 0.f, -0.f, -2.f, -2.f, NAN, 5.f}),
               high = tensor({1.f, 1.f, 0.f, 2.f, 2.f, 4.f, 4.f});
  const auto y = clip(x, low, high).to_vector<float>();
  CHECK(std::isnan(y[0]));
  CHECK((y[1] == 0 && std::signbit(y[1])));
  CHECK((y[2] == 0 && !std::signbit(y[2])));
  CHECK(y[3] == -2);
  CHECK(y[4] == 2);
  CHECK(std::isnan(y[5]));
  CHECK(y[6] == 4);  // the upper bound is last
}

TEST_CASE("a NaN wins the extremes of a row wherever it is, else numbers do") {
  for (std::int64_t n : {1, 2, 15, 63, 64, 65, 130, 200}) {
    std::vector<float> row(static_cast<std::size_t>(n));
    for (std::size_t i = 0; i < row.size(); ++i) row[i] = static_cast<float>(i) - 70;
    CHECK(max(from_vector(row, {n})).item<float>() == row.back());
    CHECK(min(from_vector(row, {n})).item<float>() == row.front());
    for (std::size_t at = 0; at < row.size(); ++at) {
      std::vector<float> broken = row;
      broken[at] = NAN;
      const Tensor x = from_vector(broken, {n});
      CHECK(std::isnan(max(x).item<float>()));
      CHECK(std::isnan(min(x).item<float>()));
      CHECK(argmax(x, 0).item<std::int64_t>() == static_cast<std::int64_t>(at));
    }
  }
  CHECK(max(full({65}, -INFINITY)).item<float>() == -INFINITY);
}

TEST_CASE("binary crossentropy wants a label for each prediction") {
  CHECK_THROWS_AS(binary_crossentropy(ones({4, 3}), ones({4, 1})), ShapeError);
  CHECK(binary_crossentropy(ones({4}), ones({4, 1})).shape() == Shape{4});
}
