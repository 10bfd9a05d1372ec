#include <doctest/doctest.h>

#include "linnet/autograd/tape.hpp"
#include "linnet/core/creation.hpp"
#include "linnet/nn/layers/core.hpp"
#include "linnet/nn/layers/dense.hpp"
#include "linnet/nn/layers/merge.hpp"
#include "linnet/nn/model.hpp"
#include "linnet/ops/elementwise.hpp"
#include "linnet/ops/random.hpp"
#include "linnet/ops/reduce.hpp"
#include "linnet/ops/shape.hpp"
#include "nn/models.hpp"

using namespace linnet;

namespace {

struct Branches : Model {
  Branches() : Model("branches") {
    left = track(layers::Dense(4, {.activation = relu}));
    right = track(layers::Dense(4));
    join = track(layers::Concatenate());
    last = track(layers::Dense(1));
  }
  Tensor call(const Tensor& x, bool) override {
    return (*last)((*join)({(*left)(x), (*right)(x)}));
  }
  std::shared_ptr<layers::Dense> left, right, last;
  std::shared_ptr<layers::Concatenate> join;
};

}  // namespace

TEST_CASE("merges of several tensors") {
  const Tensor a = tensor({{1.f, 2.f}}), b = tensor({{3.f, 1.f}}), c = tensor({{5.f, 0.f}});
  using V = std::vector<float>;
  CHECK(layers::Add()({a, b, c}).to_vector<float>() == V{9, 3});
  CHECK(layers::Subtract()({a, b}).to_vector<float>() == V{-2, 1});
  CHECK(layers::Multiply()({a, b, c}).to_vector<float>() == V{15, 0});
  CHECK(layers::Average()({a, b, c}).to_vector<float>() == V{3, 1});
  CHECK(layers::Maximum()({a, b}).to_vector<float>() == V{3, 2});
  CHECK(layers::Minimum()({a, b}).to_vector<float>() == V{1, 1});
  CHECK(layers::Concatenate()({a, b}).to_vector<float>() == V{1, 2, 3, 1});
  CHECK(layers::Concatenate({.axis = 0})({a, b}).shape() == Shape({2, 2}));
  CHECK(layers::Dot(1)({a, b}).to_vector<float>() == V{5});
  CHECK(layers::Dot(-1, {.normalize = true})({a, a}).item<double>() == doctest::Approx(1));
  const Tensor x = reshape(arange(12.), {1, 3, 4}), y = reshape(arange(8.), {1, 4, 2});
  const Tensor dot = layers::Dot(2, 1)({x, y});
  CHECK(dot.shape() == Shape({1, 3, 2}));
  CHECK(dot.to_vector<float>() == V{28, 34, 76, 98, 124, 162});
  CHECK(layers::Add()({zeros({2, 3, 1}), zeros({2, 1, 4})}).shape() == Shape({2, 3, 4}));
}

TEST_CASE("merges refuse what does not fit") {
  const Tensor a = zeros({2, 3});
  CHECK_THROWS_AS(layers::Add()({a}), ValueError);
  CHECK_THROWS_AS(layers::Subtract()({a, a, a}), ValueError);
  CHECK_THROWS_AS(layers::Add()({a, zeros({1, 3})}), ShapeError);
  CHECK_THROWS_AS(layers::Add()({a, zeros({2, 4})}), ShapeError);
  CHECK_THROWS_AS(layers::Concatenate()({a, zeros({2, 3, 1})}), ShapeError);
  CHECK_THROWS_AS(layers::Dot(1)({a, zeros({2, 4})}), ShapeError);
  CHECK_THROWS_AS(layers::Dot(0)({a, a}), ValueError);
  Sequential m{layers::Add()};
  CHECK_THROWS_AS(m(a), ValueError);
}

TEST_CASE("a model with branches trains, merges in its summary") {
  set_random_seed(2);
  Branches m;
  m.compile({.optimizer = Adam(0.03), .loss = "mse"});
  const Tensor x = normal({64, 3}), y = sum(abs(x), {.axis = 1, .keepdims = true});
  const History h = m.fit(x, y, {.epochs = 40, .verbose = 0});
  CHECK(h["loss"].back() < 0.3 * h["loss"].front());
  CHECK(m.summary_text().find("(None, 8)") != std::string::npos);
  CHECK(m.count_params() == 2 * (3 * 4 + 4) + 8 + 1);
}

TEST_CASE("dropout of channels and noise only in training") {
  const Tensor x = ones({4, 6, 50});
  const Tensor y = layers::SpatialDropout1D(0.5, {.seed = 3})(x, {.training = true});
  const Tensor low = min(y, {.axis = 1}), high = max(y, {.axis = 1});
  CHECK(low.to_vector<float>() == high.to_vector<float>());
  CHECK(max(y).item<double>() == 2);
  CHECK(mean(cast(low == 0, float32)).item<double>() == doctest::Approx(0.5).epsilon(0.2));
  CHECK(layers::SpatialDropout1D(0.5)(x).to_vector<float>() == x.to_vector<float>());
  const Tensor image = ones({3, 4, 5, 40});
  const Tensor z = layers::SpatialDropout2D(0.5, {.seed = 3})(image, {.training = true});
  CHECK(min(z, {.axis = {1, 2}}).to_vector<float>() == max(z, {.axis = {1, 2}}).to_vector<float>());
  const Tensor shared =
      layers::Dropout(0.5, {.noise_shape = {-1, 1, -1}, .seed = 3})(x, {.training = true});
  CHECK(min(shared, {.axis = 1}).to_vector<float>() == max(shared, {.axis = 1}).to_vector<float>());
  CHECK_THROWS_AS(layers::Dropout(0.5, {.noise_shape = {-1, 1}})(x, {.training = true}),
                  ShapeError);
  layers::GaussianNoise noise(0.5, {.seed = 1});
  CHECK(noise(x).to_vector<float>() == x.to_vector<float>());
  CHECK(stddev(noise(x, {.training = true})).item<double>() == doctest::Approx(0.5).epsilon(0.1));
  CHECK_THROWS_AS(layers::GaussianNoise(-1), ValueError);
  CHECK_THROWS_AS(layers::SpatialDropout2D(2), ValueError);
}
