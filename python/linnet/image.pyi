"""linnet.image: images [h, w, c] or [n, h, w, c] under TensorFlow's names."""

import linnet
from builtins import bool as _bool
from typing import Any
from linnet._typing import DTypeLike as _DTypeLike, TensorLike as _TensorLike

def adjust_brightness(image: _TensorLike, delta: float) -> linnet.Tensor:
    """image + delta."""
    ...

def adjust_contrast(images: _TensorLike, contrast_factor: Any) -> linnet.Tensor:
    """(x - mean) * factor + mean for each image and channel."""
    ...

def central_crop(image: _TensorLike, central_fraction: Any) -> linnet.Tensor:
    """The middle part of height and width."""
    ...

def convert_image_dtype(image: _TensorLike, dtype: _DTypeLike | None, saturate: _bool = False, name: str | None = None) -> linnet.Tensor:
    """Another dtype: whole numbers of 0 to their greatest are floats of 0 to 1."""
    ...

def flip_left_right(image: _TensorLike) -> linnet.Tensor:
    """Mirrored at the vertical axis."""
    ...

def flip_up_down(image: _TensorLike) -> linnet.Tensor:
    """Mirrored at the horizontal axis."""
    ...

def per_image_standardization(image: _TensorLike) -> linnet.Tensor:
    """(x - mean) / max(deviation, 1 / sqrt(elements)) of each image."""
    ...

def random_brightness(image: _TensorLike, max_delta: Any, seed: Any = None) -> linnet.Tensor:
    """adjust_brightness by a number within max_delta, one for all images."""
    ...

def random_contrast(image: _TensorLike, lower: Any, upper: Any, seed: Any = None) -> linnet.Tensor:
    """adjust_contrast by a factor within lower and upper, one for all images."""
    ...

def random_flip_left_right(image: _TensorLike, seed: Any = None) -> linnet.Tensor:
    """flip_left_right for every second image, by chance."""
    ...

def random_flip_up_down(image: _TensorLike, seed: Any = None) -> linnet.Tensor:
    """flip_up_down for every second image, by chance."""
    ...

def resize(images: _TensorLike, size: Any, method: str = 'bilinear', preserve_aspect_ratio: _bool = False, antialias: _bool = False, name: str | None = None) -> linnet.Tensor:
    """Images of another height and width; bilinear gives floats, nearest keeps the dtype."""
    ...

def rgb_to_grayscale(images: _TensorLike, name: str | None = None) -> linnet.Tensor:
    """0.2989 R + 0.587 G + 0.114 B, [..., 1]."""
    ...
