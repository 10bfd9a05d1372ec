#pragma once

#include <vector>

#include "linnet/autograd/tape.hpp"
#include "linnet/autograd/with_vjp.hpp"

namespace linnet::inline LINNET_ABI::detail {

/// True if a tape watches dy or an input: then a gradient must be made of ops that differentiate.
inline bool differentiates_again(const Tensor& dy, const std::vector<Tensor>& inputs) {
  bool again = is_watched(dy);
  for (const Tensor& x : inputs) again = again || is_watched(x);
  return again;
}

/// The gradients of f(inputs), which computes in ops what a fused kernel does at once.
template <class F>
std::vector<Tensor> composed_gradient(const std::vector<Tensor>& inputs, const Tensor& dy, F f) {
  GradientTape tape;
  for (const Tensor& x : inputs) tape.watch(x);
  const Tensor y = f(inputs);
  return tape.gradient(
      std::vector<Tensor>{y}, inputs,
      {.output_gradients = {dy}, .unconnected_gradients = UnconnectedGradients::zero});
}

}  // namespace linnet::inline LINNET_ABI::detail
