#include <doctest/doctest.h>

#include <algorithm>
#include <cmath>
#include <limits>
#include <type_traits>

#include "linnet/core/creation.hpp"
#include "linnet/ops/elementwise.hpp"
#include "linnet/ops/indexing.hpp"
#include "linnet/ops/matmul.hpp"
#include "linnet/ops/reduce.hpp"
#include "linnet/ops/shape.hpp"

using namespace linnet;

namespace {

constexpr DType every[] = {boolean, uint8, uint16,  uint32,   uint64,  int8,   int16,
                           int32,   int64, float16, bfloat16, float32, float64};

template <class T>
std::vector<T> some_values() {
  using L = std::numeric_limits<T>;
  if (std::is_signed_v<T>)
    return {T(0), T(1), T(2), T(3), T(7), T(100), L::max(), T(-1), T(-3), T(-100), L::min()};
  return {T(0), T(1), T(2), T(3), T(7), T(100), L::max()};
}

/// Every pair of some_values as two tensors.
template <class T>
std::pair<std::vector<T>, std::vector<T>> value_pairs() {
  std::vector<T> a, b;
  for (T x : some_values<T>())
    for (T y : some_values<T>()) a.push_back(x), b.push_back(y);
  return {a, b};
}

template <class T, class R, class F>
void check_binary(const char* name, Tensor (*f)(const Operand&, const Operand&), F reference) {
  const auto pairs = value_pairs<T>();
  const auto &a = pairs.first, &b = pairs.second;
  const Shape shape{static_cast<std::int64_t>(a.size())};
  const Tensor y = f(from_vector(a, shape), from_vector(b, shape));
  REQUIRE_MESSAGE(y.dtype() == dtype_of<R>, name);
  const Tensor got = cast(y, std::is_same_v<R, bool> ? uint8 : y.dtype());
  using Stored = std::conditional_t<std::is_same_v<R, bool>, std::uint8_t, R>;
  const auto values = got.data<Stored>();
  for (std::size_t i = 0; i < a.size(); ++i)
    CHECK_MESSAGE(values[i] == static_cast<Stored>(reference(a[i], b[i])),
                  name << " of " << +a[i] << " and " << +b[i] << " in " << to_string(dtype_of<T>));
}

template <class T>
T wrapped(T a, T b, char op) {
  using U = std::uint64_t;  // wide and unsigned: wraps without overflow
  const U x = static_cast<U>(a), y = static_cast<U>(b);
  return static_cast<T>(op == '+' ? x + y : op == '-' ? x - y : x * y);
}

template <class T>
T floored(T a, T b) {
  if (b == 0) return 0;
  if constexpr (std::is_signed_v<T>) {
    if (b == T(-1)) return wrapped<T>(0, a, '-');
    const T q = static_cast<T>(a / b);
    return static_cast<T>(q - (a % b != 0 && (a % b < 0) != (b < 0)));
  } else {
    return static_cast<T>(a / b);
  }
}

template <class T>
void check_integer_ops() {
  check_binary<T, T>("add", add, [](T a, T b) { return wrapped(a, b, '+'); });
  check_binary<T, T>("subtract", subtract, [](T a, T b) { return wrapped(a, b, '-'); });
  check_binary<T, T>("multiply", multiply, [](T a, T b) { return wrapped(a, b, '*'); });
  check_binary<T, T>("floor_divide", floor_divide, floored<T>);
  check_binary<T, T>("mod", mod, [](T a, T b) {
    return b == 0 ? T(0) : wrapped<T>(a, wrapped<T>(floored(a, b), b, '*'), '-');
  });
  check_binary<T, T>("maximum", maximum, [](T a, T b) { return std::max(a, b); });
  check_binary<T, T>("minimum", minimum, [](T a, T b) { return std::min(a, b); });
  check_binary<T, T>("bitwise_and", bitwise_and, [](T a, T b) { return a & b; });
  check_binary<T, T>("bitwise_or", bitwise_or, [](T a, T b) { return a | b; });
  check_binary<T, T>("bitwise_xor", bitwise_xor, [](T a, T b) { return a ^ b; });
  check_binary<T, bool>("equal", equal, [](T a, T b) { return a == b; });
  check_binary<T, bool>("not_equal", not_equal, [](T a, T b) { return a != b; });
  check_binary<T, bool>("less", less, [](T a, T b) { return a < b; });
  check_binary<T, bool>("less_equal", less_equal, [](T a, T b) { return a <= b; });
  check_binary<T, bool>("greater", greater, [](T a, T b) { return a > b; });
  check_binary<T, bool>("greater_equal", greater_equal, [](T a, T b) { return a >= b; });
  check_binary<T, bool>("logical_and", logical_and, [](T a, T b) { return a && b; });
  check_binary<T, bool>("logical_or", logical_or, [](T a, T b) { return a || b; });
  check_binary<T, bool>("logical_xor", logical_xor, [](T a, T b) { return !a != !b; });
}

template <class T>
void check_integer_reductions() {
  const std::vector<T> v{T(3), T(1), T(7), T(2), T(7), T(0)};
  const Tensor x = from_vector(v, {2, 3});
  CHECK(sum(x).dtype() == dtype_of<T>);
  CHECK(sum(x, {.axis = 0}).template to_vector<int>() == std::vector<int>{5, 8, 7});
  CHECK(prod(x, {.axis = 0}).template to_vector<int>() == std::vector<int>{6, 7, 0});
  CHECK(max(x, {.axis = 1}).template to_vector<int>() == std::vector<int>{7, 7});
  CHECK(min(x, {.axis = 1}).template to_vector<int>() == std::vector<int>{1, 0});
  CHECK(argmax(x).template to_vector<int>() == std::vector<int>{2, 1});
  CHECK(argmin(reshape(x, {6}), 0).template item<int>() == 5);
  CHECK(mean(x, {.axis = 1}).dtype() == dtype_of<T>);
  CHECK(mean(x, {.axis = 1}).template to_vector<int>() == std::vector<int>{3, 3});
  CHECK(mean(full({300}, 100, dtype_of<T>)).template item<int>() == 100);
  CHECK(matmul(cast(x, int64), transpose(cast(x, int64))).template to_vector<int>() ==
        std::vector<int>{59, 13, 13, 53});
}

}  // namespace

