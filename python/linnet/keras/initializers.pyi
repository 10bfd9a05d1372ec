"""keras.initializers: pure functions of a shape; each object has a seed of its own."""

from typing import Any
from linnet._typing import DTypeLike as _DTypeLike, ShapeLike as _ShapeLike

class Constant(Initializer):
    """One value."""

    def __init__(self, value: Any = 0.0) -> None: ...

class GlorotNormal(Initializer):
    """Glorot's, normal."""

    def __init__(self, seed: Any = None) -> None: ...

class GlorotUniform(Initializer):
    """Glorot's, uniform."""

    def __init__(self, seed: Any = None) -> None: ...

class HeNormal(Initializer):
    """He's, normal."""

    def __init__(self, seed: Any = None) -> None: ...

class HeUniform(Initializer):
    """He's, uniform."""

    def __init__(self, seed: Any = None) -> None: ...

class Identity(Initializer):
    """gain on the diagonal."""

    def __init__(self, gain: float = 1.0) -> None: ...

class Initializer:
    def __init__(self, *args: Any, **kwargs: Any) -> None:
        """Initialize self.  See help(type(self)) for accurate signature."""
        ...

    def __call__(self, shape: _ShapeLike | None, dtype: _DTypeLike | None = None) -> Any: ...

    def get_config(self) -> dict[str, Any]: ...

    @classmethod
    def from_config(cls, config: Any) -> Any: ...

class LecunNormal(Initializer):
    """LeCun's, normal."""

    def __init__(self, seed: Any = None) -> None: ...

class LecunUniform(Initializer):
    """LeCun's, uniform."""

    def __init__(self, seed: Any = None) -> None: ...

class Ones(Initializer):
    """All 1."""

    def __init__(self) -> None: ...

class Orthogonal(Initializer):
    """A matrix with orthonormal rows or columns."""

    def __init__(self, gain: float = 1.0, seed: Any = None) -> None: ...

class RandomNormal(Initializer):
    """Normal."""

    def __init__(self, mean: Any = 0.0, stddev: float = 0.05, seed: Any = None) -> None: ...

class RandomUniform(Initializer):
    """Uniform in [minval, maxval)."""

    def __init__(self, minval: Any = -0.05, maxval: Any = 0.05, seed: Any = None) -> None: ...

class TruncatedNormal(Initializer):
    """Normal, cut at two standard deviations."""

    def __init__(self, mean: Any = 0.0, stddev: float = 0.05, seed: Any = None) -> None: ...

class VarianceScaling(Initializer):
    """Variance scale / fan."""

    def __init__(self, scale: Any = 1.0, mode: str = 'fan_in', distribution: str = 'truncated_normal', seed: Any = None) -> None: ...

class Zeros(Initializer):
    """All 0."""

    def __init__(self) -> None: ...

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
