#pragma once

#include "linnet/autograd/with_vjp.hpp"
#include "linnet/backend/apply.hpp"
#include "linnet/core/creation.hpp"
#include "linnet/ops/impl/indexing.ipp"
#include "linnet/ops/elementwise.hpp"
#include "linnet/ops/indexing.hpp"
#include "linnet/ops/primitives/scatter.hpp"
#include "linnet/ops/scatter.hpp"
#include "linnet/ops/shape.hpp"

namespace linnet::inline LINNET_ABI {

namespace detail {

/// Index tuples [..., k] into an array: one axis [n] of places among `rows` slices of `inner`.
struct Places {
  Tensor flat;
  Shape slice;  ///< the shape of one slice
  std::int64_t rows = 1, inner = 1, count = 1;
};

inline Places places(const char* op, const Shape& x, const Tensor& indices) {
  if (is_floating(indices.dtype()) || indices.dtype() == DType::boolean)
    fail<DTypeError>(op, "expected integer indices, got ", indices.dtype());
  if (indices.rank() < 1 || indices.dim(-1) > x.rank())
    fail<ShapeError>(op, "indices of shape ", indices.shape(), " do not index shape ", x);
  const int depth = static_cast<int>(indices.dim(-1));
  Places p;
  Shape dims;
  for (int a = 0; a < x.rank(); ++a) {
    if (a < depth)
      dims.push_back(x[a]), p.rows *= x[a];
    else
      p.slice.push_back(x[a]), p.inner *= x[a];
  }
  for (int a = 0; a + 1 < indices.rank(); ++a) p.count *= indices.dim(a);
  p.flat = depth == 0 ? zeros({p.count}, DType::int64)
                      : apply(FlatIndex{dims}, {{p.count}, DType::int64, indices.device()},
                              reshape(indices, {p.count, depth}));
  return p;
}

inline Shape joined(const Tensor& indices, const Shape& slice) {
  Shape out;
  for (int a = 0; a + 1 < indices.rank(); ++a) out.push_back(indices.dim(a));
  for (const std::int64_t d : slice) out.push_back(d);
  return out;
}

inline Tensor scatter(const Tensor& x, const Tensor& flat, const Tensor& updates,
                      ScatterMode mode) {
  return apply(Scatter{mode}, x.spec(), x, flat, updates);
}

inline Tensor with_update_vjp(const Tensor& y, const Tensor& x, const Tensor& flat,
                              const Tensor& updates) {
  const auto dx = [flat, spec = updates.spec()](const Tensor& dy) {
    return scatter(dy, flat, zeros(spec.shape, spec.dtype), ScatterMode::update);
  };
  // Of equal places only the last update has reached the result.
  const auto du = [flat, rows = x.dim(0)](const Tensor& dy) {
    const std::int64_t n = flat.dim(0);
    const Tensor turn = reshape(arange(0, n, 1, DType::int64), {n, 1});
    const Tensor last = scatter(zeros({rows, 1}, DType::int64), flat, turn, ScatterMode::update);
    return where(equal(gather(last, flat), turn), gather(dy, flat), 0);
  };
  return with_vjp(y, vjp(x, dx), vjp(updates, du));
}

inline Tensor with_extreme_vjp(const Tensor& y, const Tensor& x, const Tensor& flat,
                               const Tensor& updates) {
  return with_vjp(
      y,
      joint_vjp({&x, &updates}, [x, y, flat, updates](const Tensor& dy, const std::vector<bool>&) {
        // Those that are equal to the result share its gradient.
        const Tensor own = cast(equal(x, y), dy.dtype());
        const Tensor theirs = cast(equal(updates, gather(y, flat)), dy.dtype());
        const Tensor share = dy / scatter(own, flat, theirs, ScatterMode::add);
        return std::vector<Tensor>{where(equal(x, y), share, 0), gather(share, flat) * theirs};
      }));
}

/// x with slices changed, as [rows, inner].
inline Tensor scatter_rows(const Tensor& x, const Tensor& flat, const Tensor& updates,
                           ScatterMode mode) {
  if (mode != ScatterMode::update && is_floating(x.dtype()) && itemsize(x.dtype()) == 2)
    return cast(scatter_rows(cast(x, DType::float32), flat, cast(updates, DType::float32), mode),
                x.dtype());
  const Tensor y = scatter(x, flat, updates, mode);
  if (mode == ScatterMode::update) return with_update_vjp(y, x, flat, updates);
  if (mode != ScatterMode::add) return with_extreme_vjp(y, x, flat, updates);
  return with_vjp(y, vjp(x, [](const Tensor& dy) { return dy; }),
                  vjp(updates, [flat](const Tensor& dy) { return gather(dy, flat); }));
}

inline Tensor scatter_into(const char* op, const Tensor& x, const Tensor& indices,
                           const Tensor& updates, ScatterMode mode) {
  const Places p = places(op, x.shape(), indices);
  const Shape expected = joined(indices, p.slice);
  if (updates.dtype() != x.dtype())
    fail<DTypeError>(op, "updates are ", updates.dtype(), ", expected ", x.dtype());
  if (!(updates.shape() == expected))
    fail<ShapeError>(op, "updates of shape ", updates.shape(), ", expected ", expected);
  if (mode != ScatterMode::update && x.dtype() == DType::boolean)
    fail<DTypeError>(op, "expected numbers, got bools");
  return reshape(scatter_rows(reshape(x, {p.rows, p.inner}), p.flat,
                              reshape(updates, {p.count, p.inner}), mode),
                 x.shape());
}

}  // namespace detail

Tensor gather_nd(const Tensor& x, const Tensor& indices, int batch_dims) {
  if (batch_dims < 0 || batch_dims > x.rank() || batch_dims >= indices.rank())
    fail<ValueError>("gather_nd", "batch_dims is ", batch_dims, " for shapes ", x.shape(), " and ",
                     indices.shape());
  for (int a = 0; a < batch_dims; ++a)
    if (x.dim(a) != indices.dim(a))
      fail<ShapeError>("gather_nd", "the first ", batch_dims, " axes of ", x.shape(), " and ",
                       indices.shape(), " differ");
  if (batch_dims == 0) {
    const detail::Places p = detail::places("gather_nd", x.shape(), indices);
    return reshape(gather(reshape(x, {p.rows, p.inner}), p.flat), detail::joined(indices, p.slice));
  }
  // The batch's axes are named by indices of their own.
  std::vector<Tensor> tuple;
  Shape each = indices.shape();
  each.set(-1, 1);
  for (int a = 0; a < batch_dims; ++a) {
    Shape line;
    for (int b = 0; b < each.rank(); ++b) line.push_back(b == a ? each[b] : 1);
    tuple.push_back(broadcast_to(reshape(arange(0, each[a], 1, DType::int64), line), each));
  }
  tuple.push_back(cast(indices, DType::int64));
  return gather_nd(x, concat(tuple, -1));
}

Tensor take_along_axis(const Tensor& x, const Tensor& indices, int axis) {
  detail::require_integers("take_along_axis", indices);
  const int a = normalize_axis("take_along_axis", axis, x.rank());
  if (indices.rank() != x.rank() || !(indices.shape().without(a) == x.shape().without(a)))
    fail<ShapeError>("take_along_axis", "indices of shape ", indices.shape(), " do not fit axis ",
                     a, " of shape ", x.shape());
  if (a != x.rank() - 1)
    return swapaxes(take_along_axis(swapaxes(x, a, -1), swapaxes(indices, a, -1), -1), a, -1);
  const std::int64_t length = x.dim(-1), count = indices.dim(-1),
                     rows = x.shape().without(-1).size();
  const Tensor flat = reshape(cast(indices, DType::int64), {rows, count, 1});
  const Tensor row =
      broadcast_to(reshape(arange(0, rows, 1, DType::int64), {rows, 1, 1}), flat.shape());
  return reshape(gather_nd(reshape(x, {rows, length}), concat({row, flat}, -1)), indices.shape());
}

Tensor scatter_nd(const Tensor& indices, const Tensor& updates, const Shape& shape) {
  return detail::scatter_into("scatter_nd", zeros(shape, updates.dtype()), indices, updates,
                              ScatterMode::add);
}

Tensor tensor_scatter_nd_update(const Tensor& x, const Tensor& indices, const Tensor& updates) {
  return detail::scatter_into("tensor_scatter_nd_update", x, indices, updates, ScatterMode::update);
}
Tensor tensor_scatter_nd_add(const Tensor& x, const Tensor& indices, const Tensor& updates) {
  return detail::scatter_into("tensor_scatter_nd_add", x, indices, updates, ScatterMode::add);
}
Tensor tensor_scatter_nd_sub(const Tensor& x, const Tensor& indices, const Tensor& updates) {
  return detail::scatter_into("tensor_scatter_nd_sub", x, indices, negative(updates),
                              ScatterMode::add);
}
Tensor tensor_scatter_nd_min(const Tensor& x, const Tensor& indices, const Tensor& updates) {
  return detail::scatter_into("tensor_scatter_nd_min", x, indices, updates, ScatterMode::min);
}
Tensor tensor_scatter_nd_max(const Tensor& x, const Tensor& indices, const Tensor& updates) {
  return detail::scatter_into("tensor_scatter_nd_max", x, indices, updates, ScatterMode::max);
}

}  // namespace linnet::inline LINNET_ABI
