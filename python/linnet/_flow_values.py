"""What branches and loops on traced values share: tests of values, their texts, and how a loop begins again
when its body has shown what a loop variable has to be."""

import threading

from . import _core, _nest
from .errors import ShapeError, ValueError


class _Undefined:
    """What stands for a name that is not bound, and for a result that is not there yet."""

    def __repr__(self):
        return "<undefined>"


undefined = _Undefined()
_RESULT = "_ln_result"  # of a rewritten function: see _jumps.py


def get(read):
    """The value of a name, or undefined."""
    try:
        return read()
    except NameError:
        return undefined


def _is_traced(x):
    if isinstance(x, _core.Tensor):
        return x._is_traced
    return isinstance(x, _core.Variable) and _core._is_tracing()


def _is_number(x):
    return isinstance(x, (bool, int, float))


def _is_tensor_like(x):
    return isinstance(x, _core.Tensor) or _is_number(x) or type(x).__module__ == "numpy"


def _condition(x, what):
    """A scalar bool tensor: the truth of x, as Python would see it."""
    x = _core.convert_to_tensor(x)
    if x.ndim:
        if any(n != 1 for n in x.shape):
            raise ShapeError(f"[{what}] the condition has shape {tuple(x.shape)}, expected a "
                             "scalar: use reduce_any() or reduce_all()")
        x = _core.reshape(x, [])
    return x if x.dtype == "bool" else _core.not_equal(x, _core.zeros([], x.dtype))


def _shown(name):
    return "the return value" if name == _RESULT else f"'{name}'"


def _place(where):
    return f"{where[0]}:{where[1]}"


def _spec(x):
    return f"{x.dtype!r}{tuple(x.shape)}"


def _described(x):
    return repr(x) if x is None or isinstance(x, (str, bool, int, float)) else type(x).__name__


def _number_like(number, tensor):
    fits = isinstance(number, bool) == (tensor.dtype == "bool") and (
        not isinstance(number, float) or tensor.dtype.is_floating)
    return _core.convert_to_tensor(number, dtype=tensor.dtype if fits else None)


def _definition(function):
    code = getattr(function, "__code__", None)
    return (code.co_filename, code.co_firstlineno) if code else ("cond", 0)


class _Again(Exception):
    """The body has shown what a loop variable of a loop has to be before it."""


class _Recording(threading.local):
    def __init__(self):
        self.loops = []  # the variables of the loops around, outermost first


_recording = _Recording()


def begin_again_with(tensor, dtype):
    """If the tensor stands for a number before a loop: begins that loop again, with this dtype."""
    for variables in _recording.loops:
        for weak, place in variables.weak:
            if weak is tensor:
                variables.dtypes[place] = dtype
                raise _Again(variables)


def begin_again_buffered(array, shape):
    """If a loop around carries this TensorArray: begins that loop again, with the array's elements
    in one tensor."""
    for variables in _recording.loops:
        for i, value in enumerate(variables.values):
            leaves = _nest.flatten(value)
            if any(leaf is array for leaf in leaves):
                if array.dynamic_size and variables.limit is None:
                    raise ValueError(f"the loop at {_place(variables.where)} has an unknown number "
                                     "of iterations: give the TensorArray a size")
                variables.values[i] = _nest.pack(value, [
                    leaf._buffered(shape, variables.limit) if leaf is array else leaf
                    for leaf in leaves])
                raise _Again(variables)
