"""JAX's side of the benchmarks.

    jax_bench.py default|tuned

default: the step under jax.jit. tuned: the same with donated buffers, and a lax.scan over many
steps a call where a step is short (its label says so); the fastest.
"""
import os
import sys
from functools import partial

os.environ["JAX_PLATFORMS"] = "cpu"

import jax
import jax.numpy as jnp
from jax import lax, nn

import common

STEPS_PER_CALL = 100
conv = partial(lax.conv_general_dilated, dimension_numbers=("NHWC", "HWIO", "NHWC"))


def affine(p, name, x):
    return x @ p[name + "/kernel"] + p[name + "/bias"]


def crossentropy(y, logits):
    scores = nn.log_softmax(logits)
    return -jnp.mean(jnp.take_along_axis(scores, y[..., None], -1))


def max_pool(x, size, stride, padding):
    return lax.reduce_window(x, -jnp.inf, lax.max, (1, size, size, 1), (1, stride, stride, 1),
                             padding)


def image(definition, p, x):
    for kind, name, relu in definition.layers:
        if kind == "conv":
            x = nn.relu(conv(x, p[name + "/kernel"], (1, 1), "VALID") + p[name + "/bias"])
        elif kind == "pool":
            x = max_pool(x, 2, 2, "VALID")
        elif kind == "flatten":
            x = x.reshape(x.shape[0], -1)
        else:
            x = affine(p, name, x)
            x = nn.relu(x) if relu else x
    return x


