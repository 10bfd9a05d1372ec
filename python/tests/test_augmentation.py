"""Layers that change images at random, with factors that leave nothing to chance."""

import numpy as np
import pytest

from linnet import keras
from linnet.keras import layers


def image(rows):
    return np.array(rows, "float32")[None, :, :, None]


SQUARE = image([[1, 2, 3], [4, 5, 6], [7, 8, 9]])


def changed(layer, x=SQUARE):
    return layer(x, training=True).numpy()[0, :, :, 0].round(4).tolist()


def test_nothing_happens_outside_of_training():
    for layer in (layers.RandomFlip(), layers.RandomRotation(0.5), layers.RandomZoom(0.5),
                  layers.RandomTranslation(0.5, 0.5), layers.RandomContrast(0.5),
                  layers.RandomBrightness(0.5)):
        np.testing.assert_array_equal(layer(SQUARE), SQUARE)


def test_a_quarter_turn_goes_counterclockwise():
    assert changed(layers.RandomRotation((0.25, 0.25))) == [[3, 6, 9], [2, 5, 8], [1, 4, 7]]


@pytest.mark.parametrize("mode, row", [("reflect", [2, 1, 1, 2]), ("wrap", [3, 4, 1, 2]),
                                       ("nearest", [1, 1, 1, 2]), ("constant", [7, 7, 1, 2])])
def test_what_comes_in_from_outside(mode, row):
    layer = layers.RandomTranslation(0.0, (0.5, 0.5), fill_mode=mode, fill_value=7.0)
    assert changed(layer, image([[1, 2, 3, 4]])) == [row]


def test_zoom_and_half_steps():
    layer = layers.RandomZoom(0.0, (1.0, 1.0), fill_mode="nearest")  # shrunk to a half
    assert changed(layer, image([[1, 2, 3, 4, 5]])) == [[1, 1, 3, 5, 5]]
    layer = layers.RandomZoom(0.0, (-0.5, -0.5), fill_mode="nearest")
    assert changed(layer, image([[1, 2, 3, 4, 5]])) == [[2, 2.5, 3, 3.5, 4]]
    layer = layers.RandomTranslation((0.5, 0.5), 0.0, fill_mode="nearest")
    assert changed(layer, image([[0], [10]])) == [[0], [0]]
    layer = layers.RandomTranslation((0.25, 0.25), 0.0, fill_mode="nearest")
    assert changed(layer, image([[0], [10]])) == [[0], [5]]


def test_flips_and_seeds():
    x = np.repeat(SQUARE, 64, 0)
    y = layers.RandomFlip("horizontal", seed=3)(x, training=True).numpy()
    mirrored = (y == x[:, :, ::-1]).all((1, 2, 3))
    assert (mirrored | (y == x).all((1, 2, 3))).all() and 10 < mirrored.sum() < 54
    again = layers.RandomFlip("horizontal", seed=3)(x, training=True)
    np.testing.assert_array_equal(y, again)


def test_colours_stay_in_their_range():
    y = layers.RandomBrightness((0.5, 0.5))(100 + SQUARE * 10, training=True).numpy()
    np.testing.assert_allclose(y, np.minimum(100 + SQUARE * 10 + 127.5, 255))
    y = layers.RandomContrast(0.5)(SQUARE + 100, training=True).numpy()
    assert y.mean() == pytest.approx(105, rel=1e-5) and np.ptp(y) != np.ptp(SQUARE)


def test_they_train_within_a_model_and_are_saved(tmp_path):
    model = keras.Sequential([keras.Input((8, 8, 3)), layers.RandomFlip(seed=1),
                              layers.RandomRotation(0.1), layers.RandomZoom(0.1, 0.2),
                              layers.Flatten(), layers.Dense(1)])
    model.compile("sgd", "mse")
    x = np.random.uniform(size=(10, 8, 8, 3)).astype("float32")
    model.fit(x, np.zeros((10, 1)), epochs=2, verbose=0)
    model.save(tmp_path / "m.keras")
    again = keras.models.load_model(tmp_path / "m.keras")
    np.testing.assert_array_equal(again.predict(x, verbose=0), model.predict(x, verbose=0))


@pytest.mark.parametrize("make", [
    lambda: layers.RandomFlip("diagonal"), lambda: layers.RandomRotation((0.3, 0.1)),
    lambda: layers.RandomZoom(-2.0), lambda: layers.RandomZoom((-2.0, 1.0)),
    lambda: layers.RandomRotation(0.1, fill_mode="mirror"),
    lambda: layers.RandomRotation(0.1, interpolation="cubic"),
    lambda: layers.RandomContrast((2.0, 3.0))])
def test_refusals(make):
    with pytest.raises(ValueError, match="Random"):
        make()
