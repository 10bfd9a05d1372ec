"""Ops that sort, scan, scatter and contract; TensorArray; Python code in captures."""

import numpy as np
import pytest

import linnet as tf


def values(x):
    return np.asarray(x).tolist()


def test_scans_and_orders():
    x = tf.constant([[3.0, 1.0, 2.0], [0.0, 5.0, 4.0]])
    assert values(tf.cumsum(x, axis=1, reverse=True)) == [[6, 3, 2], [9, 9, 4]]
    assert values(tf.math.cumprod([1, 2, 3], exclusive=True)) == [1, 1, 2]
    assert values(tf.sort(x, direction="DESCENDING")) == [[3, 2, 1], [5, 4, 0]]
    assert values(tf.argsort(x)) == [[1, 2, 0], [0, 2, 1]]
    top = tf.math.top_k(x, k=2)
    assert values(top.values) == [[3, 2], [5, 4]] and values(top.indices) == [[0, 2], [1, 2]]
    y, idx = tf.unique(tf.constant([1, 1, 2, 4, 4, 1]))
    assert values(y) == [1, 2, 4] and values(idx) == [0, 0, 1, 2, 2, 0]
    assert values(tf.unique_with_counts(np.array([5, 5, 7])).count) == [2, 1]


def test_scatters():
    x = tf.zeros((3, 2))
    y = tf.tensor_scatter_nd_update(x, [[2], [0]], [[1, 2], [3, 4]])
    assert values(y) == [[3, 4], [0, 0], [1, 2]]
    assert values(tf.scatter_nd([[1], [1]], [1.0, 2.0], [3])) == [0, 3, 0]
    assert values(tf.gather_nd([[1, 2], [3, 4]], [[1, 0], [0, 1]])) == [3, 2]
    with pytest.raises(tf.errors.InvalidArgumentError, match="index 3"):
        tf.gather_nd(x, [[3, 0]])


def test_products():
    a, b = np.random.rand(2, 3, 4).astype("float32"), np.random.rand(2, 4, 5).astype("float32")
    assert np.allclose(tf.einsum("bij,bjk->bki", a, b), np.einsum("bij,bjk->bki", a, b), atol=1e-6)
    assert np.allclose(tf.tensordot(a, b, [[0, 2], [0, 1]]),
                       np.tensordot(a, b, [[0, 2], [0, 1]]), atol=1e-6)
    m = a[0, :, :3] + 2 * np.eye(3, dtype="float32")
    assert np.allclose(tf.linalg.solve(m, a[0]), np.linalg.solve(m, a[0]), atol=1e-5)
    assert np.allclose(tf.linalg.inv(m) @ m, np.eye(3), atol=1e-5)


def test_tensor_arrays_grow():
    array = tf.TensorArray(tf.float32, size=0, dynamic_size=True)
    for i in range(3):
        array = array.write(i, [i, 2.0 * i])
    assert values(array.stack()) == [[0, 0], [1, 2], [2, 4]] and int(array.size()) == 3
    assert values(array.concat()) == [0, 0, 1, 2, 2, 4] and values(array.read(1)) == [1, 2]
    rows = tf.TensorArray(tf.int32, 3).unstack([4, 5, 6])
    assert values(rows.gather([2, 0])) == [6, 4]
    with pytest.raises(IndexError, match="index 3"):
        rows.read(3)
    with pytest.raises(tf.errors.DTypeError):
        rows.write(0, tf.constant(1.5))


def test_tensor_arrays_in_captured_loops():
    @tf.function
    def scan(x, state):
        states = tf.TensorArray(tf.float32, size=0, dynamic_size=True)
        for i in tf.range(tf.shape(x)[0]):
            state = state * 0.5 + x[i]
            states = states.write(i, state)
        return states.stack()

    @tf.function
    def rows(x, state):
        states, i = tf.TensorArray(tf.float32, size=0, dynamic_size=True), 0
        for row in x:
            state = state * 0.5 + row
            states = states.write(i, state)
            i += 1
        return states.stack()

    @tf.function
    def until(x, limit):
        states, i = tf.TensorArray(tf.float32, size=4), 0
        while i < limit:
            if i % 2 == 0:
                states = states.write(i, x[i])
            i += 1
        return states.stack()

    x, zero = tf.constant([1.0, 2.0, 3.0]), tf.constant(0.0)
    for f in (scan, rows):
        assert values(f(x, zero)) == [1, 2.5, 4.25]
        with tf.GradientTape() as tape:
            tape.watch(x)
            y = tf.reduce_sum(f(x, zero))
        assert values(tape.gradient(y, x)) == [1.75, 1.5, 1]
    assert values(until(x, tf.constant(3))) == [1, 0, 3, 0]

    @tf.function
    def unknown(n):
        states, i = tf.TensorArray(tf.int32, size=0, dynamic_size=True), tf.constant(0)
        while i < n:
            states = states.write(i, i)
            i += 1
        return states.stack()

    with pytest.raises(ValueError, match="give the TensorArray a size"):
        unknown(tf.constant(3))


