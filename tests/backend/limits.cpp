#include <doctest/doctest.h>

#include <algorithm>
#include <cmath>
#include <limits>

#include "backend/numbers.hpp"
#include "linnet/autograd/tape.hpp"
#include "linnet/ops/elementwise.hpp"
#include "linnet/ops/random.hpp"
#include "linnet/ops/reduce.hpp"
#include "linnet/ops/shape.hpp"

using namespace linnet;

namespace {

template <class T>
void check_empty(DType t, T lowest, T highest) {
  const Tensor none = zeros({0, 3}, t);
  for (const T& x : max(none, {.axis = 0}).to_vector<T>()) CHECK_MESSAGE(x == lowest, to_string(t));
  for (const T& x : min(none, {.axis = 0}).to_vector<T>())
    CHECK_MESSAGE(x == highest, to_string(t));
  CHECK_MESSAGE(max(none).item<T>() == lowest, to_string(t));
  CHECK_MESSAGE(min(none).item<T>() == highest, to_string(t));
}
template <class T>
void check_empty_integers(DType t) {
  check_empty<T>(t, std::numeric_limits<T>::lowest(), std::numeric_limits<T>::max());
}

}  // namespace

TEST_CASE("max and min of nothing are the ends of the dtype") {
  check_empty_integers<std::int8_t>(int8);
  check_empty_integers<std::int16_t>(int16);
  check_empty_integers<std::int32_t>(int32);
  check_empty_integers<std::int64_t>(int64);
  check_empty_integers<std::uint8_t>(uint8);
  check_empty_integers<std::uint16_t>(uint16);
  check_empty_integers<std::uint32_t>(uint32);
  check_empty_integers<std::uint64_t>(uint64);
  const double inf = std::numeric_limits<double>::infinity();
  for (DType t : {float16, bfloat16, float32, float64}) check_empty<double>(t, -inf, inf);
  CHECK(max(zeros({0}, boolean)).item<int>() == 0);
  CHECK(min(zeros({0}, boolean)).item<int>() == 1);
}

TEST_CASE("bitwise_not of a bool is its negation") {
  const Tensor y = bitwise_not(tensor({1, 0}) > 0);
  CHECK(y.dtype() == boolean);
  CHECK(y.to_vector<int>() == std::vector<int>{0, 1});
  CHECK(bitwise_not(tensor({0, -1, 5})).to_vector<int>() == std::vector<int>{-1, 0, -6});
}

TEST_CASE("uniform never reaches its end") {
  const auto check = [](double low, double high, DType t) {
    const auto y =
        uniform({60000}, {.minval = low, .maxval = high, .dtype = t, .generator = Generator(3)})
            .to_vector<double>();
    const double most = *std::max_element(y.begin(), y.end());
    CHECK_MESSAGE(most < high, to_string(t) << " in " << low << ", " << high << ": " << most);
    CHECK(*std::min_element(y.begin(), y.end()) >= low);
    CHECK(most > low + 0.99 * (high - low));
  };
  for (DType t : {float16, bfloat16, float32, float64}) {
    check(0, 1, t);
    check(-1, 0, t);
    check(-4, -2, t);
    check(1, 2, t);
  }
  // One float lies between 1 and 1 + 2^-22, and every second draw would round up.
  const double next = 1 + 0x1p-22;
  const auto y =
      uniform({1000}, {.minval = 1, .maxval = next, .generator = Generator(3)}).to_vector<float>();
  CHECK(*std::max_element(y.begin(), y.end()) == 1 + 0x1p-23f);
}

TEST_CASE("uniform refuses a range that is not finite") {
  const double inf = std::numeric_limits<double>::infinity();
  CHECK_THROWS_WITH_AS(uniform({2}, {.minval = 0, .maxval = inf}),
                       "[uniform] expected a finite range, got 0 to inf", ValueError);
  CHECK_THROWS_AS(uniform({2}, {.minval = std::nan(""), .maxval = 1}), ValueError);
  CHECK_THROWS_AS(uniform({2}, {.minval = -3e38, .maxval = 3e38}), ValueError);
  CHECK_THROWS_AS(uniform({2}, {.minval = -1e308, .maxval = 1e308, .dtype = float64}), ValueError);
  CHECK(uniform({2}, {.minval = -3e38, .maxval = 3e38, .dtype = float64}).dtype() == float64);
}

