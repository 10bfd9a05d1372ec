#pragma once

#define LINNET_USES_CORE_DEVICE
#undef LINNET_COMPLETE
#if defined(LINNET_HEADER_ONLY) && !defined(LINNET_WITHIN)
#define LINNET_WITHIN
#define LINNET_FIRST_CORE_DEVICE
#endif

#include <cstdint>
#include <string>

#include "linnet/config.hpp"

namespace linnet::inline LINNET_ABI {

/// Kinds of memory and processors.
enum class DeviceType : std::uint8_t { cpu, cuda };

/// One device: its type and its index among those of the type.
struct Device {
  DeviceType type = DeviceType::cpu;
  std::int16_t index = 0;
  friend constexpr bool operator==(const Device&, const Device&) = default;
};

inline constexpr Device cpu{};

/// "cpu:0", "cuda:1".
LINNET_DECL std::string to_string(Device device);

}  // namespace linnet::inline LINNET_ABI

#ifdef LINNET_FIRST_CORE_DEVICE
#include "linnet/impl/src.hpp"
#endif
