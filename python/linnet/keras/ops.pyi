"""keras.ops: NumPy's names of the functions that linnet, linnet.math and linnet.nn have. They take
keras.Input's symbolic tensors, too, and become operations of a functional model."""

import numpy.typing as npt
import linnet
from builtins import bool as _bool
from collections.abc import Callable, Sequence
from typing import Any
from linnet._typing import Axis as _Axis, DTypeLike as _DTypeLike, ShapeLike as _ShapeLike, Size as _Size, TensorLike as _TensorLike

def abs(x: _TensorLike, name: str | None = None) -> linnet.Tensor:
    """|x|; gradient 0 at 0"""
    ...

def absolute(x: _TensorLike, name: str | None = None) -> linnet.Tensor:
    """|x|; gradient 0 at 0"""
    ...

def add(x: _TensorLike, y: _TensorLike, name: str | None = None) -> linnet.Tensor:
    """a + b"""
    ...

def all(x: _TensorLike, axis: _Axis = None, keepdims: _bool = False) -> linnet.Tensor:
    """Whether all are true."""
    ...

def allclose(x1: Any, x2: Any, rtol: float = 1e-05, atol: float = 1e-08, equal_nan: _bool = False) -> linnet.Tensor:
    """Whether all elements are close."""
    ...

amax = max

amin = min

def any(x: _TensorLike, axis: _Axis = None, keepdims: _bool = False) -> linnet.Tensor:
    """Whether any is true."""
    ...

def arange(start: Any, stop: Any = None, step: Any = None, dtype: _DTypeLike | None = None) -> linnet.Tensor:
    """start, start + step, ... below stop."""
    ...

def arccos(x: _TensorLike, name: str | None = None) -> linnet.Tensor: ...

def arccosh(x: _TensorLike, name: str | None = None) -> linnet.Tensor: ...

def arcsin(x: _TensorLike, name: str | None = None) -> linnet.Tensor: ...

def arcsinh(x: _TensorLike, name: str | None = None) -> linnet.Tensor: ...

def arctan(x: _TensorLike, name: str | None = None) -> linnet.Tensor: ...

def arctan2(x: _TensorLike, y: _TensorLike, name: str | None = None) -> linnet.Tensor:
    """angle of (x, y) (float)"""
    ...

def arctanh(x: _TensorLike, name: str | None = None) -> linnet.Tensor: ...

def argmax(x: _TensorLike, axis: _Axis = None, keepdims: _bool = False) -> linnet.Tensor:
    """Where the largest is (the first); of all elements without axis."""
    ...

def argmin(x: _TensorLike, axis: _Axis = None, keepdims: _bool = False) -> linnet.Tensor:
    """Where the smallest is (the first); of all elements without axis."""
    ...

def argsort(x: _TensorLike, axis: _Axis = -1) -> linnet.Tensor:
    """The indices that sort, equal ones in order."""
    ...

def array(x: _TensorLike, dtype: _DTypeLike | None = None, sparse: Any = None, ragged: Any = None) -> linnet.Tensor:
    """A tensor of an array, a number or a list."""
    ...

def average(x: _TensorLike, axis: _Axis = None, weights: Sequence[Any] | None = None) -> linnet.Tensor:
    """The mean over axes, weighted."""
    ...

def average_pool(inputs: Any, pool_size: _Size, strides: _Size | None = None, padding: str = 'valid', data_format: str | None = None) -> linnet.Tensor:
    """The mean of each window of images."""
    ...

def batch_normalization(x: _TensorLike, mean: Any, variance: Any, axis: _Axis, offset: Any = None, scale: Any = None, epsilon: float = 0.001) -> linnet.Tensor:
    """(x - mean) / sqrt(variance + epsilon) * scale + offset along an axis."""
    ...

def binary_crossentropy(target: Any, output: Any, from_logits: _bool = False) -> linnet.Tensor:
    """Of each element."""
    ...

def bitwise_and(x: _TensorLike, y: _TensorLike, name: str | None = None) -> linnet.Tensor: ...

def bitwise_invert(x: _TensorLike, name: str | None = None) -> linnet.Tensor:
    """of a bool: logical_not"""
    ...

def bitwise_not(x: _TensorLike, name: str | None = None) -> linnet.Tensor:
    """of a bool: logical_not"""
    ...

