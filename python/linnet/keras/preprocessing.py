"""keras.preprocessing: the old places of keras.utils' functions."""

import sys
import types

from .._missing import missing
from .utils import image_dataset_from_directory  # noqa: F401
from .utils import img_to_array, load_img, pad_sequences


def _module(name, **members):
    module = types.ModuleType(f"{__name__}.{name}", f"keras.preprocessing.{name}.")
    vars(module).update(members)
    sys.modules[module.__name__] = module
    return module


__path__ = []  # so that `from linnet.keras.preprocessing.sequence import pad_sequences` works
sequence = _module("sequence", pad_sequences=pad_sequences)
image = _module("image", load_img=load_img, img_to_array=img_to_array)


def __getattr__(name):
    raise missing(__name__, name)
