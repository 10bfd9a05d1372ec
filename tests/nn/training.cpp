#include <doctest/doctest.h>

#include <cmath>
#include <csignal>
#include <filesystem>
#include <fstream>
#include <thread>
#include <unistd.h>

#include "linnet/core/creation.hpp"
#include "linnet/nn/layers/conv2d.hpp"
#include "linnet/nn/layers/core.hpp"
#include "linnet/nn/layers/dense.hpp"
#include "linnet/nn/layers/embedding.hpp"
#include "linnet/nn/layers/normalization.hpp"
#include "linnet/nn/model.hpp"
#include "linnet/ops/elementwise.hpp"
#include "linnet/ops/random.hpp"
#include "linnet/ops/reduce.hpp"
#include "linnet/ops/shape.hpp"

using namespace linnet;
using namespace linnet::callbacks;

namespace {

struct Samples {
  Tensor x, y;
};

/// Three well separated clusters in four dimensions.
Samples clusters(std::int64_t n, std::uint64_t seed = 1) {
  const Tensor y = random_integers({n}, 0, 3, {.generator = Generator(seed)});
  std::vector<float> x;
  const auto noise =
      normal({n, 4}, {.stddev = 0.3, .generator = Generator(seed + 1)}).to_vector<float>();
  const auto labels = y.to_vector<int>();
  for (std::size_t i = 0; i < noise.size(); ++i)
    x.push_back(noise[i] + (static_cast<int>(i % 4) == labels[i / 4] ? 2.f : 0.f));
  return {from_vector(x, {n, 4}), y};
}

Sequential classifier(bool dropout = false) {
  set_random_seed(3);
  Sequential m{layers::Dense(16, {.activation = relu}), layers::Dropout(dropout ? 0.3 : 0.0),
               layers::Dense(3)};
  m.build_once({1, 4});
  m.compile({.optimizer = Adam(0.01),
             .loss = SparseCategoricalCrossentropy({.from_logits = true}),
             .metrics = {"accuracy"}});
  return m;
}

std::vector<std::vector<float>> weights(const Model& m) {
  std::vector<std::vector<float>> out;
  for (const Tensor& t : m.get_weights()) out.push_back(t.to_vector<float>());
  return out;
}

std::string temporary(const char* name) {
  return (std::filesystem::temp_directory_path() / (std::to_string(::getpid()) + name)).string();
}

}  // namespace

TEST_CASE("fit learns, evaluate and predict agree") {
  const auto [x, y] = clusters(300);
  Sequential m = classifier();
  const History h = m.fit(x, y, {.epochs = 8, .verbose = 0, .validation_split = 0.2});
  CHECK(h.names() == std::vector<std::string>{"accuracy", "loss", "val_accuracy", "val_loss"});
  CHECK(h["loss"].size() == 8);
  CHECK(h["loss"].back() < h["loss"].front());
  CHECK(h["val_accuracy"].back() > 0.95);
  const Logs logs = m.evaluate(x, y, {.verbose = 0});
  const Tensor p = m.predict(x);
  CHECK(p.shape() == Shape({300, 3}));
  CHECK(mean(cast(argmax(p) == y, float64)).item<double>() == doctest::Approx(logs["accuracy"]));
}

TEST_CASE("captured training equals eager training bit by bit") {
  const auto [x, y] = clusters(70);
  std::vector<std::vector<std::vector<float>>> ends;
  for (bool eager : {false, true}) {
    Sequential m = classifier(true);
    m.compile({.optimizer = Adam(0.01),
               .loss = SparseCategoricalCrossentropy({.from_logits = true}),
               .metrics = {"accuracy"},
               .run_eagerly = eager});
    set_random_seed(9);
    m.fit(x, y, {.epochs = 3, .batch_size = 16, .verbose = 0});
    ends.push_back(weights(m));
  }
  CHECK(ends[0] == ends[1]);
}

TEST_CASE("an epoch's loss counts every sample once, last batch included") {
  Sequential m{layers::Dense(1, {.use_bias = false, .kernel_initializer = "ones"})};
  m.compile({.optimizer = SGD(0.0), .loss = "mse"});
  const Tensor x = reshape(arange(1, 6, 1, float32), {5, 1});
  const History h = m.fit(x, zeros({5, 1}), {.batch_size = 4, .verbose = 0});
  CHECK(h["loss"][0] == doctest::Approx((1 + 4 + 9 + 16 + 25) / 5.0));
}

