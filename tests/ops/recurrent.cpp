#include "linnet/ops/recurrent.hpp"

#include <doctest/doctest.h>

#include "linnet/autograd/tape.hpp"
#include "linnet/core/creation.hpp"
#include "linnet/ops/elementwise.hpp"
#include "linnet/ops/reduce.hpp"

using namespace linnet;
using detail::lstm_sequence;

TEST_CASE("a sequence refuses what does not fit") {
  const Tensor x = zeros({3, 2, 8}), u = zeros({2, 8}), h = zeros({2, 2});
  CHECK(lstm_sequence(x, u, h, h).shape() == Shape({5, 2, 2}));
  CHECK_THROWS_AS(lstm_sequence(zeros({2, 8}), u, h, h), ShapeError);
  CHECK_THROWS_AS(lstm_sequence(x, zeros({8}), h, h), ShapeError);
  CHECK_THROWS_AS(lstm_sequence(zeros({3, 2, 7}), u, h, h), ShapeError);
  CHECK_THROWS_AS(lstm_sequence(x, zeros({2, 7}), h, h), ShapeError);
  CHECK_THROWS_AS(lstm_sequence(x, u, zeros({2, 3}), h), ShapeError);
  CHECK_THROWS_AS(lstm_sequence(x, u, h, zeros({3, 2})), ShapeError);
  CHECK_THROWS_AS(lstm_sequence(x, u, h, zeros({2, 2}, float64)), DTypeError);
  CHECK_THROWS_AS(lstm_sequence(cast(x, float16), u, h, h), DTypeError);
}

TEST_CASE("no step passes states and their gradients through; no row gives no row") {
  const Tensor u = ones({2, 8}), h = tensor({{1.f, 2.f}}), c = tensor({{3.f, 4.f}});
  GradientTape tape;
  tape.watch(h);
  tape.watch(c);
  const Tensor y = lstm_sequence(zeros({0, 1, 8}), u, h, c);
  CHECK(y.to_vector<float>() == std::vector<float>{1, 2, 3, 4});
  const auto g = tape.gradient(square(y), std::vector<Tensor>{h, c});
  CHECK(g[0].to_vector<float>() == std::vector<float>{2, 4});
  CHECK(g[1].to_vector<float>() == std::vector<float>{6, 8});

  GradientTape of_kernel;
  of_kernel.watch(u);
  const Tensor none = lstm_sequence(zeros({3, 0, 8}), u, zeros({0, 2}), zeros({0, 2}));
  CHECK(none.shape() == Shape({5, 0, 2}));
  CHECK(max(abs(of_kernel.gradient(none, u))).item<float>() == 0);
}
