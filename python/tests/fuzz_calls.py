"""Calls every public callable with what nobody would pass; see test_fuzz.py.

    python fuzz_calls.py CALLS SEED FOLDER

LINNET_FUZZ_TRACE=1 writes each call before it is made: the last one is what crashed.
"""

import inspect
import io
import os
import random
import resource
import sys
import warnings

import numpy as np

import linnet as tf
from linnet import keras

CALLS, SEED, FOLDER = int(sys.argv[1]), int(sys.argv[2]), sys.argv[3]
TRACE = bool(os.environ.get("LINNET_FUZZ_TRACE"))
# What the values here are that nobody should meet: a bug in Linnet, or an untyped error.
EXPECTED = (tf.Error, TypeError, ValueError, IndexError, KeyError, AttributeError, OSError,
            NotImplementedError, MemoryError, OverflowError, ArithmeticError, StopIteration,
            BufferError, ImportError)
SKIP = {  # endless, of the process, or said to print
    "repeat", "from_generator", "Timer", "set_intra_op_parallelism_threads", "print", "range",
    "set_num_threads", "register_keras_serializable", "flow", "get_file", "while_loop"}
MEMBERS = {  # of objects: Python's own, or with effects on what is fuzzed
    "__init__", "__new__", "__class__", "__init_subclass__", "__subclasshook__", "__reduce_ex__",
    "__sizeof__", "__dir__", "__getattribute__", "__setattr__", "__delattr__", "__del__",
    "__iter__", "as_numpy_iterator", "reduce", "fit", "__enter__", "__exit__", "__dict__",
    "__weakref__"}

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
    keras.constraints.MaxNorm(), keras.regularizers.L2(), keras.initializers.Zeros(),
    keras.optimizers.schedules.ExponentialDecay(0.1, 2, 0.5), keras.callbacks.EarlyStopping(),
]
# By parameters' names: what is nearly right gets past the first check.
LIKELY = {
    "x": [tf.ones((2, 3)), tf.zeros((2, 4, 4, 3)), tf.zeros((0, 3))], "axis": [0, -1, 5, [0, 0]],
    "shape": [(2, 3), (0,), (-1,), ()], "units": [1, 0, -3, 10**12], "filters": [1, 0, 10**12],
    "kernel_size": [1, (2, 2), (0, 1), 10**9], "strides": [1, (2, 0), -1], "padding": ["same", "x"],
    "dtype": ["float16", "int8", tf.bfloat16, "nope"], "rate": [0.5, 1.0, -1, 2],
    "pool_size": [2, (3, 1), 0], "data_format": ["channels_first", "x"], "size": [2, (0, 1), 10**9],
    "num_classes": [3, 0, -1, 10**12], "k": [1, 0, 100], "depth": [3, 0, -1, 10**12],
}


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


def members(index, thing):
    for name in dir(type(thing)):
        hidden = name.startswith("_") and not name.startswith("__")
        if hidden or name in SKIP or name in MEMBERS:
            continue
        member = getattr(thing, name, None)
        if callable(member):
            yield f"object{index}:{type(thing).__name__}.{name}", member


def all_targets():
    targets = {}
    for module in [tf, tf.math, tf.nn, tf.linalg, tf.random, tf.data, tf.distribute, tf.train,
                   tf.config, tf.image, tf.nest, tf.dtypes, keras, keras.layers, keras.models,
                   keras.losses, keras.metrics, keras.optimizers, keras.optimizers.schedules,
                   keras.callbacks, keras.initializers, keras.regularizers, keras.activations,
                   keras.utils, keras.backend, keras.constraints, keras.datasets]:
        targets.update(public(module))
    things = [v for v in VALUES if type(v).__module__.startswith("linnet")] + [
        keras.layers.Conv2D(2, 3), keras.layers.BatchNormalization(), keras.layers.LSTM(2),
        keras.layers.Normalization(), keras.layers.RandomZoom(0.2), keras.metrics.AUC(),
        keras.metrics.F1Score(), keras.optimizers.Adam(use_ema=True, clipnorm=1.0),
        tf.distribute.MirroredStrategy(["CPU:0", "CPU:1"]), keras.callbacks.ReduceLROnPlateau(),
        tf.function(lambda *a: a[0] + 1)]
    for i, thing in enumerate(things):
        targets.update(members(i, thing))
    return targets


def parameters_of(target):
    try:
        return [p for p in inspect.signature(target).parameters
                if p not in ("self", "args", "kwargs")]
    except (TypeError, ValueError):
        return ["axis", "name", "dtype", "shape"]


def some_value(parameter=None):
    if parameter in LIKELY and random.random() < 0.6:
        return random.choice(LIKELY[parameter])
    return random.choice(VALUES)


def some_arguments(target):
    names = parameters_of(target)
    if random.random() < 0.4:  # all that it wants, by name or place
        wanted = names[:random.randint(1, max(1, len(names)))]
        return [some_value(name) for name in wanted], {}
    arguments = [random.choice(VALUES) for _ in range(random.randint(0, 4))]
    keywords = {}
    if random.random() < 0.3:
        for key in random.sample(names, min(len(names), random.randint(0, 2))):
            keywords[key] = some_value(key)
    return arguments, keywords


def use(result):
    """Objects are for something: what their constructors let pass is tried."""
    repr(result)
    if isinstance(result, (keras.layers.Layer, keras.losses.Loss)):
        v = tf.Variable(random.choice([tf.ones((2, 3)), tf.ones((2, 4, 4, 3)), tf.ones((2, 3, 4))]))
        with tf.GradientTape() as tape:
            y = result(v, v) if isinstance(result, keras.losses.Loss) else result(v)
        tape.gradient(y, v)
    elif isinstance(result, keras.metrics.Metric):
        result.update_state(some_value(), some_value())
        result.result()
    elif isinstance(result, keras.optimizers.Optimizer):
        v = tf.Variable([1.0, 2.0])
        result.apply_gradients([(tf.constant([0.5, 0.5]), v)])
    elif isinstance(result, tf.data.Dataset):
        for _, _ in zip(range(2), result):
            pass
    elif isinstance(result, keras.initializers.Initializer):
        result(random.choice([(2, 3), (3,), ()]))


def main():
    warnings.simplefilter("ignore")
    sys.setrecursionlimit(400)
    resource.setrlimit(resource.RLIMIT_AS, (6 << 30, 6 << 30))
    random.seed(SEED)
    os.chdir(FOLDER)
    sys.stdout, said = io.StringIO(), sys.stdout
    targets = all_targets()
    names = sorted(targets)
    made, strange = 0, {}
    for done in range(CALLS):
        name = names[done % len(names)]
        arguments, keywords = some_arguments(targets[name])
        if TRACE:
            sys.stderr.write(f"{done} {name}\n")
        try:
            result = targets[name](*arguments, **keywords)
            if isinstance(result, (tf.Tensor, keras.layers.Layer)) and made < 30:
                VALUES.append(result)
                made += 1
            use(result)
        except EXPECTED:
            pass
        except BaseException as problem:
            text = f"{type(problem).__name__}: {problem}"[:200]
            strange.setdefault(name, text)
    said.write(f"{CALLS} calls of {len(names)} callables; unexpected: {len(strange)}\n")
    for name, text in strange.items():
        said.write(f"  {name}: {text}\n")
    return 1 if strange else 0


if __name__ == "__main__":
    sys.exit(main())
