#pragma once

#include "linnet/autograd/with_vjp.hpp"
#include "linnet/backend/apply.hpp"
#include "linnet/ops/elementwise.hpp"
#include "linnet/ops/indexing.hpp"
#include "linnet/ops/primitives/indexing.hpp"

namespace linnet::inline LINNET_ABI {

namespace detail {

inline void require_integers(const char* op, const Tensor& indices) {
  if (is_floating(indices.dtype()))
    fail<DTypeError>(op, "expected integer indices, got ", indices.dtype());
}

inline Tensor gather_backward(const Tensor& dy, const Tensor& indices, int axis, const Shape& x) {
  if (itemsize(dy.dtype()) == 2)
    return cast(gather_backward(cast(dy, DType::float32), indices, axis, x), dy.dtype());
  return with_vjp(apply(GatherBackward{axis}, {x, dy.dtype(), dy.device()}, dy, indices),
                  vjp(dy, [indices, axis](const Tensor& d) { return gather(d, indices, axis); }));
}

}  // namespace detail

Tensor gather(const Tensor& x, const Tensor& indices, int axis) {
  detail::require_integers("gather", indices);
  const int a = normalize_axis("gather", axis, x.rank());
  Shape shape;
  for (int i = 0; i < a; ++i) shape.push_back(x.dim(i));
  for (std::int64_t d : indices.shape()) shape.push_back(d);
  for (int i = a + 1; i < x.rank(); ++i) shape.push_back(x.dim(i));
  return with_vjp(apply(Gather{a}, {shape, x.dtype(), x.device()}, x, indices),
                  vjp(x, [indices, a, full = x.shape()](const Tensor& dy) {
                    return detail::gather_backward(dy, indices, a, full);
                  }));
}

Tensor one_hot(const Tensor& indices, std::int64_t depth, const OneHotOptions& options) {
  detail::require_integers("one_hot", indices);
  if (depth < 0) fail<ValueError>("one_hot", "depth is ", depth);
  Shape shape = indices.shape();
  shape.push_back(depth);
  Tensor y;
  const Tensor* in = &indices;
  const TensorSpec spec{shape, options.dtype, indices.device()};
  const Scalar values[] = {options.on_value, options.off_value};
  apply(OneHot{}, {&in, 1}, {&spec, 1}, {&y, 1}, values);
  return y;
}

}  // namespace linnet::inline LINNET_ABI
