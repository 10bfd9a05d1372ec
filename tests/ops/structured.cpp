/// Sorting, scanning, scattering, contracting: dtypes, edges and errors.
#include <doctest/doctest.h>

#include <limits>

#include "linnet/autograd/tape.hpp"
#include "linnet/core/creation.hpp"
#include "linnet/graph/function.hpp"
#include "linnet/ops/contract.hpp"
#include "linnet/ops/elementwise.hpp"
#include "linnet/ops/linalg.hpp"
#include "linnet/ops/rearrange.hpp"
#include "linnet/ops/reduce.hpp"
#include "linnet/ops/scan.hpp"
#include "linnet/ops/scatter.hpp"
#include "linnet/ops/shape.hpp"
#include "linnet/ops/sort.hpp"

using namespace linnet;

namespace {
using Values = std::vector<double>;
Values values(const Tensor& x) { return x.to_vector<double>(); }

constexpr DType numbers[] = {float16, bfloat16, float32, float64, int8,   int16,
                             int32,   int64,    uint8,   uint16,  uint32, uint64};
}  // namespace

TEST_CASE("structured ops take every dtype of numbers") {
  for (const DType t : numbers) {
    const Tensor x = cast(tensor({3, 1, 2, 1}), t);
    CHECK(values(cumsum(x)) == Values{3, 4, 6, 7});
    CHECK(values(cumprod(x)) == Values{3, 3, 6, 6});
    CHECK(values(sort(x)) == Values{1, 1, 2, 3});
    CHECK(values(argsort(x, {.descending = true})) == Values{0, 2, 1, 3});
    CHECK(values(unique(x).values) == Values{3, 1, 2});
    CHECK(values(unique(x).indices) == Values{0, 1, 2, 1});
    CHECK(values(unique(x).counts) == Values{1, 2, 1});
    const Tensor at = tensor({{1}, {3}, {1}}), u = cast(tensor({5, 0, 7}), t);
    CHECK(values(tensor_scatter_nd_update(x, at, u)) == Values{3, 7, 2, 0});
    CHECK(values(tensor_scatter_nd_add(x, at, u)) == Values{3, 13, 2, 1});
    CHECK(values(tensor_scatter_nd_max(x, at, u)) == Values{3, 7, 2, 1});
    CHECK(values(tensor_scatter_nd_min(x, at, u)) == Values{3, 1, 2, 0});
    for (const Tensor& y : {cumsum(x), cumprod(x), sort(x), top_k(x, 2).values, unique(x).values,
                            tensor_scatter_nd_add(x, at, u), gather_nd(x, at)})
      CHECK(y.dtype() == t);
  }
}

TEST_CASE("NaN sorts as the greatest number") {
  const double nan = std::numeric_limits<double>::quiet_NaN();
  const Tensor x = tensor({1.0, nan, -2.0});
  CHECK(values(argsort(x)) == Values{2, 0, 1});
  CHECK(values(top_k(x, 2).indices) == Values{1, 0});
}

TEST_CASE("the last of equal places gets the gradient of an update") {
  const Tensor x = tensor({1.0, 2.0}), u = tensor({3.0, 4.0, 5.0});
  GradientTape tape;
  tape.watch(x), tape.watch(u);
  const Tensor y = tensor_scatter_nd_update(x, tensor({{1}, {0}, {1}}), u);
  const auto g = tape.gradient(sum(y * tensor({10.0, 20.0})), std::vector{x, u});
  CHECK(values(g[0]) == Values{0, 0});
  CHECK(values(g[1]) == Values{0, 10, 20});
}

TEST_CASE("empty operands") {
  CHECK(cumsum(zeros({0, 3})).shape() == Shape({0, 3}));
  CHECK(sort(zeros({2, 0})).shape() == Shape({2, 0}));
  CHECK(top_k(zeros({2, 3}), 0).values.shape() == Shape({2, 0}));
  CHECK(unique(zeros({0})).values.shape() == Shape({0}));
  CHECK(gather_nd(zeros({2, 3}), zeros({4, 0}, int32)).shape() == Shape({4, 2, 3}));
  CHECK(values(scatter_nd(zeros({0, 1}, int32), zeros({0}), {2})) == Values{0, 0});
  CHECK(solve(zeros({0, 0}), zeros({0, 2})).shape() == Shape({0, 2}));
  CHECK(values(einsum("ij,jk->ik", {zeros({1, 0}), zeros({0, 2})})) == Values{0, 0});
  CHECK(roll(zeros({0}), {3}, {0}).shape() == Shape({0}));
}

TEST_CASE("structured ops name what does not fit") {
  const Tensor x = ones({2, 3});
  CHECK_THROWS_AS(cumsum(x, {.axis = 2}), IndexError);
  CHECK_THROWS_AS(cumsum(ones({2}, DType::boolean)), DTypeError);
  CHECK_THROWS_AS(top_k(x, 4), ValueError);
  CHECK_THROWS_AS(unique(x), ShapeError);
  CHECK_THROWS_AS(gather_nd(x, tensor({{0, 3}})), IndexError);
  CHECK_THROWS_AS(gather_nd(x, tensor({{-1}})), IndexError);
  CHECK_THROWS_AS(gather_nd(x, tensor({{0, 0, 0}})), ShapeError);
  CHECK_THROWS_AS(gather_nd(x, ones({1, 1})), DTypeError);
  CHECK_THROWS_AS(scatter_nd(tensor({{5}}), ones({1}), {4}), IndexError);
  CHECK_THROWS_AS(tensor_scatter_nd_update(x, tensor({{0}}), ones({1, 2})), ShapeError);
  CHECK_THROWS_AS(tensor_scatter_nd_add(x, tensor({{0}}), ones({1, 3}, int32)), DTypeError);
  CHECK_THROWS_AS(take_along_axis(x, tensor({{0, 1}})), ShapeError);
  CHECK_THROWS_AS(repeat(x, {1, 2, 3}), ValueError);
  CHECK_THROWS_AS(roll(x, {1}, {2}), IndexError);
  CHECK_THROWS_AS(einsum("ij,jk", {x}), ValueError);
  CHECK_THROWS_AS(einsum("ij,jk", {x, x}), ShapeError);
  CHECK_THROWS_AS(einsum("ij->ik", {x}), ValueError);
  CHECK_THROWS_AS(einsum("ij->ii", {x}), ValueError);
  CHECK_THROWS_AS(einsum("i2", {x}), ValueError);
  CHECK_THROWS_AS(einsum("ijk", {x}), ShapeError);
  CHECK_THROWS_AS(tensordot(x, x, 1), ShapeError);
  CHECK_THROWS_AS(tensordot(x, x, {0, 0}, {0, 1}), ValueError);
  CHECK_THROWS_AS(solve(x, x), ShapeError);
  CHECK_THROWS_AS(solve(zeros({2, 2}), x), ValueError);
  CHECK_THROWS_AS(solve(ones({2, 2}, int32), ones({2, 2}, int32)), DTypeError);
}

TEST_CASE("an index out of range in a capture is an error of the call") {
  const auto f = linnet::function([](const Tensor& at) { return gather_nd(arange(4), at); });
  CHECK(values(f(tensor({{3}}))) == Values{3});
  CHECK_THROWS_AS(f(tensor({{4}})), IndexError);
  CHECK(values(f(tensor({{0}}))) == Values{0});
}
