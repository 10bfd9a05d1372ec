"""linnet.linalg."""

from . import _core
from ._core import eye, matmul  # noqa: F401
from ._core import matrix_inverse as inv  # noqa: F401
from ._core import matrix_solve as solve  # noqa: F401
from ._missing import missing
from ._ops import einsum, global_norm, norm, tensordot  # noqa: F401


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


def diag_part(input, name=None):
    """The diagonal of each matrix: [..., m, n] -> [..., min(m, n)]."""
    x = _core.convert_to_tensor(input)
    if x.ndim < 2:
        raise ValueError(f"diag_part: expected rank >= 2, got shape {x.shape}")
    rows, columns = x.shape[-2], x.shape[-1]
    n = min(rows, columns)
    flat = _core.reshape(x, list(x.shape)[:-2] + [rows * columns])
    return _core.gather(flat, _core.range(n) * (columns + 1), -1)


def band_part(input, num_lower, num_upper, name=None):
    """Each matrix with 0 outside a band around the diagonal; a negative width keeps that side."""
    x = _core.convert_to_tensor(input)
    if x.ndim < 2:
        raise ValueError(f"band_part: expected rank >= 2, got shape {x.shape}")
    below = _core.expand_dims(_core.range(x.shape[-2]), 1) - _core.range(x.shape[-1])
    keep = _core.logical_and(below <= (num_lower if num_lower >= 0 else x.shape[-2]),
                             -below <= (num_upper if num_upper >= 0 else x.shape[-1]))
    return _core.where(keep, x, _core.zeros_like(x))


def trace(x, name=None):
    """The sum of the diagonal."""
    x = _core.convert_to_tensor(x)
    return _core.reduce_sum(x * _core.eye(x.shape[-2], x.shape[-1], dtype=x.dtype), [-2, -1])


def adjoint(matrix, name=None):
    """matrix_transpose(): there are no complex numbers."""
    return matrix_transpose(matrix)


def normalize(tensor, ord="euclidean", axis=None, name=None):
    """(tensor / norm, norm)."""
    length = norm(tensor, ord, axis, True)
    return _core.convert_to_tensor(tensor) / length, length


def l2_normalize(x, axis=None, epsilon=1e-12, name=None):
    """x / sqrt(max(sum(x^2), epsilon)) along axes."""
    from .math import l2_normalize as of_math

    return of_math(x, axis, epsilon)


def cross(a, b, name=None):
    """The cross product of vectors of three along the last axis."""
    a, b = _core.convert_to_tensor(a), _core.convert_to_tensor(b)
    if not a.ndim or a.shape[-1] != 3 or b.shape[-1] != 3:
        raise ValueError(f"cross: expected vectors of three, got shapes {a.shape} and {b.shape}")
    after, before = ([1, 2, 0], [2, 0, 1])
    return (_core.gather(a, after, -1) * _core.gather(b, before, -1)
            - _core.gather(a, before, -1) * _core.gather(b, after, -1))


def set_diag(input, diagonal, name=None, **_):
    """The matrices with another main diagonal."""
    x = _core.convert_to_tensor(input)
    on = _core.cast(_core.eye(x.shape[-2], x.shape[-1]), "bool")
    if x.shape[-2] != x.shape[-1]:
        raise ValueError(f"set_diag: square matrices are there, got shape {x.shape}")
    return _core.where(on, _core.expand_dims(diagonal, -1), x)


def __getattr__(name):
    raise missing(__name__, name)
