"""linnet.random. The same seed gives the same numbers within Linnet (not TensorFlow's)."""

import linnet
from typing import Any
from linnet._typing import DTypeLike as _DTypeLike, ShapeLike as _ShapeLike, TensorLike as _TensorLike

class Generator:
    """A source of random numbers; its state is one Variable."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        """Initialize self.  See help(type(self)) for accurate signature."""
        ...

    @staticmethod
    def from_seed(seed: int, alg: Any = None) -> Any: ...

    @property
    def state(self) -> linnet.Variable: ...

    def reset_from_seed(self, seed: int) -> None: ...

    def uniform(self, shape: _ShapeLike, minval: Any = 0, maxval: Any = None, dtype: _DTypeLike = 'float32') -> linnet.Tensor: ...

    def normal(self, shape: _ShapeLike, mean: Any = 0.0, stddev: float = 1.0, dtype: _DTypeLike = 'float32') -> linnet.Tensor: ...

    def make_seeds(self, count: int | None = 1) -> Any:
        """Numbers [2, count] to seed stateless ops with."""
        ...

    def split(self, count: int | None = 1) -> Any:
        """Generators whose numbers do not depend on each other."""
        ...

from linnet.errors import NotSupportedError as NotSupportedError

def categorical(logits: _TensorLike, num_samples: int, dtype: _DTypeLike | None = None, seed: Any = None, name: str | None = None) -> linnet.Tensor:
    """Class indices drawn with the probabilities softmax(logits): [batch, num_samples]."""
    ...

def gamma(shape: _ShapeLike | None, alpha: float | None, beta: Any = None, dtype: _DTypeLike | None = 'float32', seed: Any = None, name: str | None = None) -> linnet.Tensor:
    """Numbers of the gamma distribution, of NumPy's generator."""
    ...

def get_global_generator() -> Generator:
    """A Generator seeded by the process's."""
    ...

def normal(shape: _ShapeLike, mean: Any = 0.0, stddev: float = 1.0, dtype: _DTypeLike = 'float32', seed: Any = None, name: str | None = None) -> linnet.Tensor: ...

def poisson(shape: _ShapeLike | None, lam: Any, dtype: _DTypeLike | None = 'float32', seed: Any = None, name: str | None = None) -> linnet.Tensor:
    """Numbers of the Poisson distribution, of NumPy's generator."""
    ...

def set_seed(seed: Any) -> None:
    """Restarts the process's generator."""
    ...

def shuffle(value: _TensorLike, seed: Any = None, name: str | None = None) -> linnet.Tensor:
    """The rows of a tensor in a random order."""
    ...

def stateless_normal(shape: _ShapeLike | None, seed: Any, mean: Any = 0.0, stddev: float = 1.0, dtype: _DTypeLike | None = 'float32', **_: Any) -> linnet.Tensor:
    """Normal numbers that depend on the two seeds alone."""
    ...

def stateless_truncated_normal(shape: _ShapeLike | None, seed: Any, mean: Any = 0.0, stddev: float = 1.0, dtype: _DTypeLike | None = 'float32', **_: Any) -> linnet.Tensor:
    """Normal numbers within two deviations that depend on the two seeds alone."""
    ...

def stateless_uniform(shape: _ShapeLike | None, seed: Any, minval: Any = 0, maxval: Any = None, dtype: _DTypeLike | None = 'float32', **_: Any) -> linnet.Tensor:
    """Uniform numbers that depend on the two seeds alone."""
    ...

def truncated_normal(shape: _ShapeLike, mean: Any = 0.0, stddev: float = 1.0, dtype: _DTypeLike = 'float32', seed: Any = None, name: str | None = None) -> linnet.Tensor:
    """Normal, values beyond two standard deviations drawn again."""
    ...

def uniform(shape: _ShapeLike, minval: Any = 0, maxval: Any = None, dtype: _DTypeLike = 'float32', seed: Any = None, name: str | None = None) -> linnet.Tensor:
    """Uniform in [minval, maxval). ValueError unless maxval - minval is finite."""
    ...
