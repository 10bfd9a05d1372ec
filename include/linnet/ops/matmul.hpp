#pragma once

#define LINNET_USES_OPS_MATMUL
#undef LINNET_COMPLETE
#if defined(LINNET_HEADER_ONLY) && !defined(LINNET_WITHIN)
#define LINNET_WITHIN
#define LINNET_FIRST_OPS_MATMUL
#endif

#include "linnet/config.hpp"
#include "linnet/core/tensor.hpp"

namespace linnet::inline LINNET_ABI {

struct MatMulOptions {
  bool transpose_a = false, transpose_b = false;
};

/// Matrix product [..., m, k] x [..., k, n] -> [..., m, n]; leading axes broadcast, a vector is a
/// row on the left and a column on the right, as in NumPy. float32, float64, int32, int64; float16
/// and bfloat16 compute in float32. ShapeError if the inner dimensions differ.
LINNET_DECL Tensor matmul(const Tensor& a, const Tensor& b, const MatMulOptions& options = {});

}  // namespace linnet::inline LINNET_ABI

#ifdef LINNET_FIRST_OPS_MATMUL
#include "linnet/impl/src.hpp"
#endif
