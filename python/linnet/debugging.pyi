"""linnet.debugging: checks of tensors' values and shapes. In a captured function values are checked when
it runs."""

import linnet
from typing import Any

from linnet.errors import InvalidArgumentError as InvalidArgumentError

from linnet.errors import ValueError as LinnetValueError

def assert_all_finite(x: Any, message: Any, name: str | None = None) -> Any:
    """x; InvalidArgumentError for NaN and infinities."""
    ...

def assert_equal(x: Any, y: Any, message: Any = None, summarize: Any = None, name: str | None = None) -> Any:
    """InvalidArgumentError unless x == y everywhere."""
    ...

def assert_greater(x: Any, y: Any, message: Any = None, summarize: Any = None, name: str | None = None) -> Any:
    """InvalidArgumentError unless x > y everywhere."""
    ...

def assert_greater_equal(x: Any, y: Any, message: Any = None, summarize: Any = None, name: str | None = None) -> Any:
    """InvalidArgumentError unless x >= y everywhere."""
    ...

def assert_less(x: Any, y: Any, message: Any = None, summarize: Any = None, name: str | None = None) -> Any:
    """InvalidArgumentError unless x < y everywhere."""
    ...

def assert_less_equal(x: Any, y: Any, message: Any = None, summarize: Any = None, name: str | None = None) -> Any:
    """InvalidArgumentError unless x <= y everywhere."""
    ...

def assert_near(x: Any, y: Any, rtol: Any = None, atol: Any = None, message: Any = None, summarize: Any = None, name: str | None = None) -> Any:
    """InvalidArgumentError unless |x - y| <= atol + rtol |y| (10 roundings each by default)."""
    ...

def assert_non_negative(x: Any, message: Any = None, summarize: Any = None, name: str | None = None) -> Any:
    """InvalidArgumentError if a value is below 0."""
    ...

def assert_none_equal(x: Any, y: Any, message: Any = None, summarize: Any = None, name: str | None = None) -> Any:
    """InvalidArgumentError unless x != y everywhere."""
    ...

def assert_positive(x: Any, message: Any = None, summarize: Any = None, name: str | None = None) -> Any:
    """InvalidArgumentError unless all values are above 0."""
    ...

def assert_rank(x: Any, rank: Any, message: Any = None, name: str | None = None) -> Any:
    """ValueError unless x has so many axes."""
    ...

def assert_shapes(shapes: Any, data: Any = None, summarize: Any = None, message: Any = None, name: str | None = None) -> Any:
    """ValueError unless the tensors have these shapes; letters stand for the same extent each time."""
    ...

def check_numerics(tensor: Any, message: Any, name: str | None = None) -> Any:
    """assert_all_finite()."""
    ...
