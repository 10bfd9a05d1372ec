"""Writes keras_figures.safetensors: what Keras computes for fixed inputs, for tests/nn/keras.cpp.

    pip install tensorflow-cpu==2.21.0 keras==3.15.1
    python keras_figures.py

Names are case/what: for layers x, w0, w1, .., y, and d<name> the gradients of sum(y * probe); for
losses the value and its gradient; for optimizers the weights after each of six steps; for training
the loss of each step and the final weights.
"""
import json
import os
import struct

os.environ["KERAS_BACKEND"] = "tensorflow"
import keras
import numpy as np
import tensorflow as tf

rng = np.random.default_rng(42)
out = {}


def put(name, value):
    a = np.ascontiguousarray(np.asarray(value))
    out[name] = a.astype(np.float32) if a.dtype.kind == "f" else a.astype(np.int32)


def random(*shape, low=-1.0, high=1.0):
    return rng.uniform(low, high, shape).astype(np.float32)


def layer(name, make, x, training=False, integer=False):
    l = make()
    x = tf.constant(x)
    l.build(x.shape)
    l.set_weights([random(*w.shape, low=0.1 if "variance" in w.name else -1.0) for w in l.weights])
    put(f"{name}/x", x)
    for i, w in enumerate(l.get_weights()):
        put(f"{name}/w{i}", w)
    with tf.GradientTape() as tape:
        if not integer:
            tape.watch(x)
        y = l(x, training=training)
        probe = random(*y.shape)
        total = tf.reduce_sum(y * probe)
    sources = [v.value for v in l.trainable_weights] + ([] if integer else [x])
    grads = tape.gradient(total, sources)
    put(f"{name}/y", y)
    put(f"{name}/probe", probe)
    for i, g in enumerate(grads):
        put(f"{name}/g{i}", tf.convert_to_tensor(g))
    for i, w in enumerate(l.get_weights()):
        put(f"{name}/after{i}", w)


L = keras.layers
layer("dense_relu", lambda: L.Dense(5, activation="relu"), random(4, 3))
layer("dense_gelu", lambda: L.Dense(5, activation="gelu"), random(4, 3))
layer("dense_rank3", lambda: L.Dense(2, activation="tanh"), random(2, 3, 4))
layer("conv_valid", lambda: L.Conv2D(4, 3, activation="relu"), random(2, 6, 7, 3))
layer("conv_same_s2", lambda: L.Conv2D(5, 3, strides=2, padding="same"), random(2, 6, 7, 3))
layer("conv_same_k2", lambda: L.Conv2D(3, 2, padding="same"), random(1, 5, 5, 1))
layer("conv_dilated", lambda: L.Conv2D(4, 3, dilation_rate=2), random(1, 8, 8, 2))
layer("conv_groups", lambda: L.Conv2D(6, 3, groups=2), random(1, 5, 5, 4))
layer("conv_k5_c8", lambda: L.Conv2D(8, 5, padding="same"), random(1, 9, 9, 8))
layer("maxpool_same", lambda: L.MaxPooling2D(2, padding="same"), random(2, 5, 5, 3))
layer("maxpool_3_s2", lambda: L.MaxPooling2D(3, strides=2), random(2, 7, 7, 3))
layer("avgpool_same", lambda: L.AveragePooling2D(3, strides=2, padding="same"), random(2, 6, 5, 3))
layer("global_average", lambda: L.GlobalAveragePooling2D(), random(2, 4, 3, 5))
layer("batchnorm_train", lambda: L.BatchNormalization(), random(6, 3), training=True)
layer("batchnorm_train4", lambda: L.BatchNormalization(), random(2, 4, 4, 3), training=True)
layer("batchnorm_infer", lambda: L.BatchNormalization(), random(6, 3))
layer("layernorm", lambda: L.LayerNormalization(), random(4, 6))
layer("embedding", lambda: L.Embedding(7, 3), rng.integers(0, 7, (2, 4)).astype(np.int32), integer=True)
layer("softmax", lambda: L.Softmax(), random(3, 5))
layer("rescaling", lambda: L.Rescaling(0.5, 2.0), random(2, 3))

grid = np.linspace(-7, 7, 57).astype(np.float32)
put("activation/x", grid)
for name in ["relu", "relu6", "sigmoid", "tanh", "selu", "silu", "mish", "softplus", "softsign",
             "hard_sigmoid", "hard_silu", "log_sigmoid", "exponential", "elu", "gelu", "leaky_relu"]:
    x = tf.constant(grid)
    with tf.GradientTape() as tape:
        tape.watch(x)
        y = keras.activations.get(name)(x)
    put(f"activation/{name}/y", y)
    put(f"activation/{name}/g", tape.gradient(y, x))


def loss(name, fn, y, p, weight=None):
    p = tf.constant(p)
    with tf.GradientTape() as tape:
        tape.watch(p)
        value = fn(y, p, sample_weight=weight)
    put(f"loss/{name}", value)
    put(f"loss/{name}/g", tape.gradient(value, p))


Y, P, Z = random(6, 4, low=0, high=1), random(6, 4, low=0.05, high=0.95), random(6, 4, low=-3, high=3)
labels = np.array([0, 3, 1, 2, 3, 0], np.int32)
onehot = np.eye(4, dtype=np.float32)[labels]
W = random(6, low=0, high=2)
for n, v in [("y", Y), ("p", P), ("z", Z), ("labels", labels), ("onehot", onehot), ("w", W)]:
    put(f"loss/in/{n}", v)
