#pragma once

#include <string>

#include "linnet/nn/activations.hpp"
#include "linnet/nn/layer.hpp"
#include "linnet/ops/elementwise.hpp"

namespace linnet::inline LINNET_ABI::layers {

/// What layers with a kernel, a bias and an activation share.
namespace detail {

inline void require_positive(const char* op, const char* what, std::int64_t n) {
  if (n < 1) fail<ValueError>(op, what, ": expected a positive number, got ", n);
}

/// The last axis of x must be what the layer was built for.
inline void require_last_axis(const Layer& layer, const Tensor& x, std::int64_t expected) {
  if (x.dim(-1) != expected)
    fail<ShapeError>(layer.name(), "expected axis -1 of input shape to have value ", expected,
                     ", but received input with shape ", x.shape());
}

/// The channels of an input, which must have this rank and divide into groups.
inline std::int64_t require_channels(const Layer& layer, const Shape& x, int rank, int groups = 1) {
  if (x.rank() != rank)
    fail<ShapeError>(layer.name(), "expected an input ", rank == 4 ? "[n, h, w, c]" : "[n, t, c]",
                     ", got shape ", x);
  if (x[-1] % groups != 0)
    fail<ShapeError>(layer.name(), x[-1], " channels are not divisible into ", groups, " groups");
  return x[-1];
}

inline void require_groups(const char* op, std::int64_t filters, int groups) {
  if (groups < 1 || filters % groups != 0)
    fail<ValueError>(op, "filters ", filters, " are not divisible into ", groups, " groups");
}

template <class Options>
WeightOptions kernel_weight(const Options& o) {
  return {.initializer = o.kernel_initializer,
          .regularizer = o.kernel_regularizer,
          .constraint = o.kernel_constraint};
}
template <class Options>
WeightOptions bias_weight(const Options& o) {
  return {.initializer = o.bias_initializer,
          .regularizer = o.bias_regularizer,
          .constraint = o.bias_constraint};
}

/// Integers (pixels, counts) become what the layer computes in.
inline Tensor as_floats(const Layer& layer, const Tensor& x) {
  return is_floating(x.dtype()) ? x : cast(x, layer.policy().compute_dtype());
}

/// The end of such a layer: + bias, if there is one, then the activation.
inline Tensor finish(const Tensor& y, const Variable* bias, const ActivationFunction& activation) {
  return activation(bias ? y + *bias : y);
}

}  // namespace detail

}  // namespace linnet::inline LINNET_ABI::layers