def bitwise_or(x: _TensorLike, y: _TensorLike, name: str | None = None) -> linnet.Tensor: ...

def bitwise_xor(x: _TensorLike, y: _TensorLike, name: str | None = None) -> linnet.Tensor: ...

def broadcast_to(x: _TensorLike, shape: _ShapeLike | None) -> linnet.Tensor:
    """Repeated to a shape."""
    ...

def cast(x: _TensorLike, dtype: _DTypeLike | None) -> linnet.Tensor:
    """Another dtype."""
    ...

def categorical_crossentropy(target: Any, output: Any, from_logits: _bool = False, axis: _Axis = -1) -> linnet.Tensor:
    """Of each sample."""
    ...

def ceil(x: _TensorLike, name: str | None = None) -> linnet.Tensor: ...

def celu(*args: Any, **kwargs: Any) -> linnet.Tensor:
    """x above 0, else alpha (e^(x / alpha) - 1)."""
    ...

def clip(x: _TensorLike, x_min: Any, x_max: Any) -> linnet.Tensor:
    """x within bounds."""
    ...

def concatenate(xs: Any, axis: _Axis = 0) -> linnet.Tensor:
    """One after the other along an axis."""
    ...

def cond(pred: Any, true_fn: Callable[[], Any], false_fn: Callable[[], Any]) -> Any:
    """true_fn() if pred else false_fn()."""
    ...

def conv(inputs: Any, kernel: Any, strides: _Size | None = 1, padding: str = 'valid', data_format: str | None = None, dilation_rate: _Size = 1) -> linnet.Tensor:
    """The convolution of images [n, h, w, c], or steps [n, t, c], with a kernel."""
    ...

def convert_to_numpy(x: _TensorLike) -> npt.NDArray[Any]:
    """A NumPy array."""
    ...

convert_to_tensor = array

def copy(x: _TensorLike) -> linnet.Tensor:
    """x."""
    ...

def cos(x: _TensorLike, name: str | None = None) -> linnet.Tensor: ...

def cosh(x: _TensorLike, name: str | None = None) -> linnet.Tensor: ...

def count_nonzero(x: _TensorLike, axis: _Axis = None, keepdims: _bool = False) -> linnet.Tensor:
    """How many elements are not 0."""
    ...

def cross(x1: Any, x2: Any, axisa: int = -1, axisb: int = -1, axisc: int = -1, axis: _Axis = None) -> linnet.Tensor:
    """The cross product of vectors of three along the last axis."""
    ...

def cumprod(x: _TensorLike, axis: _Axis = None, dtype: _DTypeLike | None = None) -> linnet.Tensor:
    """The products up to each element; of the flattened tensor without axis."""
    ...

def cumsum(x: _TensorLike, axis: _Axis = None, dtype: _DTypeLike | None = None) -> linnet.Tensor:
    """The sums up to each element; of the flattened tensor without axis."""
    ...

def custom_gradient(f: Any) -> Callable[..., linnet.Tensor]:
    """A function with a gradient of its own: f(*args) gives (y, grad)."""
    ...

def depthwise_conv(inputs: Any, kernel: Any, strides: _Size | None = 1, padding: str = 'valid', data_format: str | None = None, dilation_rate: _Size = 1) -> linnet.Tensor:
    """The convolution of each channel by itself; kernel [h, w, c, multiplier]."""
    ...

def diag(x: _TensorLike, k: int = 0) -> linnet.Tensor:
    """The matrix with this diagonal, or a matrix's diagonal."""
    ...

def diagonal(x: _TensorLike, offset: Any = 0, axis1: int = 0, axis2: int = 1) -> linnet.Tensor:
    """The diagonal of a matrix."""
    ...

def diff(a: _TensorLike, n: int = 1, axis: _Axis = -1) -> linnet.Tensor:
    """Differences of neighbours, n times."""
    ...

def divide(x: _TensorLike, y: _TensorLike, name: str | None = None) -> linnet.Tensor:
    """a / b (float)"""
    ...

def divide_no_nan(x: _TensorLike, y: _TensorLike, name: str | None = None) -> linnet.Tensor:
    """a / b, 0 where b is 0 (float)"""
    ...

def dot(x1: Any, x2: Any) -> linnet.Tensor:
    """The product over the last axis of the first and the last but one of the second."""
    ...

