"""Recommends one of several items from a user's features: two dense layers, compile, fit, evaluate."""

import sys

import numpy as np

import linnet as tf
from linnet import keras

keras.utils.set_random_seed(7)
users, features, items = 2000, 100, 12

# What a user likes is a hidden linear taste; the target is the best item, one-hot.
x = np.random.normal(size=(users, features)).astype("float32")
taste = np.random.normal(size=(features, items))
liked = keras.utils.to_categorical((x @ taste).argmax(1), items)

model = keras.Sequential([
    keras.layers.Dense(256, activation="relu", input_shape=(features,)),
    keras.layers.Dense(items, activation="softmax"),
])
model.compile(optimizer="adam", loss="categorical_crossentropy", metrics=["accuracy"])

train = tf.data.Dataset.from_tensor_slices((x[:1600], liked[:1600])).shuffle(1600).batch(32)
model.fit(train, epochs=10, verbose=2)
loss, accuracy = model.evaluate(x[1600:], liked[1600:], verbose=0)
scores = model.predict(x[:1], verbose=0)
print(f"accuracy on new users {accuracy:.3f}; the first user gets item {scores.argmax()}")
sys.exit(0 if accuracy > 0.6 else 1)
