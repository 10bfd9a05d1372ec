import copy
import os
import pickle
import signal
import threading
import time

import numpy as np
import pytest

import linnet as tf
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


def test_python_layers_and_models_train_inside_the_core():
    x, _ = data()
    y = x.sum(1, keepdims=True)
    model = Net()
    model.compile(keras.optimizers.SGD(0.05), "mse", metrics=["mae"])
    history = model.fit(x, y, epochs=20, verbose=0).history
    assert history["loss"][-1] < 0.5 * history["loss"][0]
    assert model.rest[0].calls < 10  # replayed, not called once a step
    assert [v.name for v in model.trainable_variables] == ["kernel", "bias", "factor", "kernel",
                                                           "bias"]
    assert len(model.losses) == 1 and len(model.layers) == 4
    assert model.rest[0].trainable_weights[0].shape == (8,)
    model.first.trainable = False
    assert len(model.trainable_variables) == 3 and len(model.non_trainable_variables) == 2


def test_training_reaches_layers_that_are_not_told():
    model = Net()
    x = np.ones((64, 4), "float32")
    assert (model(x).numpy() == model(x).numpy()).all()
    assert (model(x, training=True).numpy() != model(x, training=True).numpy()).any()


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


def test_callbacks_in_keras_order():
    seen = []

    class Record(keras.callbacks.Callback):
        def on_train_begin(self, logs=None):
            seen.append("train")
            assert self.params["epochs"] == 2 and self.model is model

        def on_epoch_begin(self, epoch, logs=None):
            seen.append(f"epoch {epoch}")

        def on_train_batch_end(self, batch, logs=None):
            seen.append(f"batch {batch}")
            assert "loss" in logs

        def on_test_begin(self, logs=None):
            seen.append("test")

        def on_epoch_end(self, epoch, logs=None):
            seen.append("end")
            logs["added"] = 7
            assert "val_loss" in logs

        def on_train_end(self, logs=None):
            seen.append("done")

    x, y = data()
    model = classifier()
    history = model.fit(x, y, epochs=2, verbose=0, validation_data=(x, y), callbacks=[Record()])
    assert seen == ["train", "epoch 0", "batch 0", "batch 1", "test", "end", "epoch 1", "batch 0",
                    "batch 1", "test", "end", "done"]
    assert history.history["added"] == [7, 7]


def test_built_in_callbacks(tmp_path):
    x, y = data()
    model = classifier()
    stop = keras.callbacks.EarlyStopping(monitor="loss", patience=1, min_delta=100)
    log = tmp_path / "log.csv"
    path = str(tmp_path / "w-{epoch:02d}.weights.h5")
    history = model.fit(x, y, epochs=9, verbose=0, callbacks=[
        stop, keras.callbacks.CSVLogger(log),
        keras.callbacks.LearningRateScheduler(lambda epoch, lr: 0.01 / (epoch + 1)),
        keras.callbacks.ModelCheckpoint(path, save_weights_only=True),
        keras.callbacks.LambdaCallback(on_epoch_end=lambda epoch, logs: logs.update(own=1))])
    assert len(history.epoch) == 2 and stop.stopped_epoch == 1
    np.testing.assert_allclose(history.history["learning_rate"], [0.01, 0.005], rtol=1e-5)
    assert log.read_text().startswith("epoch,") and len(log.read_text().splitlines()) == 3
    assert os.path.exists(tmp_path / "w-02.weights.h5")
    other = classifier()
    other.load_weights(tmp_path / "w-02.weights.h5")
    np.testing.assert_array_equal(other.predict(x, verbose=0), model.predict(x, verbose=0))


def test_an_exception_in_a_callback_reaches_the_caller():
    class Boom(keras.callbacks.Callback):
        def on_train_batch_end(self, batch, logs=None):
            raise KeyError("boom")

    x, y = data()
    model = classifier()
    with pytest.raises(KeyError, match="boom"):
        model.fit(x, y, verbose=0, callbacks=[Boom()])
    model.fit(x, y, verbose=0)


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
    model.fit(x, y, epochs=10, verbose=0)
    going[0] = False
    thread.join()
    assert len(ticks) > 5


