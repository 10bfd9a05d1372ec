#pragma once

#include "linnet/ops/primitives/shape.hpp"

namespace linnet::inline LINNET_ABI {

namespace detail {

/// Strides that show a strided array under another shape without moving elements: axes are matched
/// group by group; false where a group of the new shape crosses a gap.
inline bool reshape_strides(const StridedView& in, const Shape& shape, Strides& strides) {
  std::vector<std::int64_t> dims, steps;  // axes of extent 1 dropped
  for (int a = 0; a < in.shape.rank(); ++a)
    if (in.shape[a] != 1) dims.push_back(in.shape[a]), steps.push_back(in.strides[a]);
  strides = dense_strides(shape);
  if (in.shape.size() == 0 || is_dense(in.shape, in.strides)) return true;
  std::size_t i = 0;
  int o = 0;
  while (i < dims.size()) {
    std::size_t i_end = i + 1;
    int o_end = o;
    std::int64_t in_size = dims[i], out_size = 1;
    while (o_end < shape.rank() && (out_size < in_size || shape[o_end] == 1)) {
      out_size *= shape[o_end++];
      while (in_size < out_size && i_end < dims.size()) in_size *= dims[i_end++];
    }
    if (in_size != out_size) return false;
    for (std::size_t k = i; k + 1 < i_end; ++k)
      if (steps[k] != steps[k + 1] * dims[k + 1]) return false;
    std::int64_t step = steps[i_end - 1];
    for (int k = o_end - 1; k >= o; --k) {
      strides.set(k, step);
      step *= shape[k];
    }
    i = i_end;
    o = o_end;
  }
  return true;
}

}  // namespace detail

bool Reshape::view(const StridedView& in, StridedView& out) const {
  out = {shape, {}, 0};
  return detail::reshape_strides(in, shape, out.strides);
}

bool Transpose::view(const StridedView& in, StridedView& out) const {
  out = {};
  for (std::int64_t a : perm) {
    out.shape.push_back(in.shape[static_cast<int>(a)]);
    out.strides.push_back(in.strides[static_cast<int>(a)]);
  }
  return true;
}

bool BroadcastTo::view(const StridedView& in, StridedView& out) const {
  out = {shape, {}, 0};
  const int extra = shape.rank() - in.shape.rank();
  for (int a = 0; a < shape.rank(); ++a)
    out.strides.push_back(a < extra || in.shape[a - extra] == 1 ? 0 : in.strides[a - extra]);
  return true;
}

bool SliceView::view(const StridedView& in, StridedView& out) const {
  out = {size, {}, 0};
  for (int a = 0; a < size.rank(); ++a) {
    if (size[a] > 0) out.offset += start[a] * in.strides[a];
    out.strides.push_back(step[a] * in.strides[a]);
  }
  return true;
}

}  // namespace linnet::inline LINNET_ABI
