#pragma once

#include <cstdint>

#include "linnet/core/dtype.hpp"

namespace linnet::inline LINNET_ABI::detail {

/// f(T()) for a dtype of full width; bools are uint8. False for 16-bit floats.
template <class F>
bool with_number(DType t, F f) {
  switch (t) {
    case DType::boolean:
    case DType::uint8:
      return f(std::uint8_t{}), true;
    case DType::uint16:
      return f(std::uint16_t{}), true;
    case DType::uint32:
      return f(std::uint32_t{}), true;
    case DType::uint64:
      return f(std::uint64_t{}), true;
    case DType::int8:
      return f(std::int8_t{}), true;
    case DType::int16:
      return f(std::int16_t{}), true;
    case DType::int32:
      return f(std::int32_t{}), true;
    case DType::int64:
      return f(std::int64_t{}), true;
    case DType::float32:
      return f(float{}), true;
    case DType::float64:
      return f(double{}), true;
    default:
      return false;
  }
}

}  // namespace linnet::inline LINNET_ABI::detail
