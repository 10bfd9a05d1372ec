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

TEST_CASE("binary crossentropy wants a label for each prediction") {
  CHECK_THROWS_AS(binary_crossentropy(ones({4, 3}), ones({4, 1})), ShapeError);
  CHECK(binary_crossentropy(ones({4}), ones({4, 1})).shape() == Shape{4});
}
