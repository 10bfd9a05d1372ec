#include <doctest/doctest.h>

#include <functional>

#include "linnet/autograd/gradcheck.hpp"
#include "linnet/core/creation.hpp"
#include "linnet/ops/elementwise.hpp"
#include "linnet/ops/matmul.hpp"
#include "linnet/ops/random.hpp"
#include "linnet/ops/reduce.hpp"
#include "linnet/ops/shape.hpp"

using namespace linnet;

namespace {

struct BinaryOp {
  const char* name;
  Tensor (*f)(const Operand&, const Operand&);
  bool gradient = true;
};

const BinaryOp ops[] = {{"add", add},
                        {"subtract", subtract},
                        {"multiply", multiply},
                        {"divide", divide},
                        {"divide_no_nan", divide_no_nan},
                        {"floor_divide", floor_divide, false},
                        {"mod", mod},
                        {"pow", pow},
                        {"maximum", maximum},
                        {"minimum", minimum},
                        {"atan2", atan2},
                        {"squared_difference", squared_difference},
                        {"xlogy", xlogy},
                        {"equal", equal, false},
                        {"not_equal", not_equal, false},
                        {"less", less, false},
                        {"less_equal", less_equal, false},
                        {"greater", greater, false},
                        {"greater_equal", greater_equal, false},
                        {"logical_and", logical_and, false},
                        {"logical_or", logical_or, false},
                        {"logical_xor", logical_xor, false}};

struct Pair {
  Shape a, b, out;
};

const Pair pairs[] = {{{2, 3}, {3}, {2, 3}},
                      {{3}, {2, 3}, {2, 3}},
                      {{}, {2, 3}, {2, 3}},
                      {{2, 3}, {1}, {2, 3}},
                      {{2, 1, 3}, {4, 1}, {2, 4, 3}},
                      {{4, 1}, {1, 5}, {4, 5}},
                      {{2, 1, 4, 1, 3}, {3, 1, 2, 1}, {2, 3, 4, 2, 3}},
                      {{40, 1, 33}, {1, 17, 33}, {40, 17, 33}},
                      {{0, 3}, {3}, {0, 3}},
                      {{1, 3}, {0, 1}, {0, 3}}};

Tensor drawn(const Shape& shape, std::uint64_t seed, DType t = float32) {
  return uniform(shape, {.minval = 1.2, .maxval = 2.9, .dtype = t, .generator = Generator(seed)});
}

bool same(const Tensor& a, const Tensor& b) {
  return a.shape() == b.shape() && a.dtype() == b.dtype() &&
         a.to_vector<double>() == b.to_vector<double>();
}

}  // namespace

TEST_CASE("a broadcast operand gives what the same values written out give") {
  for (const BinaryOp& op : ops) {
    for (const Pair& p : pairs) {
      const Tensor a = drawn(p.a, 1), b = drawn(p.b, 2);
      const Tensor wide_a = contiguous(broadcast_to(a, p.out));
      const Tensor wide_b = contiguous(broadcast_to(b, p.out));
      CHECK_MESSAGE(same(op.f(a, b), op.f(wide_a, wide_b)),
                    op.name << " of " << to_string(p.a) << " and " << to_string(p.b));
    }
    const Tensor x = drawn({5, 7}, 3);
    CHECK_MESSAGE(same(op.f(x, 1.5), op.f(x, full({5, 7}, 1.5))), op.name);
    CHECK_MESSAGE(same(op.f(1.5, x), op.f(full({5, 7}, 1.5), x)), op.name);
  }
}

TEST_CASE("gradients are summed over the axes that were broadcast") {
  for (const BinaryOp& op : ops) {
    if (!op.gradient) continue;
    for (int i : {0, 1, 2, 3, 4, 8}) {
      const Pair& p = pairs[i];
      const auto r = gradcheck([&](const auto& x) { return op.f(x[0], x[1]); },
                               {drawn(p.a, 1, float64), drawn(p.b, 2, float64)});
      CHECK_MESSAGE(r.passed, op.name << " of " << to_string(p.a) << " and " << to_string(p.b)
                                      << ": " << r.message);
    }
  }
  const auto r =
      gradcheck([](const auto& x) { return where(x[0] > 2, x[1], x[2]); },
                {drawn({4, 1}, 1, float64), drawn({3}, 2, float64), drawn({}, 3, float64)});
  CHECK_MESSAGE(r.passed, r.message);
}

TEST_CASE("numbers on either side of an operator") {
  const auto check = [](const std::function<Tensor(const std::vector<Tensor>&)>& f) {
    return gradcheck(f, {drawn({3}, 4, float64)});
  };
  CHECK(check([](const auto& x) { return 2 - x[0] * 3; }));
  CHECK(check([](const auto& x) { return 2 / x[0] + x[0] / 2; }));
  CHECK(check([](const auto& x) { return pow(2, x[0]) + pow(x[0], 3) + pow(x[0], -0.5); }));
  CHECK(check([](const auto& x) { return atan2(x[0], 2) + atan2(2, x[0]); }));
  CHECK(check([](const auto& x) { return xlogy(2, x[0]) + xlogy(x[0], 2); }));
  CHECK(check([](const auto& x) { return maximum(x[0], 2) + minimum(2, x[0]); }));
  CHECK(check([](const auto& x) { return mod(x[0], 0.7) + squared_difference(1, x[0]); }));
}

TEST_CASE("matmul broadcasts batches and treats vectors as NumPy does") {
  const Tensor a = drawn({2, 1, 3, 4}, 1, float64), b = drawn({5, 4, 2}, 2, float64);
  const Tensor y = matmul(a, b);
  REQUIRE(y.shape() == Shape{2, 5, 3, 2});
  for (int i = 0; i < 2; ++i)
    for (int j = 0; j < 5; ++j) CHECK(same(contiguous(y(i, j)), matmul(a(i, 0), b(j))));
  const Tensor v = drawn({4}, 3, float64);
  CHECK(matmul(v, b).shape() == Shape{5, 2});
  CHECK(matmul(a, v).shape() == Shape{2, 1, 3});
  CHECK(matmul(v, v).shape() == Shape{});
  CHECK(matmul(v, v).item<double>() == doctest::Approx(sum(v * v).item<double>()));
  CHECK(matmul(zeros({2, 0}), zeros({0, 3})).to_vector<float>() == std::vector<float>(6, 0.f));
  for (const auto& inputs : {std::vector<Tensor>{a, b}, {v, b}, {a, v}, {v, v}}) {
    const auto r = gradcheck([](const auto& x) { return matmul(x[0], x[1]); }, inputs);
    CHECK_MESSAGE(r.passed, r.message);
  }
  const auto r = gradcheck(
      [](const auto& x) { return matmul(x[0], x[1], {.transpose_a = true, .transpose_b = true}); },
      {drawn({4, 3}, 1, float64), drawn({2, 4}, 2, float64)});
  CHECK_MESSAGE(r.passed, r.message);
}
