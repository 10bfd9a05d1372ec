#pragma once

#if defined(LINNET_HEADER_ONLY) && !defined(LINNET_WITHIN)
#define LINNET_WITHIN
#define LINNET_FIRST_NN_MODEL
#endif

#include <memory>
#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "linnet/config.hpp"
#include "linnet/data/dataset.hpp"
#include "linnet/data/labeled_data.hpp"
#include "linnet/nn/callbacks.hpp"
#include "linnet/nn/layer.hpp"
#include "linnet/nn/logs.hpp"
#include "linnet/nn/losses.hpp"
#include "linnet/nn/metrics.hpp"
#include "linnet/nn/optimizers.hpp"

namespace linnet::inline LINNET_ABI {

namespace detail {
class BatchSource;
}

struct CompileOptions {
  Handle<Optimizer> optimizer = "rmsprop";
  Handle<Loss> loss{};
  std::vector<Handle<Metric>> metrics{};
  std::vector<Handle<Metric>> weighted_metrics{};  ///< these see the sample weights
  bool run_eagerly = false;  ///< no capture: every op runs as C++ reaches it, for debugging
};

/// Samples for validation: {x, y}, {x, y, sample_weight} or a Dataset of batches.
using ValidationData = std::variant<data::LabeledData, data::Dataset>;

struct FitOptions {
  int epochs = 1;
  std::int64_t batch_size = 32;  ///< of arrays; a Dataset yields batches itself
  int verbose = 1;               ///< 0 nothing, 1 progress bar, 2 a line per epoch
  CallbackList callbacks{};
  double validation_split = 0;  ///< the last part of the arrays, before shuffling
  std::optional<ValidationData> validation_data{};
  bool shuffle = true;
  std::vector<std::pair<std::int64_t, double>> class_weight{};  ///< {label, weight}
  Tensor sample_weight{};
  int initial_epoch = 0;
  std::int64_t steps_per_epoch = -1;       ///< batches of an epoch; the next one goes on from there
  std::int64_t validation_steps = -1;      ///< at most so many validation batches
  std::int64_t validation_batch_size = 0;  ///< 0: batch_size
  int validation_freq = 1;
};
struct EvaluateOptions {
  std::int64_t batch_size = 32;
  int verbose = 1;
  Tensor sample_weight{};
  CallbackList callbacks{};
};
struct PredictOptions {
  std::int64_t batch_size = 32;
  CallbackList callbacks{};
};
struct SummaryOptions {
  int line_length = 76;
};

/// Named results of a training or test step.
using StepLogs = std::vector<std::pair<std::string, Tensor>>;

/// A layer that can be trained: compile(), fit(), evaluate(), predict(). Subclass it and write
/// call(), or use Sequential. The step - forward, gradients, update, metrics - is captured on the
/// first batch of each shape and replayed.
class LINNET_EXPORT Model : public Layer {
 public:
  LINNET_DECL explicit Model(const std::string& kind = "model", const std::string& name = "");
  LINNET_DECL ~Model() override;
  /// Builds all layers for inputs of this shape by running zeros through call(); the batch's extent
  /// does not matter and may be -1.
  LINNET_DECL void build(const Shape& input_shape) override;

  /// Weights survive compiling again; the optimizer's state is new. ValueError for unknown names.
  LINNET_DECL void compile(const CompileOptions& options);

  /// Trains on rows of x and y. ValueError if not compiled, if x and y differ in length or are
  /// empty. SIGINT (Ctrl-C) ends training after the step: weights and history stay as they are.
  LINNET_DECL History fit(const Tensor& x, const Tensor& y, const FitOptions& options = {});
  LINNET_DECL History fit(const data::LabeledData& samples, const FitOptions& options = {});
  /// Batches {x, y} or {x, y, sample_weight}.
  LINNET_DECL History fit(const data::Dataset& batches, const FitOptions& options = {});

  /// Loss and metrics over all samples; the model is not changed.
  LINNET_DECL Logs evaluate(const Tensor& x, const Tensor& y, const EvaluateOptions& options = {});
  LINNET_DECL Logs evaluate(const data::LabeledData& samples, const EvaluateOptions& options = {});
  LINNET_DECL Logs evaluate(const data::Dataset& batches, const EvaluateOptions& options = {});
  /// The outputs for rows of x, in batches.
  LINNET_DECL Tensor predict(const Tensor& x, const PredictOptions& options = {});
  /// The outputs for a Dataset's batches {x, ...}; what comes after x is not used.
  LINNET_DECL Tensor predict(const data::Dataset& batches, const PredictOptions& options = {});

