"""Programs as beginners' tutorials have them; numbers are those of TensorFlow 2.21 and Keras 3.15."""

import csv
import gzip

import numpy as np
import pytest

import linnet as tf
from linnet import keras
from linnet.keras import layers, regularizers


def fixed(model, scale=0.1):
    random = np.random.default_rng(5)
    model.set_weights([random.normal(size=w.shape).astype("float32") * scale
                       for w in model.get_weights()])
    return model


def test_derivatives():
    x, v0, v1 = tf.constant(1.0), tf.Variable(2.0), tf.Variable(2.0)
    with tf.GradientTape(persistent=True) as tape:
        tape.watch(x)
        result = v0 if x > 0.0 else v1 ** 2
    assert [None if g is None else float(g) for g in tape.gradient(result, [v0, v1])] == [1.0, None]

    x, delta = tf.linspace(-10.0, 10.0, 5), tf.Variable(0.0)
    with tf.GradientTape() as tape:
        y = tf.nn.sigmoid(x + delta)
    assert np.allclose(tape.jacobian(y, delta), [0, 0.0066, 0.25, 0.0066, 0], atol=1e-4)

    x = tf.constant(np.arange(35).reshape(7, 5).astype("float32") / 35)
    layer = layers.Dense(4, activation="relu")
    layer.build((None, 5))
    layer.set_weights([np.arange(20).reshape(5, 4).astype("float32") / 20 - 0.3, np.zeros(4)])
    with tf.GradientTape(persistent=True) as tape:
        tape.watch(x)
        y = layer(x)
    assert np.allclose(tape.batch_jacobian(y, x)[3, 0], [-0.3, -0.1, 0.1, 0.3, 0.5], atol=1e-5)
    jacobian = tape.jacobian(y, layer.kernel)
    assert jacobian.shape == (7, 4, 5, 4)
    assert np.allclose(tf.reduce_sum(jacobian, [0, 1])[1], 3.2, atol=1e-5)
    with tf.GradientTape() as outer:
        with tf.GradientTape() as inner:
            loss = tf.reduce_mean(layer(x) ** 2)
        g = inner.gradient(loss, layer.kernel)
    hessian = outer.jacobian(g, layer.kernel)
    assert hessian.shape == (5, 4, 5, 4) and np.isclose(tf.reduce_sum(hessian), 15.8776, atol=1e-3)
    with pytest.raises(tf.errors.TapeError):
        outer.jacobian(g, layer.kernel)
    with pytest.raises(tf.errors.ShapeError, match="batch_jacobian"):
        tape.batch_jacobian(y, delta)


def test_a_training_loop_with_losses_of_layers():
    rng = np.random.default_rng(0)
    x, y = rng.random((96, 784)).astype("float32"), rng.integers(0, 10, 96)
    batches = tf.data.Dataset.from_tensor_slices((x, y)).batch(32)

    class ActivityRegularization(layers.Layer):
        def call(self, inputs):
            self.add_loss(1e-2 * tf.reduce_sum(inputs))
            return inputs

    inputs = keras.Input((784,), name="digits")
    h = ActivityRegularization()(layers.Dense(8, activation="relu")(inputs))
    model = fixed(keras.Model(inputs, layers.Dense(10)(h)))
    loss_fn = keras.losses.SparseCategoricalCrossentropy(from_logits=True)
    optimizer = keras.optimizers.Adam()

    @tf.function
    def step(x, y):
        with tf.GradientTape() as tape:
            loss = loss_fn(y, model(x, training=True))
            loss += sum(model.losses)
        gradients = tape.gradient(loss, model.trainable_weights)
        optimizer.apply_gradients(zip(gradients, model.trainable_weights))
        return loss

    losses = [float(step(a, b)) for a, b in batches]
    assert np.allclose(losses, [5.3116, 4.5441, 3.7759], atol=2e-3)
    fixed(model).compile("sgd", loss_fn)
    # fit() and evaluate() add them, too: without them the loss is that of ten classes.
    assert model.evaluate(x, y, verbose=0) > 4
    assert model.fit(x, y, epochs=1, verbose=0).history["loss"][0] > 3


def test_activity_regularizers():
    model = keras.Sequential([keras.Input((3,)), layers.Dense(
        2, kernel_initializer="ones", activity_regularizer=regularizers.L2(0.1))])
    model.compile("sgd", "mse")
    y = np.full((4, 2), 3.0, "float32")
    loss = model.evaluate(np.ones((4, 3), "float32"), y, verbose=0)
    assert np.isclose(loss, 0.1 * 8 * 9 / 4)
    again = keras.Sequential.from_config(model.get_config())
    again.compile("sgd", "mse")
    assert np.isclose(again.evaluate(np.ones((4, 3), "float32"), y, verbose=0), loss)


