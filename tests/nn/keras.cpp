// Linnet against figures computed by Keras: tests/reference/keras_figures.py.
#include <doctest/doctest.h>

#include <cmath>

#include "linnet/autograd/tape.hpp"
#include "linnet/core/creation.hpp"
#include "linnet/io/safetensors.hpp"
#include "linnet/nn/layers/conv2d.hpp"
#include "linnet/nn/layers/core.hpp"
#include "linnet/nn/layers/dense.hpp"
#include "linnet/nn/layers/normalization.hpp"
#include "linnet/nn/model.hpp"
#include "linnet/ops/elementwise.hpp"
#include "linnet/ops/reduce.hpp"

using namespace linnet;

namespace {

const TensorFile& figures() {
  static const TensorFile file =
      load_safetensors(std::string(LINNET_SOURCE_DIR) + "/tests/reference/keras_figures.safetensors");
  return file;
}

Tensor figure(const std::string& name) {
  const Tensor t = figures().find(name);
  REQUIRE_MESSAGE(t.defined(), name);
  return t;
}

void check_same(const Tensor& got, const std::string& name, double tolerance = 2e-5) {
  const Tensor want = figure(name);
  REQUIRE_MESSAGE(got.size() == want.size(), name);
  const auto a = got.to_vector<double>(), b = want.to_vector<double>();
  double worst = 0;
  for (std::size_t i = 0; i < a.size(); ++i) worst = std::max(worst, std::abs(a[i] - b[i]) / (1 + std::abs(b[i])));
  CHECK_MESSAGE(worst <= tolerance, name << " differs by " << worst);
}

std::vector<Tensor> weights_of(const std::string& name, const char* prefix = "/w") {
  std::vector<Tensor> out;
  for (int i = 0; figures().find(name + prefix + std::to_string(i)).defined(); ++i)
    out.push_back(figure(name + prefix + std::to_string(i)));
  return out;
}

template <class L>
void check_layer(const std::string& name, L layer, bool training = false) {
  const Tensor x = figure(name + "/x");
  layer.build_once(x.shape());
  layer.set_weights(weights_of(name));
  GradientTape tape({.persistent = true});
  tape.watch(x);
  const Tensor y = layer(x, {.training = training});
  const Tensor total = sum(y * figure(name + "/probe"));
  check_same(y, name + "/y");
  const auto variables = layer.trainable_variables();
  std::size_t i = 0;
  for (const Tensor& g : tape.gradient(total, variables)) check_same(g, name + "/g" + std::to_string(i++));
  if (is_floating(x.dtype())) check_same(tape.gradient(total, x), name + "/g" + std::to_string(i));
  i = 0;
  for (const Tensor& w : layer.get_weights()) check_same(w, name + "/after" + std::to_string(i++));
}

}  // namespace

TEST_CASE("layers: values, gradients and moving statistics are Keras's") {
  using namespace layers;
  check_layer("dense_relu", Dense(5, {.activation = relu}));
  check_layer("dense_gelu", Dense(5, {.activation = "gelu"}));
  check_layer("dense_rank3", Dense(2, {.activation = tanh}));
  check_layer("conv_valid", layers::Conv2D(4, 3, {.activation = relu}));
  check_layer("conv_same_s2", layers::Conv2D(5, 3, {.strides = 2, .padding = "same"}));
  check_layer("conv_same_k2", layers::Conv2D(3, 2, {.padding = "same"}));
  check_layer("conv_dilated", layers::Conv2D(4, 3, {.dilation_rate = 2}));
  check_layer("conv_groups", layers::Conv2D(6, 3, {.groups = 2}));
  check_layer("conv_k5_c8", layers::Conv2D(8, 5, {.padding = "same"}));
  check_layer("maxpool_same", MaxPooling2D(2, {.padding = "same"}));
  check_layer("maxpool_3_s2", MaxPooling2D(3, {.strides = 2}));
  check_layer("avgpool_same", AveragePooling2D(3, {.strides = 2, .padding = "same"}));
  check_layer("global_average", GlobalAveragePooling2D());
  check_layer("batchnorm_train", BatchNormalization(), true);
  check_layer("batchnorm_train4", BatchNormalization(), true);
  check_layer("batchnorm_infer", BatchNormalization());
  check_layer("layernorm", LayerNormalization());
  check_layer("embedding", Embedding(7, 3));
  check_layer("softmax", layers::Softmax());
  check_layer("rescaling", Rescaling(0.5, 2.0));
}

TEST_CASE("activations: values and gradients on a grid with the kinks") {
  for (const char* name : {"relu", "relu6", "sigmoid", "tanh", "selu", "silu", "mish", "softplus", "softsign",
                           "hard_sigmoid", "hard_silu", "log_sigmoid", "exponential", "elu", "gelu", "leaky_relu"}) {
    const Tensor x = figure("activation/x");
    GradientTape tape;
    tape.watch(x);
    const Tensor y = ActivationFunction(name)(x);
    check_same(y, std::string("activation/") + name + "/y");
    check_same(tape.gradient(y, x), std::string("activation/") + name + "/g");
  }
}

