"""keras.metrics."""

from .. import _core
from .._missing import missing
from ._declare import declare, snake_case
from ._lookup import find

Metric = _core.Metric
_core_init = Metric.__init__


def _init(self, dtype=None, name=None, **_):
    _core_init(self, name or snake_case(type(self).__name__))
    self._config = {"name": name}
    self._own = []


def _update_state(self, y_true, y_pred, sample_weight=None):
    """Adds a batch."""
    y_pred = _core.convert_to_tensor(y_pred)
    y_true = _core.convert_to_tensor(y_true, dtype_hint=y_pred.dtype)
    weight = None if sample_weight is None else _core.convert_to_tensor(sample_weight)
    self._update(y_true, y_pred, weight)


def _result(self):
    """The metric so far, a 0-d tensor."""
    if _core._is_tracing():
        return self._result_tensor()
    return _core.constant(self._result(), "float32")


def _call(self, *args, **kwargs):
    self.update_state(*args, **kwargs)
    return self.result()


def _reset_state(self):
    """Back to the beginning."""
    self._reset()
    for v in getattr(self, "_own", ()):
        v.assign(_core.zeros(v.shape, v.dtype))


def _add_weight(self, shape=(), initializer="zeros", dtype=None, name=None, **_):
    """A Variable of this metric's state."""
    from . import initializers

    if isinstance(shape, str):
        shape, name = (), shape
    value = initializers.get(initializer)(shape, dtype or "float32")
    v = _core.Variable(value, trainable=False, name=name or "variable")
    self._own.append(v)
    return v


Metric.__init__ = _init
Metric.__call__ = _call
Metric.add_weight = _add_weight
Metric.add_variable = _add_weight
Metric.variables = property(lambda self: list(self._variables) + list(getattr(self, "_own", ())))
Metric.weights = Metric.variables
Metric.get_config = lambda self: dict(self._config)
Metric.from_config = classmethod(lambda cls, config: cls(**config))
Metric.update_state = _update_state
Metric.result = _result
Metric.reset_state = _reset_state
Metric.reset_states = lambda self: self.reset_state()


def _mean_update(self, values, sample_weight=None):
    """Adds values to the mean (sum)."""
    self._update_mean(values, sample_weight)


def _mean_result(self):
    if _core._is_tracing() and self._is_sum():
        return _core.cast(self._variables[0].value(), "float32")
    return _result(self)


def _metric(name, core=None, required=(), defaults=None, doc="", label=None):
    core = core or getattr(_core, name)

    def values_for_core(values):
        values.pop("dtype", None)
        if values.get("name") is None:
            values["name"] = label or snake_case(name)
        elif not isinstance(values["name"], str):
            raise TypeError(f"{name}: name must be a string")
        return values

    return declare(name, core, required, {**(defaults or {}), "name": None, "dtype": None}, doc,
                   None, values_for_core, __name__)


Mean = declare("Mean", _core.Mean, (), {"name": "mean", "dtype": None}, "The mean of values.",
               module=__name__)
Sum = declare("Sum", _core.Sum, (), {"name": "sum", "dtype": None}, "The sum of values.",
              module=__name__)
for _kind in (Mean, Sum):
    _kind.update_state = _mean_update
    _kind.result = _mean_result
Accuracy = _metric("Accuracy", doc="How often y_true == y_pred.")
BinaryAccuracy = declare(
    "BinaryAccuracy", _core.BinaryAccuracy, (),
    {"name": "binary_accuracy", "dtype": None, "threshold": 0.5},
    "How often (y_pred > threshold) == y_true.", module=__name__)
CategoricalAccuracy = _metric("CategoricalAccuracy", doc="How often the argmaxes agree.")
SparseCategoricalAccuracy = _metric("SparseCategoricalAccuracy",
                                    doc="How often y_true == argmax(y_pred).")
TopKCategoricalAccuracy = _metric("TopKCategoricalAccuracy", defaults={"k": 5},
                                  doc="How often the target is among the k best.")
SparseTopKCategoricalAccuracy = _metric("SparseTopKCategoricalAccuracy", defaults={"k": 5},
                                        doc="The same for integer labels.")
MeanSquaredError = _metric("MeanSquaredError", _core.MeanSquaredErrorMetric,
                           doc="mean((y - p)^2)")
MeanAbsoluteError = _metric("MeanAbsoluteError", _core.MeanAbsoluteErrorMetric,
                            doc="mean(|y - p|)")
RootMeanSquaredError = _metric("RootMeanSquaredError", doc="sqrt(mean((y - p)^2))")
_LOGITS = {"from_logits": False, "label_smoothing": 0.0}
BinaryCrossentropy = declare(
    "BinaryCrossentropy", _core.BinaryCrossentropyMetric, (),
    {"name": "binary_crossentropy", "dtype": None, **_LOGITS}, "The mean crossentropy.",
    module=__name__)
