#pragma once

#include <cstdint>

#include "linnet/core/dtype.hpp"

namespace linnet::inline LINNET_ABI::detail {

/// Element i of an integer (or bool) array.
inline std::int64_t load_integer(const void* p, DType t, std::int64_t i) {
  switch (t) {
    case DType::boolean:
    case DType::uint8:
      return static_cast<const std::uint8_t*>(p)[i];
    case DType::uint16:
      return static_cast<const std::uint16_t*>(p)[i];
    case DType::uint32:
      return static_cast<const std::uint32_t*>(p)[i];
    case DType::int8:
      return static_cast<const std::int8_t*>(p)[i];
    case DType::int16:
      return static_cast<const std::int16_t*>(p)[i];
    case DType::int32:
      return static_cast<const std::int32_t*>(p)[i];
    case DType::uint64: {
      // Beyond int64: an index that no axis has.
      const std::uint64_t x = static_cast<const std::uint64_t*>(p)[i];
      return x > INT64_MAX ? INT64_MAX : static_cast<std::int64_t>(x);
    }
    default:
      return static_cast<const std::int64_t*>(p)[i];
  }
}

}  // namespace linnet::inline LINNET_ABI::detail
