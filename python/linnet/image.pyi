"""linnet.image: images [h, w, c] or [n, h, w, c] under TensorFlow's names."""

import linnet
from builtins import bool as _bool
from typing import Any
from linnet._typing import DTypeLike as _DTypeLike, TensorLike as _TensorLike

class ResizeMethod:
    """Names of the methods of resize()."""

    BILINEAR: str

    NEAREST_NEIGHBOR: str

def adjust_brightness(image: _TensorLike, delta: float) -> linnet.Tensor:
    """image + delta."""
    ...

def adjust_contrast(images: _TensorLike, contrast_factor: Any) -> linnet.Tensor:
    """(x - mean) * factor + mean for each image and channel."""
    ...

def adjust_gamma(image: _TensorLike, gamma: int = 1, gain: float = 1) -> linnet.Tensor:
    """gain * image^gamma."""
    ...

def adjust_hue(image: _TensorLike, delta: float, name: str | None = None) -> linnet.Tensor:
    """With the hue turned by delta of the circle."""
    ...

def adjust_saturation(image: _TensorLike, saturation_factor: Any, name: str | None = None) -> linnet.Tensor:
    """With the saturation times a factor, at most 1."""
    ...

def central_crop(image: _TensorLike, central_fraction: Any) -> linnet.Tensor:
    """The middle part of height and width."""
    ...

def convert_image_dtype(image: _TensorLike, dtype: _DTypeLike | None, saturate: _bool = False, name: str | None = None) -> linnet.Tensor:
    """Another dtype: whole numbers of 0 to their greatest are floats of 0 to 1."""
    ...

def crop_to_bounding_box(image: _TensorLike, offset_height: Any, offset_width: Any, target_height: Any, target_width: Any) -> linnet.Tensor:
    """The part of target_height x target_width that begins at an offset."""
    ...

def flip_left_right(image: _TensorLike) -> linnet.Tensor:
    """Mirrored at the vertical axis."""
    ...

def flip_up_down(image: _TensorLike) -> linnet.Tensor:
    """Mirrored at the horizontal axis."""
    ...

def grayscale_to_rgb(images: _TensorLike, name: str | None = None) -> linnet.Tensor:
    """One channel three times."""
    ...

def hsv_to_rgb(images: _TensorLike, name: str | None = None) -> linnet.Tensor:
    """Colours in [0, 1] of hue, saturation and value."""
    ...

def pad_to_bounding_box(image: _TensorLike, offset_height: Any, offset_width: Any, target_height: Any, target_width: Any) -> linnet.Tensor:
    """The image at an offset in zeros of target_height x target_width."""
    ...

def per_image_standardization(image: _TensorLike) -> linnet.Tensor:
    """(x - mean) / max(deviation, 1 / sqrt(elements)) of each image."""
    ...

def psnr(a: _TensorLike, b: _TensorLike, max_val: Any, name: str | None = None) -> linnet.Tensor:
    """20 log10(max_val) - 10 log10(mean squared difference) of each image."""
    ...

def random_brightness(image: _TensorLike, max_delta: Any, seed: Any = None) -> linnet.Tensor:
    """adjust_brightness by a number within max_delta, one for all images."""
    ...

def random_contrast(image: _TensorLike, lower: Any, upper: Any, seed: Any = None) -> linnet.Tensor:
    """adjust_contrast by a factor within lower and upper, one for all images."""
    ...

def random_crop(value: _TensorLike, size: Any, seed: Any = None, name: str | None = None) -> linnet.Tensor:
    """A part of this size from a random place."""
    ...

def random_flip_left_right(image: _TensorLike, seed: Any = None) -> linnet.Tensor:
    """flip_left_right for every second image, by chance."""
    ...

def random_flip_up_down(image: _TensorLike, seed: Any = None) -> linnet.Tensor:
    """flip_up_down for every second image, by chance."""
    ...

def random_hue(image: _TensorLike, max_delta: Any, seed: Any = None) -> linnet.Tensor:
    """adjust_hue by a number within max_delta."""
    ...

def random_saturation(image: _TensorLike, lower: Any, upper: Any, seed: Any = None) -> linnet.Tensor:
    """adjust_saturation by a factor within lower and upper."""
    ...

def resize(images: _TensorLike, size: Any, method: str = 'bilinear', preserve_aspect_ratio: _bool = False, antialias: _bool = False, name: str | None = None) -> linnet.Tensor:
    """Images of another height and width; bilinear gives floats, nearest keeps the dtype."""
    ...

def resize_with_crop_or_pad(image: _TensorLike, target_height: Any, target_width: Any) -> linnet.Tensor:
    """The middle, cut or with a border of zeros to this height and width."""
    ...

def resize_with_pad(image: _TensorLike, target_height: Any, target_width: Any, method: str = 'bilinear', antialias: _bool = False) -> linnet.Tensor:
    """As large as fits in its proportions, in the middle of zeros of this height and width."""
    ...

def rgb_to_grayscale(images: _TensorLike, name: str | None = None) -> linnet.Tensor:
    """0.2989 R + 0.587 G + 0.114 B, [..., 1]."""
    ...

def rgb_to_hsv(images: _TensorLike, name: str | None = None) -> linnet.Tensor:
    """Hue, saturation and value of colours in [0, 1]."""
    ...

def rot90(image: _TensorLike, k: int = 1, name: str | None = None) -> linnet.Tensor:
    """Turned by k quarters, to the left."""
    ...

def ssim(img1: Any, img2: Any, max_val: Any, filter_size: int = 11, filter_sigma: float = 1.5, k1: float = 0.01, k2: float = 0.03, return_index_map: _bool = False) -> linnet.Tensor:
    """The structural similarity of each two images."""
    ...

def stateless_random_brightness(image: _TensorLike, max_delta: Any, seed: Any) -> linnet.Tensor:
    """adjust_brightness by a number within max_delta, as the seed says."""
    ...

def stateless_random_contrast(image: _TensorLike, lower: Any, upper: Any, seed: Any) -> linnet.Tensor:
    """adjust_contrast by a factor within lower and upper, as the seed says."""
    ...

def stateless_random_crop(value: _TensorLike, size: Any, seed: Any, name: str | None = None) -> linnet.Tensor:
    """A part of this size from a place that the seed says."""
    ...

def stateless_random_flip_left_right(image: _TensorLike, seed: Any) -> linnet.Tensor:
    """flip_left_right for every second image, as the seed says."""
    ...

def stateless_random_flip_up_down(image: _TensorLike, seed: Any) -> linnet.Tensor:
    """flip_up_down for every second image, as the seed says."""
    ...

def stateless_random_hue(image: _TensorLike, max_delta: Any, seed: Any) -> linnet.Tensor:
    """adjust_hue by a number within max_delta, as the seed says."""
    ...

def stateless_random_saturation(image: _TensorLike, lower: Any, upper: Any, seed: Any = None) -> linnet.Tensor:
    """adjust_saturation by a factor within lower and upper, as the seed says."""
    ...

def total_variation(images: _TensorLike, name: str | None = None) -> linnet.Tensor:
    """The sum of the differences of neighbours."""
    ...

def transpose(image: _TensorLike, name: str | None = None) -> linnet.Tensor:
    """Height and width exchanged."""
    ...
