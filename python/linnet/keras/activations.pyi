"""keras.activations."""

import linnet
from collections.abc import Callable
from typing import Any
from linnet._typing import Activation as _Activation, Axis as _Axis, TensorLike as _TensorLike

def celu(x: _TensorLike, alpha: float | None = 1.0) -> linnet.Tensor:
    """x above 0, else alpha (e^(x / alpha) - 1)."""
    ...

deserialize = get

from linnet.nn import elu as elu

from linnet import exp as exponential

from linnet.nn import gelu as gelu

def get(identifier: Any) -> Callable[..., Any]:
    """The function of a name; functions are returned as they are, None is linear."""
    ...

def glu(x: _TensorLike, axis: _Axis = -1) -> linnet.Tensor:
    """The first half along an axis times the sigmoid of the second."""
    ...

def hard_shrink(x: _TensorLike, threshold: float = 0.5) -> linnet.Tensor:
    """x where |x| > threshold, else 0."""
    ...

def hard_sigmoid(x: _TensorLike, name: str | None = None) -> linnet.Tensor:
    """clip(x / 6 + 0.5, 0, 1)"""
    ...

def hard_silu(x: _TensorLike, name: str | None = None) -> linnet.Tensor:
    """x hard_sigmoid(x)"""
    ...

hard_swish = hard_silu

def hard_tanh(x: _TensorLike) -> linnet.Tensor:
    """x cut to [-1, 1]."""
    ...

def leaky_relu(x: _TensorLike, negative_slope: float = 0.2) -> linnet.Tensor:
    """x above 0, else negative_slope * x."""
    ...

def linear(x: _TensorLike) -> linnet.Tensor:
    """x."""
    ...

from linnet.math import log_sigmoid as log_sigmoid

from linnet.math import log_softmax as log_softmax

def mish(x: _TensorLike, name: str | None = None) -> linnet.Tensor:
    """x tanh(softplus(x))"""
    ...

def relu(x: _TensorLike, negative_slope: float = 0.0, max_value: float | None = None, threshold: float = 0.0) -> linnet.Tensor:
    """x above the threshold (at most max_value), else negative_slope * (x - threshold)."""
    ...

from linnet.nn import relu6 as relu6

from linnet.nn import selu as selu

def serialize(activation: _Activation) -> Any: ...

from linnet import sigmoid as sigmoid

from linnet.nn import silu as silu

def soft_shrink(x: _TensorLike, threshold: float = 0.5) -> linnet.Tensor:
    """x moved towards 0 by the threshold, and 0 within it."""
    ...

def softmax(x: _TensorLike, axis: _Axis = -1) -> linnet.Tensor:
    """softmax along an axis."""
    ...

from linnet.math import softplus as softplus

from linnet.math import softsign as softsign

def sparse_plus(x: _TensorLike) -> linnet.Tensor:
    """0 up to -1, (x + 1)^2 / 4 up to 1, then x."""
    ...

def sparse_sigmoid(x: _TensorLike) -> linnet.Tensor:
    """(x + 1) / 2 cut to [0, 1]."""
    ...

def squareplus(x: _TensorLike, b: _TensorLike = 4) -> linnet.Tensor:
    """(x + sqrt(x^2 + b)) / 2."""
    ...

from linnet.nn import silu as swish

from linnet import tanh as tanh

def tanh_shrink(x: _TensorLike) -> linnet.Tensor:
    """x - tanh(x)."""
    ...

def threshold(x: _TensorLike, threshold: float, default_value: Any) -> linnet.Tensor:
    """x above the threshold, else default_value."""
    ...
