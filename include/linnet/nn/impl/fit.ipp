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

/// step(batch number, batch) for the batches of one epoch, until it says false.
template <class Step>
void run_epoch(const char* op, BatchSource& source, Step&& step) {
  source.begin_epoch();
  int batch = 0;
  while (auto e = source.next())
    if (!step(batch++, *e)) break;
  if (batch == 0) fail<ValueError>(op, "no batch: the dataset is empty");
}

inline std::unique_ptr<BatchSource> validation_source(const ValidationData& v,
                                                      std::int64_t batch_size, bool any) {
  if (const auto* d = std::get_if<data::LabeledData>(&v))
    return std::make_unique<ArrayBatches>("fit", *d, batch_size, false);
  return std::make_unique<DatasetBatches>(std::get<data::Dataset>(v), -1, 2, any);
}

/// Weights of samples by their integer labels.
inline Tensor class_weights(const Tensor& y, const FitOptions& o) {
  const Tensor labels = y.rank() > 1 && y.dim(-1) > 1 ? argmax(y) : reshape(y, {y.dim(0)});
  Tensor w = ones({y.dim(0)});
  for (const auto& [label, weight] : o.class_weight)
    w = where(cast(labels, DType::int64) == label, weight, w);
  return o.sample_weight.defined() ? w * reshape(o.sample_weight, {y.dim(0)}) : w;
}

/// All callbacks of a run, in order; the progress bar comes last.
struct CallbackRun {
  std::vector<std::shared_ptr<Callback>> all;
  CallbackRun(Model& model, const CallbackList& list, const Callback::Params& params,
              const std::shared_ptr<Callback>& last = nullptr) {
    for (const auto& item : list) all.push_back(item.callback);
    if (last) all.push_back(last);
    each([&](Callback& c) {
      c.set_model(&model);
      c.set_params(params);
    });
  }
  template <class F>
  void each(F&& f) {
    for (const auto& c : all) f(*c);
  }
};

