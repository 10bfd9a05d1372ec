#pragma once

#include <cmath>
#include <span>

#include "linnet/backend/apply.hpp"
#include "linnet/core/creation.hpp"
#include "linnet/nn/confusion_metrics.hpp"
#include "linnet/nn/impl/reduce_loss.ipp"
#include "linnet/nn/losses.hpp"
#include "linnet/nn/metrics.hpp"
#include "linnet/nn/score_metrics.hpp"
#include "linnet/ops/elementwise.hpp"
#include "linnet/ops/indexing.hpp"
#include "linnet/ops/loss.hpp"
#include "linnet/ops/reduce.hpp"
#include "linnet/ops/shape.hpp"

namespace linnet::inline LINNET_ABI {

void Metric::add_variable(const std::string& name, const Shape& shape) {
  const EagerScope eager;
  variables_.push_back(
      Variable(zeros(shape, DType::float64), {.trainable = false, .name = name_ + "/" + name}));
}

std::shared_ptr<Metric> Metric::own(Metric* copy) {
  std::shared_ptr<Metric> owned(copy);
  owned->renew();
  return owned;
}

void Metric::renew() {
  const EagerScope eager;
  for (Variable& v : variables_)
    v = Variable(zeros(v.shape(), DType::float64), {.trainable = false, .name = v.name()});
}

void Metric::reset_state() {
  for (const Variable& v : variables_) v.assign(zeros(v.shape(), DType::float64));
}

MeanMetric::MeanMetric(std::string name) : Metric(std::move(name)) {
  add_variable("total");
  add_variable("count");
}

void MeanMetric::add(const Tensor& values, const Tensor& sample_weight) {
  const Variable &total = variable(0), &count = variable(1);
  const Tensor v = is_floating(values.dtype()) ? values : cast(values, DType::float32);
  total.assign_add(cast(sum(detail::weigh(v, sample_weight)), DType::float64));
  if (!sample_weight.defined())
    count.assign_add(full({}, static_cast<double>(v.size()), DType::float64));
  else
    count.assign_add(cast(sum(detail::weigh(ones_like(v), sample_weight)), DType::float64));
}

void MeanMetric::update_state(const Tensor& y_true, const Tensor& y_pred,
                              const Tensor& sample_weight) {
  add(values(y_true, y_pred), sample_weight);
}

double MeanMetric::result() const {
  const EagerScope eager;
  const double count = variable(1).value().item<double>();
  return count == 0 ? 0 : variable(0).value().item<double>() / count;
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

/// Fewer than k scores are above the target's, which is finite.
inline Tensor top_k_hits(const Tensor& labels, const Tensor& y_pred, int k) {
  const Tensor mine = one_hot(labels, y_pred.dim(-1), {.dtype = DType::boolean});
  const Tensor score = sum(where(mine, y_pred, 0), {.axis = -1, .keepdims = true});
  const Tensor above = sum(cast(y_pred > score, DType::int32), {.axis = -1});
  return cast(logical_and(above < k, is_finite(squeeze(score, -1))), DType::float32);
}

inline void require_positive_k(const char* op, int k) {
  if (k < 1) fail<ValueError>(op, "k: expected at least 1, got ", k);
}

}  // namespace detail

Tensor metrics::Accuracy::values(const Tensor& y_true, const Tensor& y_pred) const {
  const Tensor h = linnet::detail::hits(cast(y_true, y_pred.dtype()), y_pred);
  return h.rank() > 1 ? mean(h, {.axis = -1}) : h;
}
Tensor metrics::BinaryAccuracy::values(const Tensor& y_true, const Tensor& y_pred) const {
  return linnet::detail::binary_hits(y_true, y_pred, threshold);
}
Tensor metrics::CategoricalAccuracy::values(const Tensor& y_true, const Tensor& y_pred) const {
  return linnet::detail::hits(argmax(y_true), argmax(y_pred));
}
Tensor metrics::SparseCategoricalAccuracy::values(const Tensor& y_true,
                                                  const Tensor& y_pred) const {
  return linnet::detail::sparse_hits(y_true, y_pred);
}

Tensor Accuracy::values(const Tensor& y_true, const Tensor& y_pred) const {
  if (y_pred.rank() == 0 || y_pred.dim(-1) == 1) return detail::binary_hits(y_true, y_pred, 0.5);
  if (y_true.rank() < y_pred.rank() || y_true.dim(-1) == 1)
    return detail::sparse_hits(y_true, y_pred);
  return detail::hits(argmax(y_true), argmax(y_pred));
}

namespace metrics {

double Sum::result() const {
  const EagerScope eager;
  return variable(0).value().item<double>();
}

TopKCategoricalAccuracy::TopKCategoricalAccuracy(int k_, const std::string& name)
    : AccuracyMetric(name), k(k_) {
  linnet::detail::require_positive_k("top_k_categorical_accuracy", k);
}
Tensor TopKCategoricalAccuracy::values(const Tensor& y_true, const Tensor& y_pred) const {
  return linnet::detail::top_k_hits(argmax(y_true), y_pred, k);
}

SparseTopKCategoricalAccuracy::SparseTopKCategoricalAccuracy(int k_, const std::string& name)
    : AccuracyMetric(name), k(k_) {
  linnet::detail::require_positive_k("sparse_top_k_categorical_accuracy", k);
}
Tensor SparseTopKCategoricalAccuracy::values(const Tensor& y_true, const Tensor& y_pred) const {
  const Tensor labels = linnet::detail::without_last(y_true, y_pred.rank() - 1);
  return linnet::detail::top_k_hits(cast(labels, DType::int64), y_pred, k);
}

MeanOf::MeanOf(const Handle<Loss>& loss, const std::string& name)
    : MeanOf([loss](const Tensor& y, const Tensor& p) { return loss->call(y, p); }, name,
             Direction::down) {}

MeanSquaredError::MeanSquaredError(const std::string& name)
    : MeanOf(mean_squared_error, name, Direction::down) {}
MeanAbsoluteError::MeanAbsoluteError(const std::string& name)
    : MeanOf(mean_absolute_error, name, Direction::down) {}

BinaryCrossentropy::BinaryCrossentropy(const CrossentropyMetricOptions& o)
    : MeanOf(Handle<Loss>(linnet::BinaryCrossentropy(
                 {.from_logits = o.from_logits, .label_smoothing = o.label_smoothing})),
             o.name.empty() ? "binary_crossentropy" : o.name) {}
CategoricalCrossentropy::CategoricalCrossentropy(const CrossentropyMetricOptions& o)
    : MeanOf(Handle<Loss>(linnet::CategoricalCrossentropy(
                 {.from_logits = o.from_logits, .label_smoothing = o.label_smoothing})),
             o.name.empty() ? "categorical_crossentropy" : o.name) {}
SparseCategoricalCrossentropy::SparseCategoricalCrossentropy(bool from_logits,
                                                             const std::string& name)
    : MeanOf(Handle<Loss>(linnet::SparseCategoricalCrossentropy({.from_logits = from_logits})),
             name.empty() ? "sparse_categorical_crossentropy" : name) {}

Tensor RootMeanSquaredError::values(const Tensor& y_true, const Tensor& y_pred) const {
  return mean_squared_error(y_true, y_pred);
}
double RootMeanSquaredError::result() const { return std::sqrt(MeanMetric::result()); }

Tensor CosineSimilarity::values(const Tensor& y_true, const Tensor& y_pred) const {
  return -linnet::CosineSimilarity({.axis = axis}).call(y_true, y_pred);
}

}  // namespace metrics

namespace detail {

/// "crossentropy": the one that fits the shapes.
inline Tensor crossentropy_by_shape(const Tensor& y_true, const Tensor& y_pred) {
  if (y_pred.rank() == 0 || y_pred.dim(-1) == 1) return BinaryCrossentropy().call(y_true, y_pred);
  if (y_true.rank() < y_pred.rank() || y_true.dim(-1) == 1)
    return SparseCategoricalCrossentropy().call(y_true, y_pred);
  return CategoricalCrossentropy().call(y_true, y_pred);
}

template <class M>
std::shared_ptr<Metric> make_metric() {
  return make_owned<Metric, M>();
}

struct NamedMetric {
  const char *name, *class_name;
  std::shared_ptr<Metric> (*make)();
};

inline std::span<const NamedMetric> named_metrics() {
  using namespace metrics;
  static const NamedMetric all[] = {
      {"binary_accuracy", "BinaryAccuracy", make_metric<BinaryAccuracy>},
      {"categorical_accuracy", "CategoricalAccuracy", make_metric<CategoricalAccuracy>},
      {"sparse_categorical_accuracy", "SparseCategoricalAccuracy",
       make_metric<SparseCategoricalAccuracy>},
      {"top_k_categorical_accuracy", "TopKCategoricalAccuracy",
       make_metric<TopKCategoricalAccuracy>},
      {"sparse_top_k_categorical_accuracy", "SparseTopKCategoricalAccuracy",
       make_metric<SparseTopKCategoricalAccuracy>},
      {"root_mean_squared_error", "RootMeanSquaredError", make_metric<RootMeanSquaredError>},
      {"cosine_similarity", "CosineSimilarity", make_metric<metrics::CosineSimilarity>},
      {"auc", "AUC", make_metric<AUC>},
      {"precision", "Precision", make_metric<Precision>},
      {"recall", "Recall", make_metric<Recall>},
      {"f1_score", "F1Score", make_metric<F1Score>},
      {"fbeta_score", "FBetaScore", make_metric<FBetaScore>},
      {"r2_score", "R2Score", make_metric<R2Score>},
      {"true_positives", "TruePositives", make_metric<TruePositives>},
      {"false_positives", "FalsePositives", make_metric<FalsePositives>},
      {"true_negatives", "TrueNegatives", make_metric<TrueNegatives>},
      {"false_negatives", "FalseNegatives", make_metric<FalseNegatives>},
  };
  return all;
}

}  // namespace detail

std::shared_ptr<Metric> Metric::from_name(const std::string& name) {
  if (name == "accuracy" || name == "acc") return std::make_shared<linnet::Accuracy>(name);
  if (name == "crossentropy" || name == "ce")
    return std::make_shared<metrics::MeanOf>(detail::crossentropy_by_shape, name, Direction::down);
  for (const auto& entry : detail::named_metrics())
    if (name == entry.name || name == entry.class_name) {
      std::shared_ptr<Metric> made = entry.make();
      made->set_name(name);  // as Keras: logs use the name that was given
      return made;
    }
  if (detail::known_loss(name))
    return std::make_shared<metrics::MeanOf>(Handle<Loss>(Loss::from_name(name)), name);
  fail<ValueError>("metric", "Could not interpret metric identifier: ", name);
}

}  // namespace linnet::inline LINNET_ABI
