"""Functional graphs, made of both sides' layers with equal weights."""

import keras

from linnet import keras as ours
from keras_both import rng

# Functional models: (inputs, function of library and symbols)
def residual(k, x):
    h = k.layers.Dense(8, activation="relu")(x)
    return k.layers.Dense(2)(k.layers.Add()([h, k.layers.Dense(8)(h)]))


def two_inputs(k, a, b):
    return k.layers.Dense(3)(k.layers.Concatenate()([k.layers.Dense(4)(a), b]))


def shared(k, a, b):
    layer = k.layers.Dense(5, activation="tanh")
    return k.layers.Dot(axes=-1)([layer(a), layer(b)])


def two_outputs(k, x):
    h = k.layers.Dense(6, activation="relu")(x)
    return [k.layers.Dense(2, name="first")(h), k.layers.Dense(1, name="second")(h)]


def arithmetic(k, a, b):
    return k.layers.Dense(2)((a * 2.0 + b)[:, 1:] / 3.0 - 1.0)


def convolutional(k, x):
    h = k.layers.Conv2D(4, 3, padding="same", activation="relu")(x)
    h = k.layers.Average()([h, k.layers.DepthwiseConv2D(3, padding="same")(h)])
    h = k.layers.BatchNormalization()(h)
    return k.layers.Dense(2)(k.layers.GlobalAveragePooling2D()(h))


def attention(k, x):
    h = k.layers.MultiHeadAttention(2, 3, name="attention")(x, x, use_causal_mask=True)
    h = k.layers.LayerNormalization()(k.layers.Add()([x, h]))
    return k.layers.Dense(2)(k.layers.GlobalMaxPooling1D()(h))


def nested(k, x):
    inner = k.Sequential([k.layers.Dense(4, activation="relu"), k.layers.Dense(4)])
    return k.layers.Dense(1)(inner(x))


FUNCTIONAL = [("residual", residual, [(8,)]), ("two inputs", two_inputs, [(8,), (3,)]),
              ("shared", shared, [(8,), (8,)]), ("two outputs", two_outputs, [(8,)]),
              ("arithmetic", arithmetic, [(8,), (8,)]),
              ("convolutional", convolutional, [(6, 6, 2)]), ("attention", attention, [(5, 8)]),
              ("nested", nested, [(8,)])]


def functional_pair(make, shapes):
    models = []
    for k in (keras, ours):
        symbols = [k.Input(s, name=f"in{i}") for i, s in enumerate(shapes)]
        outputs = make(k, *symbols)
        models.append(k.Model(symbols if len(symbols) > 1 else symbols[0], outputs))
    theirs, found = models
    for w in theirs.weights:
        w.assign(rng(len(w.path)).normal(size=w.shape).astype("float32") * 0.3 + (
            1.0 if "variance" in w.path else 0.0))
    return theirs, found
