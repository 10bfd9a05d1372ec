"""linnet.function and its control flow."""

import functools
import inspect
import weakref

from . import _core, _nest
from ._shape import TensorShape


class TensorSpec:
    """Shape (None: unknown) and dtype of a tensor."""

    def __init__(self, shape=None, dtype="float32", name=None):
        self.shape = None if shape is None else TensorShape(shape)
        self.dtype = _core.as_dtype(dtype)
        self.name = name

    @classmethod
    def from_tensor(cls, tensor, name=None):
        return cls(tensor.shape, tensor.dtype, name)

    def is_compatible_with(self, tensor):
        return tensor.dtype == self.dtype and (
            self.shape is None or self.shape.is_compatible_with(tensor.shape)
        )

    def __eq__(self, other):
        return (isinstance(other, TensorSpec) and self.shape == other.shape
                and self.dtype == other.dtype)

    def __hash__(self):
        return hash((self.shape, self.dtype))

    def __repr__(self):
        return f"TensorSpec(shape={self.shape}, dtype={self.dtype!r}, name={self.name!r})"


def rewritten(function):
    """What to call instead of `function`: while capturing, the function with its control flow
    rewritten."""
    if not _core._is_tracing():
        return function
    from ._autograph import call

    return call(function)


def _rewritten_at_call(function):
    @functools.wraps(function)
    def run(*args, **kwargs):
        return rewritten(function)(*args, **kwargs)

    return run


class Function:
    """What linnet.function returns: called like the Python function, it replays its captures."""

    def __init__(self, function, input_signature=None, autograph=True, name=None):
        self.python_function = function
        self._name = name or getattr(function, "__name__", "function")
        self._signature = None if input_signature is None else list(input_signature)
        self._autograph = bool(autograph)
        self._core = _core._Function(_rewritten_at_call(function) if autograph else function, self._name)
        self._call = self._core.__call__
        self._bound = weakref.WeakKeyDictionary()
        self._specs = []
        functools.update_wrapper(self, function, updated=())

    def __call__(self, *args, **kwargs):
        if self._signature is None:
            return self._call(*args, **kwargs)
        return self._call(*self._checked(args, kwargs))

    def __get__(self, instance, owner=None):
        if instance is None:
            return self
        try:
            return self._bound[instance]
        except KeyError:
            pass
        reference, function = weakref.ref(instance), self.python_function
        run = _rewritten_at_call(function) if self._autograph else function

        @functools.wraps(function)
        def method(*args, **kwargs):
            return run(reference(), *args, **kwargs)

        bound = Function(method, self._signature, False, self._name)
        self._bound[instance] = bound
        return bound

    def _checked(self, args, kwargs):
        if kwargs:
            names = list(inspect.signature(self.python_function).parameters)
            args = list(args) + [kwargs[n] for n in names[len(args):] if n in kwargs]
        if len(self._signature) != len(args):
            raise TypeError(f"{self._name}: input_signature has {len(self._signature)} arguments, "
                            f"the call {len(args)}")
        return [self._fit(spec, value) for spec, value in zip(self._signature, args)]

    def _fit(self, spec, value):
        if isinstance(spec, dict):
            return {key: self._fit(part, value[key]) for key, part in spec.items()}
        if isinstance(spec, (list, tuple)):
            return type(spec)(self._fit(part, v) for part, v in zip(spec, value))
        tensor = _core.convert_to_tensor(value, dtype_hint=spec.dtype)
        if not spec.is_compatible_with(tensor):
            raise TypeError(f"{self._name}: an argument of shape {tensor.shape} and dtype "
                            f"{tensor.dtype!r} does not fit {spec}")
        return tensor

    def get_concrete_function(self, *args, **kwargs):
        """Captures for these arguments (TensorSpecs or values) and returns the function."""
        if self._signature is not None and not args:
            args = tuple(self._signature)
        leaves = _nest.flatten([list(args), kwargs])
        for leaf in leaves:
            if isinstance(leaf, TensorSpec) and (leaf.shape is None or None in leaf.shape):
                return self  # captured per shape, at the first call of each
        filled = [_core.zeros(leaf.shape, leaf.dtype) if isinstance(leaf, TensorSpec) else leaf
                  for leaf in leaves]
        args, kwargs = _nest.pack([list(args), kwargs], filled)
        self._core.prepare(*args, **kwargs)
        return self

    def experimental_get_tracing_count(self):
        """How many signatures were captured."""
        return self._core.tracing_count()

    def pretty_printed_concrete_signatures(self, verbose=True):
        return self.graph()

    def graph(self):
        """The newest capture, optimized, as text."""
        return self._core.graph()

    def plan(self):
        """Its kernels and places in memory, as text."""
        return self._core.plan()

    def __repr__(self):
        return f"<linnet.function {self._name}>"


def function(func=None, input_signature=None, autograph=True, jit_compile=None,
             reduce_retracing=False, **kwargs):
    """Captures a Python function: the first call with a new signature (shapes, dtypes, Python
    values) runs it and records its ops, later ones replay them without Python.

    Side effects happen while recording only. With autograph, `if`, `while`, `for`, `and`, `or`,
    `not`, `x if c else y`, comparison chains, `break`, `continue` and `return` that depend on
    tensors' values are rewritten, here and in functions called from here, where their source is
    found. Called while a GradientTape records, the function runs eagerly.
    """
    unknown = set(kwargs) - {"experimental_autograph_options", "experimental_implements",
                             "experimental_relax_shapes", "experimental_compile",
                             "experimental_follow_type_hints", "experimental_attributes"}
    if unknown:
        raise TypeError(f"function() got unexpected arguments {sorted(unknown)}")
    if func is None:
        return functools.partial(function, input_signature=input_signature, autograph=autograph)
    if not callable(func):
        raise TypeError(f"function: expected a callable, got {type(func).__name__}")
    if isinstance(func, Function):
        return func
    return Function(func, input_signature, autograph)


def run_functions_eagerly(run_eagerly):
    """True: captured functions run as plain Python, for debugging."""
    _core._run_functions_eagerly(bool(run_eagerly))


def functions_run_eagerly():
    return _core._functions_run_eagerly()


def executing_eagerly():
    """False while a function is being captured."""
    return not _core._is_tracing()


def cond(pred, true_fn=None, false_fn=None, name=None):
    """true_fn() if pred else false_fn(): pred is a scalar bool, the functions take nothing and
    return nests (tuples, lists, dicts) of tensors and numbers of one structure.

    Captured, both are recorded and the one that the value asks for runs; their results must agree
    in structure, dtypes and shapes (ValueError, DTypeError, ShapeError)."""
    from ._autograph import cond as branch

    return branch(pred, true_fn, false_fn)


def while_loop(cond, body, loop_vars, shape_invariants=None, parallel_iterations=10,
               back_prop=True, swap_memory=False, maximum_iterations=None, name=None):
    """loop_vars = body(*loop_vars) as long as cond(*loop_vars); returns the last loop_vars, a list
    or tuple of nests (tuples, lists, dicts) of tensors.

    Captured, loop variables keep structure, dtypes and shapes (ValueError, DTypeError,
    ShapeError)."""
    from ._autograph import while_loop as loop

    return loop(cond, body, loop_vars, maximum_iterations)
