#pragma once

#define LINNET_USES_NN_LOSSES
#undef LINNET_COMPLETE
#if defined(LINNET_HEADER_ONLY) && !defined(LINNET_WITHIN)
#define LINNET_WITHIN
#define LINNET_FIRST_NN_LOSSES
#endif

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>

#include "linnet/config.hpp"
#include "linnet/core/tensor.hpp"
#include "linnet/nn/handle.hpp"

namespace linnet::inline LINNET_ABI {

/// How per-sample losses become one number. sum_over_batch_size divides by their number, weights
/// or not; mean_with_sample_weight by the sum of the weights.
enum class Reduction { sum_over_batch_size, sum, mean_with_sample_weight, none };

/// A loss of targets and predictions.
class LINNET_EXPORT Loss {
 public:
  virtual ~Loss() = default;
  /// Values per sample.
  virtual Tensor call(const Tensor& y_true, const Tensor& y_pred) const = 0;
  /// Which of these values count, bool; undefined if all do. One that does not has weight 0, and
  /// sum_over_batch_size divides by the number of those that do.
  LINNET_DECL virtual Tensor mask(const Tensor& y_true, const Tensor& y_pred) const;
  /// Reduced; `sample_weight` (may be undefined) multiplies the per-sample values. `y_pred_mask`
  /// is which predictions count, beside mask(). ShapeError if one of them does not fit.
  LINNET_DECL Tensor operator()(const Tensor& y_true, const Tensor& y_pred,
                                const Tensor& sample_weight = {},
                                const Tensor& y_pred_mask = {}) const;
  /// "mse", "categorical_crossentropy", ...; ValueError for an unknown name.
  LINNET_DECL static std::shared_ptr<Loss> from_name(const std::string& name);
  Reduction reduction = Reduction::sum_over_batch_size;
};

struct LossOptions {
  Reduction reduction = Reduction::sum_over_batch_size;
};
struct HuberOptions {
  double delta = 1.0;
  Reduction reduction = Reduction::sum_over_batch_size;
};
struct CrossentropyLossOptions {
  bool from_logits = false;
  double label_smoothing = 0;
  Reduction reduction = Reduction::sum_over_batch_size;
};
struct SparseCrossentropyLossOptions {
  bool from_logits = false;
  std::optional<std::int64_t> ignore_class{};  ///< samples of this label do not count
  Reduction reduction = Reduction::sum_over_batch_size;
};

struct LINNET_EXPORT MeanSquaredError : Loss {
  LINNET_DECL explicit MeanSquaredError(LossOptions options = {});
  LINNET_DECL Tensor call(const Tensor& y_true, const Tensor& y_pred) const override;
};
struct LINNET_EXPORT MeanAbsoluteError : Loss {
  LINNET_DECL explicit MeanAbsoluteError(LossOptions options = {});
  LINNET_DECL Tensor call(const Tensor& y_true, const Tensor& y_pred) const override;
};
struct LINNET_EXPORT Huber : Loss {
  LINNET_DECL explicit Huber(HuberOptions options = {});
  LINNET_DECL Tensor call(const Tensor& y_true, const Tensor& y_pred) const override;
  double delta;
};
struct LINNET_EXPORT BinaryCrossentropy : Loss {
  LINNET_DECL explicit BinaryCrossentropy(CrossentropyLossOptions options = {});
  LINNET_DECL Tensor call(const Tensor& y_true, const Tensor& y_pred) const override;
  CrossentropyLossOptions options;
};
struct LINNET_EXPORT CategoricalCrossentropy : Loss {
  LINNET_DECL explicit CategoricalCrossentropy(CrossentropyLossOptions options = {});
  LINNET_DECL Tensor call(const Tensor& y_true, const Tensor& y_pred) const override;
  CrossentropyLossOptions options;
};
struct LINNET_EXPORT SparseCategoricalCrossentropy : Loss {
  LINNET_DECL explicit SparseCategoricalCrossentropy(SparseCrossentropyLossOptions options = {});
  LINNET_DECL Tensor call(const Tensor& y_true, const Tensor& y_pred) const override;
  LINNET_DECL Tensor mask(const Tensor& y_true, const Tensor& y_pred) const override;
  SparseCrossentropyLossOptions options;
};

/// 100 mean(|y - p| / max(|y|, 1e-7))
struct LINNET_EXPORT MeanAbsolutePercentageError : Loss {
  LINNET_DECL explicit MeanAbsolutePercentageError(LossOptions options = {});
  LINNET_DECL Tensor call(const Tensor& y_true, const Tensor& y_pred) const override;
};
/// mean((log(1 + max(y, 1e-7)) - log(1 + max(p, 1e-7)))^2)
struct LINNET_EXPORT MeanSquaredLogarithmicError : Loss {
  LINNET_DECL explicit MeanSquaredLogarithmicError(LossOptions options = {});
  LINNET_DECL Tensor call(const Tensor& y_true, const Tensor& y_pred) const override;
};
/// mean(log(cosh(p - y)))
struct LINNET_EXPORT LogCosh : Loss {
  LINNET_DECL explicit LogCosh(LossOptions options = {});
  LINNET_DECL Tensor call(const Tensor& y_true, const Tensor& y_pred) const override;
};
/// mean(p - y log(p + 1e-7))
struct LINNET_EXPORT Poisson : Loss {
  LINNET_DECL explicit Poisson(LossOptions options = {});
  LINNET_DECL Tensor call(const Tensor& y_true, const Tensor& y_pred) const override;
};
/// sum(y log(y / p)), both clipped to [1e-7, 1]
struct LINNET_EXPORT KLDivergence : Loss {
  LINNET_DECL explicit KLDivergence(LossOptions options = {});
  LINNET_DECL Tensor call(const Tensor& y_true, const Tensor& y_pred) const override;
};
/// mean(max(1 - y p, 0)); labels that are all 0 or 1 become -1 or 1
struct LINNET_EXPORT Hinge : Loss {
  LINNET_DECL explicit Hinge(LossOptions options = {});
  LINNET_DECL Tensor call(const Tensor& y_true, const Tensor& y_pred) const override;
};
/// mean(max(1 - y p, 0)^2); labels as in Hinge
struct LINNET_EXPORT SquaredHinge : Loss {
  LINNET_DECL explicit SquaredHinge(LossOptions options = {});
  LINNET_DECL Tensor call(const Tensor& y_true, const Tensor& y_pred) const override;
};
/// max(max((1 - y) p) - sum(y p) + 1, 0)
struct LINNET_EXPORT CategoricalHinge : Loss {
  LINNET_DECL explicit CategoricalHinge(LossOptions options = {});
  LINNET_DECL Tensor call(const Tensor& y_true, const Tensor& y_pred) const override;
};
struct CosineSimilarityOptions {
  int axis = -1;
  Reduction reduction = Reduction::sum_over_batch_size;
};
/// Minus the cosine of the angle between y and p: -1 for the same direction.
struct LINNET_EXPORT CosineSimilarity : Loss {
  LINNET_DECL explicit CosineSimilarity(CosineSimilarityOptions options = {});
  LINNET_DECL Tensor call(const Tensor& y_true, const Tensor& y_pred) const override;
  int axis;
};
struct BinaryFocalOptions {
  bool apply_class_balancing = false;
  double alpha = 0.25, gamma = 2;
  bool from_logits = false;
  double label_smoothing = 0;
  Reduction reduction = Reduction::sum_over_batch_size;
};
/// Binary crossentropy times (1 - p_t)^gamma, p_t the probability of the right label; with
/// apply_class_balancing also times alpha for label 1 and 1 - alpha for 0.
struct LINNET_EXPORT BinaryFocalCrossentropy : Loss {
  LINNET_DECL explicit BinaryFocalCrossentropy(BinaryFocalOptions options = {});
  LINNET_DECL Tensor call(const Tensor& y_true, const Tensor& y_pred) const override;
  BinaryFocalOptions options;
};
struct CategoricalFocalOptions {
  double alpha = 0.25, gamma = 2;
  bool from_logits = false;
  double label_smoothing = 0;
  Reduction reduction = Reduction::sum_over_batch_size;
};
/// -sum(alpha (1 - p)^gamma y log p), p divided by its sum, then clipped.
struct LINNET_EXPORT CategoricalFocalCrossentropy : Loss {
  LINNET_DECL explicit CategoricalFocalCrossentropy(CategoricalFocalOptions options = {});
  LINNET_DECL Tensor call(const Tensor& y_true, const Tensor& y_pred) const override;
  CategoricalFocalOptions options;
};

/// A loss from a function of (y_true, y_pred) that gives values per sample.
struct LINNET_EXPORT FunctionLoss : Loss {
  using Function = std::function<Tensor(const Tensor&, const Tensor&)>;
  explicit FunctionLoss(Function f, LossOptions o = {}) : function(std::move(f)) {
    reduction = o.reduction;
  }
  Tensor call(const Tensor& y_true, const Tensor& y_pred) const override {
    return function(y_true, y_pred);
  }
  Function function;
};

namespace detail {
/// True if Loss::from_name knows it.
LINNET_DECL bool known_loss(const std::string& name);
}  // namespace detail

}  // namespace linnet::inline LINNET_ABI

#ifdef LINNET_FIRST_NN_LOSSES
#include "linnet/impl/src.hpp"
#endif
