"""linnet.io: files and encoded images. Bytes are Python's; images are decoded by Pillow."""

import os

from . import _core
from ._missing import missing
from .errors import IOError, NotSupportedError
from .errors import ValueError as LinnetValueError

_MODES = {1: "L", 3: "RGB", 4: "RGBA"}


def _path(filename):
    if hasattr(filename, "numpy"):
        filename = filename.numpy()
    return os.fsdecode(filename)


def read_file(filename, name=None):
    """A file's bytes."""
    try:
        with open(_path(filename), "rb") as file:
            return file.read()
    except OSError as problem:
        raise IOError(f"[read_file] cannot read '{_path(filename)}': {problem.strerror}") from None


def write_file(filename, contents, name=None):
    """Writes bytes; folders are made."""
    path = _path(filename)
    try:
        os.makedirs(os.path.dirname(path) or ".", exist_ok=True)
        with open(path, "wb") as file:
            file.write(contents.encode() if isinstance(contents, str) else contents)
    except OSError as problem:
        raise IOError(f"[write_file] cannot write '{path}': {problem.strerror}") from None


def _decode(op, contents, channels, dtype, formats=None):
    try:
        import io

        from PIL import Image, UnidentifiedImageError
    except ImportError:
        raise NotSupportedError(f"[{op}] decoding images needs Pillow (pip install pillow)") from None
    import numpy as np

    if not isinstance(contents, (bytes, bytearray, memoryview)):
        raise LinnetValueError(f"[{op}] expected a file's bytes, got {type(contents).__name__}")
    if channels not in (0, None, 1, 3, 4):
        raise LinnetValueError(f"[{op}] channels: expected 0, 1, 3 or 4, got {channels}")
    try:
        image = Image.open(io.BytesIO(contents), formats=formats)
        if channels:
            image = image.convert(_MODES[channels])
        elif image.mode not in ("L", "RGB", "RGBA"):
            image = image.convert("RGB" if image.mode != "LA" else "RGBA")
        pixels = np.asarray(image, dtype="uint8")
    except (UnidentifiedImageError, OSError, SyntaxError) as problem:
        raise LinnetValueError(f"[{op}] no image: {problem}") from None
    tensor = _core.constant(pixels if pixels.ndim == 3 else pixels[..., None])
    if _core.as_dtype(dtype) == "uint8":
        return tensor
    from . import image as images

    return images.convert_image_dtype(tensor, dtype)


def decode_image(contents, channels=0, dtype="uint8", name=None, expand_animations=True):
    """The pixels [height, width, channels] of a file's bytes (0 channels: as the file has them);
    another dtype than uint8 is scaled as convert_image_dtype() does."""
    return _decode("decode_image", contents, channels, dtype)


def decode_jpeg(contents, channels=0, ratio=1, fancy_upscaling=True, try_recover_truncated=False,
                acceptable_fraction=1, dct_method="", name=None):
    """decode_image(); PNG files, too, as in TensorFlow."""
    return _decode("decode_jpeg", contents, channels, "uint8")


def decode_png(contents, channels=0, dtype="uint8", name=None):
    """decode_image(); JPEG files, too, as in TensorFlow."""
    return _decode("decode_png", contents, channels, dtype)


def __getattr__(name):
    raise missing(__name__, name)
