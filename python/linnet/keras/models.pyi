"""keras.models."""

import linnet
import linnet.keras.layers
import linnet.keras.models
import linnet.keras.callbacks
import linnet.keras.metrics
from builtins import bool as _bool
from collections.abc import Callable, Mapping, Sequence
from typing import Any
from linnet._typing import DTypeLike as _DTypeLike, KerasTensor as _KerasTensor, Path as _Path, TensorLike as _TensorLike

class Description:
    """Methods of every model."""

    @property
    def layers(self) -> list[linnet.keras.layers.Layer]: ...

    def get_layer(self, name: str | None = None, index: int | None = None) -> linnet.keras.layers.Layer:
        """A layer by name or place."""
        ...

    def summary(self, line_length: int | None = None, positions: Sequence[float] | None = None, print_fn: Callable[[str], Any] | None = None, expand_nested: _bool = False, show_trainable: _bool = False, layer_range: Any = None) -> None:
        """Prints Keras's table of layers, shapes and parameters."""
        ...

    def save(self, filepath: _Path, overwrite: _bool = True, **_: Any) -> Any:
        """Architecture, weights and compile arguments as one zip file."""
        ...

    def save_weights(self, filepath: _Path, overwrite: _bool = True) -> None:
        """The weights as a safetensors file."""
        ...

    def load_weights(self, filepath: _Path, skip_mismatch: _bool = False, **_: Any) -> None:
        """Reads weights that save_weights() wrote; nothing is set unless all fit."""
        ...

    def to_json(self, **kwargs: Any) -> str:
        """The architecture as JSON."""
        ...

class Functional(Model):
    """A model made of the calls that lead from inputs to outputs."""

    def __init__(self, inputs: Any, outputs: Any, name: str | None = None, trainable: _bool = True) -> None: ...

    @property
    def inputs(self) -> list[_KerasTensor]: ...

    @property
    def outputs(self) -> list[_KerasTensor]: ...

    @property
    def input(self) -> Any: ...

    @property
    def output(self) -> Any: ...

    def get_config(self) -> dict[str, Any]: ...

from linnet.keras.layers import InputLayer as InputLayer

class Model(linnet.keras.layers.Layer):
    def __init__(self, *args: Any, inputs: Any = None, outputs: Any = None, name: str | None = None, trainable: _bool = True, dtype: _DTypeLike | None = None, **kwargs: Any) -> None: ...

    history: linnet.keras.callbacks.History

    stop_training: _bool

    optimizer: Any

    loss: Any

    def train_step(self, *args: Any, **kwargs: Any) -> Any: ...

    def test_step(self, *args: Any, **kwargs: Any) -> Any: ...

    def predict_step(self, *args: Any, **kwargs: Any) -> Any: ...

    def build(self, input_shape: Any) -> None:
        """Makes all weights for inputs of this shape."""
        ...

    @property
    def metrics(self) -> list[linnet.keras.metrics.Metric]:
        """The loss tracker and the compiled metrics, then metrics among the attributes."""
        ...

    @property
    def metrics_names(self) -> list[str]: ...

    def compute_loss(self, x: Any = None, y: Any = None, y_pred: _TensorLike | None = None, sample_weight: Any = None, training: _bool | None = True) -> linnet.Tensor:
        """The compiled loss and the layers' penalties."""
        ...

    def compute_metrics(self, x: Any, y: Any, y_pred: _TensorLike, sample_weight: Any = None) -> dict[str, Any]:
        """Updates the compiled metrics and returns all results by name."""
        ...

    def get_metrics_result(self) -> dict[str, Any]: ...

    def reset_metrics(self) -> None: ...

    @property
    def layers(self) -> list[linnet.keras.layers.Layer]: ...

    def get_layer(self, name: str | None = None, index: int | None = None) -> linnet.keras.layers.Layer:
        """A layer by name or place."""
        ...

    def summary(self, line_length: int | None = None, positions: Sequence[float] | None = None, print_fn: Callable[[str], Any] | None = None, expand_nested: _bool = False, show_trainable: _bool = False, layer_range: Any = None) -> None:
        """Prints Keras's table of layers, shapes and parameters."""
        ...

    def save(self, filepath: _Path, overwrite: _bool = True, **_: Any) -> Any:
        """Architecture, weights and compile arguments as one zip file."""
        ...

    def save_weights(self, filepath: _Path, overwrite: _bool = True) -> None:
        """The weights as a safetensors file."""
        ...

    def load_weights(self, filepath: _Path, skip_mismatch: _bool = False, **_: Any) -> None:
        """Reads weights that save_weights() wrote; nothing is set unless all fit."""
        ...

    def to_json(self, **kwargs: Any) -> str:
        """The architecture as JSON."""
        ...

    def compile(self, optimizer: Any = 'rmsprop', loss: Any = None, loss_weights: Any = None, metrics: Any = None, weighted_metrics: Any = None, run_eagerly: _bool = False, steps_per_execution: int = 1, jit_compile: Any = 'auto', auto_scale_loss: _bool = True, **kwargs: Any) -> None:
        """Says how to train: optimizer, loss, metrics. Weights survive, optimizer state is new."""
        ...

    @property
    def run_eagerly(self) -> _bool: ...

    def fit(self, x: Any = None, y: Any = None, batch_size: int | None = None, epochs: int = 1, verbose: int | str = 'auto', callbacks: Any = None, validation_split: float = 0.0, validation_data: Any = None, shuffle: _bool = True, class_weight: Mapping[int, float] | None = None, sample_weight: Any = None, initial_epoch: int = 0, steps_per_epoch: int | None = None, validation_steps: int | None = None, validation_batch_size: int | None = None, validation_freq: Any = 1) -> linnet.keras.callbacks.History:
        """Trains on arrays, nests of arrays, a Dataset or a generator; returns a History."""
        ...

    def evaluate(self, x: Any = None, y: Any = None, batch_size: int | None = None, verbose: int | str = 'auto', sample_weight: Any = None, steps: int | None = None, callbacks: Any = None, return_dict: _bool = False, **kwargs: Any) -> Any:
        """Loss and metrics: [loss, metric...], a float if there are no metrics, or a dict."""
        ...

    def predict(self, x: Any, batch_size: int | None = None, verbose: int | str = 'auto', steps: int | None = None, callbacks: Any = None) -> Any:
        """The outputs as NumPy arrays."""
        ...

    def train_on_batch(self, x: Any, y: Any = None, sample_weight: Any = None, class_weight: Mapping[int, float] | None = None, return_dict: _bool = False) -> Any:
        """One step on one batch; metrics of this batch alone."""
        ...

    def test_on_batch(self, x: Any, y: Any = None, sample_weight: Any = None, return_dict: _bool = False) -> Any:
        """Loss and metrics of one batch."""
        ...

    def predict_on_batch(self, x: Any) -> Any:
        """The outputs for one batch, as NumPy arrays."""
        ...

    @classmethod
    def from_config(cls, config: Any, custom_objects: Mapping[str, Any] | None = None) -> Any: ...

    def __call__(self, *args: Any, training: _bool | None = None, mask: Any = None, **kwargs: Any) -> Any: ...

