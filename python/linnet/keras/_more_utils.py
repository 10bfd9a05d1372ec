"""More of keras.utils: pictures, parts of datasets, sequences of batches, registered classes."""

import contextlib
import os

from .. import _core
from ..errors import IOError, NotSupportedError
from ..errors import ValueError as LinnetValueError
from . import _progress
from ._serialize import CUSTOM


class PyDataset:
    """Batches by number, for fit(): subclasses have __len__ and __getitem__."""

    def __init__(self, workers=1, use_multiprocessing=False, max_queue_size=10):
        self.workers, self.max_queue_size = workers, max_queue_size
        self.use_multiprocessing = use_multiprocessing

    def on_epoch_begin(self):
        """Called before each epoch."""

    def on_epoch_end(self):
        """Called after each epoch."""

    def __len__(self):
        raise NotImplementedError(f"{type(self).__name__} has no __len__()")

    def __getitem__(self, index):
        raise NotImplementedError(f"{type(self).__name__} has no __getitem__()")

    def __iter__(self):
        for i in range(len(self)):
            yield self[i]

    @property
    def num_batches(self):
        return len(self)


class Progbar:
    """Keras's progress line for loops of your own: update(step, [(name, value)]) draws it; values are
    averaged, those of stateful_metrics shown as they are."""

    def __init__(self, target, width=20, verbose=1, interval=0.05, stateful_metrics=None,
                 unit_name="step"):
        self.target, self.verbose = target, verbose
        self.stateful_metrics = set(stateful_metrics or ())
        self._sums, self._seen = {}, 0
        self._progress = _progress.Progress(verbose, None, target)

    def update(self, current, values=None, finalize=None):
        """`current` steps are done."""
        weight = max(current - self._seen, 1)
        for name, value in values or ():
            total, count = self._sums.get(name, (0.0, 0))
            last = name in self.stateful_metrics
            self._sums[name] = (float(value), 1) if last else (total + float(value) * weight, count + weight)
        self._seen = current
        logs = {name: total / count for name, (total, count) in self._sums.items()}
        ended = finalize or finalize is None and self.target is not None and current >= self.target
        if not self.verbose:
            return
        if ended:
            self._progress.finish(current, logs)
        else:
            self._progress.update(current, logs)

    def add(self, n, values=None):
        """`n` more steps are done."""
        self.update(self._seen + n, values)


@contextlib.contextmanager
def custom_object_scope(custom_objects):
    """In its block, loading knows these classes and functions by their names."""
    before = dict(CUSTOM)
    CUSTOM.update(custom_objects)
    try:
        yield
    finally:
        CUSTOM.clear()
        CUSTOM.update(before)


def get_custom_objects():
    """The dict of classes and functions that loading knows by their names."""
    return CUSTOM


def pack_x_y_sample_weight(x, y=None, sample_weight=None):
    """x, (x, y) or (x, y, sample_weight)."""
    if y is None and sample_weight is None:
        return (x,) if isinstance(x, (list, tuple)) else x
    return (x, y) if sample_weight is None else (x, y, sample_weight)


def unpack_x_y_sample_weight(data):
    """(x, y, sample_weight) of a batch; None for what it lacks."""
    from ._steps import unpack

    return unpack(tuple(data) if isinstance(data, list) else data)


def split_dataset(dataset, left_size=None, right_size=None, shuffle=False, seed=None):
    """Two Datasets of the elements of one (or of arrays' rows): sizes as counts or fractions."""
    import random

    from ..data import Dataset

    if left_size is None and right_size is None:
        raise LinnetValueError("split_dataset: expected left_size or right_size")
    if not hasattr(dataset, "_core_dataset"):
        dataset = Dataset.from_tensor_slices(dataset)
    tensors = list(dataset._tensors())
    count = len(tensors)

    def size(wanted):
        return round(wanted * count) if isinstance(wanted, float) else wanted

    left, right = size(left_size), size(right_size)
    left = count - right if left is None else left
    right = count - left if right is None else right
    if left < 0 or right < 0 or left + right > count:
        raise LinnetValueError(f"split_dataset: {left} and {right} elements of {count}")
    if shuffle:
        random.Random(seed).shuffle(tensors)

    def part(rows):
        if not rows:
            return dataset.take(0)
        columns = list(zip(*rows))
        if all(len({tuple(t.shape) for t in column}) == 1 for column in columns):
            stacked = [_core.stack(list(column), 0) for column in columns]
            return Dataset(_core._Dataset.from_tensor_slices(stacked), dataset._cell)
        return Dataset(_core._Dataset.from_generator(lambda: iter(rows)), dataset._cell)

    return part(tensors[:left]), part(tensors[left:left + right])


