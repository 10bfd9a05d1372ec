import copy
import pickle

import numpy as np
import pytest

import linnet as tf

DTYPES = ["bool", "uint8", "uint16", "uint32", "uint64", "int8", "int16", "int32", "int64",
          "float16", "float32", "float64"]


@pytest.mark.parametrize("dtype", DTYPES)
def test_numpy_round_trip_in_every_dtype(dtype):
    array = np.arange(6).reshape(2, 3).astype(dtype)
    tensor = tf.constant(array)
    assert tensor.dtype == dtype and tensor.dtype.as_numpy_dtype == array.dtype.type
    np.testing.assert_array_equal(tensor.numpy(), array)
    assert tensor.numpy().dtype == array.dtype


def test_python_values_take_tensorflows_dtypes():
    assert tf.constant(1).dtype == tf.int32
    assert tf.constant(1.5).dtype == tf.float32
    assert tf.constant(True).dtype == tf.bool
    assert tf.constant([1, 2.5]).dtype == tf.float32
    assert tf.constant(2**40).dtype == tf.int64
    assert tf.constant([]).shape == (0,)
    assert tf.constant(7, shape=(2, 2)).shape == (2, 2)


def test_a_tensor_never_changes():
    array = np.zeros(3, "float32")
    tensor = tf.constant(array)
    array[:] = 5
    assert tensor.numpy().tolist() == [0, 0, 0]
    view = np.asarray(tensor)
    with pytest.raises(ValueError):
        view[0] = 1
    mine = tensor.numpy()
    mine[0] = 9
    assert tensor.numpy().tolist() == [0, 0, 0]
    with pytest.raises(TypeError):
        memoryview(tensor)[0] = 1.0
    with pytest.raises(TypeError):
        tensor[0] = 1


def test_asarray_does_not_copy():
    tensor = tf.constant(np.arange(4.0))
    assert np.shares_memory(np.asarray(tensor), np.asarray(tensor))
    transposed = tf.transpose(tf.constant(np.arange(6).reshape(2, 3)))
    np.testing.assert_array_equal(np.asarray(transposed), np.arange(6).reshape(2, 3).T)


def test_strided_and_reversed_arrays():
    array = np.arange(24, dtype="int32").reshape(4, 6)
    for view in (array[::2, ::-1], array.T, array[1:3, 2:5], array[::-1]):
        np.testing.assert_array_equal(tf.constant(view).numpy(), view)


