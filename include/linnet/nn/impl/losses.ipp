#pragma once

#include <initializer_list>
#include <numbers>
#include <span>

#include "linnet/nn/impl/reduce_loss.ipp"
#include "linnet/nn/losses.hpp"
#include "linnet/nn/notes.hpp"
#include "linnet/ops/elementwise.hpp"
#include "linnet/ops/impl/targets.ipp"
#include "linnet/ops/loss.hpp"
#include "linnet/ops/reduce.hpp"
#include "linnet/ops/shape.hpp"
#include "linnet/ops/softmax.hpp"

namespace linnet::inline LINNET_ABI {

Tensor Loss::mask(const Tensor&, const Tensor&) const { return {}; }

Tensor Loss::operator()(const Tensor& y_true, const Tensor& y_pred, const Tensor& sample_weight,
                        const Tensor& y_pred_mask) const {
  const Tensor values = call(y_true, y_pred);
  const Tensor counted = detail::both_masks(y_pred_mask, mask(y_true, y_pred));
  return detail::reduce_loss(
      values, detail::masked_weight(sample_weight, counted, values.dtype(), reduction), reduction);
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
  const Tensor logits = options.from_logits ? y_pred : detail::find_note(y_pred, "sigmoid");
  const bool known = logits.defined();
  return binary_crossentropy(y_true, known ? logits : y_pred, {known, options.label_smoothing});
}

CategoricalCrossentropy::CategoricalCrossentropy(CrossentropyLossOptions o) : options(o) {
  reduction = o.reduction;
}
Tensor CategoricalCrossentropy::call(const Tensor& y_true, const Tensor& y_pred) const {
  const Tensor logits = options.from_logits ? y_pred : detail::find_note(y_pred, "softmax");
  const bool known = logits.defined();
  return categorical_crossentropy(y_true, known ? logits : y_pred,
                                  {known, options.label_smoothing});
}

SparseCategoricalCrossentropy::SparseCategoricalCrossentropy(SparseCrossentropyLossOptions o)
    : options(o) {
  reduction = o.reduction;
}
Tensor SparseCategoricalCrossentropy::call(const Tensor& y_true, const Tensor& y_pred) const {
  const Tensor logits = options.from_logits ? y_pred : detail::find_note(y_pred, "softmax");
  const bool known = logits.defined();
  return sparse_categorical_crossentropy(y_true, known ? logits : y_pred,
                                         {known, options.ignore_class});
}
Tensor SparseCategoricalCrossentropy::mask(const Tensor& y_true, const Tensor& y_pred) const {
  if (!options.ignore_class) return {};
  const Tensor labels = is_floating(y_true.dtype()) ? y_true : cast(y_true, DType::int64);
  return reshape(labels != *options.ignore_class, y_pred.shape().without(-1));
}

namespace detail {

inline constexpr double loss_epsilon = 1e-7;

/// Labels that are all 0 or 1 become -1 or 1.
inline Tensor hinge_labels(const Tensor& y) {
  const Tensor binary = reduce_all(logical_or(y == 0, y == 1));
  return where(binary, 2 * y - 1, y);
}

inline Tensor unit(const Tensor& x, int axis) {
  return x * rsqrt(maximum(sum(square(x), {.axis = axis, .keepdims = true}), 1e-12));
}

}  // namespace detail

MeanAbsolutePercentageError::MeanAbsolutePercentageError(LossOptions o) { reduction = o.reduction; }
Tensor MeanAbsolutePercentageError::call(const Tensor& y_true, const Tensor& y_pred) const {
  const auto [y, p] = detail::match_targets("mean_absolute_percentage_error", y_true, y_pred);
  return 100 * detail::mean_last(abs((y - p) / maximum(abs(y), detail::loss_epsilon)));
}

MeanSquaredLogarithmicError::MeanSquaredLogarithmicError(LossOptions o) { reduction = o.reduction; }
Tensor MeanSquaredLogarithmicError::call(const Tensor& y_true, const Tensor& y_pred) const {
  const auto [y, p] = detail::match_targets("mean_squared_logarithmic_error", y_true, y_pred);
  const auto log_of = [](const Tensor& x) { return log1p(maximum(x, detail::loss_epsilon)); };
  return detail::mean_last(squared_difference(log_of(p), log_of(y)));
}

LogCosh::LogCosh(LossOptions o) { reduction = o.reduction; }
Tensor LogCosh::call(const Tensor& y_true, const Tensor& y_pred) const {
  const auto [y, p] = detail::match_targets("log_cosh", y_true, y_pred);
  const Tensor d = p - y;
  return detail::mean_last(d + softplus(-2 * d) - std::numbers::ln2);
}

Poisson::Poisson(LossOptions o) { reduction = o.reduction; }
Tensor Poisson::call(const Tensor& y_true, const Tensor& y_pred) const {
  const auto [y, p] = detail::match_targets("poisson", y_true, y_pred);
  return detail::mean_last(p - y * log(p + detail::loss_epsilon));
}

KLDivergence::KLDivergence(LossOptions o) { reduction = o.reduction; }
Tensor KLDivergence::call(const Tensor& y_true, const Tensor& y_pred) const {
  const auto [y, p] = detail::match_targets("kl_divergence", y_true, y_pred);
  const Tensor a = clip(y, detail::loss_epsilon, 1), b = clip(p, detail::loss_epsilon, 1);
  return sum(a * log(a / b), {.axis = -1});
}

Hinge::Hinge(LossOptions o) { reduction = o.reduction; }
Tensor Hinge::call(const Tensor& y_true, const Tensor& y_pred) const {
  const auto [y, p] = detail::match_targets("hinge", y_true, y_pred);
  return detail::mean_last(maximum(1 - detail::hinge_labels(y) * p, 0));
}

SquaredHinge::SquaredHinge(LossOptions o) { reduction = o.reduction; }
Tensor SquaredHinge::call(const Tensor& y_true, const Tensor& y_pred) const {
  const auto [y, p] = detail::match_targets("squared_hinge", y_true, y_pred);
  return detail::mean_last(square(maximum(1 - detail::hinge_labels(y) * p, 0)));
}

CategoricalHinge::CategoricalHinge(LossOptions o) { reduction = o.reduction; }
Tensor CategoricalHinge::call(const Tensor& y_true, const Tensor& y_pred) const {
  const auto [y, p] = detail::match_targets("categorical_hinge", y_true, y_pred);
  const Tensor right = sum(y * p, {.axis = -1}), wrong = max((1 - y) * p, {.axis = -1});
  return maximum(wrong - right + 1, 0);
}

CosineSimilarity::CosineSimilarity(CosineSimilarityOptions o) : axis(o.axis) {
  reduction = o.reduction;
}
Tensor CosineSimilarity::call(const Tensor& y_true, const Tensor& y_pred) const {
  const auto [y, p] = detail::match_targets("cosine_similarity", y_true, y_pred);
  return -sum(detail::unit(y, axis) * detail::unit(p, axis), {.axis = axis});
}

BinaryFocalCrossentropy::BinaryFocalCrossentropy(BinaryFocalOptions o) : options(o) {
  reduction = o.reduction;
}
Tensor BinaryFocalCrossentropy::call(const Tensor& y_true, const Tensor& y_pred) const {
  auto [y, p] = detail::match_targets("binary_focal_crossentropy", y_true, y_pred);
  if (options.label_smoothing != 0)
    y = y * (1 - options.label_smoothing) + 0.5 * options.label_smoothing;
  if (options.from_logits) p = sigmoid(p);
  const Tensor q = clip(p, detail::loss_epsilon, 1 - detail::loss_epsilon);
  const Tensor crossentropy = -(y * log(q) + (1 - y) * log(1 - q));
  const Tensor right = y * p + (1 - y) * (1 - p);
  Tensor focal = pow(1 - right, options.gamma) * crossentropy;
  if (options.apply_class_balancing)
    focal = focal * (y * options.alpha + (1 - y) * (1 - options.alpha));
  return detail::mean_last(focal);
}

CategoricalFocalCrossentropy::CategoricalFocalCrossentropy(CategoricalFocalOptions o) : options(o) {
  reduction = o.reduction;
}
Tensor CategoricalFocalCrossentropy::call(const Tensor& y_true, const Tensor& y_pred) const {
  auto [y, p] = detail::match_targets("categorical_focal_crossentropy", y_true, y_pred);
  if (options.label_smoothing != 0)
    y = y * (1 - options.label_smoothing) +
        options.label_smoothing / static_cast<double>(p.dim(-1));
  if (options.from_logits) p = softmax(p);
  const Tensor q = clip(p / sum(p, {.axis = -1, .keepdims = true}), detail::loss_epsilon,
                        1 - detail::loss_epsilon);
  return -sum(options.alpha * pow(1 - q, options.gamma) * y * log(q), {.axis = -1});
}

namespace detail {

struct NamedLoss {
  std::initializer_list<const char*> names;
  std::shared_ptr<Loss> (*make)();
};

template <class L>
std::shared_ptr<Loss> make_loss() {
  return make_owned<Loss, L>();
}

inline std::span<const NamedLoss> named_losses() {
  static const NamedLoss all[] = {
      {{"mse", "MSE", "mean_squared_error", "MeanSquaredError"}, make_loss<MeanSquaredError>},
      {{"mae", "MAE", "mean_absolute_error", "MeanAbsoluteError"}, make_loss<MeanAbsoluteError>},
      {{"mape", "MAPE", "mean_absolute_percentage_error", "MeanAbsolutePercentageError"},
       make_loss<MeanAbsolutePercentageError>},
      {{"msle", "MSLE", "mean_squared_logarithmic_error", "MeanSquaredLogarithmicError"},
       make_loss<MeanSquaredLogarithmicError>},
      {{"huber", "huber_loss", "Huber"}, make_loss<Huber>},
      {{"log_cosh", "logcosh", "LogCosh"}, make_loss<LogCosh>},
      {{"poisson", "Poisson"}, make_loss<Poisson>},
      {{"kld", "KLD", "kl_divergence", "KLDivergence"}, make_loss<KLDivergence>},
      {{"hinge", "Hinge"}, make_loss<Hinge>},
      {{"squared_hinge", "SquaredHinge"}, make_loss<SquaredHinge>},
      {{"categorical_hinge", "CategoricalHinge"}, make_loss<CategoricalHinge>},
      {{"cosine_similarity", "CosineSimilarity"}, make_loss<CosineSimilarity>},
      {{"bce", "BCE", "binary_crossentropy", "BinaryCrossentropy"}, make_loss<BinaryCrossentropy>},
      {{"binary_focal_crossentropy", "BinaryFocalCrossentropy"},
       make_loss<BinaryFocalCrossentropy>},
      {{"categorical_crossentropy", "CategoricalCrossentropy"}, make_loss<CategoricalCrossentropy>},
      {{"categorical_focal_crossentropy", "CategoricalFocalCrossentropy"},
       make_loss<CategoricalFocalCrossentropy>},
      {{"sparse_categorical_crossentropy", "SparseCategoricalCrossentropy"},
       make_loss<SparseCategoricalCrossentropy>},
  };
  return all;
}

inline const NamedLoss* find_loss(const std::string& name) {
  for (const NamedLoss& entry : named_losses())
    for (const char* known : entry.names)
      if (name == known) return &entry;
  return nullptr;
}

bool known_loss(const std::string& name) { return find_loss(name) != nullptr; }

}  // namespace detail

std::shared_ptr<Loss> Loss::from_name(const std::string& name) {
  if (const auto* entry = detail::find_loss(name)) return entry->make();
  fail<ValueError>("loss", "Could not interpret loss identifier: ", name);
}

}  // namespace linnet::inline LINNET_ABI