CategoricalCrossentropy = declare(
    "CategoricalCrossentropy", _core.CategoricalCrossentropyMetric, (),
    {"name": "categorical_crossentropy", "dtype": None, **_LOGITS, "axis": -1},
    "The mean crossentropy.", module=__name__)
SparseCategoricalCrossentropy = declare(
    "SparseCategoricalCrossentropy", _core.SparseCategoricalCrossentropyMetric, (),
    {"name": "sparse_categorical_crossentropy", "dtype": None, "from_logits": False, "axis": -1},
    "The mean crossentropy of integer labels.", module=__name__)
CosineSimilarity = declare(
    "CosineSimilarity", _core.CosineSimilarityMetric, (),
    {"name": "cosine_similarity", "dtype": None, "axis": -1}, "The mean cosine.", module=__name__)
_CONFUSION = {"thresholds": None, "top_k": None, "class_id": None}
Precision = _metric("Precision", defaults=_CONFUSION, doc="tp / (tp + fp)")
Recall = _metric("Recall", defaults=_CONFUSION, doc="tp / (tp + fn)")
TruePositives = _metric("TruePositives", defaults=_CONFUSION, doc="Right positives.")
FalsePositives = _metric("FalsePositives", defaults=_CONFUSION, doc="Wrong positives.")
TrueNegatives = _metric("TrueNegatives", defaults=_CONFUSION, doc="Right negatives.")
FalseNegatives = _metric("FalseNegatives", defaults=_CONFUSION, doc="Wrong negatives.")
AUC = declare("AUC", _core.AUC, (),
              {"num_thresholds": 200, "curve": "ROC", "summation_method": "interpolation",
               "name": "auc", "dtype": None, "thresholds": None, "from_logits": False},
              "Area under the ROC or precision-recall curve.", module=__name__)
MeanIoU = declare("MeanIoU", _core.MeanIoU, ("num_classes",), {"name": "mean_io_u", "dtype": None},
                  "Mean intersection over union.", module=__name__)


_FBETA = {"average": None, "threshold": None}
F1Score = _metric("F1Score", defaults=_FBETA, label="f1_score",
                  doc="The harmonic mean of precision and recall, by class or averaged.")
FBetaScore = _metric("FBetaScore", defaults={"average": None, "beta": 1.0, "threshold": None},
                     label="fbeta_score",
                     doc="(1 + b^2) p r / (b^2 p + r) of precision p and recall r.")
R2Score = _metric("R2Score", defaults={"class_aggregation": "uniform_average",
                                       "num_regressors": 0}, label="r2_score",
                  doc="1 - sum((y - p)^2) / sum((y - mean(y))^2), by output or averaged.")


def _scores_result(self):
    """The score so far; one a class (output) if it is not averaged."""
    if self._config.get("average", self._config.get("class_aggregation")) is None:
        return _core.constant(self._scores(), "float32")
    return _result(self)


for _kind in (F1Score, FBetaScore, R2Score):
    _kind.result = _scores_result


def _mean_of(name, loss, label, doc):
    """A loss's values per sample, averaged: the metric of that name."""

    def convert(values):
        return {"name": values["name"], "loss": loss}

    return declare(name, _core._MeanOf, (), {"name": label, "dtype": None}, doc, None, convert,
                   __name__)


MeanAbsolutePercentageError = _mean_of(
    "MeanAbsolutePercentageError", "mape", "mean_absolute_percentage_error",
    "100 mean(|y - p| / |y|)")
MeanSquaredLogarithmicError = _mean_of(
    "MeanSquaredLogarithmicError", "msle", "mean_squared_logarithmic_error",
    "mean((log(1 + y) - log(1 + p))^2)")
LogCoshError = _mean_of("LogCoshError", "log_cosh", "logcosh", "mean(log(cosh(p - y)))")
Poisson = _mean_of("Poisson", "poisson", "poisson", "mean(p - y log p)")
KLDivergence = _mean_of("KLDivergence", "kl_divergence", "kl_divergence", "sum(y log(y / p))")
Hinge = _mean_of("Hinge", "hinge", "hinge", "mean(max(1 - y p, 0))")
SquaredHinge = _mean_of("SquaredHinge", "squared_hinge", "squared_hinge",
                        "mean(max(1 - y p, 0)^2)")
CategoricalHinge = _mean_of("CategoricalHinge", "categorical_hinge", "categorical_hinge",
                            "max(neg - pos + 1, 0)")


