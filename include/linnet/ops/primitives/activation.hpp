#pragma once

#include <cstdint>

#include "linnet/config.hpp"

namespace linnet::inline LINNET_ABI {

/// What a matmul or convolution kernel can apply to its result before storing it.
enum class Activation : std::uint8_t { none, relu, tanh, sigmoid };

constexpr const char* to_string(Activation a) {
  constexpr const char* names[] = {"none", "relu", "tanh", "sigmoid"};
  return names[static_cast<int>(a)];
}

}  // namespace linnet::inline LINNET_ABI
