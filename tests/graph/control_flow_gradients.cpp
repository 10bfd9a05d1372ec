#include <doctest/doctest.h>

#include <tuple>

#include "linnet/autograd/tape.hpp"
#include "linnet/core/creation.hpp"
#include "linnet/graph/control_flow.hpp"
#include "linnet/ops/elementwise.hpp"
#include "linnet/ops/indexing.hpp"
#include "linnet/ops/matmul.hpp"
#include "linnet/ops/random.hpp"
#include "linnet/ops/reduce.hpp"
#include "linnet/ops/shape.hpp"

using namespace linnet;

using Floats = std::vector<float>;

namespace {

Floats values(const Tensor& t) { return t.to_vector<float>(); }

template <class T>
Tensor scalar(T value) {
  return reshape(tensor({value}), {});
}

/// The gradients of f(x, w) with respect to both, captured as eager.
template <class F>
void same_gradients(F f, const Tensor& x, const Tensor& start) {
  Variable w(start);
  const auto gradients = [&](const Tensor& x) {
    GradientTape tape;
    tape.watch(x);
    const Tensor y = f(x, w);
    const auto g = tape.gradient({y}, std::vector<Tensor>{x}, std::vector<Variable>{w},
                                 {.unconnected_gradients = UnconnectedGradients::zero});
    return concat({flatten(y), flatten(g[0]), flatten(g[1])});
  };
  const Floats expected = values(gradients(x));
  for (const PassOptions& passes : {PassOptions{}, PassOptions::none()}) {
    auto captured = linnet::function(gradients, {.passes = passes});
    for (int run = 0; run < 2; ++run) {
      const Floats got = values(captured(x));
      REQUIRE(got.size() == expected.size());
      for (std::size_t i = 0; i < got.size(); ++i)
        CHECK(got[i] == doctest::Approx(expected[i]).epsilon(1e-5));
    }
  }
}

Tensor branches(const Tensor& x, const Variable& w) {
  return cond(
      sum(x) > 0, [&] { return x * x * w; }, [&] { return exp(x) + w * 3; });
}

/// x <- x * w + tanh(x) until the sum is large.
Tensor growth(const Tensor& x, const Variable& w) {
  return while_loop([](const Tensor& v) { return sum(v) < 50; },
                    [&](const Tensor& v) { return v * w + tanh(v); }, x);
}

}  // namespace

TEST_CASE("the gradient of cond is that of the branch taken") {
  same_gradients(branches, tensor({1.f, 2.f}), tensor({3.f, 4.f}));
  same_gradients(branches, tensor({-1.f, -2.f}), tensor({3.f, 4.f}));
}

TEST_CASE("cond: a result without gradient in one branch, and results as they came") {
  const auto f = [](const Tensor& x, const Variable& w) {
    const auto [a, b, n] = cond(
        sum(x) > 0, [&] { return std::tuple(x, w.value(), scalar(1)); },
        [&] { return std::tuple(ones({2}), x * w, scalar(2)); });
    return a * 2 + b * cast(n, DType::float32);
  };
  same_gradients(f, tensor({1.f, 2.f}), tensor({3.f, 4.f}));
  same_gradients(f, tensor({-1.f, -2.f}), tensor({3.f, 4.f}));
}

TEST_CASE("the gradient of while_loop, through loop variables and everything around") {
  same_gradients(growth, tensor({1.f, 2.f}), tensor({1.5f, 1.25f}));
  same_gradients(growth, tensor({100.f, 2.f}), tensor({1.5f, 1.25f}));  // no iteration
  const auto counted = [](const Tensor& x, const Variable& w) {
    const auto v = while_loop([](const Tensor& i, const Tensor&, const Tensor&) { return i < 4; },
                              [&](const Tensor& i, const Tensor& y, const Tensor& s) {
                                const Tensor z = sin(y * w) + cast(i, DType::float32) * x;
                                return std::tuple(i + 1, z, s + sum(z * z));
                              },
                              std::tuple(scalar(0), x, scalar(0.f)));
    return std::get<2>(v);
  };
  same_gradients(counted, tensor({0.3f, -0.7f}), tensor({1.5f, 1.25f}));
}

TEST_CASE("gradients of loops in loops, of branches in loops and of loops in branches") {
  const auto nested = [](const Tensor& x, const Variable& w) {
    const auto outer = while_loop(
        [](const Tensor& i, const Tensor&) { return i < 3; },
        [&](const Tensor& i, const Tensor& y) {
          const auto inner = while_loop(
              [&](const Tensor& j, const Tensor&) { return j <= i; },
              [&](const Tensor& j, const Tensor& z) { return std::tuple(j + 1, tanh(z * w) + x); },
              std::tuple(scalar(0), y));
          return std::tuple(i + 1, std::get<1>(inner) * y);
        },
        std::tuple(scalar(0), x));
    return std::get<1>(outer);
  };
  same_gradients(nested, tensor({0.5f, -0.3f}), tensor({1.5f, 0.75f}));
  const auto choosing = [](const Tensor& x, const Variable& w) {
    const auto v =
        while_loop([](const Tensor& i, const Tensor&) { return i < 5; },
                   [&](const Tensor& i, const Tensor& y) {
                     const Tensor z = cond(
                         sum(y) > 1, [&] { return y * 0.5f + w; }, [&] { return y * y + x; });
                     return std::tuple(i + 1, z);
                   },
                   std::tuple(scalar(0), x));
    return std::get<1>(v);
  };
  same_gradients(choosing, tensor({0.5f, -0.3f}), tensor({1.5f, 0.75f}));
  const auto in_branch = [](const Tensor& x, const Variable& w) {
    return cond(
        sum(x) > 0, [&] { return growth(x, w) * w; }, [&] { return w * x; });
  };
  same_gradients(in_branch, tensor({1.f, 2.f}), tensor({1.5f, 1.25f}));
  same_gradients(in_branch, tensor({-1.f, -2.f}), tensor({1.5f, 1.25f}));
}

