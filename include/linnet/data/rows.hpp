#pragma once

#define LINNET_USES_DATA_ROWS
#undef LINNET_COMPLETE
#if defined(LINNET_HEADER_ONLY) && !defined(LINNET_WITHIN)
#define LINNET_WITHIN
#define LINNET_FIRST_DATA_ROWS
#endif

#include <cstdint>
#include <span>

#include "linnet/config.hpp"
#include "linnet/core/tensor.hpp"

namespace linnet::inline LINNET_ABI::data::detail {

/// Rows of x at the given places, as one dense tensor: memory copies on the thread team.
LINNET_DECL Tensor gather_rows(const Tensor& x, std::span<const std::int64_t> rows);

}  // namespace linnet::inline LINNET_ABI::data::detail

#ifdef LINNET_FIRST_DATA_ROWS
#include "linnet/impl/src.hpp"
#endif
