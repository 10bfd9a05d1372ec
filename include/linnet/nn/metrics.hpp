#pragma once

#define LINNET_USES_NN_METRICS
#undef LINNET_COMPLETE
#if defined(LINNET_HEADER_ONLY) && !defined(LINNET_WITHIN)
#define LINNET_WITHIN
#define LINNET_FIRST_NN_METRICS
#endif

#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "linnet/autograd/variable.hpp"
#include "linnet/config.hpp"
#include "linnet/core/tensor.hpp"
#include "linnet/nn/handle.hpp"
#include "linnet/nn/losses.hpp"

namespace linnet::inline LINNET_ABI {

/// Which way a metric gets better, for callbacks that monitor it.
enum class Direction { unknown, up, down };

/// A number gathered over batches. Its state is float64 Variables that start at 0, so updating it
/// is part of captured steps.
class LINNET_EXPORT Metric {
 public:
  explicit Metric(std::string name) : name_(std::move(name)) {}
  virtual ~Metric() = default;
  /// Adds a batch; `sample_weight` may be undefined.
  virtual void update_state(const Tensor& y_true, const Tensor& y_pred,
                            const Tensor& sample_weight = {}) = 0;
  virtual double result() const = 0;  ///< 0 before the first update
  /// Copies with state of their own.
  virtual std::shared_ptr<Metric> clone() const = 0;
  virtual Direction direction() const { return Direction::unknown; }

  LINNET_DECL virtual void reset_state();
  const std::string& name() const { return name_; }
  void set_name(std::string name) { name_ = std::move(name); }
  const std::vector<Variable>& variables() const { return variables_; }
  /// "accuracy", "auc", "mse", any loss's name, ...; ValueError for an unknown one.
  LINNET_DECL static std::shared_ptr<Metric> from_name(const std::string& name);

 protected:
  LINNET_DECL void add_variable(const std::string& name, const Shape& shape = {});
  const Variable& variable(std::size_t i) const { return variables_[i]; }
  /// Owns a copy just made, and gives it variables of its own: what clone() returns.
  LINNET_DECL static std::shared_ptr<Metric> own(Metric* copy);
  LINNET_DECL void renew();  ///< fresh variables, for clones

 private:
  std::string name_;
  std::vector<Variable> variables_;
};

/// A running mean: sum of weight * value over sum of weight. Subclasses give the values.
class LINNET_EXPORT MeanMetric : public Metric {
 public:
  LINNET_DECL explicit MeanMetric(std::string name);
  /// Values per sample; their mean is the metric.
  virtual Tensor values(const Tensor& y_true, const Tensor& y_pred) const = 0;
  LINNET_DECL void update_state(const Tensor& y_true, const Tensor& y_pred,
                                const Tensor& sample_weight = {}) override;
  LINNET_DECL double result() const override;

