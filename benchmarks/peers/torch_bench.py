"""PyTorch's side of the benchmarks.

    torch_bench.py default|tuned|compiled

default: eager, as a tutorial writes it. tuned: the fastest of contiguous and channels-last tensors
on one thread and on all, with the fused optimizer. compiled: the same through torch.compile. The
environment that keeps memory between steps, and MKL's choice of instructions, is set by run.py.
"""
import sys
from functools import partial

import numpy as np
import torch
import torch.nn.functional as F

import common
import torch_ops


def tensor(array):
    return torch.from_numpy(np.ascontiguousarray(array))


def nchw(array, channels_last):
    x = tensor(array.transpose(0, 3, 1, 2))
    return x.contiguous(memory_format=torch.channels_last) if channels_last else x


def key(name):
    return "p_" + name.replace("/", "_")


class Net(torch.nn.Module):
    """A module whose parameters are the definition's, under their names."""

    def __init__(self, definition, channels_last=False):
        super().__init__()
        self.definition, self.channels_last = definition, channels_last
        self.weights = torch.nn.ParameterDict()
        for name, value in definition.parameters.items():
            if value.ndim == 4:  # HWIO -> OIHW
                p = nchw(value.transpose(3, 0, 1, 2), channels_last)
            else:
                p = tensor(self.layout(name, value))
            self.weights[key(name)] = torch.nn.Parameter(p)

    def layout(self, name, value):
        return value.T if name.endswith("/kernel") else value

    def p(self, name):
        return self.weights[key(name)]

    def affine(self, name, x):
        return F.linear(x, self.p(name + "/kernel"), self.p(name + "/bias"))


class Image(Net):
    def layout(self, name, value):
        # Flattening is in the order of the channels-last layout. Where tensors are contiguous
        # the weights are reordered once, so that no step has to reorder the activations.
        if not self.channels_last and name == f"{self.definition.after_flatten()}/kernel":
            h, w, c = self.definition.flattened
            value = value.reshape(h, w, c, -1).transpose(2, 0, 1, 3).reshape(h * w * c, -1)
        return super().layout(name, value)

    def forward(self, x):
        for kind, name, relu in self.definition.layers:
            if kind == "conv":
                x = F.relu(F.conv2d(x, self.p(name + "/kernel"), self.p(name + "/bias")))
            elif kind == "pool":
                x = F.max_pool2d(x, 2)
            elif kind == "flatten":
                x = (x.permute(0, 2, 3, 1) if self.channels_last else x).flatten(1)
            else:
                x = self.affine(name, x)
                x = F.relu(x) if relu else x
        return x


