#include <doctest/doctest.h>
#include "linnet/autograd/tape.hpp"
#include "linnet/core/creation.hpp"
#include "linnet/graph/control_flow.hpp"
#include "linnet/graph/function.hpp"
#include "linnet/nn/layers/conv2d.hpp"
#include "linnet/nn/layers/core.hpp"
#include "linnet/nn/layers/dense.hpp"
#include "linnet/nn/model.hpp"
#include "linnet/ops/conv.hpp"
#include "linnet/ops/elementwise.hpp"
#include "linnet/ops/loss.hpp"
#include "linnet/ops/random.hpp"
#include "linnet/ops/reduce.hpp"
#include "steady/counting.hpp"

using namespace linnet;

TEST_CASE("a steady captured training step allocates nothing and takes no page fault") {
  Sequential model{layers::Conv2D(8, 3, {.activation = relu}), layers::MaxPooling2D(2),
                   layers::Flatten(), layers::Dropout(0.2), layers::Dense(10)};
  const Tensor x = normal({16, 14, 14, 1}), y = random_integers({16}, 0, 10);
  model.build_once(x.shape());
  Adam optimizer(1e-3);
  optimizer.build(model.trainable_variables());
  const auto step = linnet::function([&](const Tensor& a, const Tensor& b) {
    GradientTape tape;
    const Tensor loss = mean(
        sparse_categorical_crossentropy(b, model(a, {.training = true}), {.from_logits = true}));
    const auto variables = model.trainable_variables();
    optimizer.apply_gradients(tape.gradient(loss, variables), variables);
    return loss;
  });
  for (int i = 0; i < 200; ++i) step(x, y);
  const long faults = page_faults(), count = allocations;
  for (int i = 0; i < 500; ++i) step(x, y);
  const long made = allocations - count;
  const long faulted = page_faults() - faults;
  CHECK(made == 0);
  CHECK(faulted <= 4);  // the kernel may move a page or two
}

TEST_CASE("iterations of a captured loop and of its gradient allocate nothing") {
  const auto f = linnet::function([](const Tensor& x, const Tensor& n) {
    GradientTape tape;
    tape.watch(x);
    const auto v =
        while_loop([&](const Tensor& i, const Tensor&) { return i < n; },
                   [](const Tensor& i, const Tensor& y) {
                     const Tensor next = cond(
                         sum(y) > 10, [&] { return y * 0.5f; }, [&] { return y + sin(y); });
                     return std::tuple(i + 1, next);
                   },
                   std::tuple(zeros({}), x));
    return tape.gradient(std::get<1>(v), x);
  });
  const Tensor x = ones({64}), few = full({}, 3), many = full({}, 300);
  for (int i = 0; i < 50; ++i) f(x, few), f(x, many);
  long count = allocations;
  for (int i = 0; i < 50; ++i) f(x, few);
  CHECK(allocations == count);
  count = allocations;
  for (int i = 0; i < 50; ++i) f(x, many);
  CHECK(allocations == count);
}

TEST_CASE("what oneDNN allocates within its primitives is little, and known") {
  // Seven by seven and strided: neither Winograd's tiles nor other kernels of Linnet's own.
  const Tensor x = normal({16, 32, 32, 3}), k = normal({7, 7, 3, 32});
  const auto f = linnet::function(
      [k](const Tensor& a) { return conv2d(a, k, {.strides = 2, .padding = "same"}); });
  for (int i = 0; i < 50; ++i) f(x);
  const long count = allocations, theirs = onednn_allocations;
  for (int i = 0; i < 100; ++i) f(x);
  const double each = static_cast<double>(onednn_allocations - theirs) / 100;
  CHECK(allocations - count == 0);
  MESSAGE("oneDNN's allocations in a strided convolution: " << each);
  CHECK(each <= 16 * 8);  // at most 16 parts, a map of arguments each
}

TEST_CASE("an eager op allocates nothing once its kernel is known") {
  const Tensor a = ones({8}), b = ones({8});
  for (int i = 0; i < 10; ++i) static_cast<void>(a + b);
  const long count = allocations;
  for (int i = 0; i < 1000; ++i) static_cast<void>(a + b);
  CHECK(allocations - count == 0);
}
