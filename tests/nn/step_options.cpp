#include <doctest/doctest.h>

#include "linnet/core/creation.hpp"
#include "linnet/graph/function.hpp"
#include "linnet/nn/layers/core.hpp"
#include "linnet/nn/layers/dense.hpp"
#include "linnet/nn/model.hpp"
#include "linnet/nn/score_metrics.hpp"
#include "linnet/ops/elementwise.hpp"
#include "linnet/ops/reduce.hpp"

using namespace linnet;

namespace {

std::vector<float> values(const Tensor& t) { return t.to_vector<float>(); }

}  // namespace

TEST_CASE("use_ema averages the variables; the first average is the first value") {
  SGD sgd(1.0, {.use_ema = true, .ema_momentum = 0.5});
  const Variable w(zeros({1}));
  const std::vector<Variable> variables{w};
  sgd.apply_gradients({full({1}, -2.0)}, variables);  // w = 2, average 2
  sgd.apply_gradients({full({1}, -4.0)}, variables);  // w = 6, average 4
  CHECK(values(w) == std::vector<float>{6});
  sgd.finalize_variable_values(variables);
  CHECK(values(w) == std::vector<float>{4});
  SGD often(1.0, {.use_ema = true, .ema_momentum = 0.5, .ema_overwrite_frequency = 2});
  const Variable v(zeros({1}));
  for (const double g : {-2.0, -4.0}) often.apply_gradients({full({1}, g)}, {v});
  CHECK(values(v) == std::vector<float>{4});
  CHECK_THROWS_AS(SGD(1.0, {.use_ema = true, .ema_momentum = 2}), ValueError);
}

TEST_CASE("gradient accumulation steps once for several gradients, by their mean") {
  for (const bool captured : {false, true}) {
    SGD sgd(1.0, {.momentum = 0.5, .weight_decay = 0.1, .gradient_accumulation_steps = 2});
    const Variable w(ones({2}));
    auto step = linnet::function([&](const Tensor& g) {
      sgd.apply_gradients({g}, {w});
      return g;
    });
    const auto run = [&](double g) {
      const Tensor gradient = full({2}, g);
      captured ? void(step(gradient)) : sgd.apply_gradients({gradient}, {w});
    };
    run(1);
    CHECK(values(w) == std::vector<float>{1, 1});
    run(3);  // the mean is 2; decay takes 0.1 first
    CHECK(w.value().to_vector<float>()[0] == doctest::Approx(-1.1));
    run(0);
    run(0);  // momentum alone: -1, and decay
    CHECK(w.value().to_vector<float>()[0] == doctest::Approx(-1.1 + 0.11 - 1));
    CHECK(sgd.iterations().value().item<std::int64_t>() == 4);
  }
  CHECK_THROWS_AS(SGD(1.0, {.gradient_accumulation_steps = 1}), ValueError);
}

TEST_CASE("Adam's time is the number of updates, not of gradients") {
  Adam twice(0.1, {.gradient_accumulation_steps = 2}), once(0.1);
  const Variable a(ones({1})), b(ones({1}));
  for (const double g : {1.0, 2.0, 3.0}) {
    for (int i = 0; i < 2; ++i) twice.apply_gradients({full({1}, g)}, {a});
    once.apply_gradients({full({1}, g)}, {b});
  }
  CHECK(values(a)[0] == doctest::Approx(values(b)[0]));
}

TEST_CASE("the loss scale cancels out") {
  SGD sgd(0.5, {.loss_scale_factor = 8});
  const Variable w(ones({1}));
  CHECK(sgd.scale_loss(full({}, 2.0)).item<float>() == 16);
  sgd.apply_gradients({full({1}, 8.0)}, {w});
  CHECK(values(w) == std::vector<float>{0.5f});
}

TEST_CASE("constraints hold after each step, fit's too") {
  const Tensor x = ones({4, 3}), y = full({4, 2}, 5.0);
  Sequential m{layers::Dense(2, {.kernel_constraint = MaxNorm(0.5), .bias_constraint = "non_neg"})};
  m.build_once({1, 3});
  m.compile({.optimizer = SGD(1.0), .loss = "mse"});
  m.fit(x, y, {.epochs = 2, .verbose = 0});
  const std::vector<Tensor> w = m.get_weights();
  for (const float n : values(norm(w[0], {.axis = 0}))) CHECK(n <= 0.5f + 1e-5f);
  CHECK(min(w[1]).item<float>() >= 0);
  const Tensor a = full({2, 1}, 3.0);
  CHECK(norm(UnitNorm()(a)).item<float>() == doctest::Approx(1));
  CHECK(norm(MinMaxNorm(0, 1, 0.5)(a)).item<float>() == doctest::Approx((4.2426407 + 1) / 2));
  CHECK_THROWS_AS(Constraint::from_name("no"), ValueError);
}

TEST_CASE("a cosine decay warms up if there is a target, as Keras does") {
  const auto at = [](const CosineDecay& s, double t) {
    return s(full({}, t, float64)).item<double>();
  };
  // Without a target, warmup_steps say nothing; without steps, the decay starts from the target.
  CHECK(at(CosineDecay(0.1, 10, {.warmup_steps = 5}), 0) == doctest::Approx(0.1));
  CHECK(at(CosineDecay(0.1, 10, {.warmup_target = 0.5}), 0) == doctest::Approx(0.5));
  CHECK(at(CosineDecay(0.1, 10, {.warmup_target = 0.5, .warmup_steps = 4}), 2) ==
        doctest::Approx(0.3));
}

TEST_CASE("F1 and R2 scores, by class and averaged") {
  const Tensor y = from_vector<float>({1, 0, 0, 1, 1, 0}, {3, 2});
  const Tensor p = from_vector<float>({.9f, .1f, .4f, .6f, .3f, .7f}, {3, 2});
  metrics::F1Score f1;
  f1.update_state(y, p);  // class 0: 1 of 2 found, class 1: 1 of 2 right
  CHECK(f1.per_class()[0] == doctest::Approx(2.0 / 3));
  CHECK(f1.per_class()[1] == doctest::Approx(2.0 / 3));
  metrics::F1Score micro({.average = "micro"});
  micro.update_state(y, p);
  CHECK(micro.result() == doctest::Approx(2.0 / 3));
  CHECK_THROWS_AS(f1.update_state(y, ones({3, 3})), ShapeError);
  metrics::R2Score r2;
  r2.update_state(from_vector<float>({1, 2, 3, 4}, {4, 1}),
                  from_vector<float>({1, 2, 3, 5}, {4, 1}));
  CHECK(r2.result() == doctest::Approx(0.8));
  r2.reset_state();
  CHECK_THROWS_AS(metrics::R2Score({.class_aggregation = "no"}), ValueError);
}