def test_a_captured_gradient_through_a_tensor_array():
    @tf.function
    def slope(x):
        with tf.GradientTape() as tape:
            tape.watch(x)
            states, state = tf.TensorArray(tf.float32, size=3), x
            for i in tf.range(tf.constant(3) + tf.cast(0 * x, tf.int32)):
                state = state * x
                states = states.write(i, state)
            y = tf.reduce_sum(states.stack())
        return tape.gradient(y, x)

    assert float(slope(tf.constant(2.0))) == 2 * 2 + 3 * 4 + 4 * 8


def test_python_in_captures(capsys):
    seen = []

    @tf.function
    def f(x):
        tf.print("x is", x)
        tf.py_function(lambda v: seen.append(float(v)), [x], [])
        y, = tf.numpy_function(lambda v: [np.sinh(v)], [x], [tf.float32], output_shapes=[()])
        return y + 1

    assert np.allclose(f(tf.constant(1.0)), np.sinh(1.0) + 1)
    assert np.allclose(f(tf.constant(2.0)), np.sinh(2.0) + 1)
    assert seen == [1.0, 2.0] and capsys.readouterr().err == "x is 1\nx is 2\n"

    total = tf.Variable(0.0)

    @tf.function
    def failing(x):
        def check(v):
            if float(v) < 0:
                raise KeyError("negative")
            return v

        total.assign_add(tf.py_function(check, [x], tf.float32, output_shapes=()))

    failing(tf.constant(1.0))
    with pytest.raises(KeyError, match="negative"):
        failing(tf.constant(-1.0))
    failing(tf.constant(2.0))
    assert float(total) == 3.0  # the call that raised changed nothing

    row = tf.function(lambda x: tf.numpy_function(np.cumsum, [x], tf.float32))  # seen on zeros
    assert values(row([1.0, 2.0])) == [1, 3]
    with pytest.raises(tf.errors.CaptureError, match="output_shapes"):
        tf.function(lambda x: tf.py_function(lambda v: 1 / int(v), [x], tf.float32))(
            tf.constant(1.0))

    @tf.function
    def slope(x):
        with tf.GradientTape() as tape:
            tape.watch(x)
            y = tf.py_function(lambda v: v * v, [x], tf.float32, output_shapes=())
        return tape.gradient(y, x)

    with pytest.raises(tf.errors.NotSupportedError, match="no gradient"):
        slope(tf.constant(3.0))


def test_python_functions_run_eagerly_with_gradients():
    x = tf.constant(3.0)
    with tf.GradientTape() as tape:
        tape.watch(x)
        y = tf.py_function(lambda v: v * v, [x], tf.float32)
    assert float(tape.gradient(y, x)) == 6.0


def test_stepping_out_of_a_capture():
    seen = []

    @tf.function
    def f(x):
        with tf.init_scope():
            seen.append(tf.executing_eagerly())
            seen.append(float(tf.reduce_sum(tf.ones(3))))
        seen.append(tf.executing_eagerly())
        return x + 1

    with tf.device("/GPU:0"):
        assert float(f(tf.constant(1.0))) == 2.0 and seen == [True, 3.0, False]
    with pytest.raises(tf.errors.DeviceError):
        with tf.device("toaster:1"):
            pass


def test_files_and_pictures(tmp_path):
    path = str(tmp_path / "deep" / "x.bin")
    tf.io.write_file(path, b"abc")
    assert tf.io.read_file(path) == b"abc"
    with pytest.raises(OSError, match="nowhere"):
        tf.io.read_file("nowhere")
    images = pytest.importorskip("PIL.Image")
    pixels = np.arange(24, dtype="uint8").reshape(2, 4, 3)
    png = str(tmp_path / "x.png")
    images.fromarray(pixels).save(png)
    assert values(tf.io.decode_png(tf.io.read_file(png))) == pixels.tolist()
    assert tf.io.decode_image(tf.io.read_file(png), channels=1).shape == (2, 4, 1)
    with pytest.raises(ValueError, match="no image"):
        tf.io.decode_jpeg(b"nonsense")
