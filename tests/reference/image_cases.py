"""Normalizations over other axes, convolutions beyond Conv2D, poolings and layers that move pixels."""
import numpy as np
from keras import layers

from figures import layer_case, normal, put

for name, axis in (("batch_norm_axis_1", 1), ("batch_norm_axis_2", -2)):
    bn = layer_case(name, layers.BatchNormalization(axis=axis, momentum=0.8, epsilon=1e-2), normal(3, 4, 5, 2), training=True)
    put(f"layer/{name}/moving_mean", bn.moving_mean.numpy())
    put(f"layer/{name}/moving_variance", bn.moving_variance.numpy())
layer_case("layer_norm_axes", layers.LayerNormalization(axis=[1, 3], epsilon=1e-2), normal(3, 4, 5, 2))
layer_case("layer_norm_axis_1", layers.LayerNormalization(axis=1, center=False), normal(3, 4, 5))
layer_case("layer_norm_plain", layers.LayerNormalization(center=False, scale=False), normal(3, 4))
layer_case("group_norm", layers.GroupNormalization(3), normal(2, 4, 5, 6))
layer_case("group_norm_each", layers.GroupNormalization(-1, scale=False), normal(2, 5, 3))
layer_case("group_norm_flat", layers.GroupNormalization(2, center=False), normal(4, 6))
layer_case("unit_norm", layers.UnitNormalization(), normal(3, 5))
layer_case("rms_norm", layers.RMSNormalization(), normal(3, 5))

layer_case("conv1d", layers.Conv1D(4, 3, activation="tanh"), normal(2, 9, 3))
layer_case("conv1d_same_s2", layers.Conv1D(4, 4, strides=2, padding="same"), normal(2, 9, 3))
layer_case("conv1d_causal", layers.Conv1D(4, 3, padding="causal", dilation_rate=2), normal(2, 9, 3))
layer_case("conv1d_groups", layers.Conv1D(4, 2, groups=2, use_bias=False), normal(2, 7, 6))
layer_case("conv1d_causal_s2", layers.Conv1D(2, 2, strides=2, padding="causal"), normal(1, 8, 3))
layer_case("conv_groups", layers.Conv2D(6, 3, groups=3), normal(2, 6, 5, 6))
layer_case("conv_transpose_valid", layers.Conv2DTranspose(3, 3, strides=2, activation="tanh"), normal(2, 4, 5, 2))
layer_case("conv_transpose_gap", layers.Conv2DTranspose(2, 2, strides=3), normal(1, 5, 3, 4))
layer_case("conv_transpose_same", layers.Conv2DTranspose(3, 3, strides=2, padding="same"), normal(2, 4, 5, 2))
layer_case("conv_transpose_same_k2_s3", layers.Conv2DTranspose(3, 2, strides=3, padding="same"), normal(2, 4, 5, 2))
layer_case("conv_transpose_rect", layers.Conv2DTranspose(3, (2, 5), strides=(1, 2), padding="same", use_bias=False),
           normal(2, 4, 5, 2))
layer_case("conv_transpose_out", layers.Conv2DTranspose(3, 3, strides=2, padding="valid", output_padding=1), normal(1, 4, 5, 2))
layer_case("conv_transpose_same_out", layers.Conv2DTranspose(3, 4, strides=3, padding="same", output_padding=(2, 1)),
           normal(1, 4, 5, 2))
layer_case("depthwise", layers.DepthwiseConv2D(3), normal(2, 6, 5, 3))
layer_case("depthwise_mult", layers.DepthwiseConv2D((2, 3), depth_multiplier=2, padding="same", activation="relu"),
           normal(2, 6, 5, 3))
layer_case("depthwise_s2", layers.DepthwiseConv2D(3, strides=2, padding="same", use_bias=False), normal(2, 6, 7, 3))
layer_case("separable", layers.SeparableConv2D(5, 3, depth_multiplier=2, padding="same", activation="tanh"), normal(2, 6, 5, 3))
layer_case("separable_s2", layers.SeparableConv2D(4, 2, strides=2, use_bias=False), normal(2, 6, 5, 3))

layer_case("maxpool1d", layers.MaxPooling1D(), normal(2, 9, 3))
layer_case("maxpool1d_same", layers.MaxPooling1D(3, strides=2, padding="same"), normal(2, 8, 3))
layer_case("avgpool1d", layers.AveragePooling1D(3, strides=2, padding="same"), normal(2, 8, 3))
layer_case("global_avgpool1d", layers.GlobalAveragePooling1D(), normal(2, 5, 3))
layer_case("global_maxpool1d", layers.GlobalMaxPooling1D(), normal(2, 5, 3))
layer_case("global_maxpool2d", layers.GlobalMaxPooling2D(keepdims=True), normal(2, 5, 4, 3))

layer_case("zero_padding", layers.ZeroPadding2D(), normal(2, 3, 4, 2))
layer_case("zero_padding_sides", layers.ZeroPadding2D(((1, 0), (2, 3))), normal(2, 3, 4, 2))
layer_case("zero_padding1d", layers.ZeroPadding1D((2, 1)), normal(2, 3, 2))
layer_case("cropping", layers.Cropping2D(((1, 2), (0, 1))), normal(2, 6, 5, 2))
layer_case("cropping1d", layers.Cropping1D(1), normal(2, 6, 2))
layer_case("upsampling", layers.UpSampling2D((2, 3)), normal(2, 3, 4, 2))
layer_case("upsampling1d", layers.UpSampling1D(3), normal(2, 3, 2))
layer_case("upsampling_bilinear", layers.UpSampling2D((2, 3), interpolation="bilinear"), normal(2, 3, 4, 2))
layer_case("permute", layers.Permute((3, 1, 2)), normal(2, 3, 4, 5))
layer_case("repeat_vector", layers.RepeatVector(3), normal(2, 4))

layer_case("relu_layer", layers.ReLU(max_value=1.5, negative_slope=0.1, threshold=0.2), normal(4, 9) * 2)
layer_case("leaky_relu", layers.LeakyReLU(), normal(3, 5))
layer_case("elu", layers.ELU(0.7), normal(3, 5))
layer_case("prelu", layers.PReLU(), normal(3, 4, 2))
layer_case("prelu_shared", layers.PReLU(shared_axes=[1, 2]), normal(3, 4, 5, 2))
