"""keras.activations."""

from .. import _core
from .._core import (  # noqa: F401
    elu, gelu, hard_sigmoid, hard_silu, log_sigmoid, log_softmax, mish, relu6, selu, sigmoid, silu,
    softplus, softsign, tanh,
)
from .._core import exp as exponential  # noqa: F401
from .._missing import missing
from ._lookup import find

swish, hard_swish = silu, hard_silu


def linear(x):
    """x."""
    return x


def softmax(x, axis=-1):
    """softmax along an axis."""
    return _core.softmax(x, axis)


def relu(x, negative_slope=0.0, max_value=None, threshold=0.0):
    """x above the threshold (at most max_value), else negative_slope * (x - threshold)."""
    x = _core.convert_to_tensor(x)
    if negative_slope == 0 and max_value is None and threshold == 0:
        return _core.relu(x)
    if threshold == 0 and max_value is None:
        return _core.leaky_relu(x, negative_slope)
    y = x * _core.cast(x > threshold, x.dtype) if threshold else _core.relu(x)
    if max_value is not None:
        y = _core.clip_by_value(y, 0, max_value)
    return y - negative_slope * _core.relu(threshold - x) if negative_slope else y


def leaky_relu(x, negative_slope=0.2):
    """x above 0, else negative_slope * x."""
    return _core.leaky_relu(x, negative_slope)


def celu(x, alpha=1.0):
    """x above 0, else alpha (e^(x / alpha) - 1)."""
    x = _core.convert_to_tensor(x)
    return _core.relu(x) + alpha * _core.expm1(_core.minimum(x, 0) / alpha)


def glu(x, axis=-1):
    """The first half along an axis times the sigmoid of the second."""
    a, b = _core.split(x, 2, axis)
    return a * _core.sigmoid(b)


def hard_tanh(x):
    """x cut to [-1, 1]."""
    return _core.clip_by_value(x, -1, 1)


def tanh_shrink(x):
    """x - tanh(x)."""
    x = _core.convert_to_tensor(x)
    return x - _core.tanh(x)


def hard_shrink(x, threshold=0.5):
    """x where |x| > threshold, else 0."""
    x = _core.convert_to_tensor(x)
    return _core.where(_core.abs(x) > threshold, x, 0)


def soft_shrink(x, threshold=0.5):
    """x moved towards 0 by the threshold, and 0 within it."""
    x = _core.convert_to_tensor(x)
    return _core.relu(x - threshold) - _core.relu(-x - threshold)


def squareplus(x, b=4):
    """(x + sqrt(x^2 + b)) / 2."""
    x = _core.convert_to_tensor(x)
    return 0.5 * (x + _core.sqrt(_core.square(x) + b))


def sparse_plus(x):
    """0 up to -1, (x + 1)^2 / 4 up to 1, then x."""
    x = _core.convert_to_tensor(x)
    return _core.where(x <= -1, 0.0, _core.where(x < 1, 0.25 * _core.square(x + 1), x))


def sparse_sigmoid(x):
    """(x + 1) / 2 cut to [0, 1]."""
    x = _core.convert_to_tensor(x)
    return _core.where(x <= -1, 0.0, _core.where(x >= 1, 1.0, 0.5 * (x + 1)))


def threshold(x, threshold, default_value):
    """x above the threshold, else default_value."""
    x = _core.convert_to_tensor(x)
    return _core.where(x > threshold, x, default_value)


def get(identifier):
    """The function of a name; functions are returned as they are, None is linear."""
    if identifier is None:
        return linear
    if isinstance(identifier, type):  # of layers: called like a function
        return identifier
    return find(identifier, globals(), None, "activation function", functions=True)


def serialize(activation):
    return getattr(activation, "__name__", None)


deserialize = get


def __getattr__(name):
    raise missing(__name__, name)
