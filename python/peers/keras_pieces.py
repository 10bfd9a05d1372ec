"""Losses, metrics, activations, initializers, regularizers and constraints."""

import numpy as np
import tensorflow
import keras

import linnet
from linnet import keras as ours
from compare import worst
from keras_both import ATOL, RTOL, grid, options_for, rng

REDUCTION = ["sum_over_batch_size", "sum", None, "mean_with_sample_weight"]


def probabilities(*shape, seed=0):
    x = np.exp(rng(seed).normal(size=shape))
    return (x / x.sum(-1, keepdims=True)).astype("float32")


def labels(kind, shape, seed=1):
    g = rng(seed)
    if kind == "onehot":
        return np.eye(shape[-1], dtype="float32")[g.integers(0, shape[-1], shape[:-1])]
    if kind == "sparse":
        return g.integers(0, shape[-1], shape[:-1]).astype("int32")
    if kind == "binary":
        return g.integers(0, 2, shape).astype("float32")
    if kind == "positive":
        return np.abs(g.normal(size=shape)).astype("float32")
    return g.normal(size=shape).astype("float32")


# name -> (kind of target, kind of prediction, options)
SMOOTH = dict(from_logits=[False, True], label_smoothing=[0.0, 0.1])
LOSSES = [
    ("MeanSquaredError", "real", "real", grid()),
    ("MeanAbsoluteError", "real", "real", grid()),
    ("MeanAbsolutePercentageError", "real", "real", grid()),
    ("MeanSquaredLogarithmicError", "real", "real", grid()),
    ("MeanSquaredLogarithmicError", "positive", "positive", grid()),
    ("LogCosh", "real", "real", grid()),
    ("Huber", "real", "real", grid(delta=[1.0, 0.3])),
    ("Poisson", "positive", "positive", grid()),
    ("KLDivergence", "probabilities", "probabilities", grid()),
    ("Hinge", "binary", "real", grid()),
    ("SquaredHinge", "binary", "real", grid()),
    ("CategoricalHinge", "onehot", "real", grid()),
    ("CosineSimilarity", "real", "real", grid(axis=[-1, 1])),
    ("BinaryCrossentropy", "binary", "unit", grid(**SMOOTH)),
    ("CategoricalCrossentropy", "onehot", "probabilities", grid(**SMOOTH)),
    ("CategoricalCrossentropy", "onehot", "unit", grid(**SMOOTH)),
    ("SparseCategoricalCrossentropy", "sparse", "probabilities",
     grid(from_logits=[False, True], ignore_class=[None, 0, 2])),
    ("SparseCategoricalCrossentropy", "sparse", "unit", grid(from_logits=[False, True])),
    ("BinaryFocalCrossentropy", "binary", "unit",
     grid(gamma=[2.0, 1.0], apply_class_balancing=[False, True], **SMOOTH)),
    ("CategoricalFocalCrossentropy", "onehot", "probabilities", grid(gamma=[2.0, 1.0], **SMOOTH)),
]


def target(kind, shape):
    if kind == "probabilities":
        return probabilities(*shape, seed=5)
    return labels(kind, shape)


def prediction(kind, shape, from_logits):
    if kind == "real" or from_logits:
        return rng(7).normal(size=shape).astype("float32") * 2
    if kind == "probabilities":
        return probabilities(*shape, seed=9)
    values = rng(7).uniform(size=shape).astype("float32")
    values.flat[0], values.flat[1] = 0.0, 1.0
    return values + (0.1 if kind == "positive" else 0)


def weights_for(shape, name):
    g = rng(11)
    return {"none": None, "rows": g.uniform(size=shape[:1]).astype("float32"),
            "zeros": np.zeros(shape[:1], "float32"),
            "time": g.uniform(size=shape[:-1]).astype("float32")}[name]


