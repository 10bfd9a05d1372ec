#pragma once

#if defined(LINNET_HEADER_ONLY) && !defined(LINNET_WITHIN)
#define LINNET_WITHIN
#define LINNET_FIRST_CORE_SCALAR
#endif

#include <cstdint>
#include <limits>
#include <type_traits>

#include "linnet/config.hpp"
#include "linnet/core/dtype.hpp"

namespace linnet::inline LINNET_ABI {

/// A C++ number that stands beside tensors. It is weakly typed: it takes the tensor's dtype, but a
/// floating number beside an integer tensor makes the result float32.
class Scalar {
 public:
  enum class Kind : std::uint8_t { bool_, integer, unsigned_integer, floating };

  constexpr Scalar() : Scalar(0.0) {}
  template <class T>
  requires std::is_arithmetic_v<T>
  constexpr Scalar(T value) {  // NOLINT: implicit on purpose
    if constexpr (std::is_same_v<T, bool>) {
      kind_ = Kind::bool_, i_ = value;
    } else if constexpr (std::is_floating_point_v<T>) {
      kind_ = Kind::floating, f_ = static_cast<double>(value);
    } else if constexpr (std::is_signed_v<T>) {
      kind_ = Kind::integer, i_ = static_cast<std::int64_t>(value);
    } else {
      kind_ = Kind::unsigned_integer, u_ = static_cast<std::uint64_t>(value);
    }
  }

  constexpr Kind kind() const { return kind_; }
  constexpr bool is_floating() const { return kind_ == Kind::floating; }
  /// The number converted to T. A float beyond an integer T's range saturates, NaN becomes 0;
  /// integers wrap, as in NumPy.
  template <class T>
  constexpr T as() const {
    if (kind_ == Kind::floating) return from_floating<T>(f_);
    if (kind_ == Kind::unsigned_integer) return static_cast<T>(u_);
    return static_cast<T>(i_);
  }
  friend constexpr bool operator==(const Scalar& a, const Scalar& b) {
    if (a.kind_ != b.kind_) return false;
    return a.kind_ == Kind::floating ? a.f_ == b.f_ : a.i_ == b.i_;
  }

 private:
  template <class T>
  static constexpr T from_floating(double x) {
    if constexpr (std::is_integral_v<T> && !std::is_same_v<T, bool>) {
      using Limits = std::numeric_limits<T>;
      if (x != x) return 0;
      if (x <= static_cast<double>(Limits::min())) return Limits::min();
      if (x >= static_cast<double>(Limits::max())) return Limits::max();
    }
    return static_cast<T>(x);
  }

  union {
    double f_;
    std::int64_t i_;
    std::uint64_t u_;
  };
  Kind kind_ = Kind::floating;
};

/// The dtype of `tensor op scalar`.
constexpr DType promote_types(DType tensor, Scalar scalar) {
  if (scalar.is_floating() && !is_floating(tensor)) return DType::float32;
  if (scalar.kind() != Scalar::Kind::bool_ && tensor == DType::boolean)
    return scalar.is_floating() ? DType::float32 : DType::int32;
  return tensor;
}

}  // namespace linnet::inline LINNET_ABI

#ifdef LINNET_FIRST_CORE_SCALAR
#include "linnet/impl/src.hpp"
#endif
