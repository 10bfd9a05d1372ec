"""linnet.linalg."""

import linnet
from builtins import bool as _bool
from typing import Any
from linnet._typing import Axis as _Axis, TensorLike as _TensorLike

def adjoint(matrix: Any, name: str | None = None) -> linnet.Tensor:
    """matrix_transpose(): there are no complex numbers."""
    ...

def band_part(input: _TensorLike, num_lower: Any, num_upper: Any, name: str | None = None) -> linnet.Tensor:
    """Each matrix with 0 outside a band around the diagonal; a negative width keeps that side."""
    ...

def cross(a: _TensorLike, b: _TensorLike, name: str | None = None) -> linnet.Tensor:
    """The cross product of vectors of three along the last axis."""
    ...

def diag(diagonal: _TensorLike, name: str | None = None) -> linnet.Tensor:
    """A matrix with this diagonal."""
    ...

def diag_part(input: _TensorLike, name: str | None = None) -> linnet.Tensor:
    """The diagonal of each matrix: [..., m, n] -> [..., min(m, n)]."""
    ...

from linnet import einsum as einsum

from linnet import eye as eye

from linnet import global_norm as global_norm

def inv(input: _TensorLike, adjoint: _bool = False, name: str | None = None) -> linnet.Tensor:
    """The inverse of square matrices [..., n, n]."""
    ...

def l2_normalize(x: _TensorLike, axis: _Axis = None, epsilon: float = 1e-12, name: str | None = None) -> linnet.Tensor:
    """x / sqrt(max(sum(x^2), epsilon)) along axes."""
    ...

from linnet import matmul as matmul

def matrix_transpose(a: _TensorLike, name: str | None = None) -> linnet.Tensor:
    """The last two axes exchanged."""
    ...

def matvec(a: _TensorLike, b: _TensorLike, name: str | None = None) -> linnet.Tensor:
    """Matrix times vector: [..., m, n] x [..., n]."""
    ...

from linnet import norm as norm

def normalize(tensor: _TensorLike, ord: str = 'euclidean', axis: _Axis = None, name: str | None = None) -> tuple[linnet.Tensor, linnet.Tensor]:
    """(tensor / norm, norm)."""
    ...

def set_diag(input: _TensorLike, diagonal: _TensorLike, name: str | None = None, **_: Any) -> linnet.Tensor:
    """The matrices with another main diagonal."""
    ...

def solve(matrix: _TensorLike, rhs: Any, adjoint: _bool = False, name: str | None = None) -> linnet.Tensor:
    """The solution y of a y = b for square matrices a [..., n, n] and b [..., n, k], by elimination with row exchanges; float32 and float64. `adjoint`: of transpose(a) y = b. ValueError where a is singular."""
    ...

from linnet import tensordot as tensordot

def trace(x: _TensorLike, name: str | None = None) -> linnet.Tensor:
    """The sum of the diagonal."""
    ...
