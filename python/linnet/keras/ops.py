"""keras.ops: NumPy's names of the functions that linnet, linnet.math and linnet.nn have. They take
keras.Input's symbolic tensors, too, and become operations of a functional model."""

from .. import _core
from .. import linalg as _linalg
from .._missing import missing
from . import activations as _activations
from ._ops_base import renamed as _renamed
from ._ops_control import *  # noqa: F401,F403
from ._ops_elements import *  # noqa: F401,F403
from ._ops_nn import *  # noqa: F401,F403
from ._ops_numbers import *  # noqa: F401,F403
from ._ops_reductions import *  # noqa: F401,F403
from ._ops_shapes import *  # noqa: F401,F403


def _same(module, *names):
    """Functions whose first arguments are those of keras.ops."""
    for name in names:
        globals()[name] = _renamed(getattr(module, name), name)


_same(_core, "abs", "add", "ceil", "cos", "cosh", "divide", "equal", "exp", "expm1", "floor",
      "floor_divide", "greater", "greater_equal", "less", "less_equal", "log", "log1p", "log10", "log2",
      "exp2", "logical_and", "logical_not", "logical_or", "logical_xor", "maximum", "minimum", "mod",
      "multiply", "negative", "not_equal", "reciprocal", "rsqrt", "sign", "sin", "sinh", "sqrt",
      "square", "stop_gradient", "subtract", "tan", "tanh", "tile", "trunc", "zeros_like", "ones_like",
      "divide_no_nan", "erf", "erfc", "matmul", "tensordot", "reshape", "bitwise_and", "bitwise_or",
      "bitwise_xor", "bitwise_not", "left_shift", "right_shift")
_same(_activations, "relu", "relu6", "sigmoid", "silu", "softplus", "softsign", "elu", "selu",
      "celu", "leaky_relu", "hard_sigmoid", "hard_silu", "hard_tanh", "hard_shrink", "soft_shrink",
      "tanh_shrink", "squareplus", "sparse_plus", "sparse_sigmoid", "glu", "threshold", "log_sigmoid")
_same(_linalg, "inv", "solve")
for _name, _of in {"absolute": "abs", "power": "pow", "true_divide": "divide", "arccos": "acos",
                   "arccosh": "acosh", "arcsin": "asin", "arcsinh": "asinh", "arctan": "atan",
                   "arctan2": "atan2", "arctanh": "atanh", "isfinite": "is_finite", "isinf": "is_inf",
                   "isnan": "is_nan", "bitwise_invert": "bitwise_not"}.items():
    globals()[_name] = _renamed(getattr(_core, _of), _name)
globals().update(swish=globals()["silu"], hard_swish=globals()["hard_silu"], fabs=globals()["absolute"])


def __getattr__(name):
    raise missing(__name__, name)
