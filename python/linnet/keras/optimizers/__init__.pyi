"""keras.optimizers."""

import linnet
import linnet.keras.optimizers
from builtins import bool as _bool
from collections.abc import Iterable, Sequence
from typing import Any
from linnet._typing import TensorLike as _TensorLike

class Adadelta(Optimizer):
    """Adadelta."""

    def __init__(self, learning_rate: Any = 0.001, rho: float = 0.95, epsilon: float = 1e-07, weight_decay: float | None = None, clipnorm: float | None = None, clipvalue: float | None = None, global_clipnorm: float | None = None, use_ema: _bool = False, ema_momentum: float = 0.99, ema_overwrite_frequency: Any = None, loss_scale_factor: float | None = None, gradient_accumulation_steps: int | None = None, name: str | None = 'adadelta', *, jit_compile: Any = True) -> None: ...

class Adagrad(Optimizer):
    """Adagrad."""

    def __init__(self, learning_rate: Any = 0.001, initial_accumulator_value: float = 0.1, epsilon: float = 1e-07, weight_decay: float | None = None, clipnorm: float | None = None, clipvalue: float | None = None, global_clipnorm: float | None = None, use_ema: _bool = False, ema_momentum: float = 0.99, ema_overwrite_frequency: Any = None, loss_scale_factor: float | None = None, gradient_accumulation_steps: int | None = None, name: str | None = 'adagrad', *, jit_compile: Any = True) -> None: ...

class Adam(Optimizer):
    """Adam."""

    def __init__(self, learning_rate: Any = 0.001, beta_1: float = 0.9, beta_2: float = 0.999, epsilon: float = 1e-07, amsgrad: _bool = False, weight_decay: float | None = None, clipnorm: float | None = None, clipvalue: float | None = None, global_clipnorm: float | None = None, use_ema: _bool = False, ema_momentum: float = 0.99, ema_overwrite_frequency: Any = None, loss_scale_factor: float | None = None, gradient_accumulation_steps: int | None = None, name: str | None = 'adam', *, jit_compile: Any = True) -> None: ...

class AdamW(Optimizer):
    """Adam with decoupled weight decay."""

    def __init__(self, learning_rate: Any = 0.001, beta_1: float = 0.9, beta_2: float = 0.999, epsilon: float = 1e-07, amsgrad: _bool = False, weight_decay: float | None = 0.004, clipnorm: float | None = None, clipvalue: float | None = None, global_clipnorm: float | None = None, use_ema: _bool = False, ema_momentum: float = 0.99, ema_overwrite_frequency: Any = None, loss_scale_factor: float | None = None, gradient_accumulation_steps: int | None = None, name: str | None = 'adamw', *, jit_compile: Any = True) -> None: ...

class Adamax(Optimizer):
    """Adamax."""

    def __init__(self, learning_rate: Any = 0.001, beta_1: float = 0.9, beta_2: float = 0.999, epsilon: float = 1e-07, weight_decay: float | None = None, clipnorm: float | None = None, clipvalue: float | None = None, global_clipnorm: float | None = None, use_ema: _bool = False, ema_momentum: float = 0.99, ema_overwrite_frequency: Any = None, loss_scale_factor: float | None = None, gradient_accumulation_steps: int | None = None, name: str | None = 'adamax', *, jit_compile: Any = True) -> None: ...

class Lion(Optimizer):
    """Lion."""

    def __init__(self, learning_rate: Any = 0.001, beta_1: float = 0.9, beta_2: float = 0.99, weight_decay: float | None = None, clipnorm: float | None = None, clipvalue: float | None = None, global_clipnorm: float | None = None, use_ema: _bool = False, ema_momentum: float = 0.99, ema_overwrite_frequency: Any = None, loss_scale_factor: float | None = None, gradient_accumulation_steps: int | None = None, name: str | None = 'lion', *, jit_compile: Any = True) -> None: ...

class Nadam(Optimizer):
    """Adam with Nesterov momentum."""

    def __init__(self, learning_rate: Any = 0.001, beta_1: float = 0.9, beta_2: float = 0.999, epsilon: float = 1e-07, weight_decay: float | None = None, clipnorm: float | None = None, clipvalue: float | None = None, global_clipnorm: float | None = None, use_ema: _bool = False, ema_momentum: float = 0.99, ema_overwrite_frequency: Any = None, loss_scale_factor: float | None = None, gradient_accumulation_steps: int | None = None, name: str | None = 'nadam', *, jit_compile: Any = True) -> None: ...

class Optimizer:
    learning_rate: Any

    lr: Any

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        """Initialize self.  See help(type(self)) for accurate signature."""
        ...

    @property
    def iterations(self) -> linnet.Variable:
        """The number of updates done; with gradient accumulation not every call makes one."""
        ...

    @property
    def variables(self) -> list[linnet.Variable]: ...

    @property
    def built(self) -> _bool: ...

    def build(self, variables: Sequence[linnet.Variable]) -> None:
        """Makes the slots for these variables."""
        ...

    def finalize_variable_values(self, var_list: Any) -> None:
        """With use_ema, assigns each variable its moving average."""
        ...

    def scale_loss(self, loss: _TensorLike) -> linnet.Tensor:
        """The loss times loss_scale_factor, if there is one."""
        ...

    def apply_gradients(self, grads_and_vars: Iterable[Any], name: str | None = None, **_: Any) -> None:
        """One step for pairs (gradient, variable); returns the number of steps done."""
        ...

    def apply(self, grads: Any, trainable_variables: Any = None) -> None:
        """One step for a list of gradients and one of variables."""
        ...

    def minimize(self, loss: Any, var_list: Any, tape: Any = None) -> None:
        """One step down the gradient of loss (a function, or a tensor with its tape)."""
        ...

    def get_config(self) -> dict[str, Any]: ...

    @classmethod
    def from_config(cls, config: Any) -> Any: ...

class RMSprop(Optimizer):
    """RMSprop."""

    def __init__(self, learning_rate: Any = 0.001, rho: float = 0.9, momentum: float = 0.0, epsilon: float = 1e-07, centered: _bool = False, weight_decay: float | None = None, clipnorm: float | None = None, clipvalue: float | None = None, global_clipnorm: float | None = None, use_ema: _bool = False, ema_momentum: float = 0.99, ema_overwrite_frequency: Any = None, loss_scale_factor: float | None = None, gradient_accumulation_steps: int | None = None, name: str | None = 'rmsprop', *, jit_compile: Any = True) -> None: ...

class SGD(Optimizer):
    """Gradient descent, with momentum."""

    def __init__(self, learning_rate: Any = 0.01, momentum: float = 0.0, nesterov: _bool = False, weight_decay: float | None = None, clipnorm: float | None = None, clipvalue: float | None = None, global_clipnorm: float | None = None, use_ema: _bool = False, ema_momentum: float = 0.99, ema_overwrite_frequency: Any = None, loss_scale_factor: float | None = None, gradient_accumulation_steps: int | None = None, name: str | None = 'sgd', *, jit_compile: Any = True) -> None: ...

def get(identifier: Any) -> Any:
    """The optimizer of a name; an Optimizer is returned as it is."""
    ...

class legacy:
    """Keras 2's names."""

    SGD: Any

    Adam: Any

    RMSprop: Any

from linnet.keras.optimizers import schedules as schedules
