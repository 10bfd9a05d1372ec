"""What the figure modules share: the random stream, the store of figures and the case of a layer."""
import json
import os
import struct

os.environ["TF_CPP_MIN_LOG_LEVEL"] = "3"
os.environ["CUDA_VISIBLE_DEVICES"] = ""
import numpy as np
import tensorflow as tf
import keras

keras.utils.set_random_seed(7)
rng = np.random.default_rng(7)
figures = {}
made_by = f"tensorflow {tf.__version__}, keras {keras.__version__}"


def put(key, value):
    value = np.asarray(value)
    if value.dtype.kind in "iu":
        value = value.astype(np.int64)
    elif value.dtype != np.float64:
        value = value.astype(np.float32)
    figures[key] = np.ascontiguousarray(value)


def write(path):
    kinds = {"float32": "F32", "float64": "F64", "int64": "I64"}
    header, at = {"__metadata__": {"made_by": made_by}}, 0
    for key in sorted(figures):
        a = figures[key]
        header[key] = {"dtype": kinds[str(a.dtype)], "shape": list(a.shape), "data_offsets": [at, at + a.nbytes]}
        at += a.nbytes
    text = json.dumps(header).encode()
    text += b" " * (-len(text) % 8)
    with open(path, "wb") as f:
        f.write(struct.pack("<Q", len(text)) + text)
        for key in sorted(figures):
            f.write(figures[key].tobytes())


def randomize(layer):
    for w in layer.weights:
        low = 0.5 if "variance" in w.name else -1.0
        w.assign(rng.uniform(low, 1.5, w.shape).astype(np.float32))


def layer_case(name, layer, x, training=False):
    """Forward, and the gradients of sum(y * r) by input and trainable weights."""
    x = np.asarray(x, np.float32)
    layer.build(x.shape)
    randomize(layer)
    key = f"layer/{name}/"
    put(key + "x", x)
    for i, w in enumerate(layer.weights):
        put(key + f"w{i}", w.numpy())
    t = tf.constant(x)
    with tf.GradientTape() as tape:
        tape.watch(t)
        y = layer(t, training=training)
        r = rng.normal(size=y.shape).astype(np.float32)
        total = tf.reduce_sum(y * r)
    grads = tape.gradient(total, [t] + [w.value for w in layer.trainable_weights])
    put(key + "y", y.numpy())
    put(key + "r", r)
    put(key + "dx", grads[0].numpy())
    for i, g in enumerate(grads[1:]):
        put(key + f"dw{i}", tf.convert_to_tensor(g).numpy())
    return layer


def normal(*shape):
    return rng.normal(size=shape)
