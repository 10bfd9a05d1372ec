"""One measurement of one library in this process, as JSON on standard output.

    PYTHON sides.py LIBRARY import|layers|add|call
    PYTHON sides.py linnet fit WORKLOAD FITS
"""

import json
import sys
import time


def seconds(function, repeats=7, block=1000):
    """The least time of one call, over blocks."""
    best = float("inf")
    for _ in range(repeats):
        start = time.perf_counter()
        for _ in range(block):
            function()
        best = min(best, time.perf_counter() - start)
    return best / block


def timed_import(*names):
    start = time.perf_counter()
    for name in names:
        __import__(name)
    return time.perf_counter() - start


def imports(library):
    return timed_import({"jax": "jax.numpy"}.get(library, library))


def layers(library):
    """With what a program of layers needs."""
    return timed_import(*{"linnet": ("linnet.keras.layers", "linnet.keras.models"),
                          "tensorflow": ("tensorflow", "keras.layers", "keras.models"),
                          "torch": ("torch", "torch.nn"),
                          "jax": ("jax.numpy", "jax.nn")}[library])


def vectors(library):
    """Two vectors of 8 floats, and what waits for a result."""
    values = [float(i) for i in range(8)]
    if library == "linnet":
        import linnet

        return linnet.constant(values), linnet.constant(values), lambda y: y
    if library == "tensorflow":
        import tensorflow

        return tensorflow.constant(values), tensorflow.constant(values), lambda y: y
    if library == "torch":
        import torch

        torch.set_num_threads(1)
        return torch.tensor(values), torch.tensor(values), lambda y: y
    import jax.numpy

    return jax.numpy.array(values), jax.numpy.array(values), lambda y: y.block_until_ready()


def add(library):
    """An eager addition of 8 floats."""
    a, b, wait = vectors(library)
    return seconds(lambda: wait(a + b))


def call(library):
    """A captured function of one tensor: x * 2 + 1, called."""
    a, _, wait = vectors(library)

    def f(x):
        return x * 2.0 + 1.0

    if library in ("linnet", "tensorflow"):
        captured = __import__(library).function(f)
    elif library == "jax":
        import jax

        captured = jax.jit(f)
    else:
        import torch

        captured = torch.compile(f)
    captured(a)
    return seconds(lambda: wait(captured(a)))


def fit(library, workload, fits):
    """model.fit of benchmarks/model_fit.cpp's workloads: the seconds of each fit."""
    import numpy as np

    import linnet as tf
    from linnet.keras import layers as l

    made, shape, samples, batch_size, epochs = {
        "mlp": (lambda: [l.Dense(256, activation="relu"), l.Dense(10)], (100,), 3200, 32, 5),
        "lenet": (lambda: [l.Conv2D(32, 3, activation="relu"), l.MaxPooling2D(2),
                           l.Conv2D(64, 3, activation="relu"), l.MaxPooling2D(2), l.Flatten(),
                           l.Dense(10)], (28, 28, 1), 640, 128, 2)}[workload]
    model = tf.keras.Sequential(made())
    x = np.random.normal(size=(samples, *shape)).astype("float32")
    y = np.random.randint(0, 10, samples).astype("int32")
    model.compile(tf.keras.optimizers.Adam(1e-3),
                  tf.keras.losses.SparseCategoricalCrossentropy(from_logits=True),
                  metrics=["accuracy"])
    options = {"epochs": epochs, "batch_size": batch_size, "verbose": 0}
    model.fit(x, y, **options)
    times = []
    for _ in range(int(fits)):
        start = time.perf_counter()
        model.fit(x, y, **options)
        times.append(time.perf_counter() - start)
    return times


if __name__ == "__main__":
    measures = {"import": imports, "layers": layers, "add": add, "call": call, "fit": fit}
    print(json.dumps(measures[sys.argv[2]](sys.argv[1], *sys.argv[3:])))