class Adapter(Metric):
    """A subclass of a built-in metric, as the core takes it: all calls go to Python."""

    def __init__(self, metric):
        super().__init__(name=metric.name)
        self._metric = metric

    def update_state(self, y_true, y_pred, sample_weight=None):
        if sample_weight is None:
            return self._metric.update_state(y_true, y_pred)
        return self._metric.update_state(y_true, y_pred, sample_weight=sample_weight)

    def result(self):
        return self._metric.result()

    def reset_state(self):
        self._metric.reset_state()


def for_core(metric):
    """A metric as compile() hands it to the core."""
    metric = get(metric)
    own = isinstance(metric, Metric) and type(metric).__module__ not in (
        __name__, "linnet._core", _core.__name__)
    if own and any(kind.__module__ == __name__ for kind in type(metric).__mro__[1:]):
        return Adapter(metric)
    return metric


def get(identifier):
    """The metric of a name; others are returned as they are."""
    if isinstance(identifier, str) and not isinstance(globals().get(identifier), type):
        return _core._metric_from_name(identifier)
    return find(identifier, globals(), Metric, "metric")


Metric.dtype = property(lambda self: "float32")


class MeanMetricWrapper(Metric):
    """The mean of a function's values: fn(y_true, y_pred, **kwargs)."""

    def __init__(self, fn, name=None, dtype=None, **kwargs):
        super().__init__(name=name or getattr(fn, "__name__", None))
        self._fn, self._options = fn, kwargs
        self.total = self.add_weight(name="total", initializer="zeros")
        self.count = self.add_weight(name="count", initializer="zeros")

    def update_state(self, y_true, y_pred, sample_weight=None):
        y_true, y_pred = _core.convert_to_tensor(y_true), _core.convert_to_tensor(y_pred)
        values = _core.cast(self._fn(y_true, y_pred, **self._options), "float32")
        weights = _core.ones_like(values)
        if sample_weight is not None:
            sample_weight = _core.cast(sample_weight, "float32")
            extra = [1] * (values.ndim - sample_weight.ndim)
            weights = weights * _core.reshape(sample_weight, [*sample_weight.shape, *extra])
        self.total.assign_add(_core.reduce_sum(values * weights))
        self.count.assign_add(_core.reduce_sum(weights))

    def result(self):
        return _core.divide_no_nan(self.total.value(), self.count.value())

    def get_config(self):
        return {"name": self.name, "fn": self._fn, **self._options}


def binary_accuracy(y_true, y_pred, threshold=0.5):
    """Of each sample, which part of its values lies on the right side of the threshold."""
    y_true, y_pred = _core.convert_to_tensor(y_true), _core.convert_to_tensor(y_pred)
    right = _core.cast(y_true, y_pred.dtype) == _core.cast(y_pred > threshold, y_pred.dtype)
    return _core.reduce_mean(_core.cast(right, "float32"), -1)


def categorical_accuracy(y_true, y_pred):
    """Of each sample, whether the largest values are at the same place."""
    return _core.cast(_core.argmax(y_true, -1) == _core.argmax(y_pred, -1), "float32")


def _labels_beside(y_true, y_pred):
    y_true, y_pred = _core.convert_to_tensor(y_true), _core.convert_to_tensor(y_pred)
    if y_true.ndim == y_pred.ndim and y_true.shape[-1] == 1:
        y_true = _core.squeeze(y_true, [-1])
    return _core.cast(y_true, "int64"), y_pred


def sparse_categorical_accuracy(y_true, y_pred):
    """Of each sample, whether the largest value is at the label."""
    labels, y_pred = _labels_beside(y_true, y_pred)
    return _core.cast(labels == _core.argmax(y_pred, -1), "float32")


def top_k_categorical_accuracy(y_true, y_pred, k=5):
    """Of each sample, whether the true class is among the k largest."""
    return sparse_top_k_categorical_accuracy(_core.argmax(y_true, -1), y_pred, k)


def sparse_top_k_categorical_accuracy(y_true, y_pred, k=5):
    """Of each sample, whether the label is among the k largest."""
    from ..math import in_top_k

    labels, y_pred = _labels_beside(y_true, y_pred)
    return _core.cast(in_top_k(labels, y_pred, k), "float32")


_OF_LOSSES = ("mean_squared_error", "mean_absolute_error", "mean_absolute_percentage_error",
              "mean_squared_logarithmic_error", "mse", "MSE", "mae", "MAE", "mape", "MAPE", "msle", "MSLE",
              "binary_crossentropy", "categorical_crossentropy", "sparse_categorical_crossentropy",
              "binary_focal_crossentropy", "categorical_focal_crossentropy", "categorical_hinge", "hinge",
              "squared_hinge", "huber", "kl_divergence", "kld", "KLD", "log_cosh", "poisson",
              "cosine_similarity")


def __getattr__(name):
    from . import losses

    if name in _OF_LOSSES:
        return getattr(losses, name)
    raise missing(__name__, name)
