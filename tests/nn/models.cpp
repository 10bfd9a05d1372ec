#include <doctest/doctest.h>

#include <cmath>
#include <filesystem>
#include <fstream>
#include <unistd.h>

#include "linnet/core/creation.hpp"
#include "linnet/nn/layers/conv2d.hpp"
#include "linnet/nn/layers/core.hpp"
#include "linnet/nn/layers/dense.hpp"
#include "linnet/nn/layers/normalization.hpp"
#include "linnet/nn/model.hpp"
#include "linnet/ops/elementwise.hpp"
#include "linnet/ops/matmul.hpp"
#include "linnet/ops/random.hpp"
#include "linnet/ops/reduce.hpp"
#include "linnet/ops/shape.hpp"
#include "linnet/ops/softmax.hpp"

using namespace linnet;
using namespace linnet::callbacks;

namespace {

/// A residual network by subclassing, without a build() of its own.
struct Residual : Model {
  Residual() : Model("residual") {
    first = track(layers::Dense(4, {.activation = relu}));
    second = track(layers::Dense(4));
    last = track(layers::Dense(1));
  }
  Tensor call(const Tensor& x, bool training) override {
    const Tensor h = (*first)(x, {.training = training});
    return (*last)(h + (*second)(h));
  }
  std::shared_ptr<layers::Dense> first, second, last;
};

/// A layer with a weight of its own.
struct Scale : Layer {
  Scale() : Layer("scale") {}
  void build(const Shape& input) override {
    add_weight("factor", {input[-1]}, {.initializer = "ones", .regularizer = "l1"});
  }
  Tensor call(const Tensor& x, bool) override { return x * weight(0); }
};

std::vector<std::vector<float>> values(const Layer& l) {
  std::vector<std::vector<float>> out;
  for (const Tensor& t : l.get_weights()) out.push_back(t.to_vector<float>());
  return out;
}

std::string temporary(const std::string& name) {
  return (std::filesystem::temp_directory_path() / (std::to_string(::getpid()) + name)).string();
}

/// One weight that a step moves by the rate.
Sequential counter(double rate = 1) {
  Sequential m{layers::Dense(1, {.use_bias = false, .kernel_initializer = "zeros"})};
  m.compile({.optimizer = SGD(rate),
             .loss = FunctionLoss([](const Tensor&, const Tensor& p) { return p; })});
  return m;
}

}  // namespace

TEST_CASE("a subclassed model trains without building it first") {
  for (bool eager : {false, true}) {
    set_random_seed(1);
    Residual m;
    m.compile({.optimizer = Adam(0.02), .loss = "mse", .run_eagerly = eager});
    const Tensor x = normal({64, 3}), y = sum(x, {.axis = 1, .keepdims = true});
    const History h = m.fit(x, y, {.epochs = 30, .batch_size = 16, .verbose = 0});
    CHECK(h["loss"].back() < 0.1 * h["loss"].front());
    CHECK(m.count_params() == 3 * 4 + 4 + 4 * 4 + 4 + 4 + 1);
    CHECK(m.named_variables()[2].first == "dense_1/kernel");
  }
}

TEST_CASE("layers of one's own have weights, penalties and freeze") {
  Sequential m{Scale(), layers::Dense(2)};
  m.build_once({1, 3});
  CHECK(m.trainable_variables().size() == 3);
  CHECK(m.losses()[0].item<double>() == doctest::Approx(0.03));
  m.layers()[0]->set_trainable(false);
  CHECK(m.trainable_variables().size() == 2);
  CHECK(m.non_trainable_variables().size() == 1);
  CHECK(m.losses().empty());
  m.set_trainable(false);
  m.compile({.optimizer = SGD(1.0), .loss = "mse"});
  const auto before = values(m);
  m.fit(ones({4, 3}), ones({4, 2}), {.verbose = 0});  // nothing to train: runs, changes nothing
  CHECK(values(m) == before);
}

TEST_CASE("names count up until the session is cleared") {
  clear_session();
  CHECK(layers::Dense(1).name() == "dense");
  CHECK(layers::Dense(1).name() == "dense_1");
  CHECK(layers::MaxPooling2D().name() == "max_pooling2d");
  CHECK(layers::ReLU().name() == "re_lu");
  CHECK(layers::BatchNormalization().name() == "batch_normalization");
  CHECK(layers::Dense(1, {.name = "mine"}).name() == "mine");
  clear_session();
  CHECK(layers::Dense(1).name() == "dense");
}

