"""Which OpInfo of PyTorch shows each op of Linnet, and how its arguments become ours.

ROWS maps an OpInfo's name (with "/variant") to Linnet's name and a function of the sample's
arguments, with tensors already converted. It raises Unsupported for what Linnet's op has no word for.
The rows are in torch_elementwise, torch_reductions, torch_shapes and torch_nn.
"""

import numpy as np

import linnet as tf
from compare import Unsupported

ROWS = {}
# Rows whose Linnet side is one op, so that PyTorch's wrong arguments reach its own checks.
DIRECT = set("""acos sin nn.functional.relu nn.functional.elu add sub mul true_divide pow where sum mean prod amax amin all any logsumexp softmax log_softmax argmax argmin
    matmul mm bmm mv dot reshape view expand broadcast_to permute transpose cat stack unbind
    split_with_sizes unsqueeze flip tile select index_select nn.functional.one_hot sort topk gather
    nn.functional.conv2d nn.functional.conv1d eye masked_select meshgrid roll
    repeat_interleave tensordot""".split())


def row(opinfo, name, function):
    ROWS[opinfo] = (name, function)


class First(list):
    """The first of the peer's outputs; it has more."""


def only(function, *names, ignored=()):
    """Refuses keywords but these, unless they are None or ask for nothing that shows in values."""

    def call(*args, **kwargs):
        for key in list(kwargs):
            if key not in names:
                if kwargs[key] not in (None, False) and key not in ignored:
                    raise Unsupported(f"keyword {key}")
                del kwargs[key]
        return function(*args, **kwargs)

    return call


def with_axes(function):
    """For functions along an axis: PyTorch gives a scalar an axis 0."""

    def call(x, *args, **kwargs):
        if x.ndim:
            return function(x, *args, **kwargs)
        found = function(tf.reshape(x, [1]), *args, **kwargs)
        if isinstance(found, tuple):
            return tuple(tf.reshape(y, []) for y in found)
        return tf.reshape(found, [])

    return call


def one_dtype(a, x):
    """Compositions of 16 bits round at each step where PyTorch's one op does not."""
    if a.dtype != x.dtype or x.dtype in ("bfloat16", "float16"):
        raise Unsupported("a composition of ops in 16 bits rounds more than once")
    return a


def reduced(values, reduction):
    return {"none": lambda: values, "mean": lambda: tf.reduce_mean(values),
            "sum": lambda: tf.reduce_sum(values)}[reduction]()


def dtype_name(dtype):
    return str(dtype).replace("torch.", "")


def beside(*tensors):
    """The tensors, broadcast to one shape."""
    shape = np.broadcast_shapes(*(tuple(t.shape) for t in tensors))
    return [tf.broadcast_to(t, list(shape)) for t in tensors]
