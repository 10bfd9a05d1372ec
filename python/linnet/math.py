"""linnet.math: elementwise ops and reductions under TensorFlow's names."""

import collections
import math

from . import _core
from ._core import (  # noqa: F401
    abs, acos, acosh, add, argmax, argmin, asin, asinh, atan, atan2, atanh, ceil, cos, cosh, cumprod, cumsum,
    divide,
    divide_no_nan, equal, erf, erfc, exp, expm1, floor, greater, greater_equal, is_finite, is_inf,
    is_nan, less, less_equal, lgamma, log, log1p, log_sigmoid, log_softmax, logical_and,
    logical_not, logical_or, logical_xor, maximum, minimum, mod, multiply, negative, not_equal,
    polygamma, pow,
    reciprocal, reduce_all, reduce_any, reduce_euclidean_norm, reduce_logsumexp, reduce_max,
    reduce_min, reduce_prod, reduce_std, reduce_sum, reduce_variance, round, rsqrt, sigmoid, sign,
    sin, sinh, softmax, softplus, softsign, sqrt, square, squared_difference, subtract, tan, tanh,
    xlogy,
)
from ._core import floor_divide as floordiv  # noqa: F401
from ._core import mod as floormod  # noqa: F401
from ._missing import missing
from .errors import NotSupportedError, ShapeError
from ._ops import add_n, reduce_mean, truediv  # noqa: F401


TopK = collections.namedtuple("TopK", "values indices")


def count_nonzero(input, axis=None, keepdims=False, dtype="int64", name=None):
    """How many elements are not 0, along axes (all by default)."""
    nonzero = _core.convert_to_tensor(input) != 0
    return _core.reduce_sum(_core.cast(nonzero, dtype), axis, keepdims)


def multiply_no_nan(x, y, name=None):
    """x * y, 0 where y is 0, whatever x is."""
    x, y = _core.convert_to_tensor(x), _core.convert_to_tensor(y)
    return _core.where(y == 0, _core.zeros_like(x * y), x * y)


def l2_normalize(x, axis=None, epsilon=1e-12, name=None):
    """x / sqrt(max(sum(x^2), epsilon)) along axes."""
    x = _core.convert_to_tensor(x)
    squares = _core.reduce_sum(_core.square(x), axis, True)
    return x * _core.rsqrt(_core.maximum(squares, epsilon))


def confusion_matrix(labels, predictions, num_classes=None, dtype="int32", **_):
    """How often label i was predicted as j: [classes, classes]."""
    labels = _core.reshape(_core.cast(labels, "int64"), [-1])
    predictions = _core.reshape(_core.cast(predictions, "int64"), [-1])
    if num_classes is None:
        num_classes = int(max(_core.reduce_max(labels), _core.reduce_max(predictions))) + 1
    rows = _core.one_hot(labels, num_classes)
    columns = _core.one_hot(predictions, num_classes)
    return _core.cast(_core.matmul(rows, columns, True), dtype)


def top_k(input, k=1, sorted=True, name=None):
    """(values, indices): the k largest along the last axis, from the largest on."""
    return TopK(*_core._top_k(input, int(k)))


def in_top_k(targets, predictions, k, name=None):
    """Whether each target's score is among the k largest."""
    predictions = _core.convert_to_tensor(predictions)
    scores = _core.reduce_sum(
        predictions * _core.one_hot(targets, predictions.shape[-1]), -1, True)
    return _core.reduce_sum(_core.cast(predictions > scores, "int32"), -1) < k


def _segments(kind, data, segment_ids, num_segments):
    data, ids = _core.convert_to_tensor(data), _core.cast(segment_ids, "int32")
    if ids.ndim != 1 or not data.ndim or data.shape[0] != ids.shape[0]:
        raise ShapeError(f"[segment_{kind}] expected an id for each row of {data.shape}, got ids of shape "
                         f"{ids.shape}")
    if num_segments is None:
        if ids._is_traced:
            raise NotSupportedError(f"[segment_{kind}] the number of segments depends on the data: in a "
                                    f"captured function use unsorted_segment_{kind}")
        num_segments = int(_core.reduce_max(ids)) + 1
    shape, places = [int(num_segments), *list(data.shape)[1:]], _core.expand_dims(ids, 1)
    if kind == "sum":
        return _core.scatter_nd(places, data, shape)
    if kind == "mean":
        count = _core.scatter_nd(places, _core.ones(ids.shape, data.dtype), shape[:1])
        count = _core.reshape(_core.maximum(count, 1), [shape[0]] + [1] * (data.ndim - 1))
        return _core.scatter_nd(places, data, shape) / count
    start = _core.fill(shape, data.dtype.min if kind == "max" else data.dtype.max)
    fold = _core.tensor_scatter_nd_max if kind == "max" else _core.tensor_scatter_nd_min
    return fold(_core.cast(start, data.dtype), places, data)


