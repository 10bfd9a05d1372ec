"""keras.ops and other names that are compositions, beside NumPy."""

import numpy as np
import pytest

import linnet as tf
from linnet import keras
from linnet.keras import layers, ops

R = np.random.RandomState(0)
X, Y = R.randn(3, 4).astype("float32"), R.randn(4, 2).astype("float32")
Z, I = R.rand(2, 3, 4).astype("float32"), np.array([1, 0, 3])


def softmax(x, axis):
    e = np.exp(x - x.max(axis, keepdims=True))
    return e / e.sum(axis, keepdims=True)


@pytest.mark.parametrize("got, expected", [
    (lambda: ops.sum(X, axis=1, keepdims=True), X.sum(1, keepdims=True)),
    (lambda: ops.mean(I), 4 / 3), (lambda: ops.std(X, axis=0), X.std(0)),
    (lambda: ops.argmax(X), X.argmax()), (lambda: ops.argmin(X, axis=0, keepdims=True), X.argmin(0)[None]),
    (lambda: ops.average(X, axis=1, weights=[1., 2., 3., 4.]), np.average(X, 1, [1, 2, 3, 4])),
    (lambda: ops.cumsum(X), X.cumsum()), (lambda: ops.norm(X, ord=1, axis=1), np.abs(X).sum(1)),
    (lambda: ops.moveaxis(Z, 0, -1), np.moveaxis(Z, 0, -1)), (lambda: ops.swapaxes(Z, 0, 2), Z.swapaxes(0, 2)),
    (lambda: ops.flip(X), X[::-1, ::-1]), (lambda: ops.roll(X, 1), np.roll(X, 1)),
    (lambda: ops.pad(X, ((1, 1), (2, 0)), mode="reflect"), np.pad(X, ((1, 1), (2, 0)), "reflect")),
    (lambda: tf.pad(X, [[2, 1], [0, 3]], "SYMMETRIC"), np.pad(X, ((2, 1), (0, 3)), "symmetric")),
    (lambda: ops.split(X, [1, 3], axis=1)[1], X[:, 1:3]), (lambda: ops.vstack([X[0], X[1]]), X[:2]),
    (lambda: ops.eye(2, 3, k=1), np.eye(2, 3, 1)), (lambda: ops.linspace(0, 1, 4, endpoint=False),
                                                    np.linspace(0, 1, 4, endpoint=False)),
    (lambda: ops.take(X, [-1], axis=1), X[:, -1:]), (lambda: ops.where(X > 0)[1], np.where(X > 0)[1]),
    (lambda: ops.one_hot(I, 4, axis=0), np.eye(4)[I].T), (lambda: ops.triu(X, 1), np.triu(X, 1)),
    (lambda: ops.slice_update(X, (1, 1), np.ones((1, 2))), np.concatenate(
        [X[:1], np.concatenate([X[1:2, :1], np.ones((1, 2)), X[1:2, 3:]], 1), X[2:]])),
    (lambda: ops.segment_max(X, [0, 0, 1]), np.stack([X[:2].max(0), X[2]])),
    (lambda: ops.dot(Z, Y), Z @ Y), (lambda: ops.outer(X[0], X[1]), np.outer(X[0], X[1])),
    (lambda: ops.softmax(Z, axis=(1, 2)), softmax(Z.reshape(2, -1), 1).reshape(Z.shape)),
    (lambda: ops.nan_to_num(np.array([np.nan, np.inf]), posinf=1.0), [0, 1]),
    (lambda: ops.logaddexp(X, -X), np.logaddexp(X, -X)), (lambda: ops.diff(X, n=2), np.diff(X, 2)),
    (lambda: ops.quantile(X, 0.3, axis=1), np.quantile(X, 0.3, 1)),
    (lambda: ops.median(X, axis=1, keepdims=True), np.median(X, 1, keepdims=True)),
    (lambda: ops.minimum(x1=X, x2=0.0), np.minimum(X, 0)), (lambda: ops.fori_loop(0, 4, lambda i, s: s + i, 1), 7),
    (lambda: ops.scan(lambda c, x: (c + x, c * x), np.zeros(4, "float32"), X)[0], X.sum(0)),
    (lambda: ops.depthwise_conv(Z[..., None, :], np.ones((1, 1, 4, 1))), Z[..., None, :]),
    (lambda: tf.math.erfinv(tf.math.erf(X / 4)), X / 4), (lambda: tf.math.bincount([1, 1, 3]), [0, 2, 0, 1]),
    (lambda: tf.searchsorted([1., 2., 3.], [2., 2.5], side="right"), [2, 2]),
    (lambda: tf.sequence_mask([1, 3], 4), [[1, 0, 0, 0], [1, 1, 1, 0]]),
    (lambda: tf.gather(X, [[0, 1], [2, 3], [1, 1]], batch_dims=1), np.take_along_axis(
        X, np.array([[0, 1], [2, 3], [1, 1]]), 1)),
    (lambda: tf.where([True, False, True]), [[0], [2]]), (lambda: tf.linalg.cross(X[:, :3], X[:, 1:]),
                                                          np.cross(X[:, :3], X[:, 1:])),
    (lambda: tf.scan(lambda a, b: a * b, X), X.cumprod(0)), (lambda: tf.foldr(lambda a, b: a - b, X), X[2] - X[1] - X[0]),
    (lambda: tf.reverse_sequence(X[..., None], [2, 4, 1])[0, :, 0], X[0, [1, 0, 2, 3]]),
    (lambda: tf.image.hsv_to_rgb(tf.image.rgb_to_hsv(Z[..., :3])), Z[..., :3]),
    (lambda: tf.image.rot90(Z[..., :3]), np.rot90(Z[..., :3])),
    (lambda: tf.image.resize_with_crop_or_pad(Z[..., :1], 4, 1), np.pad(Z[:, 1:2, :1], ((1, 1), (0, 0), (0, 0)))),
])
def test_beside_numpy(got, expected):
    value = np.asarray(got())
    assert value.shape == np.shape(expected)
    assert np.allclose(value, expected, atol=2e-6)


