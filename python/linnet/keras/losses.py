"""keras.losses."""

from .. import _core
from .._missing import missing
from ._declare import declare, snake_case
from ._lookup import find

Loss = _core.Loss
_core_init = Loss.__init__


def _init(self, name=None, reduction="sum_over_batch_size", dtype=None):
    _core_init(self)
    self.name = name or snake_case(type(self).__name__)
    self._reduce_with({"reduction": reduction})
    self._config = {"reduction": reduction}


def _beside(value, dtype):
    return _core.convert_to_tensor(value, dtype_hint=dtype)


def _call_loss(self, y_true, y_pred, sample_weight=None):
    """The reduced loss."""
    y_pred = _core.convert_to_tensor(y_pred)
    if not y_pred.dtype.is_floating:
        y_pred = _core.cast(y_pred, "float32")
    weight = None if sample_weight is None else _core.convert_to_tensor(sample_weight)
    return self._apply(_beside(y_true, y_pred.dtype), y_pred, weight)


def _get_config(self):
    return dict(getattr(self, "_config", {}))


Loss.__init__ = _init
Loss.__call__ = _call_loss
Loss.get_config = _get_config
Loss.from_config = classmethod(lambda cls, config: cls(**config))


def _after_init(self):
    self.name = self._config.get("name") or _NAMES.get(type(self).__name__) or snake_case(
        type(self).__name__)


_NAMES = {"Huber": "huber_loss", "KLDivergence": "kl_divergence", "LogCosh": "log_cosh"}


class Reduction:
    """Names of reductions."""

    AUTO = SUM_OVER_BATCH_SIZE = "sum_over_batch_size"
    SUM = "sum"
    NONE = None
    MEAN_WITH_SAMPLE_WEIGHT = "mean_with_sample_weight"


def _loss(name, defaults, doc):
    cls = declare(name, getattr(_core, name), (),
                  {**defaults, "reduction": "sum_over_batch_size", "name": None, "dtype": None},
                  doc, None, None, __name__)
    cls._after_init = _after_init
    return cls


_LOGITS = {"from_logits": False, "label_smoothing": 0.0, "axis": -1}
MeanSquaredError = _loss("MeanSquaredError", {}, "mean((y - p)^2)")
MeanAbsoluteError = _loss("MeanAbsoluteError", {}, "mean(|y - p|)")
MeanAbsolutePercentageError = _loss("MeanAbsolutePercentageError", {}, "100 mean(|y - p| / |y|)")
MeanSquaredLogarithmicError = _loss("MeanSquaredLogarithmicError", {},
                                    "mean((log(1 + y) - log(1 + p))^2)")
LogCosh = _loss("LogCosh", {}, "mean(log(cosh(p - y)))")
Poisson = _loss("Poisson", {}, "mean(p - y log p)")
KLDivergence = _loss("KLDivergence", {}, "sum(y log(y / p))")
Hinge = _loss("Hinge", {}, "mean(max(1 - y p, 0)); labels 0 become -1")
SquaredHinge = _loss("SquaredHinge", {}, "mean(max(1 - y p, 0)^2)")
CategoricalHinge = _loss("CategoricalHinge", {}, "max(neg - pos + 1, 0)")
Huber = _loss("Huber", {"delta": 1.0}, "Quadratic up to delta, then linear.")
CosineSimilarity = _loss("CosineSimilarity", {"axis": -1}, "Minus the cosine of the angle.")
BinaryCrossentropy = _loss("BinaryCrossentropy", _LOGITS, "-mean(y log p + (1 - y) log(1 - p))")
CategoricalCrossentropy = _loss("CategoricalCrossentropy", _LOGITS, "-sum(y log p)")
SparseCategoricalCrossentropy = _loss(
    "SparseCategoricalCrossentropy", {"from_logits": False, "ignore_class": None, "axis": -1},
    "-log p[label]")


BinaryFocalCrossentropy = _loss(
    "BinaryFocalCrossentropy",
    {"apply_class_balancing": False, "alpha": 0.25, "gamma": 2.0, **_LOGITS},
    "Binary crossentropy times (1 - p of the right label)^gamma")
CategoricalFocalCrossentropy = _loss(
    "CategoricalFocalCrossentropy", {"alpha": 0.25, "gamma": 2.0, **_LOGITS},
    "-sum(alpha (1 - p)^gamma y log p)")


def _function(cls, name):
    def loss(y_true, y_pred, *args, **kwargs):
        names = [n for n in ("from_logits", "label_smoothing", "axis") if n in _LOGITS]
        if name == "sparse_categorical_crossentropy":
            names = ["from_logits", "ignore_class", "axis"]
        elif name == "huber":
            names = ["delta"]
        elif name == "binary_focal_crossentropy":
            names = ["apply_class_balancing", "alpha", "gamma", *names]
        elif name == "categorical_focal_crossentropy":
            names = ["alpha", "gamma", *names]
        kwargs.update(zip(names, args))
        y_pred = _core.convert_to_tensor(y_pred)
        if not y_pred.dtype.is_floating:
            y_pred = _core.cast(y_pred, "float32")
        return cls(**kwargs)._call(_beside(y_true, y_pred.dtype), y_pred)

    loss.__name__ = loss.__qualname__ = name
    loss.__doc__ = f"{cls.__doc__}, per sample."
    return loss


mean_squared_error = _function(MeanSquaredError, "mean_squared_error")
mean_absolute_error = _function(MeanAbsoluteError, "mean_absolute_error")
mean_absolute_percentage_error = _function(MeanAbsolutePercentageError,
                                           "mean_absolute_percentage_error")
mean_squared_logarithmic_error = _function(MeanSquaredLogarithmicError,
                                           "mean_squared_logarithmic_error")
log_cosh = _function(LogCosh, "log_cosh")
poisson = _function(Poisson, "poisson")
kl_divergence = _function(KLDivergence, "kl_divergence")
hinge = _function(Hinge, "hinge")
squared_hinge = _function(SquaredHinge, "squared_hinge")
categorical_hinge = _function(CategoricalHinge, "categorical_hinge")
huber = _function(Huber, "huber")
cosine_similarity = _function(CosineSimilarity, "cosine_similarity")
binary_crossentropy = _function(BinaryCrossentropy, "binary_crossentropy")
categorical_crossentropy = _function(CategoricalCrossentropy, "categorical_crossentropy")
sparse_categorical_crossentropy = _function(SparseCategoricalCrossentropy,
                                            "sparse_categorical_crossentropy")
binary_focal_crossentropy = _function(BinaryFocalCrossentropy, "binary_focal_crossentropy")
categorical_focal_crossentropy = _function(CategoricalFocalCrossentropy,
                                           "categorical_focal_crossentropy")
mse = MSE = mean_squared_error
mae = MAE = mean_absolute_error
mape = MAPE = mean_absolute_percentage_error
msle = MSLE = mean_squared_logarithmic_error
bce = BCE = binary_crossentropy
kld = KLD = kl_divergence


def get(identifier):
    """The loss of a name; others are returned as they are."""
    return find(identifier, globals(), Loss, "loss", functions=True)


def __getattr__(name):
    raise missing(__name__, name)


