"""Linnet's ops beside PyTorch's, on the samples PyTorch tests itself with (OpInfo).

Runs in PyTorch's environment with the package on PYTHONPATH: `./dev test --peers`. For each op of
torch_table.ROWS: values and gradients in float64 and values in the other dtypes for `sample_inputs`
and `reference_inputs` (broadcasts, views, extreme values, NaN, infinities), and for `error_inputs`
that Linnet raises, too.
"""

import argparse
import random
import sys
import warnings

import numpy as np
import torch
from torch.testing._internal.common_methods_invocations import op_db

import linnet as tf
from compare import Suite, Unsupported, worst
from torch_explained import EXPLAINED
import torch_elementwise  # noqa: F401  (these fill ROWS)
import torch_nn  # noqa: F401
import torch_reductions  # noqa: F401
import torch_shapes  # noqa: F401
from torch_table import DIRECT, ROWS, First

warnings.simplefilter("ignore")
DTYPES = {torch.float64: (1e-10, 1e-12), torch.float32: (2e-5, 2e-6), torch.int64: (0, 0),
          torch.int32: (0, 0), torch.uint8: (0, 0), torch.bool: (0, 0)}
# bfloat16 and float16 round once in Linnet, PyTorch rounds each step of a composition: one ulp.
DTYPES[torch.bfloat16] = (2.0 ** -7, 2.0 ** -7)
DTYPES[torch.float16] = (2.0 ** -10, 2.0 ** -10)
ERRORS = (tf.Error, ValueError, TypeError, IndexError, NotImplementedError, RuntimeError)


class Case:
    """A sample: what a table's `when` may look at."""

    def __init__(self, op, dtype, sample, text=""):
        self.op, self.dtype, self.text = op, dtype, text
        self.input, self.args, self.kwargs = map(
            _with_gradients, (sample.input, sample.args, sample.kwargs))
        self.tensors = _tensors([self.input, self.args, self.kwargs])

    def __str__(self):
        def brief(x):
            if isinstance(x, torch.Tensor):
                return f"{str(x.dtype)[6:]}{list(x.shape)}"
            if isinstance(x, dict):
                return "{" + ", ".join(f"{k}: {brief(v)}" for k, v in x.items()) + "}"
            if isinstance(x, (list, tuple)):
                return "(" + ", ".join(brief(v) for v in x) + ")"
            return repr(x)

        parts = [brief(self.input), *map(brief, self.args)]
        return ", ".join(parts + [f"{k}={brief(v)}" for k, v in self.kwargs.items()])[:200]


def _tensors(nest):
    if isinstance(nest, torch.Tensor):
        return [nest]
    if isinstance(nest, dict):
        return [t for v in nest.values() for t in _tensors(v)]
    if isinstance(nest, (list, tuple)):
        return [t for v in nest for t in _tensors(v)]
    return []


def _with_gradients(nest):
    """Views that were made without gradients, and then asked for some, get none in PyTorch."""
    if isinstance(nest, torch.Tensor):
        return nest.detach().requires_grad_() if nest.requires_grad and nest.is_leaf else nest
    if isinstance(nest, dict):
        return {k: _with_gradients(v) for k, v in nest.items()}
    if isinstance(nest, (list, tuple)) and not isinstance(nest, torch.Size):
        return type(nest)(_with_gradients(v) for v in nest)
    return nest


def to_linnet(t):
    t = t.detach().resolve_conj().resolve_neg()
    if t.is_complex() or t.layout != torch.strided or t.dtype in (torch.uint16, torch.uint32,
                                                                 torch.uint64):
        raise Unsupported("complex, sparse or unsigned")
    if t.dtype == torch.bfloat16:
        return tf.cast(tf.constant(t.float().numpy()), "bfloat16")
    return tf.constant(t.numpy())


def to_numpy(t):
    if isinstance(t, torch.Tensor):
        t = t.detach().resolve_conj().resolve_neg()
        return (t.float() if t.dtype == torch.bfloat16 else t).numpy()
    t = tf.convert_to_tensor(t)
    return np.asarray(tf.cast(t, "float32") if t.dtype == "bfloat16" else t)


def converted(nest, leaves):
    """The nest with Linnet's tensors; those that need gradients are appended to leaves."""
    if isinstance(nest, torch.Tensor):
        t = to_linnet(nest)
        if nest.requires_grad:
            leaves.append((nest, t))
        return t
    if isinstance(nest, dict):
        return {k: converted(v, leaves) for k, v in nest.items()}
    if isinstance(nest, torch.Size):
        return list(nest)
    if isinstance(nest, (list, tuple)):
        return type(nest)(converted(v, leaves) for v in nest)
    return nest


def call_ours(function, case):
    leaves = []
    x, args, kwargs = (converted(n, leaves) for n in (case.input, list(case.args), case.kwargs))
    tape = tf.GradientTape()
    with tape:
        tape.watch([t for _, t in leaves])
        y = function(x, *args, **kwargs)
    ys = y if isinstance(y, First) else list(y) if isinstance(y, (list, tuple)) else [y]
    return ys, leaves, tape


def call_theirs(op, case):
    y = op(case.input, *case.args, **case.kwargs)
    if y is NotImplemented:
        raise TypeError("PyTorch's operator does not take this")
    return list(y) if isinstance(y, (list, tuple)) else [y]


def documented_limit(problem):
    """What the documentation of Linnet's op or of Tensor says is not there, if that is it."""
    text = str(problem)
    if isinstance(problem, tf.errors.DTypeError) and "expected floats" in text:
        return "integers, where the op is for floats"
    if isinstance(problem, tf.errors.ShapeError) and "is more than 8" in text:
        return "rank above 8"
    return None


