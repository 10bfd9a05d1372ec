#pragma once

#include <string>

#include "linnet/autograd/tape.hpp"
#include "linnet/nn/layer.hpp"
#include "linnet/ops/elementwise.hpp"
#include "linnet/ops/reduce.hpp"
#include "nn/figures.hpp"

namespace figures {

using namespace linnet;

/// Output and gradients of one layer call against Keras's.
inline void check_layer(const std::string& name, Layer&& layer, bool training = false) {
  CAPTURE(name);
  const std::string key = "layer/" + name + "/";
  const Tensor x = figures::get(key + "x");
  layer.build_once(x.shape());
  layer.set_weights(figures::list(key + "w"));
  GradientTape tape({.persistent = true});
  tape.watch(x);
  const Tensor y = layer(x, {.training = training});
  const Tensor total = sum(y * figures::get(key + "r"));
  figures::check(y, key + "y", 5e-6);
  figures::check(tape.gradient(total, x), key + "dx", 2e-5);
  const auto variables = layer.trainable_variables();
  CHECK(figures::list(key + "dw").size() == variables.size());
  for (std::size_t i = 0; i < variables.size(); ++i)
    figures::check(tape.gradient(total, variables[i]), key + "dw" + std::to_string(i), 2e-5);
}

}  // namespace figures
