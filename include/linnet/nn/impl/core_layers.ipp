#pragma once

#include "linnet/nn/layers/core.hpp"
#include "linnet/ops/elementwise.hpp"

namespace linnet::inline LINNET_ABI::layers {

Rescaling::Rescaling(double s, double o, const LayerOptions& options)
    : Layer("rescaling", options.name), scale(s), offset(o) {
  state().declared_input = options.input_shape;
  state().supports_masking = true;
}
Tensor Rescaling::call(const Tensor& x, bool) {
  return (is_floating(x.dtype()) ? x : cast(x, DType::float32)) * scale + offset;
}

}  // namespace linnet::inline LINNET_ABI::layers
