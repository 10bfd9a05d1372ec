#pragma once

#define LINNET_USES_OPS_SHAPE
#undef LINNET_COMPLETE
#if defined(LINNET_HEADER_ONLY) && !defined(LINNET_WITHIN)
#define LINNET_WITHIN
#define LINNET_FIRST_OPS_SHAPE
#endif

#include <utility>
#include <vector>

#include "linnet/config.hpp"
#include "linnet/core/tensor.hpp"
#include "linnet/ops/operand.hpp"

/// Ops on shapes. Those that can are views: no element moves.
namespace linnet::inline LINNET_ABI {

/// The same elements in row-major order under another shape; one extent may be -1. ShapeError if
/// the sizes differ.
LINNET_DECL Tensor reshape(const Tensor& x, const Shape& shape);
/// Axes in reverse order, or out axis i = in axis perm[i].
LINNET_DECL Tensor transpose(const Tensor& x);
LINNET_DECL Tensor transpose(const Tensor& x, const std::vector<int>& perm);
LINNET_DECL Tensor swapaxes(const Tensor& x, int a, int b);
/// A new axis of extent 1 before `axis`.
LINNET_DECL Tensor expand_dims(const Tensor& x, int axis);
/// Without all axes of extent 1, or without this one (ShapeError if its extent is not 1).
LINNET_DECL Tensor squeeze(const Tensor& x);
LINNET_DECL Tensor squeeze(const Tensor& x, int axis);
/// One axis from all.
LINNET_DECL Tensor flatten(const Tensor& x);
LINNET_DECL Tensor broadcast_to(const Tensor& x, const Shape& shape);
/// One after the other along an axis / along a new axis. ShapeError if other extents differ.
LINNET_DECL Tensor concat(const std::vector<Tensor>& tensors, int axis = 0);
LINNET_DECL Tensor stack(const std::vector<Tensor>& tensors, int axis = 0);
/// The slices along an axis, as views.
LINNET_DECL std::vector<Tensor> unstack(const Tensor& x, int axis = 0);
/// `parts` equal pieces; ShapeError if the extent is not divisible.
LINNET_DECL std::vector<Tensor> split(const Tensor& x, int parts, int axis = 0);
/// low[i] and high[i] elements of `value` before and after axis i.
LINNET_DECL Tensor pad(const Tensor& x, const std::vector<std::pair<int, int>>& widths,
                       Scalar value = 0);
/// Repeated whole, repeats[i] times along axis i.
LINNET_DECL Tensor tile(const Tensor& x, const std::vector<int>& repeats);
/// Reversed along an axis (a view).
LINNET_DECL Tensor flip(const Tensor& x, int axis);
/// Elements [start, start + length) along an axis, as a view.
LINNET_DECL Tensor narrow(const Tensor& x, int axis, std::int64_t start, std::int64_t length);
/// The same values in dense row-major memory.
LINNET_DECL Tensor contiguous(const Tensor& x);

}  // namespace linnet::inline LINNET_ABI

#ifdef LINNET_FIRST_OPS_SHAPE
#include "linnet/impl/src.hpp"
#endif
