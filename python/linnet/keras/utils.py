"""keras.utils."""

import os

from .. import _core
from .._missing import missing
from ..errors import IOError
from .saving import (  # noqa: F401
    deserialize_keras_object, register_keras_serializable, serialize_keras_object,
)


def to_categorical(x, num_classes=None):
    """Integer labels as one-hot rows, a NumPy array of float64."""
    import numpy as np

    labels = np.asarray(x, dtype="int64")
    shape = labels.shape[:-1] if labels.ndim > 1 and labels.shape[-1] == 1 else labels.shape
    labels = labels.reshape(-1)
    if num_classes is None:
        num_classes = int(labels.max()) + 1 if labels.size else 0
    if labels.size and (labels.min() < -num_classes or labels.max() >= num_classes):
        raise IndexError(f"to_categorical: a label is out of range for {num_classes} classes")
    out = np.zeros((labels.size, num_classes))
    out[np.arange(labels.size), labels] = 1
    return out.reshape(shape + (num_classes,))


def set_random_seed(seed):
    """Seeds Python's, NumPy's and Linnet's generators."""
    import random

    import numpy as np

    if not isinstance(seed, int):
        raise ValueError(f"set_random_seed: expected an integer, got {seed!r}")
    random.seed(seed)
    np.random.seed(seed % (1 << 32))
    _core._set_random_seed(seed)


def normalize(x, axis=-1, order=2):
    """x divided by its norm along an axis."""
    import numpy as np

    norm = np.atleast_1d(np.linalg.norm(x, order, axis))
    norm[norm == 0] = 1
    return x / np.expand_dims(norm, axis)


def pad_sequences(sequences, maxlen=None, dtype="int32", padding="pre", truncating="pre",
                  value=0.0):
    """Lists of different lengths as rows of one array."""
    import numpy as np

    if padding not in ("pre", "post") or truncating not in ("pre", "post"):
        raise ValueError("pad_sequences: padding and truncating are 'pre' or 'post'")
    rows = [list(s) for s in sequences]
    if maxlen is None:
        maxlen = max((len(r) for r in rows), default=0)
    out = np.full((len(rows), maxlen), value, dtype=dtype)
    for i, row in enumerate(rows):
        row = row[-maxlen:] if truncating == "pre" else row[:maxlen]
        if not row:
            continue
        if padding == "pre":
            out[i, -len(row):] = row
        else:
            out[i, :len(row)] = row
    return out


def get_file(fname=None, origin=None, untar=False, cache_subdir="datasets", cache_dir=None,
             extract=False, file_hash=None, **_):
    """The path of a file that is in the cache already, or that a file:// address names."""
    if origin is None and fname is None:
        raise ValueError("get_file: give an origin or a file name")
    if origin and origin.startswith("file://"):
        from urllib.parse import unquote, urlparse

        path = unquote(urlparse(origin).path)
    else:
        name = fname or os.path.basename(origin)
        path = os.path.join(os.path.expanduser(cache_dir or "~/.keras"), cache_subdir, name)
    if not os.path.exists(path):
        raise IOError(f"[get_file] '{path}' is not there, and Linnet downloads nothing: put the "
                      "file there yourself")
    if untar or extract:
        folder = path + "_extracted"
        if not os.path.exists(folder):
            _extract(path, folder)
        return folder
    return path


def _extract(path, folder):
    """Unpacks a zip file or a tar file; no member may lie outside of the folder."""
    import tarfile
    import zipfile

    if zipfile.is_zipfile(path):
        with zipfile.ZipFile(path) as archive:
            archive.extractall(folder)
        return
    if not hasattr(tarfile, "data_filter"):
        raise NotImplementedError("get_file: this Python cannot unpack tar files safely; the newest "
                                  "patch release of its version can")
    with tarfile.open(path) as archive:
        archive.extractall(folder, filter="data")


_IMAGES = (".png", ".jpg", ".jpeg", ".bmp", ".gif", ".ppm")


