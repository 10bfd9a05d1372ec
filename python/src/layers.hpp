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

}  // namespace linnet_python
