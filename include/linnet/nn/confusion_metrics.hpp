#pragma once

#define LINNET_USES_NN_CONFUSION_METRICS
#undef LINNET_COMPLETE
#if defined(LINNET_HEADER_ONLY) && !defined(LINNET_WITHIN)
#define LINNET_WITHIN
#define LINNET_FIRST_NN_CONFUSION_METRICS
#endif

#include <optional>
#include <string>
#include <vector>

#include "linnet/config.hpp"
#include "linnet/nn/metrics.hpp"

/// Metrics of true and false positives and negatives. y_true is 0 or 1 (anything else counts as 1),
/// y_pred a score of the same shape; all axes are gathered alike. ShapeError if shapes differ.
namespace linnet::inline LINNET_ABI::metrics {

struct ConfusionOptions {
  /// Scores above it are positive. Unset: 0.5, or with top_k the k best of each row.
  std::optional<double> thresholds{};
  std::optional<int> top_k{};              ///< only the k best scores of a row can be positive
  std::optional<std::int64_t> class_id{};  ///< only this place of the last axis counts
  std::string name{};                      ///< empty: the metric's own
};

/// Weighted counts of true and false positives at some thresholds, and of all labels.
class LINNET_EXPORT ConfusionMetric : public Metric {
 public:
  LINNET_DECL ConfusionMetric(const std::string& name, std::vector<double> thresholds,
                              const ConfusionOptions& options);
  LINNET_DECL void update_state(const Tensor& y_true, const Tensor& y_pred,
                                const Tensor& sample_weight = {}) override;

 protected:
  struct Counts {
    std::vector<double> tp, fp, tn, fn;  ///< by threshold
  };
  LINNET_DECL Counts counts() const;

 private:
  std::vector<double> thresholds_;
  std::optional<int> top_k_;
  std::optional<std::int64_t> class_id_;
};

/// tp / (tp + fp), 0 if there are none.
struct LINNET_EXPORT Precision : linnet::detail::ClonableMetric<Precision, ConfusionMetric> {
  LINNET_DECL explicit Precision(const ConfusionOptions& options = {});
  LINNET_DECL double result() const override;
  Direction direction() const override { return Direction::up; }
};
/// tp / (tp + fn), 0 if there are none.
struct LINNET_EXPORT Recall : linnet::detail::ClonableMetric<Recall, ConfusionMetric> {
  LINNET_DECL explicit Recall(const ConfusionOptions& options = {});
  LINNET_DECL double result() const override;
  Direction direction() const override { return Direction::up; }
};
struct LINNET_EXPORT TruePositives
    : linnet::detail::ClonableMetric<TruePositives, ConfusionMetric> {
  LINNET_DECL explicit TruePositives(const ConfusionOptions& options = {});
  LINNET_DECL double result() const override;
};
struct LINNET_EXPORT FalsePositives
    : linnet::detail::ClonableMetric<FalsePositives, ConfusionMetric> {
  LINNET_DECL explicit FalsePositives(const ConfusionOptions& options = {});
  LINNET_DECL double result() const override;
};
struct LINNET_EXPORT TrueNegatives
    : linnet::detail::ClonableMetric<TrueNegatives, ConfusionMetric> {
  LINNET_DECL explicit TrueNegatives(const ConfusionOptions& options = {});
  LINNET_DECL double result() const override;
};
struct LINNET_EXPORT FalseNegatives
    : linnet::detail::ClonableMetric<FalseNegatives, ConfusionMetric> {
  LINNET_DECL explicit FalseNegatives(const ConfusionOptions& options = {});
  LINNET_DECL double result() const override;
};

struct AUCOptions {
  int num_thresholds = 200;
  std::string curve = "ROC";                       ///< "ROC" or "PR"
  std::string summation_method = "interpolation";  ///< "interpolation", "minoring", "majoring"
  std::vector<double> thresholds{};                ///< in place of evenly spaced ones
  bool from_logits = false;                        ///< y_pred goes through a sigmoid
  std::string name{};                              ///< empty: "auc"
};
/// Area under the ROC or precision-recall curve, from num_thresholds points of it; between points
/// of the latter by Davis and Goadrich. ValueError for less than two thresholds or unknown names.
class LINNET_EXPORT AUC : public linnet::detail::ClonableMetric<AUC, ConfusionMetric> {
 public:
  LINNET_DECL explicit AUC(const AUCOptions& options = {});
  LINNET_DECL void update_state(const Tensor& y_true, const Tensor& y_pred,
                                const Tensor& sample_weight = {}) override;
  LINNET_DECL double result() const override;
  Direction direction() const override { return Direction::up; }

 private:
  bool precision_recall_, from_logits_;
  std::string summation_;
};

/// Mean over classes of tp / (tp + fp + fn) between integer labels y_true and y_pred in
/// [0, num_classes); classes without any are left out. Labels outside count nowhere.
class LINNET_EXPORT MeanIoU : public linnet::detail::ClonableMetric<MeanIoU, Metric> {
 public:
  LINNET_DECL explicit MeanIoU(std::int64_t num_classes, const std::string& name = "mean_io_u");
  LINNET_DECL void update_state(const Tensor& y_true, const Tensor& y_pred,
                                const Tensor& sample_weight = {}) override;
  LINNET_DECL double result() const override;
  Direction direction() const override { return Direction::up; }

 private:
  std::int64_t num_classes_;
};

}  // namespace linnet::inline LINNET_ABI::metrics

#ifdef LINNET_FIRST_NN_CONFUSION_METRICS
#include "linnet/impl/src.hpp"
#endif
