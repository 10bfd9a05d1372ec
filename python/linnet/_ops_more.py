"""More of TensorFlow's flat names: what is composed of other ops, or is Python around them."""

import builtins
import contextlib

from . import _core, _nest, _texts
from ._numpy import np
from .errors import InvalidArgumentError, NotSupportedError, ShapeError
from .errors import ValueError as LinnetValueError


def _text_or_raise(value):
    """Strings, which the core refused; for anything else what it raised."""
    if not _texts.is_text(value):
        raise  # what the caller is handling
    return _texts.make(value)


def constant(value, dtype=None, shape=None, name=None):
    """A tensor of a number, a nested list or an array; strings become what datasets have of them."""
    try:
        if dtype is None and shape is None:
            return _core.constant(value)
        return _core.constant(value, dtype, shape)
    except (TypeError, ValueError):
        return _text_or_raise(value)


def convert_to_tensor(value, dtype=None, dtype_hint=None, name=None):
    """A tensor of a number, a list, an array, a Variable; tensors and strings as they are."""
    try:
        if dtype is None and dtype_hint is None:
            return _core.convert_to_tensor(value)
        return _core.convert_to_tensor(value, dtype, dtype_hint)
    except (TypeError, ValueError):
        return _text_or_raise(value)


def _of_texts(function, x):
    """function of an array of strings, as strings."""
    return _texts.make(function(np.array(_texts.plain(x), object)))


def expand_dims(input, axis, name=None):
    """With an axis of extent 1 put in."""
    if isinstance(input, (str, _texts.Texts)):
        return _of_texts(lambda a: np.expand_dims(a, int(axis)), input)
    return _core.expand_dims(input, axis)


def pad(tensor, paddings, mode="CONSTANT", constant_values=0, name=None):
    """With a border of (before, after) for each axis: a constant, or the elements mirrored at the edge
    ("REFLECT": without it, "SYMMETRIC": with it)."""
    mode = str(mode).upper()
    if mode not in ("REFLECT", "SYMMETRIC"):
        return _core.pad(tensor, paddings, mode, constant_values)
    x, edge = _core.convert_to_tensor(tensor), int(mode == "REFLECT")
    pairs = [(int(a), int(b)) for a, b in paddings]
    if len(pairs) != x.ndim or builtins.any(not 0 <= n <= extent - edge for pair, extent in zip(
            pairs, x.shape) for n in pair):
        raise ShapeError(f"[pad] paddings {pairs} do not fit shape {x.shape} in mode {mode}")
    for axis, (before, after) in enumerate(pairs):
        if before or after:
            n = x.shape[axis]
            rows = [*builtins.range(before - 1 + edge, edge - 1, -1), *builtins.range(n),
                    *builtins.range(n - 1 - edge, n - 1 - edge - after, -1)]
            x = _core.gather(x, _core.constant(rows, "int32"), axis)
    return x


# --- Choosing -------------------------------------------------------------------------------------


def where(condition, x=None, y=None, name=None):
    """x where the condition is true, else y. Without them the indices [n, rank] of what is true,
    outside of captured functions only: their number depends on the data."""
    if x is not None or y is not None:
        return _core.where(condition, x, y)
    condition = _core.cast(condition, "bool")
    if condition._is_traced:
        raise NotSupportedError("[where] the number of true elements depends on the data: a captured "
                                "function needs where(condition, x, y)")
    return _core.constant(np.argwhere(condition.numpy()), "int64")


def gather(params, indices, axis=None, batch_dims=0, name=None):
    """The slices of params at indices along an axis. The first batch_dims axes of both go together:
    row i of the indices is for row i of params."""
    if not batch_dims:
        return _core.gather(params, indices, 0 if axis is None else axis)
    params = _core.convert_to_tensor(params)
    batch = batch_dims % (params.ndim or 1) if batch_dims < 0 else int(batch_dims)
    if axis not in (None, batch):
        raise NotSupportedError("[gather] with batch_dims the axis is the first one after them")
    indices = _core.convert_to_tensor(indices)
    shape, wanted = list(params.shape), list(indices.shape)
    if len(wanted) < batch or len(shape) <= batch or shape[:batch] != wanted[:batch]:
        raise ShapeError(f"[gather] batch_dims {batch}: params have shape {params.shape}, the indices "
                         f"{indices.shape}")
    rows, extent = int(np.prod(shape[:batch])), shape[batch]
    flat = _core.reshape(params, [rows, extent, *shape[batch + 1:]])
    places = _core.reshape(indices, [rows, -1])
    numbers = _core.expand_dims(_core.range(rows), 1)
    found = _core.gather_nd(flat, _core.stack([
        _core.cast(_core.broadcast_to(numbers, places.shape), places.dtype), places], -1))
    return _core.reshape(found, wanted + shape[batch + 1:])


