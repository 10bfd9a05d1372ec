#pragma once

#include "linnet/nn/layers/pooling.hpp"
#include "linnet/ops/conv.hpp"
#include "linnet/ops/elementwise.hpp"
#include "linnet/ops/reduce.hpp"
#include "linnet/ops/shape.hpp"

namespace linnet::inline LINNET_ABI::layers {

namespace detail {

inline void require_images(const Layer& layer, const Tensor& x) {
  if (x.rank() != 4)
    fail<ShapeError>(layer.name(), "expected an input [n, h, w, c], got shape ", x.shape());
}
inline void require_steps(const Layer& layer, const Tensor& x) {
  if (x.rank() != 3)
    fail<ShapeError>(layer.name(), "expected an input [n, t, c], got shape ", x.shape());
}

}  // namespace detail

MaxPooling2D::MaxPooling2D(Size2D size, PoolingOptions o)
    : Layer("max_pooling2d", o.name), pool_size(size), options(std::move(o)) {}
Tensor MaxPooling2D::call(const Tensor& x, bool) {
  return max_pool2d(x, pool_size, {.strides = options.strides, .padding = options.padding});
}

AveragePooling2D::AveragePooling2D(Size2D size, PoolingOptions o)
    : Layer("average_pooling2d", o.name), pool_size(size), options(std::move(o)) {}
Tensor AveragePooling2D::call(const Tensor& x, bool) {
  return avg_pool2d(x, pool_size, {.strides = options.strides, .padding = options.padding});
}

GlobalAveragePooling2D::GlobalAveragePooling2D(GlobalPoolingOptions o)
    : Layer("global_average_pooling2d", o.name), options(std::move(o)) {}
Tensor GlobalAveragePooling2D::call(const Tensor& x, bool) {
  detail::require_images(*this, x);
  return mean(x, {.axis = {1, 2}, .keepdims = options.keepdims});
}

GlobalMaxPooling2D::GlobalMaxPooling2D(GlobalPoolingOptions o)
    : Layer("global_max_pooling2d", o.name), options(std::move(o)) {}
Tensor GlobalMaxPooling2D::call(const Tensor& x, bool) {
  detail::require_images(*this, x);
  return max(x, {.axis = {1, 2}, .keepdims = options.keepdims});
}

namespace detail {

/// A pooling of steps is one of images that are one pixel high.
template <class Pool>
Tensor pool_steps(const Layer& layer, Pool&& pool, const Tensor& x, std::int64_t size,
                  const Pooling1DOptions& o) {
  require_steps(layer, x);
  const Size2D strides = {1, o.strides == 0 ? size : o.strides};
  return squeeze(pool(expand_dims(x, 1), Size2D(1, size),
                      Pool2DOptions{.strides = strides, .padding = o.padding}),
                 1);
}

}  // namespace detail

MaxPooling1D::MaxPooling1D(std::int64_t size, Pooling1DOptions o)
    : Layer("max_pooling1d", o.name), pool_size(size), options(std::move(o)) {}
Tensor MaxPooling1D::call(const Tensor& x, bool) {
  return detail::pool_steps(*this, max_pool2d, x, pool_size, options);
}

AveragePooling1D::AveragePooling1D(std::int64_t size, Pooling1DOptions o)
    : Layer("average_pooling1d", o.name), pool_size(size), options(std::move(o)) {}
Tensor AveragePooling1D::call(const Tensor& x, bool) {
  return detail::pool_steps(*this, avg_pool2d, x, pool_size, options);
}

GlobalAveragePooling1D::GlobalAveragePooling1D(GlobalPoolingOptions o)
    : Layer("global_average_pooling1d", o.name), options(std::move(o)) {}
Tensor GlobalAveragePooling1D::call(const Tensor& x, bool training) {
  return call_masked(x, {}, training);
}
Tensor GlobalAveragePooling1D::call_masked(const Tensor& x, const Tensor& mask, bool) {
  detail::require_steps(*this, x);
  const ReduceOptions over_steps{.axis = {1}, .keepdims = options.keepdims};
  if (!mask.defined()) return mean(x, over_steps);
  const Tensor counted = expand_dims(cast(mask, x.dtype()), -1);
  return sum(x * counted, over_steps) / sum(counted, over_steps);
}

GlobalMaxPooling1D::GlobalMaxPooling1D(GlobalPoolingOptions o)
    : Layer("global_max_pooling1d", o.name), options(std::move(o)) {}
Tensor GlobalMaxPooling1D::call(const Tensor& x, bool) {
  detail::require_steps(*this, x);
  return max(x, {.axis = {1}, .keepdims = options.keepdims});
}

}  // namespace linnet::inline LINNET_ABI::layers
