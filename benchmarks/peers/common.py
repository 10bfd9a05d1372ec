"""What all peers share: the protocol, data, weights and the way time is taken.

A side reads lines "WORKLOAD SECONDS [CANDIDATE]" and answers each with one line of JSON, as
linnet_bench does; with CANDIDATE it sets up that one alone, if it has it.
The workloads are defined in benchmarks/workloads.md. A side's script calls serve() with a function
that gives, for a workload's name, the candidates: ways to run it of which the fastest is measured.
"""
import ctypes
import gc
import json
import os
import resource
import statistics
import sys
import time

import numpy as np

THREADS = len(os.sched_getaffinity(0))
EPSILON, BETA_1, BETA_2 = 1e-7, 0.9, 0.999  # of Adam


# --- Data and weights ---------------------------------------------------------------------------

def hashed(n, seed):
    x = np.arange(n, dtype=np.uint32) + np.uint32(seed * 0x9E3779B9 % 2**32)
    x = (x ^ (x >> np.uint32(16))) * np.uint32(0x7FEB352D)
    x = (x ^ (x >> np.uint32(15))) * np.uint32(0x846CA68B)
    return x ^ (x >> np.uint32(16))


def uniform(shape, seed, scale):
    h = hashed(int(np.prod(shape)), seed).astype(np.float64)
    return ((h / 2**32 - 0.5) * scale).astype(np.float32).reshape(shape)


def integers(shape, seed, n):
    return ((hashed(int(np.prod(shape)), seed) >> np.uint32(8)) % n).astype(np.int32).reshape(shape)


class Parameters:
    """The initial values in order, by name; the seed counts them from 1."""

    def __init__(self):
        self.values = {}

    def add(self, name, shape, fan=0):
        fan = fan or int(np.prod(shape[:-1]))
        self.values[name] = uniform(shape, len(self.values) + 1, 2 * np.sqrt(3 / fan))

    def constant(self, name, n, value=0.0):
        self.values[name] = np.full(n, value, np.float32)

    def affine(self, name, shape):
        self.add(name + "/kernel", shape)
        self.constant(name + "/bias", shape[-1])

    def norm(self, name, n):
        self.constant(name + "/gamma", n, 1.0)
        self.constant(name + "/beta", n)


IMAGE_MODELS = {  # input shape, layers: ("conv", filters), ("pool",), ("flatten",), ("dense", units, relu)
    "mlp": ((32, 100), [("dense", 256, True), ("dense", 10, False)]),
    "lenet": ((128, 28, 28, 1), [("conv", 32), ("pool",), ("conv", 64), ("pool",), ("flatten",),
                                 ("dense", 10, False)]),
    "cnn100": ((32, 100, 100, 3), [("conv", 32), ("pool",), ("conv", 64), ("pool",), ("conv", 128),
                                   ("pool",), ("flatten",), ("dense", 128, True),
                                   ("dense", 10, False)]),
}
LINNET_ALONE = ("cnn100_bf16",)  # workloads without a peer
INFERENCE = {"infer1": "cnn100", "infer_mlp1": "mlp"}  # of one sample, with that model


def setting(name, key, standard):
    """The number behind `key` in a name like "mlp@batch=8"."""
    for part in name.split("@")[1:]:
        if part.startswith(key + "="):
            return int(part[len(key) + 1:])
    return standard


def base(name):
    return name.split("@")[0]


class Definition:
    learning_rate = 1e-3


