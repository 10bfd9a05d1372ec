#include "linnet/graph/control_flow.hpp"

#include <doctest/doctest.h>

#include <tuple>

#include "linnet/autograd/tape.hpp"
#include "linnet/core/creation.hpp"
#include "linnet/graph/profile.hpp"
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

/// Results and errors of f with every combination of passes that matters must be the eager ones.
template <class F, class... Args>
void same_as_eager(F f, const Args&... args) {
  const Floats expected = values(f(args...));
  PassOptions no_dead_code;
  no_dead_code.dead_code = false;
  for (const PassOptions& passes : {PassOptions{}, PassOptions::none(), no_dead_code}) {
    auto captured = linnet::function(f, {.passes = passes});
    for (int i = 0; i < 3; ++i) CHECK(values(captured(args...)) == expected);
    CHECK(captured.tracing_count() == 1);
  }
}

}  // namespace

TEST_CASE("cond: the branch that the value asks for runs, eager and captured") {
  const auto f = [](const Tensor& x) {
    return cond(
        mean(x) > 0, [&] { return sqrt(x) + 1; }, [&] { return x * -2; });
  };
  same_as_eager(f, tensor({1.f, 4.f}));
  same_as_eager(f, tensor({-1.f, -4.f}));
  auto captured = linnet::function(f);
  CHECK(values(captured(tensor({1.f, 4.f}))) == Floats{2, 3});
  CHECK(values(captured(tensor({-1.f, -4.f}))) == Floats{2, 8});
  CHECK(captured.tracing_count() == 1);
}

TEST_CASE("cond: several results, constants, arguments as they are, and nothing") {
  Variable v(tensor({1.f}));
  const auto f = [&](const Tensor& x, const Tensor& p) {
    const auto [a, b] = cond(
        p > 0, [&] { return std::tuple(x, ones({2})); },
        [&] { return std::tuple(zeros({2}), x * 3); });
    return a + 10 * b;
  };
  same_as_eager(f, tensor({1.f, 2.f}), scalar(1.f));
  same_as_eager(f, tensor({1.f, 2.f}), scalar(-1.f));
  auto step = linnet::function([&](const Tensor& p) {
    cond(
        p > 0, [&] { v.assign_add(tensor({1.f})); }, [] {});
  });
  step(scalar(1.f));
  step(scalar(-1.f));
  step(scalar(1.f));
  CHECK(values(v) == Floats{3});
}

TEST_CASE("cond: variables read and assigned in branches keep program order") {
  for (const float sign : {1.f, -1.f}) {
    Variable a(tensor({1.f, 2.f})), b(tensor({5.f, 6.f})), c(tensor({0.f, 0.f}));
    const auto f = [&](const Tensor& p) {
      a.assign_add(ones({2}));
      const Tensor before = a;
      cond(
          p > 0,
          [&] {
            a.assign(a.value() * 10);
            b.assign(a.value() + before);
          },
          [&] { c.assign(b.value() - a.value()); });
      return concat({before, a, b, c});
    };
    auto captured = linnet::function(f);
    const Floats first = values(captured(scalar(sign))), second = values(captured(scalar(sign)));
    a.assign(tensor({1.f, 2.f})), b.assign(tensor({5.f, 6.f})), c.assign(zeros({2}));
    CHECK(values(f(scalar(sign))) == first);
    CHECK(values(f(scalar(sign))) == second);
  }
}

TEST_CASE("cond: branches that do not agree are refused, naming what came") {
  const auto with = [](auto t, auto f) {
    auto captured = linnet::function([=](const Tensor& x) {
      return cond(
          sum(x) > 0, [&] { return t(x); }, [&] { return f(x); });
    });
    captured(ones({2}));
  };
  const auto same = [](const Tensor& x) { return std::vector<Tensor>{x}; };
  CHECK_THROWS_WITH_AS(with(same,
                            [](const Tensor& x) {
                              return std::vector<Tensor>{x, x};
                            }),
                       "[cond] true_fn returns 1 tensors, false_fn 2", ValueError);
  CHECK_THROWS_WITH_AS(
      with(same, [](const Tensor& x) { return std::vector<Tensor>{cast(x, DType::int32)}; }),
      "[cond] result 0 of true_fn has dtype float32, of false_fn int32", DTypeError);
  CHECK_THROWS_WITH_AS(with(same,
                            [](const Tensor& x) {
                              return std::vector<Tensor>{stack({x, x})};
                            }),
                       "[cond] result 0 of true_fn has shape (2,), of false_fn (2, 2)", ShapeError);
  const auto on = [](const Tensor& pred) {
    cond(
        pred, [] {}, [] {});
  };
  CHECK_THROWS_AS(on(tensor({1.f})), DTypeError);
  CHECK_THROWS_AS(on(tensor({1.f, 2.f}) > 0), ShapeError);
}

