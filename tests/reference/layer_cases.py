"""Layers, embeddings and activations."""
import numpy as np
import tensorflow as tf
import keras
from keras import layers

from figures import layer_case, normal, put, rng


layer_case("dense", layers.Dense(4), normal(3, 5))
layer_case("dense_3d_tanh", layers.Dense(4, activation="tanh"), normal(2, 3, 5))
layer_case("dense_softmax", layers.Dense(4, activation="softmax"), normal(3, 5))
layer_case("dense_no_bias", layers.Dense(4, use_bias=False), normal(3, 5))
layer_case("conv_valid", layers.Conv2D(4, 3), normal(2, 7, 6, 3))
layer_case("conv_same", layers.Conv2D(4, 3, padding="same", activation="relu"), normal(2, 7, 6, 1))
layer_case("conv_same_k2", layers.Conv2D(3, 2, padding="same"), normal(1, 5, 6, 2))
layer_case("conv_same_s2", layers.Conv2D(5, 3, strides=2, padding="same"), normal(2, 8, 7, 3))
layer_case("conv_valid_s2_k5", layers.Conv2D(2, 5, strides=2), normal(1, 9, 10, 8))
layer_case("conv_dilated", layers.Conv2D(3, 3, dilation_rate=2, padding="same"), normal(1, 8, 9, 3))
layer_case("conv_1x1", layers.Conv2D(6, 1), normal(2, 4, 4, 8))
layer_case("conv_rect", layers.Conv2D(3, (2, 3), strides=(2, 1)), normal(2, 6, 7, 3))
ties = rng.integers(0, 3, size=(2, 6, 7, 3))
layer_case("maxpool", layers.MaxPooling2D(2), normal(2, 6, 7, 3))
layer_case("maxpool_same_ties", layers.MaxPooling2D(3, strides=2, padding="same"), ties)
layer_case("avgpool", layers.AveragePooling2D(2), normal(2, 6, 7, 3))
layer_case("avgpool_same", layers.AveragePooling2D(3, strides=2, padding="same"), normal(2, 6, 7, 3))
layer_case("global_avgpool", layers.GlobalAveragePooling2D(), normal(2, 5, 4, 3))
layer_case("softmax", layers.Softmax(), normal(3, 5) * 4)
layer_case("layer_norm", layers.LayerNormalization(), normal(3, 5))
layer_case("batch_norm_inference", layers.BatchNormalization(), normal(4, 3))
for name, shape in (("batch_norm_train", (6, 3)), ("batch_norm_train_4d", (2, 3, 4, 5))):
    bn = layer_case(name, layers.BatchNormalization(), normal(*shape), training=True)
    put(f"layer/{name}/moving_mean", bn.moving_mean.numpy())
    put(f"layer/{name}/moving_variance", bn.moving_variance.numpy())
layer_case("batch_norm_plain", layers.BatchNormalization(center=False, scale=False, momentum=0.9), normal(6, 3), True)
embedding = layers.Embedding(6, 4)
embedding.build((2, 3))
ids = np.array([[0, 5, 2], [2, 2, 1]])
put("embedding/ids", ids)
put("embedding/w0", embedding.embeddings.numpy())
put("embedding/y", embedding(ids).numpy())

grid = np.concatenate([np.linspace(-7, 7, 57), [0.0, -0.0, 6.0, -3.0, 3.0, 1e-4, -1e-4]]).astype(np.float32)
put("activation/x", grid)
for name in ("linear relu relu6 sigmoid tanh selu silu swish mish softplus softsign hard_sigmoid hard_silu log_sigmoid "
             "exponential elu gelu leaky_relu softmax log_softmax").split():
    t = tf.constant(grid)
    with tf.GradientTape() as tape:
        tape.watch(t)
        y = keras.activations.get(name)(t)
        total = tf.reduce_sum(y * tf.cos(t))
    put(f"activation/{name}/y", y.numpy())
    put(f"activation/{name}/dx", tape.gradient(total, t).numpy())
