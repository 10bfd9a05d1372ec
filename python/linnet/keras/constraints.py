"""keras.constraints: what weights are put through after each step of an optimizer."""

from .. import _core
from .._missing import missing
from ._declare import Configured, declare, open_base
from ._lookup import find

_core._Constraint.__call__ = lambda self, w: self._apply(_core.convert_to_tensor(w))


class Constraint(Configured, metaclass=open_base(_core._Constraint)):
    """What weights are put through: __call__(w) gives new ones."""

    def __call__(self, w):
        raise NotImplementedError(f"{type(self).__name__} has no __call__()")


MaxNorm = declare("MaxNorm", _core._MaxNorm, (), {"max_value": 2, "axis": 0},
                  "Norms over an axis are at most max_value.", module=__name__)
NonNeg = declare("NonNeg", _core._NonNeg, (), {}, "Values below 0 become 0.", module=__name__)
UnitNorm = declare("UnitNorm", _core._UnitNorm, (), {"axis": 0}, "Norms over an axis are 1.",
                   module=__name__)
MinMaxNorm = declare(
    "MinMaxNorm", _core._MinMaxNorm, (),
    {"min_value": 0.0, "max_value": 1.0, "rate": 1.0, "axis": 0},
    "Norms over an axis move to [min_value, max_value], by `rate` of the way.", module=__name__)
max_norm, non_neg, unit_norm, min_max_norm = MaxNorm, NonNeg, UnitNorm, MinMaxNorm


def get(identifier):
    """The constraint of a name; others are returned as they are."""
    return find(identifier, globals(), Constraint, "constraint")


def __getattr__(name):
    raise missing(__name__, name)
