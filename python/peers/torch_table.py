"""Which OpInfo of PyTorch shows each op of Linnet, and how its arguments become ours.

ROWS maps an OpInfo's name (with "/variant") to Linnet's name and a function of the sample's
arguments, with tensors already converted. It raises Unsupported for what Linnet's op has no word for.
"""

import math

import numpy as np
import torch

import linnet as tf
from linnet import _core, keras
from compare import Unsupported

ROWS = {}
# Rows whose Linnet side is one op, so that PyTorch's wrong arguments reach its own checks.
DIRECT = set("""acos sin nn.functional.relu nn.functional.elu add sub mul true_divide pow where sum mean prod amax amin all any logsumexp softmax log_softmax argmax argmin
    matmul mm bmm mv dot reshape view expand broadcast_to permute transpose cat stack unbind
    split_with_sizes unsqueeze flip tile select index_select nn.functional.one_hot sort topk gather
    nn.functional.conv2d nn.functional.conv1d eye diag_embed masked_select meshgrid roll
    repeat_interleave tensordot""".split())


def row(opinfo, name, function):
    ROWS[opinfo] = (name, function)


def only(function, *names):
    """Refuses keywords but these, unless they are None."""

    def call(*args, **kwargs):
        for key in list(kwargs):
            if key not in names:
                if kwargs[key] not in (None, False):
                    raise Unsupported(f"keyword {key}")
                del kwargs[key]
        return function(*args, **kwargs)

    return call


# Elementwise ops of one tensor.

for _name in ("abs acos acosh asin asinh atan atanh ceil cos cosh digamma erf erfc exp exp2 expm1 "
              "floor lgamma log log10 log1p log2 reciprocal rsqrt sigmoid sin sinh sqrt square "
              "tan tanh trunc logical_not bitwise_not").split():
    row(_name, _name, only(getattr(_core, _name)))
for _theirs, _ours in {"neg": "negative", "isnan": "is_nan", "isinf": "is_inf",
                       "isfinite": "is_finite", "sign": "sign", "sgn": "sign", "round": "round",
                       "nn.functional.relu": "relu", "nn.functional.relu6": "relu6",
                       "nn.functional.selu": "selu", "nn.functional.softsign": "softsign",
                       "nn.functional.silu": "silu", "nn.functional.mish": "mish",
                       "nn.functional.hardsigmoid": "hard_sigmoid",
                       "nn.functional.hardswish": "hard_silu",
                       "nn.functional.logsigmoid": "log_sigmoid"}.items():
    row(_theirs, _ours, only(getattr(_core, _ours)))
row("positive", "+x", lambda x: +x)
row("clone", "identity", only(tf.identity))
for _n in range(5):
    row(f"polygamma/polygamma_n_{_n}", "polygamma", only(lambda x, n: _core.polygamma(n, x), "n"))


def softplus(x, beta=1, threshold=20):
    # PyTorch is linear above the threshold; log(1 + e^x) - x is below 2.1e-9 there.
    if threshold < 20:
        raise Unsupported("softplus with a low threshold")
    return _core.softplus(x * beta) / beta


row("nn.functional.softplus", "softplus", softplus)
row("nn.functional.gelu", "gelu", lambda x, approximate="none": _core.gelu(x, approximate == "tanh"))
row("nn.functional.elu", "elu", only(lambda x, alpha=1.0: _core.elu(x, alpha), "alpha"))
row("nn.functional.leaky_relu", "leaky_relu",
    only(lambda x, negative_slope=0.01: _core.leaky_relu(x, negative_slope), "negative_slope"))
row("nn.functional.celu", "keras.activations.celu",
    only(lambda x, alpha=1.0: keras.activations.celu(x, alpha), "alpha"))
row("nn.functional.glu", "keras.activations.glu",
    only(lambda x, dim=-1: keras.activations.glu(x, dim), "dim"))
row("nn.functional.hardtanh", "clip_by_value",
    only(lambda x, min_val=-1.0, max_val=1.0: tf.clip_by_value(x, min_val, max_val), "min_val",
         "max_val"))
row("nn.functional.tanhshrink", "keras.activations.tanh_shrink",
    only(lambda x: keras.activations.tanh_shrink(x)))
