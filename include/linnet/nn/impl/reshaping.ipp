#pragma once

#include <algorithm>
#include <cmath>
#include <numeric>

#include "linnet/core/creation.hpp"
#include "linnet/nn/layers/reshaping.hpp"
#include "linnet/ops/elementwise.hpp"
#include "linnet/ops/matmul.hpp"
#include "linnet/ops/shape.hpp"

namespace linnet::inline LINNET_ABI::layers {

Flatten::Flatten(const LayerOptions& o) : Layer("flatten", o.name) {
  state().declared_input = o.input_shape;
}
Tensor Flatten::call(const Tensor& x, bool) {
  if (x.rank() == 0) fail<ShapeError>(name(), "expected an input of rank >= 1");
  return reshape(x, {x.dim(0), x.dim(0) ? x.size() / x.dim(0) : x.shape().without(0).size()});
}

Reshape::Reshape(Shape target, const LayerOptions& o)
    : Layer("reshape", o.name), target_shape(target) {
  state().declared_input = o.input_shape;
}
Tensor Reshape::call(const Tensor& x, bool) { return reshape(x, target_shape.with(0, x.dim(0))); }

Permute::Permute(std::vector<int> d, const LayerOptions& o)
    : Layer("permute", o.name), dims(std::move(d)) {
  state().declared_input = o.input_shape;
  std::vector<int> sorted = dims, all(dims.size());
  std::sort(sorted.begin(), sorted.end());
  std::iota(all.begin(), all.end(), 1);
  if (sorted != all) fail<ValueError>("permute", "dims: expected an order of 1..", dims.size());
}
Tensor Permute::call(const Tensor& x, bool) {
  if (x.rank() != static_cast<int>(dims.size()) + 1)
    fail<ShapeError>(name(), "input ", x.shape(), " has not ", dims.size(), " axes a sample");
  std::vector<int> order{0};
  order.insert(order.end(), dims.begin(), dims.end());
  return transpose(x, order);
}

RepeatVector::RepeatVector(std::int64_t n, const LayerOptions& o)
    : Layer("repeat_vector", o.name), times(n) {
  state().declared_input = o.input_shape;
  if (n < 1) fail<ValueError>("repeat_vector", "expected at least 1 time, got ", n);
}
Tensor RepeatVector::call(const Tensor& x, bool) {
  if (x.rank() != 2) fail<ShapeError>(name(), "expected an input [n, c], got shape ", x.shape());
  return broadcast_to(expand_dims(x, 1), {x.dim(0), times, x.dim(1)});
}

namespace detail {

inline void require_rank(const Layer& layer, const Tensor& x, int rank, const char* form) {
  if (x.rank() != rank)
    fail<ShapeError>(layer.name(), "expected an input ", form, ", got shape ", x.shape());
}
inline void require_border(const char* op, std::initializer_list<Border> borders) {
  for (const Border& b : borders)
    if (b.before < 0 || b.after < 0)
      fail<ValueError>(op, "expected numbers >= 0, got ", b.before, " and ", b.after);
}
inline Tensor crop(const Layer& layer, const Tensor& x, int axis, const Border& b) {
  const std::int64_t left = x.dim(axis) - b.before - b.after;
  if (left < 1)
    fail<ShapeError>(layer.name(), "cropping ", b.before, " and ", b.after, " of axis ", axis,
                     " leaves nothing of shape ", x.shape());
  return narrow(x, axis, b.before, left);
}
/// Each place along an axis `times` times.
inline Tensor repeat_each(const Tensor& x, int axis, std::int64_t times) {
  Shape wide, flat = x.shape();
  for (int a = 0; a < x.rank(); ++a) {
    wide.push_back(x.dim(a));
    if (a == axis) wide.push_back(times);
  }
  flat.set(axis, x.dim(axis) * times);
  return reshape(broadcast_to(expand_dims(x, axis + 1), wide), flat);
}

/// [n times, n]: what each of the new places takes of the old ones, whose centres lie between.
inline Tensor bilinear_weights(std::int64_t n, std::int64_t times, DType dtype) {
  std::vector<double> w(static_cast<std::size_t>(n * times * n));
  for (std::int64_t i = 0; i < n * times; ++i) {
    const double at = (static_cast<double>(i) + 0.5) / static_cast<double>(times) - 0.5;
    const double inside = std::clamp(at, 0.0, static_cast<double>(n - 1));
    const auto low = static_cast<std::int64_t>(inside);
    const double part = inside - static_cast<double>(low);
    w[static_cast<std::size_t>(i * n + low)] += 1 - part;
    if (part > 0) w[static_cast<std::size_t>(i * n + low + 1)] += part;
  }
  return cast(from_vector(w, {n * times, n}), dtype);
}

}  // namespace detail

ZeroPadding1D::ZeroPadding1D(Border p, const LayerOptions& o)
    : Layer("zero_padding1d", o.name), padding(p) {
  state().declared_input = o.input_shape;
  detail::require_border("zero_padding1d", {p});
}
Tensor ZeroPadding1D::call(const Tensor& x, bool) {
  detail::require_rank(*this, x, 3, "[n, t, c]");
  return pad(x, {{0, 0}, {padding.before, padding.after}, {0, 0}});
}

ZeroPadding2D::ZeroPadding2D(Borders2D p, const LayerOptions& o)
    : Layer("zero_padding2d", o.name), padding(p) {
  state().declared_input = o.input_shape;
  detail::require_border("zero_padding2d", {p.height, p.width});
}
Tensor ZeroPadding2D::call(const Tensor& x, bool) {
  detail::require_rank(*this, x, 4, "[n, h, w, c]");
  return pad(x, {{0, 0},
                 {padding.height.before, padding.height.after},
                 {padding.width.before, padding.width.after},
                 {0, 0}});
}

Cropping1D::Cropping1D(Border c, const LayerOptions& o) : Layer("cropping1d", o.name), cropping(c) {
  state().declared_input = o.input_shape;
  detail::require_border("cropping1d", {c});
}
Tensor Cropping1D::call(const Tensor& x, bool) {
  detail::require_rank(*this, x, 3, "[n, t, c]");
  return detail::crop(*this, x, 1, cropping);
}

Cropping2D::Cropping2D(Borders2D c, const LayerOptions& o)
    : Layer("cropping2d", o.name), cropping(c) {
  state().declared_input = o.input_shape;
  detail::require_border("cropping2d", {c.height, c.width});
}
Tensor Cropping2D::call(const Tensor& x, bool) {
  detail::require_rank(*this, x, 4, "[n, h, w, c]");
  return detail::crop(*this, detail::crop(*this, x, 1, cropping.height), 2, cropping.width);
}

UpSampling1D::UpSampling1D(std::int64_t s, const LayerOptions& o)
    : Layer("up_sampling1d", o.name), size(s) {
  state().declared_input = o.input_shape;
  if (s < 1) fail<ValueError>("up_sampling1d", "size: expected at least 1, got ", s);
}
Tensor UpSampling1D::call(const Tensor& x, bool) {
  detail::require_rank(*this, x, 3, "[n, t, c]");
  return detail::repeat_each(x, 1, size);
}

UpSampling2D::UpSampling2D(Size2D s, UpSampling2DOptions o)
    : Layer("up_sampling2d", o.name), size(s), options(std::move(o)) {
  if (s.h < 1 || s.w < 1)
    fail<ValueError>("up_sampling2d", "size: expected at least 1, got ", s.h, " and ", s.w);
  if (options.interpolation != "nearest" && options.interpolation != "bilinear")
    fail<ValueError>("up_sampling2d", "interpolation: expected \"nearest\" or \"bilinear\", got \"",
                     options.interpolation, "\"");
}
Tensor UpSampling2D::call(const Tensor& x, bool) {
  detail::require_rank(*this, x, 4, "[n, h, w, c]");
  if (options.interpolation == "nearest")
    return detail::repeat_each(detail::repeat_each(x, 1, size.h), 2, size.w);
  const std::int64_t n = x.dim(0), h = x.dim(1), w = x.dim(2), c = x.dim(3);
  const Tensor taller =
      matmul(detail::bilinear_weights(h, size.h, x.dtype()), reshape(x, {n, h, w * c}));
  const Tensor wider = matmul(detail::bilinear_weights(w, size.w, x.dtype()),
                              reshape(taller, {n * h * size.h, w, c}));
  return reshape(wider, {n, h * size.h, w * size.w, c});
}

}  // namespace linnet::inline LINNET_ABI::layers
