"""TensorFlow's flat names of ops: those of the extension module, and short compositions of them."""

import collections as _collections

from . import _core
from . import errors as _errors
from ._core import (  # noqa: F401
    abs, acos, acosh, add, argmax, argmin, argsort, asin, asinh, atan, atan2, atanh, broadcast_to, cast,
    ceil, clip_by_value, concat, cos, cosh, cumsum, divide, equal, exp, eye, fill, floor,
    gather_nd, greater, greater_equal, less, less_equal, linspace, logical_and, logical_not,
    logical_or, matmul, maximum, minimum, multiply, negative, not_equal, one_hot, ones, ones_like,
    pow, range, reduce_all, reduce_any, reduce_logsumexp, reduce_max, reduce_min, reduce_prod,
    reduce_sum, repeat, reshape, reverse, roll, round, scatter_nd, sigmoid, sign, sin, sinh, sort, split,
    sqrt, square, squeeze, stack, stop_gradient, subtract, take_along_axis, tan, tanh, tensor_scatter_nd_add,
    tensor_scatter_nd_max, tensor_scatter_nd_min, tensor_scatter_nd_sub, tensor_scatter_nd_update,
    tensordot, tile, transpose, unstack, zeros, zeros_like,
)
from ._ops_more import *  # noqa: F401,F403


Unique = _collections.namedtuple("Unique", "y idx")
UniqueWithCounts = _collections.namedtuple("UniqueWithCounts", "y idx count")


def reduce_mean(input_tensor, axis=None, keepdims=False, name=None):
    """The mean over axes (all by default). Integers are floored.

    A function f instead of a tensor gives a loss: (a, b) -> reduce_mean(f(a - b)).
    """
    if callable(input_tensor):
        function = input_tensor

        def loss(y_true, y_pred):
            y_pred = _core.convert_to_tensor(y_pred)
            y_true = _core.convert_to_tensor(y_true, dtype_hint=y_pred.dtype)
            return _core.reduce_mean(function(_core.cast(y_true, y_pred.dtype) - y_pred), axis,
                                     keepdims)

        return loss
    return _core.reduce_mean(input_tensor, axis, keepdims)


def shape(input, out_type="int32", name=None):
    """The shape as a 1-D tensor."""
    return _core.constant(list(_core.convert_to_tensor(input).shape), out_type)


def size(input, out_type="int32", name=None):
    """The number of elements as a 0-d tensor."""
    return _core.constant(_core.convert_to_tensor(input).shape.num_elements(), out_type)


def rank(input, name=None):
    """The number of axes as a 0-d tensor."""
    return _core.constant(_core.convert_to_tensor(input).ndim)


def identity(input, name=None):
    """The tensor itself (a Variable's value)."""
    return _core.convert_to_tensor(input)


def add_n(inputs, name=None):
    """The sum of a list of tensors of one shape."""
    inputs = [_core.convert_to_tensor(x) for x in inputs]
    if not inputs:
        raise ValueError("add_n: expected at least one tensor")
    if any(x.shape != inputs[0].shape for x in inputs):
        raise ValueError(f"add_n: shapes differ: {[x.shape for x in inputs]}")
    total = inputs[0]
    for x in inputs[1:]:
        total = total + x
    return total


def norm(tensor, ord="euclidean", axis=None, keepdims=False, name=None):
    """The euclidean (Frobenius), 1- or max-norm over axes (all by default)."""
    if ord in ("euclidean", "fro", 2):
        return _core.reduce_euclidean_norm(tensor, axis, keepdims)
    if ord == 1:
        return _core.reduce_sum(_core.abs(tensor), axis, keepdims)
    if ord == float("inf"):
        return _core.reduce_max(_core.abs(tensor), axis, keepdims)
    raise ValueError(f"norm: ord {ord!r} is not one of 'euclidean', 1, 2, inf")


def clip_by_norm(t, clip_norm, axes=None, name=None):
    """t scaled down so that its norm is at most clip_norm."""
    t = _core.convert_to_tensor(t)
    return t * (clip_norm / _core.maximum(_core.reduce_euclidean_norm(t, axes, axes is not None),
                                          clip_norm))


def global_norm(t_list, name=None):
    """The norm of all tensors together."""
    return _core.sqrt(add_n([_core.reduce_sum(_core.square(t)) for t in t_list if t is not None]))


def clip_by_global_norm(t_list, clip_norm, use_norm=None, name=None):
    """The tensors scaled down so that their common norm is at most clip_norm, and that norm."""
    total = global_norm(t_list) if use_norm is None else use_norm
    scale = clip_norm / _core.maximum(total, clip_norm)
    return [None if t is None else t * scale for t in t_list], total


