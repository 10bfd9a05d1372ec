#pragma once

#define LINNET_USES_OPS_SORT
#undef LINNET_COMPLETE
#if defined(LINNET_HEADER_ONLY) && !defined(LINNET_WITHIN)
#define LINNET_WITHIN
#define LINNET_FIRST_OPS_SORT
#endif

#include "linnet/config.hpp"
#include "linnet/core/tensor.hpp"

namespace linnet::inline LINNET_ABI {

struct SortOptions {
  int axis = -1;
  bool descending = false;
};
/// The values in order along an axis; NaN is greater than all numbers.
LINNET_DECL Tensor sort(const Tensor& x, const SortOptions& options = {});
/// The int32 indices that sort x along an axis; equal elements stay in their order.
LINNET_DECL Tensor argsort(const Tensor& x, const SortOptions& options = {});

struct TopK {
  Tensor values, indices;  ///< [..., k]; indices are int32
};
/// The k largest elements along the last axis, from the largest on; of equal ones the first.
/// ValueError unless 0 <= k <= extent.
LINNET_DECL TopK top_k(const Tensor& x, std::int64_t k = 1);

struct Unique {
  Tensor values;   ///< [m], in the order of their first occurrence
  Tensor indices;  ///< int32 [n]: x[i] = values[indices[i]]
  Tensor counts;   ///< int32 [m]
};
/// The different elements of a 1-D tensor. Its result's shape depends on data: outside of captured
/// functions only (CaptureError).
LINNET_DECL Unique unique(const Tensor& x);

}  // namespace linnet::inline LINNET_ABI

#ifdef LINNET_FIRST_OPS_SORT
#include "linnet/impl/src.hpp"
#endif
