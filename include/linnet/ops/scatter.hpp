#pragma once

#define LINNET_USES_OPS_SCATTER
#undef LINNET_COMPLETE
#if defined(LINNET_HEADER_ONLY) && !defined(LINNET_WITHIN)
#define LINNET_WITHIN
#define LINNET_FIRST_OPS_SCATTER
#endif

#include "linnet/config.hpp"
#include "linnet/core/tensor.hpp"

namespace linnet::inline LINNET_ABI {

/// Slices at index tuples: indices [..., k] into the first k axes of x give [...] + x.shape[k:].
/// With batch_dims = b the first b axes of both are walked together. IndexError for an index out of
/// range.
LINNET_DECL Tensor gather_nd(const Tensor& x, const Tensor& indices, int batch_dims = 0);
/// x's elements at indices along an axis: the shapes agree but for that axis.
LINNET_DECL Tensor take_along_axis(const Tensor& x, const Tensor& indices, int axis = -1);
/// Zeros of a shape with updates [...] + shape[k:] added at index tuples [..., k].
LINNET_DECL Tensor scatter_nd(const Tensor& indices, const Tensor& updates, const Shape& shape);
/// x with the slices at index tuples [..., k] replaced by `updates` (of equal tuples the last
/// wins), or with these added, subtracted, or the smaller or larger of both.
LINNET_DECL Tensor tensor_scatter_nd_update(const Tensor& x, const Tensor& indices,
                                            const Tensor& updates);
LINNET_DECL Tensor tensor_scatter_nd_add(const Tensor& x, const Tensor& indices,
                                         const Tensor& updates);
LINNET_DECL Tensor tensor_scatter_nd_sub(const Tensor& x, const Tensor& indices,
                                         const Tensor& updates);
LINNET_DECL Tensor tensor_scatter_nd_min(const Tensor& x, const Tensor& indices,
                                         const Tensor& updates);
LINNET_DECL Tensor tensor_scatter_nd_max(const Tensor& x, const Tensor& indices,
                                         const Tensor& updates);

}  // namespace linnet::inline LINNET_ABI

#ifdef LINNET_FIRST_OPS_SCATTER
#include "linnet/impl/src.hpp"
#endif
