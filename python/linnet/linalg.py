"""linnet.linalg."""

from . import _core
from ._core import eye, matmul  # noqa: F401
from ._missing import missing
from ._ops import global_norm, norm, tensordot  # noqa: F401


def matrix_transpose(a, name=None):
    """The last two axes exchanged."""
    a = _core.convert_to_tensor(a)
    perm = list(range(a.ndim))
    if a.ndim < 2:
        raise ValueError(f"matrix_transpose: expected rank >= 2, got shape {a.shape}")
    perm[-1], perm[-2] = perm[-2], perm[-1]
    return _core.transpose(a, perm)


def matvec(a, b, name=None):
    """Matrix times vector: [..., m, n] x [..., n]."""
    return _core.squeeze(_core.matmul(a, _core.expand_dims(b, -1)), -1)


def diag(diagonal, name=None):
    """A matrix with this diagonal."""
    diagonal = _core.convert_to_tensor(diagonal)
    return _core.expand_dims(diagonal, -1) * _core.eye(diagonal.shape[-1], dtype=diagonal.dtype)


def trace(x, name=None):
    """The sum of the diagonal."""
    x = _core.convert_to_tensor(x)
    return _core.reduce_sum(x * _core.eye(x.shape[-2], x.shape[-1], dtype=x.dtype), [-2, -1])


def __getattr__(name):
    raise missing(__name__, name)
