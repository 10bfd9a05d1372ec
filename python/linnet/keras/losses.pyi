"""keras.losses."""

import linnet
from builtins import bool as _bool
from typing import Any
from linnet._typing import Axis as _Axis, DTypeLike as _DTypeLike, TensorLike as _TensorLike

BCE = binary_crossentropy

class BinaryCrossentropy(Loss):
    """-mean(y log p + (1 - y) log(1 - p))"""

    def __init__(self, from_logits: _bool = False, label_smoothing: float = 0.0, axis: _Axis = -1, reduction: str | None = 'sum_over_batch_size', name: str | None = None, dtype: _DTypeLike | None = None) -> None: ...

class BinaryFocalCrossentropy(Loss):
    """Binary crossentropy times (1 - p of the right label)^gamma"""

    def __init__(self, apply_class_balancing: _bool = False, alpha: float | None = 0.25, gamma: float = 2.0, from_logits: _bool = False, label_smoothing: float = 0.0, axis: _Axis = -1, reduction: str | None = 'sum_over_batch_size', name: str | None = None, dtype: _DTypeLike | None = None) -> None: ...

class CategoricalCrossentropy(Loss):
    """-sum(y log p)"""

    def __init__(self, from_logits: _bool = False, label_smoothing: float = 0.0, axis: _Axis = -1, reduction: str | None = 'sum_over_batch_size', name: str | None = None, dtype: _DTypeLike | None = None) -> None: ...

class CategoricalFocalCrossentropy(Loss):
    """-sum(alpha (1 - p)^gamma y log p)"""

    def __init__(self, alpha: float | None = 0.25, gamma: float = 2.0, from_logits: _bool = False, label_smoothing: float = 0.0, axis: _Axis = -1, reduction: str | None = 'sum_over_batch_size', name: str | None = None, dtype: _DTypeLike | None = None) -> None: ...

class CategoricalHinge(Loss):
    """max(neg - pos + 1, 0)"""

    def __init__(self, reduction: str | None = 'sum_over_batch_size', name: str | None = None, dtype: _DTypeLike | None = None) -> None: ...

class CosineSimilarity(Loss):
    """Minus the cosine of the angle."""

    def __init__(self, axis: _Axis = -1, reduction: str | None = 'sum_over_batch_size', name: str | None = None, dtype: _DTypeLike | None = None) -> None: ...

class Hinge(Loss):
    """mean(max(1 - y p, 0)); labels 0 become -1"""

    def __init__(self, reduction: str | None = 'sum_over_batch_size', name: str | None = None, dtype: _DTypeLike | None = None) -> None: ...

class Huber(Loss):
    """Quadratic up to delta, then linear."""

    def __init__(self, delta: float = 1.0, reduction: str | None = 'sum_over_batch_size', name: str | None = None, dtype: _DTypeLike | None = None) -> None: ...

KLD = kl_divergence

class KLDivergence(Loss):
    """sum(y log(y / p))"""

    def __init__(self, reduction: str | None = 'sum_over_batch_size', name: str | None = None, dtype: _DTypeLike | None = None) -> None: ...

class LogCosh(Loss):
    """mean(log(cosh(p - y)))"""

    def __init__(self, reduction: str | None = 'sum_over_batch_size', name: str | None = None, dtype: _DTypeLike | None = None) -> None: ...

class Loss:
    def call(self, *args: Any, **kwargs: Any) -> Any: ...

    def __call__(self, y_true: _TensorLike, y_pred: _TensorLike, sample_weight: Any = None) -> linnet.Tensor: ...

    def __init__(self, name: str | None = None, reduction: str | None = 'sum_over_batch_size', dtype: _DTypeLike | None = None) -> None: ...

    def get_config(self) -> dict[str, Any]: ...

    @classmethod
    def from_config(cls, config: Any) -> Any: ...

    name: str

MAE = mean_absolute_error

MAPE = mean_absolute_percentage_error

MSE = mean_squared_error

MSLE = mean_squared_logarithmic_error

class MeanAbsoluteError(Loss):
    """mean(|y - p|)"""

    def __init__(self, reduction: str | None = 'sum_over_batch_size', name: str | None = None, dtype: _DTypeLike | None = None) -> None: ...

class MeanAbsolutePercentageError(Loss):
    """100 mean(|y - p| / |y|)"""

    def __init__(self, reduction: str | None = 'sum_over_batch_size', name: str | None = None, dtype: _DTypeLike | None = None) -> None: ...

class MeanSquaredError(Loss):
    """mean((y - p)^2)"""

    def __init__(self, reduction: str | None = 'sum_over_batch_size', name: str | None = None, dtype: _DTypeLike | None = None) -> None: ...

class MeanSquaredLogarithmicError(Loss):
    """mean((log(1 + y) - log(1 + p))^2)"""

    def __init__(self, reduction: str | None = 'sum_over_batch_size', name: str | None = None, dtype: _DTypeLike | None = None) -> None: ...