TEST_CASE("while_loop: as many iterations as the values ask for") {
  const auto halvings = [](const Tensor& start) {
    const auto [n, steps] =
        while_loop([](const Tensor& n, const Tensor&) { return n > 1; },
                   [](const Tensor& n, const Tensor& s) { return std::tuple(n / 2, s + 1); },
                   std::tuple(start, scalar(0.f)));
    return stack({n, steps});
  };
  for (const float start : {100.f, 1.f, 0.f, 1024.f}) same_as_eager(halvings, scalar(start));
  auto captured = linnet::function(halvings);
  CHECK(values(captured(scalar(1024.f))) == Floats{1, 10});
  CHECK(values(captured(scalar(0.5f))) == Floats{0.5f, 0});
}

TEST_CASE("while_loop: one tensor, a vector, swapped variables, and a limit") {
  const auto doubled = [](const Tensor& x) {
    return while_loop([](const Tensor& y) { return sum(y) < 100; },
                      [](const Tensor& y) { return y * 2; }, x, {.maximum_iterations = 3});
  };
  same_as_eager(doubled, tensor({1.f, 2.f}));
  same_as_eager(doubled, tensor({40.f, 2.f}));
  const auto fibonacci = [](const Tensor& n) {
    const std::vector<Tensor> last =
        while_loop([&](const std::vector<Tensor>& v) { return v[2] < n; },
                   [](const std::vector<Tensor>& v) {
                     return std::vector<Tensor>{v[1], v[0] + v[1], v[2] + 1};
                   },
                   std::vector<Tensor>{scalar(0.f), scalar(1.f), scalar(0.f)});
    return last[0];
  };
  same_as_eager(fibonacci, scalar(10.f));
  const auto swap = [](const Tensor& x, const Tensor& y) {
    const auto v = while_loop(
        [](const Tensor&, const Tensor&, const Tensor& i) { return i < 3; },
        [](const Tensor& a, const Tensor& b, const Tensor& i) { return std::tuple(b, a, i + 1); },
        std::tuple(x, y, scalar(0.f)));
    return concat({std::get<0>(v), std::get<1>(v)});
  };
  same_as_eager(swap, tensor({1.f, 2.f}), tensor({3.f, 4.f}));
}

TEST_CASE("while_loop: variables are carried from iteration to iteration") {
  Variable v(tensor({1.f, 1.f})), count(scalar(0.f)), rate(scalar(0.5f));
  const auto f = [&](const Tensor& limit) {
    const Tensor before = v;
    const Tensor y = while_loop([&](const Tensor&) { return sum(v.value()) < limit; },
                                [&](const Tensor& y) {
                                  v.assign(v.value() * 2);
                                  count.assign_add(ones({}));
                                  return y + v.value() * rate + before;
                                },
                                zeros({2}));
    return concat({y, v, before, reshape(count, {1})});
  };
  auto captured = linnet::function(f);
  const Floats first = values(captured(scalar(20.f))), second = values(captured(scalar(100.f)));
  v.assign(ones({2})), count.assign(zeros({}));
  CHECK(values(f(scalar(20.f))) == first);
  CHECK(values(f(scalar(100.f))) == second);
  CHECK(first == Floats{19, 19, 16, 16, 1, 1, 4});
}

