#pragma once

#include <utility>

#include "linnet/ops/elementwise.hpp"
#include "linnet/ops/reduce.hpp"
#include "linnet/ops/shape.hpp"

namespace linnet::inline LINNET_ABI::detail {

/// Targets brought to the predictions' dtype and rank: (n,) meets (n, 1).
inline std::pair<Tensor, Tensor> match_targets(const char* op, const Tensor& y_true,
                                               const Tensor& y_pred) {
  const Tensor pred = is_floating(y_pred.dtype()) ? y_pred : cast(y_pred, DType::float32);
  Tensor target = cast(y_true, pred.dtype());
  if (target.rank() + 1 == pred.rank() && pred.dim(-1) == 1) target = expand_dims(target, -1);
  if (target.rank() == pred.rank() + 1 && target.dim(-1) == 1) target = squeeze(target, -1);
  if (target.rank() != pred.rank())
    fail<ShapeError>(op, "y_true ", y_true.shape(), " does not fit y_pred ", y_pred.shape());
  broadcast_shapes(op, target.shape(), pred.shape());
  return {target, pred};
}

inline Tensor mean_last(const Tensor& x) { return x.rank() == 0 ? x : mean(x, {.axis = -1}); }

}  // namespace linnet::inline LINNET_ABI::detail
