#pragma once

#define LINNET_USES_OPS_SCAN
#undef LINNET_COMPLETE
#if defined(LINNET_HEADER_ONLY) && !defined(LINNET_WITHIN)
#define LINNET_WITHIN
#define LINNET_FIRST_OPS_SCAN
#endif

#include "linnet/config.hpp"
#include "linnet/core/tensor.hpp"

namespace linnet::inline LINNET_ABI {

struct ScanOptions {
  int axis = 0;
  bool exclusive = false;  ///< without the element itself: the first result is 0 (1)
  bool reverse = false;    ///< from the last element to the first
};
/// Sums (products) of the elements up to each along an axis, of x's shape and dtype; no bools.
/// cumsum([1, 2, 3]) = [1, 3, 6]. Floats add up in float64. The gradient of cumprod is right where
/// elements are 0, too.
LINNET_DECL Tensor cumsum(const Tensor& x, const ScanOptions& options = {});
LINNET_DECL Tensor cumprod(const Tensor& x, const ScanOptions& options = {});

}  // namespace linnet::inline LINNET_ABI

#ifdef LINNET_FIRST_OPS_SCAN
#include "linnet/impl/src.hpp"
#endif
