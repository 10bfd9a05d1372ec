"""Whole models: training through fit, functional graphs, callbacks, and files, on both sides."""

import itertools
import os
import tempfile

import numpy as np
import keras

import linnet
from linnet import keras as ours
from compare import worst
from keras_both import ATOL, RTOL, of, options_for, rng
from keras_functional import FUNCTIONAL, functional_pair

# Ten steps of training: the differences of one step grow with the following ones.
TRAINED = (1e-5, 1e-5)


def classes(n, k, seed=5):
    return rng(seed).integers(0, k, n).astype("int32")


def onehot(n, k):
    return np.eye(k, dtype="float32")[classes(n, k)]


def mlp(k):
    return [k.layers.Dense(16, activation="relu"), k.layers.Dense(4, activation="softmax")]


def cnn(k):
    return [k.layers.Conv2D(4, 3, padding="same", use_bias=False), k.layers.BatchNormalization(),
            k.layers.Activation("relu"), k.layers.MaxPooling2D(2), k.layers.Conv2D(6, 3),
            k.layers.Flatten(), k.layers.Dense(3)]


def lstm(k):
    return [k.layers.LSTM(6), k.layers.Dense(3, activation="softmax")]


def embedding(k):
    return [k.layers.Embedding(20, 4), k.layers.GlobalAveragePooling1D(),
            k.layers.Dense(1, activation="sigmoid")]


def masked(k):
    return [k.layers.Embedding(20, 4, mask_zero=True), k.layers.LSTM(5),
            k.layers.Dense(1, activation="sigmoid")]


def masked_mean(k):
    return [k.layers.Embedding(20, 4, mask_zero=True), k.layers.GlobalAveragePooling1D(),
            k.layers.Dense(1, activation="sigmoid")]


def masked_steps(k):
    return [k.layers.Embedding(20, 4, mask_zero=True),
            k.layers.Bidirectional(k.layers.GRU(3, return_sequences=True)),
            k.layers.Dense(3, activation="softmax")]


def masking(k):
    return [k.layers.Masking(), k.layers.LSTM(5), k.layers.Dense(3, activation="softmax")]


def penalized(k):
    return [k.layers.Dense(16, activation="tanh", kernel_regularizer=k.regularizers.L2(0.01),
                           bias_regularizer="l1"),
            k.layers.Dense(1, kernel_regularizer="l2")]


def constrained(k):
    return [k.layers.Dense(16, activation="relu", kernel_constraint=k.constraints.MaxNorm(0.7)),
            k.layers.Dense(4, activation="softmax", kernel_constraint="non_neg",
                           bias_constraint=k.constraints.NonNeg())]


def normalized(k):
    return [k.layers.Dense(8), k.layers.LayerNormalization(), k.layers.Activation("gelu"),
            k.layers.Dense(1)]


def floats(*shape):
    return rng(1).normal(size=shape).astype("float32")


SPARSE, BINARY = "sparse_categorical_crossentropy", "binary_crossentropy"
# name -> (layers, x, y, loss, metrics)
MODELS = {
    "mlp": (mlp, floats(76, 8), classes(76, 4), SPARSE, ["accuracy"]),
    "mlp, one-hot": (mlp, floats(76, 8), onehot(76, 4), "categorical_crossentropy",
                     ["accuracy", "mse"]),
    "cnn": (cnn, floats(76, 8, 7, 2), classes(76, 3),
            of("losses.SparseCategoricalCrossentropy(from_logits=True)"), ["accuracy"]),
    "lstm": (lstm, floats(76, 5, 4), classes(76, 3), SPARSE, ["accuracy"]),
    "embedding": (embedding, classes((76, 7), 20), classes(76, 2).reshape(-1, 1), BINARY,
                  ["accuracy", "AUC"]),
    "masked lstm": (masked, classes((76, 7), 20), classes(76, 2).reshape(-1, 1), BINARY,
                    ["accuracy"]),
    "masked mean": (masked_mean, classes((76, 7), 20), classes(76, 2).reshape(-1, 1), BINARY,
                    ["accuracy"]),
    "masked steps": (masked_steps, classes((76, 7), 20), classes((76, 7), 3), SPARSE, ["accuracy"]),
    "masking": (masking, floats(76, 6, 4) * (classes((76, 6, 1), 3) > 0), classes(76, 3), SPARSE,
                ["accuracy"]),
    "penalized": (penalized, floats(76, 8), floats(76, 1), "mse", ["mae"]),
    "constrained": (constrained, floats(76, 8), classes(76, 4), SPARSE, ["accuracy"]),
    "normalized": (normalized, floats(76, 8), floats(76, 1), "huber", ["mae", "mse"]),
}


