#pragma once

#include <algorithm>
#include <cmath>
#include <functional>

#include "linnet/autograd/tape.hpp"
#include "linnet/backend/apply.hpp"
#include "linnet/core/creation.hpp"
#include "linnet/graph/function.hpp"
#include "linnet/io/checkpoint.hpp"
#include "linnet/nn/impl/batches.ipp"
#include "linnet/nn/impl/reduce_loss.ipp"
#include "linnet/nn/impl/sequential.ipp"
#include "linnet/nn/notes.hpp"
#include "linnet/nn/model.hpp"
#include "linnet/ops/elementwise.hpp"
#include "linnet/ops/generator.hpp"
#include "linnet/ops/shape.hpp"

namespace linnet::inline LINNET_ABI {

/// What compile() sets up: optimizer, loss, metrics and the three captured steps.
struct Model::Training final : Steps {
  using Step = Function<std::function<std::vector<Tensor>(const std::vector<Tensor>&)>>;
  using Predict = Function<std::function<Tensor(const Tensor&)>>;

  Handle<Optimizer> optimizer;
  Handle<Loss> loss;
  bool run_eagerly = false;
  std::shared_ptr<metrics::Mean> loss_tracker = std::make_shared<metrics::Mean>("loss");
  std::vector<std::shared_ptr<Metric>> metrics, weighted_metrics;
  std::optional<Step> train, test;
  std::optional<Predict> predict;
  bool stop = false;

  /// What a step of the model's own logs: names are found when it is captured.
  struct CustomLogs {
    std::vector<std::string> names;
    std::vector<Tensor> values;
    std::vector<Tensor> take(const StepLogs& logs) {
      std::vector<Tensor> tensors;
      names.clear();
      for (const auto& [name, value] : logs) names.push_back(name), tensors.push_back(value);
      return tensors;
    }
  };
  CustomLogs train_logs, test_logs;
  const CustomLogs* last = &train_logs;

  Training() {
    train.emplace(
        [](const std::vector<Tensor>& b) {
          return current()->training().train_logs.take(current()->train_step(b));
        },
        FunctionOptions{.name = "train_step"});
    test.emplace(
        [](const std::vector<Tensor>& b) {
          return current()->training().test_logs.take(current()->test_step(b));
        },
        FunctionOptions{.name = "test_step"});
    predict.emplace([](const Tensor& x) { return (*current())(x); },
                    FunctionOptions{.name = "predict_step"});
  }

  /// The model whose step this thread runs: models may be copied and moved, so steps cannot hold
  /// on to one.
  static Model*& current() {
    static constinit thread_local Model* model = nullptr;
    return model;
  }
  class CurrentModel {
   public:
    explicit CurrentModel(Model* model) : former_(std::exchange(current(), model)) {}
    ~CurrentModel() { current() = former_; }
    CurrentModel(const CurrentModel&) = delete;
    CurrentModel& operator=(const CurrentModel&) = delete;

   private:
    Model* former_;
  };

  static Tensor weight_of(const std::vector<Tensor>& batch) {
    return batch.size() > 2 ? batch[2] : Tensor();
  }

  Tensor total_loss(Model& model, const std::vector<Tensor>& batch, const Tensor& y_pred) {
    if (!loss) fail<ValueError>("fit", "the model was compiled without a loss");
    Tensor total = (*loss)(batch[1], y_pred, weight_of(batch), detail::find_note(y_pred, "mask"));
    for (const Tensor& penalty : model.losses()) total = total + penalty;
    return total;
  }

  void train_step(Model& model, const std::vector<Tensor>& batch) override {
    const detail::NoteScope notes;
    GradientTape tape;
    const Tensor y_pred = model(batch[0], {.training = true});
    const Tensor total = total_loss(model, batch, y_pred);
    const std::vector<Variable> variables = model.trainable_variables();
    if (!variables.empty())
      optimizer->apply_gradients(tape.gradient(optimizer->scale_loss(total), variables), variables);
    update(batch, y_pred, total);
  }

