"""keras.ops over axes: sums, means, norms."""

from .. import _core, _ops
from .. import math as _math
from .. import nn as _nn
from ._ops_base import exported, op, tensor


def _reduction(name, function, doc):
    def reduce(x, axis=None, keepdims=False):
        return function(tensor(x), axis, keepdims)

    reduce.__name__ = reduce.__qualname__ = name
    reduce.__doc__ = doc
    globals()[name] = op(reduce)


def _as_floats(function):
    return lambda x, axis, keepdims: function(
        x if x.dtype.is_floating else _core.cast(x, "float32"), axis, keepdims)


_reduction("sum", lambda x, a, k: _core.reduce_sum(
    _core.cast(x, "int32") if x.dtype == "bool" else x, a, k), "The sum over axes (all by default).")
_reduction("mean", _as_floats(_core.reduce_mean), "The mean over axes (all by default).")
_reduction("var", _as_floats(_core.reduce_variance), "The biased variance over axes.")
_reduction("std", _as_floats(_core.reduce_std), "The biased standard deviation over axes.")
_reduction("prod", _core.reduce_prod, "The product over axes (all by default).")
_reduction("max", _core.reduce_max, "The largest over axes (all by default).")
_reduction("min", _core.reduce_min, "The smallest over axes (all by default).")
_reduction("all", lambda x, a, k: _core.reduce_all(_core.cast(x, "bool"), a, k), "Whether all are true.")
_reduction("any", lambda x, a, k: _core.reduce_any(_core.cast(x, "bool"), a, k), "Whether any is true.")
_reduction("logsumexp", _core.reduce_logsumexp, "log(sum(e^x)) over axes.")
_reduction("count_nonzero", lambda x, a, k: _math.count_nonzero(x, a, k, "int32"),
           "How many elements are not 0.")
amax, amin = max, min  # noqa: F821


def _index(name, function, doc):
    def find(x, axis=None, keepdims=False):
        x = tensor(x)
        index = function(_core.reshape(x, [-1]) if axis is None else x, 0 if axis is None else axis,
                         "int32")
        if not keepdims:
            return index
        return _core.reshape(index, [1] * x.ndim) if axis is None else _core.expand_dims(index, axis)

    find.__name__ = find.__qualname__ = name
    find.__doc__ = doc
    globals()[name] = op(find)


_index("argmax", _core.argmax, "Where the largest is (the first); of all elements without axis.")
_index("argmin", _core.argmin, "Where the smallest is (the first); of all elements without axis.")


@op
def average(x, axis=None, weights=None):
    """The mean over axes, weighted."""
    if weights is None:
        return _core.reduce_mean(x, axis)
    weights = tensor(weights, dtype_hint=tensor(x).dtype)
    return _core.reduce_sum(tensor(x) * weights, axis) / _core.reduce_sum(
        _core.broadcast_to(weights, tensor(x).shape), axis)


@op
def cumsum(x, axis=None, dtype=None):
    """The sums up to each element; of the flattened tensor without axis."""
    x = tensor(x) if dtype is None else _core.cast(x, dtype)
    return _core.cumsum(_core.reshape(x, [-1]) if axis is None else x, axis or 0)


@op
def cumprod(x, axis=None, dtype=None):
    """The products up to each element; of the flattened tensor without axis."""
    x = tensor(x) if dtype is None else _core.cast(x, dtype)
    return _core.cumprod(_core.reshape(x, [-1]) if axis is None else x, axis or 0)


@op
def norm(x, ord=None, axis=None, keepdims=False):
    """The euclidean (Frobenius), 1- or max-norm."""
    return _ops.norm(x, "euclidean" if ord is None else ord, axis, keepdims)


@op
def normalize(x, axis=-1, order=2, epsilon=1e-7):
    """x divided by its norm along an axis, or by epsilon if that is greater."""
    x = tensor(x)
    if order != 2:
        return x / _core.maximum(_ops.norm(x, order, axis, True), epsilon)
    return x * _core.minimum(_core.rsqrt(_core.reduce_sum(_core.square(x), axis, True)), 1 / epsilon)


@op
def moments(x, axes, keepdims=False, synchronized=False):
    """Mean and biased variance over axes."""
    return _nn.moments(x, axes, keepdims=keepdims)

__all__ = exported(globals())
