/// Losses of outputs: activity regularizers, and what layers add themselves.
#include <doctest/doctest.h>

#include <thread>

#include "linnet/core/creation.hpp"
#include "linnet/graph/function.hpp"
#include "linnet/nn/layers/conv2d.hpp"
#include "linnet/nn/layers/core.hpp"
#include "linnet/nn/layers/dense.hpp"
#include "linnet/nn/model.hpp"
#include "linnet/nn/optimizers.hpp"
#include "linnet/nn/sequential.hpp"
#include "linnet/ops/elementwise.hpp"
#include "linnet/ops/reduce.hpp"

using namespace linnet;

namespace {

struct Adding : Layer {
  Adding() : Layer("adding") {}
  Tensor call(const Tensor& x, bool) override {
    add_loss(sum(x) * 0.5);
    return x;
  }
};
struct AddingRows : Layer {
  AddingRows() : Layer("adding_rows") {}
  Tensor call(const Tensor& x, bool) override {
    add_loss(x);
    return x;
  }
};

double total(const Layer& layer) {
  double out = 0;
  for (const Tensor& t : layer.losses()) out += t.item<double>();
  return out;
}

}  // namespace

TEST_CASE("an activity regularizer penalizes the output, divided by the batch") {
  Sequential model{
      layers::Dense(2, {.kernel_initializer = "ones", .activity_regularizer = L2(0.1)}),
      layers::Dense(1, {.kernel_initializer = "ones"})};
  model(ones({4, 3}));
  CHECK(total(model) == doctest::Approx(0.1 * 4 * 2 * 9 / 4));
  model(zeros({4, 3}));  // of the last call alone
  CHECK(total(model) == doctest::Approx(0));
}

TEST_CASE("fit and evaluate add losses of outputs") {
  Sequential model{
      layers::Dense(1, {.kernel_initializer = "ones", .activity_regularizer = L1(0.5)})};
  model.compile({.optimizer = SGD(0.1), .loss = "mse"});
  const Tensor x = ones({8, 2}), y = full({8, 1}, 2);
  CHECK(model.evaluate(x, y, {.batch_size = 8, .verbose = 0})["loss"] == doctest::Approx(1.0));
  model.fit(x, y, {.epochs = 1, .batch_size = 8, .verbose = 0});
  // The gradient of 0.5 |w1 + w2 + b| is 0.5 each; that of the squared error is 0 here.
  CHECK(model.get_weights()[0].to_vector<double>()[0] == doctest::Approx(0.95));
}

TEST_CASE("a layer adds losses; tensors of a finished capture are none") {
  Sequential model{Adding()};
  const auto f = linnet::function([&](const Tensor& x) {
    model(x);
    return model.losses().at(0);
  });
  CHECK(f(ones({3})).item<double>() == doctest::Approx(1.5));
  CHECK(model.losses().empty());
  model(ones({4}));
  CHECK(total(model) == doctest::Approx(2));
  CHECK_THROWS_AS(Sequential{AddingRows()}(ones({3})), ShapeError);
}
