#pragma once

#define LINNET_USES_CORE_DTYPE
#undef LINNET_COMPLETE
#if defined(LINNET_HEADER_ONLY) && !defined(LINNET_WITHIN)
#define LINNET_WITHIN
#define LINNET_FIRST_CORE_DTYPE
#endif

#include <bit>
#include <cstddef>
#include <cstdint>
#include <string_view>

#include "linnet/config.hpp"

namespace linnet::inline LINNET_ABI {

/// Element types. The order is part of the kernels' binary contract.
enum class DType : std::uint8_t {
  boolean,
  uint8,
  uint16,
  uint32,
  uint64,
  int8,
  int16,
  int32,
  int64,
  float16,
  bfloat16,
  float32,
  float64,
};
inline constexpr int dtype_count = 13;

inline constexpr DType boolean = DType::boolean;
inline constexpr DType uint8 = DType::uint8;
inline constexpr DType uint16 = DType::uint16;
inline constexpr DType uint32 = DType::uint32;
inline constexpr DType uint64 = DType::uint64;
inline constexpr DType int8 = DType::int8;
inline constexpr DType int16 = DType::int16;
inline constexpr DType int32 = DType::int32;
inline constexpr DType int64 = DType::int64;
inline constexpr DType float16 = DType::float16;
inline constexpr DType bfloat16 = DType::bfloat16;
inline constexpr DType float32 = DType::float32;
inline constexpr DType float64 = DType::float64;

/// Storage types of the two 16-bit floats (bits only; arithmetic happens in float32).
struct float16_t {
  std::uint16_t bits = 0;
  friend bool operator==(float16_t, float16_t) = default;
};
struct bfloat16_t {
  std::uint16_t bits = 0;
  friend bool operator==(bfloat16_t, bfloat16_t) = default;
};
/// Conversions round to nearest even; NaN stays NaN.
LINNET_DECL float to_float(float16_t x);
LINNET_DECL float to_float(bfloat16_t x);
LINNET_DECL float16_t to_float16(float x);
LINNET_DECL bfloat16_t to_bfloat16(float x);

/// Bytes of one element.
constexpr std::size_t itemsize(DType t) {
  constexpr std::uint8_t sizes[dtype_count] = {1, 1, 2, 4, 8, 1, 2, 4, 8, 2, 2, 4, 8};
  return sizes[static_cast<int>(t)];
}
constexpr bool is_floating(DType t) { return t >= DType::float16; }
constexpr bool is_signed_integer(DType t) { return t >= DType::int8 && t <= DType::int64; }
constexpr bool is_unsigned_integer(DType t) { return t >= DType::uint8 && t <= DType::uint64; }
constexpr bool is_integer(DType t) { return t >= DType::uint8 && t <= DType::int64; }

/// "float32", "bool", ... as NumPy names them.
LINNET_DECL std::string_view to_string(DType t);
/// The inverse of to_string; DTypeError for an unknown name.
LINNET_DECL DType dtype_from_string(std::string_view name);

/// The dtype two tensors of an elementwise op are converted to: the wider of one kind; bool <
/// integers < floats (an integer beside a float takes the float's dtype); float16 with bfloat16
/// gives float32; unsigned with signed gives the next wider signed, uint64 with signed float64.
LINNET_DECL DType promote_types(DType a, DType b);

namespace detail {
template <class T>
struct DTypeOf;
template <>
struct DTypeOf<bool> {
  static constexpr DType value = DType::boolean;
};
template <>
struct DTypeOf<std::uint8_t> {
  static constexpr DType value = DType::uint8;
};
template <>
struct DTypeOf<std::uint16_t> {
  static constexpr DType value = DType::uint16;
};
template <>
struct DTypeOf<std::uint32_t> {
  static constexpr DType value = DType::uint32;
};
template <>
struct DTypeOf<std::uint64_t> {
  static constexpr DType value = DType::uint64;
};
template <>
struct DTypeOf<std::int8_t> {
  static constexpr DType value = DType::int8;
};
template <>
struct DTypeOf<std::int16_t> {
  static constexpr DType value = DType::int16;
};
template <>
struct DTypeOf<std::int32_t> {
  static constexpr DType value = DType::int32;
};
template <>
struct DTypeOf<std::int64_t> {
  static constexpr DType value = DType::int64;
};
template <>
struct DTypeOf<float16_t> {
  static constexpr DType value = DType::float16;
};
template <>
struct DTypeOf<bfloat16_t> {
  static constexpr DType value = DType::bfloat16;
};
template <>
struct DTypeOf<float> {
  static constexpr DType value = DType::float32;
};
template <>
struct DTypeOf<double> {
  static constexpr DType value = DType::float64;
};
}  // namespace detail

/// The DType of a C++ element type: `dtype_of<float> == float32`.
template <class T>
inline constexpr DType dtype_of = detail::DTypeOf<T>::value;

/// C++ types that can be tensor elements.
template <class T>
concept ElementType = requires {
  detail::DTypeOf<T>::value;
};

}  // namespace linnet::inline LINNET_ABI

#ifdef LINNET_FIRST_CORE_DTYPE
#include "linnet/impl/src.hpp"
#endif
