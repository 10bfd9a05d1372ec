#include <doctest/doctest.h>

#include <atomic>
#include <cmath>
#include <thread>

#include "linnet/autograd/tape.hpp"
#include "linnet/core/allocator.hpp"
#include "linnet/core/creation.hpp"
#include "linnet/core/warning.hpp"
#include "linnet/graph/function.hpp"
#include "linnet/ops/elementwise.hpp"
#include "linnet/ops/indexing.hpp"
#include "linnet/ops/matmul.hpp"
#include "linnet/ops/random.hpp"
#include "linnet/ops/reduce.hpp"
#include "linnet/ops/shape.hpp"

using namespace linnet;

using Floats = std::vector<float>;

TEST_CASE("a snapshot of a variable never changes") {
  Variable v(tensor({1.f, 2.f}));
  const Tensor before = v.value();
  v.assign_add(ones({2}));
  CHECK(before.to_vector<float>() == Floats{1, 2});
  auto add = linnet::function([&] { v.assign_add(ones({2})); });
  const Tensor middle = v.value();
  add();
  add();
  CHECK(middle.to_vector<float>() == Floats{2, 3});
  CHECK(v.value().to_vector<float>() == Floats{4, 5});
}

TEST_CASE("reads and writes happen in program order; the last write counts") {
  Variable a(tensor({1.f})), b(tensor({10.f}));
  auto f = linnet::function([&] {
    const Tensor old = a.value();
    a.assign(old + 1);
    a.assign(a.value() * 2);
    b.assign(old);
    return stack({old, a.value(), b.value()});
  });
  CHECK(flatten(f()).to_vector<float>() == Floats{1, 4, 1});
  CHECK(flatten(f()).to_vector<float>() == Floats{4, 10, 4});
}

TEST_CASE("two variables swap in one trace") {
  Variable a(tensor({1.f})), b(tensor({2.f}));
  auto swap = linnet::function([&] {
    const Tensor x = a, y = b;
    a.assign(y);
    b.assign(x);
  });
  swap();
  CHECK(a.value().item<float>() == 2);
  CHECK(b.value().item<float>() == 1);
  swap();
  CHECK(a.value().item<float>() == 1);
}

TEST_CASE("outputs are the caller's: later calls leave them alone") {
  Variable w(zeros({3}));
  auto f = linnet::function([&](const Tensor& x) {
    w.assign_add(x);
    return std::pair{x * 2, w.value()};
  });
  const auto first = f(tensor({1.f, 2.f, 3.f}));
  const auto second = f(tensor({5.f, 5.f, 5.f}));
  CHECK(first.first.to_vector<float>() == Floats{2, 4, 6});
  CHECK(first.second.to_vector<float>() == Floats{1, 2, 3});
  CHECK(second.second.to_vector<float>() == Floats{6, 7, 8});
}

TEST_CASE("outputs that are inputs, constants, views or the same value") {
  const Tensor c = tensor({7.f});
  auto f = linnet::function([&](const Tensor& x) {
    return std::vector<Tensor>{x, c, transpose(x), x + 1, x + 1};
  });
  const Tensor x = tensor({{1.f, 2.f}, {3.f, 4.f}});
  const auto out = f(x);
  CHECK(out[0].id() == x.id());
  CHECK(out[1].id() == c.id());
  CHECK(out[2].to_vector<float>() == Floats{1, 3, 2, 4});
  CHECK(out[3].to_vector<float>() == out[4].to_vector<float>());
  CHECK(out[3].raw_data() != out[4].raw_data());
}

TEST_CASE("a function inside a function becomes part of it") {
  int runs = 0;
  auto inner = linnet::function([&](const Tensor& x) {
    ++runs;
    return x * x;
  });
  auto outer = linnet::function([&](const Tensor& x) { return inner(x) + inner(x + 1); });
  CHECK(outer(tensor({2.f})).item<float>() == 13);
  CHECK(outer(tensor({3.f})).item<float>() == 25);
  CHECK(runs == 2);
  CHECK(inner.tracing_count() == 0);
}

