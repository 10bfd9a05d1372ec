#include <doctest/doctest.h>

#include <thread>

#include "linnet/autograd/custom_gradient.hpp"
#include "linnet/autograd/tape.hpp"
#include "linnet/core/allocator.hpp"
#include "linnet/core/creation.hpp"
#include "linnet/core/threads.hpp"
#include "linnet/ops/elementwise.hpp"
#include "linnet/ops/matmul.hpp"
#include "linnet/ops/reduce.hpp"

using namespace linnet;

TEST_CASE("one gradient of a non-persistent tape, many of a persistent one") {
  Variable x(tensor({3.f}));
  GradientTape once;
  const Tensor y = x * x;
  CHECK(once.gradient(y, x).item<float>() == 6);
  CHECK_THROWS_AS(once.gradient(y, x), TapeError);
  GradientTape tape({.persistent = true});
  const Tensor a = x * x, b = a * a;
  CHECK(tape.gradient(b, x).item<float>() == 108);
  CHECK(tape.gradient(a, x).item<float>() == 6);
}

TEST_CASE("nested tapes give higher derivatives") {
  const Tensor x = tensor({2.0});
  GradientTape outer, middle;
  outer.watch(x);
  middle.watch(x);
  Tensor first;
  {
    GradientTape inner;
    inner.watch(x);
    first = inner.gradient(x * x * x * x, x);
  }
  const Tensor second = middle.gradient(first, x);
  CHECK(first.item<double>() == 32);
  CHECK(second.item<double>() == 48);
  CHECK(outer.gradient(second, x).item<double>() == 48);
}

TEST_CASE("several targets, output gradients and unconnected sources") {
  Variable x(tensor({1.f, 2.f})), y(tensor({5.f}));
  GradientTape tape({.persistent = true});
  const Tensor a = x * 3, b = square(x);
  const std::vector<Variable> sources{x, y};
  const auto g =
      tape.gradient({a, b}, sources, {.output_gradients = {tensor({1.f, 10.f}), Tensor()}});
  CHECK(g[0].to_vector<float>() == std::vector<float>{5, 34});
  CHECK_FALSE(g[1].defined());
  const auto z = tape.gradient(a, sources, {.unconnected_gradients = UnconnectedGradients::zero});
  CHECK(z[1].to_vector<float>() == std::vector<float>{0});
  CHECK_THROWS_AS(tape.gradient(a, sources, {.output_gradients = {ones({3})}}), ShapeError);
}

TEST_CASE("every read of a variable counts, before and after an assignment") {
  Variable x(tensor({1.f}));
  GradientTape tape;
  const Tensor a = x * 2;
  x.assign(tensor({7.f}));
  CHECK(tape.gradient(a + x * 3, x).item<float>() == 5);
}

TEST_CASE("recording pauses, stops and forgets") {
  Variable x(tensor({3.f}));
  GradientTape tape({.persistent = true});
  Tensor a = x * x, b;
  {
    const auto pause = tape.stop_recording();
    b = x * x;
  }
  CHECK(tape.gradient(a, x).item<float>() == 6);
  CHECK_FALSE(tape.gradient(b, x).defined());
  tape.reset();
  CHECK_FALSE(tape.gradient(a, x).defined());
  CHECK(tape.gradient(x * 4, x).item<float>() == 4);
}

TEST_CASE("only what is watched is recorded") {
  Variable free(tensor({2.f}), {.trainable = false}), w(tensor({3.f}));
  GradientTape quiet({.watch_accessed_variables = false});
  CHECK_FALSE(quiet.gradient(w * w, w).defined());
  GradientTape tape;
  const Tensor y = free * w;
  CHECK(tape.watched_variables() == std::vector<Variable>{w});
  CHECK_FALSE(tape.gradient(y, free).defined());
  GradientTape asked;
  asked.watch(free);
  CHECK(asked.gradient(free * w, free).item<float>() == 3);
}

TEST_CASE("stop_gradient and custom_gradient") {
  Variable x(tensor({2.f}));
  GradientTape tape;
  CHECK(tape.gradient(stop_gradient(x * x) * x, x).item<float>() == 4);
  auto reversed = custom_gradient([](const Tensor& t) {
    return std::pair{t * 1.0, VjpFunction([](const Tensor& dy) { return -dy; })};
  });
  GradientTape again;
  CHECK(again.gradient(reversed(x) * 5, x).item<float>() == -5);
}

TEST_CASE("gradients are handed out as soon as they are complete") {
  Variable a(tensor({1.f})), b(tensor({2.f}));
  std::vector<std::size_t> order;
  GradientTape tape;
  tape.on_ready([&](std::size_t i, const Tensor& g) {
    order.push_back(i);
    CHECK(g.defined());
  });
  const Tensor loss = (a * 3) * b;  // b is used last, so it is ready first
  tape.gradient(loss, std::vector<Variable>{a, b});
  CHECK(order == std::vector<std::size_t>{1, 0});
}

TEST_CASE("a tape belongs to its thread") {
  GradientTape tape;
  bool refused = false;
  std::thread([&] {
    try {
      tape.watch(ones({2}));
    } catch (const TapeError&) {
      refused = true;
    }
  }).join();
  CHECK(refused);
}

TEST_CASE("what a tape kept is free after the gradient") {
  Variable w(ones({256, 256}));
  set_num_threads(1);
  static_cast<void>(matmul(w, w));  // the thread's scratch memory stays
  const std::size_t before = memory_stats().bytes_in_use;
  {
    GradientTape tape;
    Tensor y = w;
    for (int i = 0; i < 10; ++i) y = tanh(matmul(y, w));
    CHECK(memory_stats().bytes_in_use >= before + 10 * 256 * 256 * 4);
    tape.gradient(sum(y), w);
    y = Tensor();
    CHECK(memory_stats().bytes_in_use < before + 2 * 256 * 256 * 4);
  }
  CHECK(memory_stats().bytes_in_use == before);
  set_num_threads(0);
}
