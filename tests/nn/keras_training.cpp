#include "linnet/autograd/tape.hpp"
#include "linnet/core/creation.hpp"
#include "linnet/nn/layers/conv2d.hpp"
#include "linnet/nn/layers/core.hpp"
#include "linnet/nn/layers/dense.hpp"
#include "linnet/nn/layers/normalization.hpp"
#include "linnet/nn/model.hpp"
#include "linnet/ops/elementwise.hpp"
#include "linnet/ops/reduce.hpp"
#include "linnet/ops/softmax.hpp"
#include "nn/figures.hpp"

using namespace linnet;
using namespace linnet::callbacks;

namespace {

void check_optimizer(const std::string& name, Optimizer&& optimizer) {
  const std::string key = "optimizer/" + name + "/";
  const Variable a(figures::get(key + "a0")), b(figures::get(key + "b0"));
  const Tensor ga = figures::get(key + "ga"), gb = figures::get(key + "gb");
  const Tensor after_a = figures::get(key + "a"), after_b = figures::get(key + "b");
  for (int i = 0; i < ga.dim(0); ++i) {
    optimizer.apply_gradients({ga(i), gb(i)}, {a, b});
    const double off = max(abs(a.value() - after_a(i))).item<double>() +
                       max(abs(b.value() - after_b(i))).item<double>();
    CHECK_MESSAGE(off < 3e-6, name, ": step ", i, " is off by ", off);
  }
  CHECK(optimizer.iterations().value().item<int>() == ga.dim(0));
}

void check_schedule(const std::string& name, const LearningRateSchedule& schedule) {
  const auto t = figures::get("schedule/t").to_vector<double>();
  std::vector<double> rates;
  for (double at : t) rates.push_back(schedule(tensor(at)).item<double>());
  figures::check(from_vector(rates, {static_cast<std::int64_t>(rates.size())}), "schedule/" + name,
                 1e-6);
}

void check_trajectory(const std::string& name, Model&& model, CompileOptions options) {
  const std::string key = "trajectory/" + name + "/";
  const Tensor x = figures::get(key + "x"), y = figures::get(key + "y");
  for (bool eager : {false, true}) {
    options.run_eagerly = eager;
    model.build_once(x(0).shape());
    model.set_weights(figures::list(key + "w"));
    options.optimizer = name == "mlp_adam" ? Handle<Optimizer>(Adam(0.01))
                                           : Handle<Optimizer>(SGD(0.05, {.momentum = 0.9}));
    model.compile(options);
    std::vector<double> losses;
    for (int i = 0; i < x.dim(0); ++i) losses.push_back(model.train_on_batch(x(i), y(i))["loss"]);
    figures::check(from_vector(losses, {x.dim(0)}), key + "loss", 2e-5);
    const auto after = model.get_weights();
    for (std::size_t i = 0; i < after.size(); ++i)
      figures::check(after[i], key + "after" + std::to_string(i), 5e-5);
  }
}

}  // namespace

TEST_CASE("optimizers follow Keras step by step") {
  check_optimizer("sgd", SGD(0.1));
  check_optimizer("sgd_momentum", SGD(0.1, {.momentum = 0.9}));
  check_optimizer("sgd_nesterov", SGD(0.1, {.momentum = 0.9, .nesterov = true}));
  check_optimizer("sgd_clipvalue", SGD(0.1, {.clipvalue = 0.3}));
  check_optimizer("sgd_global_clipnorm", SGD(0.1, {.global_clipnorm = 0.7}));
  check_optimizer("sgd_decay", SGD(0.1, {.weight_decay = 0.01}));
  check_optimizer("adam", Adam(0.01));
  check_optimizer("adam_amsgrad", Adam(0.01, {.amsgrad = true}));
  check_optimizer("adam_clipnorm", Adam(0.01, {.clipnorm = 0.5}));
  check_optimizer("adam_schedule", Adam(ExponentialDecay(0.05, 2, 0.5)));
  check_optimizer("adamw", AdamW(0.01));
  check_optimizer("adamw", AdamW(0.01, {.beta_1 = 0.9}));  // weight_decay keeps its default
  check_optimizer("rmsprop", RMSprop(0.01));
  check_optimizer("rmsprop_momentum", RMSprop(0.01, {.momentum = 0.8}));
  check_optimizer("rmsprop_centered", RMSprop(0.01, {.momentum = 0.5, .centered = true}));
  check_optimizer("adagrad", Adagrad(0.1));
  check_optimizer(
      "adagrad_options",
      Adagrad(0.1, {.initial_accumulator_value = 0.3, .epsilon = 1e-3, .weight_decay = 0.02}));
  check_optimizer("adadelta", Adadelta(1.0));
  check_optimizer("adadelta_rho", Adadelta(0.5, {.rho = 0.8, .clipnorm = 0.5}));
  check_optimizer("adamax", Adamax(0.02));
  check_optimizer("adamax_betas", Adamax(0.02, {.beta_1 = 0.8, .beta_2 = 0.95}));
  check_optimizer("nadam", Nadam(0.02));
  check_optimizer("nadam_decay", Nadam(0.02, {.beta_2 = 0.99, .weight_decay = 0.1}));
  check_optimizer("lion", Lion(0.01));
  check_optimizer("lion_decay", Lion(0.01, {.beta_1 = 0.8, .weight_decay = 0.1}));
  for (const char* name :
       {"sgd", "Adam", "adamw", "rmsprop", "adagrad", "adadelta", "Adamax", "nadam", "lion"})
    CHECK(Optimizer::from_name(name));
}