/// The loop of fit().
class FitLoop {
 public:
  FitLoop(Model& model, BatchSource& source, const FitOptions& o)
      : model_(model),
        source_(source),
        o_(o),
        run_(model, o.callbacks, {o.epochs, o.verbose, source.steps()},
             o.verbose ? std::make_shared<Progress>() : nullptr) {
    if (o.epochs < 0) fail<ValueError>("fit", "epochs: expected at least 0, got ", o.epochs);
    if (o.validation_freq < 1)
      fail<ValueError>("fit", "validation_freq: expected at least 1, got ", o.validation_freq);
    if (o.steps_per_epoch == 0 || o.validation_steps == 0)
      fail<ValueError>("fit", "steps_per_epoch and validation_steps: expected at least 1, got 0");
    if (o.validation_data)
      validation_ = validation_source(
          *o.validation_data, o.validation_batch_size ? o.validation_batch_size : o.batch_size,
          model.takes_any_batch());
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
      run_epoch("fit", source_, [&](int batch, const data::Element& e) {
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
    model_.optimizer().finalize_variable_values(model_.trainable_variables());
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
    const std::function<Logs()> current = [&] { return read(""); };
    run_epoch("fit", *validation_, [&](int batch, const data::Element& e) {
      run_.each([&](Callback& c) { c.on_test_batch_begin(batch); });
      test(e);
      run_.each([&](Callback& c) { c.on_test_batch_end(batch, current); });
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
           [&] { reset_metrics(); }, [&](const char* prefix) { return t.logs(prefix); });
}

History Model::fit(const data::Dataset& batches, const FitOptions& options) {
  Training& t = training();
  if (options.validation_split != 0)
    fail<ValueError>("fit", "validation_split needs arrays; give validation_data with a Dataset");
  if (!options.class_weight.empty() || options.sample_weight.defined())
    fail<ValueError>("fit", "weights of a Dataset's samples are its third tensor");
  detail::DatasetBatches source(batches, options.steps_per_epoch, 2, takes_any_batch());
  t.stop = false;
  return detail::FitLoop(*this, source, options)
      .run([&](const data::Element& b) { t.run(*t.train, *this, b, true); },
           [&](const data::Element& b) { t.run(*t.test, *this, b, false); },
           [&] { reset_metrics(); }, [&](const char* prefix) { return t.logs(prefix); });
}

namespace detail {

template <class Test, class Reset, class Read>
Logs run_evaluation(Model& model, BatchSource& source, const EvaluateOptions& o, Test&& test,
                    Reset&& reset, Read&& read) {
  Progress progress;
  progress.set_params({0, o.verbose ? 2 : 0, source.steps()});
  CallbackRun run(model, o.callbacks, {1, o.verbose, source.steps()});
  const std::function<Logs()> current = [&] { return read(""); };
  progress.begin();
  reset();
  run.each([](Callback& c) { c.on_test_begin(); });
  run_epoch("evaluate", source, [&](int batch, const data::Element& e) {
    run.each([&](Callback& c) { c.on_test_batch_begin(batch); });
    test(e);
    run.each([&](Callback& c) { c.on_test_batch_end(batch, current); });
    progress.count_batch();
    return true;
  });
  const Logs logs = read("");
  progress.finish(logs);
  run.each([&](Callback& c) { c.on_test_end(logs); });
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
      *this, source, options, [&](const data::Element& b) { t.run(*t.test, *this, b, false); },
      [&] { reset_metrics(); }, [&](const char* prefix) { return t.logs(prefix); });
}

Logs Model::evaluate(const data::Dataset& batches, const EvaluateOptions& options) {
  Training& t = training();
  detail::DatasetBatches source(batches, -1, 2, takes_any_batch());
  return detail::run_evaluation(
      *this, source, options, [&](const data::Element& b) { t.run(*t.test, *this, b, false); },
      [&] { reset_metrics(); }, [&](const char* prefix) { return t.logs(prefix); });
}

Tensor Model::predict_from(detail::BatchSource& source, const PredictOptions& options) {
  detail::CallbackRun run(*this, options.callbacks, {1, 0, source.steps()});
  std::vector<Tensor> outputs;
  run.each([](Callback& c) { c.on_predict_begin(); });
  detail::run_epoch("predict", source, [&](int batch, const data::Element& e) {
    run.each([&](Callback& c) { c.on_predict_batch_begin(batch); });
    outputs.push_back(predict_on_batch(e[0]));
    run.each([&](Callback& c) { c.on_predict_batch_end(batch, outputs.back()); });
    return true;
  });
  run.each([](Callback& c) { c.on_predict_end(); });
  return concat(outputs);
}

Tensor Model::predict(const data::Dataset& batches, const PredictOptions& options) {
  detail::DatasetBatches source(batches, -1, 1);
  return predict_from(source, options);
}

Tensor Model::predict(const Tensor& x, const PredictOptions& options) {
  detail::ArrayBatches source("predict", {x, {}, {}}, options.batch_size, false);
  return predict_from(source, options);
}

// What is called without options takes the defaults.
History Model::fit(const Tensor& x, const Tensor& y) { return fit(x, y, {}); }
History Model::fit(const data::LabeledData& samples) { return fit(samples, {}); }
History Model::fit(const data::Dataset& batches) { return fit(batches, {}); }
Logs Model::evaluate(const Tensor& x, const Tensor& y) { return evaluate(x, y, {}); }
Logs Model::evaluate(const data::LabeledData& samples) { return evaluate(samples, {}); }
Logs Model::evaluate(const data::Dataset& batches) { return evaluate(batches, {}); }
Tensor Model::predict(const Tensor& x) { return predict(x, {}); }
Tensor Model::predict(const data::Dataset& batches) { return predict(batches, {}); }

}  // namespace linnet::inline LINNET_ABI
