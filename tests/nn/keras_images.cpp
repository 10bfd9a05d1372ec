#include <doctest/doctest.h>

#include "linnet/core/creation.hpp"
#include "linnet/nn/layers/conv1d.hpp"
#include "linnet/nn/layers/conv2d.hpp"
#include "linnet/nn/layers/conv2d_transpose.hpp"
#include "linnet/nn/layers/core.hpp"
#include "linnet/nn/layers/depthwise.hpp"
#include "linnet/nn/layers/normalization.hpp"
#include "linnet/ops/elementwise.hpp"
#include "linnet/ops/shape.hpp"
#include "nn/check_layer.hpp"

using namespace linnet;
using figures::check_layer;

TEST_CASE("normalizations over other axes are Keras's") {
  for (const auto& [name, axis] : {std::pair{"batch_norm_axis_1", 1}, {"batch_norm_axis_2", -2}}) {
    layers::BatchNormalization bn({.axis = axis, .momentum = 0.8, .epsilon = 1e-2});
    const std::string key = std::string("layer/") + name + "/";
    check_layer(name, layers::BatchNormalization(bn), true);
    figures::check(bn.get_weights()[2], key + "moving_mean");
    figures::check(bn.get_weights()[3], key + "moving_variance");
  }
  check_layer("layer_norm_axes", layers::LayerNormalization({.axis = {1, 3}, .epsilon = 1e-2}));
  check_layer("layer_norm_axes", layers::LayerNormalization({.axis = {-1, 1}, .epsilon = 1e-2}));
  check_layer("layer_norm_axis_1", layers::LayerNormalization({.axis = {1}, .center = false}));
  check_layer("layer_norm_plain", layers::LayerNormalization({.center = false, .scale = false}));
  check_layer("group_norm", layers::GroupNormalization({.groups = 3}));
  check_layer("group_norm_each", layers::GroupNormalization({.groups = -1, .scale = false}));
  check_layer("group_norm_flat", layers::GroupNormalization({.groups = 2, .center = false}));
  check_layer("unit_norm", layers::UnitNormalization());
  check_layer("rms_norm", layers::RMSNormalization());
}

TEST_CASE("normalizations take initializers and regularizers, and refuse what does not fit") {
  layers::BatchNormalization bn({.beta_initializer = "ones",
                                 .gamma_initializer = initializers::Constant(2),
                                 .moving_mean_initializer = initializers::Constant(3),
                                 .gamma_regularizer = L2(0.5)});
  bn.build_once({4, 2});
  CHECK(bn.get_weights()[0].to_vector<float>() == std::vector<float>{2, 2});
  CHECK(bn.get_weights()[1].to_vector<float>() == std::vector<float>{1, 1});
  CHECK(bn.get_weights()[2].to_vector<float>() == std::vector<float>{3, 3});
  CHECK(bn.losses()[0].item<double>() == 4);
  CHECK_THROWS_AS(layers::BatchNormalization({.axis = 3})(zeros({2, 3})), IndexError);
  CHECK_THROWS_AS(layers::BatchNormalization({.momentum = 1.5}), ValueError);
  CHECK_THROWS_AS(layers::LayerNormalization({.axis = {}}), ValueError);
  CHECK_THROWS_AS(layers::LayerNormalization({.axis = {2}})(zeros({2, 3})), IndexError);
  CHECK_THROWS_AS(layers::GroupNormalization({.groups = 4})(zeros({2, 6})), ShapeError);
  CHECK_THROWS_AS(layers::GroupNormalization({.groups = 0}), ValueError);
}

TEST_CASE("convolutions of every kind are Keras's") {
  check_layer("conv1d", layers::Conv1D(4, 3, {.activation = tanh}));
  check_layer("conv1d_same_s2", layers::Conv1D(4, 4, {.strides = 2, .padding = "same"}));
  check_layer("conv1d_causal", layers::Conv1D(4, 3, {.padding = "causal", .dilation_rate = 2}));
  check_layer("conv1d_groups", layers::Conv1D(4, 2, {.groups = 2, .use_bias = false}));
  check_layer("conv1d_causal_s2", layers::Conv1D(2, 2, {.strides = 2, .padding = "causal"}));
  check_layer("conv_groups", layers::Conv2D(6, 3, {.groups = 3}));
  using Transpose = layers::Conv2DTranspose;
  check_layer("conv_transpose_valid", Transpose(3, 3, {.strides = 2, .activation = tanh}));
  check_layer("conv_transpose_gap", Transpose(2, 2, {.strides = 3}));
  check_layer("conv_transpose_same", Transpose(3, 3, {.strides = 2, .padding = "same"}));
  check_layer("conv_transpose_same_k2_s3", Transpose(3, 2, {.strides = 3, .padding = "same"}));
  check_layer("conv_transpose_rect",
              Transpose(3, {2, 5}, {.strides = {1, 2}, .padding = "same", .use_bias = false}));
  check_layer("conv_transpose_out", Transpose(3, 3, {.strides = 2, .output_padding = 1}));
  check_layer("conv_transpose_same_out",
              Transpose(3, 4, {.strides = 3, .padding = "same", .output_padding = Size2D(2, 1)}));
  check_layer("depthwise", layers::DepthwiseConv2D(3));
  check_layer("depthwise_mult",
              layers::DepthwiseConv2D(
                  {2, 3}, {.padding = "same", .depth_multiplier = 2, .activation = relu}));
  check_layer("depthwise_s2",
              layers::DepthwiseConv2D(3, {.strides = 2, .padding = "same", .use_bias = false}));
  check_layer("separable",
              layers::SeparableConv2D(
                  5, 3, {.padding = "same", .depth_multiplier = 2, .activation = tanh}));
  check_layer("separable_s2", layers::SeparableConv2D(4, 2, {.strides = 2, .use_bias = false}));
}