def dot_product_attention(query: Any, key: Any, value: _TensorLike, bias: _TensorLike | None = None, mask: _TensorLike | None = None, scale: Any = None, is_causal: _bool = False, **_: Any) -> linnet.Tensor:
    """softmax(q k^T scale + bias) v of [n, t, heads, d]."""
    ...

def dtype(x: _TensorLike) -> str:
    """The name of a tensor's dtype."""
    ...

def einsum(subscripts: Any, *operands: Any, **_: Any) -> linnet.Tensor:
    """Sums of products by Einstein's notation."""
    ...

def elu(features: _TensorLike, alpha: float = 1.0) -> linnet.Tensor:
    """x or alpha (e^x - 1)"""
    ...

def empty(shape: _ShapeLike | None, dtype: _DTypeLike | None = None) -> linnet.Tensor:
    """Zeros: what is empty has no better values."""
    ...

def empty_like(x: _TensorLike, dtype: _DTypeLike | None = None) -> linnet.Tensor:
    """zeros_like()."""
    ...

def equal(x: _TensorLike, y: _TensorLike, name: str | None = None) -> linnet.Tensor: ...

def erf(x: _TensorLike, name: str | None = None) -> linnet.Tensor: ...

def erfc(x: _TensorLike, name: str | None = None) -> linnet.Tensor: ...

def erfinv(x: _TensorLike) -> linnet.Tensor:
    """The inverse of erf."""
    ...

def exp(x: _TensorLike, name: str | None = None) -> linnet.Tensor: ...

def exp2(x: _TensorLike, name: str | None = None) -> linnet.Tensor: ...

def expand_dims(x: _TensorLike, axis: _Axis) -> linnet.Tensor:
    """With axes of extent 1 put in."""
    ...

def expm1(x: _TensorLike, name: str | None = None) -> linnet.Tensor:
    """e^x - 1"""
    ...

def eye(N: Any, M: Any = None, k: int = 0, dtype: _DTypeLike | None = None) -> linnet.Tensor:
    """Ones on the k-th diagonal of [N, M]."""
    ...

fabs = absolute

def flip(x: _TensorLike, axis: _Axis = None) -> linnet.Tensor:
    """The other way round along axes (all by default)."""
    ...

def floor(x: _TensorLike, name: str | None = None) -> linnet.Tensor: ...

def floor_divide(x: _TensorLike, y: _TensorLike, name: str | None = None) -> linnet.Tensor:
    """floor(a / b), as NumPy rounds it: a = b floor_divide(a, b) + mod(a, b). An integer over 0 is 0, a float over 0 is a / 0."""
    ...

def fori_loop(lower: Any, upper: Any, body_fun: Any, init_val: Any) -> Any:
    """value = body_fun(i, value) for i from lower up to upper."""
    ...

def full(shape: _ShapeLike | None, fill_value: Any, dtype: _DTypeLike | None = None) -> linnet.Tensor:
    """A shape filled with a value."""
    ...

def full_like(x: _TensorLike, fill_value: Any, dtype: _DTypeLike | None = None) -> linnet.Tensor:
    """The shape of x filled with a value."""
    ...

def gelu(x: _TensorLike, approximate: _bool = True) -> linnet.Tensor:
    """x times the normal distribution's probability of less than x, or its approximation by tanh."""
    ...

def get_item(x: _TensorLike, key: Any) -> linnet.Tensor:
    """x[key]."""
    ...

def glu(*args: Any, **kwargs: Any) -> linnet.Tensor:
    """The first half along an axis times the sigmoid of the second."""
    ...

def greater(x: _TensorLike, y: _TensorLike, name: str | None = None) -> linnet.Tensor: ...

def greater_equal(x: _TensorLike, y: _TensorLike, name: str | None = None) -> linnet.Tensor: ...

def hard_shrink(*args: Any, **kwargs: Any) -> linnet.Tensor:
    """x where |x| > threshold, else 0."""
    ...

def hard_sigmoid(x: _TensorLike, name: str | None = None) -> linnet.Tensor:
    """clip(x / 6 + 0.5, 0, 1)"""
    ...

def hard_silu(x: _TensorLike, name: str | None = None) -> linnet.Tensor:
    """x hard_sigmoid(x)"""
    ...

