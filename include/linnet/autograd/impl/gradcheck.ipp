#pragma once

#include <algorithm>
#include <cmath>

#include "linnet/autograd/gradcheck.hpp"
#include "linnet/autograd/tape.hpp"
#include "linnet/core/creation.hpp"
#include "linnet/ops/elementwise.hpp"
#include "linnet/ops/reduce.hpp"
#include "linnet/ops/shape.hpp"

namespace linnet::inline LINNET_ABI {

namespace detail {

/// Fixed weights between 0.5 and 1.5 that no symmetry cancels.
inline Tensor probe_weights(const Shape& shape) {
  const Tensor i = arange(0, shape.size(), 1, DType::float64);
  return reshape(1.0 + 0.5 * sin(i * 1.7 + 0.3), shape);
}

inline Tensor probe(const std::function<Tensor(const std::vector<Tensor>&)>& f,
                    const std::vector<Tensor>& inputs) {
  const Tensor y = f(inputs);
  return sum(y * probe_weights(y.shape()));
}

/// x with one element moved.
inline Tensor moved(const Tensor& x, std::size_t element, double by) {
  std::vector<double> values = x.to_vector<double>();
  values[element] += by;
  return from_vector(values, x.shape());
}

}  // namespace detail

GradcheckResult gradcheck(const std::function<Tensor(const std::vector<Tensor>&)>& f,
                          const std::vector<Tensor>& given_inputs,
                          const GradcheckOptions& options) {
  GradientTape tape;
  std::vector<Tensor> inputs;
  for (const Tensor& x : given_inputs) {
    if (is_floating(x.dtype()) && x.dtype() != DType::float64)
      fail<DTypeError>("gradcheck", "expected float64 inputs, got ", x.dtype());
    inputs.push_back(stop_gradient(x));  // one tensor given twice is two inputs
    tape.watch(inputs.back());
  }
  const Tensor total = detail::probe(f, inputs);
  const std::vector<Tensor> gradients =
      tape.gradient(total, inputs, {.unconnected_gradients = UnconnectedGradients::zero});
  GradcheckResult result;
  for (std::size_t i = 0; i < inputs.size(); ++i) {
    if (inputs[i].dtype() != DType::float64) continue;
    const std::vector<double> given = gradients[i].to_vector<double>();
    for (std::size_t e = 0; e < given.size(); ++e) {
      std::vector<Tensor> up = inputs, down = inputs;
      up[i] = detail::moved(inputs[i], e, options.eps);
      down[i] = detail::moved(inputs[i], e, -options.eps);
      const double expected =
          (detail::probe(f, up).item<double>() - detail::probe(f, down).item<double>()) /
          (2 * options.eps);
      const double error = std::abs(given[e] - expected);
      result.largest_error = std::max(result.largest_error, error);
      if (error <= options.atol + options.rtol * std::abs(expected) || !result.passed) continue;
      result.passed = false;
      result.message = detail::concat_message("input ", i, ", element ", e, ": gradient ", given[e],
                                              ", differences give ", expected);
    }
  }
  return result;
}

}  // namespace linnet::inline LINNET_ABI