TEST_CASE("while_loop: what does not fit is refused, eager and captured") {
  const auto with = [](auto body) {
    const auto f = [body](const Tensor& x) {
      return while_loop([](const std::vector<Tensor>& v) { return sum(v[0]) < 10; }, body,
                        std::vector<Tensor>{x})[0];
    };
    return std::pair(f, linnet::function(f));
  };
  using List = std::vector<Tensor>;
  const auto two = with([](const List& v) { return List{v[0], v[0]}; });
  const char* counts = "[while_loop] the body returns 2 tensors, there are 1 loop variables";
  CHECK_THROWS_WITH_AS(two.first(ones({2})), counts, ValueError);
  CHECK_THROWS_WITH_AS(two.second(ones({2})), counts, ValueError);
  const auto wide = with([](const List& v) { return List{stack({v[0], v[0]})}; });
  const char* shapes = "[while_loop] loop variable 0 has shape (2,), after an iteration (2, 2)";
  CHECK_THROWS_WITH_AS(wide.first(ones({2})), shapes, ShapeError);
  CHECK_THROWS_WITH_AS(wide.second(ones({2})), shapes, ShapeError);
  const auto other = with([](const List& v) { return List{cast(v[0], DType::float64)}; });
  const char* dtypes = "[while_loop] loop variable 0 has dtype float32, after an iteration float64";
  CHECK_THROWS_WITH_AS(other.first(ones({2})), dtypes, DTypeError);
  CHECK_THROWS_WITH_AS(other.second(ones({2})), dtypes, DTypeError);
}

TEST_CASE("branches and loops nest") {
  const auto collatz = [](const Tensor& start) {
    const auto v = while_loop([](const Tensor& n, const Tensor&) { return n > 1; },
                              [](const Tensor& n, const Tensor& steps) {
                                const Tensor next = cond(
                                    n - 2 * floor(n / 2) > 0, [&] { return 3 * n + 1; },
                                    [&] { return n / 2; });
                                return std::tuple(next, steps + 1);
                              },
                              std::tuple(start, scalar(0.f)));
    return std::get<1>(v);
  };
  same_as_eager(collatz, scalar(27.f));
  const auto triangle = [](const Tensor& rows, const Tensor& x) {
    const auto v = while_loop(
        [&](const Tensor& i, const Tensor&) { return i < rows; },
        [&](const Tensor& i, const Tensor& total) {
          const auto inner = while_loop(
              [&](const Tensor& j, const Tensor&) { return j <= i; },
              [&](const Tensor& j, const Tensor& s) { return std::tuple(j + 1, s + x * i); },
              std::tuple(zeros_like(i), zeros_like(total)));
          return std::tuple(i + 1, total + std::get<1>(inner));
        },
        std::tuple(scalar(0.f), zeros({2})));
    return std::get<1>(v);
  };
  same_as_eager(triangle, scalar(5.f), tensor({1.f, 10.f}));
  const auto in_branch = [&](const Tensor& p, const Tensor& x) {
    return cond(
        p > 0, [&] { return triangle(p, x); },
        [&] {
          return cond(
              p < -1, [&] { return -x; }, [&] { return x; });
        });
  };
  for (const float p : {4.f, -0.5f, -3.f}) same_as_eager(in_branch, scalar(p), tensor({1.f, 2.f}));
}

TEST_CASE("random ops in branches and loops draw as eager ones") {
  const auto f = [](const Tensor& n) {
    const Tensor first = uniform({2});
    const Tensor y = while_loop([&](const Tensor& v) { return sum(v) < n; },
                                [](const Tensor& v) { return v + uniform({2}); }, first);
    const Tensor z = cond(
        sum(y) > 3, [] { return uniform({2}) + uniform({2}); }, [] { return zeros({2}); });
    return concat({first, y, z, uniform({2})});
  };
  auto captured = linnet::function(f);
  for (const float n : {2.f, 5.f, 0.f}) {
    set_random_seed(7);
    const Floats a = values(f(scalar(n))), b = values(f(scalar(n)));
    set_random_seed(7);
    CHECK(values(captured(scalar(n))) == a);
    CHECK(values(captured(scalar(n))) == b);
  }
}

