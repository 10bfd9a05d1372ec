#pragma once

#define LINNET_USES_NN_SCORE_METRICS
#undef LINNET_COMPLETE
#if defined(LINNET_HEADER_ONLY) && !defined(LINNET_WITHIN)
#define LINNET_WITHIN
#define LINNET_FIRST_NN_SCORE_METRICS
#endif

#include <optional>
#include <string>
#include <vector>

#include "linnet/config.hpp"
#include "linnet/nn/metrics.hpp"

/// Scores by class (F1, F-beta) and by output (R2). The first batch says how many there are; y_true
/// and y_pred are [n, classes] of one shape, ShapeError otherwise. Sample weights are by row.
namespace linnet::inline LINNET_ABI::metrics {

struct FBetaOptions {
  /// "micro": all classes counted together. "macro": the mean over classes. "weighted": the mean
  /// weighted by the classes' number of labels. Empty: per_class() only; result() is the macro
  /// mean.
  std::string average{};
  double beta = 1;
  /// Scores above it are positive. Unset: the largest of each row.
  std::optional<double> threshold{};
  std::string name{};  ///< empty: the metric's own
};

/// (1 + b^2) p r / (b^2 p + r) of precision p and recall r, 0 where there are none. ValueError for
/// an unknown average or beta <= 0.
class LINNET_EXPORT FBetaScore : public linnet::detail::ClonableMetric<FBetaScore, Metric> {
 public:
  LINNET_DECL explicit FBetaScore(const FBetaOptions& options = {});
  LINNET_DECL void update_state(const Tensor& y_true, const Tensor& y_pred,
                                const Tensor& sample_weight = {}) override;
  LINNET_DECL double result() const override;
  LINNET_DECL std::vector<double> per_class() const;  ///< one score if the average is "micro"
  Direction direction() const override { return Direction::up; }

 private:
  std::string average_;
  double beta_;
  std::optional<double> threshold_;
};

/// The harmonic mean of precision and recall: FBetaScore of beta 1.
struct LINNET_EXPORT F1Score : FBetaScore {
  LINNET_DECL explicit F1Score(FBetaOptions options = {});
};

struct R2Options {
  /// "uniform_average", "variance_weighted_average", or empty: result() is the uniform one.
  std::string class_aggregation = "uniform_average";
  int num_regressors = 0;  ///< > 0: the score adjusted for so many independent regressors
  std::string name{};      ///< empty: "r2_score"
};

/// 1 - sum((y - p)^2) / sum((y - mean(y))^2) for each output; 0 for outputs that never change.
class LINNET_EXPORT R2Score : public linnet::detail::ClonableMetric<R2Score, Metric> {
 public:
  LINNET_DECL explicit R2Score(const R2Options& options = {});
  LINNET_DECL void update_state(const Tensor& y_true, const Tensor& y_pred,
                                const Tensor& sample_weight = {}) override;
  LINNET_DECL double result() const override;
  LINNET_DECL std::vector<double> per_output() const;
  Direction direction() const override { return Direction::up; }

 private:
  std::string aggregation_;
  int num_regressors_;
};

}  // namespace linnet::inline LINNET_ABI::metrics

#ifdef LINNET_FIRST_NN_SCORE_METRICS
#include "linnet/impl/src.hpp"
#endif
