"""keras.initializers: pure functions of a shape; each object has a seed of its own."""

import linnet
from typing import Any
from linnet._typing import DTypeLike as _DTypeLike, ShapeLike as _ShapeLike

class Constant(Initializer):
    """One value, or an array that broadcasts to the weight's shape."""

    def __init__(self, value: Any = 0.0) -> None: ...

    def __call__(self, shape: _ShapeLike | None, dtype: _DTypeLike | None = None, **kwargs: Any) -> Any: ...

    def get_config(self) -> dict[str, Any]: ...

    value: linnet.Tensor

class GlorotNormal:
    """Glorot's, normal."""

    def __init__(self, seed: Any = None) -> None: ...

    def __call__(self, shape: _ShapeLike | None, dtype: _DTypeLike | None = None) -> Any: ...

    def get_config(self) -> dict[str, Any]: ...

    @classmethod
    def from_config(cls, config: Any) -> Any: ...

class GlorotUniform:
    """Glorot's, uniform."""

    def __init__(self, seed: Any = None) -> None: ...

    def __call__(self, shape: _ShapeLike | None, dtype: _DTypeLike | None = None) -> Any: ...

    def get_config(self) -> dict[str, Any]: ...

    @classmethod
    def from_config(cls, config: Any) -> Any: ...

class HeNormal:
    """He's, normal."""

    def __init__(self, seed: Any = None) -> None: ...

    def __call__(self, shape: _ShapeLike | None, dtype: _DTypeLike | None = None) -> Any: ...

    def get_config(self) -> dict[str, Any]: ...

    @classmethod
    def from_config(cls, config: Any) -> Any: ...

class HeUniform:
    """He's, uniform."""

    def __init__(self, seed: Any = None) -> None: ...

    def __call__(self, shape: _ShapeLike | None, dtype: _DTypeLike | None = None) -> Any: ...

    def get_config(self) -> dict[str, Any]: ...

    @classmethod
    def from_config(cls, config: Any) -> Any: ...

class Identity:
    """gain on the diagonal."""

    def __init__(self, gain: float = 1.0) -> None: ...

    def __call__(self, shape: _ShapeLike | None, dtype: _DTypeLike | None = None) -> Any: ...

    def get_config(self) -> dict[str, Any]: ...

    @classmethod
    def from_config(cls, config: Any) -> Any: ...

class Initializer:
    """First values: __call__(shape, dtype=None) gives a tensor."""

    def get_config(self) -> dict[str, Any]:
        """The arguments that make the same object."""
        ...

    @classmethod
    def from_config(cls, config: Any) -> Any:
        """An object of these arguments."""
        ...

    def clone(self) -> Any:
        """Another object of the same arguments."""
        ...

    def __call__(self, shape: _ShapeLike | None, dtype: _DTypeLike | None = None, **kwargs: Any) -> Any: ...

class LecunNormal:
    """LeCun's, normal."""

    def __init__(self, seed: Any = None) -> None: ...

    def __call__(self, shape: _ShapeLike | None, dtype: _DTypeLike | None = None) -> Any: ...

    def get_config(self) -> dict[str, Any]: ...

    @classmethod
    def from_config(cls, config: Any) -> Any: ...

class LecunUniform:
    """LeCun's, uniform."""

    def __init__(self, seed: Any = None) -> None: ...

    def __call__(self, shape: _ShapeLike | None, dtype: _DTypeLike | None = None) -> Any: ...

    def get_config(self) -> dict[str, Any]: ...

    @classmethod
    def from_config(cls, config: Any) -> Any: ...

class Ones:
    """All 1."""

    def __init__(self) -> None: ...

    def __call__(self, shape: _ShapeLike | None, dtype: _DTypeLike | None = None) -> Any: ...

    def get_config(self) -> dict[str, Any]: ...

    @classmethod
    def from_config(cls, config: Any) -> Any: ...

class Orthogonal:
    """A matrix with orthonormal rows or columns."""

    def __init__(self, gain: float = 1.0, seed: Any = None) -> None: ...

    def __call__(self, shape: _ShapeLike | None, dtype: _DTypeLike | None = None) -> Any: ...

    def get_config(self) -> dict[str, Any]: ...

    @classmethod
    def from_config(cls, config: Any) -> Any: ...

class RandomNormal:
    """Normal."""

    def __init__(self, mean: Any = 0.0, stddev: float = 0.05, seed: Any = None) -> None: ...

    def __call__(self, shape: _ShapeLike | None, dtype: _DTypeLike | None = None) -> Any: ...

    def get_config(self) -> dict[str, Any]: ...

    @classmethod
    def from_config(cls, config: Any) -> Any: ...

class RandomUniform:
    """Uniform in [minval, maxval)."""

    def __init__(self, minval: Any = -0.05, maxval: Any = 0.05, seed: Any = None) -> None: ...

    def __call__(self, shape: _ShapeLike | None, dtype: _DTypeLike | None = None) -> Any: ...

    def get_config(self) -> dict[str, Any]: ...

    @classmethod
    def from_config(cls, config: Any) -> Any: ...

class TruncatedNormal:
    """Normal, cut at two standard deviations."""

    def __init__(self, mean: Any = 0.0, stddev: float = 0.05, seed: Any = None) -> None: ...

    def __call__(self, shape: _ShapeLike | None, dtype: _DTypeLike | None = None) -> Any: ...

    def get_config(self) -> dict[str, Any]: ...

    @classmethod
    def from_config(cls, config: Any) -> Any: ...

class VarianceScaling:
    """Variance scale / fan."""

    def __init__(self, scale: Any = 1.0, mode: str = 'fan_in', distribution: str = 'truncated_normal', seed: Any = None) -> None: ...

    def __call__(self, shape: _ShapeLike | None, dtype: _DTypeLike | None = None) -> Any: ...

    def get_config(self) -> dict[str, Any]: ...

    @classmethod
    def from_config(cls, config: Any) -> Any: ...

class Zeros:
    """All 0."""

    def __init__(self) -> None: ...

    def __call__(self, shape: _ShapeLike | None, dtype: _DTypeLike | None = None) -> Any: ...

    def get_config(self) -> dict[str, Any]: ...

    @classmethod
    def from_config(cls, config: Any) -> Any: ...

constant = Constant

def get(identifier: Any) -> Any:
    """The initializer of a name; others are returned as they are."""
    ...

glorot_normal = GlorotNormal

glorot_uniform = GlorotUniform

he_normal = HeNormal

he_uniform = HeUniform

identity = Identity

lecun_normal = LecunNormal

lecun_uniform = LecunUniform

normal = RandomNormal

ones = Ones

orthogonal = Orthogonal

random_normal = RandomNormal

random_uniform = RandomUniform

truncated_normal = TruncatedNormal

uniform = RandomUniform

variance_scaling = VarianceScaling

zeros = Zeros