hard_swish = hard_silu

def hard_tanh(*args: Any, **kwargs: Any) -> linnet.Tensor:
    """x cut to [-1, 1]."""
    ...

def heaviside(x1: Any, x2: Any) -> linnet.Tensor:
    """0 below 0, 1 above, x2 at 0."""
    ...

def hstack(xs: Any) -> linnet.Tensor:
    """Side by side: along the second axis, vectors along their only one."""
    ...

def identity(n: int, dtype: _DTypeLike | None = None) -> linnet.Tensor:
    """The unit matrix."""
    ...

def in_top_k(targets: _TensorLike, predictions: _TensorLike, k: int) -> linnet.Tensor:
    """Whether each target's score is among the k largest."""
    ...

def inner(x1: Any, x2: Any) -> linnet.Tensor:
    """The product over the last axes."""
    ...

def inv(input: _TensorLike, adjoint: _bool = False, name: str | None = None) -> linnet.Tensor:
    """The inverse of square matrices [..., n, n]."""
    ...

def is_tensor(x: _TensorLike) -> _bool:
    """Whether x is a tensor."""
    ...

def isclose(x1: Any, x2: Any, rtol: float = 1e-05, atol: float = 1e-08, equal_nan: _bool = False) -> linnet.Tensor:
    """|x1 - x2| <= atol + rtol |x2|."""
    ...

def isfinite(x: _TensorLike, name: str | None = None) -> linnet.Tensor: ...

def isinf(x: _TensorLike, name: str | None = None) -> linnet.Tensor: ...

def isnan(x: _TensorLike, name: str | None = None) -> linnet.Tensor: ...

def layer_normalization(x: _TensorLike, gamma: Any = None, beta: Any = None, axis: _Axis = -1, epsilon: float | None = None, **_: Any) -> linnet.Tensor:
    """(x - mean) / sqrt(variance + epsilon) * gamma + beta over axes."""
    ...

def leaky_relu(*args: Any, **kwargs: Any) -> linnet.Tensor:
    """x above 0, else negative_slope * x."""
    ...

def left_shift(x: _TensorLike, y: _TensorLike, name: str | None = None) -> linnet.Tensor: ...

def less(x: _TensorLike, y: _TensorLike, name: str | None = None) -> linnet.Tensor: ...

def less_equal(x: _TensorLike, y: _TensorLike, name: str | None = None) -> linnet.Tensor: ...

def linspace(start: Any, stop: Any, num: int = 50, endpoint: _bool = True, retstep: _bool = False, dtype: _DTypeLike | None = None, axis: _Axis = 0) -> linnet.Tensor:
    """num numbers from start to stop."""
    ...

def log(x: _TensorLike, name: str | None = None) -> linnet.Tensor: ...

def log10(x: _TensorLike, name: str | None = None) -> linnet.Tensor: ...

def log1p(x: _TensorLike, name: str | None = None) -> linnet.Tensor:
    """log(1 + x)"""
    ...

def log2(x: _TensorLike, name: str | None = None) -> linnet.Tensor: ...

def log_sigmoid(x: _TensorLike, name: str | None = None) -> linnet.Tensor: ...

def log_softmax(x: _TensorLike, axis: _Axis = -1) -> linnet.Tensor:
    """log(softmax) along an axis or over several."""
    ...

def logaddexp(x1: Any, x2: Any) -> linnet.Tensor:
    """log(e^x1 + e^x2)."""
    ...

def logical_and(x: _TensorLike, y: _TensorLike, name: str | None = None) -> linnet.Tensor: ...

def logical_not(x: _TensorLike, name: str | None = None) -> linnet.Tensor: ...

def logical_or(x: _TensorLike, y: _TensorLike, name: str | None = None) -> linnet.Tensor: ...

def logical_xor(x: _TensorLike, y: _TensorLike, name: str | None = None) -> linnet.Tensor: ...

def logspace(start: Any, stop: Any, num: int = 50, endpoint: _bool = True, base: int = 10, dtype: _DTypeLike | None = None, axis: _Axis = 0) -> linnet.Tensor:
    """base to the powers of start to stop."""
    ...

def logsumexp(x: _TensorLike, axis: _Axis = None, keepdims: _bool = False) -> linnet.Tensor:
    """log(sum(e^x)) over axes."""
    ...