def segment_sum(data, segment_ids, name=None):
    """The sums of rows with the same id."""
    return _segments("sum", data, segment_ids, None)


def segment_mean(data, segment_ids, name=None):
    """The means of rows with the same id."""
    return _segments("mean", data, segment_ids, None)


def segment_max(data, segment_ids, name=None):
    """The largest of rows with the same id."""
    return _segments("max", data, segment_ids, None)


def segment_min(data, segment_ids, name=None):
    """The smallest of rows with the same id."""
    return _segments("min", data, segment_ids, None)


def unsorted_segment_sum(data, segment_ids, num_segments, name=None):
    """The sums of rows with the same id, of num_segments."""
    return _segments("sum", data, segment_ids, num_segments)


def unsorted_segment_mean(data, segment_ids, num_segments, name=None):
    """The means of rows with the same id, of num_segments."""
    return _segments("mean", data, segment_ids, num_segments)


def unsorted_segment_max(data, segment_ids, num_segments, name=None):
    """The largest of rows with the same id, of num_segments."""
    return _segments("max", data, segment_ids, num_segments)


def unsorted_segment_min(data, segment_ids, num_segments, name=None):
    """The smallest of rows with the same id, of num_segments."""
    return _segments("min", data, segment_ids, num_segments)


def bincount(arr, weights=None, minlength=None, maxlength=None, dtype="int32", name=None):
    """How often each number from 0 on occurs, or the sum of its weights."""
    arr = _core.reshape(_core.cast(arr, "int32"), [-1])
    if maxlength is None:
        if arr._is_traced:
            raise NotSupportedError("[bincount] in a captured function maxlength must be given")
        extent = max(int(_core.reduce_max(arr)) + 1 if arr.shape[0] else 0, int(minlength or 0))
    else:
        extent = int(maxlength)
    rows = _core.one_hot(arr, extent)  # numbers beyond it are no row's
    if weights is not None:
        weights = _core.reshape(_core.convert_to_tensor(weights), [-1, 1])
        return _core.reduce_sum(_core.cast(rows, weights.dtype) * weights, 0)
    return _core.cast(_core.reduce_sum(rows, 0), dtype)


def erfinv(x, name=None):
    """The inverse of erf: an approximation, and three of Newton's steps."""
    x = _core.convert_to_tensor(x)
    log = _core.log1p(-_core.square(x))
    half = 2 / (math.pi * 0.147) + log / 2
    y = _core.sign(x) * _core.sqrt(_core.sqrt(_core.square(half) - log / 0.147) - half)
    for _ in range(3):
        slope = 2 / math.sqrt(math.pi) * _core.exp(-_core.square(y))
        step = _core.where(slope > 0, (_core.erf(y) - x) / _core.maximum(slope, 1e-30), 0.0)
        y = y - step
    edge = _core.abs(x) == 1
    return _core.where(edge, x * float("inf"), y)


def ndtri(p, name=None):
    """The quantile of the normal distribution."""
    return erfinv(2 * _core.convert_to_tensor(p) - 1) * math.sqrt(2)


def xdivy(x, y, name=None):
    """x / y, 0 where x is 0."""
    x = _core.convert_to_tensor(x)
    return _core.where(x == 0, 0.0, x / _core.where(x == 0, 1.0, y))


def xlog1py(x, y, name=None):
    """x log(1 + y), 0 where x is 0."""
    x = _core.convert_to_tensor(x)
    return _core.where(x == 0, 0.0, x * _core.log1p(_core.where(x == 0, 0.0, y)))


def reciprocal_no_nan(x, name=None):
    """1 / x, 0 where x is 0."""
    x = _core.convert_to_tensor(x)
    return _core.divide_no_nan(_core.ones_like(x), x)


def polyval(coeffs, x, name=None):
    """coeffs[0] x^(n-1) + ... + coeffs[n-1]."""
    x, y = _core.convert_to_tensor(x), 0.0
    for c in coeffs:
        y = y * x + c
    return _core.convert_to_tensor(y)


def invert_permutation(x, name=None):
    """y with y[x[i]] = i."""
    return _core.argsort(x)


def zero_fraction(value, name=None):
    """Which part of the elements is 0."""
    value = _core.convert_to_tensor(value)
    return 1 - _core.reduce_mean(_core.cast(value != 0, "float32"))


rint = _core.round


def __getattr__(name):
    raise missing(__name__, name)
