#include "linnet/ops/attention.hpp"

#include <doctest/doctest.h>

#include <cmath>
#include <limits>

#include "linnet/autograd/tape.hpp"
#include "linnet/core/creation.hpp"
#include "linnet/graph/function.hpp"
#include "linnet/ops/elementwise.hpp"
#include "linnet/ops/matmul.hpp"
#include "linnet/ops/random.hpp"
#include "linnet/ops/reduce.hpp"
#include "linnet/ops/shape.hpp"
#include "linnet/ops/softmax.hpp"

using namespace linnet;

namespace {

Tensor random(const Shape& shape, std::uint64_t seed) {
  return uniform(shape, {.minval = -1, .maxval = 1, .generator = Generator(seed)});
}
double largest_difference(const Tensor& a, const Tensor& b) {
  CHECK(a.shape() == b.shape());
  return max(abs(cast(a, float64) - cast(b, float64))).item<double>();
}

}  // namespace

TEST_CASE("attention broadcasts leading axes, of any number") {
  const Tensor q = random({2, 3, 5, 4}, 1), k = random({3, 6, 4}, 2), v = random({2, 1, 6, 3}, 3);
  const Tensor y = scaled_dot_product_attention(q, k, v);
  CHECK(y.shape() == Shape({2, 3, 5, 3}));
  const Tensor one = scaled_dot_product_attention(q(1, 2), k(2), v(1, 0));
  CHECK(one.shape() == Shape({5, 3}));
  CHECK(largest_difference(one, y(1, 2)) == 0);
  const Tensor five = scaled_dot_product_attention(expand_dims(q, 0), k, v);
  CHECK(largest_difference(squeeze(five, 0), y) == 0);
  GradientTape tape;
  tape.watch(k);
  const Tensor g = tape.gradient(sum(scaled_dot_product_attention(q, k, v)), k);
  CHECK(g.shape() == k.shape());
  CHECK(scaled_dot_product_attention(q, zeros({3, 0, 4}), zeros({3, 0, 2})).shape() ==
        Shape({2, 3, 5, 2}));
  CHECK(scaled_dot_product_attention(zeros({0, 3, 5, 4}), k, k).shape() == Shape({0, 3, 5, 4}));
}

TEST_CASE("heads cut out of one projection are read where they lie") {
  const std::int64_t n = 2, t = 37, heads = 3, dim = 8;
  const Tensor all = random({n, t, 3 * heads * dim}, 4);
  const auto head = [&](int i) {
    const Tensor part = narrow(all, -1, i * heads * dim, heads * dim);
    return swapaxes(reshape(part, {n, t, heads, dim}), 1, 2);
  };
  const Tensor y = scaled_dot_product_attention(head(0), head(1), head(2));
  CHECK(largest_difference(y, scaled_dot_product_attention(contiguous(head(0)), contiguous(head(1)),
                                                           contiguous(head(2)))) == 0);
  auto captured = linnet::function([&](const Tensor& x) {
    const auto parts = split(x, 3, -1);
    std::vector<Tensor> h;
    for (const Tensor& p : parts) h.push_back(swapaxes(reshape(p, {n, t, heads, dim}), 1, 2));
    return reshape(swapaxes(scaled_dot_product_attention(h[0], h[1], h[2]), 1, 2),
                   {n, t, heads * dim});
  });
  CHECK(largest_difference(captured(all), reshape(swapaxes(y, 1, 2), {n, t, heads * dim})) == 0);
  int kernels = 0;
  for (const Node& node : captured.graph().nodes) kernels += !node.primitive.ref().is_view();
  CHECK(kernels == 1);
}

TEST_CASE("a query that sees no key gives zeros, and finite gradients") {
  const double infinity = std::numeric_limits<double>::infinity();
  const Tensor q = random({4, 3}, 1), v = random({5, 3}, 2);
  const Tensor seen = reshape(arange(4), {4, 1}) != broadcast_to(tensor({2}), {1, 5});
  for (const Tensor& mask : {seen, where(seen, 0.f, -infinity)}) {
    GradientTape tape;
    for (const Tensor& x : {q, v}) tape.watch(x);
    const Tensor y = scaled_dot_product_attention(q, v, v, {.mask = mask});
    CHECK(max(abs(y(2))).item<float>() == 0);
    CHECK(max(abs(y(1))).item<float>() > 0);
    const auto g = tape.gradient(sum(y), std::vector<Tensor>{q, v});
    CHECK(reduce_all(is_finite(g[0])).item<bool>());
    CHECK(reduce_all(is_finite(g[1])).item<bool>());
    CHECK(max(abs(g[0](2))).item<float>() == 0);
  }
}

TEST_CASE("large scores neither overflow nor vanish") {
  const Tensor q = random({1, 1, 6, 16}, 1) * 100, k = random({1, 1, 200, 16}, 2) * 100,
               v = random({1, 1, 200, 16}, 3);
  const auto wide = [](const Tensor& x) { return cast(x, float64); };
  CHECK(largest_difference(scaled_dot_product_attention(q, k, v),
                           scaled_dot_product_attention(wide(q), wide(k), wide(v))) < 2e-3);
  const Tensor nan = where(reshape(arange(200), {200, 1}) == 7, std::nan(""), k);
  CHECK(reduce_all(is_nan(scaled_dot_product_attention(q, nan, v))).item<bool>());
}

