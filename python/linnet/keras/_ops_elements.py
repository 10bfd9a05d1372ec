"""keras.ops that make tensors, and choose, sort or replace elements."""

import builtins as _builtins

from .. import _core, _ops
from .. import linalg as _linalg
from .. import math as _math
from ._ops_base import exported, op, tensor
from ._ops_shapes import moveaxis


def convert_to_tensor(x, dtype=None, sparse=None, ragged=None):
    """A tensor of an array, a number or a list."""
    return tensor(x) if dtype is None else _core.cast(x, dtype)


def convert_to_numpy(x):
    """A NumPy array."""
    return tensor(x).numpy()


array = convert_to_tensor


def is_tensor(x):
    """Whether x is a tensor."""
    return _ops.is_tensor(x)


def zeros(shape, dtype=None):
    """Zeros of a shape."""
    return _core.zeros(shape, dtype or "float32")


def ones(shape, dtype=None):
    """Ones of a shape."""
    return _core.ones(shape, dtype or "float32")


def full(shape, fill_value, dtype=None):
    """A shape filled with a value."""
    return _core.cast(_core.fill(shape, fill_value), dtype or "float32")


@op
def full_like(x, fill_value, dtype=None):
    """The shape of x filled with a value."""
    x = tensor(x)
    return _core.cast(_core.fill(x.shape, fill_value), dtype or x.dtype)


def eye(N, M=None, k=0, dtype=None):
    """Ones on the k-th diagonal of [N, M]."""
    rows = _core.expand_dims(_core.range(N), 1)
    return _core.cast(_core.range(M or N) - rows == k, dtype or "float32")


def identity(n, dtype=None):
    """The unit matrix."""
    return eye(n, dtype=dtype)


def arange(start, stop=None, step=None, dtype=None):
    """start, start + step, ... below stop."""
    values = (start, stop, step)
    if dtype is None:
        dtype = "float32" if _builtins.any(isinstance(v, float) for v in values) else "int32"
    return _core.cast(_core.range(start, stop, 1 if step is None else step), dtype)


def linspace(start, stop, num=50, endpoint=True, retstep=False, dtype=None, axis=0):
    """num numbers from start to stop."""
    values = _core.linspace(float(start), float(stop), num if endpoint else num + 1)
    return _core.cast(values if endpoint else values[:-1], dtype or "float32")


@op
def meshgrid(*x, indexing="xy"):
    """Coordinates of a grid."""
    return _ops.meshgrid(*x, indexing=indexing)


@op
def cast(x, dtype):
    """Another dtype."""
    return _core.cast(x, dtype)


@op
def clip(x, x_min, x_max):
    """x within bounds."""
    return _core.clip_by_value(x, x_min, x_max)


@op
def round(x, decimals=0):
    """Rounded, halves to even."""
    return _core.round(x) if not decimals else _core.round(tensor(x) * 10.0 ** decimals) / 10.0 ** decimals


@op
def where(condition, x1=None, x2=None):
    """x1 where the condition is true, else x2; without them, where it is: an array per axis."""
    if x1 is None:
        return _core.unstack(_core.cast(_ops.where(condition), "int32"), None, 1)
    return _core.where(condition, x1, x2)


@op
def take(x, indices, axis=None):
    """The elements at indices along an axis; of the flattened tensor without one."""
    x, indices = tensor(x), tensor(indices)
    if axis is None:
        x, axis = _core.reshape(x, [-1]), 0
    extent = x.shape[axis]
    return _core.gather(x, _core.where(indices < 0, indices + extent, indices), axis)


@op
def take_along_axis(x, indices, axis=None):
    """The element at each index along an axis."""
    if axis is None:
        return _core.take_along_axis(_core.reshape(x, [-1]), _core.reshape(indices, [-1]), 0)
    return _core.take_along_axis(x, indices, axis)


@op
def one_hot(x, num_classes, axis=-1, dtype=None, sparse=False):
    """Indices as rows of 0 and 1."""
    rows = _core.one_hot(x, num_classes, dtype=_core.as_dtype(dtype or "float32"))
    return rows if axis in (-1, rows.ndim - 1) else moveaxis(rows, -1, axis)


@op
def multi_hot(inputs, num_classes=None, axis=-1, dtype=None, sparse=False):
    """Which of the classes each row of indices has."""
    return _core.reduce_max(_core.one_hot(inputs, num_classes, dtype=_core.as_dtype(dtype or "float32")),
                            -2)


@op
def sort(x, axis=-1):
    """In rising order along an axis."""
    return _core.sort(x, axis)


@op
def argsort(x, axis=-1):
    """The indices that sort, equal ones in order."""
    return _core.argsort(x, axis, stable=True)


@op
def top_k(x, k, sorted=True):
    """(values, indices): the k largest along the last axis."""
    return _math.top_k(x, k)