def _pillow(op):
    try:
        from PIL import Image
    except ImportError:
        raise NotSupportedError(f"[{op}] pictures need Pillow (pip install pillow)") from None
    return Image


def array_to_img(x, data_format=None, scale=True, dtype=None):
    """An array [h, w, channels] as Pillow's picture; scale: its values are spread over 0..255."""
    import numpy as np

    image = _pillow("array_to_img")
    x = np.asarray(x, "float32")
    if x.ndim != 3 or x.shape[2] not in (1, 3, 4):
        raise LinnetValueError(f"array_to_img: expected [h, w, 1, 3 or 4], got shape {x.shape}")
    if scale:
        x = x - x.min()
        x = x / (x.max() or 1.0) * 255
    x = x.astype("uint8")
    return image.fromarray(x[:, :, 0] if x.shape[2] == 1 else x)


def save_img(path, x, data_format=None, file_format=None, scale=True, **kwargs):
    """Writes an array as a picture; the path's ending says the format."""
    array_to_img(x, data_format, scale).save(os.fspath(path), format=file_format, **kwargs)


def text_dataset_from_directory(directory, labels="inferred", label_mode="int", class_names=None,
                                batch_size=32, max_length=None, shuffle=True, seed=None,
                                validation_split=None, subset=None, verbose=True, **_):
    """A Dataset of the texts in one folder a class, and labels."""
    import numpy as np

    from ..data import Dataset

    directory = os.fspath(directory)
    if not os.path.isdir(directory):
        raise IOError(f"[text_dataset_from_directory] '{directory}' is not a folder")
    names = class_names or sorted(e for e in os.listdir(directory)
                                  if os.path.isdir(os.path.join(directory, e)))
    found = [(os.path.join(root, file), number) for number, name in enumerate(names)
             for root, _, files in sorted(os.walk(os.path.join(directory, name)))
             for file in sorted(files) if file.endswith(".txt")]
    if verbose:
        print(f"Found {len(found)} files belonging to {len(names)} classes.")
    if not found:
        raise LinnetValueError(f"text_dataset_from_directory: no texts in '{directory}'")
    if validation_split and shuffle and seed is None:
        raise LinnetValueError("text_dataset_from_directory: a shuffled split needs a seed")
    if shuffle:
        np.random.RandomState(seed).shuffle(found)
    at = len(found) - int((validation_split or 0) * len(found))

    def make(part):
        texts = []
        for path, _ in part:
            with open(path, encoding="utf-8", errors="replace") as file:
                texts.append(file.read()[:max_length])
        target = np.asarray([number for _, number in part], "int32")
        if label_mode == "categorical":
            target = np.eye(len(names), dtype="float32")[target]
        elif label_mode == "binary":
            target = target.astype("float32")[:, None]
        dataset = Dataset.from_tensor_slices(texts if label_mode is None else (texts, target))
        if shuffle:
            dataset = dataset.shuffle(max(len(part), 1), seed)
        if batch_size is not None:
            dataset = dataset.batch(batch_size)
        dataset.class_names, dataset.file_paths = list(names), [path for path, _ in part]
        return dataset

    if not validation_split:
        return make(found)
    if subset == "both":
        return make(found[:at]), make(found[at:])
    if subset not in ("training", "validation"):
        raise LinnetValueError("text_dataset_from_directory: subset is 'training', 'validation' or 'both'")
    return make(found[:at]) if subset == "training" else make(found[at:])