 protected:
  LINNET_DECL void add(const Tensor& values, const Tensor& sample_weight);
};

namespace detail {
/// clone() for T, which derives from Base through this.
template <class T, class Base = MeanMetric>
struct ClonableMetric : Base {
  using Base::Base;
  std::shared_ptr<Metric> clone() const override {
    return Metric::own(new T(static_cast<const T&>(*this)));
  }
};
/// An accuracy: more is better.
template <class T>
struct AccuracyMetric : ClonableMetric<T> {
  using ClonableMetric<T>::ClonableMetric;
  Direction direction() const override { return Direction::up; }
};
}  // namespace detail

namespace metrics {

/// The mean of what update_state(values) is given.
struct LINNET_EXPORT Mean : linnet::detail::ClonableMetric<Mean> {
  explicit Mean(const std::string& name = "mean") : ClonableMetric(name) {}
  Tensor values(const Tensor&, const Tensor& y_pred) const override { return y_pred; }
  void update_state(const Tensor& values, const Tensor& sample_weight = {}) {
    add(values, sample_weight);
  }
  void update_state(const Tensor& y_true, const Tensor& y_pred,
                    const Tensor& sample_weight) override {
    ClonableMetric::update_state(y_true, y_pred, sample_weight);
  }
};
/// The sum of what update_state(values) is given, times its weights.
struct LINNET_EXPORT Sum : linnet::detail::ClonableMetric<Sum> {
  explicit Sum(const std::string& name = "sum") : ClonableMetric(name) {}
  Tensor values(const Tensor&, const Tensor& y_pred) const override { return y_pred; }
  void update_state(const Tensor& values, const Tensor& sample_weight = {}) {
    add(values, sample_weight);
  }
  void update_state(const Tensor& y_true, const Tensor& y_pred,
                    const Tensor& sample_weight) override {
    ClonableMetric::update_state(y_true, y_pred, sample_weight);
  }
  LINNET_DECL double result() const override;
};

/// How often y_true == y_pred.
struct LINNET_EXPORT Accuracy : linnet::detail::AccuracyMetric<Accuracy> {
  explicit Accuracy(const std::string& name = "accuracy") : AccuracyMetric(name) {}
  LINNET_DECL Tensor values(const Tensor& y_true, const Tensor& y_pred) const override;
};
/// How often (y_pred > threshold) == y_true.
struct LINNET_EXPORT BinaryAccuracy : linnet::detail::AccuracyMetric<BinaryAccuracy> {
  explicit BinaryAccuracy(double t = 0.5, const std::string& name = "binary_accuracy")
      : AccuracyMetric(name), threshold(t) {}
  LINNET_DECL Tensor values(const Tensor& y_true, const Tensor& y_pred) const override;
  double threshold;
};
/// How often argmax(y_true) == argmax(y_pred); first wins ties.
struct LINNET_EXPORT CategoricalAccuracy : linnet::detail::AccuracyMetric<CategoricalAccuracy> {
  explicit CategoricalAccuracy(const std::string& name = "categorical_accuracy")
      : AccuracyMetric(name) {}
  LINNET_DECL Tensor values(const Tensor& y_true, const Tensor& y_pred) const override;
};
/// How often y_true == argmax(y_pred).
struct LINNET_EXPORT SparseCategoricalAccuracy
    : linnet::detail::AccuracyMetric<SparseCategoricalAccuracy> {
  explicit SparseCategoricalAccuracy(const std::string& name = "sparse_categorical_accuracy")
      : AccuracyMetric(name) {}
  LINNET_DECL Tensor values(const Tensor& y_true, const Tensor& y_pred) const override;
};
/// How often fewer than k scores are above that of the target (one-hot); ties count as right, a
/// score that is not finite does not.
struct LINNET_EXPORT TopKCategoricalAccuracy
    : linnet::detail::AccuracyMetric<TopKCategoricalAccuracy> {
  LINNET_DECL explicit TopKCategoricalAccuracy(
      int k = 5, const std::string& name = "top_k_categorical_accuracy");
  LINNET_DECL Tensor values(const Tensor& y_true, const Tensor& y_pred) const override;
  int k;
};
/// The same for integer labels.
struct LINNET_EXPORT SparseTopKCategoricalAccuracy
    : linnet::detail::AccuracyMetric<SparseTopKCategoricalAccuracy> {
  LINNET_DECL explicit SparseTopKCategoricalAccuracy(
      int k = 5, const std::string& name = "sparse_top_k_categorical_accuracy");
  LINNET_DECL Tensor values(const Tensor& y_true, const Tensor& y_pred) const override;
  int k;
};

/// The mean of a per-sample loss: of a function of (y_true, y_pred), or of a Loss's values.
struct LINNET_EXPORT MeanOf : linnet::detail::ClonableMetric<MeanOf> {
  using Function = std::function<Tensor(const Tensor&, const Tensor&)>;
  MeanOf(Function f, const std::string& name, Direction d = Direction::unknown)
      : ClonableMetric(name), function(std::move(f)), better(d) {}
  LINNET_DECL MeanOf(const Handle<Loss>& loss, const std::string& name);
  Tensor values(const Tensor& y_true, const Tensor& y_pred) const override {
    return function(y_true, y_pred);
  }
  Direction direction() const override { return better; }
  Function function;
  Direction better;
};

struct LINNET_EXPORT MeanSquaredError : MeanOf {
  LINNET_DECL explicit MeanSquaredError(const std::string& name = "mean_squared_error");
};
struct LINNET_EXPORT MeanAbsoluteError : MeanOf {
  LINNET_DECL explicit MeanAbsoluteError(const std::string& name = "mean_absolute_error");
};
struct CrossentropyMetricOptions {
  bool from_logits = false;
  double label_smoothing = 0;
  std::string name{};  ///< empty: the metric's own
};
struct LINNET_EXPORT BinaryCrossentropy : MeanOf {
  LINNET_DECL explicit BinaryCrossentropy(const CrossentropyMetricOptions& options = {});
};
struct LINNET_EXPORT CategoricalCrossentropy : MeanOf {
  LINNET_DECL explicit CategoricalCrossentropy(const CrossentropyMetricOptions& options = {});
};
struct LINNET_EXPORT SparseCategoricalCrossentropy : MeanOf {
  LINNET_DECL explicit SparseCategoricalCrossentropy(bool from_logits = false,
                                                     const std::string& name = "");
};
/// sqrt(mean((y_true - y_pred)^2)) over all values.
struct LINNET_EXPORT RootMeanSquaredError : linnet::detail::ClonableMetric<RootMeanSquaredError> {
  explicit RootMeanSquaredError(const std::string& name = "root_mean_squared_error")
      : ClonableMetric(name) {}
  LINNET_DECL Tensor values(const Tensor& y_true, const Tensor& y_pred) const override;
  LINNET_DECL double result() const override;
  Direction direction() const override { return Direction::down; }
};
/// The mean cosine of the angle between y_true and y_pred (plus: the loss is its negative).
struct LINNET_EXPORT CosineSimilarity : linnet::detail::AccuracyMetric<CosineSimilarity> {
  explicit CosineSimilarity(int a = -1, const std::string& name = "cosine_similarity")
      : AccuracyMetric(name), axis(a) {}
  LINNET_DECL Tensor values(const Tensor& y_true, const Tensor& y_pred) const override;
  int axis;
};

}  // namespace metrics

/// What `.metrics = {Accuracy()}` and "accuracy" mean: the accuracy that fits the shapes of the
/// first batch, by Keras's rule.
struct LINNET_EXPORT Accuracy : linnet::detail::AccuracyMetric<Accuracy> {
  explicit Accuracy(const std::string& name = "accuracy") : AccuracyMetric(name) {}
  LINNET_DECL Tensor values(const Tensor& y_true, const Tensor& y_pred) const override;
};

}  // namespace linnet::inline LINNET_ABI

#ifdef LINNET_FIRST_NN_METRICS
#include "linnet/impl/src.hpp"
#endif
