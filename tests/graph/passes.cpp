#include <doctest/doctest.h>

#include "linnet/autograd/tape.hpp"
#include "linnet/autograd/variable.hpp"
#include "linnet/core/creation.hpp"
#include "linnet/graph/function.hpp"
#include "linnet/ops/conv.hpp"
#include "linnet/ops/elementwise.hpp"
#include "linnet/ops/matmul.hpp"
#include "linnet/ops/reduce.hpp"
#include "linnet/ops/shape.hpp"

using namespace linnet;

namespace {

/// The nodes left after one pass alone.
template <class F>
std::size_t nodes(F f, bool PassOptions::*pass) {
  PassOptions only = PassOptions::none();
  if (pass) only.*pass = true;
  auto captured = linnet::function(f, {.passes = only});
  captured(ones({4, 4}));
  return captured.graph().nodes.size();
}

}  // namespace

TEST_CASE("dead code: values nobody uses are not computed") {
  const auto f = [](const Tensor& x) {
    static_cast<void>(exp(matmul(x, x)));
    return x + 1;
  };
  CHECK(nodes(f, nullptr) == 3);
  CHECK(nodes(f, &PassOptions::dead_code) == 1);
}

TEST_CASE("constants: what depends on constants alone is computed once") {
  const Tensor c = ones({4, 4});
  const auto f = [c](const Tensor& x) { return x + exp(matmul(c, c)); };
  CHECK(nodes(f, nullptr) == 3);
  CHECK(nodes(f, &PassOptions::constants) == 1);
}

TEST_CASE("common subexpressions: equal nodes are one") {
  const auto f = [](const Tensor& x) { return exp(x) * (exp(x) + tanh(x) - tanh(x)); };
  CHECK(nodes(f, nullptr) == 7);
  CHECK(nodes(f, &PassOptions::common_subexpressions) == 5);
}

TEST_CASE("simplify: views that cancel go") {
  const auto f = [](const Tensor& x) {
    return reshape(reshape(transpose(transpose(x)), {16}), {4, 4}) + 1;
  };
  CHECK(nodes(f, nullptr) == 5);
  PassOptions passes = PassOptions::none();
  passes.simplify = passes.dead_code = true;
  auto captured = linnet::function(f, {.passes = passes});
  captured(ones({4, 4}));
  CHECK(captured.graph().nodes.size() == 1);
}

TEST_CASE("simplify: the gradient of slices that fill an axis is one concat") {
  const auto gradient = [](int axis, const std::vector<std::int64_t>& cuts, const Tensor& x) {
    GradientTape tape;
    tape.watch(x);
    Tensor y = zeros({1}, x.dtype());
    std::int64_t from = 0;
    for (std::int64_t to : cuts) {
      y = y + sum(square(narrow(x, axis, from, to - from)) * static_cast<double>(to));
      from = to;
    }
    return tape.gradient(y, x);
  };
  const auto concats = [&](int axis, const std::vector<std::int64_t>& cuts) {
    auto captured = linnet::function([&](const Tensor& x) { return gradient(axis, cuts, x); });
    const Tensor x = ones({4, 6});
    CHECK(captured(x).to_vector<float>() == gradient(axis, cuts, x).to_vector<float>());
    int count = 0, scatters = 0;
    const Graph graph = captured.graph();  // a loop over a part of a temporary would outlive it
    for (const Node& n : graph.nodes) {
      count += n.primitive.name() == "concat";
      scatters += n.primitive.name() == "slice_scatter";
    }
    CHECK(count + scatters > 0);
    return count == 1 && scatters == 0;
  };
  CHECK(concats(1, {2, 4, 6}));
  CHECK(concats(0, {1, 4}));
  CHECK_FALSE(concats(1, {2, 4, 5}));  // the last column is in no slice
}

