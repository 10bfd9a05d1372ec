"""The element types."""

from ._core import DType, as_dtype, dtypes as _dtypes  # noqa: F401

globals().update(_dtypes)
