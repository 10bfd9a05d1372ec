"""keras.backend: what programs still ask of it."""

from .. import _core
from .._missing import missing

Variable = _core.Variable


def epsilon():
    return 1e-7


def floatx():
    return "float32"


def set_floatx(value):
    if value != "float32":
        raise NotImplementedError("set_floatx: only float32 is there")


def image_data_format():
    return "channels_last"


def clear_session(free_memory=True):
    """Restarts the counters of automatic layer names."""
    _core._clear_session()


def __getattr__(name):
    raise missing(__name__, name)