TEST_CASE("optimizers of ops run captured as they run eagerly") {
  for (const char* name : {"adagrad", "adadelta", "adamax", "nadam", "lion"}) {
    std::vector<std::vector<float>> after;
    for (bool eager : {false, true}) {
      Sequential m{layers::Dense(2, {.kernel_initializer = "ones", .input_shape = Shape{3}})};
      m.compile({.optimizer = name, .loss = "mse", .run_eagerly = eager});
      for (int i = 0; i < 4; ++i) m.train_on_batch(ones({2, 3}) * (1 + i), zeros({2, 2}));
      after.push_back(m.get_weights()[0].to_vector<float>());
    }
    CHECK(after[0][0] < 1);
    for (std::size_t i = 0; i < after[0].size(); ++i)
      CHECK_MESSAGE(after[0][i] == doctest::Approx(after[1][i]).epsilon(1e-6), name);
  }
}

TEST_CASE("schedules are Keras's") {
  check_schedule("exponential", ExponentialDecay(0.5, 7, 0.6));
  check_schedule("exponential_stairs", ExponentialDecay(0.5, 7, 0.6, true));
  check_schedule("inverse_time", InverseTimeDecay(0.5, 7, 0.6));
  check_schedule("inverse_time_stairs", InverseTimeDecay(0.5, 7, 0.6, true));
  check_schedule("polynomial", PolynomialDecay(0.5, 11, 0.01, 2));
  check_schedule("polynomial_cycle", PolynomialDecay(0.5, 11, 0.01, 1, true));
  check_schedule("cosine", CosineDecay(0.5, 20, {.alpha = 0.1}));
  check_schedule("cosine_warmup", CosineDecay(0.1, 15, {.warmup_target = 0.5, .warmup_steps = 5}));
  check_schedule("restarts", CosineDecayRestarts(0.5, 4));
  check_schedule("restarts_even",
                 CosineDecayRestarts(0.5, 4, {.t_mul = 1, .m_mul = 0.8, .alpha = 0.1}));
  check_schedule("restarts_slow", CosineDecayRestarts(0.5, 3, {.t_mul = 1.5, .m_mul = 0.9}));
  check_schedule("piecewise", PiecewiseConstantDecay({5, 10}, {1.0, 0.5, 0.1}));
}

TEST_CASE("initializers spread as Keras's") {
  for (const char* name : {"glorot_uniform", "glorot_normal", "he_uniform", "he_normal",
                           "lecun_uniform", "lecun_normal", "truncated_normal", "orthogonal"})
    for (const Shape& shape : {Shape{300, 200}, Shape{3, 3, 40, 50}}) {
      const Tensor w = (*Initializer::from_name(name))(shape);
      const auto expected =
          figures::get(std::string("initializer/") + name + "/" + std::to_string(shape.rank()))
              .to_vector<double>();
      CHECK_MESSAGE(
          std::sqrt(mean(square(w)).item<double>()) == doctest::Approx(expected[0]).epsilon(0.03),
          name);
      if (std::string(name) != "orthogonal")
        CHECK_MESSAGE(max(abs(w)).item<double>() == doctest::Approx(expected[1]).epsilon(0.02),
                      name);
    }
}

