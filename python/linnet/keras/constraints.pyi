"""keras.constraints: what weights are put through after each step of an optimizer."""

from typing import Any
from linnet._typing import Axis as _Axis

class Constraint:
    """What weights are put through: __call__(w) gives new ones."""

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

    def __call__(self, w: Any) -> Any: ...

class MaxNorm:
    """Norms over an axis are at most max_value."""

    def __init__(self, max_value: float | None = 2, axis: _Axis = 0) -> None: ...

    def __call__(self, w: Any) -> Any: ...

    def get_config(self) -> dict[str, Any]: ...

    @classmethod
    def from_config(cls, config: Any) -> Any: ...

class MinMaxNorm:
    """Norms over an axis move to [min_value, max_value], by `rate` of the way."""

    def __init__(self, min_value: float | None = 0.0, max_value: float | None = 1.0, rate: float = 1.0, axis: _Axis = 0) -> None: ...

    def __call__(self, w: Any) -> Any: ...

    def get_config(self) -> dict[str, Any]: ...

    @classmethod
    def from_config(cls, config: Any) -> Any: ...

class NonNeg:
    """Values below 0 become 0."""

    def __init__(self) -> None: ...

    def __call__(self, w: Any) -> Any: ...

    def get_config(self) -> dict[str, Any]: ...

    @classmethod
    def from_config(cls, config: Any) -> Any: ...

class UnitNorm:
    """Norms over an axis are 1."""

    def __init__(self, axis: _Axis = 0) -> None: ...

    def __call__(self, w: Any) -> Any: ...

    def get_config(self) -> dict[str, Any]: ...

    @classmethod
    def from_config(cls, config: Any) -> Any: ...

def get(identifier: Any) -> Any:
    """The constraint of a name; others are returned as they are."""
    ...

max_norm = MaxNorm

min_max_norm = MinMaxNorm

non_neg = NonNeg

unit_norm = UnitNorm
