#pragma once

#include "linnet/nn/activations.hpp"
#include "linnet/nn/notes.hpp"
#include "linnet/ops/elementwise.hpp"
#include "linnet/ops/softmax.hpp"

namespace linnet::inline LINNET_ABI {

namespace detail {

struct NamedActivation {
  const char* name;
  Tensor (*function)(const Tensor&);
};

inline Tensor linear(const Tensor& x) { return x; }

inline std::span<const NamedActivation> named_activations() {
  static const NamedActivation all[] = {
      {"linear", linear},
      {"relu", relu},
      {"relu6", relu6},
      {"sigmoid", sigmoid},
      {"tanh", tanh},
      {"selu", selu},
      {"silu", silu},
      {"swish", silu},
      {"mish", mish},
      {"softplus", softplus},
      {"softsign", softsign},
      {"hard_sigmoid", hard_sigmoid},
      {"hard_silu", hard_silu},
      {"hard_swish", hard_silu},
      {"log_sigmoid", log_sigmoid},
      {"exponential", exp},
      {"softmax", [](const Tensor& x) { return softmax(x); }},
      {"log_softmax", [](const Tensor& x) { return log_softmax(x); }},
      {"elu", [](const Tensor& x) { return elu(x); }},
      {"gelu", [](const Tensor& x) { return gelu(x); }},
      {"leaky_relu", [](const Tensor& x) { return leaky_relu(x); }},
      {"celu", [](const Tensor& x) { return elu(x); }},  // the same for alpha 1
      {"hard_tanh", [](const Tensor& x) { return clip(x, -1, 1); }},
      {"tanh_shrink", [](const Tensor& x) { return x - tanh(x); }},
      {"hard_shrink", [](const Tensor& x) { return where(abs(x) > 0.5, x, 0); }},
      {"soft_shrink", [](const Tensor& x) { return relu(x - 0.5) - relu(-x - 0.5); }},
      {"squareplus", [](const Tensor& x) { return 0.5 * (x + sqrt(square(x) + 4)); }},
  };
  return all;
}

}  // namespace detail

ActivationFunction::ActivationFunction(const std::string& name) : name_(name) {
  for (const auto& a : detail::named_activations())
    if (name == a.name) function_ = a.function;
  if (!function_)
    fail<ValueError>("activation", "Could not interpret activation function identifier: ", name);
}

ActivationFunction::ActivationFunction(const char* name) : ActivationFunction(std::string(name)) {}

ActivationFunction::ActivationFunction(Tensor (*function)(const Tensor&))
    : function_(function),
      plain_(function),
      name_(function == static_cast<Tensor (*)(const Tensor&)>(sigmoid) ? "sigmoid" : "function") {}

std::string ActivationFunction::name() const {
  if (plain_)
    for (const auto& a : detail::named_activations())
      if (plain_ == a.function) return a.name;
  return name_;
}

ActivationFunction::ActivationFunction(Tensor (*function)(const Tensor&, int))
    : function_([function](const Tensor& x) { return function(x, -1); }),
      name_(function == static_cast<Tensor (*)(const Tensor&, int)>(softmax) ? "softmax"
                                                                             : "log_softmax") {}

ActivationFunction::ActivationFunction(Tensor (*function)(const Tensor&, double))
    : name_(function == static_cast<Tensor (*)(const Tensor&, double)>(elu) ? "elu"
                                                                            : "leaky_relu") {
  const double parameter = name_ == "elu" ? 1.0 : 0.2;
  function_ = [function, parameter](const Tensor& x) { return function(x, parameter); };
}

ActivationFunction::ActivationFunction(Tensor (*function)(const Tensor&, bool))
    : function_([function](const Tensor& x) { return function(x, false); }), name_("gelu") {}

Tensor ActivationFunction::operator()(const Tensor& x) const {
  if (!function_) return x;
  Tensor y = function_(x);
  if (name_ == "softmax" || name_ == "sigmoid") detail::note(y, name_, x);
  return y;
}

}  // namespace linnet::inline LINNET_ABI
