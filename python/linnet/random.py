"""linnet.random. The same seed gives the same numbers within Linnet (not TensorFlow's)."""

from . import _core
from ._core import Generator  # noqa: F401
from ._core import random_categorical as categorical  # noqa: F401
from ._core import random_normal as normal  # noqa: F401
from ._core import random_shuffle as shuffle  # noqa: F401
from ._core import random_truncated_normal as truncated_normal  # noqa: F401
from ._core import random_uniform as uniform  # noqa: F401
from ._missing import missing


def set_seed(seed):
    """Restarts the process's generator."""
    _core._set_random_seed(seed)


def _seed(seed):
    a, b = seed
    return (int(a) * 0x9E3779B97F4A7C15 + int(b)) % (1 << 63)


def stateless_uniform(shape, seed, minval=0, maxval=None, dtype="float32", **_):
    """Uniform numbers that depend on the two seeds alone."""
    return _core.random_uniform(shape, minval, maxval, dtype, _seed(seed))


def stateless_normal(shape, seed, mean=0.0, stddev=1.0, dtype="float32", **_):
    """Normal numbers that depend on the two seeds alone."""
    return _core.random_normal(shape, mean, stddev, dtype, _seed(seed))


def __getattr__(name):
    raise missing(__name__, name)
