#pragma once

#if defined(LINNET_HEADER_ONLY) && !defined(LINNET_WITHIN)
#define LINNET_WITHIN
#define LINNET_FIRST_OPS_OPERAND
#endif

#include <type_traits>

#include "linnet/autograd/variable.hpp"
#include "linnet/config.hpp"
#include "linnet/core/scalar.hpp"
#include "linnet/core/tensor.hpp"

namespace linnet::inline LINNET_ABI {

/// A parameter of elementwise ops: a Tensor, a Variable or a C++ number. Only for parameters: it
/// refers to the tensor it was made from.
class Operand {
 public:
  Operand(const Tensor& t) : tensor_(&t) {}                        // NOLINT
  Operand(const Variable& v) : own_(v.value()), tensor_(&own_) {}  // NOLINT
  template <class T>
  requires std::is_arithmetic_v<T> Operand(T value) : scalar_(value) {}  // NOLINT
  Operand(Scalar value) : scalar_(value) {}                              // NOLINT
  Operand(const Operand&) = delete;
  Operand& operator=(const Operand&) = delete;

  bool is_scalar() const { return tensor_ == nullptr; }
  const Tensor& tensor() const { return *tensor_; }
  const Tensor* tensor_or_null() const { return tensor_; }
  Scalar scalar() const { return scalar_; }

 private:
  Tensor own_;
  const Tensor* tensor_ = nullptr;
  Scalar scalar_;
};

}  // namespace linnet::inline LINNET_ABI

#ifdef LINNET_FIRST_OPS_OPERAND
#include "linnet/impl/src.hpp"
#endif
