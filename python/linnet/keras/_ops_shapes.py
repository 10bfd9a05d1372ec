"""keras.ops that give the same elements another shape or order."""

from .. import _core, _ops
from ._ops_base import exported, op, tensor


def shape(x):
    """The shape as a tuple; None where a symbolic tensor's is unknown."""
    return tuple(x.shape) if hasattr(x, "shape") else tuple(tensor(x).shape)


def ndim(x):
    """The number of axes."""
    return len(shape(x))


def size(x):
    """The number of elements."""
    return tensor(x).shape.num_elements()


@op
def transpose(x, axes=None):
    """The axes in another order; reversed by default."""
    return _core.transpose(tensor(x), axes)


@op
def expand_dims(x, axis):
    """With axes of extent 1 put in."""
    for a in sorted(axis) if isinstance(axis, (list, tuple)) else [axis]:
        x = _core.expand_dims(x, a)
    return x


@op
def squeeze(x, axis=None):
    """Without axes of extent 1."""
    return _core.squeeze(x, axis if axis is None or isinstance(axis, (list, tuple)) else [axis])


@op
def ravel(x):
    """All elements along one axis."""
    return _core.reshape(x, [-1])


@op
def swapaxes(x, axis1, axis2):
    """Two axes exchanged."""
    order = list(range(tensor(x).ndim))
    order[axis1], order[axis2] = order[axis2], order[axis1]
    return _core.transpose(x, order)


@op
def moveaxis(x, source, destination):
    """Axes moved to other places."""
    rank = tensor(x).ndim
    sources, targets = ([a % rank for a in (v if isinstance(v, (list, tuple)) else [v])]
                        for v in (source, destination))
    order = [a for a in range(rank) if a not in sources]
    for to, a in sorted(zip(targets, sources)):
        order.insert(to, a)
    return _core.transpose(x, order)


@op
def flip(x, axis=None):
    """The other way round along axes (all by default)."""
    if axis is None:
        axis = list(range(tensor(x).ndim))
    return _core.reverse(x, axis if isinstance(axis, (list, tuple)) else [axis])


@op
def roll(x, shift, axis=None):
    """Shifted in a circle; without axis the flattened tensor."""
    if axis is None:
        return _core.reshape(_core.roll(_core.reshape(x, [-1]), shift, 0), tensor(x).shape)
    return _core.roll(x, shift, axis)


@op
def repeat(x, repeats, axis=None):
    """Each element several times."""
    return _core.repeat(x, repeats, axis)


@op
def pad(x, pad_width, mode="constant", constant_values=None):
    """With a border of pad_width: (before, after) for each axis."""
    rank = tensor(x).ndim
    if isinstance(pad_width, int):
        pad_width = (pad_width, pad_width)
    if isinstance(pad_width[0], int):
        pad_width = [pad_width] * rank
    return _ops.pad(x, [list(p) for p in pad_width], mode, constant_values or 0)


@op
def broadcast_to(x, shape):
    """Repeated to a shape."""
    return _core.broadcast_to(tensor(x), shape)


@op
def concatenate(xs, axis=0):
    """One after the other along an axis."""
    return _core.concat(list(xs), axis)


@op
def stack(x, axis=0):
    """One after the other along a new axis."""
    return _core.stack(list(x), axis)


@op
def unstack(x, num=None, axis=0):
    """The slices along an axis."""
    return _core.unstack(x, num, axis)


@op
def hstack(xs):
    """Side by side: along the second axis, vectors along their only one."""
    xs = [tensor(x) for x in xs]
    return _core.concat(xs, 0 if xs[0].ndim == 1 else 1)


@op
def vstack(xs):
    """One below the other."""
    return _core.concat([x if x.ndim > 1 else _core.reshape(x, [1, -1]) for x in map(tensor, xs)], 0)


@op
def split(x, indices_or_sections, axis=0):
    """Parts: that many equal ones, or cut before the indices."""
    if isinstance(indices_or_sections, int):
        return _core.split(x, indices_or_sections, axis)
    ends = [*indices_or_sections, tensor(x).shape[axis]]
    return _core.split(x, [b - a for a, b in zip([0, *ends], ends)], axis)

__all__ = exported(globals())
