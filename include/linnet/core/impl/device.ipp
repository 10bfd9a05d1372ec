#pragma once

#include "linnet/core/device.hpp"

namespace linnet::inline LINNET_ABI {

std::string to_string(Device device) {
  return (device.type == DeviceType::cpu ? "cpu:" : "cuda:") + std::to_string(device.index);
}

}  // namespace linnet::inline LINNET_ABI