TEST_CASE("ten steps of training follow Keras, captured and eager") {
  check_trajectory(
      "mlp_adam",
      Sequential{layers::Dense(8, {.activation = relu}), layers::Dense(3, {.activation = softmax})},
      {.loss = "sparse_categorical_crossentropy"});
  check_trajectory("cnn_sgd",
                   Sequential{layers::Conv2D(3, 3, {.activation = relu}), layers::MaxPooling2D(2),
                              layers::Flatten(), layers::Dense(3)},
                   {.loss = SparseCategoricalCrossentropy({.from_logits = true})});
}

TEST_CASE("fit's history is Keras's: split, class weights, tail batch, penalty, statistics") {
  Sequential m{layers::Dense(6, {.activation = "tanh", .kernel_regularizer = L2(0.02)}),
               layers::BatchNormalization(), layers::Dense(3)};
  m.build_once({1, 4});
  m.set_weights(figures::list("fit/w"));
  m.compile({.optimizer = SGD(0.05, {.momentum = 0.5}),
             .loss = SparseCategoricalCrossentropy({.from_logits = true}),
             .metrics = {"accuracy"},
             .weighted_metrics = {"accuracy"}});
  const History h = m.fit(figures::get("fit/x"), figures::get("fit/y"),
                          {.epochs = 4,
                           .batch_size = 8,
                           .verbose = 0,
                           .validation_split = 0.3,
                           .shuffle = false,
                           .class_weight = {{0, 1.0}, {1, 2.0}, {2, 0.5}}});
  CHECK(h.names().size() == 6);
  for (const std::string& name : h.names())
    figures::check(from_vector(h[name], {4}), "fit/history/" + name, 3e-5);
}

namespace {

/// One epoch is one step that subtracts the learning rate from the weight.
template <class C>
void check_callback(const std::string& name, C callback) {
  CAPTURE(name);
  const std::string key = "callback/" + name + "/";
  const auto values = figures::get(key + "values").to_vector<double>();
  Sequential m{layers::Dense(1, {.use_bias = false, .kernel_initializer = "zeros"})};
  m.compile({.optimizer = SGD(1.0),
             .loss = FunctionLoss([](const Tensor&, const Tensor& p) { return p; })});
  LambdaCallback monitor, rates;
  std::vector<double> seen;
  monitor.epoch_end = [&](int epoch, Logs& logs) {
    logs.set("val_loss", values[static_cast<std::size_t>(epoch)]);
  };
  rates.epoch_end = [&](int, Logs&) {
    seen.push_back(m.optimizer().learning_rate().value().template item<double>());
  };
  const auto shared = std::make_shared<C>(std::move(callback));
  const History h = m.fit(ones({1, 1}), zeros({1, 1}),
                          {.epochs = static_cast<int>(values.size()),
                           .verbose = 0,
                           .callbacks = {monitor, shared, rates}});
  CHECK(h.epoch().size() == figures::get(key + "epochs").template item<std::size_t>());
  figures::check(from_vector(seen, {static_cast<std::int64_t>(seen.size())}), key + "rates");
  figures::check(m.get_weights()[0], key + "weight");
  if constexpr (requires { shared->stopped_epoch(); }) {
    CHECK(shared->stopped_epoch() == figures::get(key + "stopped_epoch").template item<int>());
    CHECK(shared->best_epoch() == figures::get(key + "best_epoch").template item<int>());
  }
}

}  // namespace

TEST_CASE("EarlyStopping and ReduceLROnPlateau decide as Keras's") {
  check_callback("stop_0", EarlyStopping());
  check_callback("stop_2", EarlyStopping({.patience = 2}));
  check_callback("stop_3_restore", EarlyStopping({.patience = 3, .restore_best_weights = true}));
  check_callback("stop_delta", EarlyStopping({.min_delta = 0.1, .patience = 3}));
  check_callback("stop_baseline",
                 EarlyStopping({.patience = 4, .baseline = 0.5, .restore_best_weights = true}));
  check_callback("stop_from_3", EarlyStopping({.patience = 1, .start_from_epoch = 3}));
  check_callback("stop_unstopped", EarlyStopping({.patience = 50, .restore_best_weights = true}));
  check_callback("plateau_1", ReduceLROnPlateau({.factor = 0.5, .patience = 1}));
  check_callback("plateau_2_cooldown",
                 ReduceLROnPlateau({.factor = 0.1, .patience = 2, .cooldown = 2}));
  check_callback("plateau_min", ReduceLROnPlateau({.factor = 0.1, .patience = 1, .min_lr = 0.05}));
}