def map(f: Any, xs: Any) -> Any:
    """f of each row of the nest xs, stacked."""
    ...

def matmul(a: _TensorLike, b: _TensorLike, transpose_a: _bool = False, transpose_b: _bool = False, name: str | None = None) -> linnet.Tensor:
    """Matrix product [..., m, k] x [..., k, n] -> [..., m, n]; leading axes broadcast, a vector is a row on the left and a column on the right, as in NumPy. float32, float64, int32, int64; float16 and bfloat16 compute in float32. ShapeError if the inner dimensions differ."""
    ...

def max(x: _TensorLike, axis: _Axis = None, keepdims: _bool = False) -> linnet.Tensor:
    """The largest over axes (all by default)."""
    ...

def max_pool(inputs: Any, pool_size: _Size, strides: _Size | None = None, padding: str = 'valid', data_format: str | None = None) -> linnet.Tensor:
    """The maximum of each window of images."""
    ...

def maximum(x: _TensorLike, y: _TensorLike, name: str | None = None) -> linnet.Tensor:
    """NaN wins; ties: gradient to a"""
    ...

def mean(x: _TensorLike, axis: _Axis = None, keepdims: _bool = False) -> linnet.Tensor:
    """The mean over axes (all by default)."""
    ...

def median(x: _TensorLike, axis: _Axis = None, keepdims: _bool = False) -> linnet.Tensor:
    """The middle value, or the mean of the middle two."""
    ...

def meshgrid(*x: _TensorLike, indexing: str = 'xy') -> list[linnet.Tensor]:
    """Coordinates of a grid."""
    ...

def min(x: _TensorLike, axis: _Axis = None, keepdims: _bool = False) -> linnet.Tensor:
    """The smallest over axes (all by default)."""
    ...

def minimum(x: _TensorLike, y: _TensorLike, name: str | None = None) -> linnet.Tensor:
    """NaN wins; ties: gradient to a"""
    ...

def mod(x: _TensorLike, y: _TensorLike, name: str | None = None) -> linnet.Tensor:
    """a - b floor(a / b): b's sign"""
    ...

def moments(x: _TensorLike, axes: Any, keepdims: _bool = False, synchronized: _bool = False) -> tuple[linnet.Tensor, linnet.Tensor]:
    """Mean and biased variance over axes."""
    ...

def moveaxis(x: _TensorLike, source: Any, destination: Any) -> linnet.Tensor:
    """Axes moved to other places."""
    ...

def multi_hot(inputs: Any, num_classes: int | None = None, axis: _Axis = -1, dtype: _DTypeLike | None = None, sparse: _bool = False) -> linnet.Tensor:
    """Which of the classes each row of indices has."""
    ...

def multiply(x: _TensorLike, y: _TensorLike, name: str | None = None) -> linnet.Tensor:
    """a * b"""
    ...

def nan_to_num(x: _TensorLike, nan: float = 0.0, posinf: Any = None, neginf: Any = None) -> linnet.Tensor:
    """NaN and infinities as numbers."""
    ...

def ndim(x: _TensorLike) -> int:
    """The number of axes."""
    ...

def negative(x: _TensorLike, name: str | None = None) -> linnet.Tensor:
    """-x"""
    ...

def nonzero(x: _TensorLike) -> list[linnet.Tensor]:
    """Where x is not 0: an array of indices per axis."""
    ...

def norm(x: _TensorLike, ord: Any = None, axis: _Axis = None, keepdims: _bool = False) -> linnet.Tensor:
    """The euclidean (Frobenius), 1- or max-norm."""
    ...

def normalize(x: _TensorLike, axis: _Axis = -1, order: int = 2, epsilon: float = 1e-07) -> linnet.Tensor:
    """x divided by its norm along an axis, or by epsilon if that is greater."""
    ...

def not_equal(x: _TensorLike, y: _TensorLike, name: str | None = None) -> linnet.Tensor: ...

def one_hot(x: _TensorLike, num_classes: int | None, axis: _Axis = -1, dtype: _DTypeLike | None = None, sparse: _bool = False) -> linnet.Tensor:
    """Indices as rows of 0 and 1."""
    ...

def ones(shape: _ShapeLike | None, dtype: _DTypeLike | None = None) -> linnet.Tensor:
    """Ones of a shape."""
    ...

