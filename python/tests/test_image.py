import numpy as np
import pytest

import linnet as tf


def pixels(*shape):
    return np.arange(np.prod(shape), dtype="float32").reshape(shape)


def test_resize():
    row = np.array([[[0.0], [10.0]]], "float32")
    assert tf.image.resize(row, (1, 4)).numpy().ravel().tolist() == [0, 2.5, 7.5, 10]
    assert tf.image.resize(row.astype("uint8"), (1, 4)).dtype == tf.float32
    nearest = tf.image.resize(row.astype("uint8"), (2, 3), method="nearest")
    assert nearest.dtype == tf.uint8 and nearest.numpy()[..., 0].tolist() == [[0, 10, 10]] * 2
    x = pixels(2, 4, 6, 3)
    np.testing.assert_allclose(tf.image.resize(x, (2, 3)),
                               x.reshape(2, 2, 2, 3, 2, 3).mean((2, 4)), rtol=1e-6)
    for size in ((0, 3), (3,)):
        with pytest.raises(ValueError, match="positive"):
            tf.image.resize(x, size)
    with pytest.raises(ValueError, match="rank"):
        tf.image.resize(pixels(3, 3), (2, 2))


def test_flips():
    x = pixels(40, 3, 2, 1)
    np.testing.assert_array_equal(tf.image.flip_left_right(x), x[:, :, ::-1])
    np.testing.assert_array_equal(tf.image.flip_up_down(x[0]), x[0, ::-1])
    for f, there in ((tf.image.random_flip_left_right, x[:, :, ::-1]),
                     (tf.image.random_flip_up_down, x[:, ::-1])):
        y = f(x).numpy()
        flipped = (y == there).all((1, 2, 3))
        assert 5 < flipped.sum() < 35 and (flipped | (y == x).all((1, 2, 3))).all()


def test_colours():
    x = pixels(2, 2, 2, 3)
    np.testing.assert_allclose(tf.image.rgb_to_grayscale(x)[..., 0],
                               x @ np.array([0.2989, 0.587, 0.114], "float32"), rtol=1e-6)
    np.testing.assert_allclose(tf.image.adjust_contrast(x, 2.0),
                               2 * x - x.mean((1, 2), keepdims=True), rtol=1e-6)
    y = tf.image.per_image_standardization(x).numpy()
    np.testing.assert_allclose(y.std((1, 2, 3)), 1, rtol=1e-5)
    moved = tf.image.random_brightness(x, 0.5).numpy() - x
    assert np.ptp(moved) < 1e-5 and abs(moved).max() <= 0.5
    assert float(tf.image.convert_image_dtype(np.uint8([255]), "float32")[0]) == 1
    assert int(tf.image.convert_image_dtype(np.float32([1]), "uint8")[0]) == 255


def test_crop_and_pipelines():
    x = pixels(6, 8, 8, 3)
    np.testing.assert_array_equal(tf.image.central_crop(x, 0.5), x[:, 2:6, 2:6])
    with pytest.raises(ValueError, match="fraction"):
        tf.image.central_crop(x, 0.0)
    made = tf.data.Dataset.from_tensor_slices(x).map(
        lambda i: tf.image.random_flip_left_right(tf.image.resize(i, (4, 4)))).batch(3)
    assert [b.shape for b in made] == [(3, 4, 4, 3)] * 2
