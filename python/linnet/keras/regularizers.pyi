"""keras.regularizers."""

from typing import Any

class L1:
    """l1 sum |w|."""

    def __init__(self, l1: float = 0.01) -> None: ...

    def __call__(self, x: Any) -> Any: ...

    def get_config(self) -> dict[str, Any]: ...

    @classmethod
    def from_config(cls, config: Any) -> Any: ...

class L1L2:
    """l1 sum |w| + l2 sum w^2."""

    def __init__(self, l1: float = 0.0, l2: float = 0.0) -> None: ...

    def __call__(self, x: Any) -> Any: ...

    def get_config(self) -> dict[str, Any]: ...

    @classmethod
    def from_config(cls, config: Any) -> Any: ...

class L2:
    """l2 sum w^2."""

    def __init__(self, l2: float = 0.01) -> None: ...

    def __call__(self, x: Any) -> Any: ...

    def get_config(self) -> dict[str, Any]: ...

    @classmethod
    def from_config(cls, config: Any) -> Any: ...

class Regularizer:
    """A penalty: __call__(x) gives a scalar that the loss grows by."""

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

    def __call__(self, x: Any) -> Any: ...

def get(identifier: Any) -> Any:
    """The regularizer of a name; others are returned as they are."""
    ...

l1 = L1

l1_l2 = L1L2

l2 = L2
