// lstm: one recurrent layer over a sequence, unrolled when captured.
#include "bench.hpp"

namespace bench {

using namespace linnet;

bool make_lstm(const std::string& name, Workload& out) {
  if (name != "lstm") return false;
  const Shape input{32, 64, 32};
  const auto model = std::make_shared<Sequential>(std::initializer_list<Sequential::Item>{
      layers::LSTM(128, {.unit_forget_bias = false}), layers::Dense(10)});
  model->build_once(input);
  Parameters parameters;
  parameters.set(model->trainable_variables());
  out = training(std::make_shared<Adam>(1e-3), parameters.all(), uniform(input, 99, 2),
                 integers({input[0]}, 98, 10), [model](const Tensor& x, const Tensor& y) {
                   return mean_crossentropy(y, (*model)(x, {.training = true}));
                 });
  return true;
}

}  // namespace bench