TEST_CASE("under an outer tape a function runs eagerly and is differentiated") {
  auto cube = linnet::function([](const Tensor& x) { return x * x * x; });
  const Tensor x = tensor({2.f});
  GradientTape tape;
  tape.watch(x);
  CHECK(tape.gradient(cube(x), x).item<float>() == 12);
}

TEST_CASE("a trace per signature; plain arguments are part of it") {
  int runs = 0;
  auto f = linnet::function([&](const Tensor& x, bool twice) {
    ++runs;
    return twice ? x * 2 : x;
  });
  f(ones({2}), true);
  f(zeros({2}), true);
  CHECK(runs == 1);
  f(ones({3}), true);
  f(ones({2}), false);
  f(ones({2}, float64), false);
  CHECK(runs == 4);
  CHECK(f.stats().cached == 4);
}

TEST_CASE("repeated retracing warns once") {
  static std::atomic<int> warnings{0};
  const auto former = set_warning_handler([](std::string_view) { ++warnings; });
  auto f = linnet::function([](const Tensor& x) { return x + 1; });
  for (int n = 1; n < 20; ++n) f(ones({n}));
  set_warning_handler(former);
  CHECK(warnings == 1);
  CHECK(f.stats().cached == 8);
}

TEST_CASE("what a traced tensor cannot do says so, and drops the trace") {
  Variable v(ones({2}));
  auto f = linnet::function([&](const Tensor& x) {
    v.assign(x);
    if (x.shape()[0] == 2) static_cast<void>(x(0).item<float>());
    return x;
  });
  CHECK_THROWS_AS(f(zeros({2})), CaptureError);
  CHECK_THROWS_AS(f(zeros({2})), CaptureError);
  CHECK(v.value().to_vector<float>() == Floats{1, 1});
  CHECK(f.stats().cached == 0);
}

TEST_CASE("a tensor that escapes its trace is refused") {
  Tensor leaked;
  auto f = linnet::function([&](const Tensor& x) {
    leaked = x + 1;
    return leaked;
  });
  f(ones({2}));
  CHECK_THROWS_AS(leaked + 1, CaptureError);
  CHECK_THROWS_AS(leaked.to_vector<float>(), CaptureError);
  auto g = linnet::function([&](const Tensor& x) { return x + leaked; });
  CHECK_THROWS_AS(g(ones({2})), CaptureError);
}

TEST_CASE("a variable made while tracing must be kept") {
  auto lost = linnet::function([](const Tensor& x) { return x + Variable(ones({2})); });
  CHECK_THROWS_AS(lost(ones({2})), CaptureError);
  Variable kept;
  auto good = linnet::function([&](const Tensor& x) {
    if (!kept.defined()) kept = Variable(ones({2}));
    return x + kept;
  });
  CHECK(good(ones({2})).to_vector<float>() == Floats{2, 2});
}

TEST_CASE("an error found at run time leaves every variable as it was") {
  Variable a(zeros({2})), b(zeros({2}));
  auto f = linnet::function([&](const Tensor& index) {
    a.assign_add(ones({2}));
    const Tensor picked = gather(tensor({1.f, 2.f}), index);
    b.assign(picked);
    a.assign_add(picked);
  });
  f(tensor({0, 1}));
  CHECK_THROWS_AS(f(tensor({0, 9})), IndexError);
  CHECK(a.value().to_vector<float>() == Floats{2, 3});
  CHECK(b.value().to_vector<float>() == Floats{1, 2});
  f(tensor({1, 1}));
  CHECK(a.value().to_vector<float>() == Floats{5, 6});
}

