#pragma once

#include <algorithm>
#include <array>
#include <limits>

#include "linnet/autograd/with_vjp.hpp"
#include "linnet/backend/apply.hpp"
#include "linnet/core/creation.hpp"
#include "linnet/ops/elementwise.hpp"
#include "linnet/ops/primitives/shape.hpp"
#include "linnet/ops/reduce.hpp"
#include "linnet/ops/shape.hpp"

namespace linnet::inline LINNET_ABI {

namespace detail {

/// `shape` with its -1 replaced.
inline Shape infer_shape(const char* op, const Tensor& x, Shape shape) {
  int unknown = -1;
  std::int64_t known = 1;
  for (int a = 0; a < shape.rank(); ++a) {
    if (shape[a] >= 0) {
      if (shape[a] > 0 && known > std::numeric_limits<std::int64_t>::max() / shape[a])
        fail<ShapeError>(op, "cannot reshape ", x.shape(), " to ", shape);
      known *= shape[a];
      continue;
    }
    if (shape[a] != -1 || unknown >= 0)
      fail<ShapeError>(op, "expected extents >= 0 and at most one -1, got ", shape);
    unknown = a;
  }
  if (unknown >= 0 && known > 0 && x.size() % known == 0)
    shape.set(unknown, x.size() / known);
  else if (unknown >= 0 && known == 0 && x.size() == 0)
    shape.set(unknown, 0);
  if (unknown >= 0 && shape[unknown] == -1)
    fail<ShapeError>(op, "cannot reshape ", x.shape(), " to ", shape);
  if (shape.size() != x.size())
    fail<ShapeError>(op, "cannot reshape ", x.shape(), " (", x.size(), " elements) to ", shape);
  return shape;
}

inline Tensor apply_view(PrimitiveRef view, const Tensor& x, const Shape& shape) {
  const TensorSpec spec{shape, x.dtype(), x.device()};
  return apply(view, spec, x);
}

}  // namespace detail

Tensor reshape(const Tensor& x, const Shape& shape) {
  const Shape to = detail::infer_shape("reshape", x, shape), from = x.shape();
  if (to == from) return x;
  return with_vjp(detail::apply_view(Reshape{to}, x, to),
                  vjp(x, [from](const Tensor& dy) { return reshape(dy, from); }));
}

Tensor transpose(const Tensor& x, const std::vector<int>& perm) {
  if (static_cast<int>(perm.size()) != x.rank())
    fail<ShapeError>("transpose", "expected ", x.rank(), " axes for shape ", x.shape(), ", got ",
                     perm.size());
  std::array<bool, Shape::max_rank> seen{};
  std::vector<int> inverse(perm.size());
  Shape axes, shape;
  for (std::size_t i = 0; i < perm.size(); ++i) {
    const int a = normalize_axis("transpose", perm[i], x.rank());
    if (std::exchange(seen[static_cast<std::size_t>(a)], true))
      fail<ValueError>("transpose", "axis ", perm[i], " is given twice");
    axes.push_back(a);
    shape.push_back(x.dim(a));
    inverse[static_cast<std::size_t>(a)] = static_cast<int>(i);
  }
  return with_vjp(detail::apply_view(Transpose{axes}, x, shape),
                  vjp(x, [inverse](const Tensor& dy) { return transpose(dy, inverse); }));
}

Tensor transpose(const Tensor& x) {
  std::vector<int> perm;
  for (int a = x.rank() - 1; a >= 0; --a) perm.push_back(a);
  return transpose(x, perm);
}

Tensor swapaxes(const Tensor& x, int a, int b) {
  std::vector<int> perm;
  for (int i = 0; i < x.rank(); ++i) perm.push_back(i);
  std::swap(perm[static_cast<std::size_t>(normalize_axis("swapaxes", a, x.rank()))],
            perm[static_cast<std::size_t>(normalize_axis("swapaxes", b, x.rank()))]);
  return transpose(x, perm);
}

Tensor expand_dims(const Tensor& x, int axis) {
  return reshape(x, x.shape().with(normalize_axis("expand_dims", axis, x.rank() + 1), 1));
}

Tensor squeeze(const Tensor& x) {
  Shape shape;
  for (std::int64_t d : x.shape())
    if (d != 1) shape.push_back(d);
  return reshape(x, shape);
}

Tensor squeeze(const Tensor& x, int axis) {
  const int a = normalize_axis("squeeze", axis, x.rank());
  if (x.dim(a) != 1)
    fail<ShapeError>("squeeze", "axis ", axis, " of shape ", x.shape(), " has extent ", x.dim(a));
  return reshape(x, x.shape().without(a));
}

Tensor flatten(const Tensor& x) { return reshape(x, {-1}); }

Tensor broadcast_to(const Tensor& x, const Shape& shape) {
  if (shape == x.shape()) return x;
  if (!(broadcast_shapes("broadcast_to", x.shape(), shape) == shape))
    fail<ShapeError>("broadcast_to", "cannot broadcast ", x.shape(), " to ", shape);
  return with_vjp(detail::apply_view(BroadcastTo{shape}, x, shape),
                  vjp(x, [](const Tensor& dy) { return dy; }));
}

Tensor narrow(const Tensor& x, int axis, std::int64_t start, std::int64_t length) {
  const int a = normalize_axis("narrow", axis, x.rank());
  if (start < 0 || length < 0 || start > x.dim(a) || length > x.dim(a) - start)
    fail<IndexError>("narrow", "start ", start, " and length ", length, " do not fit axis ", axis,
                     " of shape ", x.shape());
  std::vector<Index> index(static_cast<std::size_t>(x.rank()), Index(all));
  index[static_cast<std::size_t>(a)] = Slice(start, start + length);
  return x.at(index);
}

namespace detail {

/// Where basic indexing leads: the slice, then axes dropped and added by a reshape.
struct IndexPlan {
  SliceView slice;
  Shape shape;
};

inline void add_slice(IndexPlan& plan, const Slice& s, std::int64_t n) {
  if (s.step == 0) fail<ValueError>("slice", "step is 0");
  const std::int64_t low = s.step > 0 ? 0 : -1, high = s.step > 0 ? n : n - 1;
  const auto bound = [&](std::optional<std::int64_t> v, std::int64_t missing) {
    if (!v) return missing;
    const std::int64_t at = *v < 0 ? *v + n : *v;
    return std::clamp(at, low, high);
  };
  const std::int64_t first = bound(s.start, s.step > 0 ? low : high);
  const std::int64_t stop = bound(s.stop, s.step > 0 ? high : low);
  const std::int64_t span = s.step > 0 ? stop - first : first - stop;
  const std::int64_t by = s.step > 0 ? s.step : -s.step;
  plan.slice.start.push_back(first);
  plan.slice.step.push_back(s.step);
  plan.slice.size.push_back(span > 0 ? (span + by - 1) / by : 0);
  plan.shape.push_back(plan.slice.size[-1]);
}

inline void add_integer(IndexPlan& plan, std::int64_t i, std::int64_t n) {
  if (i < -n || i >= n)
    fail<IndexError>("slice", "index ", i, " is out of bounds for axis of size ", n);
  plan.slice.start.push_back(i < 0 ? i + n : i);
  plan.slice.step.push_back(1);
  plan.slice.size.push_back(1);
}

inline IndexPlan plan_index(const Shape& shape, std::span<const Index> indices) {
  const auto is = [](Index::Kind k) { return [k](const Index& i) { return i.kind == k; }; };
  const auto added = std::count_if(indices.begin(), indices.end(), is(Index::Kind::new_axis));
  const auto dots = std::count_if(indices.begin(), indices.end(), is(Index::Kind::dots));
  const int given = static_cast<int>(indices.size()) - static_cast<int>(added + dots);
  if (dots > 1) fail<IndexError>("slice", "more than one ellipsis");
  if (given > shape.rank())
    fail<IndexError>("slice", "too many indices for shape ", shape, ": ", given);
  IndexPlan plan;
  int axis = 0;
  for (const Index& i : indices) {
    if (i.kind == Index::Kind::new_axis)
      plan.shape.push_back(1);
    else if (i.kind == Index::Kind::integer)
      add_integer(plan, i.integer, shape[axis++]);
    else if (i.kind == Index::Kind::slice)
      add_slice(plan, i.slice, shape[axis++]);
    else
      for (int k = 0; k < shape.rank() - given; ++k) add_slice(plan, all, shape[axis++]);
  }
  while (axis < shape.rank()) add_slice(plan, all, shape[axis++]);
  return plan;
}

inline Tensor slice(const Tensor& x, const SliceView& s);

/// The gradient of slicing; linear, so its own gradient is the slice.
inline Tensor slice_scatter(const Tensor& dy, const SliceView& s, const Shape& full) {
  return with_vjp(apply(SliceScatter{s.start, s.step}, {full, dy.dtype(), dy.device()}, dy),
                  vjp(dy, [s](const Tensor& d) { return slice(d, s); }));
}

inline Tensor slice(const Tensor& x, const SliceView& s) {
  if (s.size == x.shape() &&
      std::all_of(s.step.begin(), s.step.end(), [](auto v) { return v == 1; }))
    return x;
  return with_vjp(apply_view(s, x, s.size), vjp(x, [s, full = x.shape()](const Tensor& dy) {
                    return slice_scatter(dy, s, full);
                  }));
}

}  // namespace detail

Tensor Tensor::at(std::span<const Index> indices) const {
  const auto plan = detail::plan_index(shape(), indices);
  return reshape(detail::slice(*this, plan.slice), plan.shape);
}

Tensor concat(const std::vector<Tensor>& tensors, int axis) {
  if (tensors.empty()) fail<ValueError>("concat", "expected at least one tensor");
  const int a = normalize_axis("concat", axis, tensors[0].rank());
  DType dtype = tensors[0].dtype();
  for (const Tensor& t : tensors) dtype = promote_types(dtype, t.dtype());
  Shape shape = tensors[0].shape();
  std::int64_t extent = 0;
  std::vector<Tensor> parts;
  for (const Tensor& t : tensors) {
    if (t.rank() != shape.rank() || !(t.shape().without(a) == shape.without(a)))
      fail<ShapeError>("concat", "shapes differ beside axis ", axis, ": ", shape, " and ",
                       t.shape());
    extent += t.dim(a);
    parts.push_back(cast(t, dtype));
  }
  if (parts.size() == 1) return parts[0];
  shape.set(a, extent);
  std::vector<const Tensor*> in;
  for (const Tensor& t : parts) in.push_back(&t);
  Tensor y;
  const TensorSpec spec{shape, dtype, parts[0].device()};
  apply(Concat{a}, in, {&spec, 1}, {&y, 1});
  std::vector<std::int64_t> starts{0};
  for (const Tensor& t : parts) starts.push_back(starts.back() + t.dim(a));
  detail::JointVjpTerm<JointVjpFunction> term{
      in, [starts, a](const Tensor& dy, const std::vector<bool>& needs) {
        std::vector<Tensor> grads(needs.size());
        for (std::size_t i = 0; i < needs.size(); ++i)
          if (needs[i]) grads[i] = narrow(dy, a, starts[i], starts[i + 1] - starts[i]);
        return grads;
      }};
  return with_vjp(y, std::move(term));
}

Tensor stack(const std::vector<Tensor>& tensors, int axis) {
  if (tensors.empty()) fail<ValueError>("stack", "expected at least one tensor");
  const int a = normalize_axis("stack", axis, tensors[0].rank() + 1);
  std::vector<Tensor> parts;
  for (const Tensor& t : tensors) {
    if (!(t.shape() == tensors[0].shape()))
      fail<ShapeError>("stack", "shapes differ: ", tensors[0].shape(), " and ", t.shape());
    parts.push_back(expand_dims(t, a));
  }
  return concat(parts, a);
}

namespace detail {

/// By halves: so a gradient is padded and added once for each of log n levels, not n times.
inline void unstack_into(std::vector<Tensor>& parts, const Tensor& x, int axis) {
  const std::int64_t n = x.dim(axis), half = n / 2;
  if (n == 1) parts.push_back(squeeze(x, axis));
  if (n < 2) return;
  unstack_into(parts, narrow(x, axis, 0, half), axis);
  unstack_into(parts, narrow(x, axis, half, n - half), axis);
}

}  // namespace detail

std::vector<Tensor> unstack(const Tensor& x, int axis) {
  const int a = normalize_axis("unstack", axis, x.rank());
  std::vector<Tensor> parts;
  detail::unstack_into(parts, x, a);
  return parts;
}

std::vector<Tensor> split(const Tensor& x, int parts, int axis) {
  const int a = normalize_axis("split", axis, x.rank());
  if (parts < 1 || x.dim(a) % parts != 0)
    fail<ShapeError>("split", "axis ", axis, " of shape ", x.shape(), " does not split into ",
                     parts, " equal parts");
  std::vector<Tensor> pieces;
  const std::int64_t length = x.dim(a) / parts;
  for (int i = 0; i < parts; ++i) pieces.push_back(narrow(x, a, i * length, length));
  return pieces;
}

Tensor pad(const Tensor& x, const std::vector<std::pair<int, int>>& widths, Scalar value) {
  if (static_cast<int>(widths.size()) != x.rank())
    fail<ShapeError>("pad", "expected ", x.rank(), " pairs for shape ", x.shape(), ", got ",
                     widths.size());
  Pad p;
  Shape shape = x.shape();
  SliceView inside;
  for (int a = 0; a < x.rank(); ++a) {
    const auto [low, high] = widths[static_cast<std::size_t>(a)];
    if (low < 0 || high < 0) fail<ValueError>("pad", "negative width ", low < 0 ? low : high);
    p.low.push_back(low), p.high.push_back(high);
    shape.set(a, x.dim(a) + low + high);
    inside.start.push_back(low), inside.step.push_back(1), inside.size.push_back(x.dim(a));
  }
  Tensor y;
  const Tensor* in = &x;
  const TensorSpec spec{shape, x.dtype(), x.device()};
  apply(p, {&in, 1}, {&spec, 1}, {&y, 1}, {&value, 1});
  return with_vjp(y, vjp(x, [inside](const Tensor& dy) { return detail::slice(dy, inside); }));
}

Tensor tile(const Tensor& x, const std::vector<int>& repeats) {
  if (static_cast<int>(repeats.size()) != x.rank())
    fail<ShapeError>("tile", "expected ", x.rank(), " repeats for shape ", x.shape(), ", got ",
                     repeats.size());
  Tensor y = x;
  for (int a = 0; a < x.rank(); ++a) {
    const int n = repeats[static_cast<std::size_t>(a)];
    if (n < 0) fail<ValueError>("tile", "negative repeat ", n);
    if (n == 0) y = narrow(y, a, 0, 0);
    if (n > 1) y = concat(std::vector<Tensor>(static_cast<std::size_t>(n), y), a);
  }
  return y;
}

Tensor flip(const Tensor& x, int axis) {
  const int a = normalize_axis("flip", axis, x.rank());
  std::vector<Index> index(static_cast<std::size_t>(x.rank()), Index(all));
  Slice backwards;
  backwards.step = -1;
  index[static_cast<std::size_t>(a)] = backwards;
  return x.at(index);
}

Tensor contiguous(const Tensor& x) {
  if (x.is_traced() || x.is_contiguous()) return x;
  return with_vjp(detail::make_dense(x), vjp(x, [](const Tensor& dy) { return dy; }));
}

}  // namespace linnet::inline LINNET_ABI
