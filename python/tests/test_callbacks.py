"""Callbacks: their order, the built-in ones, exceptions."""

import os

import numpy as np
import pytest

from linnet import keras

from keras_models import classifier, data


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