def resnet18(definition, p, x):
    def conv_norm(name, x, stride):
        kernel = p[name + "/kernel"]
        each = (kernel.shape[0] // 2,) * 2
        x = conv(x, kernel, (stride, stride), (each, each))
        mean = x.mean((0, 1, 2))
        variance = jnp.square(x - mean).mean((0, 1, 2))
        scale = p[name + "/gamma"] * lax.rsqrt(variance + definition.epsilon)
        return (x - mean) * scale + p[name + "/beta"], (mean, variance)

    statistics = []

    def normalized(name, x, stride):
        y, batch = conv_norm(name, x, stride)
        statistics.append(batch)
        return y

    x = nn.relu(normalized("stem", x, 2))
    x = max_pool(x, 3, 2, ((0, 0), (1, 1), (1, 1), (0, 0)))
    for name, stride, projected in definition.blocks:
        y = nn.relu(normalized(name + "/first", x, stride))
        y = normalized(name + "/second", y, 1)
        x = nn.relu(y + (normalized(name + "/shortcut", x, stride) if projected else x))
    return affine(p, "head", x.mean((1, 2))), statistics


def gpt(definition, p, ids):
    def norm(name, x):
        mean = x.mean(-1, keepdims=True)
        variance = jnp.square(x - mean).mean(-1, keepdims=True)
        return (x - mean) * lax.rsqrt(variance + definition.epsilon) * p[name + "/gamma"] \
            + p[name + "/beta"]

    def attention(i, x):
        b, t, d = x.shape
        parts = affine(p, f"{i}/qkv", x).reshape(b, t, 3, definition.heads, -1)
        y = nn.dot_product_attention(parts[:, :, 0], parts[:, :, 1], parts[:, :, 2],
                                     is_causal=True)
        return affine(p, f"{i}/out", y.reshape(b, t, d))

    x = p["tokens"][ids] + p["positions"]
    for i in range(definition.depth):
        x = x + attention(i, norm(f"{i}/norm_1", x))
        y = nn.gelu(affine(p, f"{i}/up", norm(f"{i}/norm_2", x)), approximate=True)
        x = x + affine(p, f"{i}/down", y)
    return affine(p, "head", norm("norm", x))


def lstm(definition, p, x):
    from_inputs = x.transpose(1, 0, 2) @ p["kernel"] + p["bias"]

    def cell_step(carry, from_input):
        state, cell = carry
        i, f, c, o = jnp.split(from_input + state @ p["recurrent"], 4, -1)
        cell = nn.sigmoid(f) * cell + nn.sigmoid(i) * jnp.tanh(c)
        return (nn.sigmoid(o) * jnp.tanh(cell), cell), None

    zero = jnp.zeros((x.shape[0], definition.units))
    (state, _), _ = lax.scan(cell_step, (zero, zero), from_inputs)
    return affine(p, "head", state)


def embed(definition, p, ids):
    return jnp.sum(p["users"][ids[0]] * p["items"][ids[1]], -1)


FORWARD = {"resnet18": resnet18, "gpt": gpt, "lstm": lstm, "embed": embed}


def loss_of(name, definition):
    forward = FORWARD.get(name, image)

    def loss(p, x, y):
        """The loss, and what batch normalization saw."""
        out = forward(definition, p, x)
        if name == "resnet18":
            return crossentropy(y, out[0]), out[1]
        if name == "embed":
            return jnp.mean(jnp.square(out - y)), []
        return crossentropy(y, out), []

    return loss


def initial(name, definition):
    """Parameters, the optimizer's slots, the moving statistics and the count of steps."""
    p = {k: jnp.asarray(v) for k, v in definition.parameters.items()}
    slots = [{k: jnp.zeros_like(v) for k, v in p.items()}
             for _ in range(1 if name == "resnet18" else 2)]
    moving = []
    if name == "resnet18":
        x, y = jnp.asarray(definition.x[:1]), jnp.asarray(definition.y[:1])
        _, seen = jax.eval_shape(loss_of(name, definition), p, x, y)
        moving = [(jnp.zeros(m.shape), jnp.ones(v.shape)) for m, v in seen]
    return p, slots, moving, jnp.zeros((), jnp.int32)


def update(name, definition, state, gradients, seen):
    p, slots, moving, count = state
    rate, count = definition.learning_rate, count + 1
    moving = jax.tree.map(lambda old, new: 0.9 * old + 0.1 * new, moving, seen)
    if name == "resnet18":
        m = jax.tree.map(lambda m, g: definition.momentum * m - rate * g, slots[0], gradients)
        return jax.tree.map(jnp.add, p, m), [m], moving, count
    b1, b2, t = common.BETA_1, common.BETA_2, count.astype(jnp.float32)
    m = jax.tree.map(lambda m, g: m + (1 - b1) * (g - m), slots[0], gradients)
    v = jax.tree.map(lambda v, g: v + (1 - b2) * (g * g - v), slots[1], gradients)
    corrected = rate * jnp.sqrt(1 - b2**t) / (1 - b1**t)
    decay = 1 - rate * definition.weight_decay if name == "gpt" else 1.0
    p = jax.tree.map(lambda p, m, v: p * decay - corrected * m / (jnp.sqrt(v) + common.EPSILON),
                     p, m, v)
    return p, [m, v], moving, count


def train(name, donate=False, steps=1):
    definition = common.definition(name)
    loss = loss_of(name, definition)
    x, y = jnp.asarray(definition.x), jnp.asarray(definition.y)

    def one(state, x, y):
        (value, seen), gradients = jax.value_and_grad(loss, has_aux=True)(state[0], x, y)
        return update(name, definition, state, gradients, seen), value

    def many(state, x, y):
        return lax.scan(lambda s, _: one(s, x, y), state, None, steps)

    run = jax.jit(one if steps == 1 else many, donate_argnums=(0,) if donate else ())
    state = initial(name, definition)

    def step():
        nonlocal state
        state, losses = run(state, x, y)
        return float(losses) if steps == 1 else jax.device_get(losses)

    return common.Workload(step, steps)


def infer(name):
    definition = common.definition(name)
    p = {k: jnp.asarray(v) for k, v in definition.parameters.items()}
    run, x = jax.jit(partial(image, definition)), jnp.asarray(definition.x)

    def step():
        run(p, x).block_until_ready()

    return common.Workload(step, outputs=lambda: jax.device_get(run(p, x)).ravel())


def infer_constant(name):
    """The weights as constants of the compiled program."""
    definition = common.definition(name)
    p = {k: jnp.asarray(v) for k, v in definition.parameters.items()}
    x = jnp.asarray(definition.x)
    run = jax.jit(lambda v: image(definition, p, v)).lower(x).compile()

    def step():
        run(x).block_until_ready()

    return common.Workload(step, outputs=lambda: jax.device_get(run(x)).ravel())


def candidates_of(variant, name):
    if name == "add8":
        return []
    if name in common.INFERENCE:
        return [("jit", partial(infer, name))] if variant == "default" else \
            [("jit", partial(infer, name)), ("weights compiled in", partial(infer_constant, name))]
    if variant == "default":
        return [("jit", partial(train, name))]
    out = [("jit, donated", partial(train, name, True))]
    if common.base(name) in ("mlp", "embed", "lstm"):
        out.append((f"scan of {STEPS_PER_CALL} steps a call",
                    partial(train, name, True, STEPS_PER_CALL)))
    return out


if __name__ == "__main__":
    common.serve(f"JAX {jax.__version__}", partial(candidates_of, sys.argv[1]))
