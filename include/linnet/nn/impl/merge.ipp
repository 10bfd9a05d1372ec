#pragma once

#include "linnet/nn/layers/merge.hpp"
#include "linnet/nn/notes.hpp"
#include "linnet/ops/elementwise.hpp"
#include "linnet/ops/matmul.hpp"
#include "linnet/ops/reduce.hpp"
#include "linnet/ops/shape.hpp"

namespace linnet::inline LINNET_ABI::layers {

Tensor Merge::operator()(const std::vector<Tensor>& xs, const CallOptions&) {
  if (xs.size() < 2) fail<ValueError>(name(), "expected at least two inputs, got ", xs.size());
  for (const Tensor& x : xs)
    if (x.rank() == 0 || x.dim(0) != xs[0].dim(0))
      fail<ShapeError>(name(), "batches differ: ", xs[0].shape(), " and ", x.shape());
  build_once(xs[0].shape());
  Tensor y = merge(xs);
  if (!state().output_shape) state().output_shape = y.shape();
  return y;
}

Tensor Merge::call(const Tensor&, bool) {
  fail<ValueError>(name(), "expected a list of inputs, got one tensor");
}

namespace detail {
template <class Op>
Tensor fold(const std::vector<Tensor>& xs, Op&& op) {
  Tensor y = xs[0];
  for (std::size_t i = 1; i < xs.size(); ++i) y = op(y, xs[i]);
  return y;
}
}  // namespace detail

Add::Add(const MergeOptions& o) : Merge("add", o.name) {}
Tensor Add::merge(const std::vector<Tensor>& xs) { return detail::fold(xs, add); }

Subtract::Subtract(const MergeOptions& o) : Merge("subtract", o.name) {}
Tensor Subtract::merge(const std::vector<Tensor>& xs) {
  if (xs.size() != 2) fail<ValueError>(name(), "expected two inputs, got ", xs.size());
  return xs[0] - xs[1];
}

Multiply::Multiply(const MergeOptions& o) : Merge("multiply", o.name) {}
Tensor Multiply::merge(const std::vector<Tensor>& xs) { return detail::fold(xs, multiply); }

Average::Average(const MergeOptions& o) : Merge("average", o.name) {}
Tensor Average::merge(const std::vector<Tensor>& xs) {
  return detail::fold(xs, add) / static_cast<double>(xs.size());
}

Maximum::Maximum(const MergeOptions& o) : Merge("maximum", o.name) {}
Tensor Maximum::merge(const std::vector<Tensor>& xs) { return detail::fold(xs, maximum); }

Minimum::Minimum(const MergeOptions& o) : Merge("minimum", o.name) {}
Tensor Minimum::merge(const std::vector<Tensor>& xs) { return detail::fold(xs, minimum); }

Concatenate::Concatenate(const ConcatenateOptions& o)
    : Merge("concatenate", o.name), axis_(o.axis) {}
Tensor Concatenate::merge(const std::vector<Tensor>& xs) { return concat(xs, axis_); }

Dot::Dot(int axis, const DotOptions& o) : Dot(axis, axis, o) {}
Dot::Dot(int first, int second, const DotOptions& o)
    : Merge("dot", o.name), first_axis_(first), second_axis_(second), normalize_(o.normalize) {}

namespace detail {
/// [n, rest, k] with k the extent of an axis; `rest` are the other extents of a sample.
inline Tensor with_axis_last(const Layer& layer, const Tensor& x, int axis, Shape& rest) {
  const int a = normalize_axis(layer.name().c_str(), axis, x.rank());
  if (a == 0) fail<ValueError>(layer.name(), "axis 0 is the batch");
  rest = x.shape().without(a).without(0);
  std::vector<int> order;
  for (int i = 0; i < x.rank(); ++i)
    if (i != a) order.push_back(i);
  order.push_back(a);
  return reshape(transpose(x, order), {x.dim(0), rest.size(), x.dim(a)});
}
}  // namespace detail

Tensor Dot::merge(const std::vector<Tensor>& xs) {
  if (xs.size() != 2) fail<ValueError>(name(), "expected two inputs, got ", xs.size());
  Shape left, right;
  Tensor a = detail::with_axis_last(*this, xs[0], first_axis_, left);
  Tensor b = detail::with_axis_last(*this, xs[1], second_axis_, right);
  if (a.dim(2) != b.dim(2))
    fail<ShapeError>(name(), "axes ", first_axis_, " and ", second_axis_, " differ in ",
                     xs[0].shape(), " and ", xs[1].shape());
  if (normalize_)
    for (Tensor* t : {&a, &b})
      *t = *t * rsqrt(maximum(sum(square(*t), {.axis = -1, .keepdims = true}), 1e-12));
  Shape shape{a.dim(0)};
  for (std::int64_t d : left) shape.push_back(d);
  for (std::int64_t d : right) shape.push_back(d);
  if (shape.rank() == 1) shape.push_back(1);
  return reshape(matmul(a, b, {.transpose_b = true}), shape);
}

}  // namespace linnet::inline LINNET_ABI::layers
