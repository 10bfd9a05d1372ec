#pragma once

#include <doctest/doctest.h>

#include <algorithm>
#include <cmath>
#include <string>
#include <vector>

#include "linnet/core/tensor.hpp"
#include "linnet/io/safetensors.hpp"
#include "linnet/nn/layer.hpp"

/// Access to the figures taken from Keras (tests/reference/README.md lists the keys).
namespace figures {

inline const linnet::TensorFile& file() {
  static const linnet::TensorFile f =
      linnet::load_safetensors(LINNET_SOURCE_DIR "/tests/reference/keras_cases.safetensors");
  return f;
}

inline linnet::Tensor get(const std::string& key) {
  const linnet::Tensor t = file().find(key);
  REQUIRE_MESSAGE(t.defined(), key);
  return t;
}

inline bool has(const std::string& key) { return file().find(key).defined(); }

/// Compares with a figure: |a - b| <= tolerance * (1 + |b|) for each element.
inline void check(const linnet::Tensor& actual, const std::string& key, double tolerance = 2e-6) {
  const linnet::Tensor expected = get(key);
  const bool scalar = actual.rank() == 0 && expected.size() == 1;  // NumPy stored it as (1,)
  REQUIRE_MESSAGE((scalar || actual.shape() == expected.shape()), key);
  const auto a = actual.to_vector<double>(), b = expected.to_vector<double>();
  double worst = 0;
  for (std::size_t i = 0; i < a.size(); ++i) {
    const bool same = a[i] == b[i] || (std::isnan(a[i]) && std::isnan(b[i]));
    if (!same) worst = std::max(worst, std::abs(a[i] - b[i]) / (1 + std::abs(b[i])));
    if (!same && !std::isfinite(a[i])) worst = INFINITY;
  }
  CHECK_MESSAGE(worst <= tolerance, key, ": off by ", worst);
}

inline void check(double actual, const std::string& key, double tolerance = 2e-6) {
  check(linnet::tensor(actual), key, tolerance);
}

/// The tensors prefix + "0", prefix + "1", ...
inline std::vector<linnet::Tensor> list(const std::string& prefix) {
  std::vector<linnet::Tensor> out;
  while (has(prefix + std::to_string(out.size())))
    out.push_back(get(prefix + std::to_string(out.size())));
  return out;
}

}  // namespace figures