def run_sample(suite, op, name, function, case, rtol, atol, gradients):
    try:
        theirs = call_theirs(op, case)
    except Exception:
        return suite.unsupported(name, "PyTorch refuses its own sample")
    try:
        ours, leaves, tape = call_ours(function, case)
    except Unsupported as problem:
        return suite.unsupported(name, str(problem))
    except Exception as problem:
        if documented_limit(problem):
            return suite.unsupported(name, documented_limit(problem))
        suite.compared(name, "values")
        return suite.fail(name, "value", f"[{case}] {type(problem).__name__}: {problem}", case)
    suite.compared(name, "values")
    problem = None
    if isinstance(ours, First):
        theirs = theirs[:len(ours)]
    if len(ours) != len(theirs):
        problem = f"{len(ours)} outputs, the peer has {len(theirs)}"
    elif any(y is NotImplemented for y in ours):
        problem = "the operator is not there"
    for a, b in zip(ours, theirs):
        if b.is_floating_point() and not rtol:  # of integers, a float function gives float32
            rtol, atol = DTYPES[torch.float32]
        problem = problem or worst(to_numpy(a), to_numpy(b), rtol, atol)
    if problem:
        return suite.fail(name, "value", f"[{str(case.dtype)[6:]}: {case}] {problem}", case)
    if gradients:
        run_gradient(suite, name, case, theirs, ours, leaves, tape, rtol, atol)


def run_gradient(suite, name, case, theirs, ours, leaves, tape, rtol, atol):
    pairs = [(a, b) for a, b in zip(theirs, ours) if a.requires_grad and a.is_floating_point()]
    if not leaves or not pairs:
        return
    seeds = [torch.randn(a.shape, dtype=a.dtype) for a, _ in pairs]
    try:
        expected = torch.autograd.grad([a for a, _ in pairs], [t for t, _ in leaves], seeds,
                                       allow_unused=True)
    except RuntimeError:
        return suite.no_gradient(name, "PyTorch's gradient of this sample raises")
    suite.compared(name, "gradients")
    try:
        found = tape.gradient([b for _, b in pairs], [t for _, t in leaves],
                              [to_linnet(s) for s in seeds])
    except Exception as problem:
        return suite.fail(name, "gradient", f"[{case}] {type(problem).__name__}: {problem}", case)
    # Rounding is relative to the seeds, too: a derivative of 0 may be the difference of two.
    scale = max([float(s.abs().max()) for s in seeds if s.numel()], default=0.0)
    for want, got in zip(expected, found):
        if want is None:
            suite.no_gradient(name, "PyTorch gives none for an input of this sample")
            continue
        if got is None:
            if want.any():
                return suite.fail(name, "gradient", f"[{case}] Linnet gives no gradient", case)
            continue
        problem = worst(to_numpy(got), to_numpy(want), rtol * 10, atol * 10, scale)
        if problem:
            return suite.fail(name, "gradient", f"[{case}] {problem}", case)


def samples(op, dtype, requires_grad):
    torch.manual_seed(0)
    random.seed(0)
    np.random.seed(0)
    seen = list(op.sample_inputs("cpu", dtype, requires_grad=requires_grad))
    if dtype not in (torch.float64, torch.float32):
        return seen
    try:
        seen += list(op.reference_inputs("cpu", dtype, requires_grad=requires_grad))
    except Exception:
        pass  # some OpInfos have none
    return seen


def run_op(suite, op, name, function):
    for dtype, (rtol, atol) in DTYPES.items():
        if not op.supports_dtype(dtype, "cpu"):
            continue
        gradients = dtype == torch.float64 and op.supports_autograd
        for sample in samples(op, dtype, gradients):
            case = Case(name, dtype, sample)
            values = [case.input, *case.args, *case.kwargs.values()]
            if any(t.is_complex() for t in case.tensors) or any(
                    isinstance(v, complex) for v in values):
                suite.unsupported(name, "complex numbers")
                continue
            run_sample(suite, op, name, function, case, rtol, atol, gradients)


def run_errors(suite, op, name, function):
    if op.error_inputs_func is None or name not in DIRECT:
        return
    for error in op.error_inputs("cpu"):
        case = Case(name, None, error.sample_input, str(error.error_regex))
        if {"out", "device", "layout"} & set(case.kwargs) or not case.tensors:
            continue
        try:
            call_ours(function, case)
        except Unsupported:
            continue
        except ERRORS:
            suite.compared(name, "errors")
            continue
        except Exception as problem:
            suite.fail(name, "error", f"[{case}] {type(problem).__name__}: {problem}", case)
            continue
        suite.compared(name, "errors")
        suite.fail(name, "error", f"[{case}] accepted; PyTorch: {error.error_regex}", case)


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("names", nargs="*", help="OpInfo names (default: all)")
    parser.add_argument("--verbose", action="store_true")
    arguments = parser.parse_args()
    tf.config.threading.set_intra_op_parallelism_threads(1)
    torch.set_num_threads(1)
    suite = Suite("PyTorch's OpInfo", EXPLAINED if not arguments.names else [
        e for e in EXPLAINED if e.op in arguments.names])
    found = {op.name + (f"/{op.variant_test_name}" if op.variant_test_name else ""): op
             for op in op_db}
    for name, (_, function) in ROWS.items():
        if arguments.names and name not in arguments.names:
            continue
        if arguments.verbose:
            print(name, flush=True)
        run_op(suite, found[name], name, function)
        run_errors(suite, found[name], name, function)
    print(f"of {len({n for n, _ in ROWS.values()})} ops of Linnet:")
    sys.exit(1 if suite.report(arguments.verbose) else 0)


if __name__ == "__main__":
    main()
