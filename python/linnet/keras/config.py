"""keras.config."""

from .._missing import missing
from .backend import epsilon, floatx, image_data_format, set_floatx  # noqa: F401


def __getattr__(name):
    raise missing(__name__, name)
