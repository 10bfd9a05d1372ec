#include <doctest/doctest.h>

#include <cstdio>

#include "linnet/autograd/tape.hpp"
#include "linnet/core/creation.hpp"
#include "linnet/core/print.hpp"
#include "linnet/graph/function.hpp"
#include "linnet/ops/conv.hpp"
#include "linnet/ops/elementwise.hpp"
#include "linnet/ops/loss.hpp"
#include "linnet/ops/matmul.hpp"
#include "linnet/ops/random.hpp"
#include "linnet/ops/reduce.hpp"
#include "linnet/ops/shape.hpp"

using namespace linnet;

TEST_CASE("a captured training step equals the eager one") {
  const Generator g(7);
  const Tensor x = normal({32, 10}, {.generator = g}), y = random_integers({32}, 0, 4, {.generator = g});
  std::vector<Tensor> finals;
  for (bool captured : {false, true}) {
    Variable w(normal({10, 4}, {.stddev = 0.1, .generator = Generator(3)})), b(zeros({4}));
    auto step = linnet::function([&](const Tensor& x, const Tensor& y) {
      GradientTape tape;
      Tensor loss = mean(sparse_categorical_crossentropy(y, relu(matmul(x, w) + b), {.from_logits = true}));
      auto grads = tape.gradient(loss, std::vector<Variable>{w, b});
      w.assign_sub(0.1 * grads[0]);
      b.assign_sub(0.1 * grads[1]);
      return loss;
    });
    run_functions_eagerly(!captured);
    Tensor loss;
    for (int i = 0; i < 20; ++i) loss = step(x, y);
    if (captured) { print(step.graph()); std::puts(step.plan().c_str()); }
    MESSAGE(to_string(loss));
    finals.push_back(w.value());
  }
  run_functions_eagerly(false);
  CHECK(finals[0].to_vector<float>() == finals[1].to_vector<float>());
}