class Image(Definition):
    """mlp, lenet, cnn100: a chain of layers, each with its parameters' name."""

    def __init__(self, full_name):
        name = base(full_name)
        self.learning_rate = 1e-4 if name == "cnn100" else 1e-3
        shape, layers = IMAGE_MODELS[INFERENCE.get(name, name)]
        layers = layers[:1] * setting(full_name, "depth", 1) + layers[1:]
        batch = 1 if name in INFERENCE else setting(full_name, "batch", shape[0])
        self.shape = (batch, *shape[1:])
        self.layers = []
        p, now = Parameters(), shape[1:]
        for i, layer in enumerate(layers):
            kind, key = layer[0], f"{layer[0]}{i}"
            if kind == "conv":
                p.affine(key, (3, 3, now[-1], layer[1]))
                now = (now[0] - 2, now[1] - 2, layer[1])
            elif kind == "pool":
                now = (now[0] // 2, now[1] // 2, now[2])
            elif kind == "flatten":
                self.flattened = now  # height, width, channels
                now = (int(np.prod(now)),)
            else:
                p.affine(key, (now[0], layer[1]))
                now = (layer[1],)
            self.layers.append((kind, key, kind != "dense" or layer[2]))
        self.parameters = p.values
        self.x = uniform(self.shape, 99, 2)
        self.y = integers(self.shape[:1], 98, 10)

    def after_flatten(self):
        """The name of the first dense layer behind the flattening, or None."""
        kinds = [kind for kind, _, _ in self.layers]
        return self.layers[kinds.index("flatten") + 1][1] if "flatten" in kinds else None


class ResNet18(Definition):
    momentum, learning_rate, epsilon = 0.9, 0.01, 1e-5

    def __init__(self):
        p = Parameters()

        def conv_norm(name, shape):
            p.add(name + "/kernel", shape)
            p.norm(name, shape[-1])

        conv_norm("stem", (7, 7, 3, 64))
        self.blocks, now = [], 64  # (name, stride, has a projection)
        for filters in (64, 128, 256, 512):
            for i in range(2):
                name, stride = f"block{filters}_{i}", 2 if i == 0 and filters > 64 else 1
                conv_norm(name + "/first", (3, 3, now, filters))
                conv_norm(name + "/second", (3, 3, filters, filters))
                if stride > 1:
                    conv_norm(name + "/shortcut", (1, 1, now, filters))
                self.blocks.append((name, stride, stride > 1))
                now = filters
        p.affine("head", (512, 10))
        self.parameters = p.values
        self.x, self.y = uniform((16, 64, 64, 3), 99, 2), integers((16,), 98, 10)


class Gpt(Definition):
    batch, context, vocabulary, width, heads, depth = 16, 128, 96, 128, 4, 4
    weight_decay, epsilon = 0.01, 1e-5

    def __init__(self):
        p, d = Parameters(), self.width
        p.add("tokens", (self.vocabulary, d), d)
        p.add("positions", (self.context, d), d)
        for i in range(self.depth):
            p.norm(f"{i}/norm_1", d)
            p.affine(f"{i}/qkv", (d, 3 * d))
            p.affine(f"{i}/out", (d, d))
            p.norm(f"{i}/norm_2", d)
            p.affine(f"{i}/up", (d, 4 * d))
            p.affine(f"{i}/down", (4 * d, d))
        p.norm("norm", d)
        p.affine("head", (d, self.vocabulary))
        self.parameters = p.values
        text = integers((self.batch, self.context + 1), 99, self.vocabulary)
        self.x, self.y = text[:, :-1].copy(), text[:, 1:].copy()


class Lstm(Definition):
    units = 128

    def __init__(self):
        p = Parameters()
        p.add("kernel", (32, 512))
        p.add("recurrent", (128, 512))
        p.constant("bias", 512)
        p.affine("head", (128, 10))
        self.parameters = p.values
        self.x, self.y = uniform((32, 64, 32), 99, 2), integers((32,), 98, 10)


class Embed(Definition):
    rows, width = 10000, 32

    def __init__(self):
        p = Parameters()
        p.add("users", (self.rows, self.width), self.width)
        p.add("items", (self.rows, self.width), self.width)
        self.parameters = p.values
        self.x = np.stack([integers((1024,), 99, self.rows), integers((1024,), 98, self.rows)])
        self.y = uniform((1024,), 97, 2)


def definition(name):
    others = {"resnet18": ResNet18, "gpt": Gpt, "lstm": Lstm, "embed": Embed}
    return others[name]() if name in others else Image(name)


# --- Time -----------------------------------------------------------------------------------------

class Workload:
    """step() runs `steps` training steps and returns their losses (a number if one), or, for
    inference, runs once; outputs() gives what is compared then. activate() sets global state."""

    def __init__(self, step, steps=1, outputs=None, activate=lambda: None):
        self.step, self.steps, self.outputs, self.activate = step, steps, outputs, activate


class Running:
    """A workload with what its first steps gave. Short steps are timed in blocks."""

    def __init__(self, name, choice, build):
        self.name, self.choice = name, choice
        self.workload = w = build()
        w.activate()
        start = time.perf_counter()
        losses = self.once()
        self.first_step = time.perf_counter() - start
        while len(losses) < 10:
            losses += self.once()
        self.losses = losses[:10] if w.outputs is None else [float(v) for v in w.outputs()]
        start = time.perf_counter()
        for _ in range(3):
            w.step()
        self.block = max(1, min(1000, int(2e-4 / ((time.perf_counter() - start) / 3))))

    def once(self):
        losses = self.workload.step()
        return [float(v) for v in losses] if self.workload.steps > 1 else [float(losses or 0)]

    def milliseconds(self, limit):
        self.workload.activate()
        step, block, times, start = self.workload.step, self.block, [], time.perf_counter()
        while time.perf_counter() - start < limit or len(times) < 2:
            t = time.perf_counter()
            for _ in range(block):
                step()
            times.append((time.perf_counter() - t) * 1e3 / (block * self.workload.steps))
        return times

    def measure(self, limit):
        self.milliseconds(0.05)  # what the others' rounds pushed out of the caches
        faults = resource.getrusage(resource.RUSAGE_SELF).ru_minflt
        times = self.milliseconds(limit)
        faults = resource.getrusage(resource.RUSAGE_SELF).ru_minflt - faults
        steps = len(times) * self.block * self.workload.steps
        return {"workload": self.name, "median_ms": statistics.median(times), "min_ms": min(times),
                "steps": steps, "first_step_ms": self.first_step * 1e3,
                "faults_per_step": faults / steps, "peak_kb": peak_kilobytes(),
                "choice": self.choice, "losses": self.losses}


def peak_kilobytes():
    with open("/proc/self/status") as f:
        return next(int(line.split()[1]) for line in f if line.startswith("VmHWM:"))


def reset_peak():
    gc.collect()
    ctypes.CDLL(None).malloc_trim(0)
    with open("/proc/self/clear_refs", "w") as f:
        f.write("5")


def fastest(name, candidates):
    """Builds every candidate (label, build), keeps the fastest; a failing one is left out."""
    best, best_time = None, 0.0
    for label, build in candidates:
        try:
            running = Running(name, label, build)
            now = min(running.milliseconds(0.3 if len(candidates) > 1 else 0))
        except Exception as error:  # a peer's own failure is its answer, not ours
            print(f"{name}, {label}: {type(error).__name__}: {str(error)[:500]}", file=sys.stderr)
            continue
        if best is None or now < best_time:
            best, best_time = running, now
        del running
    return best


def serve(version, candidates_of):
    """Answers until standard input ends. `candidates_of(name)` is a list, empty if a workload has
    no meaning here."""
    answers = os.fdopen(os.dup(1), "w")
    os.dup2(2, 1)  # what a framework prints must not look like an answer
    current, running = None, None
    for line in sys.stdin:
        name, limit, wanted = (*line.split(maxsplit=2), "")[:3]
        wanted = wanted.strip()
        if current != name:
            current, running = name, None
            reset_peak()
            candidates = [] if base(name) in LINNET_ALONE else candidates_of(name)
            candidates = [c for c in candidates if c[0] == wanted] or candidates
            running = fastest(name, candidates)
            if len(candidates) > 1:
                reset_peak()  # the rejected ones do not count
        none = {"workload": name, "none": True, "failed": bool(candidates)}
        answer = running.measure(float(limit)) if running else none
        print(json.dumps({**answer, "version": version}), file=answers, flush=True)