def test_save_and_load(tmp_path):
    x, y = data()
    model = classifier(name="mine")
    model.fit(x, y, epochs=2, verbose=0)
    for name in ("m.linnet", "m.keras"):
        model.save(tmp_path / name)
        other = keras.models.load_model(tmp_path / name)
        assert other.name == "mine"
        np.testing.assert_array_equal(other.predict(x, verbose=0), model.predict(x, verbose=0))
        assert other.evaluate(x, y, verbose=0) == model.evaluate(x, y, verbose=0)
    # Training goes on as if it had never stopped.
    other = keras.models.load_model(tmp_path / "m.linnet")
    for m in (model, other):
        m.fit(x, y, epochs=2, shuffle=False, verbose=0)
    for a, b in zip(model.get_weights(), other.get_weights()):
        np.testing.assert_array_equal(a, b)
    with pytest.raises(OSError):
        model.save(tmp_path / "m.linnet", overwrite=False)
    net = Net(5)
    net(x)
    net.save(tmp_path / "net.linnet")
    back = keras.models.load_model(tmp_path / "net.linnet", custom_objects={"Net": Net})
    np.testing.assert_array_equal(back.predict(x, verbose=0), net.predict(x, verbose=0))
    with pytest.raises(ValueError, match="custom_objects"):
        keras.models.load_model(tmp_path / "net.linnet")


def test_pickle_copy_clone():
    x, y = data()
    dense = layers.Dense(3)
    dense(x)
    for thing in (keras.losses.Huber(2.0), keras.optimizers.Adam(0.5), keras.regularizers.L2(0.1),
                  keras.initializers.HeNormal(seed=3), keras.metrics.AUC(name="a"), dense):
        for protocol in (0, 2, 5):
            other = pickle.loads(pickle.dumps(thing, protocol))
            assert type(other) is type(thing)
    np.testing.assert_array_equal(other(x).numpy(), dense(x).numpy())
    for thing in (tf.GradientTape()._tape, tf.data.Dataset.range(3)._core):
        with pytest.raises(TypeError, match="pickle"):
            pickle.dumps(thing)
    model = classifier()
    model.fit(x, y, verbose=0)
    for other in (pickle.loads(pickle.dumps(model)), copy.deepcopy(model)):
        np.testing.assert_array_equal(other.predict(x, verbose=0), model.predict(x, verbose=0))
        other.fit(x, y, verbose=0)
    twin = keras.models.clone_model(model)
    assert [w.shape for w in twin.get_weights()] == [w.shape for w in model.get_weights()]
    assert keras.models.model_from_json(model.to_json()).count_params() == model.count_params()


def test_hostile_files(tmp_path):
    x, y = data()
    model = classifier()
    model.save(tmp_path / "m.linnet")
    good = (tmp_path / "m.linnet").read_bytes()
    rng = np.random.RandomState(0)
    path = tmp_path / "bad.linnet"
    variants = [b"", b"PK", b"\x89HDF\r\n\x1a\n", good[:100], good[:-30], good[30:]]
    for _ in range(200):
        data_ = bytearray(good)
        for place in rng.randint(0, len(data_), rng.randint(1, 30)):
            data_[place] = rng.randint(0, 256)
        variants.append(bytes(data_))
    for blob in variants:
        path.write_bytes(blob)
        try:
            keras.models.load_model(path)
        except (tf.Error, ValueError, TypeError, NotImplementedError, OSError):
            pass
        try:
            model.load_weights(path)
        except (tf.Error, ValueError):
            pass
    model.fit(x, y, verbose=0)


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


