"""keras.preprocessing: the old places of keras.utils' functions."""

from ..._missing import missing
from ..utils import (  # noqa: F401
    image_dataset_from_directory, text_dataset_from_directory, timeseries_dataset_from_array,
)
from . import image, sequence, text  # noqa: F401


def __getattr__(name):
    raise missing(__name__, name)
