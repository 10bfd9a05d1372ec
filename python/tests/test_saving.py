"""Files, pickles, copies."""

import copy
import pickle

import numpy as np
import pytest

import linnet as tf
from linnet import keras
from linnet.keras import layers

from keras_models import Net, classifier, data


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
