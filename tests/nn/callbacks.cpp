#include <algorithm>
#include <cmath>
#include <filesystem>
#include <fstream>
#include <iterator>

#include "linnet/core/creation.hpp"
#include "linnet/nn/confusion_metrics.hpp"
#include "linnet/nn/layers/dense.hpp"
#include "linnet/nn/model.hpp"
#include "linnet/ops/elementwise.hpp"
#include "nn/models.hpp"

using namespace linnet;
using namespace linnet::callbacks;
using namespace models;

TEST_CASE("callbacks are called in Keras's order") {
  struct Order : Callback {
    std::shared_ptr<std::string> log = std::make_shared<std::string>();
    void on_train_begin() override { *log += "T("; }
    void on_train_end(const Logs&) override { *log += ")T"; }
    void on_epoch_begin(int e) override { (*log += "E").append(std::to_string(e)).append("("); }
    void on_epoch_end(int, Logs& logs) override { *log += logs.find("val_loss") ? ")E" : ")!"; }
    void on_train_batch_begin(int) override { *log += "b"; }
    void on_train_batch_end(int, const std::function<Logs()>& logs) override {
      *log += logs().find("loss") ? "B" : "!";
    }
    void on_test_begin() override { *log += "V("; }
    void on_test_batch_begin(int) override { *log += "v"; }
    void on_test_batch_end(int, const std::function<Logs()>&) override { *log += "V"; }
    void on_test_end(const Logs&) override { *log += ")V"; }
    void on_predict_begin() override { *log += "P("; }
    void on_predict_batch_begin(int) override { *log += "p"; }
    void on_predict_batch_end(int, const Tensor& y) override { *log += std::to_string(y.dim(0)); }
    void on_predict_end() override { *log += ")P"; }
  } order;
  Sequential m = counter();
  const Tensor x = ones({4, 1}), y = zeros({4, 1});
  m.fit(x, y,
        {.epochs = 2,
         .batch_size = 2,
         .verbose = 0,
         .callbacks = {order},
         .validation_data = data::LabeledData{x, y},
         .validation_batch_size = 4});
  CHECK(*order.log == "T(E0(bBbBV(vV)V)EE1(bBbBV(vV)V)E)T");
  order.log->clear();
  m.evaluate(x, y, {.verbose = 0, .callbacks = {order}});
  m.predict(x, {.batch_size = 3, .callbacks = {order}});
  CHECK(*order.log == "V(vV)VP(p3p1)P");
}

TEST_CASE("LearningRateScheduler, TerminateOnNaN, CSVLogger and the paths of ModelCheckpoint") {
  Sequential m = counter();
  const Tensor x = ones({2, 1}), y = zeros({2, 1});
  const std::string csv = temporary("a.csv"),
                    model = temporary("m-{epoch:02d}-{loss:.1f}.safetensors");
  History h = m.fit(x, y,
                    {.epochs = 3,
                     .verbose = 0,
                     .callbacks = {LearningRateScheduler([](int epoch, double rate) {
                                     return epoch ? rate / 2 : rate;
                                   }),
                                   CSVLogger(csv), ModelCheckpoint(model, {})}});
  CHECK(h["learning_rate"] == std::vector<double>{1, 0.5, 0.25});
  CHECK(h["loss"] == std::vector<double>{0, -1, -1.5});
  for (const char* name : {"m-01-0.0", "m-02--1.0", "m-03--1.5"}) {
    const std::string path = temporary(std::string(name) + ".safetensors");
    CHECK_MESSAGE(std::filesystem::remove(path), path);
  }
  m.fit(x, y,
        {.epochs = 4,
         .verbose = 0,
         .callbacks = {CSVLogger(csv, {.append = true})},
         .initial_epoch = 3});
  std::ifstream in(csv);
  std::string all((std::istreambuf_iterator<char>(in)), {});
  CHECK(all.substr(0, 24) == "epoch,learning_rate,loss");
  CHECK(std::count(all.begin(), all.end(), '\n') == 5);
  std::filesystem::remove(csv);
  CHECK_THROWS_AS(m.fit(x, y, {.verbose = 0, .callbacks = {CSVLogger("/no/such/folder/a.csv")}}),
                  IOError);
  CHECK_THROWS_AS(
      m.fit(x, y, {.verbose = 0, .callbacks = {ModelCheckpoint("/no/such/folder/m", {})}}),
      IOError);
  Sequential exploding = counter(1e30);
  h = exploding.fit(ones({50, 1}) * 1e20, zeros({50, 1}),
                    {.epochs = 5, .batch_size = 1, .verbose = 0, .callbacks = {TerminateOnNaN()}});
  CHECK(h["loss"].size() == 1);
  CHECK(!std::isfinite(h["loss"][0]));
  CHECK(exploding.optimizer().iterations().value().item<int>() < 4);
  SGD scheduled(ExponentialDecay(1, 1, 0.5));
  m.compile({.optimizer = scheduled, .loss = "mse"});
  CHECK_THROWS_AS(
      m.fit(x, y,
            {.verbose = 0, .callbacks = {LearningRateScheduler([](int, double r) { return r; })}}),
      ValueError);
}