row("nn.functional.hardshrink", "keras.activations.hard_shrink",
    only(lambda x, lambd=0.5: keras.activations.hard_shrink(x, lambd), "lambd"))
row("nn.functional.softshrink", "keras.activations.soft_shrink",
    only(lambda x, lambd=0.5: keras.activations.soft_shrink(x, lambd), "lambd"))
row("nn.functional.threshold", "keras.activations.threshold",
    only(lambda x, t, v: keras.activations.threshold(x, t, v)))
row("nn.functional.prelu", "relu(x) - alpha * relu(-x)",
    lambda x, weight: _broadcast() if x.ndim < weight.ndim else tf.nn.relu(x) - (tf.reshape(
        weight, [-1] + [1] * (x.ndim - 2)) if x.ndim >= 2 and weight.ndim else weight)
    * tf.nn.relu(-x))
for _theirs, _dtype in {"double": "float64", "float": "float32", "half": "float16",
                        "bfloat16": "bfloat16", "long": "int64", "int": "int32", "short": "int16",
                        "char": "int8", "byte": "uint8", "bool": "bool"}.items():
    row(_theirs, "cast", only(lambda x, dtype=_dtype, **_: tf.cast(x, dtype), "memory_format"))

# Of two tensors.

for _theirs, _ours in {"add": "add", "sub": "subtract"}.items():
    def _scaled(x, y, alpha=1, function=getattr(_core, _ours)):
        return function(x, y if isinstance(alpha, int) and alpha == 1 else y * alpha)

    row(_theirs, _ours, _scaled)
row("rsub", "subtract", lambda x, y, alpha=1: tf.subtract(y, x * alpha))
for _theirs, _ours in {
        "mul": "multiply", "div/no_rounding_mode": "divide", "true_divide": "divide",
        "remainder": "mod", "pow": "pow", "maximum": "maximum",
        "minimum": "minimum", "max/binary": "maximum", "min/binary": "minimum", "atan2": "atan2",
        "xlogy": "xlogy", "eq": "equal", "ne": "not_equal", "lt": "less", "le": "less_equal",
        "gt": "greater", "ge": "greater_equal", "logical_and": "logical_and",
        "logical_or": "logical_or", "logical_xor": "logical_xor", "bitwise_and": "bitwise_and",
        "bitwise_or": "bitwise_or", "bitwise_xor": "bitwise_xor",
        "bitwise_left_shift": "left_shift", "bitwise_right_shift": "right_shift"}.items():
    row(_theirs, _ours, only(lambda x, y, function=getattr(_core, _ours), **_: function(x, y)))
row("div/floor_rounding", "floor_divide", lambda x, y, rounding_mode: _core.floor_divide(x, y))
row("floor_divide", "floor_divide", only(_core.floor_divide))
row("__radd__", "+", lambda x, y: y + x)
row("__rsub__", "-", lambda x, y: y - x)
row("__rmul__", "*", lambda x, y: y * x)
row("__rdiv__", "/", lambda x, y: y / x)
row("__rmod__", "%", lambda x, y: y % x)
row("__rpow__", "**", lambda x, y: y ** x)
row("__rmatmul__", "@", lambda x, y: y @ x)
row("__rand__", "&", lambda x, y: y & x)
row("__ror__", "|", lambda x, y: y | x)
row("__rxor__", "^", lambda x, y: y ^ x)
row("where", "where", lambda x, condition, y: tf.where(condition, x, y))


def clamp(x, low=None, high=None, min=None, max=None):
    low, high = (min if low is None else low), (max if high is None else high)
    if low is None:
        return tf.minimum(x, high)
    if high is None:
        return tf.maximum(x, low)
    return tf.clip_by_value(x, low, high)


row("clamp", "clip_by_value", clamp)
row("clamp_min", "maximum", lambda x, y: tf.maximum(x, y))
row("clamp_max", "minimum", lambda x, y: tf.minimum(x, y))
row("masked_fill", "where", lambda x, mask, value: tf.where(mask, value, x))
row("lerp", "x + w (y - x)", lambda x, y, w: x + w * (y - x))
row("addcmul", "x + v a b", lambda x, a, b, value=1: x + value * _one_dtype(a, x) * b)
row("addcdiv", "x + v a / b", lambda x, a, b, value=1: x + value * (_one_dtype(a, x) / b))
row("nn.functional.mse_loss", "squared_difference",
    lambda x, y, reduction="mean": _reduced(tf.math.squared_difference(x, y), reduction))
