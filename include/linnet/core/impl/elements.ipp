#pragma once

#include <cstring>
#include <limits>

#include "linnet/core/tensor.hpp"

/// Single elements of tensors: what core needs before there are kernels.
namespace linnet::inline LINNET_ABI::detail {

inline const TensorImpl& impl_of(const Tensor& x) {
  if (!x.defined()) fail<ValueError>("tensor", "undefined tensor: nothing was assigned to it");
  return *x.impl();
}

inline const TensorImpl& concrete(const Tensor& x, const char* what) {
  const TensorImpl& t = impl_of(x);
  if (t.trace_serial != 0)
    fail<CaptureError>(what, "a tensor being traced has no data yet; return it from the ",
                       "linnet::function and read it there, or compute it inside an EagerScope");
  return t;
}

/// The element at `p` as a number.
inline Scalar load_scalar(const void* p, DType t) {
  const auto load = [p]<class T>(T value) {
    std::memcpy(&value, p, sizeof value);
    return value;
  };
  switch (t) {
    case DType::boolean:
      return load(std::uint8_t{}) != 0;
    case DType::uint8:
      return load(std::uint8_t{});
    case DType::uint16:
      return load(std::uint16_t{});
    case DType::uint32:
      return load(std::uint32_t{});
    case DType::uint64:
      return load(std::uint64_t{});
    case DType::int8:
      return load(std::int8_t{});
    case DType::int16:
      return load(std::int16_t{});
    case DType::int32:
      return load(std::int32_t{});
    case DType::int64:
      return load(std::int64_t{});
    case DType::float16:
      return to_float(load(float16_t{}));
    case DType::bfloat16:
      return to_float(load(bfloat16_t{}));
    case DType::float32:
      return load(float{});
    default:
      return load(double{});
  }
}

/// A number as T: floats beyond T's range saturate, NaN becomes 0 for integers.
template <class T>
T saturate(Scalar s) {
  if constexpr (std::is_same_v<T, bool>) {
    return s.is_floating() ? s.as<double>() != 0 : s.as<std::int64_t>() != 0;
  } else if constexpr (std::is_integral_v<T>) {
    if (!s.is_floating()) return s.as<T>();
    const double x = s.as<double>();
    if (x != x) return 0;
    if (x <= static_cast<double>(std::numeric_limits<T>::min()))
      return std::numeric_limits<T>::min();
    if (x >= static_cast<double>(std::numeric_limits<T>::max()))
      return std::numeric_limits<T>::max();
    return static_cast<T>(x);
  } else {
    return s.as<T>();
  }
}

inline void store_scalar(void* p, DType t, Scalar s) {
  const auto store = [p](auto value) { std::memcpy(p, &value, sizeof value); };
  switch (t) {
    case DType::boolean:
      return store(static_cast<std::uint8_t>(saturate<bool>(s)));
    case DType::uint8:
      return store(saturate<std::uint8_t>(s));
    case DType::uint16:
      return store(saturate<std::uint16_t>(s));
    case DType::uint32:
      return store(saturate<std::uint32_t>(s));
    case DType::uint64:
      return store(saturate<std::uint64_t>(s));
    case DType::int8:
      return store(saturate<std::int8_t>(s));
    case DType::int16:
      return store(saturate<std::int16_t>(s));
    case DType::int32:
      return store(saturate<std::int32_t>(s));
    case DType::int64:
      return store(saturate<std::int64_t>(s));
    case DType::float16:
      return store(to_float16(s.as<float>()));
    case DType::bfloat16:
      return store(to_bfloat16(s.as<float>()));
    case DType::float32:
      return store(s.as<float>());
    default:
      return store(s.as<double>());
  }
}

}  // namespace linnet::inline LINNET_ABI::detail
