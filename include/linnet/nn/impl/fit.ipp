#pragma once

#include "linnet/core/warning.hpp"
#include "linnet/nn/impl/batches.ipp"
#include "linnet/nn/impl/interrupt.ipp"
#include "linnet/nn/impl/model.ipp"
#include "linnet/nn/impl/progress.ipp"
#include "linnet/ops/indexing.hpp"
#include "linnet/ops/reduce.hpp"

namespace linnet::inline LINNET_ABI {

namespace detail {

/// Runs evaluate()'s loop; `progress` may be null.
template <class Step>
void run_epoch(BatchSource& source, Step&& step) {
  source.begin_epoch();
  int batch = 0;
  while (auto e = source.next())
    if (!step(batch++, *e)) break;
  if (batch == 0) fail<ValueError>("fit", "no batch: the dataset is empty");
}

inline std::unique_ptr<BatchSource> validation_source(const ValidationData& v,
                                                      std::int64_t batch_size) {
  if (const auto* d = std::get_if<data::LabeledData>(&v))
    return std::make_unique<ArrayBatches>("fit", *d, batch_size, false);
  return std::make_unique<DatasetBatches>(std::get<data::Dataset>(v), -1);
}

/// Weights of samples by their integer labels.
inline Tensor class_weights(const Tensor& y, const FitOptions& o) {
  const Tensor labels = y.rank() > 1 && y.dim(-1) > 1 ? argmax(y) : reshape(y, {y.dim(0)});
  Tensor w = ones({y.dim(0)});
  for (const auto& [label, weight] : o.class_weight)
    w = where(cast(labels, DType::int64) == label, weight, w);
  return o.sample_weight.defined() ? w * reshape(o.sample_weight, {y.dim(0)}) : w;
}

/// All callbacks of a run, in order; the history comes first, the progress bar last.
struct CallbackRun {
  std::vector<std::shared_ptr<Callback>> all;
  template <class F>
  void each(F&& f) {
    for (const auto& c : all) f(*c);
  }
};

/// The loop of fit().
class FitLoop {
 public:
  FitLoop(Model& model, BatchSource& source, const FitOptions& o) : model_(model), source_(source), o_(o) {
    if (o.epochs < 0) fail<ValueError>("fit", "epochs: expected at least 0, got ", o.epochs);
    if (o.validation_freq < 1)
      fail<ValueError>("fit", "validation_freq: expected at least 1, got ", o.validation_freq);
    if (o.steps_per_epoch == 0 || o.validation_steps == 0)
      fail<ValueError>("fit", "steps_per_epoch and validation_steps: expected at least 1, got 0");
    if (o.validation_data)
      validation_ = validation_source(*o.validation_data, o.validation_batch_size ? o.validation_batch_size
                                                                                  : o.batch_size);
    for (const auto& item : o.callbacks) run_.all.push_back(item.callback);
    if (o.verbose) run_.all.push_back(std::make_shared<Progress>());
    run_.each([&](Callback& c) {
      c.set_model(&model);
      c.set_params({o.epochs, o.verbose, source.steps()});
    });
  }

  /// `train(batch)`, `test(batch)`, `reset()`, `logs(prefix)` are the model's.
  template <class Train, class Test, class Reset, class Read>
  History run(Train&& train, Test&& test, Reset&& reset, Read&& read) {
    History history;
    Logs logs;
    const InterruptScope interrupt;
    run_.each([](Callback& c) { c.on_train_begin(); });
    for (int epoch = o_.initial_epoch; epoch < o_.epochs && !model_.stop_training(); ++epoch) {
      reset();
      run_.each([&](Callback& c) { c.on_epoch_begin(epoch); });
      const std::function<Logs()> current = [&] { return read(""); };
      run_epoch(source_, [&](int batch, const data::Element& e) {
        run_.each([&](Callback& c) { c.on_train_batch_begin(batch); });
        train(e);
        run_.each([&](Callback& c) { c.on_train_batch_end(batch, current); });
        if (interrupt.triggered()) model_.stop_training(true);
        return !model_.stop_training();
      });
      logs = sorted(read(""));
      if (validation_ && (epoch + 1) % o_.validation_freq == 0 && !interrupt.triggered())
        validate(test, reset, read, logs);
      run_.each([&](Callback& c) { c.on_epoch_end(epoch, logs); });
      history.add(epoch, logs);
    }
    run_.each([&](Callback& c) { c.on_train_end(logs); });
    return history;
  }

 private:
  static Logs sorted(const Logs& logs) {
    std::vector<std::pair<std::string, double>> all(logs.begin(), logs.end());
    std::sort(all.begin(), all.end());
    Logs out;
    for (const auto& [name, value] : all) out.set(name, value);
    return out;
  }

  template <class Test, class Reset, class Read>
  void validate(Test&& test, Reset&& reset, Read&& read, Logs& logs) {
    reset();
    run_.each([](Callback& c) { c.on_test_begin(); });
    run_epoch(*validation_, [&](int batch, const data::Element& e) {
      test(e);
      return o_.validation_steps < 0 || batch + 1 < o_.validation_steps;
    });
    const Logs result = sorted(read("val_"));
    run_.each([&](Callback& c) { c.on_test_end(result); });
    for (const auto& [name, value] : result) logs.set(name, value);
  }

