"""keras.metrics."""

import linnet
from builtins import bool as _bool
from typing import Any
from linnet._typing import Axis as _Axis, DTypeLike as _DTypeLike, Initializer as _Initializer, ShapeLike as _ShapeLike, TensorLike as _TensorLike

class AUC(Metric):
    """Area under the ROC or precision-recall curve."""

    def __init__(self, num_thresholds: int = 200, curve: str = 'ROC', summation_method: str = 'interpolation', name: str | None = 'auc', dtype: _DTypeLike | None = None, thresholds: Any = None, from_logits: _bool = False) -> None: ...

class Accuracy(Metric):
    """How often y_true == y_pred."""

    def __init__(self, name: str | None = None, dtype: _DTypeLike | None = None) -> None: ...

class Adapter(Metric):
    """A subclass of a built-in metric, as the core takes it: all calls go to Python."""

    def __init__(self, metric: Any) -> None: ...

    def update_state(self, y_true: _TensorLike, y_pred: _TensorLike, sample_weight: Any = None) -> Any: ...

    def result(self) -> Any: ...

    def reset_state(self) -> None: ...

class BinaryAccuracy(Metric):
    """How often (y_pred > threshold) == y_true."""

    def __init__(self, name: str | None = 'binary_accuracy', dtype: _DTypeLike | None = None, threshold: float = 0.5) -> None: ...

class BinaryCrossentropy(Metric):
    """The mean crossentropy."""

    def __init__(self, name: str | None = 'binary_crossentropy', dtype: _DTypeLike | None = None, from_logits: _bool = False, label_smoothing: float = 0.0) -> None: ...

class CategoricalAccuracy(Metric):
    """How often the argmaxes agree."""

    def __init__(self, name: str | None = None, dtype: _DTypeLike | None = None) -> None: ...

class CategoricalCrossentropy(Metric):
    """The mean crossentropy."""

    def __init__(self, name: str | None = 'categorical_crossentropy', dtype: _DTypeLike | None = None, from_logits: _bool = False, label_smoothing: float = 0.0, axis: _Axis = -1) -> None: ...

class CategoricalHinge(Metric):
    """max(neg - pos + 1, 0)"""

    def __init__(self, name: str | None = 'categorical_hinge', dtype: _DTypeLike | None = None) -> None: ...

class CosineSimilarity(Metric):
    """The mean cosine."""

    def __init__(self, name: str | None = 'cosine_similarity', dtype: _DTypeLike | None = None, axis: _Axis = -1) -> None: ...

class F1Score(Metric):
    """The harmonic mean of precision and recall, by class or averaged."""

    def __init__(self, average: Any = None, threshold: float | None = None, name: str | None = None, dtype: _DTypeLike | None = None) -> None: ...

    def result(self) -> Any:
        """The score so far; one a class (output) if it is not averaged."""
        ...

class FBetaScore(Metric):
    """(1 + b^2) p r / (b^2 p + r) of precision p and recall r."""

    def __init__(self, average: Any = None, beta: float = 1.0, threshold: float | None = None, name: str | None = None, dtype: _DTypeLike | None = None) -> None: ...

    def result(self) -> Any:
        """The score so far; one a class (output) if it is not averaged."""
        ...

class FalseNegatives(Metric):
    """Wrong negatives."""

    def __init__(self, thresholds: Any = None, top_k: int | None = None, class_id: int | None = None, name: str | None = None, dtype: _DTypeLike | None = None) -> None: ...

class FalsePositives(Metric):
    """Wrong positives."""

    def __init__(self, thresholds: Any = None, top_k: int | None = None, class_id: int | None = None, name: str | None = None, dtype: _DTypeLike | None = None) -> None: ...

class Hinge(Metric):
    """mean(max(1 - y p, 0))"""

    def __init__(self, name: str | None = 'hinge', dtype: _DTypeLike | None = None) -> None: ...

class KLDivergence(Metric):
    """sum(y log(y / p))"""

    def __init__(self, name: str | None = 'kl_divergence', dtype: _DTypeLike | None = None) -> None: ...

class LogCoshError(Metric):
    """mean(log(cosh(p - y)))"""

    def __init__(self, name: str | None = 'logcosh', dtype: _DTypeLike | None = None) -> None: ...

class Mean(Metric):
    """The mean of values."""

    def __init__(self, name: str | None = 'mean', dtype: _DTypeLike | None = None) -> None: ...

    def update_state(self, values: Any, sample_weight: Any = None) -> Any:
        """Adds values to the mean (sum)."""
        ...

    def result(self) -> Any: ...

class MeanAbsoluteError(Metric):
    """mean(|y - p|)"""

    def __init__(self, name: str | None = None, dtype: _DTypeLike | None = None) -> None: ...

class MeanAbsolutePercentageError(Metric):
    """100 mean(|y - p| / |y|)"""

    def __init__(self, name: str | None = 'mean_absolute_percentage_error', dtype: _DTypeLike | None = None) -> None: ...

class MeanIoU(Metric):
    """Mean intersection over union."""

    def __init__(self, num_classes: int | None, name: str | None = 'mean_io_u', dtype: _DTypeLike | None = None) -> None: ...

class MeanMetricWrapper(Metric):
    """The mean of a function's values: fn(y_true, y_pred, **kwargs)."""

    def __init__(self, fn: Any, name: str | None = None, dtype: _DTypeLike | None = None, **kwargs: Any) -> None: ...

    def update_state(self, y_true: _TensorLike, y_pred: _TensorLike, sample_weight: Any = None) -> Any: ...

    def result(self) -> Any: ...

    def get_config(self) -> dict[str, Any]: ...

    count: Any

    total: Any

class MeanSquaredError(Metric):
    """mean((y - p)^2)"""

    def __init__(self, name: str | None = None, dtype: _DTypeLike | None = None) -> None: ...