TEST_CASE_TEMPLATE("integer arithmetic equals C++'s, wrapping, in every integer dtype", T,
                   std::uint8_t, std::uint16_t, std::uint32_t, std::uint64_t, std::int8_t,
                   std::int16_t, std::int32_t, std::int64_t) {
  check_integer_ops<T>();
  check_integer_reductions<T>();
}

TEST_CASE("the mean of integers is rounded once and down") {
  const Tensor x = tensor({{{1, 2}, {2, 3}}, {{4, 5}, {6, 6}}});
  CHECK(mean(x, {.axis = {0, 2}}).to_vector<int>() == std::vector<int>{3, 4});
  CHECK(mean(tensor({-1, -2})).item<int>() == -2);
  CHECK(mean(tensor({true, false})).item<float>() == 0.5f);
  CHECK(mean(tensor({true, false})).dtype() == float32);
}

TEST_CASE("float ops take every integer and give float32") {
  for (DType t : every) {
    const Tensor x = cast(tensor({1, 2, 4}), t);
    const DType expected = is_floating(t) ? t : float32;
    CHECK(exp(x).dtype() == expected);
    CHECK((x / x).dtype() == expected);
    CHECK(sqrt(x).dtype() == expected);
    CHECK(logsumexp(x).dtype() == expected);
    if (t == boolean) continue;
    CHECK(sqrt(x).to_vector<double>()[2] == 2);
    CHECK(atan2(x, x).to_vector<double>()[1] == doctest::Approx(std::atan(1.0)).epsilon(0.005));
  }
}

TEST_CASE("casts between all dtypes keep small integers") {
  for (DType from : every)
    for (DType to : every) {
      const bool bits = from == boolean || to == boolean;
      const Tensor x = cast(tensor({0, 1, 2, 100}), from);
      const auto want = bits ? std::vector<int>{0, 1, 1, 1} : std::vector<int>{0, 1, 2, 100};
      CHECK_MESSAGE(cast(x, to).to_vector<int>() == want, to_string(from), " to ", to_string(to));
      CHECK(cast(x, to).dtype() == to);
    }
}

TEST_CASE("a condition of any dtype is true where it is not zero") {
  CHECK(where(tensor({0.5f, 0.f}), tensor({1, 1}), tensor({2, 2})).to_vector<int>() ==
        std::vector<int>{1, 2});
  CHECK(where(tensor({1e-300, 0.0}), tensor({1.f, 1.f}), 2).to_vector<float>() ==
        std::vector<float>{1, 2});
  for (DType t : every)
    CHECK(where(cast(tensor({0, 3}), t), 1.5, 2).to_vector<double>() ==
          std::vector<double>{2, 1.5});
}

TEST_CASE("ops that move elements take every dtype") {
  for (DType t : every) {
    const Tensor x = cast(tensor({{1, 0, 1}, {0, 1, 1}}), t);
    const std::vector<int> rows{1, 0, 1, 0, 1, 1};
    const auto check = [&](const Tensor& y, const std::vector<int>& want) {
      CHECK_MESSAGE(y.dtype() == t, to_string(t));
      CHECK_MESSAGE(y.to_vector<int>() == want, to_string(t));
    };
    check(contiguous(transpose(x)), {1, 0, 0, 1, 1, 1});
    check(concat({x, x}, 1), {1, 0, 1, 1, 0, 1, 0, 1, 1, 0, 1, 1});
    check(pad(x, {{0, 0}, {1, 0}}, 1), {1, 1, 0, 1, 1, 0, 1, 1});
    check(contiguous(flip(x, 1)), {1, 0, 1, 1, 1, 0});
    check(tile(x, {1, 2}), {1, 0, 1, 1, 0, 1, 0, 1, 1, 0, 1, 1});
    check(gather(x, tensor({2, 0}), 1), {1, 1, 1, 0});
    check(one_hot(tensor({1, 0}), 2, {.dtype = t}), {0, 1, 1, 0});
    check(where(tensor({true, false, true}), x, x), rows);
    check(stack({x, x}, 0)(1), rows);
    check(x(all, Slice(2, 0, -1)), {1, 0, 1, 1});
    CHECK(equal(x, x).to_vector<int>() == std::vector<int>(6, 1));
    CHECK(reduce_any(x, {.axis = 0}).to_vector<int>() == std::vector<int>{1, 1, 1});
    CHECK(reduce_all(x, {.axis = 0}).to_vector<int>() == std::vector<int>{0, 0, 1});
    CHECK(max(x, {.axis = 1}).to_vector<int>() == std::vector<int>{1, 1});
    CHECK(sum(x).item<int>() == 4);
  }
}