@op
def in_top_k(targets, predictions, k):
    """Whether each target's score is among the k largest."""
    return _math.in_top_k(targets, predictions, k)


@op
def diagonal(x, offset=0, axis1=0, axis2=1):
    """The diagonal of a matrix."""
    if offset or (axis1, axis2) not in ((0, 1), (-2, -1)) or tensor(x).ndim != 2:
        raise NotImplementedError("diagonal: the main diagonal of a matrix is there")
    return _linalg.diag_part(x)


@op
def diag(x, k=0):
    """The matrix with this diagonal, or a matrix's diagonal."""
    if k:
        raise NotImplementedError("diag: the main diagonal is there")
    return _linalg.diag(x) if tensor(x).ndim == 1 else _linalg.diag_part(x)


@op
def trace(x, offset=0, axis1=0, axis2=1):
    """The sum of a matrix's diagonal."""
    return _core.reduce_sum(diagonal(x, offset, axis1, axis2))


@op
def tril(x, k=0):
    """Zeros above the k-th diagonal."""
    return _band(x, lambda above: above <= k)


@op
def triu(x, k=0):
    """Zeros below the k-th diagonal."""
    return _band(x, lambda above: above >= k)


def _band(x, keep):
    x = tensor(x)
    above = _core.range(x.shape[-1]) - _core.expand_dims(_core.range(x.shape[-2]), 1)
    return _core.where(keep(above), x, _core.zeros_like(x))


@op
def get_item(x, key):
    """x[key]."""
    return x[key]


@op
def copy(x):
    """x."""
    return tensor(x)


@op
def slice(inputs, start_indices, shape):
    """The block of a shape that begins at start_indices."""
    x = tensor(inputs)
    for axis, (start, extent) in enumerate(zip(start_indices, shape)):
        x = _core.gather(x, _core.cast(tensor(start), "int32") + _core.range(extent), axis)
    return x


@op
def slice_update(inputs, start_indices, updates):
    """The tensor with a block replaced that begins at start_indices."""
    x, updates = tensor(inputs), tensor(updates, dtype_hint=tensor(inputs).dtype)
    rows = [_core.reshape(_core.cast(tensor(s), "int32") + _core.range(n), [
        n if a == axis else 1 for a in range(x.ndim)]) for axis, (s, n) in enumerate(
            zip(start_indices, updates.shape))]
    index = _core.stack([_core.broadcast_to(r, updates.shape) for r in rows], -1)
    return _core.tensor_scatter_nd_update(x, index, updates)


@op
def scatter(indices, values, shape):
    """Values at indices of zeros, added up where several meet."""
    return _core.scatter_nd(indices, values, shape)


@op
def scatter_update(inputs, indices, updates):
    """The tensor with values replaced at indices."""
    return _core.tensor_scatter_nd_update(tensor(inputs), indices, updates)


@op
def segment_sum(data, segment_ids, num_segments=None, sorted=False):
    """The sums of rows with the same id."""
    return _math._segments("sum", data, segment_ids, num_segments)


@op
def segment_max(data, segment_ids, num_segments=None, sorted=False):
    """The largest of rows with the same id."""
    return _math._segments("max", data, segment_ids, num_segments)


def nonzero(x):
    """Where x is not 0: an array of indices per axis."""
    return _core.unstack(_core.cast(_ops.where(tensor(x) != 0), "int32"), None, 1)


@op
def unravel_index(indices, shape):
    """The index along each axis of an index into the flattened tensor."""
    indices, out = tensor(indices), []
    for extent in reversed(shape):
        out.append(indices % extent)
        indices = indices // extent
    return tuple(reversed(out))


@op
def select(condlist, choicelist, default=0):
    """The choice of the first true condition."""
    result = default
    for condition, choice in reversed(list(zip(condlist, choicelist))):
        result = _core.where(condition, choice, result)
    return tensor(result)


def tri(N, M=None, k=0, dtype=None):
    """Ones up to the k-th diagonal, zeros above."""
    above = _core.range(M or N) - _core.expand_dims(_core.range(N), 1)
    return _core.cast(above <= k, dtype or "float32")


def logspace(start, stop, num=50, endpoint=True, base=10, dtype=None, axis=0):
    """base to the powers of start to stop."""
    powers = _core.linspace(float(start), float(stop), num if endpoint else num + 1)
    return _core.cast(_core.pow(float(base), powers if endpoint else powers[:-1]), dtype or "float32")


def empty(shape, dtype=None):
    """Zeros: what is empty has no better values."""
    return _core.zeros(shape, dtype or "float32")


@op
def empty_like(x, dtype=None):
    """zeros_like()."""
    return _core.zeros(tensor(x).shape, dtype or tensor(x).dtype)

__all__ = exported(globals())
