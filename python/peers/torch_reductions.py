"""Rows of torch_table: reductions, softmax and products."""

import math

import torch

import linnet as tf
from compare import Unsupported
from torch_table import dtype_name, one_dtype, only, row, with_axes

# Reductions.

def reduction(function):
    def call(x, dim=None, keepdim=False, dtype=None):
        x = x if dtype is None else tf.cast(x, dtype_name(dtype))
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
        at = index(x, dim)
        return reduction(value)(x, dim, keepdim), tf.expand_dims(at, dim) if keepdim else at

    return with_axes(call)


row("max/reduction_with_dim", "reduce_max, argmax", extreme(tf.reduce_max, tf.argmax))
row("min/reduction_with_dim", "reduce_min, argmin", extreme(tf.reduce_min, tf.argmin))


def index_of(function):
    def call(x, dim=None, keepdim=False):
        at = function(tf.reshape(x, [-1]), 0) if dim is None else function(x, dim)
        if keepdim:
            return tf.reshape(at, [1] * x.ndim) if dim is None else tf.expand_dims(at, dim)
        return at

    return with_axes(call)


row("argmax", "argmax", index_of(tf.argmax))
row("argmin", "argmin", index_of(tf.argmin))


def spread(function):
    """Linnet divides by n; others by n - correction, which is that times n / (n - correction)."""

    def call(x, *args, dim=None, keepdim=False, correction=1, unbiased=None):
        if args:
            dim = None if isinstance(args[0], bool) else args[0]
            unbiased = args[0] if isinstance(args[0], bool) else unbiased
            if len(args) > 1:
                unbiased = args[1]
            if len(args) > 2:
                keepdim = args[2]
        if unbiased is not None or correction is None:
            correction = int(unbiased is not False)
        if correction:
            one_dtype(x, x)
        return _corrected(reduction(function)(x, dim, keepdim), x, dim, correction,
                          function is tf.math.reduce_std)

    return call


def _corrected(found, x, dim, correction, is_root):
    if not correction:
        return found
    dims = range(x.ndim) if dim in (None, (), []) else [dim] if isinstance(dim, int) else dim
    n = math.prod(x.shape[d] for d in dims if x.ndim)
    if n <= correction:
        raise Unsupported("a variance of fewer samples than the correction")
    factor = n / (n - correction)
    if isinstance(found, tuple):
        return found[0] * factor, found[1]
    return found * (math.sqrt(factor) if is_root else factor)


row("var", "reduce_variance", spread(tf.math.reduce_variance))
row("std", "reduce_std", spread(tf.math.reduce_std))
row("var/unbiased", "reduce_variance", spread(tf.math.reduce_variance))
row("std/unbiased", "reduce_std", spread(tf.math.reduce_std))
row("var_mean", "nn.moments", spread(
    lambda x, dim, keep: tuple(reversed(tf.nn.moments(x, dim, keepdims=keep)))))


def vector_norm(x, ord=2, dim=None, keepdim=False, dtype=None):
    if ord not in (1, 2, math.inf):
        raise Unsupported("a norm other than 1, 2 and infinity")
    return reduction(lambda x, axis, keep: tf.norm(x, ord, axis, keep))(x, dim, keepdim, dtype)


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
        if dim is None:
            raise Unsupported("an axis that PyTorch chooses, with a warning")
        return function(x if dtype is None else tf.cast(x, dtype_name(dtype)), dim)

    return with_axes(call)


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
