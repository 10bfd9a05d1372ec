#include <doctest/doctest.h>

#include <algorithm>

#include "backend/ulp.hpp"
#include "linnet/ops/elementwise.hpp"

using namespace linnet;

namespace {

using Op = Tensor (*)(const Operand&, const Operand&);

/// NumPy's rule: the sign of the divisor, also of a zero.
template <class W>
W mod_of(W x, W y) {
  const W r = std::fmod(x, y);
  return r == 0 ? std::copysign(r, y) : (r < 0) != (y < 0) ? r + y : r;
}
template <class W>
W floor_divide_of(W x, W y) {
  if (y == 0) return x / y;
  const W r = std::fmod(x, y), q = std::nearbyint((x - r) / y);
  return r != 0 && (r < 0) != (y < 0) ? q - 1 : q;
}

struct Row {
  std::string name;
  Op op;
  double (*wide)(double, double);
  long double (*widest)(long double, long double);
  double float32, float64;

  template <class F>
  Row(const char* n, Op o, F reference, double bound32, double bound64)
      : name(n), op(o), wide(reference), widest(reference), float32(bound32), float64(bound64) {}
};

std::vector<Row> rows() {
  return {
      {"add", add, [](auto x, auto y) { return x + y; }, 0.5, 0.51},
      {"subtract", subtract, [](auto x, auto y) { return x - y; }, 0.5, 0.51},
      {"multiply", multiply, [](auto x, auto y) { return x * y; }, 0.5, 0.51},
      {"divide", divide, [](auto x, auto y) { return x / y; }, 0.5, 0.51},
      {"divide_no_nan", divide_no_nan, [](auto x, auto y) { return y == 0 ? y * 0 : x / y; }, 0.5,
       0.51},
      {"floor_divide", floor_divide, [](auto x, auto y) { return floor_divide_of(x, y); }, 1, 1},
      {"mod", mod, [](auto x, auto y) { return mod_of(x, y); }, 0.5, 0.51},
      {"pow", pow, [](auto x, auto y) { return std::pow(x, y); }, 0.51, 1},
      {"maximum", maximum, [](auto x, auto y) { return x > y || x != x ? x : y; }, 0, 0},
      {"minimum", minimum, [](auto x, auto y) { return x < y || x != x ? x : y; }, 0, 0},
      {"atan2", atan2, [](auto x, auto y) { return std::atan2(x, y); }, 0.51, 1.5},
      {"xlogy", xlogy,
       [](auto x, auto y) { return x == 0 ? (y != y ? y : decltype(x)(0)) : x * std::log(y); }, 2,
       2},
  };
}

/// Every pair of special values, and ordinary pairs.
template <class T>
std::pair<std::vector<T>, std::vector<T>> pairs() {
  std::vector<T> a, b;
  const std::vector<T> special = ulp::special_values<T>();
  for (T x : special)
    for (T y : special) a.push_back(x), b.push_back(y);
  for (int i = 0; i < 60000; ++i) {
    a.push_back(static_cast<T>(std::exp2(-20 + 40 * std::fmod(i * 0.7548776662466927, 1.0))));
    b.push_back(static_cast<T>(-24 + 48 * std::fmod(i * 0.5698402909980532, 1.0)));
    if (i % 3 == 0) std::swap(a.back(), b.back());
    if (i % 5 == 0) a.back() = std::nearbyint(a.back());
    if (i % 7 == 0) b.back() = std::nearbyint(b.back());
  }
  return {a, b};
}

template <class T, class Reference>
void check_row(const Row& row, Reference reference, double bound) {
  const auto tested = pairs<T>();
  const auto &a = tested.first, &b = tested.second;
  const auto y = row.op(ulp::as_tensor(a), ulp::as_tensor(b)).template to_vector<T>();
  double worst = -1;
  std::size_t at = 0;
  for (std::size_t i = 0; i < a.size(); ++i) {
    const double e = ulp::error<T>(y[i], reference(a[i], b[i]));
    if (e > worst) worst = e, at = i;
  }
  CHECK_MESSAGE(worst <= bound, row.name << " of " << a[at] << " and " << b[at] << " gives "
                                         << y[at] << ", off by " << worst << " units of "
                                         << (sizeof(T) == 4 ? "float32" : "float64"));
}

}  // namespace

TEST_CASE("binary rows keep their bounds, special values included") {
  for (const Row& row : rows()) {
    check_row<float>(row, row.wide, row.float32);
    check_row<double>(row, row.widest, row.float64);
  }
}

TEST_CASE("floor_divide and mod agree, as in NumPy") {
  const auto check = [](double a, double b, double quotient, double remainder) {
    for (DType t : {float32, float64}) {
      const Tensor x = full({3}, a, t), y = full({3}, b, t);
      const double q = floor_divide(x, y).to_vector<double>()[2];
      const double r = mod(x, y).to_vector<double>()[2];
      const std::string what = std::to_string(a) + " and " + std::to_string(b);
      CHECK_MESSAGE(((q == quotient && std::signbit(q) == std::signbit(quotient)) ||
                     (q != q && quotient != quotient)),
                    what << " quotient " << q);
      CHECK_MESSAGE((((r == remainder || r == doctest::Approx(remainder)) &&
                      std::signbit(r) == std::signbit(remainder)) ||
                     (r != r && remainder != remainder)),
                    what << " remainder " << r);
    }
  };
  const double inf = std::numeric_limits<double>::infinity(), nan = std::nan("");
  check(7, 2, 3, 1);
  check(-7, 2, -4, 1);
  check(7, -2, -4, -1);
  check(-7, -2, 3, -1);
  check(6, -2, -3, -0.0);
  check(-6, 2, -3, 0.0);
  check(0.0, 3, 0.0, 0.0);
  check(-0.0, 3, -0.0, 0.0);
  check(-1, inf, -1, inf);
  check(1, inf, 0, 1);
  check(inf, 2, nan, nan);
  check(-1e-30, 1, -1, 1);
  check(3, 0, inf, nan);
  check(-3, 0, -inf, nan);
  check(0, 0, nan, nan);
  // 1 / 0.1 rounds up to 10, yet 10 times the double above 0.1 is more than 1.
  CHECK(floor_divide(full({1}, 1.0, float64), 0.1).item<double>() == 9);
  CHECK(mod(full({1}, 1.0, float64), 0.1).item<double>() == 0.09999999999999995);
}
