#include "linnet/ops/softmax.hpp"

#include <doctest/doctest.h>

#include <cmath>
#include <limits>
#include <vector>

#include "linnet/autograd/tape.hpp"
#include "linnet/core/creation.hpp"
#include "linnet/ops/elementwise.hpp"
#include "linnet/ops/indexing.hpp"
#include "linnet/ops/loss.hpp"
#include "linnet/ops/random.hpp"
#include "linnet/ops/reduce.hpp"

using namespace linnet;

namespace {

constexpr double infinity = std::numeric_limits<double>::infinity();

Tensor random(const Shape& shape, std::uint64_t seed) {
  return uniform(shape, {.minval = -4, .maxval = 4, .generator = Generator(seed)});
}
double largest_difference(const Tensor& a, const Tensor& b) {
  CHECK(a.shape() == b.shape());
  return max(abs(cast(a, float64) - cast(b, float64))).item<double>();
}
/// e^x over its sum, by hand.
Tensor probabilities(const Tensor& x) {
  const Tensor e = exp(cast(x, float64));
  return e / sum(e, {.axis = -1, .keepdims = true});
}

}  // namespace

TEST_CASE("softmax and its gradient at every length of a row's last vector") {
  for (std::int64_t n : {1, 2, 3, 4, 5, 7, 8, 9, 15, 16, 17, 31, 32, 33, 63, 65, 100, 257, 1000}) {
    CAPTURE(n);
    const Tensor x = random({3, n}, 1), dy = random({3, n}, 2);
    const Tensor p = probabilities(x), wide = cast(dy, float64);
    const Tensor dp = p * (wide - sum(wide * p, {.axis = -1, .keepdims = true})),
                 dlog = wide - p * sum(wide, {.axis = -1, .keepdims = true});
    for (DType t : {float32, float64}) {
      const double bound = t == float32 ? 1e-5 : 1e-13;
      const Tensor a = cast(x, t);
      GradientTape tape({.persistent = true});
      tape.watch(a);
      const Tensor y = softmax(a), log_y = log_softmax(a);
      CHECK(largest_difference(y, p) < bound);
      CHECK(largest_difference(log_y, log(p)) < bound);
      CHECK(largest_difference(tape.gradient(sum(y * cast(dy, t)), a), dp) < bound);
      CHECK(largest_difference(tape.gradient(sum(log_y * cast(dy, t)), a), dlog) < bound * 50);
    }
  }
}

TEST_CASE("rows of softmax do not touch what lies beside them") {
  const Tensor x = random({5, 21}, 3), all = softmax(x);
  for (std::int64_t i = 0; i < 5; ++i) CHECK(largest_difference(softmax(x(i)), all(i)) == 0);
}

TEST_CASE("softmax where a row has NaN or infinities") {
  for (std::int64_t n : {3, 20, 200}) {
    CAPTURE(n);
    const auto with = [&](double value) {
      return where(arange(n) == 1, value, cast(random({n}, 4), float32));
    };
    for (double bad : {std::nan(""), infinity}) {
      CHECK(reduce_all(is_nan(softmax(with(bad)))).item<bool>());
      CHECK(reduce_any(is_nan(log_softmax(with(bad)))).item<bool>());
    }
    const Tensor hidden = softmax(with(-infinity));
    CHECK(hidden(1).item<float>() == 0);
    CHECK(std::fabs(sum(hidden).item<float>() - 1) < 1e-6);
    CHECK(log_softmax(with(-infinity))(1).item<float>() == -infinity);
    CHECK(reduce_all(is_nan(softmax(full({n}, -infinity)))).item<bool>());
  }
}

TEST_CASE("cross entropy with labels at every length of a row's last vector") {
  for (std::int64_t n : {1, 2, 5, 10, 16, 19, 96, 130}) {
    CAPTURE(n);
    const Tensor x = random({4, n}, 5), labels = tensor({0, int(n - 1), int(n / 2), 0});
    const Tensor hot = cast(one_hot(labels, n), float64);
    const Tensor expected = -log(sum(probabilities(x) * hot, {.axis = -1}));
    GradientTape tape;
    tape.watch(x);
    const Tensor loss = sparse_categorical_crossentropy(labels, x, {.from_logits = true});
    CHECK(largest_difference(loss, expected) < 1e-5);
    CHECK(largest_difference(tape.gradient(sum(loss), x), probabilities(x) - hot) < 1e-6);
  }
}
