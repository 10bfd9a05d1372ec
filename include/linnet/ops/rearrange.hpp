#pragma once

#define LINNET_USES_OPS_REARRANGE
#undef LINNET_COMPLETE
#if defined(LINNET_HEADER_ONLY) && !defined(LINNET_WITHIN)
#define LINNET_WITHIN
#define LINNET_FIRST_OPS_REARRANGE
#endif

#include <vector>

#include "linnet/config.hpp"
#include "linnet/core/tensor.hpp"

namespace linnet::inline LINNET_ABI {

/// Shifted along axes by so many places, what leaves at one end entering at the other.
LINNET_DECL Tensor roll(const Tensor& x, const std::vector<std::int64_t>& shifts,
                        const std::vector<int>& axes);
/// Each slice along an axis so many times, one after the other: one count for all, or one for each.
LINNET_DECL Tensor repeat(const Tensor& x, const std::vector<std::int64_t>& counts, int axis = 0);
/// Coordinates of a grid from 1-D tensors; `xy` exchanges the first two axes, as in NumPy.
LINNET_DECL std::vector<Tensor> meshgrid(const std::vector<Tensor>& tensors, bool xy = true);

}  // namespace linnet::inline LINNET_ABI

#ifdef LINNET_FIRST_OPS_REARRANGE
#include "linnet/impl/src.hpp"
#endif
