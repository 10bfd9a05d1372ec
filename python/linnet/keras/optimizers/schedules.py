"""keras.optimizers.schedules: learning rates as functions of the number of steps done."""

from ... import _core
from ..._missing import missing
from .._declare import declare

_Base = _core._Schedule
_Base.__call__ = lambda self, step: self._at(step)
_Base.get_config = lambda self: dict(self._config)
_Base.from_config = classmethod(lambda cls, config: cls(**config))


class LearningRateSchedule:
    """Subclass it and define __call__(step), in ops."""

    def __call__(self, step):
        raise NotImplementedError("a LearningRateSchedule must define __call__(step)")

    def get_config(self):
        return {}

    @classmethod
    def from_config(cls, config):
        return cls(**config)


def _schedule(name, required, defaults, doc):
    return declare(name, getattr(_core, name), required, {**defaults, "name": name}, doc,
                   module=__name__)


_DECAY = ("initial_learning_rate", "decay_steps", "decay_rate")
ExponentialDecay = _schedule("ExponentialDecay", _DECAY, {"staircase": False},
                             "rate * decay_rate^(t / steps)")
InverseTimeDecay = _schedule("InverseTimeDecay", _DECAY, {"staircase": False},
                             "rate / (1 + decay_rate t / steps)")
PolynomialDecay = _schedule("PolynomialDecay", _DECAY[:2],
                            {"end_learning_rate": 1e-4, "power": 1.0, "cycle": False},
                            "(rate - end) (1 - t / steps)^power + end")
CosineDecay = _schedule("CosineDecay", _DECAY[:2],
                        {"alpha": 0.0, "name": None, "warmup_target": None, "warmup_steps": 0},
                        "Half a cosine from rate down to alpha * rate.")
CosineDecayRestarts = _schedule(
    "CosineDecayRestarts", ("initial_learning_rate", "first_decay_steps"),
    {"t_mul": 2.0, "m_mul": 1.0, "alpha": 0.0},
    "A CosineDecay that begins anew after each period.")
PiecewiseConstantDecay = _schedule("PiecewiseConstantDecay", ("boundaries", "values"), {},
                                   "values[i] up to and including boundaries[i].")


def __getattr__(name):
    raise missing(__name__, name)
