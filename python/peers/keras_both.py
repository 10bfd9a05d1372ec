"""Keras and Linnet in one process: making the same object on both sides and comparing it."""

import itertools
import os
import random

os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")
os.environ.setdefault("CUDA_VISIBLE_DEVICES", "")

import keras  # noqa: E402
import numpy as np  # noqa: E402
import tensorflow  # noqa: E402

import linnet  # noqa: E402
from linnet import keras as ours  # noqa: E402

# float32 on both sides: sums of up to some thousand products in another order differ by a few
# square roots of that many roundings of 6e-8, relative to the largest value.
RTOL, ATOL = 2e-5, 2e-6


class Make:
    """An option that is an object of the library: Make(lambda k: k.regularizers.L2(0.01))."""

    def __init__(self, function, text):
        self.function, self.text = function, text

    def __repr__(self):
        return self.text


def of(text):
    """Make from an expression over `k`, the library: of("regularizers.L2(0.01)")."""
    return Make(eval(f"lambda k: k.{text}"), text)  # noqa: S307


def options_for(library, options):
    return {key: value.function(library) if isinstance(value, Make) else value
            for key, value in options.items()}


def grid(limit=160, **choices):
    """All combinations of the options, or `limit` of them drawn with a fixed seed."""
    names = list(choices)
    every = list(itertools.product(*choices.values()))
    if len(every) > limit:
        # The defaults (first of each), each option alone, then a draw.
        first = every[0]
        alone = [tuple(v if n == name else d for n, d in zip(names, first))
                 for name in names for v in choices[name]]
        every = _unique(alone + random.Random(1).sample(every, limit))
    return [dict(zip(names, values)) for values in every]


def _unique(items):
    seen, out = set(), []
    for item in items:
        if repr(item) not in seen:
            seen.add(repr(item))
            out.append(item)
    return out


def value(x):
    """A result of either side as NumPy, nests as lists."""
    if isinstance(x, (list, tuple)):
        return [value(v) for v in x]
    if isinstance(x, dict):
        return {k: value(v) for k, v in x.items()}
    return np.asarray(x)


def leaves(nest):
    if isinstance(nest, dict):
        return [leaf for key in sorted(nest) for leaf in leaves(nest[key])]
    if isinstance(nest, (list, tuple)):
        return [leaf for part in nest for leaf in leaves(part)]
    return [nest]


def rng(seed=0):
    return np.random.default_rng(seed)


def randomize(layer, seed=3):
    """Random weights in Keras's layer: zeros and ones would hide an option that is ignored."""
    generator = rng(seed)
    for w in layer.weights:
        if w.dtype not in ("float32",):
            continue
        new = generator.normal(size=w.shape).astype("float32") * 0.5
        w.assign(np.abs(new) + 0.5 if "variance" in w.path else new)
