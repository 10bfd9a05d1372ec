"""Functional models: files, subclasses, unknown extents; layers of several outputs; seeds."""

import copy

import numpy as np
import pytest

import linnet as tf
from linnet import keras
from linnet.keras import layers


def branched():
    a, b = keras.Input((4,), name="a"), keras.Input((4,), name="b")
    shared = layers.Dense(3, activation="tanh")
    x = layers.average([shared(a), shared(b * 2.0 + a)])
    first, rest = x[:, :1], 1.0 - x[:, 1:]
    return keras.Model([a, b], [layers.Dense(2, name="one")(rest), first])


def rows(*shape):
    return np.random.RandomState(0).normal(size=shape).astype("float32")


def test_functional_models_are_saved_and_copied(tmp_path):
    model, x = branched(), [rows(5, 4), rows(5, 4)[::-1].copy()]
    model.compile("adam", loss="mse")
    model.fit(x, [np.ones((5, 2)), np.ones((5, 1))], verbose=0)
    model.save(tmp_path / "model.keras")
    again = keras.models.load_model(tmp_path / "model.keras")
    for other in (again, copy.deepcopy(model)):
        for y, z in zip(model.predict(x, verbose=0), other.predict(x, verbose=0)):
            assert np.array_equal(y, z)
    clone = keras.Model.from_config(model.get_config())
    assert clone.count_params() == model.count_params()
    own = keras.Model(model.inputs, tf_function_of(model.outputs[0]))
    with pytest.raises(tf.errors.NotSupportedError, match="make it a layer"):
        own.get_config()


def tf_function_of(x):
    from linnet.keras import _symbolic

    return _symbolic._operation(lambda t: t * t, x)


def test_a_subclass_of_a_functional_model():
    class Halved(keras.Model):
        def train_step(self, data):
            x, y = data
            with tf.GradientTape() as tape:
                loss = self.compute_loss(y=y, y_pred=self(x, training=True)) / 2
            gradients = tape.gradient(loss, self.trainable_variables)
            self.optimizer.apply_gradients(zip(gradients, self.trainable_variables))
            return {"half": loss}

    class Named(keras.Model):
        def __init__(self, units):
            inputs = keras.Input((3,))
            super().__init__(inputs, layers.Dense(units)(inputs), name="named")
            self.units = units

    inputs = keras.Input((4,))
    model = Halved(inputs, layers.Dense(1)(inputs))
    model.compile("sgd", "mse")
    assert isinstance(model, Halved) and type(model).__name__ == "Halved"
    assert list(model.fit(rows(8, 4), rows(8, 1), verbose=0).history) == ["half"]
    named = Named(5)
    assert named(rows(2, 3)).shape == (2, 5) and named.units == 5 and named.name == "named"
    assert named.units == 5 and [type(layer).__name__ for layer in named.layers] == ["InputLayer", "Dense"]
    with pytest.raises(TypeError, match="symbolic"):
        Halved(np.ones((2, 4)))


def test_unknown_extents():
    steps, image = keras.Input((None, 4)), keras.Input((None, None, 3))
    x = layers.Conv1D(3, 3)(steps)
    assert tuple(x.shape) == (None, None, 3)
    y = layers.GlobalMaxPooling2D()(layers.Conv2D(2, 3, strides=2)(image))
    assert tuple(y.shape) == (None, 2)
    model = keras.Model([steps, image], layers.concatenate([layers.GlobalMaxPooling1D()(x), y]))
    assert model.predict([rows(2, 6, 4), rows(2, 9, 7, 3)], verbose=0).shape == (2, 5)
    tokens = layers.Embedding(10, 8)(keras.Input((None,), dtype="int32"))
    assert tuple(tokens.shape) == (None, None, 8)


class Sampling(layers.Layer):
    def __init__(self, **kwargs):
        super().__init__(**kwargs)
        self.seeds = keras.random.SeedGenerator(7)

    def call(self, inputs):
        mean, log_variance = inputs
        noise = keras.random.normal(tf.shape(mean), seed=self.seeds)
        return mean + tf.exp(0.5 * log_variance) * noise


