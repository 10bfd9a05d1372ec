#pragma once

#define LINNET_USES_CORE_CREATION
#undef LINNET_COMPLETE
#if defined(LINNET_HEADER_ONLY) && !defined(LINNET_WITHIN)
#define LINNET_WITHIN
#define LINNET_FIRST_CORE_CREATION
#endif

#include <cstdint>

#include "linnet/config.hpp"
#include "linnet/core/tensor.hpp"

namespace linnet::inline LINNET_ABI {

/// Dense tensors of one value. ShapeError for a negative extent. Inside a trace they are constants.
LINNET_DECL Tensor full(const Shape& shape, Scalar value, DType dtype = float32);
LINNET_DECL Tensor zeros(const Shape& shape, DType dtype = float32);
LINNET_DECL Tensor ones(const Shape& shape, DType dtype = float32);
/// As above with the shape, dtype and device of x.
LINNET_DECL Tensor full_like(const Tensor& x, Scalar value);
LINNET_DECL Tensor zeros_like(const Tensor& x);
LINNET_DECL Tensor ones_like(const Tensor& x);
/// start, start + step, ... below stop (above it for a negative step). ValueError for step 0.
LINNET_DECL Tensor arange(Scalar start, Scalar stop, Scalar step = 1, DType dtype = int32);
LINNET_DECL Tensor arange(Scalar stop);
/// `num` evenly spaced values from start to stop, both included.
LINNET_DECL Tensor linspace(double start, double stop, std::int64_t num, DType dtype = float32);
/// n x m with ones on the diagonal (m = n if negative).
LINNET_DECL Tensor eye(std::int64_t n, std::int64_t m = -1, DType dtype = float32);

}  // namespace linnet::inline LINNET_ABI

#ifdef LINNET_FIRST_CORE_CREATION
#include "linnet/impl/src.hpp"
#endif
