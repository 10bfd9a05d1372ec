#pragma once

#include <array>
#include <limits>

#include "linnet/autograd/tape.hpp"
#include "linnet/autograd/with_vjp.hpp"
#include "linnet/backend/apply.hpp"
#include "linnet/ops/elementwise.hpp"
#include "linnet/ops/primitives/reduce.hpp"
#include "linnet/ops/reduce.hpp"
#include "linnet/ops/shape.hpp"

namespace linnet::inline LINNET_ABI {

namespace detail {

using AxisMask = std::array<bool, Shape::max_rank>;

inline AxisMask axis_mask(const char* op, const Axes& axes, int rank) {
  AxisMask mask{};
  if (axes.is_all()) mask.fill(true);
  for (int axis : axes.list()) {
    const auto a = static_cast<std::size_t>(normalize_axis(op, axis, rank));
    if (mask[a]) fail<ValueError>(op, "axis ", axis, " is given twice");
    mask[a] = true;
  }
  return mask;
}

inline Shape reduced_shape(const Shape& s, const AxisMask& mask, bool keepdims) {
  Shape out;
  for (int a = 0; a < s.rank(); ++a) {
    if (!mask[static_cast<std::size_t>(a)])
      out.push_back(s[a]);
    else if (keepdims)
      out.push_back(1);
  }
  return out;
}

/// Folds each run of neighbouring axes, the last first; axes stay, with extent 1, until the end.
/// 16-bit floats are rounded once, at the end.
inline Tensor fold_axes(ReduceOp op, const Tensor& x, const AxisMask& mask, bool keepdims) {
  Tensor y = x;
  const Shape final = reduced_shape(x.shape(), mask, keepdims);
  bool folded = false;
  for (int last = x.rank(); last > 0;) {
    int first = last;
    while (first > 0 && mask[static_cast<std::size_t>(first - 1)]) --first;
    if (first == last) {
      --last;
      continue;
    }
    Shape shape = y.shape();
    for (int a = first; a < last; ++a) shape.set(a, 1);
    bool more = false;
    for (int a = 0; a < first; ++a) more = more || mask[static_cast<std::size_t>(a)];
    if (!more) shape = final;
    const bool widened = more && is_floating(x.dtype()) && itemsize(x.dtype()) == 2;
    const DType to = widened ? DType::float32 : x.dtype();
    y = apply(Reduce{op, first, last}, {shape, to, x.device()}, y);
    folded = true;
    last = first;
  }
  return folded ? y : reshape(stop_gradient(x), final);
}

/// dy of a reduction shown in the input's shape.
inline Tensor expand_reduced(const Tensor& dy, const Shape& kept, const Shape& full) {
  return broadcast_to(reshape(dy, kept), full);
}

}  // namespace detail

Tensor sum(const Tensor& x, const ReduceOptions& options) {
  const auto mask = detail::axis_mask("sum", options.axis, x.rank());
  if (x.dtype() == DType::boolean) return sum(cast(x, DType::int64), options);
  const Shape kept = detail::reduced_shape(x.shape(), mask, true), full = x.shape();
  return with_vjp(
      detail::fold_axes(ReduceOp::sum, x, mask, options.keepdims),
      vjp(x, [kept, full](const Tensor& dy) { return detail::expand_reduced(dy, kept, full); }));
}

Tensor mean(const Tensor& x, const ReduceOptions& options) {
  const auto mask = detail::axis_mask("mean", options.axis, x.rank());
  if (x.dtype() == DType::boolean) return mean(cast(x, DType::float32), options);
  const Shape kept = detail::reduced_shape(x.shape(), mask, true), full = x.shape();
  if (!is_floating(x.dtype())) {
    // Rounded once, whatever the axes; sums do not overflow a narrow dtype.
    const Tensor wide = x.dtype() == DType::uint64 ? x : cast(x, DType::int64);
    const std::int64_t count = kept.size() ? full.size() / kept.size() : 1;
    return cast(floor_divide(sum(wide, options), count), x.dtype());
  }
  const double scale = static_cast<double>(kept.size()) / static_cast<double>(full.size());
  return with_vjp(detail::fold_axes(ReduceOp::mean, x, mask, options.keepdims),
                  vjp(x, [kept, full, scale](const Tensor& dy) {
                    return detail::expand_reduced(dy * scale, kept, full);
                  }));
}

Tensor prod(const Tensor& x, const ReduceOptions& options) {
  const auto mask = detail::axis_mask("prod", options.axis, x.rank());
  const Shape kept = detail::reduced_shape(x.shape(), mask, true);
  Tensor y = detail::fold_axes(ReduceOp::prod, x, mask, options.keepdims);
  return with_vjp(
      y, vjp(x, [x, y, kept, options](const Tensor& dy) {
        // y / x where x is not 0; where it is, the product of the others.
        const Tensor zero = x == 0, count = sum(cast(zero, x.dtype()), {options.axis, true});
        const Tensor others = reshape(prod(where(zero, 1.0, x), options), kept);
        const Tensor g = where(count == 0, others / where(zero, 1.0, x),
                               where(logical_and(count == 1, zero), others, 0.0));
        return reshape(dy, kept) * g;
      }));
}

namespace detail {

inline Tensor extreme(const char* name, ReduceOp op, const Tensor& x,
                      const ReduceOptions& options) {
  const auto mask = axis_mask(name, options.axis, x.rank());
  const Shape kept = reduced_shape(x.shape(), mask, true);
  Tensor y = fold_axes(op, x, mask, options.keepdims);
  const Axes axes = options.axis;
  return with_vjp(y, vjp(x, [x, y, kept, axes](const Tensor& dy) {
                    const Tensor hit = cast(x == reshape(y, kept), x.dtype());
                    return reshape(dy, kept) * hit / sum(hit, {axes, true});
                  }));
}

}  // namespace detail

Tensor max(const Tensor& x, const ReduceOptions& options) {
  return detail::extreme("max", ReduceOp::max, x, options);
}
Tensor min(const Tensor& x, const ReduceOptions& options) {
  return detail::extreme("min", ReduceOp::min, x, options);
}

Tensor variance(const Tensor& x, const ReduceOptions& options) {
  const Tensor f = is_floating(x.dtype()) ? x : cast(x, DType::float32);
  return mean(square(f - mean(f, {options.axis, true})), options);
}

Tensor stddev(const Tensor& x, const ReduceOptions& options) { return sqrt(variance(x, options)); }

Tensor logsumexp(const Tensor& x, const ReduceOptions& options) {
  const Tensor f = is_floating(x.dtype()) ? x : cast(x, DType::float32);
  const Tensor m = stop_gradient(max(f, {options.axis, true}));
  const Tensor shift = where(is_finite(m), m, 0.0);
  const auto mask = detail::axis_mask("logsumexp", options.axis, x.rank());
  const Tensor y = log(sum(exp(f - shift), options));
  return y + reshape(shift, detail::reduced_shape(x.shape(), mask, options.keepdims));
}

Tensor norm(const Tensor& x, const ReduceOptions& options) { return sqrt(sum(square(x), options)); }

Tensor reduce_any(const Tensor& x, const ReduceOptions& options) {
  const auto mask = detail::axis_mask("reduce_any", options.axis, x.rank());
  const Tensor hits = cast(cast(x, DType::boolean), DType::int32);
  return detail::fold_axes(ReduceOp::max, hits, mask, options.keepdims) > 0;
}

Tensor reduce_all(const Tensor& x, const ReduceOptions& options) {
  return logical_not(reduce_any(logical_not(x), options));
}

namespace detail {
inline Tensor arg_extreme(const char* name, bool min, const Tensor& x, int axis) {
  const int a = normalize_axis(name, axis, x.rank());
  if (x.dim(a) == 0) fail<ValueError>(name, "axis ", axis, " of shape ", x.shape(), " is empty");
  return apply(ArgReduce{min, a}, {x.shape().without(a), DType::int64, x.device()}, x);
}
}  // namespace detail

Tensor argmax(const Tensor& x, int axis) { return detail::arg_extreme("argmax", false, x, axis); }
Tensor argmin(const Tensor& x, int axis) { return detail::arg_extreme("argmin", true, x, axis); }

}  // namespace linnet::inline LINNET_ABI
