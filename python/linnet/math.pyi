"""linnet.math: elementwise ops and reductions under TensorFlow's names."""

import linnet
from builtins import bool as _bool
from collections.abc import Sequence
from typing import Any, NamedTuple
from linnet._typing import Axis as _Axis, DTypeLike as _DTypeLike, TensorLike as _TensorLike

from linnet.errors import NotSupportedError as NotSupportedError

from linnet.errors import ShapeError as ShapeError

class TopK(NamedTuple):
    values: Any
    indices: Any

from linnet import abs as abs

from linnet import acos as acos

from linnet import acosh as acosh

from linnet import add as add

from linnet import add_n as add_n

from linnet import argmax as argmax

from linnet import argmin as argmin

from linnet import asin as asin

from linnet import asinh as asinh

from linnet import atan as atan

from linnet import atan2 as atan2

from linnet import atanh as atanh

def bincount(arr: Any, weights: Sequence[Any] | None = None, minlength: Any = None, maxlength: Any = None, dtype: _DTypeLike | None = 'int32', name: str | None = None) -> linnet.Tensor:
    """How often each number from 0 on occurs, or the sum of its weights."""
    ...

from linnet import ceil as ceil

def confusion_matrix(labels: _TensorLike, predictions: _TensorLike, num_classes: int | None = None, dtype: _DTypeLike | None = 'int32', **_: Any) -> linnet.Tensor:
    """How often label i was predicted as j: [classes, classes]."""
    ...

from linnet import cos as cos

from linnet import cosh as cosh

def count_nonzero(input: _TensorLike, axis: _Axis = None, keepdims: _bool = False, dtype: _DTypeLike | None = 'int64', name: str | None = None) -> linnet.Tensor:
    """How many elements are not 0, along axes (all by default)."""
    ...

def cumprod(x: _TensorLike, axis: int = 0, exclusive: _bool = False, reverse: _bool = False, name: str | None = None) -> linnet.Tensor:
    """Sums (products) of the elements up to each along an axis, of x's shape and dtype; no bools. cumsum([1, 2, 3]) = [1, 3, 6]. Floats add up in float64. The gradient of cumprod is right where elements are 0, too."""
    ...

from linnet import cumsum as cumsum

from linnet import divide as divide

def divide_no_nan(x: _TensorLike, y: _TensorLike, name: str | None = None) -> linnet.Tensor:
    """a / b, 0 where b is 0 (float)"""
    ...

from linnet import equal as equal

def erf(x: _TensorLike, name: str | None = None) -> linnet.Tensor: ...

def erfc(x: _TensorLike, name: str | None = None) -> linnet.Tensor: ...

def erfinv(x: _TensorLike, name: str | None = None) -> linnet.Tensor:
    """The inverse of erf: an approximation, and three of Newton's steps."""
    ...

from linnet import exp as exp

def expm1(x: _TensorLike, name: str | None = None) -> linnet.Tensor:
    """e^x - 1"""
    ...

from linnet import floor as floor

def floordiv(x: _TensorLike, y: _TensorLike, name: str | None = None) -> linnet.Tensor:
    """floor(a / b), as NumPy rounds it: a = b floor_divide(a, b) + mod(a, b). An integer over 0 is 0, a float over 0 is a / 0."""
    ...

def floormod(x: _TensorLike, y: _TensorLike, name: str | None = None) -> linnet.Tensor:
    """a - b floor(a / b): b's sign"""
    ...

from linnet import greater as greater

from linnet import greater_equal as greater_equal

def in_top_k(targets: _TensorLike, predictions: _TensorLike, k: int, name: str | None = None) -> linnet.Tensor:
    """Whether each target's score is among the k largest."""
    ...

def invert_permutation(x: _TensorLike, name: str | None = None) -> linnet.Tensor:
    """y with y[x[i]] = i."""
    ...

def is_finite(x: _TensorLike, name: str | None = None) -> linnet.Tensor: ...

def is_inf(x: _TensorLike, name: str | None = None) -> linnet.Tensor: ...

def is_nan(x: _TensorLike, name: str | None = None) -> linnet.Tensor: ...

def l2_normalize(x: _TensorLike, axis: _Axis = None, epsilon: float = 1e-12, name: str | None = None) -> linnet.Tensor:
    """x / sqrt(max(sum(x^2), epsilon)) along axes."""
    ...

from linnet import less as less

from linnet import less_equal as less_equal

def lgamma(x: _TensorLike, name: str | None = None) -> linnet.Tensor:
    """log |Gamma(x)|"""
    ...

def log(x: _TensorLike, name: str | None = None) -> linnet.Tensor: ...

def log1p(x: _TensorLike, name: str | None = None) -> linnet.Tensor:
    """log(1 + x)"""
    ...

def log_sigmoid(x: _TensorLike, name: str | None = None) -> linnet.Tensor: ...

def log_softmax(logits: _TensorLike, axis: int = -1, name: str | None = None) -> linnet.Tensor:
    """log(softmax(x)), accurate where softmax underflows."""
    ...

from linnet import logical_and as logical_and

from linnet import logical_not as logical_not

from linnet import logical_or as logical_or

def logical_xor(x: _TensorLike, y: _TensorLike, name: str | None = None) -> linnet.Tensor: ...

from linnet import maximum as maximum

from linnet import minimum as minimum

mod = floormod

from linnet import multiply as multiply

