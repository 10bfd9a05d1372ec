// The smallest program that trains: a network of two layers and one step. compile_time.sh measures
// what it costs to build, with the headers it needs and with all of Linnet.
#include <cstdio>
#include <linnet/autograd/tape.hpp>
#include <linnet/core/creation.hpp>
#include <linnet/nn/layers/dense.hpp>
#include <linnet/nn/optimizers.hpp>
#include <linnet/nn/sequential.hpp>
#include <linnet/ops/elementwise.hpp>
#include <linnet/ops/loss.hpp>
#include <linnet/ops/random.hpp>
#include <linnet/ops/reduce.hpp>

using namespace linnet;

int main() {
  set_random_seed(1);
  Sequential model{layers::Dense(16, {.activation = relu}), layers::Dense(3)};
  SGD optimizer(0.1);
  const Tensor x = normal({8, 4}), y = tensor({0, 1, 2, 0, 1, 2, 0, 1});
  model.build_once(x.shape());
  GradientTape tape;
  const Tensor loss = mean(sparse_categorical_crossentropy(y, model(x), {.from_logits = true}));
  const auto variables = model.trainable_variables();
  optimizer.apply_gradients(tape.gradient(loss, variables), variables);
  std::printf("%f\n", loss.item<double>());
}
