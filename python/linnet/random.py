"""linnet.random. The same seed gives the same numbers within Linnet (not TensorFlow's)."""

from . import _core
from ._core import Generator  # noqa: F401
from ._core import random_categorical as categorical  # noqa: F401
from ._core import random_normal as normal  # noqa: F401
from ._core import random_shuffle as shuffle  # noqa: F401
from ._core import random_truncated_normal as truncated_normal  # noqa: F401
from ._core import random_uniform as uniform  # noqa: F401
from ._missing import missing
from .errors import NotSupportedError


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


def gamma(shape, alpha, beta=None, dtype="float32", seed=None, name=None):
    """Numbers of the gamma distribution, of NumPy's generator."""
    import numpy as np

    draw = np.random.default_rng(_number(seed))
    numbers = draw.gamma(np.asarray(alpha), 1.0 / np.asarray(1.0 if beta is None else beta),
                         tuple(shape) + np.shape(alpha))
    return _core.constant(numbers, dtype)


def poisson(shape, lam, dtype="float32", seed=None, name=None):
    """Numbers of the Poisson distribution, of NumPy's generator."""
    import numpy as np

    numbers = np.random.default_rng(_number(seed)).poisson(np.asarray(lam), tuple(shape) + np.shape(lam))
    return _core.constant(numbers, dtype)


def _number(seed):
    if _core._is_tracing():
        raise NotSupportedError("[random] gamma and poisson are drawn outside of captured functions")
    return int(_core.random_uniform([], 0, 2 ** 31 - 1, "int32")) if seed is None else int(seed)


def stateless_truncated_normal(shape, seed, mean=0.0, stddev=1.0, dtype="float32", **_):
    """Normal numbers within two deviations that depend on the two seeds alone."""
    return _core.random_truncated_normal(shape, mean, stddev, dtype, _seed(seed))


def _make_seeds(self, count=1):
    """Numbers [2, count] to seed stateless ops with."""
    return self.uniform([2, count], 0, 2 ** 31 - 1, "int64")


def _split(self, count=1):
    """Generators whose numbers do not depend on each other."""
    return [Generator.from_seed(int(s)) for s in self.uniform([count], 0, 2 ** 31 - 1, "int64")]


Generator.make_seeds, Generator.split = _make_seeds, _split


def get_global_generator():
    """A Generator seeded by the process's."""
    return Generator.from_seed(int(_core.random_uniform([], 0, 2 ** 31 - 1, "int32")))


def __getattr__(name):
    raise missing(__name__, name)
