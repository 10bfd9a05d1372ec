"""linnet.linalg."""

import linnet
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

from linnet import eye as eye

from linnet import global_norm as global_norm

from linnet import matmul as matmul

def matrix_transpose(a: _TensorLike, name: str | None = None) -> linnet.Tensor:
    """The last two axes exchanged."""
    ...

def matvec(a: _TensorLike, b: _TensorLike, name: str | None = None) -> linnet.Tensor:
    """Matrix times vector: [..., m, n] x [..., n]."""
    ...

from linnet import norm as norm

from linnet import tensordot as tensordot

def trace(x: _TensorLike, name: str | None = None) -> linnet.Tensor:
    """The sum of the diagonal."""
    ...