TEST_CASE("an error in a branch or a loop changes nothing") {
  Variable v(tensor({1.f, 2.f}));
  auto f = linnet::function([&](const Tensor& table, const Tensor& start) {
    v.assign_add(ones({2}));
    return while_loop([](const Tensor& i) { return i < 100; },
                      [&](const Tensor& i) {
                        v.assign_add(gather(table, i));
                        return i + 1;
                      },
                      start);
  });
  const Tensor table = ones({5, 2});
  CHECK_THROWS_AS(f(table, scalar(std::int64_t{0})), IndexError);
  CHECK(values(v) == Floats{1, 2});
  auto g = linnet::function([&](const Tensor& x, const Tensor& i) {
    v.assign(x);
    const Tensor row = cond(
        sum(x) > 0, [&] { return gather(x, i); }, [&] { return zeros({}); });
    v.assign_add(ones({2}));
    return row;
  });
  CHECK_THROWS_AS(g(ones({2}), scalar(std::int64_t{7})), IndexError);
  CHECK(values(v) == Floats{1, 2});
  CHECK(g(-ones({2}), scalar(std::int64_t{7})).item<float>() == 0);
  CHECK(values(v) == Floats{0, 0});
}

TEST_CASE("after an error before it a loop does not run: its condition might never change") {
  auto f = linnet::function([](const Tensor& table, const Tensor& i) {
    const Tensor step = gather(table, i);
    return while_loop(
        [](const Tensor& v) { return v < 10; },
        [&](const Tensor& v) { return v + step * gather(table, cast(i, DType::int64)); },
        scalar(0.f));
  });
  CHECK(f(ones({3}), scalar(std::int64_t{1})).item<float>() == 10);
  CHECK_THROWS_AS(f(ones({3}), scalar(std::int64_t{5})), IndexError);
}

TEST_CASE("an exception of the user's code in a branch drops the recording alone") {
  Variable v(scalar(1.f));
  auto f = linnet::function([&](const Tensor& x) {
    GradientTape tape;
    Tensor y = v.value() * x;
    try {
      cond(
          x > 0, [&] { return y * 2; }, [&]() -> Tensor { throw std::runtime_error("mine"); });
    } catch (const std::runtime_error&) {
    }
    return tape.gradient(y, v);
  });
  CHECK(f(scalar(3.f)).item<float>() == 3);
}

TEST_CASE("a tensor that leaves its branch other than as a result is refused") {
  auto f = linnet::function([](const Tensor& x) {
    Tensor kept;
    cond(
        x > 0, [&] { kept = x * 2; }, [] {});
    return kept + 1;
  });
  CHECK_THROWS_AS(f(scalar(1.f)), CaptureError);
}

TEST_CASE("print shows branches and bodies; profiles count them") {
  auto f = linnet::function([](const Tensor& x) {
    return while_loop([](const Tensor& v) { return sum(v) < 10; },
                      [](const Tensor& v) {
                        return cond(
                            v(0) > 1, [&] { return v * 2; }, [&] { return v + 1; });
                      },
                      x);
  });
  f(ones({2}));
  const std::string text = to_string(f.graph());
  CHECK(text.find("while_loop(") != std::string::npos);
  CHECK(text.find("    body {") != std::string::npos);
  CHECK(text.find("true {") != std::string::npos);
  CHECK(text.find("carried 1 <-") != std::string::npos);
  CHECK(to_dot(f.graph()).find("while_loop") != std::string::npos);
  Profile profile;
  for (int i = 0; i < 4; ++i) f(ones({2}));
  bool found = false;
  for (const KernelProfile& k : profile.kernels())
    if (k.op.starts_with("while_loop")) found = k.calls == 4;
  CHECK(found);
}

TEST_CASE("passes: what nobody uses leaves branches, and their captures the graph") {
  auto f = linnet::function([](const Tensor& x, const Tensor& y) {
    const auto [a, b] = cond(
        sum(x) > 0, [&] { return std::tuple(x, exp(y)); },
        [&] { return std::tuple(-x, matmul(y, y)); });
    static_cast<void>(b);
    return a;
  });
  f(ones({2}), ones({2, 2}));
  const Graph g = f.graph();
  CHECK(to_string(g).find("matmul") == std::string::npos);
  CHECK(g.nodes.back().out.size() == 1);
  CHECK(g.nodes.back().in.size() == 2);  // the condition and x
  auto unused = linnet::function([](const Tensor& x) {
    while_loop([](const Tensor& v) { return v < 10; }, [](const Tensor& v) { return v + 1; }, x);
    return x * 2;
  });
  unused(scalar(1.f));
  CHECK(unused.graph().nodes.size() == 1);
}
