"""keras.utils."""

import numpy.typing as npt
import linnet
import linnet.keras.saving
from builtins import bool as _bool
from collections.abc import Sequence
from typing import Any
from linnet._typing import Axis as _Axis, DTypeLike as _DTypeLike, Path as _Path

from linnet.errors import IOError as IOError

def clear_session() -> None: ...

from linnet.keras.saving import deserialize_keras_object as deserialize_keras_object

def get_file(fname: Any = None, origin: Any = None, untar: _bool = False, cache_subdir: str = 'datasets', cache_dir: Any = None, extract: _bool = False, file_hash: Any = None, **_: Any) -> Any:
    """The path of a file that is in the cache already, or that a file:// address names."""
    ...

def image_dataset_from_directory(directory: _Path, labels: Any = 'inferred', label_mode: str | None = 'int', class_names: Sequence[str] | None = None, color_mode: str = 'rgb', batch_size: int | None = 32, image_size: tuple[int, int] = (256, 256), shuffle: _bool = True, seed: Any = None, validation_split: float | None = None, subset: str | None = None, interpolation: str = 'bilinear', verbose: int | str = True, **_: Any) -> Any:
    """A Dataset of images in one folder a class: float32 0..255 and labels."""
    ...

def img_to_array(img: Any, dtype: _DTypeLike | None = 'float32', **_: Any) -> npt.NDArray[Any]: ...

def load_img(path: _Path, color_mode: str = 'rgb', target_size: Any = None, **_: Any) -> Any:
    """An image as an array [h, w, c], resized if asked for."""
    ...

def normalize(x: Any, axis: _Axis = -1, order: int = 2) -> npt.NDArray[Any]:
    """x divided by its norm along an axis."""
    ...

def pad_sequences(sequences: Any, maxlen: int | None = None, dtype: _DTypeLike | None = 'int32', padding: str = 'pre', truncating: str = 'pre', value: Any = 0.0) -> npt.NDArray[Any]:
    """Lists of different lengths as rows of one array."""
    ...

from linnet.keras.saving import register_keras_serializable as register_keras_serializable

from linnet.keras.saving import serialize_keras_object as serialize_keras_object

def set_random_seed(seed: Any) -> None:
    """Seeds Python's, NumPy's and Linnet's generators."""
    ...

def timeseries_dataset_from_array(data: Any, targets: Any, sequence_length: Any, sequence_stride: int = 1, sampling_rate: int = 1, batch_size: int | None = 128, shuffle: _bool = False, seed: Any = None, start_index: Any = None, end_index: Any = None) -> Any:
    """Batches of windows of `sequence_length` rows, `sampling_rate` apart, and of the target at
    each window's beginning (none if `targets` is None)."""
    ...

def to_categorical(x: Any, num_classes: int | None = None) -> npt.NDArray[Any]:
    """Integer labels as one-hot rows, a NumPy array of float64."""
    ...
