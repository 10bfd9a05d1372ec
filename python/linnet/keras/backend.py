"""keras.backend: what programs still ask of it."""

from .. import _core
from .._missing import missing

Variable = _core.Variable


def epsilon():
    return 1e-7


def floatx():
    return "float32"


def set_floatx(value):
    if value != "float32":
        raise NotImplementedError("set_floatx: only float32 is there")


def image_data_format():
    return "channels_last"


def clear_session(free_memory=True):
    """Restarts the counters of automatic layer names."""
    _core._clear_session()


# --- keras.ops under the names that they had ------------------------------------------------------

_OPS = ("abs", "all", "any", "arange", "argmax", "argmin", "cast", "clip", "cos", "cumprod", "cumsum", "dot",
        "elu", "equal", "exp", "expand_dims", "eye", "gelu", "greater", "greater_equal", "hard_sigmoid",
        "less", "less_equal", "log", "logsumexp", "max", "maximum", "mean", "min", "minimum", "ndim",
        "not_equal", "one_hot", "ones", "ones_like", "prod", "relu", "repeat", "reshape", "round", "shape",
        "sigmoid", "sign", "sin", "softmax", "softplus", "softsign", "sqrt", "square", "squeeze", "stack",
        "std", "stop_gradient", "sum", "switch", "tanh", "tile", "transpose", "var", "zeros", "zeros_like",
        "dtype", "binary_crossentropy", "categorical_crossentropy", "sparse_categorical_crossentropy",
        "in_top_k")
_OTHERS = {"pow": "power", "permute_dimensions": "transpose", "flatten": "ravel"}


def concatenate(tensors, axis=-1):
    """One after the other along an axis."""
    return ops.concatenate(tensors, axis)


def gather(reference, indices):
    """Rows of a tensor."""
    return ops.take(reference, indices, 0)


def l2_normalize(x, axis=None):
    """x divided by its norm."""
    return ops.normalize(x, -1 if axis is None else axis)


def int_shape(x):
    """The shape as a tuple."""
    return tuple(x.shape)


def batch_flatten(x):
    """[n, ...] -> [n, the rest in one axis]."""
    return ops.reshape(x, [ops.shape(x)[0], -1])


def repeat_elements(x, rep, axis):
    """Each slice along an axis several times."""
    return ops.repeat(x, rep, axis)


def constant(value, dtype=None, shape=None, name=None):
    """A tensor of a value."""
    return _core.constant(value, dtype or floatx(), shape)


def variable(value, dtype=None, name=None, constraint=None):
    """A Variable."""
    return _core.Variable(_core.cast(_core.convert_to_tensor(value), dtype or floatx()), name=name)


def get_value(x):
    """NumPy's array of a tensor or Variable."""
    return _core.convert_to_tensor(x).numpy()


eval = get_value


def set_value(x, value):
    """Replaces a Variable's value."""
    x.assign(_core.cast(_core.convert_to_tensor(value), x.dtype))


def batch_get_value(tensors):
    """get_value() of each."""
    return [get_value(x) for x in tensors]


def batch_set_value(tuples):
    """set_value() of each pair."""
    for x, value in tuples:
        set_value(x, value)


def update(x, new_x):
    """x.assign(new_x)."""
    return x.assign(new_x)


def count_params(x):
    """The number of elements."""
    return x.shape.num_elements()


def is_keras_tensor(x):
    """Whether x is symbolic: made of keras.Input."""
    return _symbolic.is_one(x)


def random_normal(shape, mean=0.0, stddev=1.0, dtype=None, seed=None):
    """Normal numbers."""
    return _core.random_normal(shape, mean, stddev, dtype or floatx(), seed)


def random_uniform(shape, minval=0.0, maxval=1.0, dtype=None, seed=None):
    """Numbers of [minval, maxval)."""
    return _core.random_uniform(shape, minval, maxval, dtype or floatx(), seed)


def truncated_normal(shape, mean=0.0, stddev=1.0, dtype=None, seed=None):
    """Normal numbers within two deviations."""
    return _core.random_truncated_normal(shape, mean, stddev, dtype or floatx(), seed)


def backend():
    """"tensorflow": whose names these are."""
    return "tensorflow"


from . import _symbolic, ops  # noqa: E402

globals().update({name: getattr(ops, name) for name in _OPS})
globals().update({name: getattr(ops, of) for name, of in _OTHERS.items()})


def __getattr__(name):
    raise missing(__name__, name)
