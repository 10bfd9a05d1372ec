"""keras.mixed_precision: what layers compute in, and what they keep their weights in."""

from typing import Any

dtype_policy = global_policy

def global_policy() -> Any:
    """Its name."""
    ...

set_dtype_policy = set_global_policy

def set_global_policy(policy: Any) -> None:
    """The policy of layers made from now on: "float32", "mixed_bfloat16", ..."""
    ...
