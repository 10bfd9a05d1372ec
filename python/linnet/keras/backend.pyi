"""keras.backend: what programs still ask of it."""

import linnet
import linnet.keras.ops
from builtins import bool as _bool
from typing import Any
from linnet._typing import Axis as _Axis, Constraint as _Constraint, DTypeLike as _DTypeLike, ShapeLike as _ShapeLike

from linnet import Variable as Variable

from linnet.keras.ops import abs as abs

from linnet.keras.ops import all as all

from linnet.keras.ops import any as any

from linnet.keras.ops import arange as arange

from linnet.keras.ops import argmax as argmax

from linnet.keras.ops import argmin as argmin

def backend() -> Any:
    """"tensorflow": whose names these are."""
    ...

def batch_flatten(x: Any) -> Any:
    """[n, ...] -> [n, the rest in one axis]."""
    ...

def batch_get_value(tensors: Any) -> Any:
    """get_value() of each."""
    ...

def batch_set_value(tuples: Any) -> Any:
    """set_value() of each pair."""
    ...

from linnet.keras.ops import binary_crossentropy as binary_crossentropy

from linnet.keras.ops import cast as cast

from linnet.keras.ops import categorical_crossentropy as categorical_crossentropy

def clear_session(free_memory: _bool = True) -> None:
    """Restarts the counters of automatic layer names."""
    ...

from linnet.keras.ops import clip as clip

def concatenate(tensors: Any, axis: _Axis = -1) -> Any:
    """One after the other along an axis."""
    ...

def constant(value: Any, dtype: _DTypeLike | None = None, shape: _ShapeLike | None = None, name: str | None = None) -> Any:
    """A tensor of a value."""
    ...

from linnet.keras.ops import cos as cos

def count_params(x: Any) -> int:
    """The number of elements."""
    ...

from linnet.keras.ops import cumprod as cumprod

from linnet.keras.ops import cumsum as cumsum

from linnet.keras.ops import dot as dot

from linnet.keras.ops import dtype as dtype

from linnet.keras.ops import elu as elu

def epsilon() -> float: ...

from linnet.keras.ops import equal as equal

eval = get_value

from linnet.keras.ops import exp as exp

from linnet.keras.ops import expand_dims as expand_dims

from linnet.keras.ops import eye as eye

from linnet.keras.ops import ravel as flatten

def floatx() -> str: ...

def gather(reference: Any, indices: Any) -> linnet.Tensor:
    """Rows of a tensor."""
    ...

from linnet.keras.ops import gelu as gelu

def get_value(x: Any) -> Any:
    """NumPy's array of a tensor or Variable."""
    ...

from linnet.keras.ops import greater as greater

from linnet.keras.ops import greater_equal as greater_equal

from linnet.keras.ops import hard_sigmoid as hard_sigmoid

def image_data_format() -> str: ...

from linnet.keras.ops import in_top_k as in_top_k

def int_shape(x: Any) -> Any:
    """The shape as a tuple."""
    ...

def is_keras_tensor(x: Any) -> Any:
    """Whether x is symbolic: made of keras.Input."""
    ...

def l2_normalize(x: Any, axis: _Axis = None) -> Any:
    """x divided by its norm."""
    ...

from linnet.keras.ops import less as less

from linnet.keras.ops import less_equal as less_equal

from linnet.keras.ops import log as log

from linnet.keras.ops import logsumexp as logsumexp

from linnet.keras.ops import max as max

from linnet.keras.ops import maximum as maximum

from linnet.keras.ops import mean as mean

from linnet.keras.ops import min as min

from linnet.keras.ops import minimum as minimum

from linnet.keras.ops import ndim as ndim

from linnet.keras.ops import not_equal as not_equal

from linnet.keras.ops import one_hot as one_hot

from linnet.keras.ops import ones as ones

from linnet.keras.ops import ones_like as ones_like

from linnet.keras.ops import transpose as permute_dimensions

from linnet.keras.ops import power as pow

from linnet.keras.ops import prod as prod

def random_normal(shape: _ShapeLike | None, mean: Any = 0.0, stddev: float = 1.0, dtype: _DTypeLike | None = None, seed: Any = None) -> Any:
    """Normal numbers."""
    ...

def random_uniform(shape: _ShapeLike | None, minval: Any = 0.0, maxval: Any = 1.0, dtype: _DTypeLike | None = None, seed: Any = None) -> Any:
    """Numbers of [minval, maxval)."""
    ...

from linnet.keras.ops import relu as relu

from linnet.keras.ops import repeat as repeat

def repeat_elements(x: Any, rep: Any, axis: _Axis) -> Any:
    """Each slice along an axis several times."""
    ...

from linnet.keras.ops import reshape as reshape

from linnet.keras.ops import round as round

def set_floatx(value: Any) -> None: ...

def set_value(x: Any, value: Any) -> Any:
    """Replaces a Variable's value."""
    ...

from linnet.keras.ops import shape as shape

from linnet.keras.ops import sigmoid as sigmoid

from linnet.keras.ops import sign as sign

from linnet.keras.ops import sin as sin

from linnet.keras.ops import softmax as softmax

from linnet.keras.ops import softplus as softplus

from linnet.keras.ops import softsign as softsign

from linnet.keras.ops import sparse_categorical_crossentropy as sparse_categorical_crossentropy

from linnet.keras.ops import sqrt as sqrt

from linnet.keras.ops import square as square

from linnet.keras.ops import squeeze as squeeze

from linnet.keras.ops import stack as stack

from linnet.keras.ops import std as std

from linnet.keras.ops import stop_gradient as stop_gradient

from linnet.keras.ops import sum as sum

from linnet.keras.ops import switch as switch

from linnet.keras.ops import tanh as tanh

from linnet.keras.ops import tile as tile

from linnet.keras.ops import transpose as transpose

def truncated_normal(shape: _ShapeLike | None, mean: Any = 0.0, stddev: float = 1.0, dtype: _DTypeLike | None = None, seed: Any = None) -> Any:
    """Normal numbers within two deviations."""
    ...

def update(x: Any, new_x: Any) -> Any:
    """x.assign(new_x)."""
    ...

from linnet.keras.ops import var as var

def variable(value: Any, dtype: _DTypeLike | None = None, name: str | None = None, constraint: _Constraint = None) -> Any:
    """A Variable."""
    ...

from linnet.keras.ops import zeros as zeros

from linnet.keras.ops import zeros_like as zeros_like