def _image(path, size, mode):
    import numpy as np

    if path.lower().endswith((".ppm", ".bmp")) and mode == "rgb":
        pixels = _ppm(path) if path.lower().endswith(".ppm") else _bmp(path)
        if pixels is not None:
            return _resize(pixels.astype("float32"), size)
    try:
        from PIL import Image
    except ImportError:
        raise IOError(f"[image] reading '{path}' needs Pillow (pip install pillow)") from None
    with Image.open(path) as image:
        image = image.convert({"rgb": "RGB", "grayscale": "L", "rgba": "RGBA"}[mode])
        array = np.asarray(image, "float32")
    return _resize(array[..., None] if array.ndim == 2 else array, size)


def _ppm(path):
    """The pixels of a binary PPM of 8 bits; None if it is something else."""
    import numpy as np

    with open(path, "rb") as file:
        data = file.read()
    fields = data.split(None, 4)
    if len(fields) < 4 or fields[0] != b"P6" or fields[3] != b"255":
        return None
    width, height = int(fields[1]), int(fields[2])
    count = width * height * 3
    if count > len(data):
        raise IOError(f"[image] '{path}' ends too early")
    return np.frombuffer(data, "uint8", count, len(data) - count).reshape(height, width, 3)


def _bmp(path):
    """The pixels of an uncompressed BMP of 24 bits; None if it is something else."""
    import struct

    import numpy as np

    with open(path, "rb") as file:
        data = file.read()
    if len(data) < 54 or data[:2] != b"BM":
        raise IOError(f"[image] '{path}' is not a BMP file")
    offset, _, width, height, _, bits, packing = struct.unpack("<IIiiHHI", data[10:34])
    if bits != 24 or packing != 0 or width < 1 or height == 0:
        return None
    row = (width * 3 + 3) // 4 * 4
    if offset + row * abs(height) > len(data):
        raise IOError(f"[image] '{path}' ends too early")
    rows = np.frombuffer(data, "uint8", row * abs(height), offset).reshape(abs(height), row)
    pixels = rows[:, :width * 3].reshape(abs(height), width, 3)[..., ::-1]
    return pixels[::-1] if height > 0 else pixels


def _resize(image, size):
    """Bilinear with half-pixel centres, as TensorFlow's image.resize."""
    import numpy as np

    height, width = size
    if image.shape[:2] == (height, width):
        return image

    def places(n_out, n_in):
        at = (np.arange(n_out) + 0.5) * n_in / n_out - 0.5
        low = np.floor(at)
        part = (at - low).astype("float32")
        return (np.clip(low, 0, n_in - 1).astype(int), np.clip(low + 1, 0, n_in - 1).astype(int),
                part)

    y0, y1, fy = places(height, image.shape[0])
    x0, x1, fx = places(width, image.shape[1])
    rows = image[y0] * (1 - fy)[:, None, None] + image[y1] * fy[:, None, None]
    return rows[:, x0] * (1 - fx)[None, :, None] + rows[:, x1] * fx[None, :, None]


def load_img(path, color_mode="rgb", target_size=None, **_):
    """An image as an array [h, w, c], resized if asked for."""
    from PIL import Image

    with Image.open(path) as image:
        size = target_size or (image.height, image.width)
    return _image(os.fspath(path), size, color_mode)


def img_to_array(img, dtype="float32", **_):
    import numpy as np

    array = np.asarray(img, dtype)
    return array[..., None] if array.ndim == 2 else array


