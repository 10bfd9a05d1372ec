"""keras.random: numbers by a seed: an int (the same numbers each time), a SeedGenerator (the next
ones), or None (the process's generator)."""

from .. import _core
from .._missing import missing


class SeedGenerator:
    """A source of random numbers with a state of its own."""

    def __init__(self, seed=None, name=None):
        if seed is None:
            seed = int(_core.random_uniform([], 0, 2 ** 31 - 1, "int32"))
        self._generator = _core.Generator.from_seed(int(seed))

    @property
    def state(self):
        return self._generator.state

    def next(self, ordered=True):
        """Two numbers to seed something else with."""
        return self._generator.uniform([2], 0, 2 ** 31 - 1, "int32")


def _seed(seed):
    return seed._generator if isinstance(seed, SeedGenerator) else seed


def normal(shape, mean=0.0, stddev=1.0, dtype=None, seed=None):
    """Normal numbers."""
    return _core.random_normal(shape, mean, stddev, dtype or "float32", _seed(seed))


def truncated_normal(shape, mean=0.0, stddev=1.0, dtype=None, seed=None):
    """Normal numbers within two deviations."""
    return _core.random_truncated_normal(shape, mean, stddev, dtype or "float32", _seed(seed))


def uniform(shape, minval=0.0, maxval=1.0, dtype=None, seed=None):
    """Numbers of [minval, maxval)."""
    return _core.random_uniform(shape, minval, maxval, dtype or "float32", _seed(seed))


def randint(shape, minval, maxval, dtype="int32", seed=None):
    """Integers of [minval, maxval)."""
    return _core.random_uniform(shape, minval, maxval, dtype, _seed(seed))


def categorical(logits, num_samples, dtype="int32", seed=None):
    """Class indices drawn with the probabilities softmax(logits): [batch, num_samples]."""
    return _core.random_categorical(logits, num_samples, dtype, _seed(seed))


def dropout(inputs, rate, noise_shape=None, seed=None):
    """Each element is 0 with probability rate, else divided by 1 - rate."""
    if noise_shape is not None:
        raise NotImplementedError("dropout: noise_shape is not there; multiply by a mask of yours")
    return _core.dropout(inputs, rate, None, _seed(seed))


def shuffle(x, axis=0, seed=None):
    """The slices along an axis in a random order."""
    x = _core.convert_to_tensor(x)
    if axis % max(x.ndim, 1) == 0:
        return _core.random_shuffle(x, _seed(seed))
    order = _core.random_shuffle(_core.range(x.shape[axis]), _seed(seed))
    return _core.gather(x, order, axis)


def __getattr__(name):
    raise missing(__name__, name)
