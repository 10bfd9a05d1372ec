#include <cmath>
#include <filesystem>

#include "linnet/core/creation.hpp"
#include "linnet/nn/layers/core.hpp"
#include "linnet/nn/layers/dense.hpp"
#include "linnet/nn/model.hpp"
#include "linnet/ops/elementwise.hpp"
#include "linnet/ops/random.hpp"
#include "nn/models.hpp"

using namespace linnet;
using namespace linnet::callbacks;
using namespace models;

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