TEST_CASE("input_shape builds; layers added later are built at once") {
  Sequential m{layers::Dense(8, {.input_shape = Shape{4}}), layers::Dense(2)};
  CHECK(m.built());
  CHECK(m.count_params() == 4 * 8 + 8 + 8 * 2 + 2);
  m.add(layers::Dense(3));
  CHECK(m.get_weights().size() == 6);
  CHECK(m.predict(zeros({2, 4})).shape() == Shape({2, 3}));
  CHECK_THROWS_AS(m.add(layers::Conv2D(2, 3)), ShapeError);
  CHECK(m.layers().size() == 3);
  CHECK(m.predict(zeros({2, 4})).shape() == Shape({2, 3}));
}

TEST_CASE("a build that fails leaves no weights behind") {
  Sequential m{layers::Dense(3), layers::Conv2D(2, 3)};
  CHECK_THROWS_AS(m.predict(zeros({2, 5})), ShapeError);
  CHECK(m.variables().empty());
  CHECK_THROWS_AS(m.predict(zeros({2, 8, 8})), ShapeError);
  CHECK(m.predict(zeros({2, 6, 6, 7})).shape() == Shape({2, 4, 4, 2}));
  CHECK(m.get_weights()[0].shape() == Shape({7, 3}));
}

TEST_CASE("shapes of layers without weights") {
  CHECK(layers::Flatten()(zeros({2, 3, 4})).shape() == Shape({2, 12}));
  CHECK(layers::Flatten()(zeros({5})).shape() == Shape({5, 1}));
  CHECK(layers::Flatten()(zeros({0, 3, 4})).shape() == Shape({0, 12}));
  CHECK(layers::Reshape({4, -1})(zeros({2, 12})).shape() == Shape({2, 4, 3}));
  CHECK_THROWS_AS(layers::Reshape({5})(zeros({2, 12})), ShapeError);
  CHECK(layers::GlobalAveragePooling2D({.keepdims = true})(zeros({2, 3, 4, 5})).shape() ==
        Shape({2, 1, 1, 5}));
  CHECK_THROWS_AS(layers::GlobalAveragePooling2D()(zeros({2, 3})), ShapeError);
  CHECK(layers::Rescaling(1 / 255.0)(tensor({255})).item<double>() == doctest::Approx(1));
  CHECK_THROWS_AS(layers::Conv2D(3, 5)(zeros({1, 4, 4, 1})), ShapeError);
  CHECK_THROWS_AS(layers::Conv2D(3, 2, {.padding = "sam"})(zeros({1, 4, 4, 1})), ValueError);
  CHECK_THROWS_AS(layers::Conv2D(3, 2, {.groups = 2}), ValueError);
  CHECK_THROWS_AS(layers::Dense(3)(zeros({4})), ShapeError);
}

TEST_CASE("dropout drops in training only, with the rate given") {
  layers::Dropout d(0.25, {.seed = 7});
  const Tensor x = ones({10000});
  CHECK(d(x).to_vector<float>() == x.to_vector<float>());
  const Tensor y = d(x, {.training = true});
  CHECK(mean(cast(y == 0, float32)).item<double>() == doctest::Approx(0.25).epsilon(0.06));
  CHECK(max(y).item<double>() == doctest::Approx(1 / 0.75));
  CHECK(d(x, {.training = true}).to_vector<float>() != y.to_vector<float>());
  CHECK(layers::Dropout(0.25, {.seed = 7})(x, {.training = true}).to_vector<float>() ==
        y.to_vector<float>());
}

TEST_CASE("initializers are pure; identity and orthogonal are what they say") {
  const initializers::Orthogonal o(2.0, 3);
  for (const Shape& shape : {Shape{6, 4}, Shape{4, 6}, Shape{3, 2, 5}}) {
    const Tensor w = reshape(o(shape), {-1, shape[-1]});
    const bool wide = w.dim(0) < w.dim(1);
    const Tensor gram = wide ? matmul(w, transpose(w)) : matmul(transpose(w), w);
    const Tensor expected = initializers::Identity(4.0)(gram.shape());
    CHECK(max(abs(gram - expected)).item<double>() < 1e-5);
  }
  CHECK(o({3, 3}).to_vector<float>() == o({3, 3}).to_vector<float>());
  CHECK_THROWS_AS(o({3}), ShapeError);
  CHECK_THROWS_AS(initializers::Identity()({3}), ShapeError);
  CHECK_THROWS_AS(initializers::VarianceScaling(-1), ValueError);
  CHECK_THROWS_WITH_AS(layers::Dense(1, {.kernel_initializer = "glorot"}),
                       doctest::Contains("Could not interpret initializer identifier: glorot"),
                       ValueError);
  const initializers::HeNormal he(5);
  CHECK(he({8, 8}).to_vector<float>() == initializers::HeNormal(5)({8, 8}).to_vector<float>());
}

