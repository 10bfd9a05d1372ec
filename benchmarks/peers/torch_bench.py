"""PyTorch's side of the benchmarks: the protocol, data and weights of linnet_bench.cpp.

Reads lines "WORKLOAD SECONDS" and answers each with one line of JSON. Eager mode, fused Adam, as
many threads as the machine has cores. Run by benchmarks/run.py.
"""
import json
import os
import resource
import sys
import time

import numpy as np
import torch
import torch.nn.functional as F

torch.set_num_threads(len(os.sched_getaffinity(0)))


def rule(shape, seed, scale):
    n = int(np.prod(shape))
    x = (np.arange(n, dtype=np.uint64) * 2654435761 + seed * 40503) % 2**32
    x = x.astype(np.uint32)
    v = ((x ^ (x >> np.uint32(15))).astype(np.float64) / 4294967296.0 - 0.5) * scale
    return v.astype(np.float32).reshape(shape)


class Net(torch.nn.Module):
    """Layers given as ("conv", in, out), ("pool",), ("flatten", h, w, c), ("dense", in, out, relu)."""

    def __init__(self, spec):
        super().__init__()
        self.spec = spec
        self.params = torch.nn.ParameterList()
        seed = 1
        for layer in spec:
            if layer[0] == "conv":
                hwio = (3, 3, layer[1], layer[2])
                fan = 9 * layer[1]
                w = rule(hwio, seed, 2 * np.sqrt(3 / fan)).transpose(3, 2, 0, 1)
                self.params.append(torch.nn.Parameter(torch.from_numpy(w.copy())))
            elif layer[0] == "dense":
                w = rule((layer[1], layer[2]), seed, 2 * np.sqrt(3 / layer[1])).T
                self.params.append(torch.nn.Parameter(torch.from_numpy(w.copy())))
            else:
                continue
            self.params.append(torch.nn.Parameter(torch.zeros(layer[2])))
            seed += 2

    def forward(self, x):
        p = 0
        for layer in self.spec:
            if layer[0] == "conv":
                x = F.relu(F.conv2d(x, self.params[p], self.params[p + 1]))
                p += 2
            elif layer[0] == "pool":
                x = F.max_pool2d(x, 2)
            elif layer[0] == "flatten":  # in the order of channels-last, so that weights agree
                x = x.permute(0, 2, 3, 1).flatten(1)
            else:
                x = F.linear(x, self.params[p], self.params[p + 1])
                x = F.relu(x) if layer[3] else x
                p += 2
        return x


SPECS = {
    "mlp": ((32, 100), [("dense", 100, 256, True), ("dense", 256, 10, False)]),
    "lenet": ((128, 28, 28, 1), [("conv", 1, 32), ("pool",), ("conv", 32, 64), ("pool",),
                                 ("flatten",), ("dense", 1600, 10, False)]),
    "cnn100": ((32, 100, 100, 3), [("conv", 3, 32), ("pool",), ("conv", 32, 64), ("pool",),
                                   ("conv", 64, 128), ("pool",), ("flatten",),
                                   ("dense", 12800, 128, True), ("dense", 128, 10, False)]),
}


def make(name):
    if name == "add8":
        a, b = (torch.from_numpy(rule((8,), s, 1)) for s in (1, 2))

        def add():
            for _ in range(1000):
                a + b
            return 0.0

        return add
    shape, spec = SPECS[name]
    x = torch.from_numpy(rule(shape, 99, 2))
    if x.dim() == 4:
        x = x.permute(0, 3, 1, 2).contiguous()
    y = torch.tensor([i * 7 % 10 for i in range(shape[0])])
    net = Net(spec)
    optimizer = torch.optim.Adam(net.parameters(), lr=1e-4, eps=1e-7, fused=True)

    count = 0

    def step():
        # Keras adds epsilon before the bias correction: this makes the two Adams one.
        nonlocal count
        count += 1
        optimizer.param_groups[0]["eps"] = 1e-7 / (1 - 0.999**count) ** 0.5
        optimizer.zero_grad(set_to_none=True)
        loss = F.cross_entropy(net(x), y)
        loss.backward()
        optimizer.step()
        return loss.item()

    return step


def measure(step, name, limit, first):
    losses, first_step = [], 0.0
    if first:
        t = time.perf_counter()
        losses.append(step())
        first_step = time.perf_counter() - t
        losses += [step() for _ in range(9)]
    faults = resource.getrusage(resource.RUSAGE_SELF).ru_minflt
    times, start = [], time.perf_counter()
    while time.perf_counter() - start < limit or len(times) < 3:
        t = time.perf_counter()
        step()
        times.append((time.perf_counter() - t) * 1e3)
    usage = resource.getrusage(resource.RUSAGE_SELF)
    times.sort()
    return {"workload": name, "median_ms": times[len(times) // 2], "min_ms": times[0],
            "steps": len(times), "first_step_ms": first_step * 1e3,
            "faults_per_step": (usage.ru_minflt - faults) / len(times),
            "peak_kb": usage.ru_maxrss, "losses": losses}


workloads = {}
for line in sys.stdin:
    name, limit = line.split()
    first = name not in workloads
    if first:
        workloads[name] = make(name)
    print(json.dumps(measure(workloads[name], name, float(limit), first)), flush=True)