def test_operators():
    a, b = tf.constant([[1.0, 2.0], [3.0, 4.0]]), tf.constant([[2.0, 0.5], [1.0, -1.0]])
    x, y = a.numpy(), b.numpy()
    for ours, theirs in [(a + b, x + y), (a - b, x - y), (a * b, x * y), (a / b, x / y),
                         (a // b, x // y), (a % b, x % y), (a @ b, x @ y), (a**2, x**2),
                         (2 - a, 2 - x), (1 / a, 1 / x), (2**a, 2**x), (-a, -x), (abs(b), abs(y)),
                         (a > b, x > y), (a == b, x == y), (a != b, x != y), (a <= 2, x <= 2)]:
        np.testing.assert_allclose(ours.numpy(), theirs, rtol=1e-6)
    assert (tf.constant([True, False]) & tf.constant([True, True])).numpy().tolist() == [True, False]
    assert (~tf.constant([True, False])).numpy().tolist() == [False, True]
    assert (tf.constant([6]) ^ 3).numpy().tolist() == [5]


def test_division_of_integers_is_float64():
    quotient = tf.constant([7, 8]) / tf.constant([2, 4])
    assert quotient.dtype == tf.float64 and quotient.numpy().tolist() == [3.5, 2.0]


def test_arrays_take_the_float_tensors_dtype():
    t = tf.constant([1.0, 2.0])
    assert (t + np.array([1.0, 2.0])).dtype == tf.float32
    assert (np.array([1.0, 2.0]) + t).dtype == tf.float32
    assert isinstance(np.ones(2) * t, tf.Tensor)
    assert (t + [1, 2]).numpy().tolist() == [2, 4]
    assert tf.matmul(np.ones((2, 2)), tf.ones((2, 1))).dtype == tf.float32


def test_slicing_is_numpys():
    array = np.arange(60).reshape(3, 4, 5)
    tensor = tf.constant(array)
    for key in [0, -1, (1, 2), slice(1, None), (slice(None), 2), (..., 1), (None, 0),
                (slice(None, None, -1), slice(3, 0, -2)), (slice(0, 100), ..., slice(-2, None)),
                (1, slice(None), None, 3), np.int64(2), (np.int32(1), -1)]:
        np.testing.assert_array_equal(tensor[key].numpy(), array[key])
    assert tensor[tf.constant(1)].shape == (4, 5)
    mask = array[:, 0, 0] > 10
    np.testing.assert_array_equal(tensor[mask].numpy(), array[mask])
    np.testing.assert_array_equal(tensor[tensor > 50].numpy(), array[array > 50])
    with pytest.raises(IndexError):
        tensor[3]
    with pytest.raises(TypeError, match="gather"):
        tensor[[0, 1]]


def test_shape_is_a_tuple_and_a_tensor_shape():
    shape = tf.zeros((2, 3)).shape
    assert shape == (2, 3) and shape == [2, 3] and shape.as_list() == [2, 3] and shape.rank == 2
    assert shape.num_elements() == 6 and shape[1:] == (3,) and str(shape) == "(2, 3)"
    assert repr(shape) == "TensorShape([2, 3])"
    assert tf.TensorShape([None, 3]).is_compatible_with((7, 3))


def test_text():
    assert repr(tf.constant([1, 2])) == (
        "<linnet.Tensor: shape=(2,), dtype=int32, numpy=array([1, 2], dtype=int32)>")
    assert str(tf.constant(1.5)) == "linnet.Tensor(1.5, shape=(), dtype=float32)"
    assert f"{tf.constant(0.25):.3f}" == "0.250"
    assert repr(tf.float32) == "linnet.float32"


def test_python_protocols():
    t = tf.constant([3, 4])
    assert len(t) == 2 and [int(v) for v in t] == [3, 4] and bool(tf.constant(1.0))
    assert float(tf.constant(2)) == 2.0 and [10, 20, 30][tf.constant(1)] == 20
    assert t.ref() == t.ref() and t.ref().deref() is t and hash(t.ref()) == hash(t.ref())
    with pytest.raises(TypeError, match="unhashable"):
        hash(t)
    with pytest.raises(TypeError):
        len(tf.constant(1))
    with pytest.raises(ValueError, match="ambiguous"):
        bool(t)
    assert (t == None) is False and (t != "x") is True  # noqa: E711


@pytest.mark.parametrize("dtype", DTYPES + ["bfloat16"])
def test_pickle_and_copy(dtype):
    t = tf.cast(tf.constant([[1, 0], [1, 1]]), dtype)
    for other in (pickle.loads(pickle.dumps(t)), copy.copy(t), copy.deepcopy(t)):
        assert other.dtype == t.dtype and bool(tf.reduce_all(other == t))
    v = tf.Variable([1.0, 2.0], name="w", trainable=False)
    other = pickle.loads(pickle.dumps(v))
    assert other.name == "w" and not other.trainable and other.numpy().tolist() == [1, 2]
    twin = copy.deepcopy(v)
    twin.assign_add([1.0, 1.0])
    assert v.numpy().tolist() == [1, 2]


def test_variables_change_in_place():
    w = tf.Variable([1.0, 2.0])

    def train(w):
        w -= 0.5 * tf.constant([1.0, 1.0])
        w += np.array([1.0, 0.0])
        w *= 2
        w /= 4.0
        return w

    assert train(w) is w
    assert w.numpy().tolist() == [0.75, 0.75]
    assert (w + 1).numpy().tolist() == [1.75, 1.75] and (w @ w).numpy() == 1.125
    assert w.assign([5, 6]) is w and w.numpy().tolist() == [5, 6]
    with pytest.raises(ValueError):
        w.assign([1.0])
    with pytest.raises(TypeError):
        w.assign(tf.constant([1, 2]))
    assert w.numpy().tolist() == [5, 6]


def test_a_snapshot_does_not_follow_its_variable():
    w = tf.Variable([1.0])
    before = w.value()
    w.assign([2.0])
    assert before.numpy().tolist() == [1.0]


@pytest.mark.parametrize("make, kind, builtin", [
    (lambda: tf.matmul(tf.ones((2, 3)), tf.ones((2, 3))), tf.errors.ShapeError, ValueError),
    (lambda: tf.constant([[1], [1, 2]]), tf.errors.ShapeError, ValueError),
    (lambda: tf.ones(3)[7], tf.errors.IndexError, IndexError),
    (lambda: tf.abs("text"), tf.errors.DTypeError, TypeError),
    (lambda: tf.constant(object()), tf.errors.DTypeError, TypeError),
    (lambda: tf.cast(1.0, "float99"), tf.errors.DTypeError, TypeError),
    (lambda: tf.zeros((10**9, 10**9)), tf.errors.OutOfMemoryError, MemoryError),
    (lambda: tf.gather([1, 2], 9), tf.errors.IndexError, IndexError),
    (lambda: tf.constant(2**70), tf.errors.ValueError, ValueError),
    (lambda: tf.keras.utils.get_file("no", "https://example.org/no"), tf.errors.IOError, OSError),
])
def test_errors_are_linnets_and_pythons(make, kind, builtin):
    with pytest.raises(kind) as caught:
        make()
    assert isinstance(caught.value, builtin) and isinstance(caught.value, tf.Error)


def test_absent_names_say_what_is_near():
    with pytest.raises(AttributeError, match="did you mean 'zeros'"):
        tf.zeross
    with pytest.raises(AttributeError, match="GradientTape"):
        tf.gradients
    with pytest.raises(AttributeError, match="reduce_mean"):
        tf.math.reduce_means
    for module in (tf.nn, tf.keras, tf.keras.layers, tf.random, tf.data, tf.keras.losses):
        with pytest.raises(AttributeError):
            module.surely_not_there


def test_modules_import_as_users_type_them():
    import importlib

    for name in ("keras", "keras.layers", "keras.models", "keras.losses", "keras.metrics",
                 "keras.optimizers", "keras.optimizers.schedules", "keras.callbacks",
                 "keras.initializers", "keras.regularizers", "keras.activations", "keras.utils",
                 "keras.datasets", "math", "nn", "linalg", "random", "data", "distribute", "train",
                 "config", "dtypes"):
        importlib.import_module("linnet." + name)
    from linnet import keras  # noqa: F401
    from linnet.keras import layers, models  # noqa: F401


def test_every_op_row_is_bound():
    for name in ("abs", "exp", "tanh", "sigmoid", "add", "maximum", "pow", "squared_difference",
                 "equal", "logical_and", "is_nan", "atan2", "erf", "bitwise_and"):
        assert callable(getattr(tf._core, name))
    assert tf.exp.__doc__ is not None and "log(1 + x)" in tf.math.log1p.__doc__


def test_ops_against_numpy():
    x = np.random.RandomState(0).normal(size=(3, 4)).astype("float32")
    t = tf.constant(x)
    for ours, theirs in [
        (tf.reduce_sum(t, 0), x.sum(0)), (tf.reduce_mean(t, [0, 1]), x.mean()),
        (tf.reduce_max(t, axis=1, keepdims=True), x.max(1, keepdims=True)),
        (tf.math.reduce_std(t), x.std()), (tf.argmax(t), x.argmax(0)),
        (tf.argmax(t, 1), x.argmax(1)), (tf.norm(t), np.linalg.norm(x)),
        (tf.transpose(t), x.T), (tf.reshape(t, [2, -1]), x.reshape(2, -1)),
        (tf.concat([t, t], 1), np.concatenate([x, x], 1)), (tf.stack([t, t]), np.stack([x, x])),
        (tf.expand_dims(t, 1), x[:, None]), (tf.tile(t, [2, 1]), np.tile(x, (2, 1))),
        (tf.pad(t, [[1, 0], [0, 2]]), np.pad(x, ((1, 0), (0, 2)))),
        (tf.clip_by_value(t, -0.5, 0.5), x.clip(-0.5, 0.5)), (tf.where(t > 0, t, 0), x * (x > 0)),
        (tf.tensordot(t, t, [[1], [1]]), np.tensordot(x, x, [[1], [1]])),
        (tf.linspace(0.0, 1.0, 5), np.linspace(0, 1, 5)), (tf.range(2, 10, 3), np.arange(2, 10, 3)),
        (tf.reverse(t, [0]), x[::-1]), (tf.repeat(t, 2, axis=0), x.repeat(2, 0)),
        (tf.linalg.trace(t[:, :3]), np.trace(x[:, :3])), (tf.add_n([t, t, t]), x * 3),
        (tf.one_hot([0, 2, 5], 3), [[1, 0, 0], [0, 0, 1], [0, 0, 0]]),
        (tf.split(t, [1, 3], 1)[1], x[:, 1:]), (tf.unstack(t)[1], x[1]),
        (tf.nn.softmax(t), np.exp(x) / np.exp(x).sum(1, keepdims=True)),
    ]:
        np.testing.assert_allclose(ours.numpy(), theirs, rtol=2e-6, atol=1e-6)


def test_attention_and_its_masks():
    rng = np.random.default_rng(0)
    q, k, v = (rng.normal(size=(2, 3, n, 4)).astype("float32") for n in (5, 7, 7))

    def expected(seen):
        scores = np.where(seen, np.einsum("bhtd,bhsd->bhts", q, k) * 0.5, -np.inf)
        e = np.exp(scores - scores.max(-1, keepdims=True))
        return e / e.sum(-1, keepdims=True) @ v

    past = np.arange(5)[:, None] >= np.arange(7)
    seen = (np.arange(5)[:, None] + np.arange(7)) % 3 != 0
    attention = tf.nn.scaled_dot_product_attention
    for ours, theirs in [(attention(q, k, v), expected(True)),
                         (attention(q, k, v, is_causal=True), expected(past)),
                         (attention(q, k, v, attn_mask=tf.constant(seen)), expected(seen)),
                         (attention(q, k, v, attn_mask=np.where(seen, 0, -np.inf)), expected(seen)),
                         (attention(q * 0.5, k, v, scale=1.0), expected(True))]:
        np.testing.assert_allclose(ours.numpy(), theirs, rtol=2e-5, atol=2e-6)
    with pytest.raises(ValueError, match="scaled_dot_product_attention"):
        attention(q, k, v[:, :, :6])


def test_reduce_mean_of_a_function_is_a_loss():
    loss = tf.reduce_mean(tf.square)
    assert float(loss([1.0, 2.0], [3.0, 2.0])) == 2.0


def test_random_numbers_follow_the_seed():
    tf.random.set_seed(5)
    a, b = tf.random.normal((3,)), tf.random.normal((3,))
    tf.random.set_seed(5)
    np.testing.assert_array_equal(tf.random.normal((3,)).numpy(), a.numpy())
    assert (a.numpy() != b.numpy()).any()
    ints = tf.random.uniform((1000,), 2, 5, "int32").numpy()
    assert set(ints) == {2, 3, 4}
    counts = np.bincount(tf.random.categorical([[0.0, 20.0, 0.0]], 50).numpy()[0], minlength=3)
    assert counts[1] == 50


@pytest.mark.skipif(not hasattr(np, "from_dlpack"), reason="NumPy before 1.23")
def test_dlpack_with_numpy():
    t = tf.constant(np.arange(6, dtype="float32").reshape(2, 3))
    array = np.from_dlpack(t)
    np.testing.assert_array_equal(array, t.numpy())
    if np.lib.NumpyVersion(np.__version__) >= "2.1.0":  # knows of memory that is read only
        assert np.shares_memory(array, np.asarray(t)) and not array.flags.writeable
    np.testing.assert_array_equal(np.from_dlpack(tf.transpose(t)), t.numpy().T)
    source = np.arange(4.0)
    shared = tf.from_dlpack(source)
    assert shared.dtype == tf.float64 and np.shares_memory(np.asarray(shared), source)
    for dtype in ("int8", "uint16", "bool", "float16", "int64"):
        assert tf.from_dlpack(np.zeros(3, dtype)).dtype == dtype
    capsule = t.__dlpack__()
    tf.from_dlpack(capsule)
    with pytest.raises(ValueError):
        tf.from_dlpack(capsule)
    del capsule, array
    assert t.__dlpack_device__() == (1, 0)
    with pytest.raises(TypeError):
        tf.from_dlpack(3)


def test_dlpack_with_torch():
    torch = pytest.importorskip("torch")
    t = tf.constant([1.0, 2.0])
    other = torch.from_dlpack(t)
    other.add_(1)
    assert t.numpy().tolist() == [1, 2] and other.tolist() == [2, 3]
    assert tf.from_dlpack(torch.ones(3, dtype=torch.bfloat16)).dtype == tf.bfloat16


def test_the_alias_of_tensorflow():
    import linnet.tensorflow_alias as alias

    import sys

    if "tensorflow" in sys.modules:
        pytest.skip("TensorFlow is loaded")
    alias.install()
    try:
        from tensorflow.keras import layers
        import tensorflow

        assert tensorflow is tf and layers is tf.keras.layers
    finally:
        alias.remove()
    assert "tensorflow" not in sys.modules