TEST_CASE("a gradient draws the random numbers of its forward pass again") {
  const auto f = [](const Tensor& x, const Variable& w) {
    const Tensor y = while_loop([](const Tensor& v) { return sum(v) < 20; },
                                [&](const Tensor& v) { return v * (w + uniform({2})); }, x);
    return cond(
        sum(y) > 0, [&] { return y * normal({2}); }, [&] { return y; });
  };
  Variable w(tensor({1.5f, 1.25f}));
  const auto gradients = [&](const Tensor& x) {
    GradientTape tape;
    const Tensor y = f(x, w);
    return concat({y, tape.gradient(y, w), uniform({1})});
  };
  auto captured = linnet::function(gradients);
  set_random_seed(3);
  const Floats a = values(gradients(ones({2}))), b = values(gradients(ones({2})));
  set_random_seed(3);
  const Floats c = values(captured(ones({2}))), d = values(captured(ones({2})));
  for (std::size_t i = 0; i < a.size(); ++i) {
    CHECK(c[i] == doctest::Approx(a[i]).epsilon(1e-5));
    CHECK(d[i] == doctest::Approx(b[i]).epsilon(1e-5));
  }
}

TEST_CASE("cond differentiates again") {
  const auto second = [](const Tensor& x) {
    GradientTape outer;
    outer.watch(x);
    GradientTape inner;
    inner.watch(x);
    const Tensor y = cond(
        sum(x) > 0, [&] { return x * x * x; }, [&] { return exp(x * 2); });
    return outer.gradient(inner.gradient(y, x), x);
  };
  auto captured = linnet::function(second);
  for (const Tensor& x : {tensor({1.f, 2.f}), tensor({-1.f, -2.f})})
    for (std::size_t i = 0; i < 2; ++i)
      CHECK(values(captured(x))[i] == doctest::Approx(values(second(x))[i]));
}

TEST_CASE("the second derivative of a captured loop is refused; an outer tape alone is not") {
  const auto f = [](bool second) {
    return [second](const Tensor& x) {
      GradientTape outer;
      outer.watch(x);
      GradientTape inner;
      inner.watch(x);
      const Tensor y = while_loop([](const Tensor& v) { return sum(v) < 50; },
                                  [](const Tensor& v) { return v * v + 1; }, x);
      const Tensor dx = inner.gradient(y, x);
      return second ? outer.gradient(dx, x) : dx;
    };
  };
  auto captured = linnet::function(f(true));
  CHECK_THROWS_AS(captured(ones({2})), NotSupportedError);
  CHECK(f(true)(ones({2})).defined());
  auto first = linnet::function(f(false));
  CHECK(values(first(ones({2}))) == values(f(false)(ones({2}))));
}

TEST_CASE("a training loop within one call, and a step that is skipped") {
  const auto train = [](bool captured) {
    Variable w(zeros({2}));
    const auto f = [&](const Tensor& x, const Tensor& y) {
      return while_loop([](const Tensor& i) { return i < 20; },
                        [&](const Tensor& i) {
                          GradientTape tape;
                          const Tensor loss = mean(square(w * x - y));
                          const Tensor g = tape.gradient(loss, w);
                          cond(
                              loss > 0.01f, [&] { w.assign_sub(0.2f * g); }, [] {});
                          return i + 1;
                        },
                        scalar(0));
    };
    const Tensor x = tensor({1.f, 2.f}), y = tensor({3.f, 1.f});
    if (captured)
      linnet::function(f)(x, y);
    else
      f(x, y);
    return values(w);
  };
  const Floats eager = train(false), captured = train(true);
  CHECK(captured[0] == doctest::Approx(eager[0]));
  CHECK(captured[1] == doctest::Approx(eager[1]));
  CHECK(eager[0] > 2);
}

TEST_CASE("a tape from outside is asked within a branch") {
  Variable w(scalar(3.f));
  const auto f = [&](const Tensor& x) {
    GradientTape tape;
    const Tensor loss = cond(
        x > 0, [&] { return w * w * x; }, [&] { return w * 2; });
    return cond(
        loss > 100, [&] { return zeros({}); }, [&] { return tape.gradient(loss, w); });
  };
  auto captured = linnet::function(f);
  for (const float x : {2.f, -2.f, 50.f})
    CHECK(captured(scalar(x)).item<float>() == f(scalar(x)).item<float>());
}
