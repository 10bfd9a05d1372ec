"""linnet.linalg."""

import linnet
from builtins import bool as _bool
from typing import Any
from linnet._typing import TensorLike as _TensorLike

def band_part(input: _TensorLike, num_lower: Any, num_upper: Any, name: str | None = None) -> linnet.Tensor:
    """Each matrix with 0 outside a band around the diagonal; a negative width keeps that side."""
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

from linnet import matmul as matmul

def matrix_transpose(a: _TensorLike, name: str | None = None) -> linnet.Tensor:
    """The last two axes exchanged."""
    ...

def matvec(a: _TensorLike, b: _TensorLike, name: str | None = None) -> linnet.Tensor:
    """Matrix times vector: [..., m, n] x [..., n]."""
    ...

from linnet import norm as norm

def solve(matrix: _TensorLike, rhs: Any, adjoint: _bool = False, name: str | None = None) -> linnet.Tensor:
    """The solution y of a y = b for square matrices a [..., n, n] and b [..., n, k], by elimination with row exchanges; float32 and float64. `adjoint`: of transpose(a) y = b. ValueError where a is singular."""
    ...

from linnet import tensordot as tensordot

def trace(x: _TensorLike, name: str | None = None) -> linnet.Tensor:
    """The sum of the diagonal."""
    ...
