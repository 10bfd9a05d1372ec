#include "bench.hpp"

namespace bench {

using namespace linnet;

Workload training(std::shared_ptr<Optimizer> optimizer, const std::vector<Variable>& variables,
                  const Tensor& x, const Tensor& y,
                  std::function<Tensor(const Tensor& x, const Tensor& y)> loss_of) {
  optimizer->build(variables);
  const auto step = function([optimizer, variables, loss_of](const Tensor& a, const Tensor& b) {
    GradientTape tape;
    const Tensor loss = loss_of(a, b);
    optimizer->apply_gradients(tape.gradient(loss, variables), variables);
    return loss;
  });
  return {[step, x, y] { return static_cast<double>(step(x, y).item<float>()); }, {}};
}

Tensor mean_crossentropy(const Tensor& classes, const Tensor& logits) {
  return mean(sparse_categorical_crossentropy(classes, logits, {.from_logits = true}));
}

}  // namespace bench