def multiply_no_nan(x: _TensorLike, y: _TensorLike, name: str | None = None) -> linnet.Tensor:
    """x * y, 0 where y is 0, whatever x is."""
    ...

def ndtri(p: Any, name: str | None = None) -> linnet.Tensor:
    """The quantile of the normal distribution."""
    ...

from linnet import negative as negative

from linnet import not_equal as not_equal

def polygamma(a: _TensorLike, x: _TensorLike, name: str | None = None) -> linnet.Tensor:
    """The n-th derivative of digamma. ValueError if n is negative."""
    ...

def polyval(coeffs: Any, x: _TensorLike, name: str | None = None) -> linnet.Tensor:
    """coeffs[0] x^(n-1) + ... + coeffs[n-1]."""
    ...

from linnet import pow as pow

def reciprocal(x: _TensorLike, name: str | None = None) -> linnet.Tensor:
    """1 / x (float)"""
    ...

def reciprocal_no_nan(x: _TensorLike, name: str | None = None) -> linnet.Tensor:
    """1 / x, 0 where x is 0."""
    ...

from linnet import reduce_all as reduce_all

from linnet import reduce_any as reduce_any

def reduce_euclidean_norm(input_tensor: _TensorLike, axis: _Axis = None, keepdims: _bool = False, name: str | None = None) -> linnet.Tensor:
    """sqrt(sum(x^2))."""
    ...

from linnet import reduce_logsumexp as reduce_logsumexp

from linnet import reduce_max as reduce_max

from linnet import reduce_mean as reduce_mean

from linnet import reduce_min as reduce_min

from linnet import reduce_prod as reduce_prod

def reduce_std(input_tensor: _TensorLike, axis: _Axis = None, keepdims: _bool = False, name: str | None = None) -> linnet.Tensor:
    """biased"""
    ...

from linnet import reduce_sum as reduce_sum

def reduce_variance(input_tensor: _TensorLike, axis: _Axis = None, keepdims: _bool = False, name: str | None = None) -> linnet.Tensor:
    """biased"""
    ...

from linnet import round as rint

from linnet import round as round

def rsqrt(x: _TensorLike, name: str | None = None) -> linnet.Tensor:
    """1 / sqrt(x) (float)"""
    ...

def segment_max(data: Any, segment_ids: Any, name: str | None = None) -> linnet.Tensor:
    """The largest of rows with the same id."""
    ...

def segment_mean(data: Any, segment_ids: Any, name: str | None = None) -> linnet.Tensor:
    """The means of rows with the same id."""
    ...

def segment_min(data: Any, segment_ids: Any, name: str | None = None) -> linnet.Tensor:
    """The smallest of rows with the same id."""
    ...

def segment_sum(data: Any, segment_ids: Any, name: str | None = None) -> linnet.Tensor:
    """The sums of rows with the same id."""
    ...

from linnet import sigmoid as sigmoid

from linnet import sign as sign

from linnet import sin as sin

from linnet import sinh as sinh

def softmax(logits: _TensorLike, axis: int = -1, name: str | None = None) -> linnet.Tensor:
    """e^x / sum(e^x) along an axis, free of overflow. Floating dtypes."""
    ...

def softplus(x: _TensorLike, name: str | None = None) -> linnet.Tensor:
    """log(1 + e^x)"""
    ...

def softsign(x: _TensorLike, name: str | None = None) -> linnet.Tensor:
    """x / (1 + |x|)"""
    ...

from linnet import sqrt as sqrt

from linnet import square as square

def squared_difference(x: _TensorLike, y: _TensorLike, name: str | None = None) -> linnet.Tensor:
    """(a - b)^2"""
    ...

from linnet import subtract as subtract

from linnet import tan as tan

from linnet import tanh as tanh

def top_k(input: _TensorLike, k: int = 1, sorted: _bool = True, name: str | None = None) -> tuple[linnet.Tensor, linnet.Tensor]:
    """(values, indices): the k largest along the last axis, from the largest on."""
    ...

from linnet import divide as truediv

def unsorted_segment_max(data: Any, segment_ids: Any, num_segments: Any, name: str | None = None) -> linnet.Tensor:
    """The largest of rows with the same id, of num_segments."""
    ...

def unsorted_segment_mean(data: Any, segment_ids: Any, num_segments: Any, name: str | None = None) -> linnet.Tensor:
    """The means of rows with the same id, of num_segments."""
    ...

def unsorted_segment_min(data: Any, segment_ids: Any, num_segments: Any, name: str | None = None) -> linnet.Tensor:
    """The smallest of rows with the same id, of num_segments."""
    ...

def unsorted_segment_sum(data: Any, segment_ids: Any, num_segments: Any, name: str | None = None) -> linnet.Tensor:
    """The sums of rows with the same id, of num_segments."""
    ...

def xdivy(x: _TensorLike, y: _TensorLike, name: str | None = None) -> linnet.Tensor:
    """x / y, 0 where x is 0."""
    ...

def xlog1py(x: _TensorLike, y: _TensorLike, name: str | None = None) -> linnet.Tensor:
    """x log(1 + y), 0 where x is 0."""
    ...

def xlogy(x: _TensorLike, y: _TensorLike, name: str | None = None) -> linnet.Tensor:
    """x log y, 0 where x is 0 (float)"""
    ...

def zero_fraction(value: _TensorLike, name: str | None = None) -> linnet.Tensor:
    """Which part of the elements is 0."""
    ...
