"""TensorFlow's flat names of ops: those of the extension module, and short compositions of them."""

from . import _core
from . import errors as _errors
from ._core import (  # noqa: F401
    abs, acos, acosh, add, argmax, argmin, asin, asinh, atan, atan2, atanh, broadcast_to, cast,
    ceil, clip_by_value, concat, cos, cosh, divide, equal, exp, expand_dims, eye, fill, floor,
    gather, greater, greater_equal, less, less_equal, linspace, logical_and, logical_not,
    logical_or, matmul, maximum, minimum, multiply, negative, not_equal, one_hot, ones, ones_like,
    pad, pow, range, reduce_all, reduce_any, reduce_logsumexp, reduce_max, reduce_min, reduce_prod,
    reduce_sum, reshape, reverse, round, sigmoid, sign, sin, sinh, split, sqrt, square, squeeze,
    stack, stop_gradient, subtract, tan, tanh, tile, transpose, unstack, where, zeros, zeros_like,
)


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


def tensordot(a, b, axes, name=None):
    """The sum of products over axes of a and b: a number of last and first ones, or two lists."""
    a, b = _core.convert_to_tensor(a), _core.convert_to_tensor(b)
    if isinstance(axes, int):
        left, right = list(_python_range(a.ndim - axes, a.ndim)), list(_python_range(axes))
    else:
        left, right = [[i] if isinstance(i, int) else list(i) for i in axes]
    left, right = [i % a.ndim for i in left], [i % b.ndim for i in right]
    if [a.shape[i] for i in left] != [b.shape[i] for i in right]:
        raise _errors.ShapeError(f"[tensordot] axes {left} of {a.shape} do not fit axes {right} of {b.shape}")
    keep_a = [i for i in _python_range(a.ndim) if i not in left]
    keep_b = [i for i in _python_range(b.ndim) if i not in right]
    inner = 1
    for i in left:
        inner *= a.shape[i]
    x = _core.reshape(_core.transpose(a, keep_a + left), [-1, inner])
    y = _core.reshape(_core.transpose(b, right + keep_b), [inner, -1])
    out = [a.shape[i] for i in keep_a] + [b.shape[i] for i in keep_b]
    return _core.reshape(_core.matmul(x, y), out)


def boolean_mask(tensor, mask, axis=None, name=None):
    """The rows where mask is true."""
    if axis not in (None, 0):
        raise ValueError("boolean_mask: only axis 0 is there")
    return _core.convert_to_tensor(tensor)[_core.cast(mask, "bool")]


def meshgrid(*args, indexing="xy"):
    """Coordinates of a grid from 1-D tensors."""
    x = [_core.reshape(a, [-1]) for a in args]
    sizes = [t.shape[0] for t in x]
    out = []
    for i, t in enumerate(x):
        view = [1] * len(x)
        view[i] = sizes[i]
        out.append(_core.broadcast_to(_core.reshape(t, view), sizes))
    if indexing == "xy" and len(x) > 1:
        perm = [1, 0] + list(_python_range(2, len(x)))
        out = [_core.transpose(t, perm) for t in out]
    return out


def _order(values, axis, descending):
    """Stable order along an axis as NumPy sees it; -x would not do for unsigned integers."""
    import numpy as np

    array = np.asarray(_core.convert_to_tensor(values))
    if not descending:
        return np.argsort(array, axis=axis, kind="stable")
    back = np.argsort(np.flip(array, axis), axis=axis, kind="stable")
    return np.flip(array.shape[axis] - 1 - back, axis)


def _taken(values, order, axis):
    """The values in that order, with their gradient."""
    import numpy as np

    x = _core.convert_to_tensor(values)
    place = np.arange(x.shape.num_elements()).reshape(tuple(x.shape))
    flat = np.take_along_axis(place, order, axis)
    return _core.gather(_core.reshape(x, [-1]), _core.constant(flat.astype("int64")), 0)


def argsort(values, axis=-1, direction="ASCENDING", stable=False, name=None):
    """The indices that would sort along an axis; outside of captured functions only."""
    return _core.constant(_order(values, axis, direction == "DESCENDING").astype("int32"))


def sort(values, axis=-1, direction="ASCENDING", name=None):
    """The values in order along an axis; outside of captured functions only."""
    return _taken(values, _order(values, axis, direction == "DESCENDING"), axis)


def repeat(input, repeats, axis=None, name=None):
    """Each element (slice along an axis) `repeats` times, one after the other."""
    import numpy as np

    x = _core.convert_to_tensor(input)
    if axis is None:
        x, axis = _core.reshape(x, [-1]), 0
    counts = np.asarray(_core.convert_to_tensor(repeats)).astype("int64").reshape(-1)
    if counts.size not in (1, x.shape[axis]) or (counts < 0).any():
        raise ValueError(f"repeat: expected a count or one for each of {x.shape[axis]} slices, none "
                         f"negative, got {counts.tolist()}")
    index = np.repeat(np.arange(x.shape[axis]), counts if counts.size > 1 else int(counts[0]))
    return _core.gather(x, _core.constant(index, "int64"), axis)


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


def gather_nd(params, indices, batch_dims=0, name=None):
    """The slices at index tuples: [..., k] indices into the first k axes."""
    x, index = _core.convert_to_tensor(params), _core.convert_to_tensor(indices)
    if batch_dims:
        raise NotImplementedError("gather_nd: batch_dims is not there yet")
    if index.ndim < 1 or index.shape[-1] > x.ndim:
        raise _errors.ShapeError(f"[gather_nd] indices {index.shape} do not fit {x.shape}")
    depth, shape, rows, flat = index.shape[-1], list(x.shape), 1, None
    for i in _python_range(depth - 1, -1, -1):
        # Checked axis by axis: a sum of places may be in range where one of them is not.
        at = _core.gather(_core.range(shape[i]), index[..., i]) * rows
        flat = at if flat is None else flat + at
        rows *= shape[i]
    if depth == 0:
        return _core.broadcast_to(x, list(index.shape)[:-1] + shape)
    return _core.gather(_core.reshape(x, [rows] + shape[depth:]), flat, 0)


def roll(input, shift, axis, name=None):
    """Shifted along axes, what leaves at one end entering at the other."""
    x = _core.convert_to_tensor(input)
    shifts = list(shift) if isinstance(shift, (list, tuple)) else [shift]
    axes = list(axis) if isinstance(axis, (list, tuple)) else [axis]
    if len(shifts) != len(axes):
        raise ValueError(f"roll: {len(shifts)} shifts for {len(axes)} axes")
    for places, a in zip(shifts, axes):
        if not -x.ndim <= a < x.ndim:
            raise IndexError(f"roll: axis {a} is out of range for rank {x.ndim}")
        extent = x.shape[a]
        at = extent - int(places) % extent if extent else 0
        if 0 < at < extent:
            first, last = _core.split(x, [at, extent - at], a)
            x = _core.concat([last, first], a)
    return x


def print(*inputs, output_stream=None, sep=" ", end="\n", **_):  # noqa: A001
    """Prints tensors' values to standard error, as TensorFlow's print does."""
    import sys

    def text(x):
        if isinstance(x, (_core.Tensor, _core.Variable)):
            import numpy as np

            x = _core.convert_to_tensor(x)
            if x._is_traced:
                return str(x)
            return np.array2string(np.asarray(x), separator=" ", edgeitems=3, threshold=6)
        return str(x)

    stream = {None: sys.stderr, "sys.stdout": sys.stdout}.get(output_stream, output_stream)
    stream.write(sep.join(text(x) for x in inputs) + end)


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
