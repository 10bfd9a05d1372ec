#pragma once

#include "config.hpp"

namespace linnet_python {

using linnet::Layer;
using linnet::Model;

/// What derived classes may see of a layer, for the package's own use.
struct LayerAccess : Layer {
  static linnet::detail::LayerState& state_of(const Layer& l) {
    return (l.*(&LayerAccess::state))();
  }
  static Variable add(Layer& l, const std::string& name, const Shape& shape,
                      const linnet::WeightOptions& o) {
    return (l.*(&LayerAccess::add_weight))(name, shape, o);
  }
  static void add_loss_to(Layer& l, const Tensor& loss) { (l.*(&LayerAccess::add_loss))(loss); }
};

/// What layers with a bias and an activation take alike.
template <class O>
O biased_options(const Config& c) {
  O o;
  o.activation = c.activation("activation");
  o.use_bias = c.get<bool>("use_bias");
  o.bias_initializer = c.initializer("bias_initializer");
  o.bias_regularizer = c.regularizer("bias_regularizer");
  o.bias_constraint = c.constraint("bias_constraint");
  o.name = c.name();
  o.input_shape = c.input_shape();
  return o;
}
template <class O>
O convolution_options(const Config& c) {
  O o = biased_options<O>(c);
  o.padding = c.get<std::string>("padding");
  return o;
}
template <class O>
void kernel_weights(O& o, const Config& c) {
  o.kernel_initializer = c.initializer("kernel_initializer");
  o.kernel_regularizer = c.regularizer("kernel_regularizer");
  o.kernel_constraint = c.constraint("kernel_constraint");
}

}  // namespace linnet_python
