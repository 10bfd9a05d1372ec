#pragma once

#define LINNET_USES_NN_CALLBACKS
#undef LINNET_COMPLETE
#if defined(LINNET_HEADER_ONLY) && !defined(LINNET_WITHIN)
#define LINNET_WITHIN
#define LINNET_FIRST_NN_CALLBACKS
#endif

#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "linnet/config.hpp"
#include "linnet/core/tensor.hpp"
#include "linnet/nn/logs.hpp"

namespace linnet::inline LINNET_ABI {

class Model;

/// Hooks into fit(), evaluate() and predict(), in Keras's order. Subclass and override what you
/// need; `model()` is the model in training, `model().stop_training(true)` ends it after the batch.
class LINNET_EXPORT Callback {
 public:
  virtual ~Callback() = default;
  virtual void on_train_begin() {}
  virtual void on_train_end(const Logs&) {}
  virtual void on_epoch_begin(int /*epoch*/) {}
  /// May add to the logs (a learning rate, say).
  virtual void on_epoch_end(int /*epoch*/, Logs&) {}
  virtual void on_train_batch_begin(int /*batch*/) {}
  /// `logs()` are read from the metrics only if asked for.
  virtual void on_train_batch_end(int /*batch*/, const std::function<Logs()>& /*logs*/) {}
  virtual void on_test_begin() {}
  virtual void on_test_end(const Logs&) {}
  virtual void on_test_batch_begin(int /*batch*/) {}
  virtual void on_test_batch_end(int /*batch*/, const std::function<Logs()>& /*logs*/) {}
  virtual void on_predict_begin() {}
  virtual void on_predict_end() {}
  virtual void on_predict_batch_begin(int /*batch*/) {}
  virtual void on_predict_batch_end(int /*batch*/, const Tensor& /*outputs*/) {}

  Model& model() const { return *model_; }
  void set_model(Model* model) { model_ = model; }
  struct Params {
    int epochs = 1, verbose = 1;
    std::int64_t steps = -1;  ///< per epoch; -1 if unknown
  };
  const Params& params() const { return params_; }
  void set_params(const Params& params) { params_ = params; }

 private:
  Model* model_ = nullptr;
  Params params_;
};

/// A list that takes callbacks by value, `{EarlyStopping({...}), MyCallback()}`, or shared.
class CallbackList {
 public:
  struct Item {
    template <class C>
    requires std::is_base_of_v<Callback, C> Item(C c)
        : callback(std::make_shared<C>(std::move(c))) {}  // NOLINT
    template <class C>
    requires std::is_base_of_v<Callback, C> Item(std::shared_ptr<C> c)
        : callback(std::move(c)) {}  // NOLINT
    std::shared_ptr<Callback> callback;
  };
  CallbackList() = default;
  CallbackList(std::initializer_list<Item> items) : items_(items) {}
  void push_back(Item item) { items_.push_back(std::move(item)); }
  auto begin() const { return items_.begin(); }
  auto end() const { return items_.end(); }

 private:
  std::vector<Item> items_;
};

namespace callbacks {

/// When a monitored value counts as better. automatic: losses and most metrics know; ValueError at
/// the end of the first epoch for one that does not.
enum class Mode { automatic, min, max };

struct EarlyStoppingOptions {
  std::string monitor = "val_loss";
  double min_delta = 0;
  int patience = 0;
  Mode mode = Mode::automatic;
  std::optional<double> baseline{};
  bool restore_best_weights = false;
  int start_from_epoch = 0;
};
/// Stops when the monitored value has not improved by more than min_delta for `patience` epochs.
class LINNET_EXPORT EarlyStopping : public Callback {
 public:
  explicit EarlyStopping(EarlyStoppingOptions options = {}) : options_(std::move(options)) {}
  LINNET_DECL void on_train_begin() override;
  LINNET_DECL void on_epoch_end(int epoch, Logs& logs) override;
  LINNET_DECL void on_train_end(const Logs& logs) override;
  int stopped_epoch() const { return stopped_epoch_; }  ///< 0 if it did not stop
  int best_epoch() const { return best_epoch_; }

 private:
  EarlyStoppingOptions options_;
  int wait_ = 0, stopped_epoch_ = 0, best_epoch_ = 0;
  std::optional<double> best_;
  std::vector<Tensor> best_weights_;
};

/// "epoch", or a number of batches. ValueError for another name or less than 1.
class SaveFrequency {
 public:
  LINNET_DECL SaveFrequency(const char* name);  // NOLINT: implicit on purpose
  LINNET_DECL SaveFrequency(int batches);       // NOLINT
  int batches() const { return batches_; }      ///< 0: epochs

