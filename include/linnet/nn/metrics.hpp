#pragma once

#if defined(LINNET_HEADER_ONLY) && !defined(LINNET_WITHIN)
#define LINNET_WITHIN
#define LINNET_FIRST_NN_METRICS
#endif

#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "linnet/autograd/variable.hpp"
#include "linnet/config.hpp"
#include "linnet/core/tensor.hpp"
#include "linnet/nn/handle.hpp"

namespace linnet::inline LINNET_ABI {

/// A running mean of values: sum of weight * value over sum of weight, in float64 Variables, so it
/// is part of captured steps. Subclasses give the value per sample.
class LINNET_EXPORT Metric {
 public:
  LINNET_DECL explicit Metric(std::string name);
  virtual ~Metric() = default;
  /// Values per sample; their mean is the metric.
  virtual Tensor values(const Tensor& y_true, const Tensor& y_pred) const = 0;
  /// Copies with state of their own.
  virtual std::shared_ptr<Metric> clone() const = 0;

  LINNET_DECL void update_state(const Tensor& y_true, const Tensor& y_pred,
                                const Tensor& sample_weight = {});
  LINNET_DECL double result() const;  ///< 0 before the first update
  LINNET_DECL void reset_state();
  const std::string& name() const { return name_; }
  void set_name(std::string name) { name_ = std::move(name); }
  std::vector<Variable> variables() const { return {total_, count_}; }
  /// "accuracy", "mse", ...; ValueError for an unknown name.
  LINNET_DECL static std::shared_ptr<Metric> from_name(const std::string& name);

 protected:
  LINNET_DECL void add(const Tensor& values, const Tensor& sample_weight);
  LINNET_DECL void renew();  ///< fresh variables, for clones

 private:
  std::string name_;
  Variable total_, count_;
};

namespace detail {
template <class T>
struct ClonableMetric : Metric {
  using Metric::Metric;
  std::shared_ptr<Metric> clone() const override {
    auto copy = std::make_shared<T>(static_cast<const T&>(*this));
    copy->renew();
    return copy;
  }
};
}  // namespace detail

namespace metrics {

/// The mean of what update_state(values) is given.
struct LINNET_EXPORT Mean : detail::ClonableMetric<Mean> {
  explicit Mean(const std::string& name = "mean") : ClonableMetric(name) {}
  Tensor values(const Tensor&, const Tensor& y_pred) const override { return y_pred; }
  void update_state(const Tensor& values, const Tensor& sample_weight = {}) {
    add(values, sample_weight);
  }
};
/// How often y_true == y_pred.
struct LINNET_EXPORT Accuracy : detail::ClonableMetric<Accuracy> {
  explicit Accuracy(const std::string& name = "accuracy") : ClonableMetric(name) {}
  LINNET_DECL Tensor values(const Tensor& y_true, const Tensor& y_pred) const override;
};
/// How often (y_pred > threshold) == y_true.
struct LINNET_EXPORT BinaryAccuracy : detail::ClonableMetric<BinaryAccuracy> {
  explicit BinaryAccuracy(double t = 0.5, const std::string& name = "binary_accuracy")
      : ClonableMetric(name), threshold(t) {}
  LINNET_DECL Tensor values(const Tensor& y_true, const Tensor& y_pred) const override;
  double threshold;
};
/// How often argmax(y_true) == argmax(y_pred); first wins ties.
struct LINNET_EXPORT CategoricalAccuracy : detail::ClonableMetric<CategoricalAccuracy> {
  explicit CategoricalAccuracy(const std::string& name = "categorical_accuracy")
      : ClonableMetric(name) {}
  LINNET_DECL Tensor values(const Tensor& y_true, const Tensor& y_pred) const override;
};
/// How often y_true == argmax(y_pred).
struct LINNET_EXPORT SparseCategoricalAccuracy : detail::ClonableMetric<SparseCategoricalAccuracy> {
  explicit SparseCategoricalAccuracy(const std::string& name = "sparse_categorical_accuracy")
      : ClonableMetric(name) {}
  LINNET_DECL Tensor values(const Tensor& y_true, const Tensor& y_pred) const override;
};
/// The mean of a per-sample loss.
struct LINNET_EXPORT MeanOf : detail::ClonableMetric<MeanOf> {
  using Function = std::function<Tensor(const Tensor&, const Tensor&)>;
  MeanOf(Function f, const std::string& name) : ClonableMetric(name), function(std::move(f)) {}
  Tensor values(const Tensor& y_true, const Tensor& y_pred) const override {
    return function(y_true, y_pred);
  }
  Function function;
};

}  // namespace metrics

/// What `.metrics = {Accuracy()}` and "accuracy" mean: the accuracy that fits the shapes of the
/// first batch, by Keras's rule.
struct LINNET_EXPORT Accuracy : detail::ClonableMetric<Accuracy> {
  explicit Accuracy(const std::string& name = "accuracy") : ClonableMetric(name) {}
  LINNET_DECL Tensor values(const Tensor& y_true, const Tensor& y_pred) const override;
};

}  // namespace linnet::inline LINNET_ABI

#ifdef LINNET_FIRST_NN_METRICS
#include "linnet/impl/src.hpp"
#endif
