"""keras.preprocessing: the old places of keras.utils' functions."""

from ..._missing import missing
from ..utils import image_dataset_from_directory, timeseries_dataset_from_array  # noqa: F401
from . import image, sequence  # noqa: F401


def __getattr__(name):
    raise missing(__name__, name)