TEST_CASE("probabilities of softmax and sigmoid layers are scored from their logits") {
  for (bool eager : {false, true}) {
    Sequential two{layers::Activation("sigmoid")};
    two.compile({.optimizer = "sgd", .loss = "binary_crossentropy", .run_eagerly = eager});
    CHECK(two.test_on_batch(tensor({{-80.f}}), tensor({{1.f}}))["loss"] == doctest::Approx(80));
    Sequential many{layers::Softmax()};
    many.compile({.optimizer = "sgd", .loss = "categorical_crossentropy", .run_eagerly = eager});
    CHECK(many.test_on_batch(tensor({{50.f, 0.f, -80.f}}), tensor({{0.f, 0.f, 1.f}}))["loss"] ==
          doctest::Approx(130));
    // A layer between forgets the logits: the clipped probability counts.
    Sequential clipped{layers::Softmax(), layers::Rescaling(1.0)};
    clipped.compile(
        {.optimizer = "sgd", .loss = "sparse_categorical_crossentropy", .run_eagerly = eager});
    CHECK(clipped.test_on_batch(tensor({{50.f, 0.f, -80.f}}), tensor({2}))["loss"] ==
          doctest::Approx(16.118).epsilon(1e-3));
  }
}

TEST_CASE("accuracy goes by shapes; names of metrics are unique") {
  const Tensor p = tensor({{0.2f, 0.8f}, {0.6f, 0.4f}});
  const auto accuracy = [](const Tensor& y, const Tensor& q) {
    Accuracy a;
    a.update_state(y, q);
    return a.result();
  };
  CHECK(accuracy(tensor({1, 1}), p) == 0.5);
  CHECK(accuracy(tensor({{1}, {0}}), p) == 1);
  CHECK(accuracy(tensor({{1.f, 0.f}, {1.f, 0.f}}), p) == 0.5);
  CHECK(accuracy(tensor({1.f, 0.f}), tensor({{0.7f}, {0.5f}})) == 1);  // > 0.5 is strict
  metrics::Accuracy exact;
  exact.update_state(tensor({1, 2, 3}), tensor({1, 2, 4}), tensor({1.f, 1.f, 2.f}));
  CHECK(exact.result() == 0.5);
  metrics::Mean mean;
  mean.update_state(tensor({1.f, 2.f}));
  mean.update_state(tensor(6.f));
  CHECK(mean.result() == 3);
  Sequential m{layers::Dense(1)};
  m.compile({.optimizer = "sgd",
             .loss = "mse",
             .metrics = {"mae", "mae", "acc"},
             .weighted_metrics = {"mae"}});
  std::vector<std::string> names;
  for (const auto& [name, value] : m.test_on_batch(ones({2, 1}), ones({2, 1})))
    names.push_back(name);
  CHECK(names == std::vector<std::string>{"loss", "mae", "mae_1", "acc", "weighted_mae"});
}

