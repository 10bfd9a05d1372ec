"""Files: whole models as zip (architecture, weights, compile arguments), weights as safetensors."""

import linnet
import linnet.keras.utils
from builtins import bool as _bool
from collections.abc import Mapping
from typing import Any
from linnet._typing import Path as _Path

from linnet.errors import IOError as IOError

from linnet.errors import ValueError as LinnetValueError

from linnet.errors import NotSupportedError as NotSupportedError

def deserialize_keras_object(config: Any, custom_objects: Mapping[str, Any] | None = None, **_: Any) -> Any: ...

def deserialize_value(value: Any, custom_objects: Mapping[str, Any] | None = None) -> Any:
    """The object of plain data."""
    ...

def load_model(path: _Path, custom_objects: Mapping[str, Any] | None = None, compile: _bool = True) -> Any: ...

def load_weights(model: Any, path: _Path) -> None: ...

def model_from_json(text: Any, custom_objects: Mapping[str, Any] | None = None) -> Any: ...

def pickle_model(model: Any) -> Any: ...

from linnet.keras.utils import register_keras_serializable as register_keras_serializable

def save_model(model: Any, path: _Path, overwrite: _bool = True) -> Any:
    """A zip of config.json, compile.json and weights.safetensors. A path that ends in
    .safetensors takes the weights alone."""
    ...

def save_weights(model: Any, path: _Path, overwrite: _bool = True) -> None: ...

def serialize_keras_object(obj: Any) -> Any: ...

def serialize_value(value: Any) -> Any:
    """Plain data for JSON."""
    ...

def to_json(model: Any, **kwargs: Any) -> str: ...

def unpickle_model(blob: Any, kind: Any) -> Any: ...
