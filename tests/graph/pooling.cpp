#include <doctest/doctest.h>

#include <limits>

#include "linnet/autograd/tape.hpp"
#include "linnet/core/creation.hpp"
#include "linnet/graph/function.hpp"
#include "linnet/ops/conv.hpp"
#include "linnet/ops/elementwise.hpp"
#include "linnet/ops/random.hpp"
#include "linnet/ops/reduce.hpp"

using namespace linnet;

namespace {

std::size_t count(const Graph& g, std::string_view name) {
  std::size_t n = 0;
  for (const Node& node : g.nodes) n += node.primitive.name() == name;
  return n;
}

struct Case {
  Shape shape;
  Size2D window, strides;
  const char* padding;
};

/// Gradients of x and of a bias, through relu and max pooling.
std::pair<Tensor, Tensor> gradients(const Tensor& x, const Tensor& bias, const Case& c) {
  GradientTape tape;
  tape.watch(x);
  tape.watch(bias);
  const Tensor y =
      max_pool2d(relu(x + bias), c.window, {.strides = c.strides, .padding = c.padding});
  const auto g = tape.gradient(sum(square(y)), std::vector<Tensor>{x, bias});
  return {g[0], g[1]};
}

/// Equal, NaN included.
bool same(const Tensor& a, const Tensor& b) {
  const auto x = a.to_vector<double>(), y = b.to_vector<double>();
  for (std::size_t i = 0; i < x.size(); ++i)
    if (!(x[i] == y[i] || (x[i] != x[i] && y[i] != y[i]))) return false;
  return x.size() == y.size();
}

}  // namespace

TEST_CASE("pooling: gradients through places are those through the images") {
  PassOptions off;
  off.pooling = false;
  const Case cases[] = {{{3, 8, 8, 64}, 2, 2, "valid"},
                        {{2, 9, 7, 37}, 2, 2, "same"},
                        {{2, 9, 9, 19}, 3, 2, "same"},
                        {{1, 6, 6, 130}, {3, 2}, 1, "valid"},
                        {{1, 20, 18, 5}, {16, 16}, {2, 1}, "valid"}};
  for (const Case& c : cases)
    for (DType t : {float32, float64, bfloat16, float16}) {
      // Few values, so that maxima tie; a NaN and an infinity.
      const Tensor x = cast(random_integers(c.shape, -3, 4, {.generator = Generator(7)}), t);
      const Tensor bias = zeros({c.shape[-1]}, t);
      const auto f = [&](const Tensor& a, const Tensor& b) { return gradients(a, b, c); };
      auto on = linnet::function(f), plain = linnet::function(f, {.passes = off});
      const auto one = on(x, bias), other = plain(x, bias);
      CHECK(count(on.graph(), "max_pool2d_scatter") == 1);
      CHECK(count(plain.graph(), "max_pool2d_scatter") == 0);
      CHECK(same(one.first, other.first));
      const auto a = one.second.to_vector<double>(), b = other.second.to_vector<double>();
      const double tolerance = t == float64 ? 1e-12 : t == float32 ? 1e-5 : 2e-2;
      for (std::size_t i = 0; i < a.size(); ++i)
        CHECK(a[i] == doctest::Approx(b[i]).epsilon(tolerance));
    }
}

TEST_CASE("pooling: NaN and infinities have places, too") {
  const double inf = std::numeric_limits<double>::infinity(), nan = inf - inf;
  const std::vector<double> values{nan, 1,   nan, 2, -inf, -inf, -inf, -inf,
                                   3,   inf, inf, 3, 0.0,  -0.0, 0.0,  -0.0};
  PassOptions off;
  off.pooling = false;
  for (DType t : {float32, float64, bfloat16}) {
    // Four windows of 2 x 2 in each of 20 channels.
    const Tensor x = cast(from_vector(values, {1, 4, 4, 1}), t) + zeros({1, 4, 4, 20}, t);
    const auto f = [](const Tensor& a) {
      GradientTape tape;
      tape.watch(a);
      return tape.gradient(sum(max_pool2d(a, 2) * 3), a);
    };
    auto on = linnet::function(f), plain = linnet::function(f, {.passes = off});
    CHECK(same(on(x), plain(x)));
    CHECK(same(on(x), f(x)));
    CHECK(count(on.graph(), "max_pool2d_scatter") == 1);
  }
}

TEST_CASE("pooling: the relu's gradient is taken of the pooled image") {
  const Case c{{2, 8, 8, 16}, 2, 2, "valid"};
  auto f = linnet::function([&](const Tensor& x, const Tensor& b) { return gradients(x, b, c); });
  f(uniform(c.shape), zeros({16}));
  const Graph g = f.graph();
  for (const Node& n : g.nodes)
    if (n.primitive.name() == "max_pool2d_scatter")
      CHECK(n.out[0] == g.outputs[0]);  // nothing comes after it
    else if (n.primitive.name() == "reduce" && g.value(n.out[0]).spec.shape == Shape{16})
      CHECK(g.value(n.in[0]).spec.shape == Shape{2, 4, 4, 16});
}