  /// One step on one batch; metrics of this batch alone.
  LINNET_DECL Logs train_on_batch(const Tensor& x, const Tensor& y,
                                  const Tensor& sample_weight = {});
  LINNET_DECL Logs test_on_batch(const Tensor& x, const Tensor& y,
                                 const Tensor& sample_weight = {});
  LINNET_DECL Tensor predict_on_batch(const Tensor& x);

  /// What fit() and evaluate() do with a batch {x, y[, sample_weight]}, within capture: by default
  /// what compile() was told. An override does its own and names what logs show: tensors of one
  /// element, of which the last batch's value counts.
  LINNET_DECL virtual StepLogs train_step(const std::vector<Tensor>& batch);
  LINNET_DECL virtual StepLogs test_step(const std::vector<Tensor>& batch);
  /// Makes all weights that the batch needs, before the step is captured: build_once() for its
  /// first tensor. Models of several inputs override it.
  LINNET_DECL virtual void prepare(const std::vector<Tensor>& batch);
  /// Sets the metrics back at the beginning of an epoch.
  LINNET_DECL virtual void reset_metrics();
  /// True if the steps take batches of any number of tensors.
  virtual bool takes_any_batch() const { return false; }

  /// Keras's table of layers, shapes and parameters.
  LINNET_DECL std::string summary_text(const SummaryOptions& options = {}) const;
  LINNET_DECL void summary(const SummaryOptions& options = {}) const;

  /// Weights as a safetensors file, atomically (see load_variables for errors).
  LINNET_DECL void save_weights(const std::string& path) const;
  LINNET_DECL void load_weights(const std::string& path);
  void save(const std::string& path) const { save_weights(path); }
  /// Everything training needs to go on bit by bit: weights, optimizer, random generator, epoch.
  LINNET_DECL void save_checkpoint(const std::string& path, int epoch) const;
  /// Returns the epoch to go on with as initial_epoch.
  LINNET_DECL int load_checkpoint(const std::string& path);

  LINNET_DECL Optimizer& optimizer() const;
  /// What compile() was given, plain ones first. ValueError if not compiled.
  LINNET_DECL std::vector<std::shared_ptr<Metric>> metrics() const;
  LINNET_DECL bool stop_training() const;
  LINNET_DECL void stop_training(bool stop);
  LINNET_DECL void set_trainable(bool trainable) override;
  /// The captured training step as text: graph and plan. ValueError before the first step.
  LINNET_DECL std::string training_graph() const;

  /// The layers, in order.
  const std::vector<std::shared_ptr<Layer>>& layers() const { return state().sublayers; }

 private:
  struct Training;
  friend struct Training;
  LINNET_DECL Tensor predict_from(detail::BatchSource& source, const PredictOptions& options);
  LINNET_DECL Training& training() const;
  std::shared_ptr<Training> training_;
};

/// Layers one after the other.
///
///     Sequential model{layers::Dense(256, {.activation = relu}), layers::Dense(10)};
class LINNET_EXPORT Sequential : public Model {
 public:
  /// A layer by value or shared.
  struct Item {
    template <class L>
    requires std::is_base_of_v<Layer, L> Item(L layer)
        : layer(std::make_shared<L>(std::move(layer))) {}  // NOLINT: implicit
    template <class L>
    requires std::is_base_of_v<Layer, L> Item(std::shared_ptr<L> l)
        : layer(std::move(l)) {}  // NOLINT
    std::shared_ptr<Layer> layer;
  };
  LINNET_DECL Sequential();
  LINNET_DECL Sequential(std::initializer_list<Item> layers);
  /// Appends a layer; a model that is built, or whose first layer has the input_shape option,
  /// builds it at once (and drops it again if it does not fit).
  LINNET_DECL void add(Item layer);
  LINNET_DECL Tensor call(const Tensor& x, bool training) override;
  std::string type_name() const override { return "Sequential"; }

 private:
  LINNET_DECL void build_if_known();
  bool built_before_add_ = false;
};

}  // namespace linnet::inline LINNET_ABI

#ifdef LINNET_FIRST_NN_MODEL
#include "linnet/impl/src.hpp"
#endif