def test_optimizers_and_schedules():
    w = tf.Variable([1.0, 2.0])
    optimizer = keras.optimizers.SGD(learning_rate=0.5)
    optimizer.apply_gradients([(tf.constant([1.0, 1.0]), w)])
    assert w.numpy().tolist() == [0.5, 1.5] and int(optimizer.iterations) == 1
    optimizer.learning_rate = 0.1
    assert float(optimizer.learning_rate) == pytest.approx(0.1)
    optimizer.minimize(lambda: tf.reduce_sum(w * w), [w])
    assert w.numpy() == pytest.approx([0.4, 1.2])
    decay = keras.optimizers.schedules.InverseTimeDecay(1.0, 1, 1.0)
    assert float(decay(3)) == 0.25
    scheduled = keras.optimizers.Adam(decay)
    with pytest.raises(TypeError):
        scheduled.learning_rate = 1.0
    with pytest.raises(ValueError):
        keras.optimizers.Adam(clipnorm=1.0, clipvalue=1.0)


def test_normalization_and_utilities(tmp_path):
    x = np.random.RandomState(0).normal(3, 2, (100, 4)).astype("float32")
    layer = layers.Normalization()
    layer.adapt(x)
    np.testing.assert_allclose(layer(x).numpy().mean(0), 0, atol=1e-5)
    np.testing.assert_array_equal(keras.utils.to_categorical([0, 2], 3), [[1, 0, 0], [0, 0, 1]])
    with pytest.raises(IndexError):
        keras.utils.to_categorical([5], 3)
    assert keras.utils.pad_sequences([[1], [2, 3]]).tolist() == [[0, 1], [2, 3]]
    for name in ("b", "a"):
        (tmp_path / name).mkdir()
        for i in range(3):
            pixels = np.full((4, 4, 3), 50 * i, "uint8")
            (tmp_path / name / f"{i}.ppm").write_bytes(b"P6 4 4 255\n" + pixels.tobytes())
    images = keras.utils.image_dataset_from_directory(tmp_path, image_size=(2, 2), shuffle=False,
                                                      verbose=False)
    batch, labels = next(iter(images))
    assert images.class_names == ["a", "b"] and batch.shape == (6, 2, 2, 3)
    assert labels.numpy().tolist() == [0, 0, 0, 1, 1, 1] and float(batch[2, 0, 0, 0]) == 100


@pytest.mark.parametrize("make, shape, out", [
    (lambda: layers.Conv1D(5, 3, padding="causal"), (2, 8, 4), (2, 8, 5)),
    (lambda: layers.Conv2D(5, 3, strides=(2, 1), padding="SAME"), (2, 8, 6, 3), (2, 4, 6, 5)),
    (lambda: layers.Conv2DTranspose(5, 3, strides=2), (2, 4, 4, 3), (2, 9, 9, 5)),
    (lambda: layers.DepthwiseConv2D(3, depth_multiplier=2), (2, 5, 5, 3), (2, 3, 3, 6)),
    (lambda: layers.SeparableConv2D(7, 3), (2, 5, 5, 3), (2, 3, 3, 7)),
    (lambda: layers.MaxPooling1D(2), (2, 8, 4), (2, 4, 4)),
    (lambda: layers.AveragePooling2D((2, 2)), (2, 4, 4, 3), (2, 2, 2, 3)),
    (lambda: layers.GlobalAveragePooling2D(), (2, 4, 4, 3), (2, 3)),
    (lambda: layers.GlobalMaxPooling1D(), (2, 4, 3), (2, 3)),
    (lambda: layers.ZeroPadding2D(((1, 0), (2, 3))), (1, 2, 2, 1), (1, 3, 7, 1)),
    (lambda: layers.Cropping2D(1), (1, 4, 4, 1), (1, 2, 2, 1)),
    (lambda: layers.UpSampling2D(2, interpolation="bilinear"), (1, 2, 2, 1), (1, 4, 4, 1)),
    (lambda: layers.Reshape((2, -1)), (3, 8), (3, 2, 4)),
    (lambda: layers.Permute((2, 1)), (3, 4, 5), (3, 5, 4)),
    (lambda: layers.RepeatVector(3), (2, 4), (2, 3, 4)),
    (lambda: layers.BatchNormalization(), (4, 3), (4, 3)),
    (lambda: layers.LayerNormalization(), (4, 3), (4, 3)),
    (lambda: layers.GroupNormalization(2), (4, 6), (4, 6)),
    (lambda: layers.LSTM(6, return_sequences=True), (2, 5, 3), (2, 5, 6)),
    (lambda: layers.GRU(6), (2, 5, 3), (2, 6)),
    (lambda: layers.Bidirectional(layers.SimpleRNN(4)), (2, 5, 3), (2, 8)),
    (lambda: layers.PReLU(), (2, 3), (2, 3)),
    (lambda: layers.LeakyReLU(alpha=0.1), (2, 3), (2, 3)),
    (lambda: layers.ReLU(max_value=1.0), (2, 3), (2, 3)),
    (lambda: layers.SpatialDropout1D(0.5), (2, 3, 4), (2, 3, 4)),
    (lambda: layers.Rescaling(2.0, offset=1), (2, 3), (2, 3)),
])
def test_layers_shapes_and_training(make, shape, out):
    import warnings

    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        layer = make()
    x = np.random.normal(size=shape).astype("float32")
    y = layer(x)
    assert y.shape == out and layer.output_shape[1:] == out[1:]
    model = keras.Sequential([layer, layers.Flatten(), layers.Dense(1)])
    model.compile("sgd", "mse")
    assert np.isfinite(model.fit(x, np.zeros((shape[0], 1)), verbose=0).history["loss"][0])
    copy_ = type(layer).from_config(layer.get_config()) if not isinstance(
        layer, layers.Bidirectional) else make()
    assert copy_(x).shape == out


