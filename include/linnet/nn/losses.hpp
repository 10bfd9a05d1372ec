#pragma once

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
  /// Reduced; `sample_weight` (may be undefined) multiplies the per-sample values.
  LINNET_DECL Tensor operator()(const Tensor& y_true, const Tensor& y_pred,
                                const Tensor& sample_weight = {}) const;
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
  std::optional<std::int64_t> ignore_class{};  ///< its samples leave the mean
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
  SparseCrossentropyLossOptions options;
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

}  // namespace linnet::inline LINNET_ABI

#ifdef LINNET_FIRST_NN_LOSSES
#include "linnet/impl/src.hpp"
#endif
