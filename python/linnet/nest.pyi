"""linnet.nest: nests of lists, tuples and dicts."""

from collections.abc import Callable
from typing import Any

def flatten(nest: Any) -> list[Any]:
    """The leaves, in order."""
    ...

def map_structure(function: Callable[..., Any], *nests: Any) -> Any:
    """function of the leaves that lie at the same place."""
    ...

def pack_sequence_as(nest: Any, leaves: Any) -> Any:
    """A nest like `nest` with these leaves."""
    ...