class Sequential(Model):
    """Layers one after the other."""

    def __init__(self, layers: Sequence[Any] | None = None, trainable: _bool = True, name: str | None = None) -> None: ...

    def add(self, layer: linnet.keras.layers.Layer) -> None:
        """Appends a layer; a model whose input shape is known builds it at once."""
        ...

    def pop(self) -> None:
        """Removes the last layer."""
        ...

    @property
    def layers(self) -> list[linnet.keras.layers.Layer]: ...

    @property
    def inputs(self) -> list[_KerasTensor]: ...

    @property
    def outputs(self) -> list[_KerasTensor]: ...

    @property
    def input(self) -> Any: ...

    @property
    def output(self) -> Any: ...

    def get_config(self) -> dict[str, Any]: ...

    @classmethod
    def from_config(cls, config: Any, custom_objects: Mapping[str, Any] | None = None) -> Any: ...

    def __call__(self, *args: Any, training: _bool | None = None, mask: Any = None, **kwargs: Any) -> Any: ...

class Steps:
    """Metrics, losses and steps of every model."""

    @property
    def metrics(self) -> list[linnet.keras.metrics.Metric]:
        """The loss tracker and the compiled metrics, then metrics among the attributes."""
        ...

    @property
    def metrics_names(self) -> list[str]: ...

    def compute_loss(self, x: Any = None, y: Any = None, y_pred: _TensorLike | None = None, sample_weight: Any = None, training: _bool | None = True) -> linnet.Tensor:
        """The compiled loss and the layers' penalties."""
        ...

    def compute_metrics(self, x: Any, y: Any, y_pred: _TensorLike, sample_weight: Any = None) -> dict[str, Any]:
        """Updates the compiled metrics and returns all results by name."""
        ...

    def get_metrics_result(self) -> dict[str, Any]: ...

    def train_step(self, data: Any) -> dict[str, Any]:
        """One step of training on (x, y[, sample_weight]); override it for training of your own."""
        ...

    def test_step(self, data: Any) -> dict[str, Any]:
        """One step of evaluation; override it beside train_step."""
        ...

    def reset_metrics(self) -> None: ...

    def predict_step(self, data: Any) -> Any: ...

def clone_model(model: Any, **_: Any) -> linnet.keras.models.Model:
    """A model of the same architecture with new weights."""
    ...

def load_model(filepath: _Path, custom_objects: Mapping[str, Any] | None = None, compile: _bool = True, safe_mode: _bool = True) -> Any:
    """The model that model.save(filepath) wrote."""
    ...

def model_from_json(text: Any, custom_objects: Mapping[str, Any] | None = None) -> Any:
    """The model of model.to_json()."""
    ...