 private:
  int batches_ = 0;
};

struct ModelCheckpointOptions {
  std::string monitor = "val_loss";
  int verbose = 0;  ///< 1 prints a line for each decision
  bool save_best_only = false;
  Mode mode = Mode::automatic;
  SaveFrequency save_freq = "epoch";
  std::optional<double> initial_value_threshold{};  ///< save_best_only: what must be beaten first
};
/// Saves weights after each epoch or each so many batches; with save_best_only if the monitored
/// value improved (or, with a warning, is not logged). In the path `{epoch}` and `{epoch:02d}`
/// count from 1 and `{name}` or `{name:.2f}` is a log's value.
class LINNET_EXPORT ModelCheckpoint : public Callback {
 public:
  LINNET_DECL explicit ModelCheckpoint(std::string filepath, ModelCheckpointOptions options = {});
  LINNET_DECL void on_epoch_begin(int epoch) override;
  LINNET_DECL void on_train_batch_end(int batch, const std::function<Logs()>& logs) override;
  LINNET_DECL void on_epoch_end(int epoch, Logs& logs) override;

 private:
  LINNET_DECL void save(const Logs& logs);
  LINNET_DECL bool is_best(const Logs& logs, const std::string& path);
  std::string filepath_;
  ModelCheckpointOptions options_;
  std::optional<double> best_;
  int epoch_ = 0, batches_ = 0;
};

/// Sets the learning rate to schedule(epoch, rate) before each epoch; logs learning_rate.
class LINNET_EXPORT LearningRateScheduler : public Callback {
 public:
  explicit LearningRateScheduler(std::function<double(int, double)> schedule)
      : schedule_(std::move(schedule)) {}
  LINNET_DECL void on_epoch_begin(int epoch) override;
  LINNET_DECL void on_epoch_end(int epoch, Logs& logs) override;

 private:
  std::function<double(int, double)> schedule_;
};

struct ReduceLROnPlateauOptions {
  std::string monitor = "val_loss";
  double factor = 0.1;
  int patience = 10;
  Mode mode = Mode::automatic;
  double min_delta = 1e-4;
  int cooldown = 0;
  double min_lr = 0;
};
/// Multiplies the learning rate by factor after `patience` epochs without improvement. ValueError
/// unless factor < 1.
class LINNET_EXPORT ReduceLROnPlateau : public Callback {
 public:
  LINNET_DECL explicit ReduceLROnPlateau(ReduceLROnPlateauOptions options = {});
  LINNET_DECL void on_train_begin() override;
  LINNET_DECL void on_epoch_end(int epoch, Logs& logs) override;

 private:
  ReduceLROnPlateauOptions options_;
  std::optional<double> best_;
  int wait_ = 0, cooldown_ = 0;
};

struct CSVLoggerOptions {
  std::string separator = ",";
  bool append = false;
};
/// A row per epoch: epoch (from 0), then the logs by name. IOError if the file cannot be written.
class LINNET_EXPORT CSVLogger : public Callback {
 public:
  LINNET_DECL explicit CSVLogger(std::string filename, CSVLoggerOptions options = {});
  LINNET_DECL void on_train_begin() override;
  LINNET_DECL void on_epoch_end(int epoch, Logs& logs) override;

 private:
  std::string filename_;
  CSVLoggerOptions options_;
  std::vector<std::string> keys_;
};

/// Stops at the batch whose loss is NaN or infinite.
class LINNET_EXPORT TerminateOnNaN : public Callback {
 public:
  LINNET_DECL void on_train_batch_end(int batch, const std::function<Logs()>& logs) override;
};

/// Hooks as functions.
struct LINNET_EXPORT LambdaCallback : Callback {
  std::function<void(int)> epoch_begin{};
  std::function<void(int, Logs&)> epoch_end{};
  std::function<void(int, const std::function<Logs()>&)> train_batch_end{};
  void on_epoch_begin(int epoch) override {
    if (epoch_begin) epoch_begin(epoch);
  }
  void on_epoch_end(int epoch, Logs& logs) override {
    if (epoch_end) epoch_end(epoch, logs);
  }
  void on_train_batch_end(int batch, const std::function<Logs()>& logs) override {
    if (train_batch_end) train_batch_end(batch, logs);
  }
};

}  // namespace callbacks
}  // namespace linnet::inline LINNET_ABI

#ifdef LINNET_FIRST_NN_CALLBACKS
#include "linnet/impl/src.hpp"
#endif
