"""Losses, metrics, optimizers, schedules, initializers, whole trainings and callbacks."""
import numpy as np
import tensorflow as tf
import keras
from keras import layers, losses, metrics, optimizers

from figures import normal, put, rng


def loss_case(name, loss, y, p, weights=None):
    p = np.asarray(p, np.float32)
    key = f"loss/{name}/"
    put(key + "y", y)
    put(key + "p", p)
    w = rng.uniform(0, 2, size=weights or (len(p),)).astype(np.float32)
    put(key + "w", w)
    t = tf.constant(p)
    with tf.GradientTape() as tape:
        tape.watch(t)
        value = loss(y, t)
    put(key + "value", value.numpy())
    put(key + "dp", tape.gradient(value, t).numpy())
    put(key + "weighted", loss(y, t, sample_weight=w).numpy())
    for reduction in ("sum", "none", "mean_with_sample_weight"):
        loss.reduction = reduction
        put(key + reduction, loss(y, t, sample_weight=w).numpy())


regression = normal(4, 3).astype(np.float32), normal(4, 3) * 2
loss_case("mse", losses.MeanSquaredError(), *regression)
loss_case("mae", losses.MeanAbsoluteError(), *regression)
loss_case("huber", losses.Huber(), *regression)
loss_case("huber_half", losses.Huber(delta=0.5), *regression)
bits = rng.integers(0, 2, size=(4, 3)).astype(np.float32)
probabilities = rng.uniform(0.01, 0.99, size=(4, 3))
probabilities[0, 0], probabilities[1, 1] = 0, 1
loss_case("bce", losses.BinaryCrossentropy(), bits, probabilities)
loss_case("bce_logits", losses.BinaryCrossentropy(from_logits=True), bits, normal(4, 3) * 5)
loss_case("bce_smooth", losses.BinaryCrossentropy(label_smoothing=0.2), bits, probabilities)
one_hot = np.eye(5, dtype=np.float32)[[0, 3, 4, 1]]
unnormalised = rng.uniform(0.1, 2, size=(4, 5))
loss_case("cce", losses.CategoricalCrossentropy(), one_hot, unnormalised)
loss_case("cce_logits", losses.CategoricalCrossentropy(from_logits=True), one_hot, normal(4, 5) * 5)
loss_case("cce_smooth", losses.CategoricalCrossentropy(label_smoothing=0.1), one_hot, unnormalised)
labels = np.array([0, 3, 4, 1])
loss_case("scce", losses.SparseCategoricalCrossentropy(), labels, unnormalised / unnormalised.sum(-1, keepdims=True))
loss_case("scce_unnormalised", losses.SparseCategoricalCrossentropy(), labels, rng.uniform(0.05, 0.95, size=(4, 5)))
loss_case("scce_logits", losses.SparseCategoricalCrossentropy(from_logits=True), labels, normal(4, 5) * 5)

for name, metric, y, p in (
        ("binary_accuracy", metrics.BinaryAccuracy, bits, probabilities),
        ("categorical_accuracy", metrics.CategoricalAccuracy, one_hot, unnormalised),
        ("sparse_categorical_accuracy", metrics.SparseCategoricalAccuracy, labels, unnormalised),
        ("mse", metrics.MeanSquaredError, *regression), ("mae", metrics.MeanAbsoluteError, *regression)):
    key, w = f"metric/{name}/", rng.uniform(0, 2, size=(4,)).astype(np.float32)
    p = np.asarray(p, np.float32)
    plain, weighted = metric(), metric()
    plain.update_state(y, p)
    weighted.update_state(y, p, sample_weight=w)
    for k, v in (("y", y), ("p", p), ("w", w), ("plain", plain.result()), ("weighted", weighted.result())):
        put(key + k, v)