TEST_CASE("captured code draws the numbers that eager code draws") {
  const Generator eager(5), captured(5);
  const auto draw = [](const Generator& g) {
    return std::vector<Tensor>{uniform({3}, {.generator = g}), normal({2}, {.generator = g}),
                               dropout(ones({9}), 0.5, g)};
  };
  auto f = linnet::function([&] { return draw(captured); });
  for (int i = 0; i < 3; ++i) {
    const auto a = draw(eager), b = f();
    for (std::size_t k = 0; k < a.size(); ++k)
      CHECK(a[k].to_vector<float>() == b[k].to_vector<float>());
  }
  CHECK(eager.state().value().to_vector<std::uint64_t>() ==
        captured.state().value().to_vector<std::uint64_t>());
}

TEST_CASE("an exponential moving average is updated in place") {
  Variable average(zeros({1000}));
  auto f = linnet::function([&](const Tensor& x) { average.assign(average * 0.9 + x * 0.1); });
  f(ones({1000}));
  const void* place = average.value().raw_data();
  for (int i = 0; i < 5; ++i) f(ones({1000}));
  CHECK(average.value().raw_data() == place);
  CHECK(average.value()(0).item<float>() == doctest::Approx(1 - 0.531441).epsilon(1e-5));
}

TEST_CASE("10,000 steps hold no more memory than the first ones") {
  Variable w(normal({64, 64}, {.stddev = 0.01}));
  auto step = linnet::function([&](const Tensor& x) {
    GradientTape tape;
    const Tensor loss = mean(square(matmul(x, w)));
    w.assign_sub(0.01 * tape.gradient(loss, w));
    return loss;
  });
  const Tensor x = normal({16, 64});
  for (int i = 0; i < 100; ++i) step(x);
  const MemoryStats before = memory_stats();
  for (int i = 0; i < 10000; ++i) step(x);
  const MemoryStats after = memory_stats();
  CHECK(after.bytes_in_use == before.bytes_in_use);
  CHECK(after.system_allocations == before.system_allocations);
}

TEST_CASE("one function on many threads, reading and writing the same variable") {
  Variable v(zeros({100}));
  auto add = linnet::function([&](const Tensor& x) { v.assign_add(x); });
  auto read = linnet::function([&] { return std::pair{max(v.value()), min(v.value())}; });
  std::vector<std::thread> threads;
  std::atomic<int> torn{0};
  for (int t = 0; t < 4; ++t)
    threads.emplace_back([&, t] {
      for (int i = 0; i < 200; ++i) {
        if (t % 2) {
          add(ones({100}));
        } else {
          const auto [high, low] = read();
          if (high.item<float>() != low.item<float>()) ++torn;
        }
      }
    });
  for (auto& t : threads) t.join();
  CHECK(torn == 0);
  CHECK(v.value()(0).item<float>() == 400);
}

TEST_CASE("release_memory frees arenas nobody runs in") {
  auto f = linnet::function([](const Tensor& x) { return sum(matmul(exp(x), tanh(x))); });
  const Tensor x = ones({512, 512});
  f(x);
  const std::size_t before = memory_stats().bytes_in_use;
  release_memory();
  CHECK(memory_stats().bytes_in_use + 2 * 512 * 512 * 4 <= before);
  CHECK(std::isfinite(f(x).item<float>()));
}

TEST_CASE("the printed graph names ops, shapes and variables") {
  Variable w(ones({3, 2}), {.name = "kernel"});
  auto f = linnet::function([&](const Tensor& x) { return relu(matmul(x, w) + ones({2})); });
  f(ones({4, 3}));
  const std::string text = to_string(f.graph());
  CHECK(text.find("variable 'kernel'  float32(3, 2)") != std::string::npos);
  CHECK(text.find("bias=true, activation=relu") != std::string::npos);
  CHECK(text.find("float32(4, 2)") != std::string::npos);
  CHECK(f.graph().nodes.size() == 1);
  CHECK(to_dot(f.graph()).find("matmul") != std::string::npos);
}
