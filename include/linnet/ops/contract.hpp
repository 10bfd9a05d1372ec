#pragma once

#define LINNET_USES_OPS_CONTRACT
#undef LINNET_COMPLETE
#if defined(LINNET_HEADER_ONLY) && !defined(LINNET_WITHIN)
#define LINNET_WITHIN
#define LINNET_FIRST_OPS_CONTRACT
#endif

#include <string_view>
#include <utility>
#include <vector>

#include "linnet/config.hpp"
#include "linnet/core/tensor.hpp"

namespace linnet::inline LINNET_ABI {

/// Sums of products by Einstein's notation: einsum("bij,bjk->bik", {a, b}). A letter names an axis;
/// letters that the result lacks are summed over, a letter twice in one operand takes the diagonal,
/// "..." stands for the axes that are left, which broadcast. Without "->" the result has the
/// letters that occur once, in alphabetical order. Operands are contracted from left to right, each
/// pair by one matrix product. ValueError for an equation that does not fit, ShapeError for extents
/// that differ.
LINNET_DECL Tensor einsum(std::string_view equation, const std::vector<Tensor>& tensors);
/// The sum of products over the last `axes` axes of a and the first of b.
LINNET_DECL Tensor tensordot(const Tensor& a, const Tensor& b, int axes);
/// The same over these axes of a and those of b, pair by pair.
LINNET_DECL Tensor tensordot(const Tensor& a, const Tensor& b, const std::vector<int>& axes_a,
                             const std::vector<int>& axes_b);

}  // namespace linnet::inline LINNET_ABI

#ifdef LINNET_FIRST_OPS_CONTRACT
#include "linnet/impl/src.hpp"
#endif