class Pair:
    """Two Sequentials with the same weights."""

    def __init__(self, name):
        make, self.x, self.y, loss, metrics = MODELS[name]
        self.loss, self.metrics = loss, metrics
        self.theirs, self.ours = (k.Sequential(make(k)) for k in (keras, ours))
        for k, model in ((keras, self.theirs), (ours, self.ours)):
            model(self.x[:2] if k is keras else linnet.constant(self.x[:2]))
        self.ours.set_weights(self.theirs.get_weights())

    def sides(self):
        return ((keras, self.theirs), (ours, self.ours))

    def compile(self, optimizer="sgd", **more):
        for k, model in self.sides():
            given = options_for(k, dict(optimizer=optimizer, loss=self.loss,
                                        metrics=list(self.metrics), **more))
            model.compile(**given)

    def fit(self, **options):
        found = []
        for k, model in self.sides():
            given = {"x": self.x, "y": self.y, "batch_size": 8, "epochs": 1, "shuffle": False,
                     "verbose": 0, **options_for(k, options)}
            found.append(model.fit(given.pop("x"), given.pop("y"), **given))
        return found


def check(suite, name, kind, text, a, b, rtol=RTOL, atol=ATOL):
    suite.compared(name, "checks")
    problem = worst(np.asarray(a), np.asarray(b), rtol, atol)
    if problem:
        suite.fail(name, kind, f"[{text}] {problem}", text)


def check_history(suite, name, text, theirs, found):
    suite.compared(name, "checks")
    if list(theirs.history) != list(found.history):
        return suite.fail(name, "value", f"[{text}] keys {list(found.history)}, Keras "
                          f"{list(theirs.history)}")
    for key in theirs.history:
        check(suite, name, "value", f"{text}, {key}", [float(v) for v in found.history[key]],
              [float(v) for v in theirs.history[key]], 1e-4)
    return None


def check_weights(suite, name, text, pair):
    for i, (a, b) in enumerate(zip(pair.ours.get_weights(), pair.theirs.get_weights())):
        check(suite, name, "value", f"{text}, weight {i}", a, b, *TRAINED)


def train(suite, model, optimizer, text="", compile_options=None, **options):
    name = f"fit {model}"
    label = f"{optimizer}{text}"
    try:
        pair = Pair(model)
        pair.compile(optimizer, **(compile_options or {}))
        theirs, found = pair.fit(**options)
        check_history(suite, name, label, theirs, found)
        check_weights(suite, name, label, pair)
        a = pair.ours.evaluate(pair.x, pair.y, batch_size=16, verbose=0, return_dict=True)
        b = pair.theirs.evaluate(pair.x, pair.y, batch_size=16, verbose=0, return_dict=True)
        if sorted(a) != sorted(b):
            suite.fail(name, "value", f"[{label}] evaluate gives {sorted(a)}, Keras {sorted(b)}")
        else:
            check(suite, name, "value", f"{label}, evaluate", [float(a[k]) for k in sorted(b)],
                  [float(b[k]) for k in sorted(b)], 1e-4)
        check(suite, name, "value", f"{label}, predict", pair.ours.predict(pair.x, verbose=0),
              pair.theirs.predict(pair.x, verbose=0), 1e-4, 1e-5)
    except Exception as problem:
        suite.fail(name, "error", f"[{label}] {type(problem).__name__}: {problem}")


OPTIMIZERS = ["SGD(0.05)", "SGD(0.05, momentum=0.9)", "SGD(0.05, momentum=0.9, nesterov=True)",
              "Adam(0.01)", "Adam(0.01, amsgrad=True)", "AdamW(0.01)", "RMSprop(0.003)",
              "RMSprop(0.003, momentum=0.5, centered=True)", "Adagrad(0.05)", "Adadelta(1.0)",
              "Adamax(0.01)", "Nadam(0.01)", "Lion(0.001)", "Adam(0.01, clipnorm=0.1)",
              "SGD(0.1, global_clipnorm=0.5, weight_decay=0.01)",
              "Adam(0.01, use_ema=True, ema_momentum=0.9)",
              "Adam(0.01, use_ema=True, ema_momentum=0.9, ema_overwrite_frequency=4)",
              "SGD(0.05, gradient_accumulation_steps=3)",
              "Adam(0.01, gradient_accumulation_steps=2, clipnorm=0.2)",
              "SGD(0.05, loss_scale_factor=8.0)",
              "Adam(optimizers.schedules.CosineDecay(0.01, 10, warmup_target=0.02, warmup_steps=3))"]


