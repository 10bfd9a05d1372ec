"""keras.random."""

from .._core import random_categorical as categorical  # noqa: F401
from .._core import random_normal as normal  # noqa: F401
from .._core import random_shuffle as shuffle  # noqa: F401
from .._core import random_truncated_normal as truncated_normal  # noqa: F401
from .._core import random_uniform as uniform  # noqa: F401
from .._missing import missing


def __getattr__(name):
    raise missing(__name__, name)
