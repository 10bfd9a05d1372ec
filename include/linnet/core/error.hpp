#pragma once

#if defined(LINNET_HEADER_ONLY) && !defined(LINNET_WITHIN)
#define LINNET_WITHIN
#define LINNET_FIRST_CORE_ERROR
#endif

#include <exception>
#include <span>
#include <string>
#include <utility>

#include "linnet/config.hpp"
#include "linnet/core/message.hpp"

namespace linnet::inline LINNET_ABI {

/// Base of everything Linnet throws. `what()` reads "[op] what was expected, what came".
/// A throwing call has changed nothing.
class LINNET_EXPORT Error : public std::exception {
 public:
  explicit Error(std::string message) : message_(std::move(message)) {}
  const char* what() const noexcept override { return message_.c_str(); }

 private:
  std::string message_;
};

/// An argument's value is not allowed (unknown name, negative rate, unequal lengths, ...).
class LINNET_EXPORT ValueError : public Error {
  using Error::Error;
};
/// Shapes or ranks do not fit.
class LINNET_EXPORT ShapeError : public ValueError {
  using ValueError::ValueError;
};
/// An index, axis or label is out of range.
class LINNET_EXPORT IndexError : public ValueError {
  using ValueError::ValueError;
};
/// A dtype is not accepted.
class LINNET_EXPORT DTypeError : public Error {
  using Error::Error;
};
/// Tensors lie on different devices, or a device does not exist.
class LINNET_EXPORT DeviceError : public Error {
  using Error::Error;
};
/// A file cannot be read, written or trusted.
class LINNET_EXPORT IOError : public Error {
  using Error::Error;
};
/// No backend has a kernel for this op, dtype and device.
class LINNET_EXPORT NotSupportedError : public Error {
  using Error::Error;
};
/// Something that needs a value was asked of a traced tensor; the message says what to do.
class LINNET_EXPORT CaptureError : public Error {
  using Error::Error;
};
/// A gradient tape was used against its rules.
class LINNET_EXPORT TapeError : public Error {
  using Error::Error;
};
/// Memory could not be had; `what()` names the size.
class LINNET_EXPORT OutOfMemoryError : public Error {
  using Error::Error;
};
/// NaN or infinity where check_numerics is on.
class LINNET_EXPORT NumericsError : public Error {
  using Error::Error;
};

namespace detail {
template <class E>
[[noreturn]] LINNET_NOINLINE void throw_error(std::span<const MessagePart> parts) {
  throw E(join(parts));
}
}  // namespace detail

/// Throws `E` with the message "[op] part part ...".
///
///     fail<ShapeError>("matmul", "inner dimensions differ: lhs ", a.shape(), ", rhs ", b.shape());
template <class E, class... Parts>
[[noreturn]] void fail(std::string_view op, const Parts&... parts) {
  const detail::MessagePart all[] = {"[", op, "] ", parts...};
  detail::throw_error<E>(all);
}

}  // namespace linnet::inline LINNET_ABI

#ifdef LINNET_FIRST_CORE_ERROR
#include "linnet/impl/src.hpp"
#endif
