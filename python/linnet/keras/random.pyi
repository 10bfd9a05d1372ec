"""keras.random: numbers by a seed: an int (the same numbers each time), a SeedGenerator (the next
ones), or None (the process's generator)."""

import linnet
from builtins import bool as _bool
from collections.abc import Sequence
from typing import Any
from linnet._typing import Axis as _Axis, DTypeLike as _DTypeLike, ShapeLike as _ShapeLike, TensorLike as _TensorLike

class SeedGenerator:
    """A source of random numbers with a state of its own."""

    def __init__(self, seed: Any = None, name: str | None = None) -> None: ...

    @property
    def state(self) -> linnet.Variable: ...

    def next(self, ordered: _bool = True) -> Any:
        """Two numbers to seed something else with."""
        ...

def categorical(logits: _TensorLike, num_samples: int, dtype: _DTypeLike | None = 'int32', seed: Any = None) -> linnet.Tensor:
    """Class indices drawn with the probabilities softmax(logits): [batch, num_samples]."""
    ...

def dropout(inputs: Any, rate: float, noise_shape: Sequence[int | None] | None = None, seed: Any = None) -> linnet.Tensor:
    """Each element is 0 with probability rate, else divided by 1 - rate."""
    ...

def normal(shape: _ShapeLike | None, mean: Any = 0.0, stddev: float = 1.0, dtype: _DTypeLike | None = None, seed: Any = None) -> linnet.Tensor:
    """Normal numbers."""
    ...

def randint(shape: _ShapeLike | None, minval: Any, maxval: Any, dtype: _DTypeLike | None = 'int32', seed: Any = None) -> linnet.Tensor:
    """Integers of [minval, maxval)."""
    ...

def shuffle(x: _TensorLike, axis: _Axis = 0, seed: Any = None) -> linnet.Tensor:
    """The slices along an axis in a random order."""
    ...

def truncated_normal(shape: _ShapeLike | None, mean: Any = 0.0, stddev: float = 1.0, dtype: _DTypeLike | None = None, seed: Any = None) -> linnet.Tensor:
    """Normal numbers within two deviations."""
    ...

def uniform(shape: _ShapeLike | None, minval: Any = 0.0, maxval: Any = 1.0, dtype: _DTypeLike | None = None, seed: Any = None) -> linnet.Tensor:
    """Numbers of [minval, maxval)."""
    ...