def searchsorted(sorted_sequence, values, side="left", out_type="int32", name=None):
    """How many of each row's sorted numbers are below each value (or, "right", not above)."""
    if side not in ("left", "right"):
        raise LinnetValueError(f"searchsorted: side {side!r}, expected 'left' or 'right'")
    edges = _core.expand_dims(_core.convert_to_tensor(sorted_sequence), -2)
    values = _core.expand_dims(_core.convert_to_tensor(values, dtype_hint=edges.dtype), -1)
    below = edges < values if side == "left" else edges <= values
    return _core.reduce_sum(_core.cast(below, out_type), -1)


def sequence_mask(lengths, maxlen=None, dtype="bool", name=None):
    """For each length a row that is true for so many places of maxlen (the longest by default)."""
    lengths = _core.convert_to_tensor(lengths)
    if maxlen is None:
        if lengths._is_traced:
            raise NotSupportedError("[sequence_mask] in a captured function maxlen must be given")
        maxlen = int(_core.reduce_max(lengths))
    places = _core.cast(_core.range(int(maxlen)), lengths.dtype)
    return _core.cast(places < _core.expand_dims(lengths, -1), dtype)


def reverse_sequence(input, seq_lengths, seq_axis=None, batch_axis=0, name=None):
    """The first seq_lengths[i] steps of each row the other way round; rows along axis 0, steps 1."""
    if batch_axis or seq_axis not in (None, 1):
        raise NotSupportedError("[reverse_sequence] batch_axis is 0 and seq_axis 1")
    x = _core.convert_to_tensor(input)
    lengths = _core.expand_dims(_core.cast(seq_lengths, "int32"), 1)
    steps = _core.expand_dims(_core.range(x.shape[1]), 0)
    return gather(x, _core.where(steps < lengths, lengths - 1 - steps, steps), batch_dims=1)


def unravel_index(indices, dims, name=None):
    """The index along each axis (rows) of indices into the flattened tensor."""
    indices, out = _core.convert_to_tensor(indices), []
    for extent in reversed([int(d) for d in dims]):
        out.append(indices % extent)
        indices = indices // extent
    return _core.stack(out[::-1], 0)


def dynamic_partition(data, partitions, num_partitions, name=None):
    """Rows by their partition's number; outside of captured functions only."""
    data, at = _core.convert_to_tensor(data), _core.convert_to_tensor(partitions)
    return [data[at == i] for i in builtins.range(num_partitions)]


def histogram_fixed_width(values, value_range, nbins=100, dtype="int32", name=None):
    """How many values lie in each of nbins equal parts of a range; those outside count at its ends."""
    values = _core.reshape(_core.cast(values, "float32"), [-1])
    low, high = (float(v) for v in value_range)
    places = _core.cast(_core.floor((values - low) * (nbins / (high - low))), "int32")
    rows = _core.one_hot(_core.clip_by_value(places, 0, nbins - 1), nbins)
    return _core.cast(_core.reduce_sum(rows, 0), dtype)


# --- Elementwise ----------------------------------------------------------------------------------


def saturate_cast(value, dtype, name=None):
    """cast(), where what does not fit becomes the nearest that does."""
    value, dtype = _core.convert_to_tensor(value), _core.as_dtype(dtype)
    low = builtins.max(value.dtype.min, dtype.min)
    return _core.cast(_core.clip_by_value(value, low, builtins.min(value.dtype.max, dtype.max)), dtype)


def truncatemod(x, y, name=None):
    """The rest of a division whose quotient is cut off: of x's sign."""
    x = _core.convert_to_tensor(x)
    y = _core.convert_to_tensor(y, dtype_hint=x.dtype)
    return _core.sign(x) * (_core.abs(x) % _core.abs(y))


def scalar_mul(scalar, x, name=None):
    """scalar * x."""
    return scalar * _core.convert_to_tensor(x)


def identity_n(input, name=None):
    """The tensors themselves."""
    return [_core.convert_to_tensor(x) for x in input]


# --- Python around ops ----------------------------------------------------------------------------


def map_fn(fn, elems, dtype=None, fn_output_signature=None, **_):
    """fn of each row of a tensor, or of a nest of tensors, stacked."""
    return _rows_of(fn, elems)