class MeanSquaredLogarithmicError(Metric):
    """mean((log(1 + y) - log(1 + p))^2)"""

    def __init__(self, name: str | None = 'mean_squared_logarithmic_error', dtype: _DTypeLike | None = None) -> None: ...

class Metric:
    def update_state(self, *args: Any, **kwargs: Any) -> Any: ...

    def result(self, *args: Any, **kwargs: Any) -> Any: ...

    name: str

    def __init__(self, dtype: _DTypeLike | None = None, name: str | None = None, **_: Any) -> None: ...

    def __call__(self, *args: Any, **kwargs: Any) -> Any: ...

    def add_weight(self, shape: _ShapeLike | None = (), initializer: _Initializer = 'zeros', dtype: _DTypeLike | None = None, name: str | None = None, **_: Any) -> linnet.Variable:
        """A Variable of this metric's state."""
        ...

    def add_variable(self, shape: _ShapeLike | None = (), initializer: _Initializer = 'zeros', dtype: _DTypeLike | None = None, name: str | None = None, **_: Any) -> linnet.Variable:
        """A Variable of this metric's state."""
        ...

    @property
    def variables(self) -> list[linnet.Variable]: ...

    @property
    def weights(self) -> list[linnet.Variable]: ...

    def get_config(self) -> dict[str, Any]: ...

    @classmethod
    def from_config(cls, config: Any) -> Any: ...

    def reset_state(self) -> None:
        """Back to the beginning."""
        ...

    def reset_states(self) -> None: ...

    @property
    def dtype(self) -> linnet.DType: ...

class Poisson(Metric):
    """mean(p - y log p)"""

    def __init__(self, name: str | None = 'poisson', dtype: _DTypeLike | None = None) -> None: ...

class Precision(Metric):
    """tp / (tp + fp)"""

    def __init__(self, thresholds: Any = None, top_k: int | None = None, class_id: int | None = None, name: str | None = None, dtype: _DTypeLike | None = None) -> None: ...

class R2Score(Metric):
    """1 - sum((y - p)^2) / sum((y - mean(y))^2), by output or averaged."""

    def __init__(self, class_aggregation: str = 'uniform_average', num_regressors: int = 0, name: str | None = None, dtype: _DTypeLike | None = None) -> None: ...

    def result(self) -> Any:
        """The score so far; one a class (output) if it is not averaged."""
        ...

class Recall(Metric):
    """tp / (tp + fn)"""

    def __init__(self, thresholds: Any = None, top_k: int | None = None, class_id: int | None = None, name: str | None = None, dtype: _DTypeLike | None = None) -> None: ...

class RootMeanSquaredError(Metric):
    """sqrt(mean((y - p)^2))"""

    def __init__(self, name: str | None = None, dtype: _DTypeLike | None = None) -> None: ...

class SparseCategoricalAccuracy(Metric):
    """How often y_true == argmax(y_pred)."""

    def __init__(self, name: str | None = None, dtype: _DTypeLike | None = None) -> None: ...

class SparseCategoricalCrossentropy(Metric):
    """The mean crossentropy of integer labels."""

    def __init__(self, name: str | None = 'sparse_categorical_crossentropy', dtype: _DTypeLike | None = None, from_logits: _bool = False, axis: _Axis = -1) -> None: ...

class SparseTopKCategoricalAccuracy(Metric):
    """The same for integer labels."""

    def __init__(self, k: int = 5, name: str | None = None, dtype: _DTypeLike | None = None) -> None: ...

class SquaredHinge(Metric):
    """mean(max(1 - y p, 0)^2)"""

    def __init__(self, name: str | None = 'squared_hinge', dtype: _DTypeLike | None = None) -> None: ...

class Sum(Metric):
    """The sum of values."""

    def __init__(self, name: str | None = 'sum', dtype: _DTypeLike | None = None) -> None: ...

    def update_state(self, values: Any, sample_weight: Any = None) -> Any:
        """Adds values to the mean (sum)."""
        ...

    def result(self) -> Any: ...

class TopKCategoricalAccuracy(Metric):
    """How often the target is among the k best."""

    def __init__(self, k: int = 5, name: str | None = None, dtype: _DTypeLike | None = None) -> None: ...

class TrueNegatives(Metric):
    """Right negatives."""

    def __init__(self, thresholds: Any = None, top_k: int | None = None, class_id: int | None = None, name: str | None = None, dtype: _DTypeLike | None = None) -> None: ...

class TruePositives(Metric):
    """Right positives."""

    def __init__(self, thresholds: Any = None, top_k: int | None = None, class_id: int | None = None, name: str | None = None, dtype: _DTypeLike | None = None) -> None: ...

def binary_accuracy(y_true: _TensorLike, y_pred: _TensorLike, threshold: float = 0.5) -> Any:
    """Of each sample, which part of its values lies on the right side of the threshold."""
    ...

def categorical_accuracy(y_true: _TensorLike, y_pred: _TensorLike) -> Any:
    """Of each sample, whether the largest values are at the same place."""
    ...

def get(identifier: Any) -> Any:
    """The metric of a name; others are returned as they are."""
    ...

def sparse_categorical_accuracy(y_true: _TensorLike, y_pred: _TensorLike) -> Any:
    """Of each sample, whether the largest value is at the label."""
    ...

def sparse_top_k_categorical_accuracy(y_true: _TensorLike, y_pred: _TensorLike, k: int = 5) -> Any:
    """Of each sample, whether the label is among the k largest."""
    ...

def top_k_categorical_accuracy(y_true: _TensorLike, y_pred: _TensorLike, k: int = 5) -> Any:
    """Of each sample, whether the true class is among the k largest."""
    ...
