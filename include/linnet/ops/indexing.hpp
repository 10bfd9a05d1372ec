#pragma once

#define LINNET_USES_OPS_INDEXING
#undef LINNET_COMPLETE
#if defined(LINNET_HEADER_ONLY) && !defined(LINNET_WITHIN)
#define LINNET_WITHIN
#define LINNET_FIRST_OPS_INDEXING
#endif

#include "linnet/config.hpp"
#include "linnet/core/tensor.hpp"

namespace linnet::inline LINNET_ABI {

/// x's slices along `axis` at integer indices: shape x[:axis] + indices + x[axis+1:]. IndexError
/// for an index outside [0, n); DTypeError for indices that are not integers.
LINNET_DECL Tensor gather(const Tensor& x, const Tensor& indices, int axis = 0);

struct OneHotOptions {
  Scalar on_value = 1, off_value = 0;
  DType dtype = float32;
};
/// indices.shape + [depth] with on_value at each index; indices outside [0, depth) give a row of
/// off_value.
LINNET_DECL Tensor one_hot(const Tensor& indices, std::int64_t depth,
                           const OneHotOptions& options = {});

}  // namespace linnet::inline LINNET_ABI

#ifdef LINNET_FIRST_OPS_INDEXING
#include "linnet/impl/src.hpp"
#endif
