"""keras.utils."""

import numpy.typing as npt
import linnet
import linnet.keras.saving
from builtins import bool as _bool
from collections.abc import Mapping, Sequence
from typing import Any
from linnet._typing import Axis as _Axis, DTypeLike as _DTypeLike, Path as _Path

def CustomObjectScope(custom_objects: Mapping[str, Any] | None) -> Any:
    """In its block, loading knows these classes and functions by their names."""
    ...

from linnet.errors import IOError as IOError

class Progbar:
    """Keras's progress line for loops of your own: update(step, [(name, value)]) draws it; values are
    averaged, those of stateful_metrics shown as they are."""

    def __init__(self, target: Any, width: int = 20, verbose: int | str = 1, interval: float = 0.05, stateful_metrics: Any = None, unit_name: str = 'step') -> None: ...

    def update(self, current: Any, values: Any = None, finalize: Any = None) -> Any:
        """`current` steps are done."""
        ...

    def add(self, n: int, values: Any = None) -> None:
        """`n` more steps are done."""
        ...

    stateful_metrics: Any

    target: Any

    verbose: Any

class PyDataset:
    """Batches by number, for fit(): subclasses have __len__ and __getitem__."""

    def __init__(self, workers: int = 1, use_multiprocessing: _bool = False, max_queue_size: int = 10) -> None: ...

    def on_epoch_begin(self) -> Any:
        """Called before each epoch."""
        ...

    def on_epoch_end(self) -> Any:
        """Called after each epoch."""
        ...

    def __len__(self) -> int: ...

    def __getitem__(self, index: int | None) -> Any: ...

    def __iter__(self) -> Any: ...

    @property
    def num_batches(self) -> Any: ...

    max_queue_size: Any

    use_multiprocessing: Any

    workers: Any

def array_to_img(x: Any, data_format: str | None = None, scale: Any = True, dtype: _DTypeLike | None = None) -> Any:
    """An array [h, w, channels] as Pillow's picture; scale: its values are spread over 0..255."""
    ...

def clear_session() -> None: ...

custom_object_scope = CustomObjectScope

from linnet.keras.saving import deserialize_keras_object as deserialize_keras_object

def get_custom_objects() -> Any:
    """The dict of classes and functions that loading knows by their names."""
    ...

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

def pack_x_y_sample_weight(x: Any, y: Any = None, sample_weight: Any = None) -> Any:
    """x, (x, y) or (x, y, sample_weight)."""
    ...

def pad_sequences(sequences: Any, maxlen: int | None = None, dtype: _DTypeLike | None = 'int32', padding: str = 'pre', truncating: str = 'pre', value: Any = 0.0) -> npt.NDArray[Any]:
    """Lists of different lengths as rows of one array."""
    ...

def register_keras_serializable(package: str = 'Custom', name: str | None = None) -> Any:
    """Makes a class known to load_model()."""
    ...

def save_img(path: _Path, x: Any, data_format: str | None = None, file_format: Any = None, scale: Any = True, **kwargs: Any) -> Any:
    """Writes an array as a picture; the path's ending says the format."""
    ...

from linnet.keras.saving import serialize_keras_object as serialize_keras_object

def set_random_seed(seed: Any) -> None:
    """Seeds Python's, NumPy's and Linnet's generators."""
    ...

def split_dataset(dataset: Any, left_size: Any = None, right_size: Any = None, shuffle: _bool = False, seed: Any = None) -> Any:
    """Two Datasets of the elements of one (or of arrays' rows): sizes as counts or fractions."""
    ...

def text_dataset_from_directory(directory: _Path, labels: Any = 'inferred', label_mode: str | None = 'int', class_names: Sequence[str] | None = None, batch_size: int | None = 32, max_length: Any = None, shuffle: _bool = True, seed: Any = None, validation_split: float | None = None, subset: str | None = None, verbose: int | str = True, **_: Any) -> Any:
    """A Dataset of the texts in one folder a class, and labels."""
    ...

def timeseries_dataset_from_array(data: Any, targets: Any, sequence_length: Any, sequence_stride: int = 1, sampling_rate: int = 1, batch_size: int | None = 128, shuffle: _bool = False, seed: Any = None, start_index: Any = None, end_index: Any = None) -> Any:
    """Batches of windows of `sequence_length` rows, `sampling_rate` apart, and of the target at
    each window's beginning (none if `targets` is None)."""
    ...

def to_categorical(x: Any, num_classes: int | None = None) -> npt.NDArray[Any]:
    """Integer labels as one-hot rows, a NumPy array of float64."""
    ...

def unpack_x_y_sample_weight(data: Any) -> Any:
    """(x, y, sample_weight) of a batch; None for what it lacks."""
    ...
