// A network without layers: variables, a tape and gradient descent by hand, captured as a function.
#include <cstdio>
#include <linnet/linnet.hpp>

using namespace linnet;

int main() {
  set_random_seed(1);
  // Points on two rings; the label says which.
  const Tensor angle = uniform({400}, {.maxval = 6.2831853}), ring = random_integers({400}, 0, 2);
  const Tensor radius = 1 + cast(ring, float32) + normal({400}, {.stddev = 0.1});
  const Tensor x = stack({radius * cos(angle), radius * sin(angle)}, 1);

  Variable w1(normal({2, 32}), {.name = "w1"}), b1(zeros({32}), {.name = "b1"});
  Variable w2(normal({32, 2}, {.stddev = 0.2}), {.name = "w2"}), b2(zeros({2}), {.name = "b2"});
  const std::vector<Variable> variables{w1, b1, w2, b2};
  const auto network = [&](const Tensor& in) { return matmul(tanh(matmul(in, w1) + b1), w2) + b2; };

  const auto step = linnet::function([&](const Tensor& in, const Tensor& label) {
    GradientTape tape;
    const Tensor loss =
        mean(sparse_categorical_crossentropy(label, network(in), {.from_logits = true}));
    const auto gradients = tape.gradient(loss, variables);
    for (std::size_t i = 0; i < variables.size(); ++i) variables[i].assign_sub(0.3 * gradients[i]);
    return loss;
  });

  for (int i = 0; i <= 600; ++i) {
    const Tensor loss = step(x, ring);
    if (i % 200 == 0) std::printf("step %d: loss %.4f\n", i, loss.item<double>());
  }
  const double accuracy = mean(cast(argmax(network(x)) == ring, float32)).item<double>();
  std::printf("accuracy %.3f after one trace and 600 replays\n", accuracy);
  return accuracy > 0.95 && step.tracing_count() == 1 ? 0 : 1;
}
