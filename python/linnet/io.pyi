"""linnet.io: files and encoded images. Bytes are Python's; images are decoded by Pillow."""

import linnet
from builtins import bool as _bool
from typing import Any
from linnet._typing import DTypeLike as _DTypeLike, Path as _Path

from linnet.errors import IOError as IOError

from linnet.errors import ValueError as LinnetValueError

from linnet.errors import NotSupportedError as NotSupportedError

def decode_image(contents: Any, channels: int = 0, dtype: _DTypeLike | None = 'uint8', name: str | None = None, expand_animations: _bool = True) -> Any:
    """The pixels [height, width, channels] of a file's bytes (0 channels: as the file has them);
    another dtype than uint8 is scaled as convert_image_dtype() does."""
    ...

def decode_jpeg(contents: Any, channels: int = 0, ratio: int = 1, fancy_upscaling: _bool = True, try_recover_truncated: _bool = False, acceptable_fraction: int = 1, dct_method: str = '', name: str | None = None) -> Any:
    """decode_image(); PNG files, too, as in TensorFlow."""
    ...

def decode_png(contents: Any, channels: int = 0, dtype: _DTypeLike | None = 'uint8', name: str | None = None) -> Any:
    """decode_image(); JPEG files, too, as in TensorFlow."""
    ...

def read_file(filename: _Path, name: str | None = None) -> Any:
    """A file's bytes."""
    ...

def write_file(filename: _Path, contents: Any, name: str | None = None) -> Any:
    """Writes bytes; folders are made."""
    ...