def test_overfitting_from_a_compressed_csv_file(tmp_path):
    rng = np.random.default_rng(0)
    rows = rng.normal(size=(200, 5)).astype("float32")
    with gzip.open(tmp_path / "rows.csv.gz", "wt") as file:
        csv.writer(file).writerows([[float(r[0] > 0), *map(float, r)] for r in rows])
    ds = tf.data.experimental.CsvDataset(str(tmp_path / "rows.csv.gz"), [float()] * 6,
                                         compression_type="GZIP")

    def pack_row(*row):
        return tf.stack(row[1:], 1), row[0]

    packed = ds.batch(200).map(pack_row).unbatch()
    validation, train = packed.take(80).cache().batch(40), packed.skip(80).take(120).cache()
    schedule = keras.optimizers.schedules.InverseTimeDecay(0.05, decay_steps=60, decay_rate=1)
    model = keras.Sequential([
        layers.Dense(16, "elu", kernel_regularizer=regularizers.l2(1e-4), input_shape=(5,)),
        layers.Dropout(0.1), layers.Dense(1)])
    model.compile(keras.optimizers.Adam(schedule), keras.losses.BinaryCrossentropy(from_logits=True),
                  metrics=[keras.metrics.BinaryCrossentropy(from_logits=True,
                                                            name="binary_crossentropy"), "accuracy"])
    history = model.fit(
        train.shuffle(120).repeat().batch(20), steps_per_epoch=6, epochs=12, verbose=0,
        validation_data=validation, callbacks=[
            keras.callbacks.EarlyStopping("val_binary_crossentropy", patience=200),
            keras.callbacks.TensorBoard(tmp_path / "logs")]).history
    assert history["val_accuracy"][-1] > 0.8 and history["loss"][-1] < history["loss"][0]


def test_regression_with_normalized_inputs(tmp_path):
    rng = np.random.default_rng(0)
    x = (rng.normal(size=(120, 9)) * 3 + 1).astype("float32")
    normalizer = layers.Normalization(axis=-1)
    normalizer.adapt(x)
    assert np.allclose(normalizer.mean, x.mean(0, keepdims=True), atol=1e-5)
    assert [tuple(w.shape) for w in normalizer.weights] == [(9,), (9,), ()]
    one = layers.Normalization(input_shape=[1], axis=None)
    one.adapt(x[:, 0])
    model = keras.Sequential([one, layers.Dense(1)])
    assert model.count_params() == 5 and model.predict(x[:3, 0], verbose=0).shape == (3, 1)
    deep = keras.Sequential([normalizer, layers.Dense(8, "relu"), layers.Dense(1)])
    deep.compile("adam", "mean_absolute_error")
    deep.fit(x, x.sum(1), epochs=1, verbose=0)
    deep.save(tmp_path / "deep.keras")
    again = keras.models.load_model(tmp_path / "deep.keras")
    assert np.array_equal(again.predict(x, verbose=0), deep.predict(x, verbose=0))


def test_generating_text():
    text = "hello world, this is a tiny text. " * 10
    vocabulary = sorted(set(text))
    ids = np.array([vocabulary.index(c) for c in text])
    pairs = tf.data.Dataset.from_tensor_slices(ids).batch(21, drop_remainder=True).map(
        lambda chunk: (chunk[:-1], chunk[1:])).batch(4, drop_remainder=True)

    class Generator(keras.Model):
        def __init__(self, words, units):
            super().__init__()
            self.embedding = layers.Embedding(words, 8)
            self.gru = layers.GRU(units, return_sequences=True, return_state=True)
            self.dense = layers.Dense(words)

        def call(self, inputs, states=None, return_state=False, training=False):
            x, states = self.gru(self.embedding(inputs), initial_state=states, training=training)
            x = self.dense(x)
            return (x, states) if return_state else x

    model = Generator(len(vocabulary), 16)
    model.compile("adam", keras.losses.SparseCategoricalCrossentropy(from_logits=True))
    losses = model.fit(pairs, epochs=3, verbose=0).history["loss"]
    assert losses[-1] < losses[0]

    @tf.function
    def next_one(ids, states=None):
        logits, states = model(inputs=ids, states=states, return_state=True)
        return tf.random.categorical(logits[:, -1], 1), states

    ids, states = next_one(tf.constant([[0, 1]]))
    ids, states = next_one(tf.cast(ids, tf.int32), states)
    assert ids.shape == (1, 1) and states.shape == (1, 16)


def test_shapes_stay_known_in_captures():
    @tf.function
    def f(x):
        rows = tf.shape(x)[0]
        flat = tf.reshape(x, [rows, -1])
        return tf.concat([flat, tf.zeros([rows, tf.shape(flat)[1] // 2])], 1)

    assert f(tf.ones((2, 2, 2))).shape == (2, 6)