TEST_CASE("random_integers of a range wider than int64") {
  constexpr std::int64_t low = std::numeric_limits<std::int64_t>::min();
  constexpr std::int64_t high = std::numeric_limits<std::int64_t>::max();
  const auto y = random_integers({4000}, low, high, {.dtype = int64, .generator = Generator(5)})
                     .to_vector<std::int64_t>();
  CHECK(*std::min_element(y.begin(), y.end()) < low / 2);
  CHECK(*std::max_element(y.begin(), y.end()) > high / 2);
  CHECK(std::count_if(y.begin(), y.end(), [](auto x) { return x < 0; }) ==
        doctest::Approx(2000).epsilon(0.1));
}

TEST_CASE("random_integers that the dtype does not have are refused") {
  CHECK_THROWS_WITH_AS(random_integers({3}, 0, 257, {.dtype = uint8}),
                       "[random_integers] uint8 does not have all of 0 to 256", ValueError);
  CHECK_THROWS_AS(random_integers({3}, -1, 5, {.dtype = uint64}), ValueError);
  CHECK_THROWS_AS(random_integers({3}, -129, 5, {.dtype = int8}), ValueError);
  CHECK_THROWS_AS(random_integers({3}, 0, std::int64_t{1} << 40), ValueError);
  CHECK(random_integers({3}, -128, 128, {.dtype = int8}).dtype() == int8);
  CHECK(random_integers({3}, 0, 256, {.dtype = uint8}).dtype() == uint8);
  CHECK(random_integers({3}, 0, 2, {.dtype = boolean}).dtype() == boolean);
}

TEST_CASE("16-bit sums over axes apart round once") {
  // Rows of 1 and a little sum to a tie that rounds to 1; their sum is no tie.
  const auto check = [](DType t, std::int64_t rows, double little, double want) {
    const Tensor row = concat({full({1, 2, 1}, 1.0, t), full({1, 2, 1}, little, t)}, 2);
    const Tensor x = broadcast_to(row, {rows, 2, 2});
    CHECK(sum(x, {.axis = {0, 2}}).to_vector<double>() == std::vector<double>{want, want});
  };
  check(bfloat16, 384, 0x1p-8, 386);    // 385.5
  check(float16, 1536, 0x1p-11, 1537);  // 1536.75
}

TEST_CASE("derivatives of lgamma") {
  const Tensor x = tensor({0.5, 1.0, 2.5, -0.5, -3.25});
  GradientTape tape;
  tape.watch(x);
  const auto g = tape.gradient(lgamma(x), x).to_vector<double>();
  const double want[] = {-1.9635100260214235, -0.5772156649015329, 0.7031566406452432,
                         0.03648997397857652, 4.46627587235028};
  for (std::size_t i = 0; i < 5; ++i) CHECK(g[i] == doctest::Approx(want[i]).epsilon(1e-12));
  const double inf = std::numeric_limits<double>::infinity();
  CHECK(digamma(tensor({0.0})).item<double>() == -inf);
  CHECK(digamma(tensor({-0.0})).item<double>() == inf);
  CHECK(std::isnan(digamma(tensor({-2.0})).item<double>()));
  CHECK(polygamma(1, tensor({-2.0})).item<double>() == inf);
  CHECK(std::isnan(polygamma(2, tensor({-2.0})).item<double>()));
  CHECK(polygamma(3, tensor({inf})).item<double>() == 0);
  CHECK(polygamma(0, tensor({2.5})).item<double>() == digamma(tensor({2.5})).item<double>());
  CHECK_THROWS_WITH_AS(polygamma(-1, tensor({2.5})),
                       "[polygamma] expected an order of at least 0, got -1", ValueError);
}
