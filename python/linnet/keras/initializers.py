"""keras.initializers: pure functions of a shape; each object has a seed of its own."""

from .. import _core
from .._missing import missing
from ._declare import Configured, declare, open_base
from ._lookup import find

_core._Initializer.__call__ = lambda self, shape, dtype=None: self._make(shape, dtype or "float32")


class Initializer(Configured, metaclass=open_base(_core._Initializer)):
    """First values: __call__(shape, dtype=None) gives a tensor."""

    def __call__(self, shape, dtype=None, **kwargs):
        raise NotImplementedError(f"{type(self).__name__} has no __call__()")


def _random(distribution, a, b):
    def convert(values):
        return {"distribution": distribution, "a": values[a], "b": values[b],
                "seed": values["seed"]}

    return convert


def _scaling(scale, mode, distribution):
    return lambda values: {"scale": scale, "mode": mode, "distribution": distribution,
                           "seed": values["seed"]}


def _made(name, core, defaults, convert=None, doc=""):
    return declare(name, core, (), defaults, doc, None, convert, __name__)


Zeros = _made("Zeros", _core._Constant, {}, lambda v: {"value": 0.0}, "All 0.")
Ones = _made("Ones", _core._Constant, {}, lambda v: {"value": 1.0}, "All 1.")


class Constant(Initializer):
    """One value, or an array that broadcasts to the weight's shape."""

    def __init__(self, value=0.0):
        self.value = value
        _core.convert_to_tensor(value)  # TypeError or ValueError for what is no number

    def __call__(self, shape, dtype=None, **kwargs):
        value = _core.cast(_core.convert_to_tensor(self.value), dtype or "float32")
        return _core.broadcast_to(value, shape)

    def get_config(self):
        return {"value": self.value}


RandomUniform = _made("RandomUniform", _core._Random,
                      {"minval": -0.05, "maxval": 0.05, "seed": None},
                      _random("uniform", "minval", "maxval"), "Uniform in [minval, maxval).")
RandomNormal = _made("RandomNormal", _core._Random, {"mean": 0.0, "stddev": 0.05, "seed": None},
                     _random("untruncated_normal", "mean", "stddev"), "Normal.")
TruncatedNormal = _made("TruncatedNormal", _core._Random,
                        {"mean": 0.0, "stddev": 0.05, "seed": None},
                        _random("truncated_normal", "mean", "stddev"),
                        "Normal, cut at two standard deviations.")
VarianceScaling = _made("VarianceScaling", _core._VarianceScaling,
                        {"scale": 1.0, "mode": "fan_in", "distribution": "truncated_normal",
                         "seed": None}, None, "Variance scale / fan.")
_SEED = {"seed": None}
GlorotUniform = _made("GlorotUniform", _core._VarianceScaling, _SEED,
                      _scaling(1.0, "fan_avg", "uniform"), "Glorot's, uniform.")
GlorotNormal = _made("GlorotNormal", _core._VarianceScaling, _SEED,
                     _scaling(1.0, "fan_avg", "truncated_normal"), "Glorot's, normal.")
HeUniform = _made("HeUniform", _core._VarianceScaling, _SEED,
                  _scaling(2.0, "fan_in", "uniform"), "He's, uniform.")
HeNormal = _made("HeNormal", _core._VarianceScaling, _SEED,
                 _scaling(2.0, "fan_in", "truncated_normal"), "He's, normal.")
LecunUniform = _made("LecunUniform", _core._VarianceScaling, _SEED,
                     _scaling(1.0, "fan_in", "uniform"), "LeCun's, uniform.")
LecunNormal = _made("LecunNormal", _core._VarianceScaling, _SEED,
                    _scaling(1.0, "fan_in", "truncated_normal"), "LeCun's, normal.")
Identity = _made("Identity", _core._Identity, {"gain": 1.0}, None, "gain on the diagonal.")
Orthogonal = _made("Orthogonal", _core._Orthogonal, {"gain": 1.0, "seed": None}, None,
                   "A matrix with orthonormal rows or columns.")
zeros, ones, constant, identity, orthogonal = Zeros, Ones, Constant, Identity, Orthogonal
random_uniform, random_normal, truncated_normal = RandomUniform, RandomNormal, TruncatedNormal
glorot_uniform, glorot_normal, he_uniform, he_normal = (
    GlorotUniform, GlorotNormal, HeUniform, HeNormal)
lecun_uniform, lecun_normal, variance_scaling = LecunUniform, LecunNormal, VarianceScaling
uniform, normal = RandomUniform, RandomNormal


def get(identifier):
    """The initializer of a name; others are returned as they are."""
    return find(identifier, globals(), Initializer, "initializer")


def __getattr__(name):
    raise missing(__name__, name)