TEST_CASE("datasets: epochs of steps, ends, refusals") {
  const Tensor x = ones({12, 1}), y = zeros({12, 1});
  const auto batches = data::Dataset::from_tensor_slices({x, y}).batch(4);
  const auto steps = [&](std::int64_t per_epoch, int epochs) {
    Sequential m = counter();
    std::vector<int> seen;
    LambdaCallback count;
    count.epoch_begin = [&](int) { seen.push_back(0); };
    count.train_batch_end = [&](int, const auto&) { ++seen.back(); };
    m.fit(batches,
          {.epochs = epochs, .verbose = 0, .callbacks = {count}, .steps_per_epoch = per_epoch});
    return seen;
  };
  CHECK(steps(-1, 2) == std::vector<int>{3, 3});
  CHECK(steps(2, 2) == std::vector<int>{2, 1});
  CHECK(steps(3, 3) == std::vector<int>{3, 3, 3});
  CHECK(steps(5, 2) == std::vector<int>{3, 3});
  Sequential m = counter();
  CHECK_THROWS_WITH_AS(m.fit(batches.take(0), {.verbose = 0}), doctest::Contains("empty"),
                       ValueError);
  CHECK_THROWS_AS(m.evaluate(batches.take(0), {.verbose = 0}), ValueError);
  CHECK_THROWS_AS(m.predict(batches.take(0)), ValueError);
  CHECK_THROWS_AS(m.fit(data::Dataset::from_tensors({x}), {.verbose = 0}), ValueError);
  CHECK_THROWS_AS(m.fit(batches, {.verbose = 0, .validation_split = 0.5}), ValueError);
  CHECK_THROWS_AS(m.fit(batches, {.verbose = 0, .class_weight = {{0, 1.0}}}), ValueError);
  CHECK_THROWS_AS(m.fit(batches, {.verbose = 0, .steps_per_epoch = 0}), ValueError);
  CHECK_THROWS_AS(m.fit(batches, {.verbose = 0, .validation_freq = 0}), ValueError);
  CHECK(m.predict(batches).shape() == Shape({12, 1}));
  CHECK(m.predict(data::Dataset::from_tensors({x})).shape() == Shape({12, 1}));
}

TEST_CASE("arrays: steps per epoch go on, validation in its own batches and epochs") {
  Sequential m = counter();
  int train = 0, test = 0;
  struct Count : Callback {
    int *train, *test;
    void on_train_batch_end(int, const std::function<Logs()>&) override { ++*train; }
    void on_test_batch_end(int, const std::function<Logs()>&) override { ++*test; }
  } count;
  count.train = &train, count.test = &test;
  const History h = m.fit(ones({10, 1}), zeros({10, 1}),
                          {.epochs = 4,
                           .batch_size = 2,
                           .verbose = 0,
                           .callbacks = {count},
                           .validation_data = data::LabeledData{ones({9, 1}), zeros({9, 1})},
                           .steps_per_epoch = 2,
                           .validation_steps = 2,
                           .validation_batch_size = 3,
                           .validation_freq = 2});
  CHECK(train == 2 + 2 + 1 + 2);
  CHECK(test == 2 + 2);
  CHECK(h["loss"].size() == 4);
  CHECK(h["val_loss"].size() == 2);
}

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

TEST_CASE("a step that cannot be done changes nothing") {
  const Variable a(ones({2})), b(ones({2})), unknown(ones({2}));
  Adam adam(0.1);
  adam.apply_gradients({ones({2}), ones({2})}, {a, b});
  const auto before = a.value().to_vector<float>();
  CHECK_THROWS_AS(adam.apply_gradients({ones({2}), ones({2})}, {a, unknown}), ValueError);
  CHECK_THROWS_AS(adam.apply_gradients({ones({2}), ones({3})}, {a, b}), ShapeError);
  CHECK_THROWS_AS(adam.apply_gradients({ones({2}), ones({2}, float64)}, {a, b}), DTypeError);
  CHECK_THROWS_AS(adam.apply_gradients({ones({2})}, {a, b}), ValueError);
  CHECK(a.value().to_vector<float>() == before);
  CHECK(adam.iterations().value().item<int>() == 1);
  adam.apply_gradients({{ones({2}), b}});
  CHECK(adam.iterations().value().item<int>() == 2);
  SGD sgd(0.5);
  const Variable w(tensor({3.f}));
  sgd.minimize([&] { return square(w); }, {w});
  CHECK(w.value().item<double>() == 0);
  sgd.learning_rate().assign(0.25);
  w.assign(2);
  sgd.minimize([&] { return square(w); }, {w});
  CHECK(w.value().item<double>() == 1);
}

TEST_CASE("a new learning rate needs no new trace; recompiling keeps weights and forgets slots") {
  Sequential m = counter();
  const Tensor x = ones({1, 1}), y = zeros({1, 1});
  m.train_on_batch(x, y);
  m.optimizer().learning_rate().assign(0.5);
  m.train_on_batch(x, y);
  CHECK(m.get_weights()[0].item<double>() == -1.5);
  CHECK(m.training_graph().find("sgd") != std::string::npos);
  m.compile({.optimizer = Adam(), .loss = "mse"});
  CHECK(m.get_weights()[0].item<double>() == -1.5);
  CHECK(m.optimizer().iterations().value().item<int>() == 0);
  CHECK_THROWS_AS(m.training_graph(), ValueError);
}

