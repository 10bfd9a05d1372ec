"""Linnet: `import linnet as tf` runs Keras and TensorFlow beginners' programs.

Names, defaults and numerics are TensorFlow's and Keras's; see docs/coming_from_keras.md for what
differs on purpose.
"""

from . import _interpreter  # noqa: F401  (refuses sub-interpreters before they hang)
from . import errors  # first: the extension module raises its classes
from . import _core
from ._core import (  # noqa: F401
    DType,
    Tensor,
    Variable,
    as_dtype,
    from_dlpack,
)
from ._core import __version__  # noqa: F401
from ._function import (  # noqa: F401
    TensorSpec,
    cond,
    executing_eagerly,
    function,
    run_functions_eagerly,
    while_loop,
)
from ._module import Module  # noqa: F401
from ._ops import *  # noqa: F401,F403
from ._python_call import device, init_scope, numpy_function, py_function  # noqa: F401
from ._shape import TensorShape  # noqa: F401
from ._tape import GradientTape, UnconnectedGradients, custom_gradient  # noqa: F401
from ._tensor_array import TensorArray  # noqa: F401
from .errors import Error  # noqa: F401
from . import _pickle, _texts, _variable
from ._missing import missing

_pickle.install()
_variable.install()

globals().update(_core.dtypes)
newaxis = None
string = _texts.STRING

from . import dtypes, linalg, math, nn, random  # noqa: E402,F401


_LATE = ("keras", "data", "distribute", "train", "config", "nest", "image", "io",
         "quantization", "strings", "summary", "debugging")

_INITIALIZERS = {"constant_initializer": "Constant", "ones_initializer": "Ones", "zeros_initializer": "Zeros",
                 "random_normal_initializer": "RandomNormal",
                 "random_uniform_initializer": "RandomUniform"}


def __getattr__(name):
    if name in _LATE:
        import importlib

        return importlib.import_module(f"{__name__}.{name}")
    if name in ("initializers", "losses", "metrics", "optimizers"):  # TensorFlow's short ways
        import importlib

        return importlib.import_module(f"{__name__}.keras.{name}")
    if name in _INITIALIZERS:
        from .keras import initializers

        return getattr(initializers, _INITIALIZERS[name])
    if name == "ReduceOp":
        from .distribute import ReduceOp

        return ReduceOp
    raise missing(__name__, name)


def __dir__():
    return sorted(set(globals()) | set(_LATE))