  void test_step(Model& model, const std::vector<Tensor>& batch) override {
    const detail::NoteScope notes;
    const Tensor y_pred = model(batch[0], {.training = false});
    update(batch, y_pred, total_loss(model, batch, y_pred));
  }

  void update(const std::vector<Tensor>& batch, const Tensor& y_pred, const Tensor& total) {
    // The mean over an epoch counts every sample once: batches weigh by their size.
    loss_tracker->update_state(broadcast_to(stop_gradient(total), {batch[0].dim(0)}));
    const Tensor mask = detail::find_note(y_pred, "mask");
    const auto weight = [&](const Tensor& given) {
      return detail::masked_weight(given, mask, y_pred.dtype(), Reduction::sum);
    };
    for (const auto& m : metrics) m->update_state(batch[1], y_pred, weight({}));
    for (const auto& m : weighted_metrics)
      m->update_state(batch[1], y_pred, weight(weight_of(batch)));
  }

  /// Runs a step captured, or eagerly where asked for.
  void run(const Step& step, Model& model, const std::vector<Tensor>& batch, bool training) {
    model.prepare(batch);
    if (training) optimizer->build(model.trainable_variables());
    const CurrentModel scope(&model);
    CustomLogs& custom = training ? train_logs : test_logs;
    last = &custom;
    if (!run_eagerly)
      custom.values = step(batch);
    else
      custom.values = custom.take(training ? model.train_step(batch) : model.test_step(batch));
  }

  void reset() override {
    loss_tracker->reset_state();
    for (const auto& m : metrics) m->reset_state();
    for (const auto& m : weighted_metrics) m->reset_state();
  }

  const Metric* find_metric(const std::string& name) const {
    for (const auto* list : {&metrics, &weighted_metrics})
      for (const auto& m : *list)
        if (m->name() == name) return m.get();
    return nullptr;
  }

  Logs logs(const std::string& prefix = "") const {
    Logs out;
    for (std::size_t i = 0; i < last->names.size(); ++i) {
      const auto value = last->values.at(i).item<double>();
      // A metric whose result is no op gives NaN within a captured step, and is asked here.
      const Metric* metric = std::isnan(value) ? find_metric(last->names[i]) : nullptr;
      out.set(prefix + last->names[i], metric ? metric->result() : value);
    }
    if (out.size() > 0) return out;
    out.set(prefix + "loss", loss_tracker->result());
    for (const auto& m : metrics) out.set(prefix + m->name(), m->result());
    for (const auto& m : weighted_metrics) out.set(prefix + m->name(), m->result());
    return out;
  }

