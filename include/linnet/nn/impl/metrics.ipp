#pragma once

#include "linnet/backend/apply.hpp"
#include "linnet/core/creation.hpp"
#include "linnet/nn/impl/losses.ipp"
#include "linnet/nn/metrics.hpp"
#include "linnet/ops/elementwise.hpp"
#include "linnet/ops/loss.hpp"
#include "linnet/ops/reduce.hpp"
#include "linnet/ops/shape.hpp"

namespace linnet::inline LINNET_ABI {

Metric::Metric(std::string name) : name_(std::move(name)) { renew(); }

void Metric::renew() {
  const EagerScope eager;
  total_ = Variable(zeros({}, DType::float64), {.trainable = false, .name = name_ + "/total"});
  count_ = Variable(zeros({}, DType::float64), {.trainable = false, .name = name_ + "/count"});
}

void Metric::add(const Tensor& values, const Tensor& sample_weight) {
  const Tensor v = is_floating(values.dtype()) ? values : cast(values, DType::float32);
  const Tensor total = sum(detail::weigh(v, sample_weight));
  total_.assign_add(cast(total, DType::float64));
  if (!sample_weight.defined())
    count_.assign_add(full({}, static_cast<double>(v.size()), DType::float64));
  else
    count_.assign_add(cast(sum(detail::weigh(ones_like(v), sample_weight)), DType::float64));
}

void Metric::update_state(const Tensor& y_true, const Tensor& y_pred, const Tensor& sample_weight) {
  add(values(y_true, y_pred), sample_weight);
}

double Metric::result() const {
  const EagerScope eager;
  const double count = count_.value().item<double>();
  return count == 0 ? 0 : total_.value().item<double>() / count;
}

void Metric::reset_state() {
  total_.assign(0);
  count_.assign(0);
}

namespace detail {

inline Tensor without_last(const Tensor& x, int rank) {
  return x.rank() == rank + 1 && x.dim(-1) == 1 ? squeeze(x, -1) : x;
}

inline Tensor hits(const Tensor& a, const Tensor& b) {
  if (!(a.shape() == b.shape()))
    fail<ShapeError>("accuracy", "shapes differ: ", a.shape(), " and ", b.shape());
  return cast(a == b, DType::float32);
}

inline Tensor binary_hits(const Tensor& y_true, const Tensor& y_pred, double threshold) {
  const Tensor y = y_true.rank() + 1 == y_pred.rank() ? expand_dims(y_true, -1) : y_true;
  const Tensor h = hits(cast(y, DType::float32), cast(y_pred > threshold, DType::float32));
  return h.rank() > 1 ? mean(h, {.axis = -1}) : h;
}

inline Tensor sparse_hits(const Tensor& y_true, const Tensor& y_pred) {
  const Tensor labels = without_last(y_true, y_pred.rank() - 1);
  return hits(cast(labels, DType::int64), argmax(y_pred));
}

}  // namespace detail

Tensor metrics::Accuracy::values(const Tensor& y_true, const Tensor& y_pred) const {
  const Tensor h = detail::hits(cast(y_true, y_pred.dtype()), y_pred);
  return h.rank() > 1 ? mean(h, {.axis = -1}) : h;
}
Tensor metrics::BinaryAccuracy::values(const Tensor& y_true, const Tensor& y_pred) const {
  return detail::binary_hits(y_true, y_pred, threshold);
}
Tensor metrics::CategoricalAccuracy::values(const Tensor& y_true, const Tensor& y_pred) const {
  return detail::hits(argmax(y_true), argmax(y_pred));
}
Tensor metrics::SparseCategoricalAccuracy::values(const Tensor& y_true,
                                                  const Tensor& y_pred) const {
  return detail::sparse_hits(y_true, y_pred);
}

Tensor Accuracy::values(const Tensor& y_true, const Tensor& y_pred) const {
  if (y_pred.rank() == 0 || y_pred.dim(-1) == 1) return detail::binary_hits(y_true, y_pred, 0.5);
  if (y_true.rank() < y_pred.rank() || y_true.dim(-1) == 1)
    return detail::sparse_hits(y_true, y_pred);
  return detail::hits(argmax(y_true), argmax(y_pred));
}

std::shared_ptr<Metric> Metric::from_name(const std::string& name) {
  using namespace metrics;
  if (name == "accuracy" || name == "acc") return std::make_shared<linnet::Accuracy>(name);
  if (name == "binary_accuracy") return std::make_shared<BinaryAccuracy>();
  if (name == "categorical_accuracy") return std::make_shared<CategoricalAccuracy>();
  if (name == "sparse_categorical_accuracy") return std::make_shared<SparseCategoricalAccuracy>();
  if (name == "mse" || name == "mean_squared_error")
    return std::make_shared<MeanOf>(mean_squared_error, name);
  if (name == "mae" || name == "mean_absolute_error")
    return std::make_shared<MeanOf>(mean_absolute_error, name);
  fail<ValueError>("metric", "Could not interpret metric identifier: ", name);
}

}  // namespace linnet::inline LINNET_ABI