def optimizer_of(text):
    return of("optimizers." + text.replace("optimizers.", "k.optimizers."))


def run_training(suite):
    for text in OPTIMIZERS:
        train(suite, "mlp", optimizer_of(text))
    for model in list(MODELS)[1:]:
        for text in ("SGD(0.05, momentum=0.9)", "Adam(0.003)"):
            train(suite, model, optimizer_of(text))
    sgd = optimizer_of("SGD(0.05)")
    weights = rng(9).uniform(size=76).astype("float32")
    for text, options in {
            "validation_split": dict(validation_split=0.25, epochs=2),
            "validation_data": dict(validation_data=(floats(20, 8), classes(20, 4)), epochs=2),
            "class_weight": dict(class_weight={0: 0.5, 1: 2.0, 2: 1.0, 3: 0.0}),
            "sample_weight": dict(sample_weight=weights), "batch_size 76": dict(batch_size=76),
            "steps_per_epoch": dict(steps_per_epoch=4), "validation_freq": dict(
                validation_split=0.25, validation_freq=2, epochs=4)}.items():
        train(suite, "mlp", sgd, f", {text}", epochs=options.pop("epochs", 1), **options)
    train(suite, "mlp", sgd, ", weighted_metrics",
          {"weighted_metrics": ["accuracy"]}, sample_weight=weights)
    train(suite, "masked steps", sgd, ", sample_weight", {"weighted_metrics": ["accuracy"]},
          sample_weight=rng(9).uniform(size=(76, 7)).astype("float32"))
    train(suite, "mlp", sgd, ", eager", {"run_eagerly": True})


CALLBACKS = {
    "EarlyStopping": "callbacks.EarlyStopping(monitor='loss', min_delta=0.05, patience=1)",
    "EarlyStopping, restore": "callbacks.EarlyStopping(monitor='val_loss', patience=2, "
                              "restore_best_weights=True)",
    "EarlyStopping, baseline": "callbacks.EarlyStopping(monitor='loss', baseline=0.1, patience=2, "
                               "start_from_epoch=1)",
    "EarlyStopping, max": "callbacks.EarlyStopping(monitor='accuracy', mode='max', patience=2)",
    "ReduceLROnPlateau": "callbacks.ReduceLROnPlateau(monitor='val_loss', factor=0.5, patience=1, "
                         "min_delta=0.05, cooldown=1, min_lr=0.001)",
    "LearningRateScheduler": "callbacks.LearningRateScheduler(lambda epoch, rate: rate * 0.5)",
    "TerminateOnNaN": "callbacks.TerminateOnNaN()",
}


def run_callbacks(suite):
    for name, text in CALLBACKS.items():
        train(suite, "mlp", optimizer_of("SGD(0.5)"), f", {name}", epochs=6, validation_split=0.25,
              callbacks=of(f"__class__ and [k.{text}]"))
    for name, validation in (("CSVLogger", {}), ("CSVLogger", dict(
            validation_split=0.25, validation_freq=2))):
        with tempfile.TemporaryDirectory() as folder:
            paths, pair = [os.path.join(folder, side) for side in "ab"], Pair("mlp")
            pair.compile(optimizer_of("SGD(0.05)"))
            for path, (k, model) in zip(paths, pair.sides()):
                model.fit(pair.x, pair.y, epochs=3, verbose=0, shuffle=False,
                          callbacks=[k.callbacks.CSVLogger(path)], **validation)
            a, b = (np.genfromtxt(path, delimiter=",", names=True) for path in paths)
            if a.dtype.names != b.dtype.names:
                suite.fail(name, "value", f"columns {b.dtype.names}, Keras {a.dtype.names}")
                continue
            for column in a.dtype.names:
                check(suite, name, "value", column, b[column], a[column], 1e-4)


