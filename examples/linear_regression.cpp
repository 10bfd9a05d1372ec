// Learns theta in y = theta * x from y = 2x, by gradient descent written by hand.
//
// The loss is the mean of (theta x - y)^2 over x in {0.5, 1.5, ..} scaled so that mean(x^2) = 0.5;
// its derivative is 2 mean(x^2) (theta - 2) = theta - 2. With a rate of 0.05 each step moves theta
// by 0.05 (2 - theta): 0 -> 0.1 -> 0.195 -> 0.285..., the distance to 2 shrinking by 5% a step.
#include <cmath>
#include <cstdio>
#include <linnet/linnet.hpp>

using namespace linnet;

int main() {
  const Tensor raw = tensor({-1.5f, -0.5f, 0.5f, 1.5f});
  const Tensor x = raw * std::sqrt(0.5 / mean(square(raw)).item<double>());
  const Tensor y = 2 * x;
  Variable theta(tensor(0.f), {.name = "theta"});

  double first = 0, second = 0;
  for (int step = 1; step <= 200; ++step) {
    GradientTape tape;
    const Tensor loss = mean(square(theta * x - y));
    const Tensor slope = tape.gradient(loss, theta);  // theta - 2
    theta.assign_sub(0.05 * slope);
    const double now = theta.value().item<double>();
    if (step == 1) first = now;
    if (step == 2) second = now;
    if (step <= 3 || step % 50 == 0)
      std::printf("step %3d: slope %8.5f, theta %.5f\n", step, slope.item<double>(), now);
  }
  const bool as_expected = std::abs(first - 0.1) < 1e-5 && std::abs(second - 0.195) < 1e-5 &&
                           std::abs(theta.value().item<double>() - 2) < 1e-3;
  return as_expected ? 0 : 1;
}
