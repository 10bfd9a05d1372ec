"""PyTorch's side of the ops: `op:NAME` as benchmarks/linnet/ops.cpp has it, eager, in PyTorch's own
layout (NCHW)."""
import torch
import torch.nn.functional as F

import common

ELEMENTS = 1 << 20
# Names that torch has otherwise.
RENAMED = {"mod": torch.remainder, "is_nan": torch.isnan, "is_inf": torch.isinf,
           "is_finite": torch.isfinite, "hard_sigmoid": F.hardsigmoid, "hard_silu": F.hardswish,
           "log_sigmoid": F.logsigmoid, "not_equal": torch.ne, "equal": torch.eq}
# Rows of the op table with arguments of their own.
WITH_ARGUMENTS = {
    "gelu": (1, F.gelu),
    "leaky_relu": (1, lambda x: F.leaky_relu(x, 0.1)),
    "elu": (1, lambda x: F.elu(x, 1.5)),
    "clip": (1, lambda x: torch.clip(x, -1, 2)),
    "polygamma": (1, lambda x: torch.polygamma(1, x)),
    "cast": (1, lambda x: x.to(torch.float64)),
    "where": (3, lambda c, x, y: torch.where(c > 0, x, y)),
}
BINARY = ("add subtract multiply divide floor_divide mod pow maximum minimum atan2 xlogy equal "
          "not_equal less less_equal greater greater_equal logical_and logical_or logical_xor").split()


def conv(strides=1, groups=1):
    """SAME as Keras pads: the odd row comes after."""
    def call(x, k):
        pad = []
        for size, kernel in ((x.shape[3], k.shape[3]), (x.shape[2], k.shape[2])):
            total = max((-(-size // strides) - 1) * strides + kernel - size, 0)
            pad += [total // 2, total - total // 2]
        if pad[0] == pad[1] and pad[2] == pad[3]:
            return F.conv2d(x, k, stride=strides, padding=(pad[2], pad[0]), groups=groups)
        return F.conv2d(F.pad(x, pad), k, stride=strides, groups=groups)
    return call


ROWS, TWO = (4096, 256), ((4096, 256), (4096, 256))
MATRIX = lambda m, k, n: (((m, k), (k, n)), torch.matmul)
OTHERS = {
    "matmul_128": MATRIX(128, 128, 128), "matmul_512": MATRIX(512, 512, 512),
    "matmul_1024": MATRIX(1024, 1024, 1024), "matmul_vector": MATRIX(1, 4096, 1024),
    "matmul_batched": (((64, 128, 32), (64, 32, 128)), torch.matmul),
    "conv2d_3x3_64": (((8, 56, 56, 64), (3, 3, 64, 64)), conv()),
    "conv2d_3x3_256": (((8, 14, 14, 256), (3, 3, 256, 256)), conv()),
    "conv2d_1x1": (((8, 28, 28, 128), (1, 1, 128, 256)), conv()),
    "conv2d_7x7_strided": (((8, 112, 112, 3), (7, 7, 3, 64)), conv(2)),
    "conv2d_depthwise": (((8, 56, 56, 64), (3, 3, 1, 64)), conv(1, 64)),
    "max_pool2d": (((8, 56, 56, 64),), lambda x: F.max_pool2d(x, 2)),
    "avg_pool2d": (((8, 56, 56, 64),), lambda x: F.avg_pool2d(x, 2)),
    "sum_all": ((ROWS,), torch.sum),
    "sum_rows": ((ROWS,), lambda x: x.sum(1)),
    "sum_columns": ((ROWS,), lambda x: x.sum(0)),
    "max_rows": ((ROWS,), lambda x: x.amax(1)),
    "argmax_rows": ((ROWS,), lambda x: x.argmax(1)),
    "logsumexp_rows": ((ROWS,), lambda x: x.logsumexp(1)),
    "softmax": ((ROWS,), lambda x: x.softmax(1)),
    "log_softmax": ((ROWS,), lambda x: x.log_softmax(1)),
    "layer_norm": ((ROWS, (256,), (256,)), lambda x, g, b: F.layer_norm(x, (256,), g, b)),
    "transpose": (((1024, 1024),), lambda x: x.t().contiguous()),
    "permute_heads": (((16, 128, 4, 32),), lambda x: x.transpose(1, 2).contiguous()),
    "broadcast_add_row": ((ROWS, (256,)), torch.add),
    "broadcast_add_column": ((ROWS, (4096, 1)), torch.add),
    "concat": (TWO, lambda x, y: torch.cat([x, y], 1)),
    "gather_rows": (((10000, 32),), lambda x: x[INDICES]),
    "normal": ((), lambda: torch.randn(ELEMENTS)),
}
INDICES = torch.from_numpy(common.integers((65536,), 97, 10000)).long()


def gradient_of(call, i):
    def run(*inputs):
        x = inputs[i].detach().requires_grad_()
        y = call(*inputs[:i], x, *inputs[i + 1:])
        return torch.autograd.grad(y, x, torch.ones_like(y))[0]
    return run


def find(name):
    """Shapes, as NHWC and HWIO, and the call; None for an op that PyTorch has not."""
    for suffix, i in (("_gradient0", 0), ("_gradient1", 1), ("_gradient", 0)):
        if name.endswith(suffix):
            shapes, call = OTHERS[name[: -len(suffix)]]
            return shapes, gradient_of(call, i)
    if name in OTHERS:
        return OTHERS[name]
    if name in WITH_ARGUMENTS:
        count, call = WITH_ARGUMENTS[name]
        return ((ELEMENTS,),) * count, call
    call = RENAMED.get(name) or getattr(torch, name, None) or getattr(F, name, None)
    return call and (((ELEMENTS,),) * (2 if name in BINARY else 1), call)


def workload(name):
    shapes, call = find(name)
    offset = 0.0 if name.split("_gradient")[0] in OTHERS else 1.6 if name == "acosh" else 0.6
    inputs = []
    for i, shape in enumerate(shapes):
        x = torch.from_numpy(common.uniform(shape, i + 1, 1) + common.np.float32(offset))
        if len(shape) == 4 and "permute" not in name:  # HWIO -> OIHW, NHWC -> NCHW
            x = x.permute((3, 2, 0, 1) if shape[0] == shape[1] else (0, 3, 1, 2)).contiguous()
        inputs.append(x)

    def outputs():
        y = call(*inputs)
        if y.dim() == 4 and "permute" not in name:
            y = y.permute((2, 3, 1, 0) if "gradient1" in name else (0, 2, 3, 1))
        return [] if name == "normal" else y.reshape(-1)[:8].double().tolist()

    return common.Workload(lambda: call(*inputs) is None, outputs=outputs)


def candidates_of(name):
    return [("eager", lambda: workload(name))] if find(name) else []