  Model& model_;
  BatchSource& source_;
  const FitOptions& o_;
  std::unique_ptr<BatchSource> validation_;
  CallbackRun run_;
};

}  // namespace detail

namespace detail {

/// Splits off the last part of arrays for validation.
inline data::LabeledData split_validation(data::LabeledData d, FitOptions& o) {
  if (o.validation_split == 0) return d;
  if (!(o.validation_split > 0 && o.validation_split < 1))
    fail<ValueError>("fit", "validation_split ", o.validation_split, " is outside (0, 1)");
  const std::int64_t n = d.x.dim(0);
  const auto train = static_cast<std::int64_t>(static_cast<double>(n) * (1 - o.validation_split));
  if (train == 0 || train == n)
    fail<ValueError>("fit", "validation_split ", o.validation_split, " of ", n,
                     " samples leaves one side empty");
  const auto part = [](const Tensor& t, std::int64_t first, std::int64_t count) {
    return t.defined() ? narrow(t, 0, first, count) : t;
  };
  o.validation_data = data::LabeledData{part(d.x, train, n - train), part(d.y, train, n - train),
                                        part(d.sample_weight, train, n - train)};
  return {part(d.x, 0, train), part(d.y, 0, train), part(d.sample_weight, 0, train)};
}

}  // namespace detail

History Model::fit(const Tensor& x, const Tensor& y, const FitOptions& options) {
  return fit(data::LabeledData{x, y}, options);
}

History Model::fit(const data::LabeledData& samples, const FitOptions& options) {
  Training& t = training();
  FitOptions o = options;
  data::LabeledData d = samples;
  if (o.sample_weight.defined()) d.sample_weight = o.sample_weight;
  detail::require_rows("fit", d);
  d = detail::split_validation(d, o);
  if (!o.class_weight.empty()) {
    FitOptions weights{.class_weight = o.class_weight, .sample_weight = d.sample_weight};
    d.sample_weight = detail::class_weights(d.y, weights);
  }
  detail::ArrayBatches source("fit", d, o.batch_size, o.shuffle, o.steps_per_epoch);
  t.stop = false;
  return detail::FitLoop(*this, source, o)
      .run([&](const data::Element& b) { t.run(*t.train, *this, b, true); },
           [&](const data::Element& b) { t.run(*t.test, *this, b, false); },
           [&] { t.reset(); }, [&](const char* prefix) { return t.logs(prefix); });
}

History Model::fit(const data::Dataset& batches, const FitOptions& options) {
  Training& t = training();
  if (options.validation_split != 0)
    fail<ValueError>("fit", "validation_split needs arrays; give validation_data with a Dataset");
  if (!options.class_weight.empty() || options.sample_weight.defined())
    fail<ValueError>("fit", "weights of a Dataset's samples are its third tensor");
  detail::DatasetBatches source(batches, options.steps_per_epoch);
  t.stop = false;
  return detail::FitLoop(*this, source, options)
      .run([&](const data::Element& b) { t.run(*t.train, *this, b, true); },
           [&](const data::Element& b) { t.run(*t.test, *this, b, false); },
           [&] { t.reset(); }, [&](const char* prefix) { return t.logs(prefix); });
}

namespace detail {

template <class Test, class Reset, class Read>
Logs run_evaluation(BatchSource& source, int verbose, Test&& test, Reset&& reset, Read&& read) {
  Progress progress;
  progress.set_params({0, verbose ? 2 : 0, source.steps()});
  progress.begin();
  reset();
  run_epoch(source, [&](int, const data::Element& e) {
    test(e);
    progress.count_batch();
    return true;
  });
  const Logs logs = read("");
  progress.finish(logs);
  return logs;
}

}  // namespace detail

Logs Model::evaluate(const Tensor& x, const Tensor& y, const EvaluateOptions& options) {
  return evaluate(data::LabeledData{x, y, options.sample_weight}, options);
}

Logs Model::evaluate(const data::LabeledData& samples, const EvaluateOptions& options) {
  Training& t = training();
  detail::ArrayBatches source("evaluate", samples, options.batch_size, false);
  return detail::run_evaluation(
      source, options.verbose, [&](const data::Element& b) { t.run(*t.test, *this, b, false); },
      [&] { t.reset(); }, [&](const char* prefix) { return t.logs(prefix); });
}

Logs Model::evaluate(const data::Dataset& batches, const EvaluateOptions& options) {
  Training& t = training();
  detail::DatasetBatches source(batches, -1);
  return detail::run_evaluation(
      source, options.verbose, [&](const data::Element& b) { t.run(*t.test, *this, b, false); },
      [&] { t.reset(); }, [&](const char* prefix) { return t.logs(prefix); });
}

Tensor Model::predict(const data::Dataset& batches) {
  std::vector<Tensor> outputs;
  for (const data::Element& batch : batches) {
    if (batch.empty()) fail<ValueError>("predict", "expected batches {x, ...}, got an empty one");
    outputs.push_back(predict_on_batch(batch[0]));
  }
  if (outputs.empty()) fail<ValueError>("predict", "no batch: the dataset is empty");
  return concat(outputs);
}

Tensor Model::predict(const Tensor& x, const PredictOptions& options) {
  detail::ArrayBatches source("predict", {x, {}, {}}, options.batch_size, false);
  std::vector<Tensor> outputs;
  source.begin_epoch();
  while (auto batch = source.next()) outputs.push_back(predict_on_batch((*batch)[0]));
  return concat(outputs);
}

}  // namespace linnet::inline LINNET_ABI