def ones_like(input: _TensorLike, dtype: _DTypeLike | None = None, name: str | None = None) -> linnet.Tensor:
    """As above with the shape, dtype and device of x."""
    ...

def outer(x1: Any, x2: Any) -> linnet.Tensor:
    """All products of an element of the one and one of the other."""
    ...

def pad(x: _TensorLike, pad_width: Any, mode: str = 'constant', constant_values: Any = None) -> linnet.Tensor:
    """With a border of pad_width: (before, after) for each axis."""
    ...

def power(x: _TensorLike, y: _TensorLike, name: str | None = None) -> linnet.Tensor:
    """a to the power b"""
    ...

def prod(x: _TensorLike, axis: _Axis = None, keepdims: _bool = False) -> linnet.Tensor:
    """The product over axes (all by default)."""
    ...

def ptp(x: _TensorLike, axis: _Axis = None, keepdims: _bool = False) -> linnet.Tensor:
    """The largest minus the smallest."""
    ...

def quantile(x: _TensorLike, q: Any, axis: _Axis = None, method: str = 'linear', keepdims: _bool = False) -> linnet.Tensor:
    """The value below which the fraction q lies, between neighbours linear."""
    ...

def ravel(x: _TensorLike) -> linnet.Tensor:
    """All elements along one axis."""
    ...

def reciprocal(x: _TensorLike, name: str | None = None) -> linnet.Tensor:
    """1 / x (float)"""
    ...

def relu(*args: Any, **kwargs: Any) -> linnet.Tensor:
    """x above the threshold (at most max_value), else negative_slope * (x - threshold)."""
    ...

def relu6(x: _TensorLike, name: str | None = None) -> linnet.Tensor:
    """min(max(x, 0), 6)"""
    ...

def repeat(x: _TensorLike, repeats: Any, axis: _Axis = None) -> linnet.Tensor:
    """Each element several times."""
    ...

def reshape(tensor: _TensorLike, shape: _ShapeLike, name: str | None = None) -> linnet.Tensor:
    """The same elements in row-major order under another shape; one extent may be -1. ShapeError if the sizes differ."""
    ...

def right_shift(x: _TensorLike, y: _TensorLike, name: str | None = None) -> linnet.Tensor: ...

def rms_normalization(x: _TensorLike, scale: Any = None, axis: _Axis = -1, epsilon: float | None = None) -> linnet.Tensor:
    """x / sqrt(mean(x^2) + epsilon) * scale over axes."""
    ...

def roll(x: _TensorLike, shift: Any, axis: _Axis = None) -> linnet.Tensor:
    """Shifted in a circle; without axis the flattened tensor."""
    ...

def round(x: _TensorLike, decimals: int = 0) -> linnet.Tensor:
    """Rounded, halves to even."""
    ...

def rsqrt(x: _TensorLike, name: str | None = None) -> linnet.Tensor:
    """1 / sqrt(x) (float)"""
    ...

def scan(f: Any, init: Any, xs: Any = None, length: Any = None, reverse: _bool = False, unroll: int = 1) -> Any:
    """(state, rows): f(state, row) gives the next state and an output row, row after row."""
    ...

def scatter(indices: _TensorLike, values: _TensorLike, shape: _ShapeLike | None) -> linnet.Tensor:
    """Values at indices of zeros, added up where several meet."""
    ...

def scatter_update(inputs: Any, indices: _TensorLike, updates: Any) -> linnet.Tensor:
    """The tensor with values replaced at indices."""
    ...

def segment_max(data: Any, segment_ids: Any, num_segments: Any = None, sorted: _bool = False) -> linnet.Tensor:
    """The largest of rows with the same id."""
    ...

def segment_sum(data: Any, segment_ids: Any, num_segments: Any = None, sorted: _bool = False) -> linnet.Tensor:
    """The sums of rows with the same id."""
    ...

def select(condlist: Any, choicelist: Any, default: int = 0) -> linnet.Tensor:
    """The choice of the first true condition."""
    ...

def selu(x: _TensorLike, name: str | None = None) -> linnet.Tensor: ...

def separable_conv(inputs: Any, depthwise_kernel: Any, pointwise_kernel: Any, strides: _Size | None = 1, padding: str = 'valid', data_format: str | None = None, dilation_rate: _Size = 1) -> linnet.Tensor:
    """A depthwise convolution, then one over the channels."""
    ...

