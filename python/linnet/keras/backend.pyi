"""keras.backend: what programs still ask of it."""

import linnet
from builtins import bool as _bool
from typing import Any

from linnet import Variable as Variable

def clear_session(free_memory: _bool = True) -> None:
    """Restarts the counters of automatic layer names."""
    ...

def epsilon() -> float: ...

def floatx() -> str: ...

def image_data_format() -> str: ...

def set_floatx(value: Any) -> None: ...
