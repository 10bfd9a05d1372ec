"""linnet.math: elementwise ops and reductions under TensorFlow's names."""

import collections

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


def __getattr__(name):
    raise missing(__name__, name)