def test_merges_attention_and_states():
    x, y = tf.ones((2, 3, 4)), tf.ones((2, 3, 4)) * 2
    assert float(layers.Add()([x, y])[0, 0, 0]) == 3
    assert layers.Concatenate(axis=1)([x, y]).shape == (2, 6, 4)
    assert layers.Dot(axes=1)([x[:, 0], y[:, 0]]).shape == (2, 1)
    attention = layers.MultiHeadAttention(2, 5)
    out, scores = attention(x, y, return_attention_scores=True, use_causal_mask=True)
    assert out.shape == (2, 3, 4) and scores.shape == (2, 2, 3, 3) and float(scores[0, 0, 0, 1]) == 0
    sequence, h, c = layers.LSTM(5, return_sequences=True, return_state=True)(x)
    assert sequence.shape == (2, 3, 5) and h.shape == c.shape == (2, 5)
    np.testing.assert_allclose(sequence[:, -1].numpy(), h.numpy())
    a = keras.Input((3, 4))
    model = keras.Model(a, layers.Dense(1)(layers.Add()([layers.MultiHeadAttention(2, 5)(a, a), a])))
    assert model(x).shape == (2, 3, 1) and model.count_params() > 0


def test_policies():
    layer = layers.Dense(3, dtype="mixed_bfloat16")
    assert layer(np.ones((2, 4))).dtype == tf.bfloat16 and layer.weights[0].dtype == tf.float32


@pytest.mark.parametrize("name", ["SGD", "Adam", "AdamW", "RMSprop", "Adagrad", "Adadelta", "Adamax",
                                  "Nadam", "Lion"])
def test_every_optimizer_by_name_and_class(name):
    x, y = data()
    model = classifier()
    before = model.evaluate(x, y, verbose=0)[0]
    model.compile(getattr(keras.optimizers, name)(0.01, clipnorm=1.0),
                  keras.losses.SparseCategoricalCrossentropy())
    model.fit(x, y, epochs=5, verbose=0)
    assert model.evaluate(x, y, verbose=0) < before
    assert keras.optimizers.get(name.lower()).name == name.lower()
    assert type(model.optimizer).from_config(model.optimizer.get_config()).name == name.lower()