class Encoder(layers.Layer):
    def __init__(self):
        super().__init__()
        self.mean, self.log_variance = layers.Dense(2), layers.Dense(2)
        self.sampling = Sampling()

    def call(self, inputs):
        mean, log_variance = self.mean(inputs), self.log_variance(inputs)
        return mean, log_variance, self.sampling((mean, log_variance))


class Autoencoder(keras.Model):
    def __init__(self):
        super().__init__()
        self.encoder, self.decoder = Encoder(), layers.Dense(4)

    def call(self, inputs):
        mean, log_variance, z = self.encoder(inputs)
        self.add_loss(-0.5 * tf.reduce_mean(log_variance - tf.square(mean) - tf.exp(log_variance) + 1))
        return self.decoder(z)


def test_layers_of_several_outputs():
    model, x = Autoencoder(), rows(16, 4)
    first, second = model.encoder(x), model.encoder(x)
    assert len(first) == 3 and np.array_equal(first[0], second[0])
    assert not np.array_equal(first[2], second[2])
    model.compile("adam", "mse")
    history = model.fit(x, x, epochs=3, batch_size=8, verbose=0).history
    assert len(history["loss"]) == 3 and len(model.trainable_variables) == 6
    for _ in range(2):
        model(x)
        assert len(model.losses) == 1


def test_losses_of_models_with_several_inputs():
    class Distance(keras.Model):
        def call(self, inputs):
            a, b = inputs
            self.add_loss(tf.reduce_mean(tf.square(a - b)))
            return a + b

    model = Distance()
    for _ in range(3):
        model((tf.ones((2, 1)), tf.zeros((2, 1))))
        assert [float(loss) for loss in model.losses] == [1.0]


def test_random_numbers_by_seed():
    a, b = keras.random.SeedGenerator(3), keras.random.SeedGenerator(3)
    x, y = keras.random.uniform((4,), seed=a), keras.random.uniform((4,), seed=b)
    assert np.array_equal(x, y) and not np.array_equal(x, keras.random.uniform((4,), seed=a))
    assert np.array_equal(keras.random.normal((3,), seed=5), keras.random.normal((3,), seed=5))
    shuffled = keras.random.shuffle(tf.constant([[1, 2, 3]]), axis=1, seed=1)
    assert sorted(shuffled.numpy()[0].tolist()) == [1, 2, 3]


def test_short_names_of_batch_hooks():
    seen = []

    class Losses(keras.callbacks.Callback):
        def on_batch_end(self, batch, logs=None):
            seen.append((batch, sorted(logs)))

    model = keras.Sequential([keras.Input((4,)), layers.Dense(1)])
    model.compile("sgd", "mse")
    model.fit(rows(8, 4), rows(8, 1), batch_size=4, verbose=0, callbacks=[Losses()])
    assert seen == [(0, ["loss"]), (1, ["loss"])]


def test_layers_that_prepare_data():
    x = np.arange(2 * 6 * 8 * 3).reshape(2, 6, 8, 3).astype("float32")
    assert layers.CenterCrop(3, 4)(x)[0, 0, 0].numpy().tolist() == x[0, 1, 2].tolist()
    assert layers.Resizing(3, 5)(x).shape == (2, 3, 5, 3)
    tokens = np.array([[0, 1], [0, 0]])
    assert layers.CategoryEncoding(3)(tokens).numpy().tolist() == [[1, 1, 0], [1, 0, 0]]
    counts = layers.CategoryEncoding(3, output_mode="count")(tokens)
    assert counts.numpy().tolist() == [[1, 1, 0], [2, 0, 0]]
    one_hot = layers.CategoryEncoding(3, output_mode="one_hot")(np.array([2, 0]))
    assert one_hot.numpy().tolist() == [[0, 0, 1], [1, 0, 0]]
    model = keras.Sequential([keras.Input((3,)), layers.ActivityRegularization(0.1, 0.2)])
    model.compile("sgd", "mse")
    ones = np.ones((4, 3), "float32")
    assert np.isclose(model.evaluate(ones, ones, verbose=0), 0.9)
    with pytest.raises(ValueError, match="cannot cut"):
        layers.CenterCrop(7, 4)(x)
