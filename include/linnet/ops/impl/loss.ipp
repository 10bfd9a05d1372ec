#pragma once

#include "linnet/autograd/with_vjp.hpp"
#include "linnet/backend/apply.hpp"
#include "linnet/core/creation.hpp"
#include "linnet/ops/elementwise.hpp"
#include "linnet/ops/impl/targets.ipp"
#include "linnet/ops/indexing.hpp"
#include "linnet/ops/loss.hpp"
#include "linnet/ops/primitives/loss.hpp"
#include "linnet/ops/reduce.hpp"
#include "linnet/ops/shape.hpp"
#include "linnet/ops/softmax.hpp"

namespace linnet::inline LINNET_ABI {

namespace detail {

inline constexpr double crossentropy_epsilon = 1e-7;

inline Tensor sparse_cross_entropy_backward(const Tensor& logits, const Tensor& labels,
                                            const Tensor& dy, std::int64_t ignore) {
  const auto probabilities = [=](const Tensor& d) {
    return sparse_cross_entropy_backward(logits, labels, d, ignore);
  };
  return with_vjp(
      apply(SparseCrossEntropyBackward{ignore}, logits.spec(), logits, labels, dy),
      vjp(dy, [=](const Tensor& d) { return sum(d * probabilities(ones_like(dy)), {.axis = 1}); }),
      vjp(logits, [=](const Tensor& d) {
        // dy times the Jacobian of softmax
        const Tensor p = softmax(logits);
        const Tensor valid = cast(cast(labels, DType::int64) != ignore, dy.dtype());
        return expand_dims(dy * valid, 1) * p * (d - sum(d * p, {.axis = 1, .keepdims = true}));
      }));
}

inline Tensor sparse_cross_entropy(const Tensor& logits, const Tensor& labels,
                                   std::int64_t ignore) {
  const TensorSpec spec{{logits.dim(0)}, logits.dtype(), logits.device()};
  return with_vjp(apply(SparseCrossEntropy{ignore}, spec, logits, labels),
                  vjp(logits, [=](const Tensor& dy) {
                    return sparse_cross_entropy_backward(logits, labels, dy, ignore);
                  }));
}

}  // namespace detail

Tensor mean_squared_error(const Tensor& y_true, const Tensor& y_pred) {
  const auto [y, p] = detail::match_targets("mean_squared_error", y_true, y_pred);
  return detail::mean_last(squared_difference(p, y));
}

Tensor mean_absolute_error(const Tensor& y_true, const Tensor& y_pred) {
  const auto [y, p] = detail::match_targets("mean_absolute_error", y_true, y_pred);
  return detail::mean_last(abs(p - y));
}

Tensor huber(const Tensor& y_true, const Tensor& y_pred, double delta) {
  const auto [y, p] = detail::match_targets("huber", y_true, y_pred);
  const Tensor d = abs(p - y);
  return detail::mean_last(where(d <= delta, 0.5 * square(d), delta * d - 0.5 * delta * delta));
}

Tensor binary_crossentropy(const Tensor& y_true, const Tensor& y_pred,
                           const CrossentropyOptions& options) {
  auto [y, p] = detail::match_targets("binary_crossentropy", y_true, y_pred);
  if (!(y.shape() == p.shape()))
    fail<ShapeError>("binary_crossentropy", "y_true ", y_true.shape(), " does not fit y_pred ",
                     y_pred.shape());
  if (options.label_smoothing != 0)
    y = y * (1 - options.label_smoothing) + 0.5 * options.label_smoothing;
  if (options.from_logits) return detail::mean_last(relu(p) - p * y + softplus(-abs(p)));
  p = clip(p, detail::crossentropy_epsilon, 1 - detail::crossentropy_epsilon);
  return detail::mean_last(-(y * log(p) + (1 - y) * log(1 - p)));
}

Tensor categorical_crossentropy(const Tensor& y_true, const Tensor& y_pred,
                                const CrossentropyOptions& options) {
  const Tensor pred = is_floating(y_pred.dtype()) ? y_pred : cast(y_pred, DType::float32);
  Tensor y = cast(y_true, pred.dtype());
  if (y.rank() != pred.rank() || pred.rank() < 1 || y.dim(-1) != pred.dim(-1))
    fail<ShapeError>("categorical_crossentropy", "y_true ", y_true.shape(), " does not fit y_pred ",
                     y_pred.shape());
  if (options.label_smoothing != 0)
    y = y * (1 - options.label_smoothing) +
        options.label_smoothing / static_cast<double>(pred.dim(-1));
  if (options.from_logits) return -sum(y * log_softmax(pred), {.axis = -1});
  const Tensor p = clip(pred / sum(pred, {.axis = -1, .keepdims = true}),
                        detail::crossentropy_epsilon, 1 - detail::crossentropy_epsilon);
  return -sum(y * log(p), {.axis = -1});
}

Tensor sparse_categorical_crossentropy(const Tensor& y_true, const Tensor& y_pred,
                                       const SparseCrossentropyOptions& options) {
  constexpr const char* op = "sparse_categorical_crossentropy";
  Tensor pred = is_floating(y_pred.dtype()) ? y_pred : cast(y_pred, DType::float32);
  if (pred.rank() < 1) fail<ShapeError>(op, "y_pred has rank 0");
  Tensor y = y_true;
  if (y.rank() == pred.rank() && y.dim(-1) == 1) y = squeeze(y, -1);
  if (!(y.shape() == pred.shape().without(-1)))
    fail<ShapeError>(op, "y_true ", y_true.shape(), " does not fit y_pred ", y_pred.shape());
  // NaN would become class 0: it must be as wrong as any other label outside [0, k).
  if (is_floating(y.dtype())) y = cast(where(is_finite(y), y, -1e18), DType::int64);
  if (!options.from_logits)
    pred = log(clip(pred, detail::crossentropy_epsilon, 1 - detail::crossentropy_epsilon));
  const DType dtype = pred.dtype();
  if (itemsize(dtype) == 2) pred = cast(pred, DType::float32);
  const Shape shape = y.shape();
  const Tensor loss = detail::sparse_cross_entropy(
      reshape(pred, {shape.size(), pred.dim(-1)}), reshape(y, {shape.size()}),
      options.ignore_class.value_or(SparseCrossEntropy::no_class));
  return cast(reshape(loss, shape), dtype);
}

}  // namespace linnet::inline LINNET_ABI
