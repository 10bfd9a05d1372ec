#pragma once

#include <algorithm>
#include <cmath>
#include <cstdio>
#include <cstring>
#include <cerrno>
#include <limits>
#include <string_view>

#include "linnet/core/warning.hpp"
#include "linnet/nn/callbacks.hpp"
#include "linnet/nn/model.hpp"

namespace linnet::inline LINNET_ABI::callbacks {

namespace detail {

inline bool wants_max(const char* callback, const Model& model, Mode mode,
                      const std::string& monitor) {
  if (mode != Mode::automatic) return mode == Mode::max;
  const std::string name = monitor.starts_with("val_") ? monitor.substr(4) : monitor;
  if (name == "loss") return false;
  for (const auto& metric : model.metrics())
    if (metric->name() == name && metric->direction() != Direction::unknown)
      return metric->direction() == Direction::up;
  fail<ValueError>(callback, "cannot tell whether '", monitor,
                   "' gets better upwards or downwards; set .mode");
}

/// True if `value` beats `best` by more than min_delta.
inline bool improves(double value, std::optional<double> best, bool max, double min_delta) {
  if (std::isnan(value)) return false;
  if (!best) return true;
  return max ? value - min_delta > *best : value + min_delta < *best;
}

inline const double* monitored(const char* callback, const std::string& name, const Logs& logs) {
  const double* value = logs.find(name);
  if (!value) linnet::detail::warn(callback, "'", name, "' is not logged: nothing is done");
  return value;
}

}  // namespace detail

void EarlyStopping::on_train_begin() {
  wait_ = stopped_epoch_ = best_epoch_ = 0;
  best_.reset();
  best_weights_.clear();
}

void EarlyStopping::on_epoch_end(int epoch, Logs& logs) {
  const double* value = detail::monitored("early_stopping", options_.monitor, logs);
  if (!value || epoch < options_.start_from_epoch) return;
  if (options_.restore_best_weights && best_weights_.empty()) {
    best_weights_ = model().get_weights();
    best_epoch_ = epoch;
  }
  ++wait_;
  const bool max = detail::wants_max("early_stopping", model(), options_.mode, options_.monitor);
  if (detail::improves(*value, best_, max, std::abs(options_.min_delta))) {
    best_ = *value;
    best_epoch_ = epoch;
    if (options_.restore_best_weights) best_weights_ = model().get_weights();
    // The wait ends only if the baseline is beaten as well.
    if (detail::improves(*value, options_.baseline, max, std::abs(options_.min_delta))) wait_ = 0;
    return;
  }
  if (wait_ >= std::max(options_.patience, 1) && epoch > 0) {
    stopped_epoch_ = epoch;
    model().stop_training(true);
  }
}

void EarlyStopping::on_train_end(const Logs&) {
  if (options_.restore_best_weights && !best_weights_.empty()) model().set_weights(best_weights_);
}

SaveFrequency::SaveFrequency(const char* name) {
  if (std::string_view(name) != "epoch")
    fail<ValueError>("model_checkpoint", "save_freq: expected \"epoch\" or a number, got \"", name,
                     "\"");
}
SaveFrequency::SaveFrequency(int batches) : batches_(batches) {
  if (batches < 1)
    fail<ValueError>("model_checkpoint", "save_freq: expected at least 1 batch, got ", batches);
}

ModelCheckpoint::ModelCheckpoint(std::string filepath, ModelCheckpointOptions options)
    : filepath_(std::move(filepath)),
      options_(std::move(options)),
      best_(options_.initial_value_threshold) {
  if (filepath_.empty()) fail<ValueError>("model_checkpoint", "the path is empty");
}

namespace detail {

/// The path with {epoch}, {epoch:02d}, {name}, {name:.2f} replaced.
inline std::string expand_path(const std::string& path, int epoch, const Logs& logs) {
  std::string out;
  for (std::size_t i = 0; i < path.size(); ++i) {
    const std::size_t close = path[i] == '{' ? path.find('}', i) : std::string::npos;
    if (close == std::string::npos) {
      out += path[i];
      continue;
    }
    const std::string field = path.substr(i + 1, close - i - 1);
    const std::string name = field.substr(0, field.find(':'));
    int digits = field.find(':') == std::string::npos ? -1 : 0;
    for (char c : field.substr(name.size()))
      if (c >= '0' && c <= '9') digits = std::min(digits * 10 + (c - '0'), 17);
    char text[64];
    if (name == "epoch")
      std::snprintf(text, sizeof text, "%0*d", std::clamp(digits, 0, 17), epoch + 1);
    else
      std::snprintf(text, sizeof text, "%.*f", digits < 0 ? 6 : digits, logs[name]);
    out += text;
    i = close;
  }
  return out;
}

}  // namespace detail

void ModelCheckpoint::on_epoch_begin(int epoch) { epoch_ = epoch; }

void ModelCheckpoint::on_train_batch_end(int, const std::function<Logs()>& logs) {
  const int frequency = options_.save_freq.batches();
  if (frequency == 0 || ++batches_ < frequency) return;
  batches_ = 0;
  save(logs());
}

void ModelCheckpoint::on_epoch_end(int epoch, Logs& logs) {
  epoch_ = epoch;
  if (options_.save_freq.batches() == 0) save(logs);
}

bool ModelCheckpoint::is_best(const Logs& logs, const std::string& path) {
  const std::string& name = options_.monitor;
  const double* value = logs.find(name);
  if (!value) {
    linnet::detail::warn("model_checkpoint", "'", name, "' is not logged: the model is saved");
    return true;
  }
  char before[40] = "None";
  if (best_) std::snprintf(before, sizeof before, "%.5f", *best_);
  const bool max = detail::wants_max("model_checkpoint", model(), options_.mode, name);
  const bool better = detail::improves(*value, best_, max, 0);
  if (options_.verbose && better)
    std::printf("\nEpoch %d: %s improved from %s to %.5f, saving model to %s\n", epoch_ + 1,
                name.c_str(), before, *value, path.c_str());
  else if (options_.verbose)
    std::printf("\nEpoch %d: %s did not improve from %s\n", epoch_ + 1, name.c_str(), before);
  if (better) best_ = *value;
  return better;
}

void ModelCheckpoint::save(const Logs& logs) {
  const std::string path = detail::expand_path(filepath_, epoch_, logs);
  if (options_.save_best_only) {
    if (!is_best(logs, path)) return;
  } else if (options_.verbose) {
    std::printf("\nEpoch %d: saving model to %s\n", epoch_ + 1, path.c_str());
  }
  model().save_weights(path);
  if (options_.verbose)
    std::printf("\nEpoch %d: finished saving model to %s\n", epoch_ + 1, path.c_str());
}

namespace detail {

inline double current_rate(Model& model) {
  return model.optimizer().learning_rate().value().item<double>();
}
inline void set_rate(const char* callback, Model& model, double rate) {
  if (model.optimizer().has_schedule())
    fail<ValueError>(callback, "the optimizer's learning rate follows a schedule");
  if (!std::isfinite(rate)) fail<ValueError>(callback, "the learning rate became ", rate);
  model.optimizer().learning_rate().assign(rate);
}

}  // namespace detail

void LearningRateScheduler::on_epoch_begin(int epoch) {
  detail::set_rate("learning_rate_scheduler", model(),
                   schedule_(epoch, detail::current_rate(model())));
}
void LearningRateScheduler::on_epoch_end(int, Logs& logs) {
  logs.set("learning_rate", detail::current_rate(model()));
}

ReduceLROnPlateau::ReduceLROnPlateau(ReduceLROnPlateauOptions options)
    : options_(std::move(options)) {
  if (!(options_.factor < 1))
    fail<ValueError>("reduce_lr_on_plateau", "factor: expected < 1, got ", options_.factor);
}

void ReduceLROnPlateau::on_train_begin() {
  best_.reset();
  wait_ = cooldown_ = 0;
}

void ReduceLROnPlateau::on_epoch_end(int, Logs& logs) {
  const double rate = detail::current_rate(model());
  logs.set("learning_rate", rate);
  const double* value = detail::monitored("reduce_lr_on_plateau", options_.monitor, logs);
  if (!value) return;
  if (cooldown_ > 0) --cooldown_, wait_ = 0;
  const bool max =
      detail::wants_max("reduce_lr_on_plateau", model(), options_.mode, options_.monitor);
  if (detail::improves(*value, best_, max, options_.min_delta)) {
    best_ = *value;
    wait_ = 0;
  } else if (cooldown_ == 0 && ++wait_ >= options_.patience && rate > options_.min_lr) {
    detail::set_rate("reduce_lr_on_plateau", model(),
                     std::max(rate * options_.factor, options_.min_lr));
    cooldown_ = options_.cooldown;
    wait_ = 0;
  }
}

CSVLogger::CSVLogger(std::string filename, CSVLoggerOptions options)
    : filename_(std::move(filename)), options_(std::move(options)) {}

namespace detail {

inline void append_to_file(const std::string& path, const std::string& text, const char* mode) {
  std::FILE* file = std::fopen(path.c_str(), mode);
  bool good = file != nullptr;
  if (file) {
    good = std::fwrite(text.data(), 1, text.size(), file) == text.size();
    good = std::fclose(file) == 0 && good;
  }
  if (!good) fail<IOError>("csv_logger", "cannot write '", path, "': ", std::strerror(errno));
}

}  // namespace detail

void CSVLogger::on_train_begin() {
  keys_.clear();
  detail::append_to_file(filename_, "", options_.append ? "a" : "w");
}

void CSVLogger::on_epoch_end(int epoch, Logs& logs) {
  std::string text;
  if (keys_.empty()) {
    for (const auto& [name, value] : logs) keys_.push_back(name);
    std::sort(keys_.begin(), keys_.end());
    // As in Keras: later epochs may be validated (validation_freq), and the header is written now.
    if (std::none_of(keys_.begin(), keys_.end(),
                     [](const std::string& key) { return key.starts_with("val_"); }))
      for (std::size_t i = 0, n = keys_.size(); i < n; ++i) keys_.push_back("val_" + keys_[i]);
    text = "epoch";
    for (const std::string& key : keys_) text += options_.separator + key;
    text += "\n";
    if (options_.append && epoch > 0) text.clear();
  }
  text += std::to_string(epoch);
  for (const std::string& key : keys_) {
    text += options_.separator;
    if (const double* value = logs.find(key))
      linnet::detail::append(text, *value);
    else
      text += "NA";
  }
  detail::append_to_file(filename_, text + "\n", "a");
}

void TerminateOnNaN::on_train_batch_end(int batch, const std::function<Logs()>& logs) {
  const Logs current = logs();
  const double* loss = current.find("loss");
  if (!loss || std::isfinite(*loss)) return;
  linnet::detail::warn("terminate_on_nan", "batch ", batch, ": invalid loss, training ends");
  model().stop_training(true);
}

}  // namespace linnet::inline LINNET_ABI::callbacks
