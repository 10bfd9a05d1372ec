#pragma once

#include "linnet/nn/logits.hpp"
#include "linnet/nn/losses.hpp"
#include "linnet/ops/elementwise.hpp"
#include "linnet/ops/loss.hpp"
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

inline Tensor reduce_loss(const Tensor& values, const Tensor& weight, Reduction reduction) {
  const Tensor weighted = weigh(values, weight);
  switch (reduction) {
    case Reduction::none:
      return weighted;
    case Reduction::sum:
      return sum(weighted);
    case Reduction::mean_with_sample_weight:
      if (weight.defined()) return divide_no_nan(sum(weighted), sum(weigh(values * 0 + 1, weight)));
      break;
    default:
      break;
  }
  return mean(weighted);
}

}  // namespace detail

Tensor Loss::operator()(const Tensor& y_true, const Tensor& y_pred,
                        const Tensor& sample_weight) const {
  return detail::reduce_loss(call(y_true, y_pred), sample_weight, reduction);
}

MeanSquaredError::MeanSquaredError(LossOptions o) { reduction = o.reduction; }
Tensor MeanSquaredError::call(const Tensor& y_true, const Tensor& y_pred) const {
  return mean_squared_error(y_true, y_pred);
}

MeanAbsoluteError::MeanAbsoluteError(LossOptions o) { reduction = o.reduction; }
Tensor MeanAbsoluteError::call(const Tensor& y_true, const Tensor& y_pred) const {
  return mean_absolute_error(y_true, y_pred);
}

Huber::Huber(HuberOptions o) : delta(o.delta) { reduction = o.reduction; }
Tensor Huber::call(const Tensor& y_true, const Tensor& y_pred) const {
  return huber(y_true, y_pred, delta);
}

BinaryCrossentropy::BinaryCrossentropy(CrossentropyLossOptions o) : options(o) {
  reduction = o.reduction;
}
Tensor BinaryCrossentropy::call(const Tensor& y_true, const Tensor& y_pred) const {
  const Tensor logits = options.from_logits ? y_pred : detail::find_logits(y_pred, "sigmoid");
  const bool known = logits.defined();
  return binary_crossentropy(y_true, known ? logits : y_pred, {known, options.label_smoothing});
}

CategoricalCrossentropy::CategoricalCrossentropy(CrossentropyLossOptions o) : options(o) {
  reduction = o.reduction;
}
Tensor CategoricalCrossentropy::call(const Tensor& y_true, const Tensor& y_pred) const {
  const Tensor logits = options.from_logits ? y_pred : detail::find_logits(y_pred, "softmax");
  const bool known = logits.defined();
  return categorical_crossentropy(y_true, known ? logits : y_pred,
                                  {known, options.label_smoothing});
}

SparseCategoricalCrossentropy::SparseCategoricalCrossentropy(SparseCrossentropyLossOptions o)
    : options(o) {
  reduction = o.reduction;
}
Tensor SparseCategoricalCrossentropy::call(const Tensor& y_true, const Tensor& y_pred) const {
  const Tensor logits = options.from_logits ? y_pred : detail::find_logits(y_pred, "softmax");
  const bool known = logits.defined();
  const Tensor values = sparse_categorical_crossentropy(y_true, known ? logits : y_pred,
                                                        {known, options.ignore_class});
  if (!options.ignore_class) return values;
  // Ignored samples leave the mean: the others are scaled up to make the division by all right.
  const Tensor counted = cast(
      reshape(cast(y_true, DType::int64), values.shape()) != *options.ignore_class, values.dtype());
  return values * divide_no_nan(static_cast<double>(values.size()), sum(counted));
}

std::shared_ptr<Loss> Loss::from_name(const std::string& name) {
  if (name == "mse" || name == "mean_squared_error" || name == "MeanSquaredError")
    return std::make_shared<MeanSquaredError>();
  if (name == "mae" || name == "mean_absolute_error" || name == "MeanAbsoluteError")
    return std::make_shared<MeanAbsoluteError>();
  if (name == "huber" || name == "huber_loss" || name == "Huber") return std::make_shared<Huber>();
  if (name == "bce" || name == "binary_crossentropy" || name == "BinaryCrossentropy")
    return std::make_shared<BinaryCrossentropy>();
  if (name == "categorical_crossentropy" || name == "CategoricalCrossentropy")
    return std::make_shared<CategoricalCrossentropy>();
  if (name == "sparse_categorical_crossentropy" || name == "SparseCategoricalCrossentropy")
    return std::make_shared<SparseCategoricalCrossentropy>();
  fail<ValueError>("loss", "Could not interpret loss identifier: ", name);
}

}  // namespace linnet::inline LINNET_ABI
