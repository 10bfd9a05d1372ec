"""What the functions of keras.ops share: they take keras.Input's symbolic tensors, too."""

import functools

from .. import _core
from . import _symbolic

tensor = _core.convert_to_tensor


def op(function):
    """The function; of symbolic tensors, a call of it in their model."""
    @functools.wraps(function)
    def run(*args, **kwargs):
        if _symbolic.is_symbolic([args, kwargs]):
            return _symbolic.apply(run, args, kwargs)
        return function(*args, **kwargs)

    run.__module__ = "linnet.keras.ops"
    return run


def renamed(function, name):
    """A function of one tensor or two, which keras.ops calls x, or x1 and x2."""
    def call(*args, **kwargs):
        kwargs.pop("name", None)
        args += tuple(kwargs.pop(key) for key in ("x", "x1", "x2") if key in kwargs)
        return function(*args, **kwargs)

    call.__name__ = call.__qualname__ = name
    call.__doc__ = function.__doc__
    return op(call)


def exported(names):
    """The public functions of a module's globals that are its own."""
    return [name for name, value in names.items() if not name.startswith("_") and callable(value)
            and getattr(value, "__module__", None) in (names["__name__"], "linnet.keras.ops")
            and name not in ("op", "renamed", "exported", "tensor")]
