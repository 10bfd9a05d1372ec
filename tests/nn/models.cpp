#include <cmath>

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
#include "nn/models.hpp"

using namespace linnet;
using namespace linnet::callbacks;
using namespace models;

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

TEST_CASE("a Sequential for one feature takes inputs without its axis") {
  Sequential model{layers::Dense(1, {.kernel_initializer = "ones", .input_shape = Shape{1}})};
  CHECK(model(ones({3})).shape() == Shape({3, 1}));
  CHECK(model(ones({3, 1})).shape() == Shape({3, 1}));
  CHECK(model.predict(ones({5})).shape() == Shape({5, 1}));
}