TEST_CASE("losses: values and gradients") {
  const auto check = [](const std::string& name, const Loss& loss, const char* y, const char* p, bool weighted = false) {
    const Tensor pred = figure(std::string("loss/in/") + p);
    GradientTape tape;
    tape.watch(pred);
    const Tensor value = loss(figure(std::string("loss/in/") + y), pred, weighted ? figure("loss/in/w") : Tensor());
    check_same(value, "loss/" + name);
    check_same(tape.gradient(value, pred), "loss/" + name + "/g");
  };
  check("mse", MeanSquaredError(), "y", "p");
  check("mse_weighted", MeanSquaredError(), "y", "p", true);
  check("mse_sum", MeanSquaredError({.reduction = Reduction::sum}), "y", "p");
  check("mae", MeanAbsoluteError(), "y", "p");
  check("huber", Huber({.delta = 0.3}), "y", "p");
  check("bce", BinaryCrossentropy(), "y", "p");
  check("bce_smooth", BinaryCrossentropy({.label_smoothing = 0.1}), "y", "p");
  check("bce_logits", BinaryCrossentropy({.from_logits = true}), "y", "z");
  check("cce", CategoricalCrossentropy(), "onehot", "p");
  check("cce_logits_smooth", CategoricalCrossentropy({.from_logits = true, .label_smoothing = 0.1}), "onehot", "z");
  check("scce", SparseCategoricalCrossentropy(), "labels", "p");
  check("scce_logits", SparseCategoricalCrossentropy({.from_logits = true}), "labels", "z");
  check("scce_ignore", SparseCategoricalCrossentropy({.from_logits = true, .ignore_class = 3}), "labels", "z");
}

TEST_CASE("optimizers: the weights after each of six steps") {
  const auto check = [](const char* name, Optimizer&& optimizer) {
    Variable w(figure("optimizer/start"));
    const Tensor grads = figure("optimizer/grads"), want = figure(std::string("optimizer/") + name);
    for (int i = 0; i < 6; ++i) {
      optimizer.apply_gradients({grads(i)}, {w});
      const auto a = w.value().to_vector<double>(), b = want(i).to_vector<double>();
      for (std::size_t k = 0; k < a.size(); ++k)
        CHECK_MESSAGE(std::abs(a[k] - b[k]) < 2e-6, name << " step " << i << ": " << a[k] << " for " << b[k]);
    }
  };
  check("sgd", SGD(0.1));
  check("momentum", SGD(0.1, {.momentum = 0.9}));
  check("nesterov", SGD(0.1, {.momentum = 0.9, .nesterov = true}));
  check("adam", Adam(0.01));
  check("amsgrad", Adam(0.01, {.amsgrad = true}));
  check("adamw", AdamW(0.01));
  check("rmsprop", RMSprop(0.01));
  check("rmsprop_momentum", RMSprop(0.01, {.momentum = 0.9}));
  check("rmsprop_centered", RMSprop(0.01, {.centered = true}));
  check("clipnorm", SGD(0.1, {.clipnorm = 0.5}));
  check("clipvalue", SGD(0.1, {.clipvalue = 0.2}));
  check("global_clipnorm", SGD(0.1, {.global_clipnorm = 0.5}));
  check("weight_decay", SGD(0.1, {.weight_decay = 0.05}));
}

TEST_CASE("schedules") {
  const auto check = [](const char* name, const LearningRateSchedule& s) {
    std::vector<float> got;
    for (double t : figure("schedule/t").to_vector<double>()) got.push_back(s(tensor(t)).item<float>());
    check_same(from_vector(got, {static_cast<std::int64_t>(got.size())}), std::string("schedule/") + name, 1e-6);
  };
  check("exponential", ExponentialDecay(0.1, 10, 0.5));
  check("staircase", ExponentialDecay(0.1, 10, 0.5, true));
  check("inverse", InverseTimeDecay(0.1, 10, 0.5));
  check("polynomial", PolynomialDecay(0.1, 30, 0.01, 2));
  check("cosine", CosineDecay(0.1, 30, {.alpha = 0.1}));
  check("warmup", CosineDecay(0.01, 20, {.warmup_target = 0.1, .warmup_steps = 10}));
  check("piecewise", PiecewiseConstantDecay({6, 20}, {0.3, 0.2, 0.1}));
}

TEST_CASE("ten training steps: the loss of each and the final weights") {
  const auto check = [](const std::string& name, Sequential model, Handle<Optimizer> optimizer) {
    const Tensor x = figure(name + "/x"), y = figure(name + "/y");
    model.build_once(x.shape());
    model.set_weights(weights_of(name));
    model.compile({.optimizer = optimizer, .loss = SparseCategoricalCrossentropy({.from_logits = true})});
    std::vector<float> losses;
    for (int i = 0; i < 10; ++i) losses.push_back(static_cast<float>(model.train_on_batch(x, y)["loss"]));
    check_same(from_vector(losses, {10}), name + "/losses", 1e-5);
    std::size_t i = 0;
    for (const Tensor& w : model.get_weights()) check_same(w, name + "/end" + std::to_string(i++), 1e-5);
  };
  using namespace layers;
  check("train/mlp", {Dense(8, {.activation = relu}), Dense(3)}, Adam(0.01));
  check("train/cnn", {layers::Conv2D(4, 3, {.activation = relu}), MaxPooling2D(2), Flatten(), Dense(3)},
        SGD(0.05, {.momentum = 0.9}));
}