TEST_CASE("convolutions refuse what does not fit") {
  CHECK_THROWS_AS(layers::Conv1D(0, 3), ValueError);
  CHECK_THROWS_AS(layers::Conv1D(3, 3, {.groups = 2}), ValueError);
  CHECK_THROWS_AS(layers::Conv1D(3, 2, {.padding = "full"})(zeros({1, 4, 2})), ValueError);
  CHECK_THROWS_AS(layers::Conv1D(3, 5)(zeros({1, 4, 2})), ShapeError);
  CHECK_THROWS_AS(layers::Conv1D(3, 5)(zeros({4, 2})), ShapeError);
  layers::Conv1D built(3, 2);
  built(zeros({1, 4, 2}));
  CHECK_THROWS_AS(built(zeros({1, 4, 3})), ShapeError);
  CHECK_THROWS_AS(layers::Conv2DTranspose(0, 3), ValueError);
  CHECK_THROWS_AS(
      layers::Conv2DTranspose(2, 3, {.strides = 2, .output_padding = 2})(zeros({1, 3, 3, 1})),
      ValueError);
  CHECK_THROWS_AS(layers::Conv2DTranspose(2, 3)(zeros({3, 3, 1})), ShapeError);
  CHECK_THROWS_AS(layers::DepthwiseConv2D(3, {.depth_multiplier = 0}), ValueError);
  CHECK_THROWS_AS(layers::SeparableConv2D(2, 3)(zeros({1, 2, 2, 3})), ShapeError);
}

TEST_CASE("poolings of steps and over all places are Keras's") {
  check_layer("maxpool1d", layers::MaxPooling1D());
  check_layer("maxpool1d_same", layers::MaxPooling1D(3, {.strides = 2, .padding = "same"}));
  check_layer("avgpool1d", layers::AveragePooling1D(3, {.strides = 2, .padding = "same"}));
  check_layer("global_avgpool1d", layers::GlobalAveragePooling1D());
  check_layer("global_maxpool1d", layers::GlobalMaxPooling1D());
  check_layer("global_maxpool2d", layers::GlobalMaxPooling2D({.keepdims = true}));
  CHECK(layers::GlobalMaxPooling1D({.keepdims = true})(zeros({2, 3, 4})).shape() ==
        Shape({2, 1, 4}));
  CHECK_THROWS_AS(layers::MaxPooling1D()(zeros({2, 3})), ShapeError);
  CHECK_THROWS_AS(layers::GlobalMaxPooling2D()(zeros({2, 3})), ShapeError);
}

TEST_CASE("layers that move pixels are Keras's") {
  check_layer("zero_padding", layers::ZeroPadding2D());
  check_layer("zero_padding_sides", layers::ZeroPadding2D({{1, 0}, {2, 3}}));
  check_layer("zero_padding1d", layers::ZeroPadding1D({2, 1}));
  check_layer("cropping", layers::Cropping2D({{1, 2}, {0, 1}}));
  check_layer("cropping1d", layers::Cropping1D(1));
  check_layer("upsampling", layers::UpSampling2D({2, 3}));
  check_layer("upsampling1d", layers::UpSampling1D(3));
  check_layer("upsampling_bilinear", layers::UpSampling2D({2, 3}, {.interpolation = "bilinear"}));
  check_layer("permute", layers::Permute({3, 1, 2}));
  check_layer("repeat_vector", layers::RepeatVector(3));
  CHECK(layers::ZeroPadding2D({1, 2})(zeros({1, 2, 2, 1})).shape() == Shape({1, 4, 6, 1}));
  CHECK_THROWS_AS(layers::ZeroPadding2D(-1), ValueError);
  CHECK_THROWS_AS(layers::Cropping2D(2)(zeros({1, 4, 5, 1})), ShapeError);
  CHECK_THROWS_AS(layers::UpSampling2D(0), ValueError);
  CHECK_THROWS_AS(layers::UpSampling2D(2, {.interpolation = "cubic"}), ValueError);
  CHECK_THROWS_AS(layers::Permute({1, 3}), ValueError);
  CHECK_THROWS_AS(layers::Permute({1, 2})(zeros({2, 3})), ShapeError);
  CHECK_THROWS_AS(layers::RepeatVector(0), ValueError);
  CHECK(layers::UpSampling2D(
            2, {.interpolation = "bilinear"})(reshape(tensor({0.f, 1.f}), {1, 1, 2, 1}))
            .to_vector<float>() == std::vector<float>{0, .25, .75, 1, 0, .25, .75, 1});
}

TEST_CASE("activation layers are Keras's") {
  check_layer("relu_layer",
              layers::ReLU({.max_value = 1.5, .negative_slope = 0.1, .threshold = 0.2}));
  check_layer("leaky_relu", layers::LeakyReLU());
  check_layer("elu", layers::ELU(0.7));
  check_layer("prelu", layers::PReLU());
  check_layer("prelu_shared", layers::PReLU({.shared_axes = {1, 2}}));
  CHECK(layers::PReLU().name().starts_with("p_re_lu"));
  CHECK_THROWS_AS(layers::ReLU({.threshold = -1}), ValueError);
  CHECK_THROWS_AS(layers::PReLU({.shared_axes = {3}})(zeros({2, 3, 4})), ValueError);
}
