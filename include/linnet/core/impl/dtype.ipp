#pragma once

#include <algorithm>
#include <bit>

#include "linnet/core/dtype.hpp"
#include "linnet/core/error.hpp"

namespace linnet::inline LINNET_ABI {

float to_float(bfloat16_t x) { return std::bit_cast<float>(std::uint32_t{x.bits} << 16); }

bfloat16_t to_bfloat16(float x) {
  const auto bits = std::bit_cast<std::uint32_t>(x);
  if (x != x) return {static_cast<std::uint16_t>((bits >> 16) | 0x40)};
  return {static_cast<std::uint16_t>((bits + 0x7FFF + ((bits >> 16) & 1)) >> 16)};
}

float to_float(float16_t x) {
  const std::uint32_t sign = std::uint32_t{x.bits & 0x8000u} << 16;
  const std::uint32_t exponent = (x.bits >> 10) & 31, mantissa = x.bits & 0x3FF;
  if (exponent == 31) return std::bit_cast<float>(sign | 0x7F800000u | (mantissa << 13));
  if (exponent == 0) {
    const float tiny = static_cast<float>(mantissa) * 0x1p-24f;
    return sign ? -tiny : tiny;
  }
  return std::bit_cast<float>(sign | ((exponent + 112) << 23) | (mantissa << 13));
}

float16_t to_float16(float x) {
  const auto bits = std::bit_cast<std::uint32_t>(x);
  const auto sign = static_cast<std::uint16_t>((bits >> 16) & 0x8000);
  const std::uint32_t magnitude = bits & 0x7FFFFFFF;
  if (magnitude > 0x7F800000) return {static_cast<std::uint16_t>(sign | 0x7E00)};
  if (magnitude >= 0x477FF000) return {static_cast<std::uint16_t>(sign | 0x7C00)};
  if (magnitude < 0x38800000) {  // subnormal: the sum rounds to a multiple of 2^-24
    const float shifted = std::bit_cast<float>(magnitude) + 0.5f;
    return {
        static_cast<std::uint16_t>(sign | (std::bit_cast<std::uint32_t>(shifted) - 0x3F000000u))};
  }
  const std::uint32_t rounded = magnitude + 0xFFF + ((magnitude >> 13) & 1) - 0x38000000u;
  return {static_cast<std::uint16_t>(sign | (rounded >> 13))};
}

namespace detail {
inline constexpr std::string_view dtype_names[dtype_count] = {
    "bool",  "uint8", "uint16",  "uint32",   "uint64",  "int8",   "int16",
    "int32", "int64", "float16", "bfloat16", "float32", "float64"};
}

std::string_view to_string(DType t) { return detail::dtype_names[static_cast<int>(t)]; }

DType dtype_from_string(std::string_view name) {
  for (int i = 0; i < dtype_count; ++i)
    if (detail::dtype_names[i] == name) return static_cast<DType>(i);
  fail<DTypeError>("dtype", "unknown dtype '", name, "'");
}

DType promote_types(DType a, DType b) {
  if (a == b) return a;
  const DType low = std::min(a, b), high = std::max(a, b);
  if (is_floating(high)) {
    if (low == DType::float16 && high == DType::bfloat16) return DType::float32;
    return high;
  }
  if (low == DType::boolean || is_signed_integer(low) == is_signed_integer(high)) return high;
  // low unsigned, high signed
  if (itemsize(high) > itemsize(low)) return high;
  switch (itemsize(low)) {
    case 1:
      return DType::int16;
    case 2:
      return DType::int32;
    case 4:
      return DType::int64;
    default:
      return DType::float64;
  }
}

}  // namespace linnet::inline LINNET_ABI