def vectorized_map(fn, elems, fallback_to_while_loop=True, warn=True):
    """map_fn()."""
    return _rows_of(fn, elems)


def _slices(elems):
    leaves = [_core.convert_to_tensor(x) for x in _nest.flatten(elems)]
    if not leaves or builtins.any(not x.ndim or x.shape[0] != leaves[0].shape[0] for x in leaves):
        raise ShapeError(f"[map_fn] expected tensors with as many rows each, got shapes "
                         f"{[tuple(x.shape) for x in leaves]}")
    for row in zip(*[_core.unstack(x, None, 0) for x in leaves]):
        yield _nest.pack(elems, row)


def _rows_of(fn, elems):
    return _stacked([fn(row) for row in _slices(elems)], "map_fn")


def _stacked(rows, op):
    if not rows:
        raise ShapeError(f"[{op}] there are no rows")
    return _nest.map_structure(lambda *parts: _core.stack(list(parts), 0), *rows)


def _fold(op, fn, elems, initializer, reverse):
    rows = list(_slices(elems))
    if reverse:
        rows.reverse()
    if initializer is None:
        if not rows:
            raise ShapeError(f"[{op}] there are no rows and no initializer")
        initializer = rows.pop(0)
        states = [initializer]
    else:
        states = []
    state = _nest.map_structure(_core.convert_to_tensor, initializer)
    for row in rows:
        state = fn(state, row)
        states.append(state)
    return state, states[::-1] if reverse else states


def scan(fn, elems, initializer=None, parallel_iterations=10, back_prop=True, swap_memory=False,
         infer_shape=True, reverse=False, name=None):
    """state = fn(state, row) for each row, beginning with the initializer or else the first row; all
    states, stacked."""
    return _stacked(_fold("scan", fn, elems, initializer, reverse)[1], "scan")


def foldl(fn, elems, initializer=None, **_):
    """The last state of scan()."""
    return _fold("foldl", fn, elems, initializer, False)[0]


def foldr(fn, elems, initializer=None, **_):
    """The last state of scan() from the last row to the first."""
    return _fold("foldr", fn, elems, initializer, True)[0]


def switch_case(branch_index, branch_fns, default=None, name=None):
    """branch_fns[branch_index](); the last one, or default, for any other index."""
    from ._function import cond

    pairs = dict(branch_fns if isinstance(branch_fns, dict) else
                 branch_fns if branch_fns and isinstance(branch_fns[0], tuple) else enumerate(branch_fns))
    last = default or pairs[builtins.max(pairs)]
    index = _core.convert_to_tensor(branch_index)

    def choose(left):
        if not left:
            return last()
        return cond(index == left[0], pairs[left[0]], lambda: choose(left[1:]))

    return choose(sorted(pairs))


def case(pred_fn_pairs, default=None, exclusive=False, strict=False, name=None):
    """The function of the first true condition, or default."""
    from ._function import cond

    pairs = list(pred_fn_pairs.items() if isinstance(pred_fn_pairs, dict) else pred_fn_pairs)

    def choose(left):
        if len(left) == 1 and default is None:
            return left[0][1]()
        if not left:
            return default()
        return cond(left[0][0], left[0][1], lambda: choose(left[1:]))

    return choose(pairs)


class name_scope(contextlib.AbstractContextManager):
    """A block with a name; names of variables do not have it in front."""

    def __init__(self, name):
        self.name = name

    def __enter__(self):
        return f"{self.name}/"

    def __exit__(self, *exception):
        return None


@contextlib.contextmanager
def control_dependencies(control_inputs):
    """Ops run in the order of the program anyway."""
    yield


def group(*inputs, name=None):
    """What an op that only has to run gives: nothing."""


def no_op(name=None):
    """Nothing."""


def get_static_value(tensor, partial=False):
    """The value as NumPy has it; None while a function is captured."""
    tensor = _core.convert_to_tensor(tensor)
    return None if tensor._is_traced else tensor.numpy()


def Assert(condition, data, summarize=None, name=None):
    """InvalidArgumentError unless the condition is true; in a captured function when it runs."""
    condition = _core.convert_to_tensor(condition)
    if condition._is_traced:
        _core._record_assert(_core.reduce_all(condition), "assertion failed")
    elif not builtins.bool(_core.reduce_all(condition)):
        shown = ", ".join(str(getattr(x, "numpy", lambda x=x: x)()) for x in data or ())
        raise InvalidArgumentError(f"[Assert] assertion failed: {shown}")


__all__ = [n for n, v in list(globals().items()) if not n.startswith("_") and callable(v)
           and getattr(v, "__module__", None) == __name__]
