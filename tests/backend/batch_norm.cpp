#include <doctest/doctest.h>

#include <cmath>

#include "linnet/autograd/tape.hpp"
#include "linnet/core/creation.hpp"
#include "linnet/core/threads.hpp"
#include "linnet/ops/elementwise.hpp"
#include "linnet/ops/norm.hpp"
#include "linnet/ops/random.hpp"
#include "linnet/ops/reduce.hpp"

using namespace linnet;

namespace {

double difference(const Tensor& a, const Tensor& b) {
  return max(abs(cast(a, float64) - cast(b, float64))).item<double>();
}

/// y, mean, variance and the gradients of sum(y w).
std::vector<Tensor> all_of(const Tensor& x, const Tensor& gamma, const Tensor& beta,
                           const Tensor& w) {
  GradientTape tape;
  tape.watch(x), tape.watch(gamma), tape.watch(beta);
  const auto [y, m, v] = batch_norm(x, gamma, beta);
  auto out = tape.gradient(sum(y * w), std::vector<Tensor>{x, gamma, beta});
  out.insert(out.end(), {y, m, v});
  return out;
}

}  // namespace

TEST_CASE("batch_norm of many rows, every tail in channels and values far from zero") {
  set_random_seed(5);
  for (const std::int64_t channels : {1, 3, 16, 37, 64, 130, 515}) {
    const Shape shape{3, 701, channels}, c{channels};
    const Tensor x = normal(shape) * 2 + 300, w = normal(shape), gamma = normal(c),
                 beta = normal(c);
    const Tensor wide = cast(x, float64);
    const auto narrow = all_of(x, gamma, beta, w);
    const auto want = all_of(wide, cast(gamma, float64), cast(beta, float64), cast(w, float64));
    const Tensor m = mean(wide, {.axis = {0, 1}});
    const Tensor v = mean(square(wide - m), {.axis = {0, 1}});
    INFO(channels);
    CHECK(difference(want[4], m) < 1e-10);
    CHECK(difference(want[5], v) < 1e-10);
    // x itself has an ulp of 3e-5 here; sums over 2103 rows.
    const double bounds[] = {2e-4, 2e-2, 2e-3, 5e-4, 5e-5, 1e-4};
    for (std::size_t i = 0; i < narrow.size(); ++i) {
      INFO(i);
      CHECK(difference(narrow[i], want[i]) < bounds[i]);
    }
  }
}

TEST_CASE("batch_norm gives the same bits for one and two threads") {
  set_random_seed(6);
  for (const std::int64_t channels : {16, 513}) {
    const Shape shape{3000, channels}, c{channels};
    const Tensor x = normal(shape), w = normal(shape), gamma = normal(c), beta = normal(c);
    set_num_threads(1);
    const auto one = all_of(x, gamma, beta, w);
    set_num_threads(2);
    const auto two = all_of(x, gamma, beta, w);
    set_num_threads(0);
    for (std::size_t i = 0; i < one.size(); ++i) CHECK(difference(one[i], two[i]) == 0);
  }
}

TEST_CASE("batch_norm of a single row and of none") {
  const Tensor g = ones({3}), b = zeros({3});
  const auto one = batch_norm(full({1, 3}, 7), g, b);
  CHECK(one.mean.to_vector<float>() == std::vector<float>{7, 7, 7});
  CHECK(one.variance.to_vector<float>() == std::vector<float>{0, 0, 0});
  CHECK(one.y.to_vector<float>() == std::vector<float>{0, 0, 0});
  const auto none = batch_norm(zeros({0, 3}), g, b);
  CHECK(none.y.shape() == Shape{0, 3});
  CHECK(std::isnan(none.mean.to_vector<float>()[0]));
}
