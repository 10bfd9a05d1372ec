"""An opt-in: `import tensorflow` gives linnet, for programs whose imports cannot be changed."""

import importlib
import sys

_NAMES = ("keras", "keras.layers", "keras.models", "keras.losses", "keras.metrics",
          "keras.optimizers", "keras.optimizers.schedules", "keras.callbacks",
          "keras.initializers", "keras.regularizers", "keras.activations", "keras.utils",
          "keras.datasets", "keras.backend", "math", "nn", "linalg", "random", "data",
          "distribute", "train", "config", "image")


def install():
    """Makes `import tensorflow` and its submodules mean linnet's. ImportError if TensorFlow
    itself was imported already."""
    import linnet

    present = sys.modules.get("tensorflow")
    if present is not None and present is not linnet:
        raise ImportError("TensorFlow is already imported in this process")
    sys.modules["tensorflow"] = linnet
    for name in _NAMES:
        sys.modules[f"tensorflow.{name}"] = importlib.import_module(f"linnet.{name}")


def remove():
    """Takes the names back."""
    import linnet

    if sys.modules.get("tensorflow") is linnet:
        for name in ["tensorflow", *(f"tensorflow.{n}" for n in _NAMES)]:
            sys.modules.pop(name, None)
