"""Models and data the tests of linnet.keras share."""

import numpy as np

from linnet import keras
from linnet.keras import layers


def data(n=64, features=4, classes=3):
    rng = np.random.RandomState(0)
    x = rng.normal(size=(n, features)).astype("float32")
    return x, (x @ rng.normal(size=(features, classes))).argmax(1)


def classifier(**kwargs):
    model = keras.Sequential([layers.Dense(16, activation="relu", input_shape=(4,)),
                              layers.Dense(3, activation="softmax")], **kwargs)
    model.compile("adam", "sparse_categorical_crossentropy", metrics=["accuracy"])
    return model


class Scale(layers.Layer):
    def __init__(self, start=1.0, **kwargs):
        super().__init__(**kwargs)
        self.start = start
        self.calls = 0

    def build(self, input_shape):
        assert input_shape[0] is None
        self.factor = self.add_weight(shape=(input_shape[-1],), initializer="ones", name="factor",
                                      regularizer="l2")

    def call(self, x, training=None):
        self.calls += 1
        return x * self.factor * self.start

    def get_config(self):
        return {"start": self.start, "name": self.name}


class Net(keras.Model):
    def __init__(self, width=8):
        super().__init__()
        self.width = width
        self.first = layers.Dense(width, activation="tanh")
        self.rest = [Scale(), layers.Dropout(0.25), layers.Dense(1)]

    def call(self, x, training=False):
        x = self.first(x)
        for layer in self.rest:
            x = layer(x)
        return x

    def get_config(self):
        return {"width": self.width}