def boolean_mask(tensor, mask, axis=None, name=None):
    """The rows where mask is true."""
    if axis not in (None, 0):
        raise ValueError("boolean_mask: only axis 0 is there")
    return _core.convert_to_tensor(tensor)[_core.cast(mask, "bool")]


def slice(input_, begin, size, name=None):
    """The elements from `begin` on, `size` of them along each axis (-1: all that are left)."""
    import builtins

    x = _core.convert_to_tensor(input_)
    begin, size = [int(b) for b in begin], [int(n) for n in size]
    if len(begin) != x.ndim or len(size) != x.ndim:
        raise _errors.ShapeError(f"[slice] begin {begin} and size {size} do not fit rank {x.ndim}")
    for b, n, extent in zip(begin, size, x.shape):
        if b < 0 or n < -1 or b + max(n, 0) > extent:
            raise _errors.ShapeError(f"[slice] {n} elements from {b} on of an axis of {extent}")
    return x[tuple(builtins.slice(b, None if n < 0 else b + n) for b, n in zip(begin, size))]


def einsum(equation, *inputs, **_):
    """Sums of products by Einstein's notation: einsum("bij,bjk->bik", a, b)."""
    if len(inputs) == 1 and isinstance(inputs[0], (list, tuple)):
        inputs = inputs[0]
    tensors = [_core.convert_to_tensor(x) for x in inputs if is_tensor(x)]
    hint = tensors[0].dtype if tensors else None
    return _core._einsum(equation, [_core.convert_to_tensor(x, dtype_hint=hint) for x in inputs])


def meshgrid(*args, indexing="xy"):
    """Coordinates of a grid from 1-D tensors."""
    if indexing not in ("xy", "ij"):
        raise ValueError(f"meshgrid: indexing {indexing!r}, expected 'xy' or 'ij'")
    return _core._meshgrid([_core.convert_to_tensor(a) for a in args], indexing == "xy")


def unique(x, out_idx="int32", name=None):
    """(y, idx): the different elements of a 1-D tensor in the order of their first occurrence, and
    which of them each element is: x[i] = y[idx[i]]. Outside of captured functions only."""
    return Unique(*unique_with_counts(x, out_idx)[:2])


def unique_with_counts(x, out_idx="int32", name=None):
    """(y, idx, count): unique(), and how often each one occurs."""
    values, index, counts = _core._unique(_core.convert_to_tensor(x))
    return UniqueWithCounts(values, _core.cast(index, out_idx), _core.cast(counts, out_idx))


def print(*inputs, output_stream=None, sep=" ", end="\n", summarize=3, **_):  # noqa: A001
    """Prints tensors' values to standard error, as TensorFlow's print does; in a captured function
    each time that it runs."""
    import sys

    import numpy as np

    tensors = [is_tensor(x) for x in inputs]
    edge = max(1, 3 if summarize is None else int(summarize))
    threshold = sys.maxsize if summarize == -1 else 2 * edge

    def number(x):
        digits = 15 if np.asarray(x).dtype == np.float64 else 6
        short = f"{x:.{digits}g}"
        return short if type(x)(short) == x or x != x else f"{x:.{digits + 3 if digits == 6 else 17}g}"

    def text(x):
        return np.array2string(np.asarray(x), separator=" ", edgeitems=edge, threshold=threshold,
                               formatter={"float_kind": number})

    def write(*values):
        values = iter(values)
        stream = {None: sys.stderr, "sys.stdout": sys.stdout, "sys.stderr": sys.stderr}.get(
            output_stream, output_stream)
        stream.write(sep.join(text(next(values)) if tensor else str(x)
                              for x, tensor in zip(inputs, tensors)) + end)

    from ._python_call import py_function

    values = [x for x, tensor in zip(inputs, tensors) if tensor]
    if _core._is_tracing():
        py_function(write, [_core.stop_gradient(x) for x in values], [])
    else:
        write(*map(_core.convert_to_tensor, values))


def is_tensor(x):
    return isinstance(x, (_core.Tensor, _core.Variable))


def ensure_shape(x, shape, name=None):
    """x, if its shape fits."""
    x = _core.convert_to_tensor(x)
    x.set_shape(shape)
    return x


def _python_range(*args):
    import builtins

    return builtins.range(*args)


truediv = divide


def __getattr__(name):
    from ._missing import missing

    raise missing(__name__, name)


__all__ = [n for n in list(globals()) if not n.startswith("_")]
