"""keras.activations."""

import linnet
from collections.abc import Callable
from typing import Any
from linnet._typing import Activation as _Activation, Axis as _Axis, TensorLike as _TensorLike

deserialize = get

from linnet.nn import elu as elu

from linnet import exp as exponential

from linnet.nn import gelu as gelu

def get(identifier: Any) -> Callable[..., Any]:
    """The function of a name; functions are returned as they are, None is linear."""
    ...

def hard_sigmoid(x: _TensorLike, name: str | None = None) -> linnet.Tensor:
    """clip(x / 6 + 0.5, 0, 1)"""
    ...

def hard_silu(x: _TensorLike, name: str | None = None) -> linnet.Tensor:
    """x hard_sigmoid(x)"""
    ...

hard_swish = hard_silu

from linnet.nn import leaky_relu as leaky_relu

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

def softmax(x: _TensorLike, axis: _Axis = -1) -> linnet.Tensor:
    """softmax along an axis."""
    ...

from linnet.math import softplus as softplus

from linnet.math import softsign as softsign

from linnet.nn import silu as swish

from linnet import tanh as tanh