row("nn.functional.l1_loss", "abs",
    lambda x, y, reduction="mean": _reduced(tf.abs(x - y), reduction))


def _one_dtype(a, x):
    """Compositions of 16 bits round at each step where PyTorch's one op does not."""
    if a.dtype != x.dtype or x.dtype in ("bfloat16", "float16"):
        raise Unsupported("a composition in 16 bits")
    return a


def _reduced(values, reduction):
    return {"none": lambda: values, "mean": lambda: tf.reduce_mean(values),
            "sum": lambda: tf.reduce_sum(values)}[reduction]()


# Reductions.

def reduction(function):
    def call(x, dim=None, keepdim=False, dtype=None):
        if dtype is not None:
            raise Unsupported("keyword dtype")
        if isinstance(dim, (tuple, list, torch.Size)) and len(dim) == 0:
            dim = None  # PyTorch's () is all axes
        dim = list(dim) if isinstance(dim, (tuple, torch.Size)) else dim
        if x.ndim == 0:
            dim = None if dim in (0, -1, [0], [-1]) else dim  # PyTorch gives a scalar an axis 0
        return function(x, dim, keepdim)

    return call


for _theirs, _ours in {"sum": tf.reduce_sum, "mean": tf.reduce_mean, "prod": tf.math.reduce_prod,
                       "amax": tf.reduce_max, "amin": tf.reduce_min, "all": tf.reduce_all,
                       "any": tf.reduce_any, "logsumexp": tf.reduce_logsumexp,
                       "max/reduction_no_dim": tf.reduce_max,
                       "min/reduction_no_dim": tf.reduce_min}.items():
    row(_theirs, getattr(_ours, "__name__", _theirs), reduction(_ours))


def extreme(value, index):
    def call(x, dim, keepdim=False):
        if x.ndim == 0:
            raise Unsupported("an axis of a scalar")
        at = index(x, dim)
        return reduction(value)(x, dim, keepdim), tf.expand_dims(at, dim) if keepdim else at

    return call


row("max/reduction_with_dim", "reduce_max, argmax", extreme(tf.reduce_max, tf.argmax))
row("min/reduction_with_dim", "reduce_min, argmin", extreme(tf.reduce_min, tf.argmin))


def index_of(function):
    def call(x, dim=None, keepdim=False):
        if x.ndim == 0:
            raise Unsupported("an axis of a scalar")
        at = function(tf.reshape(x, [-1]), 0) if dim is None else function(x, dim)
        if keepdim:
            return tf.reshape(at, [1] * x.ndim) if dim is None else tf.expand_dims(at, dim)
        return at

    return call


row("argmax", "argmax", index_of(tf.argmax))
row("argmin", "argmin", index_of(tf.argmin))


def spread(function):
    def call(x, *args, dim=None, keepdim=False, correction=1, unbiased=None):
        if args:
            dim = None if isinstance(args[0], bool) else args[0]
            unbiased = args[0] if isinstance(args[0], bool) else unbiased
            if len(args) > 1:
                unbiased = args[1]
            if len(args) > 2:
                keepdim = args[2]
        if (correction if unbiased is None else int(unbiased)) != 0:
            raise Unsupported("unbiased")
        return reduction(function)(x, dim, keepdim)

    return call


row("var", "reduce_variance", spread(tf.math.reduce_variance))
row("std", "reduce_std", spread(tf.math.reduce_std))
row("var/unbiased", "reduce_variance", spread(tf.math.reduce_variance))
row("std/unbiased", "reduce_std", spread(tf.math.reduce_std))
row("var_mean", "nn.moments", spread(
    lambda x, dim, keep: tuple(reversed(tf.nn.moments(x, dim, keepdims=keep)))))