def run_functional(suite):
    for label, make, shapes in FUNCTIONAL:
        name = f"functional {label}"
        try:
            theirs, found = functional_pair(make, shapes)
            found.set_weights(theirs.get_weights())
            xs = [rng(i).normal(size=(24, *s)).astype("float32") for i, s in enumerate(shapes)]
            x = xs if len(xs) > 1 else xs[0]
            a, b = found.predict(x, verbose=0), theirs.predict(x, verbose=0)
            a, b = (v if isinstance(v, list) else [v] for v in (a, b))
            for i, (p, q) in enumerate(zip(a, b)):
                check(suite, name, "value", f"output {i}", p, q)
            ys = [rng(50 + i).normal(size=q.shape).astype("float32") for i, q in enumerate(b)]
            y = ys if len(ys) > 1 else ys[0]
            for k, model in ((keras, theirs), (ours, found)):
                model.compile(k.optimizers.SGD(0.05, momentum=0.9),
                              loss=["mse"] * len(ys) if len(ys) > 1 else "mse")
                model.fit(x, y, batch_size=8, epochs=3, shuffle=False, verbose=0)
            for i, (p, q) in enumerate(zip(found.get_weights(), theirs.get_weights())):
                check(suite, name, "value", f"weight {i} after training", p, q, *TRAINED)
        except Exception as problem:
            suite.fail(name, "error", f"{type(problem).__name__}: {problem}")


def deep(k):
    """Twelve layers of one class: their groups' alphabetical order is not the model's."""
    return [k.layers.Dense(6, activation="tanh") for _ in range(12)]


def mixed(k):
    return [k.layers.Embedding(20, 6), k.layers.Dropout(0.5),
            k.layers.Bidirectional(k.layers.LSTM(6, return_sequences=True)), k.layers.Dense(6),
            k.layers.BatchNormalization(), k.layers.GRU(6, dropout=0.1), k.layers.Dense(6)]


def run_files(suite):
    cases = [("deep", deep, floats(5, 6)), ("mixed", mixed, classes((5, 4), 20))]
    for label, make, x in cases:
        sides = [k.Sequential(make(k)) for k in (keras, ours)]
        save_and_load(suite, f"weights.h5 {label}", *sides, x)
    for label, make, shapes in FUNCTIONAL:
        if len(shapes) == 1:
            save_and_load(suite, f"weights.h5 {label}", *functional_pair(make, shapes),
                          rng().normal(size=(5, *shapes[0])).astype("float32"))
    own_files(suite)


def save_and_load(suite, name, theirs, found, x):
    with tempfile.TemporaryDirectory() as folder:
        path = os.path.join(folder, "x.weights.h5")
        try:
            expected = theirs.predict(x, verbose=0)
            for w in theirs.weights:
                if w.dtype == "float32":
                    w.assign(np.abs(rng(len(w.path)).normal(size=w.shape)) * 0.3)
            expected = theirs.predict(x, verbose=0)
            theirs.compile("adam", "mse")
            theirs.save_weights(path)
            found.predict(x, verbose=0)
            found.load_weights(path)
            got = found.predict(x, verbose=0)
            pairs = zip(got, expected) if isinstance(expected, list) else [(got, expected)]
            for a, b in pairs:
                check(suite, name, "value", "predict", a, b)
        except Exception as problem:
            suite.fail(name, "error", f"{type(problem).__name__}: {problem}")


def own_files(suite):
    """Linnet's own files: weights, and models with the optimizer's state, go on as they were."""
    for label, suffix in itertools.product(MODELS, (".keras", ".weights.h5")):
        name = f"own {suffix}"
        with tempfile.TemporaryDirectory() as folder:
            path = os.path.join(folder, "x" + suffix)
            pair = Pair(label)
            pair.compile("adam")
            fit = dict(batch_size=8, epochs=1, shuffle=False, verbose=0)
            pair.ours.fit(pair.x, pair.y, **fit)
            if suffix == ".keras":
                pair.ours.save(path)
                other = ours.models.load_model(path)
                for model in (pair.ours, other):
                    model.fit(pair.x, pair.y, **fit)
            else:
                pair.ours.save_weights(path)
                other = Pair(label).ours
                other.load_weights(path)
            for a, b in zip(other.get_weights(), pair.ours.get_weights()):
                check(suite, name, "value", label, a, b, 0, 0)


def run(suite):
    run_training(suite)
    run_callbacks(suite)
    run_functional(suite)
    run_files(suite)
