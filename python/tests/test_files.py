"""Strings in datasets, files of text, event files, models that Keras wrote."""

import json
import os
import struct
import zipfile

import numpy as np
import pytest

import linnet as tf
from linnet import keras
from linnet.keras import layers

FOLDER = os.path.join(os.path.dirname(__file__), "keras_files")


def test_strings_travel_through_datasets(tmp_path):
    for kind in ("cats", "dogs"):
        (tmp_path / kind).mkdir()
        for i in range(2):
            (tmp_path / kind / f"{i}.txt").write_text(f"{kind} {i}\nmore\n")
    files = tf.data.Dataset.list_files(str(tmp_path / "*/*.txt"), shuffle=False)
    assert len(files) == 4 and len(list(tf.data.Dataset.list_files(str(tmp_path / "*/*")))) == 4

    def read(path):
        return tf.io.read_file(path).decode().split()[1], path.split(os.sep)[-2], len(path)

    assert [(int(number), kind) for number, kind, _ in files.map(read)] == [
        (0, "cats"), (1, "cats"), (0, "dogs"), (1, "dogs")]
    number, kind, length = next(iter(files.map(read).batch(3)))
    assert kind.numpy().tolist() == [b"cats", b"cats", b"dogs"] and length.shape == (3,)
    pairs = tf.data.Dataset.zip(tf.data.Dataset.from_tensor_slices(["a", "b"]),
                                tf.data.Dataset.range(2)).repeat(2)
    assert [(text.numpy(), int(n)) for text, n in pairs][-1] == (b"b", 1)
    lines = tf.data.TextLineDataset(str(tmp_path / "dogs/1.txt"))
    assert list(lines) == ["dogs 1", "more"]
    with pytest.raises(tf.errors.InvalidArgumentError, match="no files match"):
        tf.data.Dataset.list_files(str(tmp_path / "*.png"))


def test_rows_of_csv_files(tmp_path):
    path = tmp_path / "x.csv"
    path.write_text('a,b,c\n1,2.5,"x, y"\n,3,z\n')
    rows = list(tf.data.experimental.CsvDataset(str(path), [7, float(), ""], header=True))
    assert [(int(a), float(b), c) for a, b, c in rows] == [(1, 2.5, "x, y"), (7, 3.0, "z")]
    assert rows[0][0].dtype == "int32" and rows[0][1].dtype == "float32"
    with pytest.raises(tf.errors.InvalidArgumentError, match="required field"):
        list(tf.data.experimental.CsvDataset(str(path), [tf.int32, 0.0, ""], header=True))
    packed = tf.data.experimental.CsvDataset(str(path), [0.0, 0.0], header=True, select_cols=[0, 1])
    features = packed.batch(2).map(lambda *row: tf.stack(row, 1))
    assert next(iter(features)).numpy().tolist() == [[1, 2.5], [0, 3]]


def records(path):
    """The events' bytes of a file, by its format; lengths must add up."""
    data, out = path.read_bytes(), []
    while data:
        size, = struct.unpack("<Q", data[:8])
        out.append(data[12:12 + size])
        data = data[16 + size:]
    return out


def test_tensorboard(tmp_path):
    from linnet.keras._tensorboard import _checksum

    assert _checksum(b"123456789") == ((0xE3069283 >> 15 | 0xE3069283 << 17) + 0xA282EAD8) & 0xFFFFFFFF
    model = keras.Sequential([keras.Input((3,)), layers.Dense(1)])
    model.compile("sgd", "mse", metrics=["mae"])
    x, y = np.ones((8, 3), "float32"), np.ones((8, 1), "float32")
    history = model.fit(x, y, epochs=2, validation_data=(x, y), verbose=0,
                        callbacks=[keras.callbacks.TensorBoard(tmp_path)]).history
    train, = (tmp_path / "train").iterdir()
    validation, = (tmp_path / "validation").iterdir()
    events = records(train)
    assert b"brain.Event:2" in events[0] and len(events) == 1 + 2 * 3
    assert any(b"epoch_loss" in e and struct.pack("<f", history["loss"][1]) in e for e in events)
    assert any(b"evaluation_mae_vs_iterations" in e for e in records(validation))


def inputs(model, rows=3):
    out = []
    for i, x in enumerate(model.inputs):
        shape, random = (rows,) + tuple(x.shape)[1:], np.random.RandomState(i)
        out.append(random.randint(0, 7, shape).astype("int32") if "int" in str(x.dtype)
                   else random.normal(size=shape).astype("float32"))
    return out if len(out) > 1 else out[0]


@pytest.mark.parametrize("name", ["sequential", "functional", "recurrent"])
def test_models_that_keras_wrote(name):
    pytest.importorskip("h5py")
    with open(os.path.join(FOLDER, "expected.json")) as file:
        expected = json.load(file)[name]
    model = keras.models.load_model(os.path.join(FOLDER, f"{name}.keras"))
    outputs = model.predict(inputs(model), verbose=0)
    outputs = outputs if isinstance(outputs, list) else [outputs]
    for y, want in zip(outputs, expected["outputs"]):
        np.testing.assert_allclose(y, want, rtol=1e-4, atol=1e-5)
    assert int(model.optimizer.iterations) == expected["iterations"] == 1
    slots = [np.abs(np.asarray(v)).max() for v in model.optimizer.variables[2:]]
    assert max(slots) > 0


def test_weights_that_keras_wrote(tmp_path):
    pytest.importorskip("h5py")
    zipfile.ZipFile(os.path.join(FOLDER, "hdf5.zip")).extractall(tmp_path)
    path = os.path.join(FOLDER, "sequential.keras")
    model, other = keras.models.load_model(path), keras.models.load_model(path, compile=False)
    other.set_weights([np.zeros_like(w) for w in other.get_weights()])
    other.load_weights(tmp_path / "sequential.weights.h5")
    for a, b in zip(model.get_weights(), other.get_weights()):
        np.testing.assert_array_equal(a, b)
    other.set_weights([np.zeros_like(w) for w in other.get_weights()])
    other.load_weights(tmp_path / "sequential.h5")  # the layout of Keras 2
    for a, b in zip(model.get_weights(), other.get_weights()):
        np.testing.assert_array_equal(a, b)
    whole = keras.models.load_model(tmp_path / "sequential.h5")
    x = inputs(model)
    np.testing.assert_array_equal(whole.predict(x, verbose=0), model.predict(x, verbose=0))


def test_what_keras_has_and_linnet_lacks_is_named(tmp_path):
    pytest.importorskip("h5py")
    with zipfile.ZipFile(os.path.join(FOLDER, "sequential.keras")) as source:
        parts = {name: source.read(name) for name in source.namelist()}

    def load(old, new):
        path = str(tmp_path / "changed.keras")
        with zipfile.ZipFile(path, "w") as archive:
            for name, data in parts.items():
                archive.writestr(name, data.replace(old, new) if name == "config.json" else data)
        return keras.models.load_model(path)

    with pytest.raises(tf.errors.NotSupportedError, match="'flatten' of class 'Unrolled'"):
        load(b'"class_name": "Flatten"', b'"class_name": "Unrolled"')
    with pytest.raises(tf.errors.NotSupportedError, match="renorm=True"):
        load(b'"renorm": false', b'"renorm": true')

    class Unrolled(layers.Layer):
        def __init__(self, data_format=None, **kwargs):
            super().__init__(**kwargs)

        def call(self, x):
            return tf.reshape(x, [tf.shape(x)[0], -1])

    keras.saving.register_keras_serializable()(Unrolled)
    assert load(b'"class_name": "Flatten"', b'"class_name": "Unrolled"').built