def shape(x: _TensorLike) -> tuple[Any, ...]:
    """The shape as a tuple; None where a symbolic tensor's is unknown."""
    ...

def sigmoid(x: _TensorLike, name: str | None = None) -> linnet.Tensor: ...

def sign(x: _TensorLike, name: str | None = None) -> linnet.Tensor:
    """-1, 0 or 1"""
    ...

def silu(x: _TensorLike, name: str | None = None) -> linnet.Tensor:
    """x sigmoid(x)"""
    ...

def sin(x: _TensorLike, name: str | None = None) -> linnet.Tensor: ...

def sinh(x: _TensorLike, name: str | None = None) -> linnet.Tensor: ...

def size(x: _TensorLike) -> int:
    """The number of elements."""
    ...

def slice(inputs: Any, start_indices: Any, shape: _ShapeLike | None) -> linnet.Tensor:
    """The block of a shape that begins at start_indices."""
    ...

def slice_update(inputs: Any, start_indices: Any, updates: Any) -> linnet.Tensor:
    """The tensor with a block replaced that begins at start_indices."""
    ...

def soft_shrink(*args: Any, **kwargs: Any) -> linnet.Tensor:
    """x moved towards 0 by the threshold, and 0 within it."""
    ...

def softmax(x: _TensorLike, axis: _Axis = -1) -> linnet.Tensor:
    """softmax along an axis or over several."""
    ...

def softplus(x: _TensorLike, name: str | None = None) -> linnet.Tensor:
    """log(1 + e^x)"""
    ...

def softsign(x: _TensorLike, name: str | None = None) -> linnet.Tensor:
    """x / (1 + |x|)"""
    ...

def solve(matrix: _TensorLike, rhs: Any, adjoint: _bool = False, name: str | None = None) -> linnet.Tensor:
    """The solution y of a y = b for square matrices a [..., n, n] and b [..., n, k], by elimination with row exchanges; float32 and float64. `adjoint`: of transpose(a) y = b. ValueError where a is singular."""
    ...

def sort(x: _TensorLike, axis: _Axis = -1) -> linnet.Tensor:
    """In rising order along an axis."""
    ...

def sparse_categorical_crossentropy(target: Any, output: Any, from_logits: _bool = False, axis: _Axis = -1) -> linnet.Tensor:
    """Of each sample's label."""
    ...

def sparse_plus(*args: Any, **kwargs: Any) -> linnet.Tensor:
    """0 up to -1, (x + 1)^2 / 4 up to 1, then x."""
    ...

def sparse_sigmoid(*args: Any, **kwargs: Any) -> linnet.Tensor:
    """(x + 1) / 2 cut to [0, 1]."""
    ...

def split(x: _TensorLike, indices_or_sections: Any, axis: _Axis = 0) -> list[linnet.Tensor]:
    """Parts: that many equal ones, or cut before the indices."""
    ...

def sqrt(x: _TensorLike, name: str | None = None) -> linnet.Tensor:
    """(float)"""
    ...

def square(x: _TensorLike, name: str | None = None) -> linnet.Tensor:
    """floor(a / b), as NumPy rounds it: a = b floor_divide(a, b) + mod(a, b). An integer over 0 is 0, a float over 0 is a / 0."""
    ...

def squareplus(*args: Any, **kwargs: Any) -> linnet.Tensor:
    """(x + sqrt(x^2 + b)) / 2."""
    ...

def squeeze(x: _TensorLike, axis: _Axis = None) -> linnet.Tensor:
    """Without axes of extent 1."""
    ...

def stack(x: _TensorLike, axis: _Axis = 0) -> linnet.Tensor:
    """One after the other along a new axis."""
    ...

def std(x: _TensorLike, axis: _Axis = None, keepdims: _bool = False) -> linnet.Tensor:
    """The biased standard deviation over axes."""
    ...

def stop_gradient(input: _TensorLike, name: str | None = None) -> linnet.Tensor: ...

def subtract(x: _TensorLike, y: _TensorLike, name: str | None = None) -> linnet.Tensor:
    """a - b"""
    ...

def sum(x: _TensorLike, axis: _Axis = None, keepdims: _bool = False) -> linnet.Tensor:
    """The sum over axes (all by default)."""
    ...

