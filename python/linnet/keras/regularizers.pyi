"""keras.regularizers."""

from typing import Any

class L1(Regularizer):
    """l1 sum |w|."""

    def __init__(self, l1: float = 0.01) -> None: ...

class L1L2(Regularizer):
    """l1 sum |w| + l2 sum w^2."""

    def __init__(self, l1: float = 0.0, l2: float = 0.0) -> None: ...

class L2(Regularizer):
    """l2 sum w^2."""

    def __init__(self, l2: float = 0.01) -> None: ...

class Regularizer:
    def __init__(self, *args: Any, **kwargs: Any) -> None:
        """Initialize self.  See help(type(self)) for accurate signature."""
        ...

    def __call__(self, x: Any) -> Any: ...

    def get_config(self) -> dict[str, Any]: ...

    @classmethod
    def from_config(cls, config: Any) -> Any: ...

def get(identifier: Any) -> Any:
    """The regularizer of a name; others are returned as they are."""
    ...

l1 = L1

l1_l2 = L1L2

l2 = L2
