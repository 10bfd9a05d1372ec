"""Normalization of features, more schedules and activations."""
import numpy as np
import tensorflow as tf
import keras
from keras import layers, optimizers

from figures import normal, put

data = normal(12, 4, 3) * 3 + 1
data[:, :, 1] = 2  # no variance at all
put("normalization/data", data.astype(np.float32))
for name, options in (("last", {}), ("axes", {"axis": (1, 2)}), ("axis_1", {"axis": 1}), ("all", {"axis": None}),
                      ("inverted", {"invert": True}), ("given", {"mean": 2.0, "variance": 9.0})):
    layer = layers.Normalization(**options)
    if "mean" not in options:
        layer.adapt(tf.data.Dataset.from_tensor_slices(data.astype(np.float32)).batch(5))
    put(f"normalization/{name}", layer(tf.constant(data, tf.float32)).numpy())

S = optimizers.schedules
at = np.arange(0, 30)
for name, s in {"restarts": S.CosineDecayRestarts(0.5, 4), "restarts_even": S.CosineDecayRestarts(0.5, 4, t_mul=1.0, m_mul=0.8, alpha=0.1),
                "restarts_slow": S.CosineDecayRestarts(0.5, 3, t_mul=1.5, m_mul=0.9)}.items():
    put(f"schedule/{name}", [float(s(int(t))) for t in at])

grid = np.concatenate([np.linspace(-7, 7, 57), [0.0, -0.0, 6.0, -3.0, 3.0, 1e-4, -1e-4]]).astype(np.float32)
for name in "celu hard_tanh tanh_shrink hard_shrink soft_shrink squareplus hard_swish".split():
    t = tf.constant(grid)
    with tf.GradientTape() as tape:
        tape.watch(t)
        y = keras.activations.get(name)(t)
        total = tf.reduce_sum(y * tf.cos(t))
    put(f"activation/{name}/y", y.numpy())
    put(f"activation/{name}/dx", tape.gradient(total, t).numpy())
