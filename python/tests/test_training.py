"""fit, evaluate, predict: every kind of data, own steps, refusals, threads."""

import os
import signal
import threading
import time

import numpy as np
import pytest

import linnet as tf
from linnet import keras
from linnet.keras import layers

from keras_models import classifier, data


def test_fit_evaluate_predict():
    x, y = data()
    model = classifier()
    history = model.fit(x, y, epochs=30, validation_split=0.25, verbose=0)
    assert list(history.history) == ["accuracy", "loss", "val_accuracy", "val_loss"]
    assert history.epoch == list(range(30)) and history.params["steps"] == 2
    assert history.history["loss"][-1] < history.history["loss"][0]
    loss, accuracy = model.evaluate(x, y, verbose=0)
    assert isinstance(loss, float) and 0 <= accuracy <= 1
    assert set(model.evaluate(x, y, verbose=0, return_dict=True)) == {"loss", "accuracy"}
    out = model.predict(x, verbose=0)
    assert isinstance(out, np.ndarray) and out.shape == (64, 3)
    np.testing.assert_allclose(out.sum(1), 1, rtol=1e-5)
    np.testing.assert_allclose(model(x).numpy(), out, rtol=1e-5, atol=1e-6)
    assert history.model is model and model.history is history


def test_every_kind_of_data_gives_the_same_training():
    x, y = data()

    def run(fit):
        keras.utils.set_random_seed(3)
        model = classifier()
        fit(model)
        return model.get_weights()

    def batches():
        for i in range(0, 64, 16):
            yield x[i:i + 16], y[i:i + 16]

    dataset = tf.data.Dataset.from_tensor_slices((x, y)).batch(16)

    class Sequence:
        def __len__(self):
            return 4

        def __getitem__(self, i):
            return x[i * 16:i * 16 + 16], y[i * 16:i * 16 + 16]

        def on_epoch_end(self):
            pass

    expected = run(lambda m: m.fit(x, y, batch_size=16, shuffle=False, verbose=0))
    for fit in (lambda m: m.fit(dataset, verbose=0), lambda m: m.fit(batches(), verbose=0),
                lambda m: m.fit(Sequence(), verbose=0),
                lambda m: m.fit(x.tolist(), y.tolist(), batch_size=16, shuffle=False, verbose=0),
                lambda m: m.fit(list(x), list(y), batch_size=16, shuffle=False, verbose=0),
                lambda m: m.fit(x.astype("float64"), y, batch_size=16, shuffle=False, verbose=0),
                lambda m: [m.train_on_batch(a, b) for a, b in batches()]):
        for ours, theirs in zip(run(fit), expected):
            np.testing.assert_allclose(ours, theirs, rtol=1e-6, atol=1e-7)


def test_refusals():
    x, y = data()
    with pytest.raises(ValueError, match="compile"):
        keras.Sequential([layers.Dense(1)]).fit(x, y)
    model = classifier()
    for call, words in [
        (lambda: model.fit(x, y[:10], verbose=0), "cardinality"),
        (lambda: model.fit("path", verbose=0), "Unrecognized data type"),
        (lambda: model.fit(x, y, epochs=-1, verbose=0), "epochs"),
        (lambda: model.fit(x, y, batch_size=0, verbose=0), "batch_size"),
        (lambda: model.fit(x, y, validation_split=2, verbose=0), "validation_split"),
        (lambda: model.fit(tf.data.Dataset.range(4).batch(2), y, verbose=0), "leave y"),
        (lambda: model.compile("nope", "mse"), "Could not interpret optimizer"),
        (lambda: model.compile("adam", "nope"), "Could not interpret loss"),
        (lambda: layers.Dense(0), "units"),
        (lambda: layers.Dropout(2), "rate"),
        (lambda: model(np.ones((2, 9))), "axis -1"),
        (lambda: keras.optimizers.Adam(lr=1.0), "learning_rate"),
    ]:
        with pytest.raises(ValueError, match=words):
            call()
    with pytest.raises(TypeError):
        layers.Dense(3, bogus=1)
    with pytest.raises(NotImplementedError):
        class Mine(layers.Dense):
            def call(self, x):
                return x


def test_custom_train_step_is_captured():
    steps = []

    class Custom(keras.Model):
        def __init__(self):
            super().__init__()
            self.dense = layers.Dense(1)
            self.tracker = keras.metrics.Mean(name="own")

        def call(self, x):
            return self.dense(x)

        def train_step(self, data):
            steps.append(1)
            x, y = data
            with tf.GradientTape() as tape:
                loss = self.compute_loss(y=y, y_pred=self(x, training=True))
            gradients = tape.gradient(loss, self.trainable_variables)
            self.optimizer.apply_gradients(zip(gradients, self.trainable_variables))
            self.tracker.update_state(loss)
            return {"loss": loss, "own": self.tracker.result()}

    x, _ = data()
    model = Custom()
    model.compile("sgd", "mse")
    history = model.fit(x, x[:, :1], epochs=4, batch_size=16, verbose=0).history
    assert sorted(history) == ["loss", "own"] and len(steps) == 1
    assert history["own"][-1] < history["own"][0]

    plain = keras.Sequential([layers.Dense(1)])
    plain.compile("sgd", "mse")
    plain.build((None, 4))
    model.set_weights(plain.get_weights())
    model.compile("sgd", "mse")
    for m in (model, plain):
        m.fit(x, x[:, :1], epochs=3, batch_size=16, shuffle=False, verbose=0)
    for a, b in zip(model.get_weights(), plain.get_weights()):
        np.testing.assert_allclose(a, b, rtol=1e-6)


