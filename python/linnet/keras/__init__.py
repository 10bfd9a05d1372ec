"""Keras's surface over Linnet."""

import importlib

from .. import _core
from .._missing import missing

_SUBMODULES = ("activations", "callbacks", "constraints", "datasets", "initializers", "layers",
               "losses", "metrics", "mixed_precision", "models", "ops", "optimizers", "random",
               "regularizers", "utils", "backend",
               "config", "saving", "preprocessing")
_NAMES = {"Input": "layers", "Layer": "layers", "Model": "models", "Sequential": "models",
          "Loss": "losses", "Metric": "metrics", "Optimizer": "optimizers",
          "Initializer": "initializers", "Regularizer": "regularizers", "Variable": "backend",
          "KerasTensor": "layers"}


def __getattr__(name):
    if name in _SUBMODULES:
        return importlib.import_module(f"{__name__}.{name}")
    if name in _NAMES:
        value = getattr(importlib.import_module(f"{__name__}.{_NAMES[name]}"), name)
        globals()[name] = value
        return value
    raise missing(__name__, name, {
        "applications": "a model of your own; there are no pretrained weights",
    })


def __dir__():
    return sorted(set(globals()) | set(_SUBMODULES) | set(_NAMES))


__version__ = _core.__version__