TEST_CASE("sample and class weights multiply; the mean divides by the number of samples") {
  Sequential m{layers::Dense(1, {.use_bias = false, .kernel_initializer = "ones"})};
  m.compile({.optimizer = SGD(0.0), .loss = "mse"});
  const Tensor x = tensor({{1.f}, {2.f}, {3.f}}), y = zeros({3, 1});
  CHECK(m.evaluate(x, y, {.verbose = 0, .sample_weight = tensor({1.f, 0.f, 2.f})})["loss"] ==
        doctest::Approx((1 + 18) / 3.0));
  Sequential c{layers::Dense(2, {.kernel_initializer = "zeros"})};
  c.compile({.optimizer = SGD(0.0), .loss = SparseCategoricalCrossentropy({.from_logits = true})});
  const History h = c.fit(x, tensor({0, 1, 1}), {.verbose = 0, .class_weight = {{1, 3.0}}});
  CHECK(h["loss"][0] == doctest::Approx(std::log(2.0) * 7 / 3));
}

TEST_CASE("regularizers are part of the loss in fit and evaluate") {
  Sequential m{layers::Dense(
      1, {.use_bias = false, .kernel_initializer = "ones", .kernel_regularizer = L2(0.5)})};
  m.compile({.optimizer = SGD(0.0), .loss = "mse"});
  CHECK(m.evaluate(zeros({2, 4}), zeros({2, 1}), {.verbose = 0})["loss"] == doctest::Approx(2.0));
}

TEST_CASE("a softmax output is scored from its logits") {
  Sequential m{layers::Activation("softmax")};
  m.compile({.optimizer = SGD(0.0), .loss = "sparse_categorical_crossentropy"});
  m.build_once({1, 3});
  CHECK(m.test_on_batch(tensor({{50.f, 0.f, -80.f}}), tensor({2}))["loss"] ==
        doctest::Approx(130.0));
}

TEST_CASE("optimizers follow Keras's formulas for six steps") {
  const std::vector<double> g{0.5, -0.2, 0.1, 0.9, -0.4, 0.3};
  const auto run = [&](Optimizer& o) {
    Variable w(tensor({1.0}));
    for (double d : g) o.apply_gradients({tensor({d})}, {w});
    return w.value().item<double>();
  };
  double w = 1, m = 0, v = 0, e = 0;
  for (std::size_t t = 1; t <= g.size(); ++t) {
    const double d = g[t - 1];
    m += 0.1 * (d - m), v += 0.001 * (d * d - v);
    w -= 0.01 * std::sqrt(1 - std::pow(0.999, t)) / (1 - std::pow(0.9, t)) * m /
         (std::sqrt(v) + 1e-7);
  }
  Adam adam(0.01);
  CHECK(run(adam) == doctest::Approx(w).epsilon(1e-6));
  w = 1, m = 0;
  for (double d : g) m = 0.9 * m - 0.1 * d, w += 0.9 * m - 0.1 * d;
  SGD nesterov(0.1, {.momentum = 0.9, .nesterov = true});
  CHECK(run(nesterov) == doctest::Approx(w).epsilon(1e-6));
  w = 1, v = 0, e = 0, m = 0;
  for (double d : g) {
    v = 0.9 * v + 0.1 * d * d, e = 0.9 * e + 0.1 * d;
    m = 0.5 * m + 0.01 * d / std::sqrt(v - e * e + 1e-7), w -= m;
  }
  RMSprop rms(0.01, {.momentum = 0.5, .centered = true});
  CHECK(run(rms) == doctest::Approx(w).epsilon(1e-5));
  w = 1;
  for (double d : g) w = w * (1 - 0.1 * 0.004) - 0.1 * d;
  SGD decayed(0.1, {.weight_decay = 0.004});
  CHECK(run(decayed) == doctest::Approx(w).epsilon(1e-6));
  CHECK(adam.iterations().value().item<int>() == 6);
}

TEST_CASE("clips, schedules and what optimizers refuse") {
  Variable w(zeros({2}));
  SGD norm(1.0, {.clipnorm = 1});
  norm.apply_gradients({tensor({3.f, 4.f})}, {w});
  CHECK(w.value()(0).item<double>() == doctest::Approx(-0.6));
  SGD value(1.0, {.clipvalue = 0.5});
  value.apply_gradients({tensor({3.f, -4.f})}, {w});
  CHECK(w.value()(1).item<double>() == doctest::Approx(-0.3));
  CHECK_THROWS_AS(SGD(1.0, {.clipnorm = 1, .clipvalue = 1}), ValueError);
  CHECK_THROWS_AS(norm.apply_gradients({Tensor()}, {w}), ValueError);
  CHECK_THROWS_AS(norm.apply_gradients({ones({2})}, {Variable(ones({2}))}), ValueError);
  SGD scheduled(ExponentialDecay(1.0, 1, 0.5));
  Variable u(tensor({0.f}));
  for (int i = 0; i < 3; ++i) scheduled.apply_gradients({tensor({1.f})}, {u});
  CHECK(u.value().item<double>() == doctest::Approx(-1.75));
  const auto at = [](const LearningRateSchedule& s, double t) {
    return s(tensor(t)).item<double>();
  };
  CHECK(at(InverseTimeDecay(1, 10, 0.5), 20) == doctest::Approx(0.5));
  CHECK(at(PolynomialDecay(1, 10, 0.1, 2), 5) == doctest::Approx(0.325));
  CHECK(at(CosineDecay(1, 10), 5) == doctest::Approx(0.5));
  CHECK(at(PiecewiseConstantDecay({5, 10}, {1, 2, 3}), 5) == 1);
  CHECK(at(PiecewiseConstantDecay({5, 10}, {1, 2, 3}), 11) == 3);
}

