#include "linnet/core/interrupt.hpp"

#include <doctest/doctest.h>

#include <thread>

#include "linnet/autograd/tape.hpp"
#include "linnet/core/creation.hpp"
#include "linnet/graph/control_flow.hpp"
#include "linnet/ops/elementwise.hpp"
#include "linnet/ops/matmul.hpp"
#include "linnet/ops/reduce.hpp"

using namespace linnet;

namespace {

using Floats = std::vector<float>;

struct Stop {};

std::atomic<int> calls_left = -1;  // of the check, until it throws; below 0 it does not

void count_down() {
  if (calls_left > 0 && --calls_left == 0) throw Stop();
}

/// The check throws when it is called for the n-th time, while one lives.
class StopAt {
 public:
  explicit StopAt(int n) : former_(set_interrupt_check(&count_down)) { calls_left = n; }
  ~StopAt() { set_interrupt_check(former_); }
  StopAt(const StopAt&) = delete;
  StopAt& operator=(const StopAt&) = delete;

 private:
  InterruptCheck former_;
};

Tensor yes(const Tensor& x) { return equal(sum(x), sum(x)); }

}  // namespace

TEST_CASE("an endless captured loop ends when the check throws, and no variable has changed") {
  Variable before(tensor({1.f, 2.f})), within(tensor({3.f}));
  auto f = linnet::function([&](const Tensor& x, const Tensor& limit) {
    before.assign_add(x);
    const Tensor y = while_loop([&](const Tensor& n) { return less(n, limit); },
                                [&](const Tensor& n) {
                                  within.assign_add(tensor({1.f}));
                                  return n + 1;
                                },
                                zeros({}));
    before.assign_add(x);
    return y;
  });
  const Tensor x = tensor({10.f, 10.f}), never = full({}, 1e30f), soon = full({}, 5.f);
  for (const int n : {1, 2, 5}) {
    const StopAt stop(n);
    CHECK_THROWS_AS(f(x, never), Stop);
    CHECK(before.value().to_vector<float>() == Floats{1, 2});
    CHECK(within.value().to_vector<float>() == Floats{3});
  }
  CHECK(f(x, soon).item<float>() == 5);
  CHECK(before.value().to_vector<float>() == Floats{21, 22});
  CHECK(within.value().to_vector<float>() == Floats{8});
}

TEST_CASE("loops in loops and in branches are interrupted, eager loops too") {
  const auto endless = [](const Tensor& x) {
    return while_loop(
        yes, [](const Tensor& y) { return y * 1; }, x);
  };
  const auto in_branch = [&](const Tensor& x) {
    return cond(
        sum(x) > 0, [&] { return endless(x); }, [&] { return x; });
  };
  // The loop inside is short, and looks less often than it runs.
  const auto short_in_endless = [](const Tensor& x) {
    return while_loop(
        yes,
        [](const Tensor& y) {
          return std::get<0>(
              while_loop([](const Tensor&, const Tensor& n) { return n < 2; },
                         [](const Tensor& z, const Tensor& n) { return std::tuple(z, n + 1); },
                         std::tuple(y, zeros({}))));
        },
        x);
  };
  const StopAt stop(3);
  CHECK_THROWS_AS(linnet::function(endless)(ones({2})), Stop);
  calls_left = 3;
  CHECK_THROWS_AS(linnet::function(in_branch)(ones({2})), Stop);
  calls_left = 3;
  CHECK_THROWS_AS(linnet::function(short_in_endless)(ones({2})), Stop);
  calls_left = 3;
  CHECK_THROWS_AS(endless(ones({2})), Stop);
}

TEST_CASE("a call of many kernels looks between them, and never once a variable is written") {
  Variable w(full({256, 256}, 0.f)), count(zeros({}));
  auto f = linnet::function([&](Tensor x) {
    for (int i = 0; i < 8; ++i) x = tanh(matmul(x, x));
    w.assign(x);
    for (int i = 0; i < 8; ++i) x = tanh(matmul(x, x));
    count.assign_add(ones({}));
    return x;
  });
  const Tensor x = full({256, 256}, 0.01f);
  f(x);
  const Floats first = w.value().to_vector<float>();
  int stops = 0;
  for (int n = 1; n < 100; ++n) {
    const StopAt stop(n);
    try {
      f(x * 2);
      break;
    } catch (const Stop&) {
      ++stops;
    }
    CHECK(w.value().to_vector<float>() == first);
    CHECK(count.value().item<float>() == 1);
  }
  CHECK(stops >= 2);
  CHECK(count.value().item<float>() == 2);
}

TEST_CASE("who waits for a variable tells the hooks") {
  static std::atomic<int> waiting{0}, waited{0};
  set_wait_hooks({[]() -> void* { return ++waiting, &waiting; },
                  [](void* state) { waited += state == &waiting; }});
  static std::atomic<bool> inside{false}, go_on{false};
  const InterruptCheck former = set_interrupt_check([] {
    inside = true;
    while (!go_on) std::this_thread::yield();
  });
  Variable v(zeros({}));
  auto f = linnet::function([&](const Tensor& n) {
    v.assign_add(while_loop([&](const Tensor& i) { return i < n; },
                            [](const Tensor& i) { return i + 1; }, zeros({})));
  });
  std::thread runs([&] { f(full({}, 5000.f)); });
  while (!inside) std::this_thread::yield();
  std::thread reads([&] { CHECK(v.value().item<float>() == 5000); });
  while (waiting == 0) std::this_thread::yield();
  go_on = true;
  runs.join();
  reads.join();
  CHECK(waited > 0);
  CHECK(waited == waiting);
  set_interrupt_check(former);
  set_wait_hooks({});
}
