"""keras.activations."""

from .. import _core
from .._core import (  # noqa: F401
    elu, gelu, hard_sigmoid, hard_silu, leaky_relu, log_sigmoid, log_softmax, mish, relu6, selu,
    sigmoid, silu, softplus, softsign, tanh,
)
from .._core import exp as exponential  # noqa: F401
from .._missing import missing

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
    y = _core.where(x >= threshold, x, negative_slope * (x - threshold))
    return y if max_value is None else _core.minimum(y, max_value)


def get(identifier):
    """The function of a name; functions are returned as they are, None is linear."""
    if identifier is None:
        return linear
    if callable(identifier):
        return identifier
    if isinstance(identifier, str):
        found = globals().get(identifier)
        if callable(found) and not identifier.startswith("_"):
            return found
    raise ValueError(f"Could not interpret activation function identifier: {identifier!r}")


def serialize(activation):
    return getattr(activation, "__name__", None)


deserialize = get


def __getattr__(name):
    raise missing(__name__, name)
