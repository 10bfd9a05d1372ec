"""Python code in and around captured functions: py_function, numpy_function, init_scope, device."""

import contextlib

from . import _core
from .errors import CaptureError, DeviceError


def _outputs(result, dtypes):
    """A function's results as a list of tensors of these dtypes."""
    if not dtypes:
        return []
    leaves = list(result) if isinstance(result, (list, tuple)) else [result]
    if len(dtypes) == 1 and len(leaves) != 1:
        leaves = [result]
    if len(leaves) != len(dtypes):
        raise ValueError(f"py_function: {len(leaves)} results for {len(dtypes)} dtypes in Tout")
    return [_core.cast(_core.convert_to_tensor(x, dtype_hint=t), t)
            for x, t in zip(leaves, dtypes)]


def py_function(func=None, inp=None, Tout=None, name=None, output_shapes=None):
    """func(*inp) as ordinary Python, with tensors' values, wherever it stands.

    Eagerly, and in functions of datasets, it is a call; gradients flow through its ops. In a
    captured function it becomes a node that calls Python each time: its results have the dtypes of
    Tout and the shapes of output_shapes (one shape, or a list as Tout is one). Without these, func
    is called once on zeros while capturing, to see what it gives. What func raises, the captured
    call raises. A captured one has no gradient (NotSupportedError).
    """
    return _call(func, inp, Tout, output_shapes, lambda tensors: tensors)


def numpy_function(func=None, inp=None, Tout=None, stateful=True, name=None, output_shapes=None):
    """py_function() with NumPy arrays for tensors; without gradient."""
    return _call(func, inp, Tout, output_shapes, lambda tensors: [t.numpy() for t in tensors], True)


def _call(func, inp, Tout, shapes, convert, stop=False):
    single = not isinstance(Tout, (list, tuple))
    dtypes = [_core.as_dtype(t) for t in ([Tout] if single else Tout) if t is not None]
    inputs = [_core.convert_to_tensor(x) for x in (inp or [])]

    def run(tensors):
        return _outputs(func(*convert(tensors)), dtypes)

    if _core._is_tracing():
        results = _record(run, inputs, dtypes, shapes, single)
    else:
        results = run(inputs)
        if stop:
            results = [_core.stop_gradient(x) for x in results]
    if single:
        return results[0] if results else None
    return results


def _record(run, inputs, dtypes, shapes, single):
    if dtypes and shapes is None:
        shapes = _shapes_for_zeros(run, inputs)
    else:
        shapes = [] if not dtypes else [shapes] if single else list(shapes)
    if len(shapes) != len(dtypes):
        raise ValueError(f"py_function: {len(shapes)} shapes for {len(dtypes)} dtypes in Tout")
    return _core._record_python_call(run, inputs, dtypes, [list(s) for s in shapes])


def _shapes_for_zeros(run, inputs):
    try:
        with _core._EagerBlock():
            return [tuple(y.shape) for y in run([_core.zeros(x.shape, x.dtype) for x in inputs])]
    except Exception as problem:
        raise CaptureError("[py_function] in a captured function the results' shapes must be known: "
                           f"give output_shapes; called on zeros, the function raised {problem!r}"
                           ) from problem


@contextlib.contextmanager
def init_scope():
    """Steps out of a capture: ops in its block run at once, on concrete tensors."""
    with _core._EagerBlock():
        yield


@contextlib.contextmanager
def device(device_name):
    """Ops of its block run on that device. There is the CPU; a GPU that a program asks for is
    replaced by it, as TensorFlow does where there is none."""
    text = str(device_name or "").rsplit("/", 1)[-1].lower()
    kind = text.replace("device:", "").partition(":")[0]
    if device_name is not None and kind not in ("cpu", "gpu", ""):
        raise DeviceError(f"[device] {device_name!r} is no device: expected '/CPU:0' or '/GPU:0'")
    yield
