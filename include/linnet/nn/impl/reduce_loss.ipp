#pragma once

#include "linnet/core/creation.hpp"
#include "linnet/nn/losses.hpp"
#include "linnet/ops/elementwise.hpp"
#include "linnet/ops/reduce.hpp"
#include "linnet/ops/shape.hpp"

namespace linnet::inline LINNET_ABI {

namespace detail {

/// Per-sample values times weights; a weight per sample counts for all its values.
inline Tensor weigh(const Tensor& values, const Tensor& weight) {
  if (!weight.defined()) return values;
  Tensor w = cast(weight, values.dtype());
  if (w.rank() == values.rank() + 1 && w.dim(-1) == 1) w = squeeze(w, -1);
  while (w.rank() < values.rank()) w = expand_dims(w, -1);
  if (w.rank() != values.rank())
    fail<ShapeError>("loss", "sample_weight ", weight.shape(), " does not fit values ",
                     values.shape());
  return values * w;
}

/// A mask as weights, times the weights given. Where the mean divides by all values, those that
/// count weigh more, so that it divides by their number instead.
inline Tensor masked_weight(const Tensor& weight, const Tensor& mask, DType dtype,
                            Reduction reduction) {
  if (!mask.defined()) return weight;
  Tensor m = cast(mask, dtype);
  if (reduction == Reduction::sum_over_batch_size)
    m = m * divide_no_nan(static_cast<double>(m.size()), sum(m));
  if (!weight.defined()) return m;
  return weight.rank() > m.rank() ? weigh(cast(weight, dtype), m) : weigh(m, weight);
}

inline Tensor reduce_loss(const Tensor& values, const Tensor& weight, Reduction reduction) {
  const Tensor weighted = weigh(values, weight);
  switch (reduction) {
    case Reduction::none:
      return weighted;
    case Reduction::sum:
      return sum(weighted);
    case Reduction::mean_with_sample_weight:
      if (weight.defined())
        return divide_no_nan(sum(weighted), sum(weigh(ones_like(values), weight)));
      break;
    default:
      break;
  }
  return mean(weighted);
}

inline Tensor both_masks(const Tensor& a, const Tensor& b) {
  if (!a.defined()) return b;
  return b.defined() ? logical_and(a, b) : a;
}

}  // namespace detail

}  // namespace linnet::inline LINNET_ABI
