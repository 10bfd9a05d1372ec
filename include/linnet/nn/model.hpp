#pragma once

#define LINNET_USES_NN_MODEL
#undef LINNET_COMPLETE
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
#include "linnet/nn/sequential.hpp"

/// What Model::compile(), fit(), evaluate(), predict() and summary() take.
namespace linnet::inline LINNET_ABI {

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

}  // namespace linnet::inline LINNET_ABI

#ifdef LINNET_FIRST_NN_MODEL
#include "linnet/impl/src.hpp"
#endif