TEST_CASE("files of another model are refused and change nothing") {
  const std::string path = temporary("w.safetensors");
  Sequential a{layers::Dense(3, {.input_shape = Shape{2}}), layers::Dense(1)};
  a.save(path);
  Sequential wider{layers::Dense(4, {.input_shape = Shape{2}}), layers::Dense(1)};
  Sequential deeper{layers::Dense(3, {.input_shape = Shape{2}}), layers::Dense(1),
                    layers::Dense(1)};
  Sequential shallower{layers::Dense(3, {.input_shape = Shape{2}})};
  Sequential unbuilt{layers::Dense(3)};
  for (Sequential* m : {&wider, &deeper, &shallower}) {
    const auto before = values(*m);
    CHECK_THROWS_AS(m->load_weights(path), Error);
    CHECK(values(*m) == before);
  }
  CHECK_THROWS_AS(unbuilt.load_weights(path), ValueError);
  CHECK_THROWS_AS(unbuilt.save_weights(path), ValueError);
  Sequential same{layers::Dense(3, {.input_shape = Shape{2}}), layers::Dense(1)};
  same.load_weights(path);
  CHECK(values(same) == values(a));
  auto weights = a.get_weights();
  weights[3] = ones({7});
  const auto before = values(same);
  CHECK_THROWS_AS(same.set_weights(weights), ShapeError);
  CHECK(values(same) == before);
  std::filesystem::remove(path);
}

TEST_CASE("a checkpoint holds the state of layers' own generators") {
  const std::string path = temporary("c.safetensors");
  const auto make = [] {
    Sequential m{layers::Dense(8, {.input_shape = Shape{3}}), layers::Dropout(0.5, {.seed = 4}),
                 layers::Dense(1)};
    m.compile({.optimizer = RMSprop(CosineDecay(0.01, 50), {.momentum = 0.9}), .loss = "mse"});
    return m;
  };
  const Tensor x = normal({20, 3}), y = normal({20, 1});
  Sequential whole = make();
  whole.fit(x, y, {.epochs = 2, .batch_size = 6, .verbose = 0});
  whole.save_checkpoint(path, 2);
  whole.fit(x, y, {.epochs = 4, .batch_size = 6, .verbose = 0, .initial_epoch = 2});
  Sequential resumed = make();
  const int epoch = resumed.load_checkpoint(path);
  resumed.fit(x, y, {.epochs = 4, .batch_size = 6, .verbose = 0, .initial_epoch = epoch});
  CHECK(values(whole) == values(resumed));
  std::filesystem::remove(path);
}

TEST_CASE("NaN in labels, weights of the wrong length, one-hot class weights") {
  Sequential m{layers::Dense(3, {.input_shape = Shape{2}})};
  m.compile({.optimizer = "adam", .loss = SparseCategoricalCrossentropy({.from_logits = true})});
  const auto before = values(m);
  const Tensor x = ones({4, 2});
  CHECK_THROWS_AS(m.train_on_batch(x, tensor({0.f, NAN, 1.f, 2.f})), IndexError);
  CHECK_THROWS_AS(m.train_on_batch(x, tensor({0, -1, 1, 2})), IndexError);
  CHECK_THROWS_AS(m.fit(x, tensor({0, 1, 1, 2}), {.verbose = 0, .sample_weight = ones({3})}),
                  ValueError);
  CHECK_THROWS_AS(m.train_on_batch(x, zeros({5}, int32)), ValueError);
  CHECK_THROWS_AS(m.fit(x, zeros({4}, int32), {.epochs = -1}), ValueError);
  CHECK(values(m) == before);
  m.compile({.optimizer = SGD(0.0), .loss = CategoricalCrossentropy({.from_logits = true})});
  m.set_weights({zeros({2, 3}), zeros({3})});
  const Tensor y = tensor({{1.f, 0.f, 0.f}, {0.f, 1.f, 0.f}, {0.f, 1.f, 0.f}, {0.f, 0.f, 1.f}});
  const History h = m.fit(x, y, {.verbose = 0, .class_weight = {{1, 4.0}, {2, 0.0}}});
  CHECK(h["loss"][0] == doctest::Approx(std::log(3.0) * 9 / 4));
}