def image_dataset_from_directory(directory, labels="inferred", label_mode="int", class_names=None,
                                 color_mode="rgb", batch_size=32, image_size=(256, 256),
                                 shuffle=True, seed=None, validation_split=None, subset=None,
                                 interpolation="bilinear", verbose=True, **_):
    """A Dataset of images in one folder a class: float32 0..255 and labels."""
    import numpy as np

    from ..data import Dataset

    directory = os.fspath(directory)
    if not os.path.isdir(directory):
        raise IOError(f"[image_dataset_from_directory] '{directory}' is not a folder")
    if label_mode not in ("int", "categorical", "binary", None):
        raise ValueError(f"image_dataset_from_directory: unknown label_mode {label_mode!r}")
    if validation_split and subset not in ("training", "validation", "both"):
        raise ValueError("image_dataset_from_directory: subset is 'training', 'validation' or "
                         "'both'")
    if validation_split and shuffle and seed is None:
        raise ValueError("image_dataset_from_directory: a shuffled split needs a seed")
    names = class_names or sorted(
        entry for entry in os.listdir(directory) if os.path.isdir(os.path.join(directory, entry)))
    paths, classes = [], []
    for number, name in enumerate(names):
        for root, _, files in sorted(os.walk(os.path.join(directory, name))):
            for file in sorted(files):
                if file.lower().endswith(_IMAGES):
                    paths.append(os.path.join(root, file))
                    classes.append(number)
    if verbose:
        print(f"Found {len(paths)} files belonging to {len(names)} classes.")
    if not paths:
        raise ValueError(f"image_dataset_from_directory: no images in '{directory}'")
    if shuffle:
        order = np.random.RandomState(seed).permutation(len(paths))
        paths, classes = [paths[i] for i in order], [classes[i] for i in order]

    def make(first, last):
        mine, target = paths[first:last], np.asarray(classes[first:last], "int32")
        if label_mode == "categorical":
            target = np.eye(len(names), dtype="float32")[target]
        elif label_mode == "binary":
            target = target.astype("float32")[:, None]

        def rows():
            order = np.random.permutation(len(mine)) if shuffle else range(len(mine))
            for i in order:
                image = _image(mine[i], tuple(image_size), color_mode)
                yield image if label_mode is None else (image, target[i])

        dataset = Dataset.from_generator(rows)
        if batch_size is not None:
            dataset = dataset.batch(batch_size)
        dataset.class_names, dataset.file_paths = list(names), list(mine)
        return dataset

    if not validation_split:
        return make(0, len(paths))
    at = len(paths) - int(validation_split * len(paths))
    if subset == "both":
        return make(0, at), make(at, len(paths))
    return make(0, at) if subset == "training" else make(at, len(paths))


def clear_session():
    _core._clear_session()


def timeseries_dataset_from_array(data, targets, sequence_length, sequence_stride=1,
                                  sampling_rate=1, batch_size=128, shuffle=False, seed=None,
                                  start_index=None, end_index=None):
    """Batches of windows of `sequence_length` rows, `sampling_rate` apart, and of the target at
    each window's beginning (none if `targets` is None)."""
    import numpy as np

    from ..data import Dataset

    rows = np.asarray(data)[start_index:end_index]
    span = (sequence_length - 1) * sampling_rate + 1
    count = len(rows) - span + 1
    if sequence_length < 1 or sampling_rate < 1 or sequence_stride < 1:
        raise ValueError("timeseries_dataset_from_array: sequence_length, sampling_rate and "
                         "sequence_stride are at least 1")
    if targets is not None:
        targets = np.asarray(targets)[start_index:end_index]
        count = min(count, len(targets))
    if count < 1:
        raise ValueError(f"timeseries_dataset_from_array: {len(rows)} rows are fewer than a window "
                         f"of {span}")
    starts = np.arange(0, count, sequence_stride)
    windows = rows[starts[:, None] + np.arange(0, span, sampling_rate)]
    dataset = Dataset.from_tensor_slices(windows if targets is None else (windows, targets[starts]))
    if shuffle:
        dataset = dataset.shuffle(len(starts), seed=seed)
    return dataset if batch_size is None else dataset.batch(batch_size)


from ._more_utils import (  # noqa: E402,F401
    Progbar, PyDataset, array_to_img, custom_object_scope, get_custom_objects,
    pack_x_y_sample_weight, save_img, split_dataset, text_dataset_from_directory,
    unpack_x_y_sample_weight,
)

CustomObjectScope = custom_object_scope


def __getattr__(name):
    if name == "Sequence":  # its old name
        return PyDataset
    raise missing(__name__, name)
