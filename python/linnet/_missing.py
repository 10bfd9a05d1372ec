"""The error for names that TensorFlow or Keras have and Linnet lacks."""

import difflib
import sys


def missing(module, name, hints=None):
    """An AttributeError that names the nearest thing."""
    hints = dict(_ELSEWHERE, **(hints or {}))
    text = f"module '{module}' has no attribute '{name}'"
    if name.startswith("__"):
        return AttributeError(text)
    known = [n for n in dir(sys.modules[module]) if not n.startswith("_")]
    near = difflib.get_close_matches(name, known, 1, 0.6)
    if name in hints:
        text += f": Linnet does not have it; the nearest thing is {hints[name]}"
    elif near:
        text += f": did you mean '{near[0]}'?"
    else:
        text += ": Linnet does not have it (yet)"
    return AttributeError(text)


_ELSEWHERE = {
    "compat": "the TensorFlow 2 names of this module",
    "Session": "linnet.function",
    "placeholder": "an argument of a linnet.function",
    "global_variables_initializer": "linnet.Variable, initialized when it is made",
    "saved_model": "model.save(path) and keras.models.load_model(path)",
    "ragged": "padded tensors and a mask",
    "RaggedTensor": "padded tensors and a mask",
    "sparse": "dense tensors",
    "SparseTensor": "dense tensors",
    "complex64": "float32",
    "complex128": "float64",
    "gradients": "linnet.GradientTape",
    "lite": "model.save(path)",
}