class ResNet18(Net):
    def __init__(self, definition, channels_last=False):
        super().__init__(definition, channels_last)
        for name in definition.parameters:
            if name.endswith("/gamma"):
                n = definition.parameters[name].size
                self.register_buffer(key(name) + "_mean", torch.zeros(n))
                self.register_buffer(key(name) + "_variance", torch.ones(n))

    def conv_norm(self, name, x, stride):
        kernel, gamma = self.p(name + "/kernel"), name + "/gamma"
        x = F.conv2d(x, kernel, None, stride, kernel.shape[-1] // 2)
        return F.batch_norm(x, getattr(self, key(gamma) + "_mean"),
                            getattr(self, key(gamma) + "_variance"), self.p(gamma),
                            self.p(name + "/beta"), True, 0.1, self.definition.epsilon)

    def forward(self, x):
        x = F.max_pool2d(F.relu(self.conv_norm("stem", x, 2)), 3, 2, 1)
        for name, stride, projected in self.definition.blocks:
            y = F.relu(self.conv_norm(name + "/first", x, stride))
            y = self.conv_norm(name + "/second", y, 1)
            x = F.relu(y + (self.conv_norm(name + "/shortcut", x, stride) if projected else x))
        return self.affine("head", x.mean((2, 3)))


class Gpt(Net):
    def norm(self, name, x):
        return F.layer_norm(x, x.shape[-1:], self.p(name + "/gamma"), self.p(name + "/beta"),
                            self.definition.epsilon)

    def attention(self, i, x):
        b, t, d = x.shape
        parts = self.affine(f"{i}/qkv", x).view(b, t, 3, self.definition.heads, -1)
        q, k, v = parts.permute(2, 0, 3, 1, 4)
        y = F.scaled_dot_product_attention(q, k, v, is_causal=True)
        return self.affine(f"{i}/out", y.transpose(1, 2).reshape(b, t, d))

    def forward(self, ids):
        x = F.embedding(ids, self.p("tokens")) + self.p("positions")
        for i in range(self.definition.depth):
            x = x + self.attention(i, self.norm(f"{i}/norm_1", x))
            y = F.gelu(self.affine(f"{i}/up", self.norm(f"{i}/norm_2", x)), approximate="tanh")
            x = x + self.affine(f"{i}/down", y)
        return self.affine("head", self.norm("norm", x)).flatten(0, 1)


class Lstm(torch.nn.Module):
    def __init__(self, definition):
        super().__init__()
        w = definition.parameters
        self.lstm = torch.nn.LSTM(32, definition.units, batch_first=True)
        self.head = torch.nn.Linear(definition.units, 10)
        with torch.no_grad():
            self.lstm.weight_ih_l0.copy_(tensor(w["kernel"].T))
            self.lstm.weight_hh_l0.copy_(tensor(w["recurrent"].T))
            self.lstm.bias_ih_l0.zero_()
            self.lstm.bias_hh_l0.zero_()
            self.head.weight.copy_(tensor(w["head/kernel"].T))
            self.head.bias.zero_()
        self.lstm.bias_hh_l0.requires_grad_(False)  # the workload has one bias

    def forward(self, x):
        return self.head(self.lstm(x)[0][:, -1])


class Embed(Net):
    def forward(self, ids):
        return (F.embedding(ids[0], self.p("users")) * F.embedding(ids[1], self.p("items"))).sum(-1)


def optimizer_for(name, definition, parameters, fused):
    options = {"fused": True} if fused else {}
    if name == "resnet18":
        return torch.optim.SGD(parameters, lr=definition.learning_rate,
                               momentum=definition.momentum, **options)
    options |= {"lr": definition.learning_rate, "eps": common.EPSILON,
                "betas": (common.BETA_1, common.BETA_2)}
    if name == "gpt":
        return torch.optim.AdamW(parameters, weight_decay=definition.weight_decay, **options)
    return torch.optim.Adam(parameters, **options)


def module_and_data(name, channels_last):
    definition = common.definition(name)
    modules = {"resnet18": ResNet18, "gpt": Gpt, "lstm": Lstm, "embed": Embed}
    make = modules.get(name, Image)
    module = make(definition) if name == "lstm" else make(definition, channels_last)
    x = nchw(definition.x, channels_last) if definition.x.ndim == 4 else tensor(definition.x)
    y = tensor(definition.y)
    return definition, module, x.long() if x.dtype == torch.int32 else x, \
        y.long() if y.dtype == torch.int32 else y.flatten()


def train(name, channels_last=False, fused=False, compiled=False, threads=common.THREADS):
    definition, module, x, y = module_and_data(name, channels_last)
    y = y.flatten()
    optimizer = optimizer_for(name, definition,
                              [p for p in module.parameters() if p.requires_grad], fused)
    measure = F.mse_loss if name == "embed" else F.cross_entropy

    def loss_of(x, y):
        return measure(module(x), y)

    if compiled:
        loss_of = torch.compile(loss_of)
    count = 0

    def step():
        nonlocal count
        count += 1
        if name != "resnet18" and count <= 10:
            # Keras adds epsilon before the bias is corrected: this makes the two Adams one while
            # losses are compared.
            optimizer.param_groups[0]["eps"] = common.EPSILON / (1 - common.BETA_2**count) ** 0.5
        optimizer.zero_grad()
        loss = loss_of(x, y)
        loss.backward()
        optimizer.step()
        return loss.item()

    return common.Workload(step, activate=partial(torch.set_num_threads, threads))


def infer(name, channels_last=False, compiled=False, threads=common.THREADS, mode=torch.no_grad):
    _, module, x, _ = module_and_data(name, channels_last)
    module.requires_grad_(False).eval()
    run = torch.compile(module) if compiled else module

    def forward():
        with mode():
            return run(x)

    def step():
        forward()

    return common.Workload(step, outputs=lambda: forward().flatten().tolist(),
                           activate=partial(torch.set_num_threads, threads))


def add8():
    a, b = tensor(common.uniform((8,), 1, 1)), tensor(common.uniform((8,), 2, 1))

    def step():
        for _ in range(1000):
            a + b

    return common.Workload(step, outputs=lambda: (a + b).tolist())


def candidates_of(variant, name):
    if name == "add8":
        return [("eager", add8)] if variant == "default" else []
    if name.startswith("op:"):
        return torch_ops.candidates_of(name[3:]) if variant == "default" else []
    inference = name in common.INFERENCE
    if variant == "default":
        return [("eager", partial(infer if inference else train, name))]
    compiled = variant == "compiled"
    options = {"mode": torch.inference_mode} if inference and not compiled else {}
    if not inference:
        options = {"fused": True}
    images = common.base(name) in ("lenet", "cnn100", "resnet18", "infer1")
    small = common.base(name) in ("mlp", "lstm", "embed", "infer1", "infer_mlp1")
    out = []
    for channels_last in ([False, True] if images else [False]):
        for threads in sorted({1, common.THREADS} if small else {common.THREADS}, reverse=True):
            label = f"{'channels last' if channels_last else 'contiguous'}, {threads} threads"
            out.append((label, partial(infer if inference else train, name, compiled=compiled,
                                       channels_last=channels_last, threads=threads, **options)))
    return out


if __name__ == "__main__":
    common.serve(f"PyTorch {torch.__version__}", partial(candidates_of, sys.argv[1]))