K = keras.losses
loss("mse", K.MeanSquaredError(), Y, P)
loss("mse_weighted", K.MeanSquaredError(), Y, P, W)
loss("mse_sum", K.MeanSquaredError(reduction="sum"), Y, P)
loss("mae", K.MeanAbsoluteError(), Y, P)
loss("huber", K.Huber(delta=0.3), Y, P)
loss("bce", K.BinaryCrossentropy(), Y, P)
loss("bce_smooth", K.BinaryCrossentropy(label_smoothing=0.1), Y, P)
loss("bce_logits", K.BinaryCrossentropy(from_logits=True), Y, Z)
loss("cce", K.CategoricalCrossentropy(), onehot, P)
loss("cce_logits_smooth", K.CategoricalCrossentropy(from_logits=True, label_smoothing=0.1), onehot, Z)
loss("scce", K.SparseCategoricalCrossentropy(), labels, P)
loss("scce_logits", K.SparseCategoricalCrossentropy(from_logits=True), labels, Z)
loss("scce_ignore", K.SparseCategoricalCrossentropy(from_logits=True, ignore_class=3), labels, Z)

start, grads = random(5), [random(5) for _ in range(6)]
put("optimizer/start", start)
put("optimizer/grads", np.stack(grads))
O = keras.optimizers
for name, opt in [
    ("sgd", O.SGD(0.1)), ("momentum", O.SGD(0.1, momentum=0.9)),
    ("nesterov", O.SGD(0.1, momentum=0.9, nesterov=True)), ("adam", O.Adam(0.01)),
    ("amsgrad", O.Adam(0.01, amsgrad=True)), ("adamw", O.AdamW(0.01)), ("rmsprop", O.RMSprop(0.01)),
    ("rmsprop_momentum", O.RMSprop(0.01, momentum=0.9)), ("rmsprop_centered", O.RMSprop(0.01, centered=True)),
    ("clipnorm", O.SGD(0.1, clipnorm=0.5)), ("clipvalue", O.SGD(0.1, clipvalue=0.2)),
    ("global_clipnorm", O.SGD(0.1, global_clipnorm=0.5)), ("weight_decay", O.SGD(0.1, weight_decay=0.05)),
]:
    v = keras.Variable(start)
    opt.build([v])
    steps = []
    for g in grads:
        opt.apply([tf.constant(g)], [v])
        steps.append(np.array(v))
    put(f"optimizer/{name}", np.stack(steps))

S = O.schedules
put("schedule/t", np.arange(0, 40, 3))
for name, s in [("exponential", S.ExponentialDecay(0.1, 10, 0.5)),
                ("staircase", S.ExponentialDecay(0.1, 10, 0.5, staircase=True)),
                ("inverse", S.InverseTimeDecay(0.1, 10, 0.5)), ("polynomial", S.PolynomialDecay(0.1, 30, 0.01, 2.0)),
                ("cosine", S.CosineDecay(0.1, 30, alpha=0.1)),
                ("warmup", S.CosineDecay(0.01, 20, warmup_target=0.1, warmup_steps=10)),
                ("piecewise", S.PiecewiseConstantDecay([6, 20], [0.3, 0.2, 0.1]))]:
    put(f"schedule/{name}", np.array([float(s(t)) for t in range(0, 40, 3)]))


def trajectory(name, layers, x, y, opt):
    m = keras.Sequential(layers)
    m.build(x.shape)
    m.set_weights([random(*w.shape, low=-0.4, high=0.4) for w in m.weights])
    m.compile(optimizer=opt, loss=K.SparseCategoricalCrossentropy(from_logits=True))
    put(f"train/{name}/x", x)
    put(f"train/{name}/y", y)
    for i, w in enumerate(m.get_weights()):
        put(f"train/{name}/w{i}", w)
    put(f"train/{name}/losses", np.array([float(m.train_on_batch(x, y)) for _ in range(10)]))
    for i, w in enumerate(m.get_weights()):
        put(f"train/{name}/end{i}", w)


trajectory("mlp", [L.Dense(8, activation="relu"), L.Dense(3)], random(16, 5),
           rng.integers(0, 3, 16).astype(np.int32), O.Adam(0.01))
trajectory("cnn", [L.Conv2D(4, 3, activation="relu"), L.MaxPooling2D(2), L.Flatten(), L.Dense(3)],
           random(8, 8, 8, 2), rng.integers(0, 3, 8).astype(np.int32), O.SGD(0.05, momentum=0.9))

header, at = {"__metadata__": {"keras": keras.__version__, "tensorflow": tf.__version__}}, 0
for name, a in out.items():
    header[name] = {"dtype": "F32" if a.dtype == np.float32 else "I32", "shape": list(a.shape),
                    "data_offsets": [at, at + a.nbytes]}
    at += a.nbytes
text = json.dumps(header, separators=(",", ":")).encode()
text += b" " * (-(len(text) + 8) % 8)
path = os.path.join(os.path.dirname(os.path.abspath(__file__)), "keras_figures.safetensors")
with open(path, "wb") as f:
    f.write(struct.pack("<Q", len(text)) + text + b"".join(a.tobytes() for a in out.values()))
print(path, len(out), "tensors", os.path.getsize(path), "bytes")