def optimizer_case(name, make, steps=6):
    key = f"optimizer/{name}/"
    a, b = rng.normal(size=(3, 2)).astype(np.float32), rng.normal(size=(4,)).astype(np.float32)
    put(key + "a0", a), put(key + "b0", b)
    va, vb = keras.Variable(a), keras.Variable(b)
    optimizer = make()
    ga = rng.normal(size=(steps, 3, 2)).astype(np.float32)
    gb = rng.normal(size=(steps, 4)).astype(np.float32) * 1e-3
    put(key + "ga", ga), put(key + "gb", gb)
    after_a, after_b = [], []
    for i in range(steps):
        optimizer.apply_gradients([(tf.constant(ga[i]), va), (tf.constant(gb[i]), vb)])
        after_a.append(va.numpy()), after_b.append(vb.numpy())
    put(key + "a", np.stack(after_a)), put(key + "b", np.stack(after_b))


for name, make in {
        "sgd": lambda: optimizers.SGD(0.1), "sgd_momentum": lambda: optimizers.SGD(0.1, momentum=0.9),
        "sgd_nesterov": lambda: optimizers.SGD(0.1, momentum=0.9, nesterov=True),
        "adam": lambda: optimizers.Adam(0.01), "adam_amsgrad": lambda: optimizers.Adam(0.01, amsgrad=True),
        "adam_clipnorm": lambda: optimizers.Adam(0.01, clipnorm=0.5), "adamw": lambda: optimizers.AdamW(0.01),
        "sgd_clipvalue": lambda: optimizers.SGD(0.1, clipvalue=0.3),
        "sgd_global_clipnorm": lambda: optimizers.SGD(0.1, global_clipnorm=0.7),
        "sgd_decay": lambda: optimizers.SGD(0.1, weight_decay=0.01), "rmsprop": lambda: optimizers.RMSprop(0.01),
        "rmsprop_momentum": lambda: optimizers.RMSprop(0.01, momentum=0.8),
        "rmsprop_centered": lambda: optimizers.RMSprop(0.01, momentum=0.5, centered=True),
        "adam_schedule": lambda: optimizers.Adam(optimizers.schedules.ExponentialDecay(0.05, 2, 0.5)),
}.items():
    optimizer_case(name, make)

at = np.arange(0, 30)
put("schedule/t", at)
S = optimizers.schedules
for name, s in {
        "exponential": S.ExponentialDecay(0.5, 7, 0.6), "exponential_stairs": S.ExponentialDecay(0.5, 7, 0.6, staircase=True),
        "inverse_time": S.InverseTimeDecay(0.5, 7, 0.6), "inverse_time_stairs": S.InverseTimeDecay(0.5, 7, 0.6, staircase=True),
        "polynomial": S.PolynomialDecay(0.5, 11, 0.01, power=2), "polynomial_cycle": S.PolynomialDecay(0.5, 11, 0.01, cycle=True),
        "cosine": S.CosineDecay(0.5, 20, alpha=0.1), "cosine_warmup": S.CosineDecay(0.1, 15, warmup_target=0.5, warmup_steps=5),
        "piecewise": S.PiecewiseConstantDecay([5, 10], [1.0, 0.5, 0.1])}.items():
    put(f"schedule/{name}", [float(s(int(t))) for t in at])

for name in "glorot_uniform glorot_normal he_uniform he_normal lecun_uniform lecun_normal truncated_normal orthogonal".split():
    for shape in ((300, 200), (3, 3, 40, 50)):
        w = keras.initializers.get(name)(shape).numpy()
        put(f"initializer/{name}/{len(shape)}", [w.std(), np.abs(w).max()])


def trajectory(name, model, x, y, optimizer, loss):
    model.build((None,) + x.shape[2:])
    key = f"trajectory/{name}/"
    for i, w in enumerate(model.weights):
        w.assign((rng.normal(size=w.shape) * 0.3).astype(np.float32))
        put(key + f"w{i}", w.numpy())
    put(key + "x", x), put(key + "y", y)
    model.compile(optimizer, loss)
    put(key + "loss", np.array([float(model.train_on_batch(x[i], y[i])) for i in range(len(x))]))
    for i, w in enumerate(model.weights):
        put(key + f"after{i}", w.numpy())


trajectory("mlp_adam", keras.Sequential([layers.Dense(8, "relu"), layers.Dense(3, "softmax")]),
           normal(10, 6, 5).astype(np.float32), rng.integers(0, 3, size=(10, 6)), optimizers.Adam(0.01),
           "sparse_categorical_crossentropy")