  void forget_traces() const override {
    train->clear();
    test->clear();
    predict->clear();
  }
};

Model::Training& Model::training() const { return static_cast<Training&>(steps()); }

namespace detail {

inline void add_metrics(std::vector<std::shared_ptr<Metric>>& out,
                        const std::vector<Handle<Metric>>& from, std::vector<std::string>& names,
                        const std::string& twin_prefix) {
  for (const Handle<Metric>& m : from) {
    if (!m) fail<ValueError>("compile", "a metric is empty");
    auto copy = m->clone();
    const auto taken = [&](const std::string& name) {
      return std::find(names.begin(), names.end(), name) != names.end();
    };
    if (taken(copy->name())) copy->set_name(twin_prefix + copy->name());
    std::string name = copy->name();
    for (int n = 1; taken(name); ++n) name = copy->name() + "_" + std::to_string(n);
    copy->set_name(name);
    names.push_back(name);
    out.push_back(std::move(copy));
  }
}

}  // namespace detail

void Model::compile(const CompileOptions& options) {
  if (!options.optimizer) fail<ValueError>("compile", "no optimizer was given");
  auto fresh = std::make_shared<Training>();
  fresh->optimizer = options.optimizer;
  fresh->loss = options.loss;
  fresh->run_eagerly = options.run_eagerly;
  std::vector<std::string> names{"loss"};
  detail::add_metrics(fresh->metrics, options.metrics, names, "");
  detail::add_metrics(fresh->weighted_metrics, options.weighted_metrics, names, "weighted_");
  steps_ = std::move(fresh);
}

Optimizer& Model::optimizer() const { return *training().optimizer; }
std::vector<std::shared_ptr<Metric>> Model::metrics() const {
  std::vector<std::shared_ptr<Metric>> all = training().metrics;
  const auto& weighted = training().weighted_metrics;
  all.insert(all.end(), weighted.begin(), weighted.end());
  return all;
}
bool Model::stop_training() const { return steps_ && training().stop; }
void Model::stop_training(bool stop) { training().stop = stop; }

std::string Model::training_graph() const {
  return to_string(training().train->graph()) + training().train->plan();
}

Logs Model::train_on_batch(const Tensor& x, const Tensor& y, const Tensor& sample_weight) {
  Training& t = training();
  detail::require_rows("train_on_batch", {x, y, sample_weight});
  std::vector<Tensor> batch{x, y};
  if (sample_weight.defined()) batch.push_back(sample_weight);
  reset_metrics();
  t.run(*t.train, *this, batch, true);
  return t.logs();
}

Logs Model::test_on_batch(const Tensor& x, const Tensor& y, const Tensor& sample_weight) {
  Training& t = training();
  detail::require_rows("test_on_batch", {x, y, sample_weight});
  std::vector<Tensor> batch{x, y};
  if (sample_weight.defined()) batch.push_back(sample_weight);
  reset_metrics();
  t.run(*t.test, *this, batch, false);
  return t.logs();
}

Tensor Model::predict_on_batch(const Tensor& x) {
  build_once(x.shape());
  if (!steps_ || training().run_eagerly) return (*this)(x);
  const Training::CurrentModel scope(this);
  return (*training().predict)(x);
}

void Model::save_weights(const std::string& path) const {
  if (variables().empty()) fail<ValueError>("save_weights", "the model is not built yet");
  save_variables(path, named_variables());
}

void Model::save(const std::string& path) const { save_weights(path); }

void Model::load_weights(const std::string& path) {
  if (variables().empty())
    fail<ValueError>("load_weights",
                     "the model is not built yet: call build_once(input_shape) or "
                     "run it on a batch first");
  load_variables(path, named_variables());
}

namespace detail {

inline NamedVariables checkpoint_variables(const Model& model, const Variable& epoch) {
  NamedVariables all;
  for (const auto& [name, v] : model.named_variables()) all.emplace_back("model/" + name, v);
  int i = 0;
  for (const Variable& v : model.optimizer().variables())
    all.emplace_back("optimizer/" + std::to_string(i++) + "/" + v.name(), v);
  all.emplace_back("generator", default_generator().state());
  i = 0;
  for (const Variable& v : model.random_states())
    all.emplace_back("layer_generator/" + std::to_string(i++), v);
  all.emplace_back("epoch", epoch);
  return all;
}

inline Variable epoch_variable(int epoch) {
  return Variable(full({}, epoch, DType::int64), {.trainable = false, .name = "epoch"});
}

}  // namespace detail

void Model::save_checkpoint(const std::string& path, int epoch) const {
  optimizer().build(trainable_variables());
  save_variables(path, detail::checkpoint_variables(*this, detail::epoch_variable(epoch)));
}

int Model::load_checkpoint(const std::string& path) {
  if (variables().empty())
    fail<ValueError>("load_checkpoint", "the model is not built yet: call build_once(input_shape)");
  optimizer().build(trainable_variables());
  const Variable epoch = detail::epoch_variable(0);
  load_variables(path, detail::checkpoint_variables(*this, epoch));
  return epoch.value().item<int>();
}

}  // namespace linnet::inline LINNET_ABI