namespace {

/// Puts a value per epoch in the logs before the callbacks after it see them.
struct Monitor : Callback {
  std::string name;
  std::vector<double> values;
  Monitor(std::string n, std::vector<double> v) : name(std::move(n)), values(std::move(v)) {}
  void on_epoch_end(int epoch, Logs& logs) override {
    logs.set(name, values.at(static_cast<std::size_t>(epoch)));
  }
};

/// Which of the files name1, name2, ... are there; removes them.
std::string taken(const std::string& name) {
  std::string out;
  for (int i = 1; i < 20; ++i)
    if (std::filesystem::remove(temporary(linnet::detail::concat_message(name, i)))) {
      if (!out.empty()) out += ' ';
      linnet::detail::append(out, i);
    }
  return out;
}

}  // namespace

TEST_CASE("ModelCheckpoint saves the best, beyond a threshold, or every few batches") {
  const Tensor x = ones({6, 1}), y = zeros({6, 1});
  const auto saved = [&](const ModelCheckpointOptions& o, const std::vector<double>& v,
                         const std::string& monitor = "val_loss") {
    Sequential m = counter();
    m.fit(x, y,
          {.epochs = static_cast<int>(v.size()),
           .batch_size = 2,
           .verbose = 0,
           .callbacks = {Monitor(monitor, v), ModelCheckpoint(temporary("best{epoch}"), o)}});
    return taken("best");
  };
  const std::vector<double> v{3, 2, 2, 4, 1};
  CHECK(saved({}, v) == "1 2 3 4 5");
  CHECK(saved({.save_best_only = true}, v) == "1 2 5");
  CHECK(saved({.save_best_only = true, .mode = Mode::max}, v) == "1 4");
  CHECK(saved({.save_best_only = true, .initial_value_threshold = 2.0}, v) == "5");
  CHECK(saved({.monitor = "other", .save_best_only = true}, v) == "1 2 3 4 5");  // with a warning
  CHECK(saved({.monitor = "score", .save_best_only = true, .mode = Mode::max}, v, "score") ==
        "1 4");
  CHECK_THROWS_WITH_AS(saved({.monitor = "score", .save_best_only = true}, v, "score"),
                       doctest::Contains("set .mode"), ValueError);
  CHECK(saved({.save_freq = 4}, {0, 0, 0, 0}) == "2 3 4");  // after 4, 8 and 12 batches of 3 each
  CHECK_THROWS_AS(ModelCheckpoint("m", {.save_freq = "batch"}), ValueError);
  CHECK_THROWS_AS(ModelCheckpoint("m", {.save_freq = -1}), ValueError);
  CHECK_THROWS_AS(ModelCheckpoint(""), ValueError);
}

TEST_CASE("metrics know which way is better") {
  Sequential m{layers::Dense(1, {.input_shape = Shape{1}})};
  m.compile(
      {.optimizer = SGD(0.0),
       .loss = "mse",
       .metrics = {"mae", "auc",
                   metrics::MeanOf([](const Tensor&, const Tensor& p) { return p; }, "mine")}});
  const auto best_epoch = [&](const std::string& monitor) {
    auto stop = std::make_shared<EarlyStopping>(
        EarlyStoppingOptions{.monitor = monitor, .patience = 9, .restore_best_weights = true});
    m.fit(ones({2, 1}), ones({2, 1}),
          {.epochs = 4, .verbose = 0, .callbacks = {Monitor(monitor, {2, 1, 3, 2}), stop}});
    return stop->best_epoch();
  };
  CHECK(best_epoch("loss") == 1);
  CHECK(best_epoch("val_mae") == 1);
  CHECK(best_epoch("val_auc") == 2);
  CHECK_THROWS_AS(best_epoch("mine"), ValueError);
}