def test_second_arguments_are_checked():
    with pytest.raises(tf.errors.ShapeError, match=r"\[gather\] batch_dims 1"):
        tf.gather(X, [[0], [1]], batch_dims=1)
    with pytest.raises(tf.errors.ShapeError, match="REFLECT"):
        tf.pad(X, [[3, 0], [0, 0]], "REFLECT")
    with pytest.raises(tf.errors.NotSupportedError, match="depends on the data"):
        tf.function(tf.where)(tf.constant([True]))
    with pytest.raises(tf.errors.InvalidArgumentError, match="x > y"):
        tf.debugging.assert_greater([1, 2], [0, 2])
    with pytest.raises(AttributeError, match="fft"):
        ops.fft


def test_attention_layers():
    q, v = R.rand(1, 2, 3).astype("float32"), R.rand(1, 4, 3).astype("float32")
    assert np.allclose(layers.Attention()([q, v]), softmax(q @ v.transpose(0, 2, 1), -1) @ v, atol=1e-6)
    both = np.tanh(q[:, :, None] + v[:, None]).sum(-1)
    assert np.allclose(layers.AdditiveAttention(use_scale=False)([q, v]), softmax(both, -1) @ v, atol=1e-6)
    mask = [None, np.array([[True, False, False, False]])]
    assert np.allclose(layers.Attention()([q, v], mask=mask)[0, 0], v[0, 0])


def test_datasets_kept_in_folders(tmp_path):
    data = tf.data.Dataset.from_tensor_slices(({"a": X, "b": ["x", "y", "z"]}, I))
    data.save(str(tmp_path / "d"))
    again = list(tf.data.Dataset.load(str(tmp_path / "d")))
    assert [e[0]["b"] for e in again] == ["x", "y", "z"] and np.array_equal(again[2][0]["a"], X[2])
    left, right = keras.utils.split_dataset(data, left_size=2)
    assert len(left) == 2 and [int(label) for _, label in right] == [3]
    with pytest.raises(tf.errors.IOError):
        tf.data.Dataset.load(str(tmp_path))
    batches = iter(left)
    assert int(batches.get_next()[1]) == 1 and int(next(batches)[1]) == 0
    with pytest.raises(tf.errors.OutOfRangeError):
        batches.get_next()


def test_importing_leaves_numpy_for_later():
    import subprocess
    import sys

    code = "import sys, linnet, linnet.keras.layers, linnet.strings; sys.exit('numpy' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0