def loss_values(suite, name, kinds, options, shape, weight_name):
    y = target(kinds[0], shape)
    p = prediction(kinds[1], shape, options.get("from_logits"))
    weight = weights_for(shape, weight_name)
    text = f"{options}, shape={shape}, weight={weight_name}"
    results = []
    for library, tf in ((keras, tensorflow), (ours, linnet)):
        try:
            loss = getattr(library.losses, name)(**options_for(library, options))
            x = tf.constant(p)
            with tf.GradientTape() as tape:
                tape.watch(x)
                z = loss(tf.constant(y), x) if weight is None else loss(
                    tf.constant(y), x, sample_weight=tf.constant(weight))
            results.append((np.asarray(z), np.asarray(tape.gradient(z, x))))
        except Exception as problem:
            results.append(problem)
    judge(suite, f"losses.{name}", text, results, options)


def judge(suite, name, text, results, options, rtol=RTOL, atol=ATOL, absolute=0.0):
    theirs, found = results
    suite.compared(name, "cases")
    if isinstance(theirs, Exception) or isinstance(found, Exception):
        if not (isinstance(theirs, Exception) and isinstance(found, Exception)):
            suite.fail(name, "error", f"[{text}] Keras: {str(theirs)[:90]!r}, Linnet: "
                       f"{str(found)[:200]!r}", options)
        return
    for kind, a, b in zip(("value", "gradient"), found, theirs):
        problem = worst(a, b, rtol, atol, absolute=absolute)
        if problem:
            suite.fail(name, kind, f"[{text}] {problem}", options)


def run_losses(suite):
    for name, *kinds, choices in LOSSES:
        for options in choices:
            for reduction in REDUCTION:
                for shape in ((4, 3), (2, 4, 3)):
                    # Of sequences Keras takes weights of all steps only.
                    for weight in ("none", "time") if len(shape) > 2 else ("none", "rows", "zeros"):
                        loss_values(suite, name, kinds, {**options, "reduction": reduction}, shape,
                                    weight)
    functions = {"mean_squared_error": "real", "mean_absolute_error": "real", "log_cosh": "real",
                 "mean_absolute_percentage_error": "real", "hinge": "binary",
                 "squared_hinge": "binary", "cosine_similarity": "real", "huber": "real"}
    for name, kind in functions.items():
        function_values(suite, name, target(kind, (4, 3)), prediction("real", (4, 3), False))
    for name, kind in {"binary_crossentropy": "binary", "categorical_crossentropy": "onehot",
                       "sparse_categorical_crossentropy": "sparse", "kl_divergence": "probabilities",
                       "poisson": "positive", "categorical_hinge": "onehot",
                       "mean_squared_logarithmic_error": "positive"}.items():
        function_values(suite, name, target(kind, (4, 3)), probabilities(4, 3, seed=9))
    # Shapes that are squeezed or broadcast.
    for a, b in (((4,), (4, 1)), ((4, 1), (4,)), ((4, 3), (4, 1)), ((4,), (4,)), ((4, 1), (4, 1))):
        function_values(suite, "mean_squared_error", labels("real", a), labels("real", b, 2), True)
        function_values(suite, "binary_crossentropy", labels("binary", a),
                        rng(2).uniform(size=b).astype("float32"), True)


def function_values(suite, name, y, p, as_class=False):
    results = []
    for library in (keras, ours):
        try:
            if as_class:
                cls = "".join(part.capitalize() for part in name.split("_"))
                results.append((np.asarray(getattr(library.losses, cls)()(y, p)),))
            else:
                results.append((np.asarray(getattr(library.losses, name)(y, p)),))
        except Exception as problem:
            results.append(problem)
    judge(suite, f"losses.{name}", f"shapes {y.shape}, {p.shape}", results, None)