def vector_norm(x, ord=2, dim=None, keepdim=False, dtype=None):
    if dtype is not None or ord not in (1, 2, math.inf):
        raise Unsupported("ord or dtype")
    return reduction(lambda x, axis, keep: tf.norm(x, ord, axis, keep))(x, dim, keepdim)


row("linalg.vector_norm", "norm", vector_norm)
row("norm", "norm", lambda x, p=2, dim=None, keepdim=False, dtype=None: vector_norm(
    x, 2 if p in (None, "fro") else p, dim, keepdim, dtype))
row("norm/fro", "norm", lambda x, p="fro", dim=None, keepdim=False: vector_norm(x, 2, dim, keepdim))
row("norm/inf", "norm", lambda x, p, dim=None, keepdim=False, dtype=None: vector_norm(
    x, p, dim, keepdim, dtype))
row("count_nonzero", "math.count_nonzero",
    lambda x, dim=None: reduction(lambda x, a, k: tf.math.count_nonzero(x, a, k))(x, dim))
row("nn.functional.normalize", "math.l2_normalize",
    lambda x, p=2.0, dim=1, eps=1e-12: _normalize(x, p, dim, eps))


def _normalize(x, p, dim, eps):
    if p != 2.0 or x.ndim == 0:
        raise Unsupported("p or a scalar")
    return tf.math.l2_normalize(x, dim, eps * eps)


def along(function):
    def call(x, dim=None, dtype=None, **_):
        if x.ndim == 0 or dim is None:
            raise Unsupported("an axis of a scalar")
        return function(x if dtype is None else tf.cast(x, _dtype_name(dtype)), dim)

    return call


def _dtype_name(dtype):
    return str(dtype).replace("torch.", "")


for _theirs, _ours in {"softmax": tf.nn.softmax, "softmax/with_dtype": tf.nn.softmax,
                       "log_softmax": tf.nn.log_softmax,
                       "log_softmax/with_dtype": tf.nn.log_softmax}.items():
    row(_theirs, "log_softmax" if "log" in _theirs else "softmax", along(_ours))
row("nn.functional.softmin", "softmax", along(lambda x, dim: tf.nn.softmax(-x, dim)))

# Products.

for _theirs in ("matmul", "mm", "bmm", "mv"):
    row(_theirs, "linalg.matvec" if _theirs == "mv" else "matmul",
        tf.linalg.matvec if _theirs == "mv" else lambda x, y: tf.matmul(x, y))
row("dot", "tensordot", lambda x, y: tf.tensordot(x, y, 1))
row("tensordot", "tensordot", lambda x, y, dims=2: _tensordot(x, y, dims))
row("nn.functional.linear", "matmul, bias_add",
    lambda x, w, b=None: _linear(tf.matmul(x, tf.transpose(w)), b))
row("addmm", "matmul", lambda c, a, b, beta=1, alpha=1: beta * c + alpha * tf.matmul(a, b))
row("baddbmm", "matmul", lambda c, a, b, beta=1, alpha=1: beta * c + alpha * tf.matmul(a, b))
row("addmv", "linalg.matvec",
    lambda c, a, b, beta=1, alpha=1: beta * c + alpha * tf.linalg.matvec(a, b))
row("outer", "tensordot", lambda x, y: tf.tensordot(x, y, 0))
row("inner", "tensordot", lambda x, y: x * y if 0 in (x.ndim, y.ndim) else tf.tensordot(
    x, y, [[-1], [-1]]))
row("linalg.vecdot", "reduce_sum", lambda x, y, dim=-1: tf.reduce_sum(x * y, dim))
row("trace", "linalg.trace", only(tf.linalg.trace))
row("linalg.multi_dot", "matmul", lambda parts: _chain(parts))


def _tensordot(x, y, dims):
    if not isinstance(dims, int) and [x.shape[i] for i in dims[0]] != [y.shape[i] for i in dims[1]]:
        raise Unsupported("extents of 1 that PyTorch broadcasts in tensordot")
    return tf.tensordot(x, y, dims)


def _linear(y, b):
    return y if b is None else tf.nn.bias_add(y, b)


def _chain(parts):
    y = parts[0]
    for part in parts[1:]:
        y = tf.matmul(y, part)
    return y


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
for _theirs in ("nn.functional.pad/constant", "constant_pad_nd"):
    row(_theirs, "pad", lambda x, pad, mode="constant", value=0: _pad(x, pad, mode, value))
