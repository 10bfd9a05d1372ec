#pragma once

#include <algorithm>
#include <cmath>

#include "linnet/backend/apply.hpp"
#include "linnet/core/creation.hpp"
#include "linnet/nn/confusion_metrics.hpp"
#include "linnet/nn/impl/reduce_loss.ipp"
#include "linnet/ops/elementwise.hpp"
#include "linnet/ops/impl/targets.ipp"
#include "linnet/ops/indexing.hpp"
#include "linnet/ops/matmul.hpp"
#include "linnet/ops/reduce.hpp"
#include "linnet/ops/shape.hpp"

namespace linnet::inline LINNET_ABI::metrics {

namespace detail {

inline constexpr double below_all_scores = -1e10;

/// Scores that are not among the k best of their row, the first of equals, fall below all.
inline Tensor keep_top_k(const Tensor& scores, int k) {
  Tensor left = scores, kept;
  for (std::int64_t i = 0; i < std::min<std::int64_t>(k, scores.dim(-1)); ++i) {
    const Tensor best = one_hot(argmax(left), scores.dim(-1), {.dtype = DType::boolean});
    kept = kept.defined() ? logical_or(kept, best) : best;
    left = where(best, -INFINITY, left);
  }
  return where(kept, scores, below_all_scores);
}

inline double ratio(double a, double b) { return b == 0 ? 0 : a / b; }

inline std::vector<double> one_threshold(const ConfusionOptions& o) {
  return {o.thresholds.value_or(o.top_k ? below_all_scores : 0.5)};
}

inline std::string name_or(const std::string& name, const char* automatic) {
  return name.empty() ? automatic : name;
}

}  // namespace detail

ConfusionMetric::ConfusionMetric(const std::string& name, std::vector<double> thresholds,
                                 const ConfusionOptions& o)
    : Metric(name), thresholds_(std::move(thresholds)), top_k_(o.top_k), class_id_(o.class_id) {
  if (top_k_ && *top_k_ < 1) fail<ValueError>(name, "top_k: expected at least 1, got ", *top_k_);
  add_variable("positives", {static_cast<std::int64_t>(thresholds_.size()), 2});
  add_variable("labels", {2});
}

void ConfusionMetric::update_state(const Tensor& y_true, const Tensor& y_pred,
                                   const Tensor& sample_weight) {
  auto [y, p] = linnet::detail::match_targets(name().c_str(), y_true, y_pred);
  if (!(y.shape() == p.shape()))
    fail<ShapeError>(name(), "y_true ", y_true.shape(), " does not fit y_pred ", y_pred.shape());
  Tensor w = linnet::detail::weigh(ones(p.shape(), DType::float64), sample_weight);
  if (top_k_) p = detail::keep_top_k(p, *top_k_);
  if (class_id_) {
    if (*class_id_ < 0 || p.rank() < 2 || *class_id_ >= p.dim(-1))
      fail<IndexError>(name(), "class_id ", *class_id_, " is outside the last axis of ", p.shape());
    for (Tensor* t : {&y, &p, &w}) *t = narrow(*t, -1, *class_id_, 1);
  }
  const Tensor weight = flatten(w), is_true = flatten(cast(y != 0, DType::float64));
  const Tensor right = is_true * weight, wrong = (1 - is_true) * weight;
  const auto count = static_cast<std::int64_t>(thresholds_.size());
  const Tensor limits = cast(from_vector(thresholds_, {count, 1}), p.dtype());
  const Tensor above = cast(reshape(p, {1, p.size()}) > limits, DType::float64);
  variable(0).assign_add(matmul(above, stack({right, wrong}, 1)));
  variable(1).assign_add(stack({sum(right), sum(wrong)}));
}

ConfusionMetric::Counts ConfusionMetric::counts() const {
  const EagerScope eager;
  const auto positives = variable(0).value().to_vector<double>();
  const auto labels = variable(1).value().to_vector<double>();
  Counts c;
  for (std::size_t i = 0; i < thresholds_.size(); ++i) {
    c.tp.push_back(positives[2 * i]);
    c.fp.push_back(positives[2 * i + 1]);
    c.fn.push_back(labels[0] - positives[2 * i]);
    c.tn.push_back(labels[1] - positives[2 * i + 1]);
  }
  return c;
}

Precision::Precision(const ConfusionOptions& o)
    : ClonableMetric(detail::name_or(o.name, "precision"), detail::one_threshold(o), o) {}
double Precision::result() const {
  const Counts c = counts();
  return detail::ratio(c.tp[0], c.tp[0] + c.fp[0]);
}

Recall::Recall(const ConfusionOptions& o)
    : ClonableMetric(detail::name_or(o.name, "recall"), detail::one_threshold(o), o) {}
double Recall::result() const {
  const Counts c = counts();
  return detail::ratio(c.tp[0], c.tp[0] + c.fn[0]);
}

TruePositives::TruePositives(const ConfusionOptions& o)
    : ClonableMetric(detail::name_or(o.name, "true_positives"), detail::one_threshold(o), o) {}
double TruePositives::result() const { return counts().tp[0]; }

FalsePositives::FalsePositives(const ConfusionOptions& o)
    : ClonableMetric(detail::name_or(o.name, "false_positives"), detail::one_threshold(o), o) {}
double FalsePositives::result() const { return counts().fp[0]; }

TrueNegatives::TrueNegatives(const ConfusionOptions& o)
    : ClonableMetric(detail::name_or(o.name, "true_negatives"), detail::one_threshold(o), o) {}
double TrueNegatives::result() const { return counts().tn[0]; }

FalseNegatives::FalseNegatives(const ConfusionOptions& o)
    : ClonableMetric(detail::name_or(o.name, "false_negatives"), detail::one_threshold(o), o) {}
double FalseNegatives::result() const { return counts().fn[0]; }

namespace detail {

/// Thresholds between 0 and 1, and one beyond either end so that rounding loses no score.
inline std::vector<double> curve_thresholds(const AUCOptions& o) {
  constexpr double beyond = 1e-7;
  std::vector<double> out{-beyond};
  if (!o.thresholds.empty()) {
    std::vector<double> given = o.thresholds;
    std::sort(given.begin(), given.end());
    if (!(given.front() >= 0 && given.back() <= 1))
      fail<ValueError>("auc", "thresholds: expected numbers in [0, 1], got ", given.front(), " to ",
                       given.back());
    out.insert(out.end(), given.begin(), given.end());
  } else {
    if (o.num_thresholds < 2)
      fail<ValueError>("auc", "num_thresholds: expected at least 2, got ", o.num_thresholds);
    for (int i = 1; i < o.num_thresholds - 1; ++i)
      out.push_back(static_cast<double>(i) / (o.num_thresholds - 1));
  }
  out.push_back(1 + beyond);
  return out;
}

/// Under a precision-recall curve, with true positives linear in positives between its points.
inline double interpolated_precision_recall(const std::vector<double>& tp,
                                            const std::vector<double>& fp,
                                            const std::vector<double>& fn) {
  double area = 0;
  for (std::size_t i = 0; i + 1 < tp.size(); ++i) {
    const double a = tp[i] + fp[i], b = tp[i + 1] + fp[i + 1];
    const double gained = tp[i] - tp[i + 1];
    const double slope = ratio(gained, std::max(a - b, 0.0));
    const double offset = tp[i + 1] - slope * b;
    const double grown = a > 0 && b > 0 ? std::log(a / b) : 0;
    area += ratio(slope * (gained + offset * grown), tp[i + 1] + fn[i + 1]);
  }
  return area;
}

}  // namespace detail

AUC::AUC(const AUCOptions& o)
    : ClonableMetric(detail::name_or(o.name, "auc"), detail::curve_thresholds(o),
                     ConfusionOptions{}),
      precision_recall_(o.curve == "PR"),
      from_logits_(o.from_logits),
      summation_(o.summation_method) {
  if (o.curve != "PR" && o.curve != "ROC")
    fail<ValueError>("auc", "curve: expected \"ROC\" or \"PR\", got \"", o.curve, "\"");
  if (summation_ != "interpolation" && summation_ != "minoring" && summation_ != "majoring")
    fail<ValueError>("auc",
                     "summation_method: expected \"interpolation\", \"minoring\" or "
                     "\"majoring\", got \"",
                     summation_, "\"");
}

void AUC::update_state(const Tensor& y_true, const Tensor& y_pred, const Tensor& sample_weight) {
  ConfusionMetric::update_state(y_true, from_logits_ ? sigmoid(y_pred) : y_pred, sample_weight);
}

double AUC::result() const {
  const Counts c = counts();
  if (precision_recall_ && summation_ == "interpolation")
    return detail::interpolated_precision_recall(c.tp, c.fp, c.fn);
  const auto x = [&](std::size_t i) {
    return precision_recall_ ? detail::ratio(c.tp[i], c.tp[i] + c.fn[i])
                             : detail::ratio(c.fp[i], c.fp[i] + c.tn[i]);
  };
  const auto y = [&](std::size_t i) {
    return precision_recall_ ? detail::ratio(c.tp[i], c.tp[i] + c.fp[i])
                             : detail::ratio(c.tp[i], c.tp[i] + c.fn[i]);
  };
  double area = 0;
  for (std::size_t i = 0; i + 1 < c.tp.size(); ++i) {
    const double a = y(i), b = y(i + 1);
    const double height = summation_ == "minoring"   ? std::min(a, b)
                          : summation_ == "majoring" ? std::max(a, b)
                                                     : (a + b) / 2;
    area += (x(i) - x(i + 1)) * height;
  }
  return area;
}

MeanIoU::MeanIoU(std::int64_t num_classes, const std::string& name)
    : ClonableMetric(name), num_classes_(num_classes) {
  if (num_classes < 1)
    fail<ValueError>(name, "num_classes: expected at least 1, got ", num_classes);
  add_variable("confusion", {num_classes, num_classes});
}

void MeanIoU::update_state(const Tensor& y_true, const Tensor& y_pred,
                           const Tensor& sample_weight) {
  if (y_true.size() != y_pred.size())
    fail<ShapeError>(name(), "y_true ", y_true.shape(), " does not fit y_pred ", y_pred.shape());
  const OneHotOptions as_float{.dtype = DType::float64};
  const Tensor w =
      flatten(linnet::detail::weigh(ones(y_true.shape(), DType::float64), sample_weight));
  const Tensor y = one_hot(cast(flatten(y_true), DType::int64), num_classes_, as_float);
  const Tensor p = one_hot(cast(flatten(y_pred), DType::int64), num_classes_, as_float);
  variable(0).assign_add(matmul(y * expand_dims(w, 1), p, {.transpose_a = true}));
}

double MeanIoU::result() const {
  const EagerScope eager;
  const auto m = variable(0).value().to_vector<double>();
  const auto n = static_cast<std::size_t>(num_classes_);
  double total = 0, classes = 0;
  for (std::size_t i = 0; i < n; ++i) {
    double in_row = 0, in_column = 0;
    for (std::size_t j = 0; j < n; ++j) in_row += m[i * n + j], in_column += m[j * n + i];
    const double either = in_row + in_column - m[i * n + i];
    if (either > 0) total += m[i * n + i] / either, ++classes;
  }
  return detail::ratio(total, classes);
}

}  // namespace linnet::inline LINNET_ABI::metrics
