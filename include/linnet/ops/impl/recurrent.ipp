#pragma once

#include <array>
#include <vector>

#include "linnet/autograd/with_vjp.hpp"
#include "linnet/backend/apply.hpp"
#include "linnet/ops/elementwise.hpp"
#include "linnet/ops/impl/composed.ipp"
#include "linnet/ops/matmul.hpp"
#include "linnet/ops/primitives/recurrent.hpp"
#include "linnet/ops/recurrent.hpp"
#include "linnet/ops/shape.hpp"

namespace linnet::inline LINNET_ABI::detail {

/// What lstm_sequence computes, step by step in public ops.
inline Tensor lstm_steps(const Tensor& gates_x, const Tensor& kernel, const Tensor& h0,
                         const Tensor& c0) {
  std::vector<Tensor> states{h0};
  Tensor c = c0;
  for (const Tensor& x : unstack(gates_x)) {
    const auto gates = split(x + matmul(states.back(), kernel), 4, -1);
    c = sigmoid(gates[1]) * c + sigmoid(gates[0]) * tanh(gates[2]);
    states.push_back(sigmoid(gates[3]) * tanh(c));
  }
  states.push_back(c);
  return stack(states);
}

inline void check_lstm(const Tensor& gates_x, const Tensor& kernel, const Tensor& h0,
                       const Tensor& c0) {
  const DType t = gates_x.dtype();
  if (t != DType::float32 && t != DType::float64)
    fail<DTypeError>("lstm_sequence", "expected float32 or float64, got ", t);
  for (const Tensor* x : {&kernel, &h0, &c0})
    if (x->dtype() != t)
      fail<DTypeError>("lstm_sequence", "expected ", t, " throughout, got ", x->dtype());
  if (gates_x.rank() != 3 || kernel.rank() != 2)
    fail<ShapeError>("lstm_sequence", "expected gates [t, n, 4u] and a kernel [u, 4u], got ",
                     gates_x.shape(), " and ", kernel.shape());
  const std::int64_t u = kernel.dim(0);
  if (u < 1 || kernel.dim(1) != 4 * u || gates_x.dim(2) != 4 * u)
    fail<ShapeError>("lstm_sequence", "kernel ", kernel.shape(), " does not fit gates ",
                     gates_x.shape());
  for (const Tensor* x : {&h0, &c0})
    if (!(x->shape() == Shape{gates_x.dim(1), u}))
      fail<ShapeError>("lstm_sequence", "expected states of shape ", Shape{gates_x.dim(1), u},
                       ", got ", x->shape());
}

Tensor lstm_sequence(const Tensor& gates_x, const Tensor& kernel, const Tensor& h0,
                     const Tensor& c0) {
  check_lstm(gates_x, kernel, h0, c0);
  const std::int64_t t = gates_x.dim(0), n = gates_x.dim(1), u = kernel.dim(0);
  const auto spec = [&](const Shape& s) {
    return TensorSpec{s, gates_x.dtype(), gates_x.device()};
  };
  const auto [y, c, gates] =
      apply(LstmSequence{}, std::array{spec({t + 2, n, u}), spec({t + 1, n, u}), gates_x.spec()},
            gates_x, kernel, h0, c0);
  const std::vector<Tensor> inputs{gates_x, kernel, h0, c0};
  return with_vjp(
      y,
      joint_vjp({&gates_x, &kernel, &h0, &c0},
                [=, y = y, c = c, gates = gates](const Tensor& dy, const std::vector<bool>& needs) {
                  if (differentiates_again(dy, inputs))
                    return composed_gradient(inputs, dy, [](const std::vector<Tensor>& x) {
                      return lstm_steps(x[0], x[1], x[2], x[3]);
                    });
                  const TensorSpec state = inputs[2].spec();
                  const auto [dx, dh0, dc0] =
                      apply(LstmSequenceBackward{}, std::array{inputs[0].spec(), state, state}, dy,
                            inputs[1], c, gates);
                  Tensor dkernel;
                  if (needs[1])
                    dkernel = matmul(reshape(narrow(y, 0, 0, t), {t * n, u}),
                                     reshape(dx, {t * n, 4 * u}), {.transpose_a = true});
                  return std::vector<Tensor>{dx, dkernel, dh0, dc0};
                }));
}

}  // namespace linnet::inline LINNET_ABI::detail