TEST_CASE("padding: zeros around images become the convolution's own") {
  const Tensor k = reshape(linspace(-1, 1, 18, float32), {3, 3, 1, 2});
  for (const double value : {0.0, 1.0}) {
    const auto f = [&](const Tensor& x) {
      GradientTape tape;
      tape.watch(x), tape.watch(k);
      const Tensor padded = pad(reshape(x, {1, 4, 4, 1}), {{0, 0}, {1, 2}, {2, 0}, {0, 0}}, value);
      const Tensor y = conv2d(padded, k);
      const auto g = tape.gradient(sum(y * y), std::vector<Tensor>{x, k});
      return concat({reshape(g[0], {16}), reshape(g[1], {18})}, 0);
    };
    PassOptions passes = PassOptions::none();
    passes.dead_code = true;
    const Tensor x = reshape(linspace(-2, 3, 16, float32), {4, 4});
    auto plain = linnet::function(f, {.passes = passes});
    passes.padding = true;
    auto folded = linnet::function(f, {.passes = passes});
    const auto want = plain(x).to_vector<float>(), got = folded(x).to_vector<float>();
    for (std::size_t i = 0; i < want.size(); ++i) CHECK(got[i] == doctest::Approx(want[i]));
    const std::string text = to_string(folded.graph());
    // Without zeros the padding stays; the gradient's slice is the convolution's in any case.
    CHECK((text.find(" = pad(") == std::string::npos) == (value == 0));
    CHECK(text.find(" = slice(") == std::string::npos);
    CHECK(to_string(plain.graph()).find(" = slice(") != std::string::npos);
  }
}

TEST_CASE("epilogue: bias and activation join the product") {
  const Tensor b = ones({4});
  const auto f = [b](const Tensor& x) { return relu(matmul(x, x) + b); };
  CHECK(nodes(f, nullptr) == 3);
  CHECK(nodes(f, &PassOptions::epilogue) == 1);
  const auto twice = [b](const Tensor& x) {
    const Tensor y = matmul(x, x);
    return relu(y) + y;  // y is used twice: it must stay
  };
  CHECK(nodes(twice, &PassOptions::epilogue) == 3);
}

TEST_CASE("epilogue: a reshape between product and bias does not matter") {
  const Variable w(reshape(linspace(-1, 1, 12), {4, 3})), b(tensor({1.f, -9.f, 3.f}));
  const auto rows = [&](const Tensor& x) { return reshape(matmul(x, w), {5, 2, 3}); };
  const auto f = [&](const Tensor& x) { return relu(rows(x) + b); };
  const auto captured = [&](PassOptions passes) {
    auto g = linnet::function(f, {.passes = passes});
    const Tensor x = reshape(linspace(-3, 3, 40), {10, 4});
    const std::vector<float> y = g(x).to_vector<float>();
    CHECK(y == f(x).to_vector<float>());
    return g.graph();
  };
  PassOptions only = PassOptions::none();
  CHECK(captured(only).nodes.size() == 4);
  only.epilogue = true;
  const Graph g = captured(only);
  REQUIRE(g.nodes.size() == 2);
  CHECK(to_string(g.nodes[0].primitive.ref()).find("bias=true, activation=relu") !=
        std::string::npos);
  captured({});
  // A bias that is known only after the reshape, or that lies along another axis, stays apart.
  const auto late = [&](const Tensor& x) {
    const Tensor y = rows(x);
    return y + exp(b);
  };
  auto h = linnet::function(late, {.passes = only});
  h(ones({10, 4}));
  CHECK(h.graph().nodes.size() == 4);
}

TEST_CASE("fusion: a chain is one pass over memory") {
  const auto f = [](const Tensor& x) { return tanh(x * 2 + 1) * x - exp(x); };
  CHECK(nodes(f, nullptr) == 6);
  CHECK(nodes(f, &PassOptions::fusion) == 1);
}

TEST_CASE("fusion stops at reductions, other shapes and shared values") {
  const auto reduced = [](const Tensor& x) {
    return exp(x) / sum(exp(x), {.axis = 1, .keepdims = true});
  };
  CHECK(nodes(reduced, nullptr) == 4);
  CHECK(nodes(reduced, &PassOptions::fusion) == 3);
  const auto shared = [](const Tensor& x) {
    const Tensor e = exp(x);
    return matmul(e, e) + e;
  };
  CHECK(nodes(shared, &PassOptions::fusion) == 3);
}

TEST_CASE("a chain longer than a program still computes") {
  const auto f = [](const Tensor& x) {
    Tensor y = x;
    for (int i = 0; i < 100; ++i) y = y * 0.99 + 0.01;
    return y;
  };
  auto captured = linnet::function(f);
  CHECK(captured(zeros({5})).to_vector<float>() == f(zeros({5})).to_vector<float>());
  CHECK(captured.graph().nodes.size() > 1);
}
