"""keras.ops that compute: products, elementwise functions, quantiles."""

from .. import _core, _ops
from .. import linalg as _linalg
from .. import math as _math
from ._ops_base import exported, op, tensor


def dtype(x):
    """The name of a tensor's dtype."""
    return (x.dtype if hasattr(x, "dtype") else tensor(x).dtype).name


# --- Products -------------------------------------------------------------------------------------


@op
def dot(x1, x2):
    """The product over the last axis of the first and the last but one of the second."""
    a, b = tensor(x1), tensor(x2)
    if a.ndim == 0 or b.ndim == 0:
        return a * b
    return _core.tensordot(a, b, [[a.ndim - 1], [max(b.ndim - 2, 0)]])


@op
def vdot(x1, x2):
    """The sum of the products of all elements."""
    return _core.reduce_sum(_core.reshape(x1, [-1]) * _core.reshape(x2, [-1]))


@op
def inner(x1, x2):
    """The product over the last axes."""
    a, b = tensor(x1), tensor(x2)
    return a * b if not (a.ndim and b.ndim) else _core.tensordot(a, b, [[a.ndim - 1], [b.ndim - 1]])


@op
def outer(x1, x2):
    """All products of an element of the one and one of the other."""
    return _core.reshape(x1, [-1, 1]) * _core.reshape(x2, [1, -1])


@op
def einsum(subscripts, *operands, **_):
    """Sums of products by Einstein's notation."""
    return _ops.einsum(subscripts, *operands)


@op
def cross(x1, x2, axisa=-1, axisb=-1, axisc=-1, axis=None):
    """The cross product of vectors of three along the last axis."""
    return _linalg.cross(x1, x2)


# --- Elementwise ----------------------------------------------------------------------------------


@op
def softmax(x, axis=-1):
    """softmax along an axis or over several."""
    return _over_axes(_core.softmax, x, axis)


@op
def log_softmax(x, axis=-1):
    """log(softmax) along an axis or over several."""
    return _over_axes(_core.log_softmax, x, axis)


def _over_axes(function, x, axis):
    x = tensor(x)
    if isinstance(axis, int):
        return function(x, axis)
    axes = [a % x.ndim for a in (range(x.ndim) if axis is None else axis)]
    order = [a for a in range(x.ndim) if a not in axes] + axes
    moved = _core.transpose(x, order)
    kept = list(moved.shape)[:x.ndim - len(axes)]
    y = _core.reshape(function(_core.reshape(moved, [*kept, -1]), -1), moved.shape)
    return _core.transpose(y, [order.index(a) for a in range(x.ndim)])


@op
def nan_to_num(x, nan=0.0, posinf=None, neginf=None):
    """NaN and infinities as numbers."""
    x = tensor(x)
    x = _core.where(_core.is_nan(x), nan, x)
    x = _core.where(x == float("inf"), float(x.dtype.max) if posinf is None else posinf, x)
    return _core.where(x == -float("inf"), float(x.dtype.min) if neginf is None else neginf, x)


@op
def isclose(x1, x2, rtol=1e-5, atol=1e-8, equal_nan=False):
    """|x1 - x2| <= atol + rtol |x2|."""
    a, b = tensor(x1), tensor(x2)
    close = _core.logical_or(a == b, _core.abs(a - b) <= atol + rtol * _core.abs(b))
    both = _core.logical_and(_core.is_nan(a), _core.is_nan(b)) if equal_nan else None
    return close if both is None else _core.logical_or(close, both)


@op
def allclose(x1, x2, rtol=1e-5, atol=1e-8, equal_nan=False):
    """Whether all elements are close."""
    return _core.reduce_all(isclose(x1, x2, rtol, atol, equal_nan))


@op
def logaddexp(x1, x2):
    """log(e^x1 + e^x2)."""
    a, b = tensor(x1), tensor(x2)
    return _core.maximum(a, b) + _core.log1p(_core.exp(-_core.abs(a - b)))


@op
def gelu(x, approximate=True):
    """x times the normal distribution's probability of less than x, or its approximation by tanh."""
    return _core.gelu(tensor(x), approximate)


@op
def heaviside(x1, x2):
    """0 below 0, 1 above, x2 at 0."""
    x = tensor(x1)
    return _core.where(x == 0, x2, _core.cast(x > 0, x.dtype))


@op
def erfinv(x):
    """The inverse of erf."""
    return _math.erfinv(x)


@op
def diff(a, n=1, axis=-1):
    """Differences of neighbours, n times."""
    a = tensor(a)
    for _ in range(n):
        extent = a.shape[axis]
        a = (_core.gather(a, _core.range(1, extent), axis)
             - _core.gather(a, _core.range(extent - 1), axis))
    return a


@op
def ptp(x, axis=None, keepdims=False):
    """The largest minus the smallest."""
    return _core.reduce_max(x, axis, keepdims) - _core.reduce_min(x, axis, keepdims)


@op
def quantile(x, q, axis=None, method="linear", keepdims=False):
    """The value below which the fraction q lies, between neighbours linear."""
    if method != "linear" or not isinstance(q, (int, float)):
        raise NotImplementedError("quantile: one fraction, linear between neighbours, is there")
    x, rank = tensor(x), tensor(x).ndim
    ordered = _core.sort(_core.reshape(x, [-1]) if axis is None else x, 0 if axis is None else axis)
    along = 0 if axis is None else axis
    place = float(q) * (ordered.shape[along] - 1)
    low, high = (_core.gather(ordered, min(int(place) + i, ordered.shape[along] - 1), along)
                 for i in (0, 1))
    y = low + (high - low) * (place - int(place))
    if not keepdims:
        return y
    return _core.reshape(y, [1] * rank) if axis is None else _core.expand_dims(y, axis)


@op
def median(x, axis=None, keepdims=False):
    """The middle value, or the mean of the middle two."""
    return quantile(x, 0.5, axis, "linear", keepdims)

__all__ = exported(globals())
