#pragma once

#define LINNET_USES_OPS_LINALG
#undef LINNET_COMPLETE
#if defined(LINNET_HEADER_ONLY) && !defined(LINNET_WITHIN)
#define LINNET_WITHIN
#define LINNET_FIRST_OPS_LINALG
#endif

#include "linnet/config.hpp"
#include "linnet/core/tensor.hpp"

namespace linnet::inline LINNET_ABI {

/// The solution y of a y = b for square matrices a [..., n, n] and b [..., n, k], by elimination
/// with row exchanges; float32 and float64. `adjoint`: of transpose(a) y = b. ValueError where a is
/// singular.
LINNET_DECL Tensor solve(const Tensor& a, const Tensor& b, bool adjoint = false);
/// The inverse of square matrices [..., n, n].
LINNET_DECL Tensor inverse(const Tensor& a);

}  // namespace linnet::inline LINNET_ABI

#ifdef LINNET_FIRST_OPS_LINALG
#include "linnet/impl/src.hpp"
#endif