METRICS = [
    ("Accuracy", "sparse", "sparse", grid()),
    ("BinaryAccuracy", "binary", "unit", grid(threshold=[0.5, 0.2])),
    ("CategoricalAccuracy", "onehot", "probabilities", grid()),
    ("SparseCategoricalAccuracy", "sparse", "probabilities", grid()),
    ("TopKCategoricalAccuracy", "onehot", "probabilities", grid(k=[1, 2, 5])),
    ("SparseTopKCategoricalAccuracy", "sparse", "probabilities", grid(k=[1, 2, 5])),
    ("MeanSquaredError", "real", "real", grid()),
    ("MeanAbsoluteError", "real", "real", grid()),
    ("RootMeanSquaredError", "real", "real", grid()),
    ("MeanAbsolutePercentageError", "real", "real", grid()),
    ("MeanSquaredLogarithmicError", "positive", "positive", grid()),
    ("LogCoshError", "real", "real", grid()),
    ("Poisson", "positive", "positive", grid()),
    ("KLDivergence", "probabilities", "probabilities", grid()),
    ("Hinge", "binary", "real", grid()),
    ("SquaredHinge", "binary", "real", grid()),
    ("CategoricalHinge", "onehot", "real", grid()),
    ("CosineSimilarity", "real", "real", grid(axis=[-1])),
    ("BinaryCrossentropy", "binary", "unit", grid(**SMOOTH)),
    ("CategoricalCrossentropy", "onehot", "probabilities", grid(**SMOOTH)),
    ("SparseCategoricalCrossentropy", "sparse", "probabilities", grid(from_logits=[False, True])),
    ("Precision", "binary", "unit", grid(thresholds=[None, 0.3], class_id=[None, 1])),
    ("Recall", "binary", "unit", grid(thresholds=[None, 0.3], class_id=[None, 1])),
    ("Precision", "onehot", "probabilities", grid(top_k=[None, 1, 2], class_id=[None, 0])),
    ("Recall", "onehot", "probabilities", grid(top_k=[None, 1, 2], class_id=[None, 0])),
    ("TruePositives", "binary", "unit", grid(thresholds=[None, 0.3])),
    ("FalsePositives", "binary", "unit", grid(thresholds=[None, 0.3])),
    ("TrueNegatives", "binary", "unit", grid(thresholds=[None, 0.3])),
    ("FalseNegatives", "binary", "unit", grid(thresholds=[None, 0.3])),
    ("AUC", "binary", "unit", grid(num_thresholds=[200, 5], curve=["ROC", "PR"],
                                   summation_method=["interpolation", "minoring", "majoring"])),
    ("AUC", "binary", "real", grid(from_logits=[True])),
    ("AUC", "binary", "unit", grid(thresholds=[[0.2, 0.5, 0.7]])),
    ("F1Score", "onehot", "probabilities", grid(average=[None, "micro", "macro", "weighted"],
                                                threshold=[None, 0.4])),
    ("FBetaScore", "onehot", "probabilities", grid(average=[None, "macro"], beta=[0.5, 2.0])),
    ("R2Score", "real", "real", grid(class_aggregation=["uniform_average", None,
                                                        "variance_weighted_average"])),
    ("MeanIoU", "sparse", "sparse", grid(num_classes=[3])),
]


def run_metrics(suite):
    for name, *kinds, choices in METRICS:
        for options in choices:
            for weighted in (False, True):
                metric_value(suite, name, kinds, options, weighted)
    for name in ("Mean", "Sum"):
        for weight in (None, rng(3).uniform(size=(4, 3)).astype("float32")):
            results = []
            for library in (keras, ours):
                m = getattr(library.metrics, name)()
                m.update_state(labels("real", (4, 3)), sample_weight=weight)
                m.update_state(labels("real", (4, 3), 5))
                results.append((np.asarray(m.result()),))
            judge(suite, f"metrics.{name}", f"weight={weight is not None}", results, None)


