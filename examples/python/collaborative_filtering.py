"""Predicts ratings from users and films by embeddings: rating = user . film + biases."""

import sys

import numpy as np

import linnet as tf
from linnet.keras import layers

tf.keras.utils.set_random_seed(5)
users, films, ratings = 200, 100, 12000
pairs = np.stack([np.random.randint(0, users, ratings), np.random.randint(0, films, ratings)],
                 1).astype("int32")
user_taste, film_taste = np.random.normal(size=(users, 3)), np.random.normal(size=(films, 3))
rating = (user_taste[pairs[:, 0]] * film_taste[pairs[:, 1]]).sum(1, keepdims=True)
rating = (rating + np.random.normal(0, 0.1, rating.shape)).astype("float32")


class MatrixFactorization(tf.keras.Model):
    def __init__(self, dim: int) -> None:
        super().__init__()
        self.user = layers.Embedding(users, dim, embeddings_initializer="normal")
        self.film = layers.Embedding(films, dim, embeddings_initializer="normal")
        self.user_bias = layers.Embedding(users, 1, embeddings_initializer="zeros")
        self.film_bias = layers.Embedding(films, 1, embeddings_initializer="zeros")

    def call(self, pairs: tf.Tensor) -> tf.Tensor:
        u, f = pairs[:, 0], pairs[:, 1]
        dot = tf.reduce_sum(self.user(u) * self.film(f), axis=-1, keepdims=True)
        return dot + self.user_bias(u) + self.film_bias(f)


model = MatrixFactorization(8)
model.compile(optimizer=tf.keras.optimizers.Adam(0.02), loss="mse", metrics=["mae"])
before = model.evaluate(pairs[10000:], rating[10000:], verbose=0)[0]
model.fit(pairs[:10000], rating[:10000], epochs=12, batch_size=128, verbose=2)
after = model.evaluate(pairs[10000:], rating[10000:], verbose=0)[0]
print(f"mean squared error on unseen ratings: {before:.3f} before, {after:.3f} after")
sys.exit(0 if after < 0.2 * before else 1)
