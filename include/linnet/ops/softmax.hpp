#pragma once

#define LINNET_USES_OPS_SOFTMAX
#undef LINNET_COMPLETE
#if defined(LINNET_HEADER_ONLY) && !defined(LINNET_WITHIN)
#define LINNET_WITHIN
#define LINNET_FIRST_OPS_SOFTMAX
#endif

#include "linnet/config.hpp"
#include "linnet/core/tensor.hpp"

namespace linnet::inline LINNET_ABI {

/// e^x / sum(e^x) along an axis, free of overflow. Floating dtypes.
LINNET_DECL Tensor softmax(const Tensor& x, int axis = -1);
/// log(softmax(x)), accurate where softmax underflows.
LINNET_DECL Tensor log_softmax(const Tensor& x, int axis = -1);

}  // namespace linnet::inline LINNET_ABI

#ifdef LINNET_FIRST_OPS_SOFTMAX
#include "linnet/impl/src.hpp"
#endif
