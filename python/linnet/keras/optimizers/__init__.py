"""keras.optimizers."""

from ... import _core
from ..._missing import missing
from .._declare import declare, warn
from . import schedules

Optimizer = _core.Optimizer


def _get_rate(self):
    return self._learning_rate


def _set_rate(self, value):
    if self._has_schedule:
        raise TypeError("this optimizer's learning rate follows a schedule: it cannot be assigned")
    self._learning_rate.assign(value)


def _apply_gradients(self, grads_and_vars, name=None, **_):
    """One step for pairs (gradient, variable); returns the number of steps done."""
    pairs = list(grads_and_vars)
    gradients = [None if g is None else _core.convert_to_tensor(g, dtype_hint=v.dtype)
                 for g, v in pairs]
    return self.apply(gradients, [v for _, v in pairs])


_core_apply = Optimizer._apply


def _apply(self, grads, trainable_variables=None):
    """One step for a list of gradients and one of variables."""
    if trainable_variables is None:
        trainable_variables = self.__dict__.get("_known", [])
    self._known = list(trainable_variables)
    strategy = self.__dict__.get("_strategy")
    grads = list(grads)
    if strategy is not None:
        grads = strategy._gather_gradients(self, grads)
        if grads is None:
            return self.iterations
    _core_apply(self, grads, self._known)
    return self.iterations


def _minimize(self, loss, var_list, tape=None):
    """One step down the gradient of loss (a function, or a tensor with its tape)."""
    from ..._tape import GradientTape

    if callable(loss):
        with GradientTape() as tape:
            value = loss()
    elif tape is None:
        raise ValueError("minimize: a loss that is a tensor needs its tape")
    else:
        value = loss
    variables = list(var_list() if callable(var_list) else var_list)
    return self.apply(tape.gradient(value, variables), variables)


_calls = Optimizer.iterations


def _iterations(self):
    """The number of updates done; with gradient accumulation not every call makes one."""
    each = self._config.get("gradient_accumulation_steps")
    return _calls.fget(self).value() // each if each else _calls.fget(self)


Optimizer.iterations = property(_iterations)
Optimizer.learning_rate = property(_get_rate, _set_rate)
Optimizer.lr = Optimizer.learning_rate
Optimizer.apply_gradients = _apply_gradients
Optimizer.apply = _apply
Optimizer.minimize = _minimize
Optimizer.get_config = lambda self: {
    key: value for key, value in dict(
        self._config,
        learning_rate=(self._config["learning_rate"] if self._has_schedule
                       else float(self._learning_rate))).items()}
Optimizer.from_config = classmethod(lambda cls, config: cls(**config))

_CLIPS = {"weight_decay": None, "clipnorm": None, "clipvalue": None, "global_clipnorm": None}
_MORE = {"use_ema": False, "ema_momentum": 0.99, "ema_overwrite_frequency": None,
         "loss_scale_factor": None, "gradient_accumulation_steps": None}


def _after_init(self):
    from ...distribute import get_strategy

    self.name = self._config["name"]
    strategy = get_strategy()
    self._strategy = strategy if strategy._mirrors else None


def _optimizer(name, rate, defaults, doc, weight_decay=None):
    cls = declare(name, getattr(_core, name), (),
                  {"learning_rate": rate, **defaults, **_CLIPS, "weight_decay": weight_decay,
                   **_MORE, "name": name.lower()},
                  doc, {"jit_compile": True}, None, __name__)
    plain = cls.__init__

    def __init__(self, *args, **kwargs):
        if "lr" in kwargs:
            raise ValueError("`lr` is called `learning_rate`")
        if kwargs.pop("decay", None):
            warn("`decay` is ignored: use a learning rate schedule")
        plain(self, *args, **kwargs)

    __init__.__signature__ = plain.__signature__
    cls.__init__ = __init__
    cls._after_init = _after_init
    return cls


SGD = _optimizer("SGD", 0.01, {"momentum": 0.0, "nesterov": False},
                 "Gradient descent, with momentum.")
Adam = _optimizer("Adam", 0.001, {"beta_1": 0.9, "beta_2": 0.999, "epsilon": 1e-7,
                                  "amsgrad": False}, "Adam.")
AdamW = _optimizer("AdamW", 0.001, {"beta_1": 0.9, "beta_2": 0.999, "epsilon": 1e-7,
                                    "amsgrad": False},
                   "Adam with decoupled weight decay.", weight_decay=0.004)
RMSprop = _optimizer("RMSprop", 0.001, {"rho": 0.9, "momentum": 0.0, "epsilon": 1e-7,
                                        "centered": False}, "RMSprop.")
Adagrad = _optimizer("Adagrad", 0.001, {"initial_accumulator_value": 0.1, "epsilon": 1e-7},
                     "Adagrad.")
Adadelta = _optimizer("Adadelta", 0.001, {"rho": 0.95, "epsilon": 1e-7}, "Adadelta.")
_MOMENTS = {"beta_1": 0.9, "beta_2": 0.999, "epsilon": 1e-7}
Adamax = _optimizer("Adamax", 0.001, _MOMENTS, "Adamax.")
Nadam = _optimizer("Nadam", 0.001, _MOMENTS, "Adam with Nesterov momentum.")
Lion = _optimizer("Lion", 0.001, {"beta_1": 0.9, "beta_2": 0.99}, "Lion.")
_ALL = (SGD, Adam, AdamW, RMSprop, Adagrad, Adadelta, Adamax, Nadam, Lion)


def get(identifier):
    """The optimizer of a name; an Optimizer is returned as it is."""
    if isinstance(identifier, Optimizer):
        return identifier
    if isinstance(identifier, str):
        for cls in _ALL:
            if identifier in (cls.__name__, cls.__name__.lower()):
                return cls()
    if isinstance(identifier, dict):
        from ..saving import deserialize_value

        return deserialize_value(identifier)
    raise ValueError(f"Could not interpret optimizer identifier: {identifier!r}")


class legacy:
    """Keras 2's names."""

    SGD, Adam, RMSprop = SGD, Adam, RMSprop


def __getattr__(name):
    raise missing(__name__, name)
