#pragma once

#include <cmath>
#include <utility>

#include "linnet/nn/impl/confusion_metrics.ipp"
#include "linnet/nn/score_metrics.hpp"

namespace linnet::inline LINNET_ABI::metrics {

namespace detail {

struct Rows {
  Tensor y_true, y_pred, weight;  ///< float64; weight [n, 1]
};

/// Targets, predictions and weights of one batch, checked against the state's shape.
inline Rows score_rows(const Metric& metric, const Tensor& y_true, const Tensor& y_pred,
                       const Tensor& sample_weight) {
  if (y_pred.rank() != 2 || !(y_true.shape() == y_pred.shape()))
    fail<ShapeError>(metric.name(), "expected y_true and y_pred [n, classes] of one shape, got ",
                     y_true.shape(), " and ", y_pred.shape());
  if (!metric.variables().empty() && metric.variables()[0].shape()[-1] != y_pred.dim(1))
    fail<ShapeError>(metric.name(), "earlier batches had ", metric.variables()[0].shape()[-1],
                     " classes, this one has shape ", y_pred.shape());
  Tensor weight = ones({y_pred.dim(0), 1}, DType::float64);
  if (sample_weight.defined()) {
    if (sample_weight.size() != y_pred.dim(0))
      fail<ShapeError>(metric.name(), "expected a weight a row, got shape ", sample_weight.shape(),
                       " for y_pred ", y_pred.shape());
    weight = reshape(cast(sample_weight, DType::float64), {y_pred.dim(0), 1});
  }
  return {cast(y_true, DType::float64), cast(y_pred, DType::float64), weight};
}

inline Tensor sum_rows(const Tensor& x) { return sum(x, {.axis = 0}); }

}  // namespace detail

FBetaScore::FBetaScore(const FBetaOptions& o)
    : ClonableMetric(detail::name_or(o.name, "fbeta_score")),
      average_(o.average),
      beta_(o.beta),
      threshold_(o.threshold) {
  if (!average_.empty() && average_ != "micro" && average_ != "macro" && average_ != "weighted")
    fail<ValueError>(name(), "average: expected \"micro\", \"macro\", \"weighted\" or none, got \"",
                     average_, "\"");
  if (!(beta_ > 0)) fail<ValueError>(name(), "beta: expected a positive number, got ", beta_);
}

void FBetaScore::update_state(const Tensor& y_true, const Tensor& y_pred,
                              const Tensor& sample_weight) {
  const detail::Rows rows = detail::score_rows(*this, y_true, y_pred, sample_weight);
  if (variables().empty())
    for (const char* part : {"true_positives", "false_positives", "false_negatives"})
      add_variable(part, {y_pred.dim(1)});
  Tensor positive;
  if (threshold_)
    positive = rows.y_pred > *threshold_;
  else  // as Keras: a row of zeros has no largest score
    positive = logical_and(rows.y_pred >= max(rows.y_pred, {.axis = -1, .keepdims = true}),
                           abs(rows.y_pred) > 1e-9);
  const Tensor p = cast(positive, DType::float64), &y = rows.y_true, &w = rows.weight;
  variable(0).assign_add(detail::sum_rows(p * y * w));
  variable(1).assign_add(detail::sum_rows(p * (1 - y) * w));
  variable(2).assign_add(detail::sum_rows((1 - p) * y * w));
}

std::vector<double> FBetaScore::per_class() const {
  if (variables().empty()) return {0};
  const EagerScope eager;
  std::vector<double> counts[3];
  for (std::size_t i = 0; i < 3; ++i) {
    counts[i] = variable(i).value().to_vector<double>();
    if (average_ != "micro") continue;
    double all = 0;
    for (const double n : counts[i]) all += n;
    counts[i] = {all};
  }
  std::vector<double> out;
  const double b = beta_ * beta_;
  for (std::size_t c = 0; c < counts[0].size(); ++c) {
    const double tp = counts[0][c], precision = detail::ratio(tp, tp + counts[1][c]),
                 recall = detail::ratio(tp, tp + counts[2][c]);
    out.push_back((1 + b) * detail::ratio(precision * recall, b * precision + recall));
  }
  return out;
}

double FBetaScore::result() const {
  const std::vector<double> scores = per_class();
  double total = 0, weight = 0;
  const EagerScope eager;
  std::vector<double> tp, fn;
  if (average_ == "weighted" && !variables().empty()) {
    tp = variable(0).value().to_vector<double>();
    fn = variable(2).value().to_vector<double>();
  }
  for (std::size_t c = 0; c < scores.size(); ++c) {
    const double w = tp.empty() ? 1 : tp[c] + fn[c];
    total += w * scores[c];
    weight += w;
  }
  return detail::ratio(total, weight);
}

F1Score::F1Score(FBetaOptions options)
    : FBetaScore([&] {
        options.beta = 1;
        if (options.name.empty()) options.name = "f1_score";
        return options;
      }()) {}

R2Score::R2Score(const R2Options& o)
    : ClonableMetric(detail::name_or(o.name, "r2_score")),
      aggregation_(o.class_aggregation),
      num_regressors_(o.num_regressors) {
  if (!aggregation_.empty() && aggregation_ != "uniform_average" &&
      aggregation_ != "variance_weighted_average")
    fail<ValueError>(name(), "class_aggregation: unknown name \"", aggregation_, "\"");
  if (num_regressors_ < 0)
    fail<ValueError>(name(), "num_regressors: expected at least 0, got ", num_regressors_);
}

void R2Score::update_state(const Tensor& y_true, const Tensor& y_pred,
                           const Tensor& sample_weight) {
  const detail::Rows rows = detail::score_rows(*this, y_true, y_pred, sample_weight);
  if (variables().empty()) {
    for (const char* part : {"squared_sum", "sum", "total_squared_error", "count"})
      add_variable(part, {y_pred.dim(1)});
    add_variable("num_samples", {1});
  }
  const Tensor &y = rows.y_true, &w = rows.weight;
  variable(0).assign_add(detail::sum_rows(square(y) * w));
  variable(1).assign_add(detail::sum_rows(y * w));
  variable(2).assign_add(detail::sum_rows(square(y - rows.y_pred) * w));
  variable(3).assign_add(detail::sum_rows(broadcast_to(w, y.shape())));
  variable(4).assign_add(full({1}, static_cast<double>(y.dim(0)), DType::float64));
}

std::vector<double> R2Score::per_output() const {
  if (variables().empty()) return {0};
  const EagerScope eager;
  std::vector<double> parts[4], out;
  for (std::size_t i = 0; i < 4; ++i) parts[i] = variable(i).value().to_vector<double>();
  for (std::size_t c = 0; c < parts[0].size(); ++c) {
    const double mean = detail::ratio(parts[1][c], parts[3][c]);
    const double total = parts[0][c] - parts[1][c] * mean, score = 1 - parts[2][c] / total;
    out.push_back(std::isinf(score) ? 0 : score);
  }
  return out;
}

double R2Score::result() const {
  const std::vector<double> scores = per_output();
  if (variables().empty()) return 0;
  const EagerScope eager;
  std::vector<double> parts[2];
  for (std::size_t i = 0; i < 2; ++i) parts[i] = variable(i).value().to_vector<double>();
  const auto count = variable(3).value().to_vector<double>();
  double total = 0, weight = 0;
  for (std::size_t c = 0; c < scores.size(); ++c) {
    const double spread = parts[0][c] - parts[1][c] * detail::ratio(parts[1][c], count[c]);
    const double w = aggregation_ == "variance_weighted_average" ? spread : 1;
    total += w * scores[c];
    weight += w;
  }
  const double score = detail::ratio(total, weight);
  if (num_regressors_ == 0) return score;
  const double n = variable(4).value().to_vector<double>()[0];
  if (num_regressors_ >= n - 1) return score;
  return 1 - (1 - score) * (n - 1) / (n - num_regressors_ - 1);
}

}  // namespace linnet::inline LINNET_ABI::metrics
