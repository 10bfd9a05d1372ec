#pragma once

#define LINNET_USES_NN_SEQUENTIAL
#undef LINNET_COMPLETE
#if defined(LINNET_HEADER_ONLY) && !defined(LINNET_WITHIN)
#define LINNET_WITHIN
#define LINNET_FIRST_NN_SEQUENTIAL
#endif

#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "linnet/config.hpp"
#include "linnet/nn/layer.hpp"

namespace linnet::inline LINNET_ABI::data {
class Dataset;
struct LabeledData;
}  // namespace linnet::inline LINNET_ABI::data

/// Models and layers in a row. A header-only program that writes its own training steps includes
/// this one and compiles faster; to call compile(), fit(), evaluate(), predict(), summary() or to
/// save and load, include nn/model.hpp.
namespace linnet::inline LINNET_ABI {

class History;
class Logs;
class Metric;
class Optimizer;
struct CompileOptions;
struct EvaluateOptions;
struct FitOptions;
struct PredictOptions;
struct SummaryOptions;

namespace detail {
class BatchSource;
}

/// Named results of a training or test step.
using StepLogs = std::vector<std::pair<std::string, Tensor>>;

/// A layer that can be trained: compile(), fit(), evaluate(), predict(), with the options of
/// nn/model.hpp. Subclass it and write call(), or use Sequential. The step - forward, gradients,
/// update, metrics - is captured on the first batch of each shape and replayed.
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
  LINNET_DECL History fit(const Tensor& x, const Tensor& y);
  LINNET_DECL History fit(const Tensor& x, const Tensor& y, const FitOptions& options);
  LINNET_DECL History fit(const data::LabeledData& samples);
  LINNET_DECL History fit(const data::LabeledData& samples, const FitOptions& options);
  /// Batches {x, y} or {x, y, sample_weight}.
  LINNET_DECL History fit(const data::Dataset& batches);
  LINNET_DECL History fit(const data::Dataset& batches, const FitOptions& options);

  /// Loss and metrics over all samples; the model is not changed.
  LINNET_DECL Logs evaluate(const Tensor& x, const Tensor& y);
  LINNET_DECL Logs evaluate(const Tensor& x, const Tensor& y, const EvaluateOptions& options);
  LINNET_DECL Logs evaluate(const data::LabeledData& samples);
  LINNET_DECL Logs evaluate(const data::LabeledData& samples, const EvaluateOptions& options);
  LINNET_DECL Logs evaluate(const data::Dataset& batches);
  LINNET_DECL Logs evaluate(const data::Dataset& batches, const EvaluateOptions& options);
  /// The outputs for rows of x, in batches.
  LINNET_DECL Tensor predict(const Tensor& x);
  LINNET_DECL Tensor predict(const Tensor& x, const PredictOptions& options);
  /// The outputs for a Dataset's batches {x, ...}; what comes after x is not used.
  LINNET_DECL Tensor predict(const data::Dataset& batches);
  LINNET_DECL Tensor predict(const data::Dataset& batches, const PredictOptions& options);

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
  LINNET_DECL std::string summary_text() const;
  LINNET_DECL std::string summary_text(const SummaryOptions& options) const;
  LINNET_DECL void summary() const;
  LINNET_DECL void summary(const SummaryOptions& options) const;

  /// Weights as a safetensors file, atomically (see load_variables for errors).
  LINNET_DECL void save_weights(const std::string& path) const;
  LINNET_DECL void load_weights(const std::string& path);
  LINNET_DECL void save(const std::string& path) const;
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
  struct Steps;     // of the model that compile() was called for: what virtual functions need
  struct Training;  // all of it
  friend struct Training;
  LINNET_DECL Tensor predict_from(detail::BatchSource& source, const PredictOptions& options);
  LINNET_DECL Steps& steps() const;
  LINNET_DECL Training& training() const;
  std::shared_ptr<Steps> steps_;  // null before compile()
};

/// Layers one after the other.
///
///     Sequential model{layers::Dense(256, {.activation = relu}), layers::Dense(10)};
class LINNET_EXPORT Sequential : public Model {
 public:
  /// A layer by value or shared.
  struct Item {
    template <class L>
    requires std::is_base_of_v<Layer, L> Item(L l)
        : layer(detail::make_owned<Layer, L>(std::move(l))) {}  // NOLINT: implicit
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

#ifdef LINNET_FIRST_NN_SEQUENTIAL
#include "linnet/impl/src.hpp"
#endif
