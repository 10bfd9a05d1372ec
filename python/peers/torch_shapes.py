"""Rows of torch_table: shapes, indexing, order and creation."""

import math

import linnet as tf
from compare import Unsupported
from torch_table import beside, dtype_name, only, row, with_axes

# Shapes.

def _shape(args):
    shape = args[0] if len(args) == 1 and not isinstance(args[0], int) else args
    return list(shape)


def _expand(x, *shape):
    shape = _shape(shape)
    lead = len(shape) - x.ndim
    return tf.broadcast_to(x, [x.shape[i - lead] if n == -1 else n for i, n in enumerate(shape)])


def _permute(x, *dims):
    return tf.transpose(x, _shape(dims)) if x.ndim else x


def _swap(x, a, b):
    if x.ndim == 0:
        return x
    perm = list(range(x.ndim))
    perm[a], perm[b] = perm[b], perm[a]
    return tf.transpose(x, perm)


def _moved(x, source, target):
    source = [source] if isinstance(source, int) else list(source)
    target = [target] if isinstance(target, int) else list(target)
    source, target = [s % x.ndim for s in source], [t % x.ndim for t in target]
    perm = [i for i in range(x.ndim) if i not in source]
    for t, s in sorted(zip(target, source)):
        perm.insert(t, s)
    return tf.transpose(x, perm)


for _theirs in ("reshape", "view", "view_copy"):
    row(_theirs, "reshape", lambda x, *shape: tf.reshape(x, _shape(shape)))
row("reshape_as", "reshape", lambda x, y: tf.reshape(x, y.shape))
row("view_as", "reshape", lambda x, y: tf.reshape(x, y.shape))
for _theirs in ("expand", "expand_copy"):
    row(_theirs, "broadcast_to", _expand)
row("expand_as", "broadcast_to", lambda x, y: tf.broadcast_to(x, y.shape))
row("broadcast_to", "broadcast_to", _expand)
for _theirs in ("permute", "permute_copy"):
    row(_theirs, "transpose", _permute)
for _theirs in ("transpose", "transpose_copy"):
    row(_theirs, "transpose", _swap)
for _theirs in ("T", "t", "t_copy"):
    row(_theirs, "transpose", only(lambda x: tf.transpose(x)))
row("mT", "linalg.matrix_transpose", only(tf.linalg.matrix_transpose))
row("movedim", "transpose", _moved)
row("flatten", "reshape", lambda x, start_dim=0, end_dim=-1: _flat(x, start_dim, end_dim))
row("ravel", "reshape", lambda x: tf.reshape(x, [-1]))
row("unflatten", "reshape", lambda x, dim, sizes: tf.reshape(
    x, list(x.shape)[:dim % x.ndim] + list(sizes) + list(x.shape)[dim % x.ndim + 1:]))
row("cat", "concat", lambda parts, dim=0: _concat(parts, dim))
row("hstack", "concat", lambda parts: tf.concat(
    [tf.reshape(p, [1]) if p.ndim == 0 else p for p in parts],
    0 if max(p.ndim for p in parts) <= 1 else 1))
row("stack", "stack", lambda parts, dim=0: tf.stack(parts, dim))
for _theirs in ("unbind", "unbind_copy"):
    row(_theirs, "unstack", lambda x, dim=0: tf.unstack(x, axis=dim))
for _theirs in ("split/list_args", "split_with_sizes", "split_with_sizes_copy"):
    row(_theirs, "split", lambda x, sizes, dim=0: tf.split(x, list(sizes), dim))
