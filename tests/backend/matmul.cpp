#include "linnet/ops/matmul.hpp"

#include <doctest/doctest.h>

#include "backend/numbers.hpp"
#include "linnet/ops/elementwise.hpp"
#include "linnet/ops/shape.hpp"

using namespace linnet;
using numbers::Input;

namespace {

struct Sizes {
  std::int64_t m, k, n;
};

std::string describe(Sizes s, bool ta, bool tb, DType t) {
  return std::to_string(s.m) + " x " + std::to_string(s.k) + " x " + std::to_string(s.n) +
         (ta ? " a'" : "") + (tb ? " b'" : "") + " " + std::string(to_string(t));
}

/// a [m, k] (or [k, m]) times b, `a` and `b` the first elements of their matrices.
std::vector<double> product(const double* a, const double* b, Sizes s, bool ta, bool tb) {
  std::vector<double> y(static_cast<std::size_t>(s.m * s.n));
  for (std::int64_t i = 0; i < s.m; ++i)
    for (std::int64_t j = 0; j < s.n; ++j) {
      double sum = 0;
      for (std::int64_t l = 0; l < s.k; ++l)
        sum += a[ta ? l * s.m + i : i * s.k + l] * b[tb ? j * s.k + l : l * s.n + j];
      y[static_cast<std::size_t>(i * s.n + j)] = sum;
    }
  return y;
}

void check(Sizes s, bool ta, bool tb, DType t) {
  const Input a(ta ? Shape{s.k, s.m} : Shape{s.m, s.k}, 1, t);
  const Input b(tb ? Shape{s.n, s.k} : Shape{s.k, s.n}, 2, t);
  const Tensor y = matmul(a.tensor, b.tensor, {.transpose_a = ta, .transpose_b = tb});
  numbers::check_sums(y, product(a.values.data(), b.values.data(), s, ta, tb), s.k,
                      describe(s, ta, tb, t));
}

}  // namespace

TEST_CASE("matmul of every tail in rows, columns and depth") {
  for (std::int64_t m : {1, 2, 5, 6, 7, 13, 14, 15, 29})
    for (std::int64_t n : {1, 3, 8, 15, 16, 17, 31, 33, 48, 49, 65})
      for (std::int64_t k : {1, 2, 7, 64, 129}) check({m, k, n}, false, false, float32);
  for (std::int64_t n = 1; n <= 70; ++n) check({3, 5, n}, false, false, float32);
  for (std::int64_t m = 1; m <= 40; ++m) check({m, 5, 19}, false, false, float32);
}

TEST_CASE("matmul deeper than a block, with and without transposes") {
  for (std::int64_t k : {191, 192, 193, 255, 256, 257, 384, 385, 511, 777, 1500})
    for (bool ta : {false, true})
      for (bool tb : {false, true}) {
        check({7, k, 18}, ta, tb, float32);
        check({1, k, 33}, ta, tb, float32);
        check({33, k, 1}, ta, tb, float32);
      }
  for (bool ta : {false, true})
    for (bool tb : {false, true}) {
      check({130, 200, 150}, ta, tb, float32);
      check({67, 321, 95}, ta, tb, float64);
      check({6, 9, 1031}, ta, tb, float32);
      check({1031, 9, 6}, ta, tb, float32);
    }
}

TEST_CASE("matmul whose wide or tall result is computed transposed") {
  for (std::int64_t m : {1, 2, 5, 16, 20, 33})
    for (std::int64_t k : {64, 300, 600})
      for (DType t : {float32, float64}) check({m, k, 4 * m + 163}, false, true, t);
  check({3, 7, 2000}, true, true, float32);
  // And tall ones, as gradients of weights are.
  for (std::int64_t n : {1, 7, 33, 50})
    for (std::int64_t m : {2 * n, 2 * n + 1, 3 * n + 5})
      for (DType t : {float32, float64}) check({m, 2 * m + 11, n}, true, false, t);
}

TEST_CASE("matmul of edges beside other columns, of many rows and of few") {
  for (std::int64_t m : {17, 32, 64, 65, 100})
    for (std::int64_t n : {9, 40, 47, 50, 63, 530})
      for (std::int64_t k : {3, 255, 256, 257, 300}) check({m, k, n}, m % 2 == 0, false, float32);
}

TEST_CASE("one or two rows times a large matrix, summed in parts") {
  for (std::int64_t m : {1, 2}) {
    check({m, 12800, 128}, false, false, float32);
    check({m, 9001, 33}, false, false, float32);
    check({m, 300, 1001}, false, false, float64);
    check({m, 5000, 64}, true, false, float32);
  }
}

TEST_CASE("matmul in float64 and empty matmuls") {
  for (std::int64_t m : {1, 4, 9})
    for (std::int64_t n : {1, 7, 8, 25})
      for (std::int64_t k : {1, 65, 300}) check({m, k, n}, false, true, float64);
  for (DType t : {float32, float64}) {
    check({3, 0, 4}, false, false, t);  // sums of nothing are 0
    check({0, 3, 4}, false, false, t);
    check({3, 4, 0}, false, false, t);
  }
}

TEST_CASE("matmul of batches, broadcast batches and strided operands") {
  const Sizes s{5, 37, 18};
  const Input a({3, 2, s.m, s.k}, 3), b({2, s.k, s.n}, 4);
  std::vector<double> want;
  for (std::int64_t i = 0; i < 6; ++i) {
    const auto part = product(a.values.data() + i * s.m * s.k, b.values.data() + i % 2 * s.k * s.n,
                              s, false, false);
    want.insert(want.end(), part.begin(), part.end());
  }
  numbers::check_sums(matmul(a.tensor, b.tensor), want, s.k, "batches");
  // Every other row and column, and reversed rows: views that no kernel takes as they are.
  const Tensor rows = reshape(narrow(a.tensor, 0, 0, 1), {2 * s.m, s.k});
  const Tensor left = rows(Slice(0, 2 * s.m, 2), Slice(0, s.k, 2));
  const Tensor right = flip(reshape(b.tensor, {2 * s.k, s.n}), 0)(Slice(0, 19), Slice(1, s.n, 3));
  const auto l = left.to_vector<double>(), r = right.to_vector<double>();
  const Sizes small{left.dim(0), left.dim(1), right.dim(1)};
  REQUIRE(left.dim(1) == right.dim(0));
  numbers::check_sums(matmul(left, right), product(l.data(), r.data(), small, false, false),
                      small.k, "strided");
}

TEST_CASE("many small products") {
  const Sizes s{23, 9, 17};
  const Input a({40, s.m, s.k}, 3), b({40, s.k, s.n}, 4);
  std::vector<double> want;
  for (std::int64_t i = 0; i < 40; ++i) {
    const auto part =
        product(a.values.data() + i * s.m * s.k, b.values.data() + i * s.k * s.n, s, false, false);
    want.insert(want.end(), part.begin(), part.end());
  }
  numbers::check_sums(matmul(a.tensor, b.tensor), want, s.k, "many");
}

TEST_CASE("integer matmul is exact and wraps") {
  const Tensor a = reshape(arange(0, 6, 1, int32), {2, 3}),
               b = reshape(arange(0, 12, 1, int32), {3, 4});
  CHECK(matmul(a, b).to_vector<std::int32_t>() ==
        std::vector<std::int32_t>{20, 23, 26, 29, 56, 68, 80, 92});
  const Tensor big = full({1, 2}, std::int64_t{1} << 62, int64), two = full({2, 1}, 2, int64);
  CHECK(matmul(big, two).to_vector<std::int64_t>() == std::vector<std::int64_t>{0});
}