class Poisson(Loss):
    """mean(p - y log p)"""

    def __init__(self, reduction: str | None = 'sum_over_batch_size', name: str | None = None, dtype: _DTypeLike | None = None) -> None: ...

class Reduction:
    """Names of reductions."""

    AUTO: str

    SUM_OVER_BATCH_SIZE: str

    SUM: str

    NONE: None

    MEAN_WITH_SAMPLE_WEIGHT: str

class SparseCategoricalCrossentropy(Loss):
    """-log p[label]"""

    def __init__(self, from_logits: _bool = False, ignore_class: int | None = None, axis: int = -1, reduction: str | None = 'sum_over_batch_size', name: str | None = None, dtype: _DTypeLike | None = None) -> None: ...

class SquaredHinge(Loss):
    """mean(max(1 - y p, 0)^2)"""

    def __init__(self, reduction: str | None = 'sum_over_batch_size', name: str | None = None, dtype: _DTypeLike | None = None) -> None: ...

bce = binary_crossentropy

def binary_crossentropy(y_true: _TensorLike, y_pred: _TensorLike, *args: Any, **kwargs: Any) -> linnet.Tensor:
    """-mean(y log p + (1 - y) log(1 - p)), per sample."""
    ...

def binary_focal_crossentropy(y_true: _TensorLike, y_pred: _TensorLike, *args: Any, **kwargs: Any) -> linnet.Tensor:
    """Binary crossentropy times (1 - p of the right label)^gamma, per sample."""
    ...

def categorical_crossentropy(y_true: _TensorLike, y_pred: _TensorLike, *args: Any, **kwargs: Any) -> linnet.Tensor:
    """-sum(y log p), per sample."""
    ...

def categorical_focal_crossentropy(y_true: _TensorLike, y_pred: _TensorLike, *args: Any, **kwargs: Any) -> linnet.Tensor:
    """-sum(alpha (1 - p)^gamma y log p), per sample."""
    ...

def categorical_hinge(y_true: _TensorLike, y_pred: _TensorLike, *args: Any, **kwargs: Any) -> linnet.Tensor:
    """max(neg - pos + 1, 0), per sample."""
    ...

def cosine_similarity(y_true: _TensorLike, y_pred: _TensorLike, *args: Any, **kwargs: Any) -> linnet.Tensor:
    """Minus the cosine of the angle., per sample."""
    ...

def get(identifier: Any) -> Any:
    """The loss of a name; others are returned as they are."""
    ...

def hinge(y_true: _TensorLike, y_pred: _TensorLike, *args: Any, **kwargs: Any) -> linnet.Tensor:
    """mean(max(1 - y p, 0)); labels 0 become -1, per sample."""
    ...

def huber(y_true: _TensorLike, y_pred: _TensorLike, *args: Any, **kwargs: Any) -> linnet.Tensor:
    """Quadratic up to delta, then linear., per sample."""
    ...

def kl_divergence(y_true: _TensorLike, y_pred: _TensorLike, *args: Any, **kwargs: Any) -> linnet.Tensor:
    """sum(y log(y / p)), per sample."""
    ...

kld = kl_divergence

def log_cosh(y_true: _TensorLike, y_pred: _TensorLike, *args: Any, **kwargs: Any) -> linnet.Tensor:
    """mean(log(cosh(p - y))), per sample."""
    ...

mae = mean_absolute_error

mape = mean_absolute_percentage_error

def mean_absolute_error(y_true: _TensorLike, y_pred: _TensorLike, *args: Any, **kwargs: Any) -> linnet.Tensor:
    """mean(|y - p|), per sample."""
    ...

def mean_absolute_percentage_error(y_true: _TensorLike, y_pred: _TensorLike, *args: Any, **kwargs: Any) -> linnet.Tensor:
    """100 mean(|y - p| / |y|), per sample."""
    ...

def mean_squared_error(y_true: _TensorLike, y_pred: _TensorLike, *args: Any, **kwargs: Any) -> linnet.Tensor:
    """mean((y - p)^2), per sample."""
    ...

def mean_squared_logarithmic_error(y_true: _TensorLike, y_pred: _TensorLike, *args: Any, **kwargs: Any) -> linnet.Tensor:
    """mean((log(1 + y) - log(1 + p))^2), per sample."""
    ...

mse = mean_squared_error

msle = mean_squared_logarithmic_error

def poisson(y_true: _TensorLike, y_pred: _TensorLike, *args: Any, **kwargs: Any) -> linnet.Tensor:
    """mean(p - y log p), per sample."""
    ...

def sparse_categorical_crossentropy(y_true: _TensorLike, y_pred: _TensorLike, *args: Any, **kwargs: Any) -> linnet.Tensor:
    """-log p[label], per sample."""
    ...

def squared_hinge(y_true: _TensorLike, y_pred: _TensorLike, *args: Any, **kwargs: Any) -> linnet.Tensor:
    """mean(max(1 - y p, 0)^2), per sample."""
    ...
