#pragma once

#define LINNET_USES_CORE_PRINT
#undef LINNET_COMPLETE
#if defined(LINNET_HEADER_ONLY) && !defined(LINNET_WITHIN)
#define LINNET_WITHIN
#define LINNET_FIRST_CORE_PRINT
#endif

#include <iosfwd>
#include <string>

#include "linnet/config.hpp"
#include "linnet/core/tensor.hpp"

namespace linnet::inline LINNET_ABI {

/// NumPy's layout of the values: aligned columns, "..." beyond three at each end when there are
/// more than 1000 elements; a traced or undefined tensor is described instead.
///
///     tensor([[1. 2.]
///             [3. 4.]], shape=(2, 2), dtype=float32)
LINNET_DECL std::string to_string(const Tensor& x);
/// The values alone, "[[1. 2.]\n [3. 4.]]".
LINNET_DECL std::string values_to_string(const Tensor& x);
LINNET_DECL std::ostream& operator<<(std::ostream& out, const Tensor& x);
LINNET_DECL std::ostream& operator<<(std::ostream& out, const Shape& shape);
LINNET_DECL std::ostream& operator<<(std::ostream& out, DType dtype);

}  // namespace linnet::inline LINNET_ABI

#ifdef LINNET_FIRST_CORE_PRINT
#include "linnet/impl/src.hpp"
#endif
