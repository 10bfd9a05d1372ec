"""Every public callable gets what nobody would pass: only exceptions come back.

Runs in a child process whose memory is capped, so that a crash is a failed test. LINNET_FUZZ_CALLS
sets the number of calls.
"""

import os
import subprocess
import sys

CODE = r"""
import inspect, io, os, random, resource, sys, warnings
import numpy as np
import linnet as tf
from linnet import keras

warnings.simplefilter("ignore")
sys.setrecursionlimit(400)
resource.setrlimit(resource.RLIMIT_AS, (6 << 30, 6 << 30))
random.seed(int(sys.argv[2]))
calls = int(sys.argv[1])
os.chdir(sys.argv[3])
sys.stdout, real = io.StringIO(), sys.stdout

VALUES = [
    None, True, -1, 0, 1, 3, 2**31, 2**63, -2**70, 1e308, float("nan"), float("inf"), "", "relu",
    "mse", "adam", "float32", "valid", b"bytes", object(), int, [], [1, 2], [[1.0, 2.0], [3.0, 4.0]],
    [1, [2]], (), (2, 3), (2, -1), (10**9, 10**9), {}, {"a": 1}, {1, 2}, lambda *a, **k: a,
    np.float32(2.5), np.zeros((2, 3), "float32"), np.zeros((0, 3)), np.arange(4), np.array("x"),
    np.array([None]), np.ones((2, 2, 2), "complex64"), np.full((2, 2), np.nan, "float32"),
    tf.constant([1.0, 2.0]), tf.constant([[1, 2], [3, 4]]), tf.zeros((2, 4, 4, 3)), tf.zeros((0,)),
    tf.constant(True), tf.cast(tf.ones((2, 2)), "bfloat16"), tf.constant(np.float64(1.5)),
    tf.Variable([1.0, 2.0]), tf.float32, tf.bool, tf.data.Dataset.range(3), slice(None), Ellipsis,
    keras.layers.Dense(2), keras.Sequential([keras.layers.Dense(1)]), keras.optimizers.SGD(),
    keras.losses.MeanSquaredError(), keras.metrics.Mean(), keras.Input((3,)), tf.GradientTape(),
]
SKIP = {"repeat", "from_generator", "Timer", "set_intra_op_parallelism_threads", "print", "range",
        "set_num_threads", "register_keras_serializable", "flow", "get_file"}
EXPECTED = (tf.Error, TypeError, ValueError, IndexError, KeyError, AttributeError, NotImplementedError,
            OSError, MemoryError, OverflowError, RuntimeError, ArithmeticError, StopIteration,
            BufferError, RecursionError, ImportError, UnicodeError, AssertionError)

def public(module):
    for name in sorted(dir(module)):
        if name.startswith("_") or name in SKIP:
            continue
        try:
            value = getattr(module, name)
        except AttributeError:
            continue
        origin = getattr(value, "__module__", None) or ""
        if callable(value) and not origin.startswith(("numpy", "builtins", "os", "types")):
            yield f"{module.__name__}.{name}", value

modules = [tf, tf.math, tf.nn, tf.linalg, tf.random, tf.data, tf.distribute, tf.train, tf.config,
           keras, keras.layers, keras.models, keras.losses, keras.metrics, keras.optimizers,
           keras.optimizers.schedules, keras.callbacks, keras.initializers, keras.regularizers,
           keras.activations, keras.utils, keras.backend, keras.constraints]
targets = {}
for module in modules:
    targets.update(public(module))
objects = [v for v in VALUES if type(v).__module__.startswith("linnet")] + [
    keras.layers.Conv2D(2, 3), keras.layers.BatchNormalization(), keras.metrics.AUC(),
    tf.distribute.MirroredStrategy(["CPU:0", "CPU:1"])]
for i, o in enumerate(objects):
    for name in dir(type(o)):
        if (name.startswith("_") and not name.startswith("__")) or name in SKIP or name in (
                "__init__", "__new__", "__class__", "__init_subclass__", "__subclasshook__",
                "__reduce_ex__", "__sizeof__", "__dir__", "__getattribute__", "__setattr__",
                "__delattr__", "__del__", "__iter__", "as_numpy_iterator", "reduce", "fit",
                "__enter__", "__exit__", "__dict__", "__weakref__"):
            continue
        member = getattr(o, name, None)
        if callable(member):
            targets[f"object{i}:{type(o).__name__}.{name}"] = member

names = sorted(targets)
kept, done, strange = [], 0, {}
while done < calls:
    name = names[done % len(names)]
    arguments = [random.choice(VALUES) for _ in range(random.randint(0, 4))]
    keywords = {}
    if random.random() < 0.3:
        try:
            parameters = [p for p in inspect.signature(targets[name]).parameters
                          if p not in ("self", "args", "kwargs")]
        except (TypeError, ValueError):
            parameters = ["axis", "name", "dtype", "shape"]
        for key in random.sample(parameters, min(len(parameters), random.randint(0, 2))):
            keywords[key] = random.choice(VALUES)
    print(done, name, file=sys.stderr) if os.environ.get("LINNET_FUZZ_TRACE") else None
    try:
        result = targets[name](*arguments, **keywords)
        if isinstance(result, (tf.Tensor, keras.layers.Layer)) and len(kept) < 30:
            VALUES.append(result)
            kept.append(result)
        repr(result)
    except EXPECTED:
        pass
    except BaseException as problem:
        strange.setdefault(type(problem).__name__, (name, str(problem)[:200]))
    done += 1
real.write(f"{done} calls of {len(names)} callables; unexpected: {strange}\n")
sys.exit(1 if strange else 0)
"""


def test_no_call_crashes(tmp_path):
    calls = os.environ.get("LINNET_FUZZ_CALLS", "5000")
    run = subprocess.run([sys.executable, "-X", "faulthandler", "-c", CODE, calls, "1",
                          str(tmp_path)], capture_output=True, text=True, timeout=1200)
    assert run.returncode == 0, run.stdout + run.stderr[-3000:]
