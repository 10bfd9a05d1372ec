"""keras.regularizers."""

from .. import _core
from .._missing import missing
from ._declare import Configured, open_base
from ._lookup import find

_core._Regularizer.__call__ = lambda self, x: self._penalty(x)


class Regularizer(Configured, metaclass=open_base(_core._Regularizer)):
    """A penalty: __call__(x) gives a scalar that the loss grows by."""

    def __call__(self, x):
        raise NotImplementedError(f"{type(self).__name__} has no __call__()")


class L1L2(_core._L1L2):
    """l1 sum |w| + l2 sum w^2."""

    def __init__(self, l1=0.0, l2=0.0):
        super().__init__(l1 or 0.0, l2 or 0.0)
        self._config = {"l1": l1, "l2": l2}


class L1(_core._L1L2):
    """l1 sum |w|."""

    def __init__(self, l1=0.01):
        super().__init__(l1, 0.0)
        self._config = {"l1": l1}


class L2(_core._L1L2):
    """l2 sum w^2."""

    def __init__(self, l2=0.01):
        super().__init__(0.0, l2)
        self._config = {"l2": l2}


l1, l2, l1_l2 = L1, L2, L1L2


def get(identifier):
    """The regularizer of a name; others are returned as they are."""
    return find(identifier, globals(), Regularizer, "regularizer")


def __getattr__(name):
    raise missing(__name__, name)