def swapaxes(x: _TensorLike, axis1: Any, axis2: Any) -> linnet.Tensor:
    """Two axes exchanged."""
    ...

swish = silu

def switch(index: int | None, branches: Any, *operands: Any) -> Any:
    """branches[index](*operands)."""
    ...

def take(x: _TensorLike, indices: _TensorLike, axis: _Axis = None) -> linnet.Tensor:
    """The elements at indices along an axis; of the flattened tensor without one."""
    ...

def take_along_axis(x: _TensorLike, indices: _TensorLike, axis: _Axis = None) -> linnet.Tensor:
    """The element at each index along an axis."""
    ...

def tan(x: _TensorLike, name: str | None = None) -> linnet.Tensor: ...

def tanh(x: _TensorLike, name: str | None = None) -> linnet.Tensor: ...

def tanh_shrink(*args: Any, **kwargs: Any) -> linnet.Tensor:
    """x - tanh(x)."""
    ...

def tensordot(a: _TensorLike, b: _TensorLike, axes: Any, name: str | None = None) -> linnet.Tensor:
    """The sum of products over the last `axes` axes of a and the first of b."""
    ...

def threshold(*args: Any, **kwargs: Any) -> linnet.Tensor:
    """x above the threshold, else default_value."""
    ...

def tile(input: _TensorLike, multiples: Any, name: str | None = None) -> linnet.Tensor:
    """Repeated whole, repeats[i] times along axis i."""
    ...

def top_k(x: _TensorLike, k: int, sorted: _bool = True) -> tuple[linnet.Tensor, linnet.Tensor]:
    """(values, indices): the k largest along the last axis."""
    ...

def trace(x: _TensorLike, offset: Any = 0, axis1: int = 0, axis2: int = 1) -> linnet.Tensor:
    """The sum of a matrix's diagonal."""
    ...

def transpose(x: _TensorLike, axes: Any = None) -> linnet.Tensor:
    """The axes in another order; reversed by default."""
    ...

def tri(N: Any, M: Any = None, k: int = 0, dtype: _DTypeLike | None = None) -> linnet.Tensor:
    """Ones up to the k-th diagonal, zeros above."""
    ...

def tril(x: _TensorLike, k: int = 0) -> linnet.Tensor:
    """Zeros above the k-th diagonal."""
    ...

def triu(x: _TensorLike, k: int = 0) -> linnet.Tensor:
    """Zeros below the k-th diagonal."""
    ...

def true_divide(x: _TensorLike, y: _TensorLike, name: str | None = None) -> linnet.Tensor:
    """a / b (float)"""
    ...

def trunc(x: _TensorLike, name: str | None = None) -> linnet.Tensor: ...

def unravel_index(indices: _TensorLike, shape: _ShapeLike | None) -> tuple[linnet.Tensor, ...]:
    """The index along each axis of an index into the flattened tensor."""
    ...

def unstack(x: _TensorLike, num: Any = None, axis: _Axis = 0) -> list[linnet.Tensor]:
    """The slices along an axis."""
    ...

def var(x: _TensorLike, axis: _Axis = None, keepdims: _bool = False) -> linnet.Tensor:
    """The biased variance over axes."""
    ...

def vdot(x1: Any, x2: Any) -> linnet.Tensor:
    """The sum of the products of all elements."""
    ...

def vectorized_map(function: Callable[..., Any], elements: Any) -> Any:
    """map(): f of each row, stacked."""
    ...

def vstack(xs: Any) -> linnet.Tensor:
    """One below the other."""
    ...

def where(condition: _TensorLike, x1: Any = None, x2: Any = None) -> Any:
    """x1 where the condition is true, else x2; without them, where it is: an array per axis."""
    ...

def while_loop(cond: Any, body: Any, loop_vars: Any, maximum_iterations: Any = None) -> Any:
    """loop_vars = body(*loop_vars) as long as cond(*loop_vars)."""
    ...

def zeros(shape: _ShapeLike | None, dtype: _DTypeLike | None = None) -> linnet.Tensor:
    """Zeros of a shape."""
    ...

def zeros_like(input: _TensorLike, dtype: _DTypeLike | None = None, name: str | None = None) -> linnet.Tensor:
    """As above with the shape, dtype and device of x."""
    ...
