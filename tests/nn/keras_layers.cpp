#include "linnet/autograd/tape.hpp"
#include "linnet/core/creation.hpp"
#include "linnet/nn/layers/conv2d.hpp"
#include "linnet/nn/layers/core.hpp"
#include "linnet/nn/layers/dense.hpp"
#include "linnet/nn/layers/embedding.hpp"
#include "linnet/nn/layers/normalization.hpp"
#include "linnet/nn/layers/preprocessing.hpp"
#include "linnet/ops/elementwise.hpp"
#include "linnet/ops/reduce.hpp"
#include "linnet/ops/softmax.hpp"
#include "nn/check_layer.hpp"
#include "nn/figures.hpp"

using namespace linnet;
using figures::check_layer;

TEST_CASE("layers and their gradients are Keras's") {
  check_layer("dense", layers::Dense(4));
  check_layer("dense_3d_tanh", layers::Dense(4, {.activation = "tanh"}));
  check_layer("dense_softmax", layers::Dense(4, {.activation = softmax}));
  check_layer("dense_no_bias", layers::Dense(4, {.use_bias = false}));
  check_layer("conv_valid", layers::Conv2D(4, 3));
  check_layer("conv_same", layers::Conv2D(4, 3, {.padding = "same", .activation = relu}));
  check_layer("conv_same_k2", layers::Conv2D(3, 2, {.padding = "same"}));
  check_layer("conv_same_s2", layers::Conv2D(5, 3, {.strides = 2, .padding = "same"}));
  check_layer("conv_valid_s2_k5", layers::Conv2D(2, 5, {.strides = 2}));
  check_layer("conv_dilated", layers::Conv2D(3, 3, {.padding = "same", .dilation_rate = 2}));
  check_layer("conv_1x1", layers::Conv2D(6, 1));
  check_layer("conv_rect", layers::Conv2D(3, {2, 3}, {.strides = {2, 1}}));
  check_layer("maxpool", layers::MaxPooling2D(2));
  check_layer("maxpool_same_ties", layers::MaxPooling2D(3, {.strides = 2, .padding = "same"}));
  check_layer("avgpool", layers::AveragePooling2D(2));
  check_layer("avgpool_same", layers::AveragePooling2D(3, {.strides = 2, .padding = "same"}));
  check_layer("global_avgpool", layers::GlobalAveragePooling2D());
  check_layer("softmax", layers::Softmax());
  check_layer("layer_norm", layers::LayerNormalization());
  check_layer("batch_norm_inference", layers::BatchNormalization());
  check_layer("batch_norm_plain",
              layers::BatchNormalization({.momentum = 0.9, .center = false, .scale = false}), true);
}

TEST_CASE("batch normalization in training is Keras's, moving statistics too") {
  for (const char* name : {"batch_norm_train", "batch_norm_train_4d"}) {
    layers::BatchNormalization bn;
    const std::string key = std::string("layer/") + name + "/";
    check_layer(name, layers::BatchNormalization(bn), true);
    // check_layer's layer is a copy: it shares bn's weights
    figures::check(bn.get_weights()[2], key + "moving_mean");
    figures::check(bn.get_weights()[3], key + "moving_variance");
  }
}

TEST_CASE("embeddings look up as Keras's do") {
  layers::Embedding e(6, 4);
  e.build_once({2, 3});
  e.set_weights({figures::get("embedding/w0")});
  figures::check(e(figures::get("embedding/ids")), "embedding/y", 0);
}

TEST_CASE("activations and their gradients are Keras's, kinks included") {
  const Tensor x = figures::get("activation/x");
  for (const char* name :
       {"linear",     "relu",        "relu6",       "sigmoid",     "tanh",        "selu",
        "silu",       "swish",       "mish",        "softplus",    "softsign",    "hard_sigmoid",
        "hard_silu",  "log_sigmoid", "exponential", "elu",         "gelu",        "leaky_relu",
        "softmax",    "log_softmax", "hard_tanh",   "tanh_shrink", "hard_shrink", "soft_shrink",
        "squareplus", "hard_swish"}) {
    GradientTape tape;
    tape.watch(x);
    const Tensor y = ActivationFunction(name)(x);
    const std::string key = std::string("activation/") + name;
    figures::check(y, key + "/y", 5e-6);
    figures::check(tape.gradient(sum(y * cos(x)), x), key + "/dx", 1e-5);
  }
}

TEST_CASE("celu is elu") {
  // The slope at 0 is that of both sides, 1; Keras's formula adds up to 2 there.
  figures::check(ActivationFunction("celu")(figures::get("activation/x")), "activation/celu/y",
                 5e-6);
}

TEST_CASE("Normalization learns statistics as Keras's does") {
  const Tensor x = figures::get("normalization/data");
  const auto check = [&](const char* name, layers::NormalizationOptions o) {
    layers::Normalization n(o);
    const bool given = o.mean.defined();
    if (!given) n.adapt(data::Dataset::from_tensor_slices({x}).batch(5));
    figures::check(n(x), std::string("normalization/") + name, 1e-5);
    if (given) return;
    n.adapt(x * 3);  // anew: what was learnt before does not count
    n.adapt(x);
    figures::check(n(x), std::string("normalization/") + name, 1e-5);
    CHECK(n.trainable_variables().empty());
    CHECK(n.get_weights()[2].item<int>() * n.get_weights()[0].size() == x.size());
  };
  check("last", {});
  check("axes", {.axis = {1, 2}});
  check("axis_1", {.axis = {1}});
  check("all", {.axis = {}});
  check("inverted", {.invert = true});
  check("given", {.mean = tensor(2.f), .variance = tensor(9.f)});
  CHECK_THROWS_AS(layers::Normalization({.mean = tensor(2.f)}), ValueError);
  CHECK_THROWS_AS(layers::Normalization({.axis = {0}}).adapt(x), IndexError);
  CHECK_THROWS_AS(layers::Normalization().adapt(zeros({0, 3})), ValueError);
  CHECK_THROWS_AS(layers::Normalization({.mean = tensor(0.f), .variance = tensor(1.f)}).adapt(x),
                  ValueError);
  layers::Normalization n;
  n.adapt(x);
  CHECK_THROWS_AS(n(zeros({2, 4})), ShapeError);
  CHECK(n(cast(x, int32)).dtype() == float32);
}