row("diag_embed", "linalg.diag", only(tf.linalg.diag))
for _theirs in ("diagonal", "diagonal_copy", "linalg.diagonal"):
    row(_theirs, "linalg.diag_part", only(lambda x: tf.linalg.diag_part(x)))
row("tril", "linalg.band_part", lambda x, k=0: tf.linalg.band_part(x, -1, k) if k >= 0 else _no())
row("triu", "linalg.band_part", lambda x, k=0: tf.linalg.band_part(x, -k, -1) if k <= 0 else _no())
for _theirs in ("meshgrid/variadic_tensors", "meshgrid/list_of_tensors"):
    row(_theirs, "meshgrid", lambda *x, indexing="ij": tuple(tf.meshgrid(
        *(x[0] if isinstance(x[0], (list, tuple)) else x), indexing=indexing)))


def _no():
    raise Unsupported("a band beside the diagonal")


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
    if x.ndim == 0:
        raise Unsupported("an axis of a scalar")
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


def _pad(x, pad, mode, value):
    if mode != "constant" or any(p < 0 for p in pad):
        raise Unsupported("a negative width")
    widths = [(0, 0)] * x.ndim
    for i in range(len(pad) // 2):
        widths[x.ndim - 1 - i] = (pad[2 * i], pad[2 * i + 1])
    return tf.pad(x, widths, constant_values=0 if value is None else value)


# Indexing and order.

row("index_select", "gather", lambda x, dim, index: tf.gather(x, index, axis=dim) if x.ndim
    else _scalar())
row("take_along_dim", "experimental.numpy.take_along_axis", lambda x, index, dim=None: _no_take())
row("masked_select", "boolean_mask",
    lambda x, mask: tf.boolean_mask(x, mask) if x.ndim and x.shape == mask.shape
    else _broadcast())
row("nn.functional.embedding", "nn.embedding_lookup",
    lambda table, ids, **kw: _embed(ids, table, **kw))
row("nn.functional.one_hot", "one_hot",
    lambda x, num_classes=-1: tf.one_hot(x, num_classes, dtype="int64") if num_classes > 0
    else _broadcast())
row("sort", "sort, argsort", lambda x, dim=-1, descending=False, stable=False: _sort(
    x, dim, descending))
row("argsort", "argsort", lambda x, dim=-1, descending=False, stable=False: _sort(
    x, dim, descending)[1])
row("topk", "math.top_k", lambda x, k, dim=-1, largest=True, sorted=True: _top(x, k, dim, largest))
del ROWS["take_along_dim"]


def _scalar():
    raise Unsupported("an axis of a scalar")


def _broadcast():
    raise Unsupported("a mask of another shape, or classes found from the values")


def _no_take():
    raise Unsupported("take_along_dim")


def _embed(ids, table, padding_idx=None, max_norm=None, scale_grad_by_freq=False, **_):
    if padding_idx is not None or max_norm is not None or scale_grad_by_freq:
        raise Unsupported("padding_idx, max_norm or scale_grad_by_freq")
    return tf.nn.embedding_lookup(table, ids)


def _sort(x, dim, descending):
    if x.ndim == 0:
        _scalar()
    direction = "DESCENDING" if descending else "ASCENDING"
    return (tf.sort(x, dim, direction),
            tf.cast(tf.argsort(x, dim, direction, stable=True), "int64"))


def _top(x, k, dim, largest):
    if x.ndim == 0 or dim % x.ndim != x.ndim - 1 or not largest:
        raise Unsupported("another axis than the last, or the smallest")
    values, at = tf.math.top_k(x, k)
    return values, tf.cast(at, "int64")


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
    return None if dtype is None else _dtype_name(dtype)


def _linspace(a, b, steps, kind):
    if not steps or kind not in (None, "float32", "float64"):
        raise Unsupported("no steps, or integers")
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


# Convolutions, pooling, normalization: PyTorch keeps channels before space, Linnet after it.

def _last(x):
    return tf.transpose(x, [0, *range(2, x.ndim), 1])


def _first(x):
    return tf.transpose(x, [0, x.ndim - 1, *range(1, x.ndim - 1)])


def _pair(n):
    return list(n) * (2 // len(n)) if isinstance(n, (tuple, list)) else [n, n]


def _conv2d(x, w, b=None, stride=1, padding=0, dilation=1, groups=1):
    single = x.ndim == 3
    x = tf.expand_dims(x, 0) if single else x
    mode = "VALID"
    if isinstance(padding, str):
        if padding == "same" and any(k % 2 == 0 for k in w.shape[2:]):
            raise Unsupported("same padding of an even kernel: PyTorch pads the other side")
        mode = padding.upper()
    else:
        p = _pair(padding)
        x = tf.pad(x, [(0, 0), (0, 0), (p[0], p[0]), (p[1], p[1])])
    y = tf.nn.conv2d(_last(x), tf.transpose(w, [2, 3, 1, 0]), _pair(stride), mode,
                     dilations=_pair(dilation), groups=groups)
    y = _first(y if b is None else tf.nn.bias_add(y, b))
    return tf.squeeze(y, 0) if single else y


def _conv1d(x, w, b=None, stride=1, padding=0, dilation=1, groups=1):
    def first(n):
        return n[0] if isinstance(n, (tuple, list)) else n

    single = x.ndim == 2
    x = tf.expand_dims(x, 0) if single else x
    wide = [1, first(padding)]
    padding = padding if isinstance(padding, str) else [0, wide[1]]
    y = _conv2d(tf.expand_dims(x, 2), tf.expand_dims(w, 2), b, [1, first(stride)], padding,
                [1, first(dilation)], groups)
    y = tf.squeeze(y, 2)
    return tf.squeeze(y, 0) if single else y


def _pool(function, x, kernel_size, stride=None, padding=0, ceil_mode=False, *others, **more):
    if others:
        raise Unsupported("ceil_mode, count_include_pad or divisor_override")
    if ceil_mode or more.get("count_include_pad") is False or more.get("divisor_override"):
        raise Unsupported("ceil_mode, count_include_pad or divisor_override")
    if more.get("dilation", 1) not in (1, (1, 1), (1,)) or more.get("return_indices"):
        raise Unsupported("dilation or indices")
    single = x.ndim == 3
    x = tf.expand_dims(x, 0) if single else x
    p = _pair(padding)
    low = -math.inf if function is tf.nn.max_pool2d else 0
    x = tf.pad(x, [(0, 0), (0, 0), (p[0], p[0]), (p[1], p[1])], constant_values=low)
    y = _first(function(_last(x), _pair(kernel_size), _pair(kernel_size if stride in (None, ())
                                                            else stride), "VALID"))
    return tf.squeeze(y, 0) if single else y


def _pool1d(function, x, kernel_size, stride=None, padding=0, **more):
    def wide(n, other):
        return [other, n[0] if isinstance(n, (tuple, list)) else n]

    if more.get("dilation") in ((1,), 1):
        del more["dilation"]
    single = x.ndim == 2
    x = tf.expand_dims(x, 0) if single else x
    y = _pool(function, tf.expand_dims(x, 2), wide(kernel_size, 1),
              wide(kernel_size if stride in (None, ()) else stride, 1), wide(padding, 0), **more)
    y = tf.squeeze(y, 2)
    return tf.squeeze(y, 0) if single else y


row("nn.functional.conv2d", "nn.conv2d", _conv2d)
row("nn.functional.conv1d", "nn.conv2d", _conv1d)
row("nn.functional.max_pool2d", "nn.max_pool2d", lambda *a, **k: _pool(tf.nn.max_pool2d, *a, **k))
row("nn.functional.avg_pool2d", "nn.avg_pool2d", lambda *a, **k: _pool(tf.nn.avg_pool2d, *a, **k))
row("nn.functional.max_pool1d", "nn.max_pool2d", lambda *a, **k: _pool1d(tf.nn.max_pool2d, *a, **k))
row("nn.functional.avg_pool1d", "nn.avg_pool2d", lambda *a, **k: _pool1d(tf.nn.avg_pool2d, *a, **k))


# Losses.

def _cross_entropy(x, y, weight=None, ignore_index=-100, reduction="mean", label_smoothing=0.0):
    if weight is not None or label_smoothing or x.ndim < 1:
        raise Unsupported("weight or label_smoothing")
    if y.dtype.is_floating:
        axis = 0 if x.ndim == 1 else 1
        return _reduced(tf.nn.softmax_cross_entropy_with_logits(y, x, axis), reduction)
    if bool(tf.reduce_any(y == ignore_index)) if ignore_index >= 0 else False:
        raise Unsupported("an ignored class")
    if x.ndim > 2:
        x = _last(x)
    return _reduced(tf.nn.sparse_softmax_cross_entropy_with_logits(y, x), reduction)


def _bce_logits(z, y, weight=None, pos_weight=None, reduction="mean"):
    if pos_weight is not None:
        raise Unsupported("pos_weight")
    values = tf.nn.sigmoid_cross_entropy_with_logits(y, z)
    return _reduced(values if weight is None else values * weight, reduction)


row("nn.functional.cross_entropy", "nn.softmax_cross_entropy_with_logits", _cross_entropy)
row("nn.functional.binary_cross_entropy_with_logits", "nn.sigmoid_cross_entropy_with_logits",
    _bce_logits)


# Compositions of several ops: each is a formula a user would write, so what it tests is the whole.

def _layer_norm(x, shape, weight=None, bias=None, eps=1e-5):
    axes = list(range(x.ndim - len(shape), x.ndim))
    mean, variance = tf.nn.moments(x, axes, keepdims=True)
    y = (x - mean) * tf.math.rsqrt(variance + eps)
    y = y if weight is None else y * weight
    return y if bias is None else y + bias


row("nn.functional.layer_norm", "nn.moments, rsqrt", _layer_norm)
row("nn.functional.rms_norm", "reduce_mean, rsqrt",
    lambda x, shape, weight=None, eps=None: _rms(x, shape, weight, eps))
row("nn.functional.scaled_dot_product_attention", "matmul, softmax",
    lambda q, k, v, attn_mask=None, dropout_p=0.0, is_causal=False, **kw: _attend(
        q, k, v, attn_mask, dropout_p, is_causal, kw))
row("nn.functional.pairwise_distance", "norm",
    lambda x, y, p=2.0, eps=1e-6, keepdim=False: tf.norm(x - y + eps, axis=-1, keepdims=keepdim)
    if p == 2.0 else _p())
row("nn.functional.huber_loss", "where",
    lambda x, y, reduction="mean", delta=1.0: _reduced(tf.where(
        tf.abs(x - y) <= delta, 0.5 * tf.square(x - y), delta * (tf.abs(x - y) - 0.5 * delta)),
        reduction))
row("nn.functional.soft_margin_loss", "log1p, exp",
    lambda x, y, reduction="mean": _reduced(tf.math.log1p(tf.exp(-y * x)), reduction))
row("logaddexp", "reduce_logsumexp",
    lambda x, y: tf.reduce_logsumexp(tf.stack(_beside(x, y)), 0))


def _beside(*tensors):
    shape = np.broadcast_shapes(*(tuple(t.shape) for t in tensors))
    return [tf.broadcast_to(t, list(shape)) for t in tensors]


def _p():
    raise Unsupported("another p than 2")


def _rms(x, shape, weight, eps):
    _one_dtype(x, x)
    axes = list(range(x.ndim - len(shape), x.ndim))
    if eps is None:
        eps = 2.220446049250313e-16 if x.dtype == "float64" else 1.1920929e-07
    y = x * tf.math.rsqrt(tf.reduce_mean(tf.square(x), axes, keepdims=True) + eps)
    return y if weight is None else y * weight


def _attend(q, k, v, mask, dropout, causal, more):
    _one_dtype(q, q)
    if mask is not None or dropout or more.get("enable_gqa"):
        raise Unsupported("a mask, dropout or groups")
    scores = tf.matmul(q, k, transpose_b=True) * (q.shape[-1] ** -0.5)
    if causal:
        seen = tf.linalg.band_part(tf.ones(scores.shape[-2:], q.dtype), -1, 0)
        scores = tf.where(seen > 0, scores, -math.inf)
    return tf.matmul(tf.nn.softmax(scores), v)