def metric_value(suite, name, kinds, options, weighted):
    results = []
    for library in (keras, ours):
        try:
            metric = getattr(library.metrics, name)(**options)
            # Keras's scores by class have no result before the first batch.
            first = 0.0 if "Score" in name else np.asarray(metric.result())
            for step in range(2):
                y = target(kinds[0], (6, 3)) if step == 0 else labels(
                    kinds[0], (6, 3), 21) if kinds[0] != "probabilities" else probabilities(6, 3)
                p = (labels("sparse", (6, 3), 8 + step) if kinds[1] == "sparse" else prediction(
                    kinds[1], (6, 3), options.get("from_logits")))
                weight = rng(step).uniform(size=(6,)).astype("float32") if weighted else None
                metric.update_state(y, p, sample_weight=weight)
            value = np.asarray(metric.result())
            metric.reset_state()
            results.append((value, first, 0.0 if "Score" in name else np.asarray(
                metric.result())))
        except Exception as problem:
            results.append(problem)
    judge(suite, f"metrics.{name}", f"{options}, weighted={weighted}", results, options)


ACTIVATIONS = ("relu leaky_relu elu selu celu gelu hard_sigmoid hard_silu hard_swish silu swish mish "
               "softplus softsign log_sigmoid exponential tanh sigmoid hard_tanh tanh_shrink "
               "hard_shrink soft_shrink squareplus sparse_plus sparse_sigmoid glu relu6 linear "
               "softmax log_softmax").split()
ACTIVATION_OPTIONS = {
    "relu": grid(negative_slope=[0.0, 0.1], max_value=[None, 2.0], threshold=[0.0, 0.5]),
    "leaky_relu": grid(negative_slope=[0.2, 0.05]), "elu": grid(alpha=[1.0, 0.4]),
    "celu": grid(alpha=[1.0, 0.4]), "gelu": grid(approximate=[False, True]),
    "hard_shrink": grid(threshold=[0.5, 1.0]), "soft_shrink": grid(threshold=[0.5, 1.0]),
    "squareplus": grid(b=[4, 2]), "softmax": grid(axis=[-1, 0]), "log_softmax": grid(axis=[-1, 0]),
    "threshold": grid(threshold=[0.5], default_value=[-1.0])}
POINTS = np.concatenate([np.linspace(-8, 8, 60), [0, 0.5, -0.5, 1, -1, 3, -3, 6, 2, -100, 100, -60,
                                                  30, 1e-4, -1e-4, 88, -88, 1e4, -1e4, 4]]
                        ).astype("float32").reshape(8, 10)


def run_activations(suite):
    for name in ACTIVATIONS + ["threshold"]:
        for options in ACTIVATION_OPTIONS.get(name, [{}]):
            results = []
            points = np.clip(POINTS, -80, 80) if name in ("exponential", "softmax") else POINTS
            for library, tf in ((keras, tensorflow), (ours, linnet)):
                try:
                    x = tf.constant(points)
                    with tf.GradientTape() as tape:
                        tape.watch(x)
                        y = getattr(library.activations, name)(x, **options)
                        z = tf.reduce_sum(y * tf.constant(rng(100).normal(
                            size=tuple(y.shape)).astype("float32")))
                    results.append((np.asarray(y), np.asarray(tape.gradient(z, x))))
                except Exception as problem:
                    results.append(problem)
            # Not relative to the largest point, 1e4: a function with values near 1 has roundings of
            # 6e-8, and its gradient some of them times seeds of up to 3.
            judge(suite, f"activations.{name}", f"{options}", results, options, RTOL, 0, 1e-6)
        results = []
        for library in (keras, ours):
            try:
                results.append((np.asarray(library.activations.get(name)(np.array(
                    [[-1.0, 2.0]], "float32"))),))
            except Exception as problem:
                results.append(problem)
        if name not in ("threshold", "linear"):
            judge(suite, f"activations.get({name!r})", "", results, None)


INITIALIZERS = [
    ("Zeros", grid()), ("Ones", grid()), ("Constant", grid(value=[0.5])),
    ("RandomUniform", grid(minval=[-0.05], maxval=[0.05, 1.0])),
    ("RandomNormal", grid(mean=[0.0, 1.0], stddev=[0.05, 2.0])),
    ("TruncatedNormal", grid(mean=[0.0, 1.0], stddev=[0.05, 2.0])),
    ("VarianceScaling", grid(scale=[1.0, 2.0], mode=["fan_in", "fan_out", "fan_avg"],
                             distribution=["truncated_normal", "untruncated_normal", "uniform"])),
    *[(name, grid()) for name in ("GlorotUniform", "GlorotNormal", "HeUniform", "HeNormal",
                                  "LecunUniform", "LecunNormal")],
    ("Orthogonal", grid(gain=[1.0, 2.0])), ("Identity", grid(gain=[1.0, 3.0])),
]


