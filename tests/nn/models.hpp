#pragma once

#include <doctest/doctest.h>

#include <filesystem>
#include <string>
#include <unistd.h>
#include <vector>

#include "linnet/nn/layers/dense.hpp"
#include "linnet/nn/model.hpp"

/// What the tests of models share.
namespace models {

using namespace linnet;

inline std::vector<std::vector<float>> values(const Layer& l) {
  std::vector<std::vector<float>> out;
  for (const Tensor& t : l.get_weights()) out.push_back(t.to_vector<float>());
  return out;
}

inline std::string temporary(const std::string& name) {
  return (std::filesystem::temp_directory_path() / (std::to_string(::getpid()) + name)).string();
}

/// One weight that a step moves by the rate.
inline Sequential counter(double rate = 1) {
  Sequential m{layers::Dense(1, {.use_bias = false, .kernel_initializer = "zeros"})};
  m.compile({.optimizer = SGD(rate),
             .loss = FunctionLoss([](const Tensor&, const Tensor& p) { return p; })});
  return m;
}

}  // namespace models
