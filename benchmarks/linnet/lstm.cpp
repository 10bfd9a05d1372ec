// lstm: one recurrent layer over a sequence, of public ops, unrolled when captured.
#include "bench.hpp"

namespace bench {

using namespace linnet;

namespace {

constexpr std::int64_t batch = 32, steps = 64, inputs = 32, units = 128;

struct Lstm {
  Parameters parameters;
  Variable kernel = parameters.add({inputs, 4 * units}),
           recurrent = parameters.add({units, 4 * units}), bias = parameters.zeros(4 * units),
           head = parameters.add({units, 10}), head_bias = parameters.zeros(10);

  /// [batch, steps, inputs] -> logits [batch, 10] of the last state. Gates i, f, c, o.
  Tensor operator()(const Tensor& x) const {
    // The inputs' part of all gates is one product for the whole sequence.
    const std::vector<Tensor> from_inputs = unstack(matmul(transpose(x, {1, 0, 2}), kernel) + bias);
    Tensor state, cell;
    for (const Tensor& from_input : from_inputs) {
      const Tensor z = state.defined() ? from_input + matmul(state, recurrent) : from_input;
      const std::vector<Tensor> gates = split(z, 4, -1);
      const Tensor candidate = sigmoid(gates[0]) * tanh(gates[2]);
      cell = cell.defined() ? sigmoid(gates[1]) * cell + candidate : candidate;
      state = sigmoid(gates[3]) * tanh(cell);
    }
    return matmul(state, head) + head_bias;
  }
};

}  // namespace

bool make_lstm(const std::string& name, Workload& out) {
  if (name != "lstm") return false;
  const auto model = std::make_shared<Lstm>();
  out = training(
      std::make_shared<Adam>(1e-3), model->parameters.all(), uniform({batch, steps, inputs}, 99, 2),
      integers({batch}, 98, 10),
      [model](const Tensor& x, const Tensor& y) { return mean_crossentropy(y, (*model)(x)); });
  return true;
}

}  // namespace bench