def test_functional_models_of_several_inputs_and_outputs():
    a, b = keras.Input((4,), name="a"), keras.Input((2,), name="b")
    hidden = layers.Dense(8, activation="relu")(a)
    joined = layers.Concatenate()([hidden, b])
    model = keras.Model([a, b], [layers.Dense(1)(joined), hidden * 2.0])
    x, z = np.ones((6, 4), "float32"), np.ones((6, 2), "float32")
    out = model([x, z])
    assert out[0].shape == (6, 1) and out[1].shape == (6, 8)
    predicted = model.predict([x, z], verbose=0)
    np.testing.assert_allclose(predicted[1], out[1].numpy(), rtol=1e-6)
    single = keras.Model([a, b], layers.Dense(1)(joined))
    single.compile("sgd", "mse")
    history = single.fit([x, z], np.zeros((6, 1)), epochs=3, verbose=0).history
    assert history["loss"][-1] < history["loss"][0]
    history = single.fit({"a": x, "b": z}, np.zeros((6, 1)), epochs=1, verbose=0).history
    assert single.evaluate([x, z], np.zeros((6, 1)), verbose=0) >= 0
    assert keras.Model(a, hidden)(x).shape == (6, 8)


def test_losses_metrics_and_callables():
    def half(y, p):
        return tf.reduce_mean(tf.square(y - p), axis=-1) / 2

    class Own(keras.losses.Loss):
        def call(self, y, p):
            return half(y, p)

    class Count(keras.metrics.Metric):
        def __init__(self, name="count"):
            super().__init__(name=name)
            self.n = self.add_weight(name="n")

        def update_state(self, y, p, sample_weight=None):
            self.n.assign_add(tf.cast(tf.shape(y)[0], "float32"))

        def result(self):
            return self.n

    class Doubled(keras.metrics.Mean):
        def update_state(self, y, p, sample_weight=None):
            super().update_state(p * 0 + 2.0)

    x, _ = data()
    values = []
    for loss in (half, Own()):
        keras.utils.set_random_seed(0)
        model = keras.Sequential([layers.Dense(1)])
        model.compile("sgd", loss, metrics=[Count(), half, Doubled(name="two")])
        history = model.fit(x, x[:, :1], epochs=2, verbose=0).history
        assert history["count"] == [64, 64] and history["two"] == [2, 2]
        assert history["half"][0] == pytest.approx(history["loss"][0], rel=1e-5)
        values.append(history["loss"])
    np.testing.assert_allclose(values[0], values[1], rtol=1e-6)
    metric = keras.metrics.BinaryAccuracy()
    metric.update_state([1, 1, 0], [0.9, 0.2, 0.4])
    assert float(metric.result()) == pytest.approx(2 / 3)
    metric.reset_state()
    assert float(metric.result()) == 0


def test_ctrl_c_ends_training_after_the_step():
    x, y = data(4096)
    model = classifier()
    threading.Timer(0.3, lambda: os.kill(os.getpid(), signal.SIGINT)).start()
    with pytest.raises(KeyboardInterrupt):
        model.fit(x, y, epochs=10**6, batch_size=32, verbose=0)
    assert len(model.history.epoch) >= 1
    assert np.isfinite(model.predict(x, verbose=0)).all()
    assert len(model.fit(x, y, epochs=2, verbose=0).epoch) == 2


def test_other_threads_run_while_the_core_trains():
    x, y = data(20000)
    model = classifier()
    ticks, going = [], [True]

    def tick():
        while going[0]:
            ticks.append(time.perf_counter())
            time.sleep(0.001)

    thread = threading.Thread(target=tick)
    thread.start()
    try:
        model.fit(x, y, epochs=10, verbose=0)
    finally:
        going[0] = False
        thread.join()
    assert len(ticks) > 5


def test_summary_and_progress(capsys):
    x, y = data()
    model = classifier()
    model.summary()
    out = capsys.readouterr().out
    assert "dense_1 (Dense)" in out and "Total params: 131" in out
    lines = []
    model.summary(print_fn=lines.append)
    assert len(lines) == 1
    model.fit(x, y, epochs=2, verbose=2)
    out = capsys.readouterr().out.splitlines()
    assert out[0] == "Epoch 1/2" and out[1].startswith("2/2 - 0s - ") and " - loss: " in out[1]
    assert "\x1b" not in "".join(out)