trajectory("cnn_sgd", keras.Sequential([layers.Conv2D(3, 3, activation="relu"), layers.MaxPooling2D(2), layers.Flatten(),
                                        layers.Dense(3)]),
           normal(10, 4, 8, 8, 2).astype(np.float32), rng.integers(0, 3, size=(10, 4)),
           optimizers.SGD(0.05, momentum=0.9), losses.SparseCategoricalCrossentropy(from_logits=True))

x, y = normal(25, 4).astype(np.float32), rng.integers(0, 3, size=(25,))
put("fit/x", x), put("fit/y", y)
model = keras.Sequential([layers.Dense(6, "tanh", kernel_regularizer=keras.regularizers.L2(0.02)),
                          layers.BatchNormalization(), layers.Dense(3)])
model.build((None, 4))
for i, w in enumerate(model.weights):
    if "variance" not in w.name:
        w.assign((rng.normal(size=w.shape) * 0.5).astype(np.float32))
    put(f"fit/w{i}", w.numpy())
model.compile(optimizers.SGD(0.05, momentum=0.5), losses.SparseCategoricalCrossentropy(from_logits=True),
              metrics=["accuracy"], weighted_metrics=["accuracy"])
history = model.fit(x, y, batch_size=8, epochs=4, shuffle=False, verbose=0, validation_split=0.3,
                    class_weight={0: 1.0, 1: 2.0, 2: 0.5})
for k, v in history.history.items():
    put(f"fit/history/{k}", np.array(v))


class Monitor(keras.callbacks.Callback):
    """Puts a given sequence of values in the logs, before the callback under test sees them."""

    def __init__(self, values):
        super().__init__()
        self.values = values

    def on_epoch_end(self, epoch, logs=None):
        logs["val_loss"] = self.values[epoch]


def callback_case(name, callback, values):
    model = keras.Sequential([layers.Dense(1, use_bias=False, kernel_initializer="zeros")])
    model.compile(optimizers.SGD(1.0), lambda y, p: p)
    rates = []

    class Rates(keras.callbacks.Callback):
        def on_epoch_end(self, epoch, logs=None):
            rates.append(float(self.model.optimizer.learning_rate))

    h = model.fit(np.ones((1, 1)), np.zeros((1, 1)), epochs=len(values), verbose=0,
                  callbacks=[Monitor(values), callback, Rates()])
    key = f"callback/{name}/"
    put(key + "values", np.array(values, np.float64)), put(key + "rates", np.array(rates))
    put(key + "epochs", len(h.epoch))
    put(key + "weight", model.weights[0].numpy())  # epochs trained, unless restored
    for attribute in ("stopped_epoch", "best_epoch"):
        if hasattr(callback, attribute):
            put(key + attribute, getattr(callback, attribute))


sequence = [1.0, 0.9, 0.95, 0.9, 0.85, 0.86, 0.87, 0.88, 0.84, 0.9, 0.9, 0.9]
C = keras.callbacks
callback_case("stop_0", C.EarlyStopping(), sequence)
callback_case("stop_2", C.EarlyStopping(patience=2), sequence)
callback_case("stop_3_restore", C.EarlyStopping(patience=3, restore_best_weights=True), sequence)
callback_case("stop_delta", C.EarlyStopping(patience=3, min_delta=0.1), sequence)
callback_case("stop_baseline", C.EarlyStopping(patience=4, baseline=0.5, restore_best_weights=True), sequence)
callback_case("stop_from_3", C.EarlyStopping(patience=1, start_from_epoch=3), sequence)
callback_case("stop_unstopped", C.EarlyStopping(patience=50, restore_best_weights=True), sequence)
callback_case("plateau_1", C.ReduceLROnPlateau(patience=1, factor=0.5), sequence)
callback_case("plateau_2_cooldown", C.ReduceLROnPlateau(patience=2, factor=0.1, cooldown=2), sequence)
callback_case("plateau_min", C.ReduceLROnPlateau(patience=1, factor=0.1, min_lr=0.05), sequence)