TEST_CASE("batch normalization moves its statistics in training only") {
  layers::BatchNormalization bn;
  const Tensor x = tensor({{1.f, 10.f}, {3.f, 30.f}});
  const auto y = bn(x, {.training = true}).to_vector<double>();
  CHECK(y[0] == doctest::Approx(-1 / std::sqrt(1 + 1e-3)).epsilon(1e-4));
  const auto w = bn.get_weights();
  CHECK(w[2](0).item<double>() == doctest::Approx(0.02));
  CHECK(w[3](1).item<double>() == doctest::Approx(0.99 + 1.0).epsilon(1e-4));
  bn(x);
  CHECK(bn.get_weights()[2](0).item<double>() == doctest::Approx(0.02));
  bn.set_trainable(false);
  bn(x, {.training = true});
  CHECK(bn.get_weights()[2](0).item<double>() == doctest::Approx(0.02));
}

TEST_CASE("initializers have Keras's spread") {
  const auto spread = [](const char* name, const Shape& s) {
    const Tensor w = (*Handle<Initializer>(name))(s);
    return std::pair{std::sqrt(mean(square(w)).item<double>()), max(abs(w)).item<double>()};
  };
  CHECK(spread("glorot_uniform", {300, 100}).second <= std::sqrt(6.0 / 400));
  CHECK(spread("glorot_uniform", {300, 100}).first ==
        doctest::Approx(std::sqrt(2.0 / 400)).epsilon(0.03));
  CHECK(spread("he_normal", {3, 3, 64, 64}).first ==
        doctest::Approx(std::sqrt(2.0 / 576)).epsilon(0.03));
  CHECK(spread("truncated_normal", {200, 200}).first == doctest::Approx(0.044).epsilon(0.03));
  const Handle<Initializer> one("he_uniform");
  CHECK((*one)({5}).to_vector<float>() == (*one)({5}).to_vector<float>());
}

TEST_CASE("EarlyStopping, ReduceLROnPlateau, ModelCheckpoint, CSVLogger") {
  const auto [x, y] = clusters(60);
  Sequential m = classifier();
  m.compile({.optimizer = SGD(0.0), .loss = SparseCategoricalCrossentropy({.from_logits = true})});
  auto stop =
      std::make_shared<EarlyStopping>(EarlyStoppingOptions{.monitor = "loss", .patience = 2});
  const std::string csv = temporary("log.csv"), best = temporary("best.safetensors");
  const History h =
      m.fit(x, y,
            {.epochs = 20,
             .verbose = 0,
             .callbacks = {stop, ModelCheckpoint(best, {.monitor = "loss", .save_best_only = true}),
                           CSVLogger(csv)},
             .shuffle = false});
  CHECK(h.epoch().size() == 3);
  CHECK(stop->stopped_epoch() == 2);
  m.load_weights(best);
  std::ifstream in(csv);
  std::string line;
  std::getline(in, line);
  CHECK(line == "epoch,loss,val_loss");  // as Keras: later epochs may be validated
  std::filesystem::remove(csv);
  std::filesystem::remove(best);
  m.compile({.optimizer = SGD(1e-9), .loss = SparseCategoricalCrossentropy({.from_logits = true})});
  const History r =
      m.fit(x, y,
            {.epochs = 5,
             .verbose = 0,
             .callbacks = {ReduceLROnPlateau({.monitor = "loss", .factor = 0.5, .patience = 2})},
             .shuffle = false});
  CHECK(r["learning_rate"].front() == doctest::Approx(1e-9));
  CHECK(r["learning_rate"].back() == doctest::Approx(5e-10));
  CHECK_THROWS_AS(ReduceLROnPlateau({.factor = 1.0}), ValueError);
}