def run_initializers(suite):
    for name, choices in INITIALIZERS:
        shapes = [(256, 200)] if name in ("Identity", "Orthogonal") else [
            (256, 200), (5, 5, 40, 50), (50000,)]
        for options in choices:
            for shape in shapes:
                statistics(suite, name, options, shape)


def statistics(suite, name, options, shape):
    """Mean, deviation, extremes: equal within five standard errors of 50,000 draws."""
    results = []
    for library in (keras, ours):
        random = name not in ("Zeros", "Ones", "Constant", "Identity")
        made = getattr(library.initializers, name)(**options, **({"seed": 1} if random else {}))
        values = np.asarray(made(shape), "float64")
        results.append(values)
    theirs, found = results
    suite.compared(f"initializers.{name}", "cases")
    deviation = theirs.std()
    error = 5 * deviation / np.sqrt(theirs.size)
    problem = None
    if found.shape != theirs.shape:
        problem = f"shape {found.shape}"
    elif abs(found.mean() - theirs.mean()) > 2 * error + 1e-7:
        problem = f"mean {found.mean()}, Keras {theirs.mean()}"
    elif abs(found.std() - deviation) > 2 * error + 1e-7:
        problem = f"deviation {found.std()}, Keras {deviation}"
    elif "untruncated" not in str(options) and name != "RandomNormal" and name != "Orthogonal" and (
            abs(found.max() - theirs.max()) > 0.02 * (theirs.max() - theirs.min()) + 1e-7):
        problem = f"largest {found.max()}, Keras {theirs.max()}"
    elif name == "Orthogonal":
        problem = worst(found.T @ found, options["gain"] ** 2 * np.eye(shape[1]), 0, 1e-5)
    if problem:
        suite.fail(f"initializers.{name}", "value", f"[{options}, {shape}] {problem}", options)


def run_regularizers(suite):
    w = rng().normal(size=(4, 3)).astype("float32")
    cases = [("L1", grid(l1=[0.01, 0.3])), ("L2", grid(l2=[0.01, 0.3])),
             ("L1L2", grid(l1=[0.0, 0.1], l2=[0.0, 0.2]))]
    for name, choices in cases:
        for options in choices:
            results = []
            for library, tf in ((keras, tensorflow), (ours, linnet)):
                try:
                    results.append((np.asarray(getattr(library.regularizers, name)(**options)(
                        tf.constant(w))),))
                except Exception as problem:
                    results.append(problem)
            judge(suite, f"regularizers.{name}", f"{options}", results, options)


def run_constraints(suite):
    w = rng().normal(size=(4, 3)).astype("float32") * 2
    cases = [("MaxNorm", grid(max_value=[2, 0.5], axis=[0, 1])), ("NonNeg", grid()),
             ("UnitNorm", grid(axis=[0, 1])),
             ("MinMaxNorm", grid(min_value=[0.0, 0.5], max_value=[1.0], rate=[1.0, 0.5],
                                 axis=[0, 1]))]
    for name, choices in cases:
        for options in choices:
            results = []
            for library, tf in ((keras, tensorflow), (ours, linnet)):
                try:
                    results.append((np.asarray(getattr(library.constraints, name)(**options)(
                        tf.constant(w))),))
                except Exception as problem:
                    results.append(problem)
            judge(suite, f"constraints.{name}", f"{options}", results, options)


def run(suite):
    run_losses(suite)
    run_metrics(suite)
    run_activations(suite)
    run_initializers(suite)
    run_regularizers(suite)
    run_constraints(suite)