TEST_CASE("gradients over several blocks of queries and keys are those of the formula in ops") {
  struct Case {
    std::int64_t queries, keys, dim, value_dim;
    bool causal;
  };
  for (const Case& c :
       {Case{70, 300, 32, 32, true}, Case{300, 70, 32, 48, true}, Case{129, 129, 8, 33, true},
        Case{200, 260, 16, 20, false}, Case{3, 150, 5, 7, true}, Case{61, 1, 4, 4, false}}) {
    CAPTURE(c.queries);
    CAPTURE(c.keys);
    std::vector<Tensor> x{random({2, 2, c.queries, c.dim}, 1), random({2, 2, c.keys, c.dim}, 2),
                          random({2, 2, c.keys, c.value_dim}, 3)};
    const Tensor dy = random({2, 2, c.queries, c.value_dim}, 4);
    const Tensor seen = c.causal ? reshape(arange(c.queries), {c.queries, 1}) >= arange(c.keys)
                                 : ones({c.queries, c.keys}, boolean);
    const auto gradients = [&](DType t, bool fused) {
      GradientTape tape;
      std::vector<Tensor> in;
      for (const Tensor& one : x) tape.watch(in.emplace_back(cast(one, t)));
      const Tensor scores = matmul(in[0], swapaxes(in[1], -1, -2)) * (1 / std::sqrt(c.dim));
      const Tensor y =
          fused ? scaled_dot_product_attention(in[0], in[1], in[2], {.is_causal = c.causal})
                : matmul(softmax(where(seen, scores, -std::numeric_limits<double>::infinity()), -1),
                         in[2]);
      return tape.gradient(sum(y * cast(dy, t)), in);
    };
    const auto expected = gradients(float64, false);
    for (DType t : {float32, float64}) {
      const auto g = gradients(t, true);
      for (std::size_t i = 0; i < 3; ++i)
        CHECK(largest_difference(g[i], expected[i]) < (t == float32 ? 2e-5 : 1e-13));
    }
  }
}

TEST_CASE("a bias at the end of its range weighs like any other") {
  const Tensor q = random({5, 3}, 1), v = random({140, 2}, 2);
  const Tensor y = scaled_dot_product_attention(
      q, random({140, 3}, 3), v, {.mask = full({5, 140}, std::numeric_limits<float>::lowest())});
  CHECK(largest_difference(y, broadcast_to(mean(v, {.axis = {0}}), {5, 2})) < 1e-6);
}

TEST_CASE("16-bit attention computes in float32 and rounds once") {
  const Tensor q = random({2, 2, 9, 8}, 1), k = random({2, 2, 9, 8}, 2),
               v = random({2, 2, 9, 8}, 3);
  for (DType t : {bfloat16, float16}) {
    const Tensor a = cast(q, t), b = cast(k, t), c = cast(v, t);
    const Tensor y = scaled_dot_product_attention(a, b, c, {.is_causal = true});
    CHECK(y.dtype() == t);
    const Tensor wide = scaled_dot_product_attention(cast(a, float32), cast(b, float32),
                                                     cast(c, float32), {.is_causal = true});
    CHECK(largest_difference(y, cast(wide, t)) == 0);
  }
}

TEST_CASE("dropout of the weights: all or nothing, drawn by the generator") {
  const Tensor q = random({3, 4}, 1), v = ones({5, 2});
  CHECK(max(abs(scaled_dot_product_attention(q, random({5, 4}, 2), v, {.dropout = 1})))
            .item<float>() == 0);
  const auto drawn = [&](std::uint64_t seed) {
    return scaled_dot_product_attention(q, random({5, 4}, 2), v,
                                        {.dropout = 0.5, .generator = Generator(seed)});
  };
  CHECK(largest_difference(drawn(3), drawn(3)) == 0);
  CHECK(largest_difference(drawn(3), drawn(4)) > 0);
}

TEST_CASE("attention refuses what does not fit") {
  const Tensor q = zeros({2, 3, 4}), k = zeros({2, 5, 4});
  CHECK_THROWS_AS(scaled_dot_product_attention(zeros({4}), k, k), ShapeError);
  CHECK_THROWS_AS(scaled_dot_product_attention(q, zeros({2, 5, 3}), k), ShapeError);
  CHECK_THROWS_AS(scaled_dot_product_attention(q, k, zeros({2, 6, 4})), ShapeError);
  CHECK_THROWS_AS(scaled_dot_product_attention(q, zeros({3, 5, 4}), k), ShapeError);
  CHECK_THROWS_AS(scaled_dot_product_attention(zeros({3, 0}), zeros({5, 0}), k), ShapeError);
  CHECK_THROWS_AS(scaled_dot_product_attention(cast(q, int32), k, k), DTypeError);
  CHECK_THROWS_AS(scaled_dot_product_attention(q, k, k, {.dropout = 1.5}), ValueError);
  CHECK_THROWS_AS(scaled_dot_product_attention(q, k, k, {.mask = zeros({3, 6})}), ShapeError);
  CHECK_THROWS_AS(scaled_dot_product_attention(q, k, k, {.mask = zeros({4, 2, 3, 5})}), ShapeError);
  CHECK_THROWS_AS(scaled_dot_product_attention(q, k, k, {.mask = zeros({3, 5}, int32)}),
                  DTypeError);
  try {
    scaled_dot_product_attention(q, k, zeros({2, 6, 4}));
  } catch (const ShapeError& e) {
    CHECK(std::string(e.what()).find("(2, 6, 4)") != std::string::npos);
  }
}