TEST_CASE("training resumes bit by bit from a checkpoint") {
  const auto [x, y] = clusters(90);
  const std::string path = temporary("resume.safetensors");
  const FitOptions first{.epochs = 2, .batch_size = 16, .verbose = 0};
  FitOptions rest = first;
  rest.epochs = 4, rest.initial_epoch = 2;
  Sequential whole = classifier(true);
  set_random_seed(5);
  whole.fit(x, y, first);
  whole.save_checkpoint(path, 2);
  whole.fit(x, y, rest);
  Sequential resumed = classifier(true);
  rest.initial_epoch = resumed.load_checkpoint(path);
  CHECK(rest.initial_epoch == 2);
  resumed.fit(x, y, rest);
  CHECK(weights(whole) == weights(resumed));
  std::filesystem::remove(path);
}

TEST_CASE("Ctrl-C ends training after the step; weights and history stay") {
  const auto [x, y] = clusters(300);
  Sequential m = classifier();
  const auto former = std::signal(SIGINT, SIG_DFL);  // the test framework has a handler of its own
  LambdaCallback interrupt;
  interrupt.train_batch_end = [](int batch, const auto&) {
    if (batch == 3) std::raise(SIGINT);
  };
  const History h =
      m.fit(x, y, {.epochs = 50, .batch_size = 10, .verbose = 0, .callbacks = {interrupt}});
  CHECK(h["loss"].size() == 1);
  CHECK(m.optimizer().iterations().value().item<int>() == 4);
  m.fit(x, y, {.epochs = 1, .verbose = 0});
  std::signal(SIGINT, former);
}

TEST_CASE("training and predicting at once take turns") {
  const auto [x, y] = clusters(64);
  Sequential m = classifier();
  m.fit(x, y, {.verbose = 0});
  std::thread reader([&, &x = x] {
    for (int i = 0; i < 50; ++i) CHECK(m.predict(x).shape() == Shape({64, 3}));
  });
  m.fit(x, y, {.epochs = 20, .verbose = 0});
  reader.join();
}

TEST_CASE("bad input to models is a typed error and changes nothing") {
  const auto [x, y] = clusters(20);
  Sequential raw{layers::Dense(3)};
  CHECK_THROWS_WITH_AS(raw.fit(x, y), doctest::Contains("compile()"), ValueError);
  Sequential m = classifier();
  const auto before = weights(m);
  CHECK_THROWS_WITH_AS(m.fit(x, zeros({7})), doctest::Contains("Data cardinality is ambiguous"),
                       ValueError);
  CHECK_THROWS_AS(m.fit(zeros({0, 4}), zeros({0})), ValueError);
  CHECK_THROWS_AS(m.fit(x, y, {.batch_size = 0}), ValueError);
  CHECK_THROWS_AS(m.fit(x, y, {.verbose = 0, .validation_split = 1.5}), ValueError);
  CHECK_THROWS_WITH_AS(m.fit(x, full({20}, 12, int32), {.verbose = 0}),
                       doctest::Contains("label 12 is outside [0, 3)"), IndexError);
  CHECK_THROWS_AS(m.fit(x, full({20}, NAN), {.verbose = 0, .callbacks = {}}).names(), Error);
  CHECK_THROWS_WITH_AS(m.predict(zeros({2, 5})), doctest::Contains("expected axis -1"), ShapeError);
  CHECK_THROWS_AS(m.compile({.optimizer = "adamm"}), ValueError);
  CHECK_THROWS_AS(m.compile({.loss = "foo"}), ValueError);
  CHECK_THROWS_AS(m.compile({.metrics = {"foo"}}), ValueError);
  CHECK_THROWS_AS(layers::Dense(0), ValueError);
  CHECK_THROWS_AS(layers::Dropout(2), ValueError);
  CHECK_THROWS_AS(layers::Dense(3, {.activation = "foo"}), ValueError);
  CHECK_THROWS_AS(m.set_weights({ones({1})}), ValueError);
  CHECK_THROWS_AS(m.save_weights("/no/such/folder/w"), IOError);
  CHECK_THROWS_AS(m.load_weights("/no/such/file"), IOError);
  CHECK(weights(m) == before);
}

TEST_CASE("embeddings learn and refuse what is outside the table") {
  layers::Embedding e(5, 3);
  CHECK(e(tensor({{0, 4}})).shape() == Shape({1, 2, 3}));
  CHECK_THROWS_AS(e(tensor({5})), IndexError);
}

TEST_CASE("the summary lists layers, shapes and parameters") {
  Sequential m{layers::Conv2D(32, 3, {.name = "first"}), layers::MaxPooling2D(2), layers::Flatten(),
               layers::Dense(10)};
  CHECK(m.summary_text().find("0 (unbuilt)") != std::string::npos);
  m.build_once({1, 28, 28, 1});
  const std::string text = m.summary_text();
  CHECK(text.find("first (Conv2D)") != std::string::npos);
  CHECK(text.find("(None, 26, 26, 32)") != std::string::npos);
  CHECK(text.find("Total params: 54,410 (212.54 KB)") != std::string::npos);
}