row("split", "split", lambda x, size, dim=0: tf.split(x, _pieces(x.shape[dim], size), dim))
row("chunk", "split", lambda x, n, dim=0: tf.split(
    x, _pieces(x.shape[dim], -(-x.shape[dim] // n)), dim))
for _theirs in ("squeeze", "squeeze_copy", "squeeze/multiple"):
    row(_theirs, "squeeze", lambda x, dim=None: _squeeze(x, dim))
for _theirs in ("unsqueeze", "unsqueeze_copy"):
    row(_theirs, "expand_dims", lambda x, dim: tf.expand_dims(x, dim))
row("flip", "reverse", lambda x, dims: tf.reverse(x, list(dims)))
row("fliplr", "reverse", lambda x: tf.reverse(x, [1]))
row("flipud", "reverse", lambda x: tf.reverse(x, [0]))
row("roll", "roll", lambda x, shifts, dims=None: _roll(x, shifts, dims))
for _theirs in ("tile", "repeat"):
    row(_theirs, "tile", lambda x, *n: _tile(x, _shape(n)))
row("repeat_interleave", "repeat", lambda x, repeats, dim=None, output_size=None: tf.repeat(
    x, repeats, dim))
row("narrow", "[]", lambda x, dim, start, length: _slice(x, dim, start, length))
row("narrow_copy", "[]", lambda x, dim, start, length: _slice(x, dim, start, length))
row("select", "[]", lambda x, dim, index: x[(slice(None),) * (dim % x.ndim) + (index,)])
row("__getitem__", "[]", lambda x, key: x[_key(key)])
row("nn.functional.pad/constant", "pad", lambda x, pad, mode="constant", value=0: _pad(x, pad, value))
row("constant_pad_nd", "pad", lambda x, pad, value=0: _pad(x, pad, value))
row("diag_embed", "linalg.diag", lambda x, offset=0, dim1=-2, dim2=-1: _diagonal_matrix(
    x, offset, dim1, dim2))
for _theirs in ("diagonal", "diagonal_copy"):
    row(_theirs, "linalg.diag_part", lambda x, offset=0, dim1=0, dim2=1: _diagonal(
        x, offset, dim1, dim2))
row("linalg.diagonal", "linalg.diag_part", lambda x, offset=0, dim1=-2, dim2=-1: _diagonal(
    x, offset, dim1, dim2))
row("tril", "linalg.band_part", lambda x, k=0: tf.linalg.band_part(x, -1, k) if k >= 0 else _no())
row("triu", "linalg.band_part", lambda x, k=0: tf.linalg.band_part(x, -k, -1) if k <= 0 else _no())
for _theirs in ("meshgrid/variadic_tensors", "meshgrid/list_of_tensors"):
    row(_theirs, "meshgrid", lambda *x, indexing="ij": tuple(tf.meshgrid(
        *(x[0] if isinstance(x[0], (list, tuple)) else x), indexing=indexing)))


def _no():
    raise Unsupported("a band beside the diagonal")


def _diagonal(x, offset, dim1, dim2):
    x = _moved(x, [dim1, dim2], [-2, -1])
    rows, columns = max(-offset, 0), max(offset, 0)
    return tf.linalg.diag_part(x[..., rows:, columns:])


def _diagonal_matrix(x, offset, dim1, dim2):
    y = tf.linalg.diag(x)
    above, below = max(offset, 0), max(-offset, 0)
    y = tf.pad(y, [(0, 0)] * (y.ndim - 2) + [(below, above), (above, below)])
    return _moved(y, [-2, -1], [dim1, dim2])


def _flat(x, start, end):
    shape = list(x.shape)
    if not shape:
        return tf.reshape(x, [1])
    start, end = start % len(shape), end % len(shape)
    return tf.reshape(x, shape[:start] + [math.prod(shape[start:end + 1])] + shape[end + 1:])


def _concat(parts, dim):
    if all(hasattr(p, "ndim") for p in parts):  # PyTorch skips empty vectors
        rank = max(p.ndim for p in parts)
        parts = [p for p in parts if not (p.ndim == 1 and p.shape[0] == 0 and rank > 1)]
    return tf.concat(parts, dim)


def _pieces(extent, size):
    if extent == 0:
        raise Unsupported("an empty axis: no piece in Linnet, one in PyTorch")
    return [min(size, extent - i) for i in range(0, extent, size)]


def _squeeze(x, dim):
    if dim is None:
        return tf.squeeze(x)
    dims = [dim] if isinstance(dim, int) else list(dim)
    if x.ndim == 0:
        return x
    dims = [d for d in dims if x.shape[d] == 1]  # PyTorch passes over the others
    return tf.squeeze(x, dims) if dims else x


def _roll(x, shifts, dims):
    if dims is None or dims == ():
        return tf.reshape(tf.roll(tf.reshape(x, [-1]), shifts if isinstance(shifts, int)
                                  else shifts[0], 0), x.shape)
    return tf.roll(x, shifts, dims)


def _tile(x, n):
    lead = len(n) - x.ndim
    if lead > 0:
        x = tf.reshape(x, [1] * lead + list(x.shape))
    return tf.tile(x, [1] * -min(lead, 0) + n)


def _slice(x, dim, start, length):
    dim = dim % x.ndim
    start = int(start) % max(x.shape[dim], 1) if int(start) < 0 else int(start)
    return x[(slice(None),) * dim + (slice(start, start + length),)]


def _key(key):
    def part(k):
        if isinstance(k, tf.Tensor):
            raise Unsupported("a tensor as an index")
        if isinstance(k, (list, bool)):
            raise Unsupported("a list as an index")
        return k

    return tuple(part(k) for k in key) if isinstance(key, tuple) else part(key)


def _pad(x, pad, value):
    widths, kept = [(0, 0)] * x.ndim, [slice(None)] * x.ndim
    for i in range(len(pad) // 2):
        axis, (low, high) = x.ndim - 1 - i, pad[2 * i:2 * i + 2]
        widths[axis] = (max(low, 0), max(high, 0))
        kept[axis] = slice(max(-low, 0), x.shape[axis] + min(high, 0))  # a negative width cuts
    x = x[tuple(kept)] if x.ndim else x
    return tf.pad(x, widths, constant_values=0 if value is None else value)


# Indexing and order.

row("index_select", "gather", with_axes(lambda x, dim, index: tf.gather(x, index, axis=dim)))
row("masked_select", "boolean_mask", lambda x, mask: _selected(*beside(x, mask)))
row("nn.functional.embedding", "nn.embedding_lookup",
    lambda table, ids, **kw: _embed(ids, table, **kw))
row("nn.functional.one_hot", "one_hot",
    lambda x, num_classes=-1: tf.one_hot(
        x, num_classes if num_classes > 0 else int(tf.reduce_max(x)) + 1, dtype="int64"))
row("sort", "sort, argsort", lambda x, dim=-1, descending=False, stable=False: with_axes(
    _sort)(x, dim, descending))
row("argsort", "argsort", lambda x, dim=-1, descending=False, stable=False: with_axes(
    _sort)(x, dim, descending)[1])
row("topk", "math.top_k", lambda x, k, dim=-1, largest=True, sorted=True: with_axes(
    _top)(x, k, dim, largest))


def _selected(x, mask):
    return tf.boolean_mask(x, mask) if x.ndim else tf.reshape(x, [1])[0 if mask else 1:]


def _embed(ids, table, padding_idx=None, max_norm=None, scale_grad_by_freq=False, **_):
    if padding_idx is not None or max_norm is not None or scale_grad_by_freq:
        raise Unsupported("padding_idx, max_norm or scale_grad_by_freq")
    return tf.nn.embedding_lookup(table, ids)


def _sort(x, dim, descending):
    direction = "DESCENDING" if descending else "ASCENDING"
    return (tf.sort(x, dim, direction),
            tf.cast(tf.argsort(x, dim, direction, stable=True), "int64"))


def _top(x, k, dim, largest):
    if not largest and not x.dtype.is_floating:
        raise Unsupported("the smallest of integers")
    last = _swap(x if largest else -x, dim, -1)
    values, at = tf.math.top_k(last, k)
    return _swap(values if largest else -values, dim, -1), tf.cast(_swap(at, dim, -1), "int64")


# Creation.

row("zeros_like", "zeros_like", lambda x, **kw: tf.zeros_like(x, _kind(kw)))
row("ones_like", "ones_like", lambda x, **kw: tf.ones_like(x, _kind(kw)))
row("ones", "ones", lambda *n, **kw: tf.ones(_shape(n), _kind(kw) or "float32"))
row("zeros", "zeros", lambda *n, **kw: tf.zeros(_shape(n), _kind(kw) or "float32"))
row("full", "fill", lambda shape, value, **kw: tf.fill(
    list(shape), tf.constant(value, _kind(kw) or "float32")))
row("eye", "eye", lambda n, m=None, **kw: tf.eye(n, m, dtype=_kind(kw) or "float32"))
row("arange", "range", lambda *args, **kw: _range(args, **kw))
row("linspace", "linspace", lambda a, b, steps, **kw: _linspace(a, b, steps, _kind(kw)))


def _kind(keywords):
    dtype = keywords.get("dtype")
    return None if dtype is None else dtype_name(dtype)


def _linspace(a, b, steps, kind):
    if not steps:
        raise Unsupported("no steps")
    if kind not in (None, "float32", "float64"):
        raise Unsupported("linspace in integers or 16 bits")
    kind = kind or "float32"
    return tf.linspace(tf.constant(a, kind), tf.constant(b, kind), steps)


def _range(args, start=None, end=None, step=None, **kw):
    args = list(args)
    if start is not None:
        args = [start, end] if not args else args
    elif end is not None:
        args = args + [end]
    if step is not None:
        args.append(step)
    if all(isinstance(a, int) for a in args) or _kind(kw):
        return tf.range(*args, dtype=_kind(kw) or "int64")
    return tf.range(*args)
