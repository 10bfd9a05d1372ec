"""linnet.image: images [h, w, c] or [n, h, w, c] under TensorFlow's names."""

from . import _core
from ._missing import missing


def _batch(image):
    image = _core.convert_to_tensor(image)
    if image.ndim not in (3, 4):
        raise ValueError(f"image: expected rank 3 or 4, got shape {image.shape}")
    return (image if image.ndim == 4 else _core.expand_dims(image, 0)), image.ndim == 3


def _floats(image):
    image = _core.convert_to_tensor(image)
    return image if image.dtype.is_floating else _core.cast(image, "float32")


def resize(images, size, method="bilinear", preserve_aspect_ratio=False, antialias=False, name=None):
    """Images of another height and width; bilinear gives floats, nearest keeps the dtype."""
    if method not in ("bilinear", "nearest") or preserve_aspect_ratio or antialias:
        raise NotImplementedError("resize: bilinear and nearest are there, without antialias and "
                                  "preserve_aspect_ratio")
    images, single = _batch(images)
    sizes = [int(n) for n in size]
    if len(sizes) != 2 or min(sizes) < 1:
        raise ValueError(f"resize: expected two positive numbers, got {size}")
    if method == "bilinear":
        images = _floats(images)
    for axis, extent in zip((1, 2), sizes):
        images = _resize_axis(images, axis, extent, method)
    return images[0] if single else images


def _resize_axis(images, axis, extent, method):
    old = images.shape[axis]
    if old == extent:
        return images
    if method == "nearest":
        index = [min(old - 1, int((i + 0.5) * old / extent)) for i in range(extent)]
        return _core.gather(images, _core.constant(index, "int32"), axis)
    places = [(i + 0.5) * old / extent - 0.5 for i in range(extent)]
    low = [min(old - 1, max(0, int(p // 1))) for p in places]
    high = [min(old - 1, max(0, int(p // 1) + 1)) for p in places]
    shape = [extent if a == axis else 1 for a in range(4)]
    part = _core.reshape(_core.constant([p - p // 1 for p in places], images.dtype), shape)
    return (_core.gather(images, _core.constant(low, "int32"), axis) * (1.0 - part)
            + _core.gather(images, _core.constant(high, "int32"), axis) * part)


def _flip(image, axis):
    images, single = _batch(image)
    images = _core.reverse(images, [axis])
    return images[0] if single else images


def flip_left_right(image):
    """Mirrored at the vertical axis."""
    return _flip(image, 2)


def flip_up_down(image):
    """Mirrored at the horizontal axis."""
    return _flip(image, 1)


def _random_flip(image, axis, seed):
    images, single = _batch(image)
    chance = _core.random_uniform([images.shape[0], 1, 1, 1], seed=seed)
    images = _core.where(chance < 0.5, _core.reverse(images, [axis]), images)
    return images[0] if single else images


def random_flip_left_right(image, seed=None):
    """flip_left_right for every second image, by chance."""
    return _random_flip(image, 2, seed)


def random_flip_up_down(image, seed=None):
    """flip_up_down for every second image, by chance."""
    return _random_flip(image, 1, seed)


def adjust_brightness(image, delta):
    """image + delta."""
    return _floats(image) + delta


def adjust_contrast(images, contrast_factor):
    """(x - mean) * factor + mean for each image and channel."""
    images, single = _batch(_floats(images))
    mean = _core.reduce_mean(images, [1, 2], True)
    images = (images - mean) * contrast_factor + mean
    return images[0] if single else images


def random_brightness(image, max_delta, seed=None):
    """adjust_brightness by a number within max_delta, one for all images."""
    return adjust_brightness(image, _core.random_uniform([], -max_delta, max_delta, seed=seed))


def random_contrast(image, lower, upper, seed=None):
    """adjust_contrast by a factor within lower and upper, one for all images."""
    return adjust_contrast(image, _core.random_uniform([], lower, upper, seed=seed))


def rgb_to_grayscale(images, name=None):
    """0.2989 R + 0.587 G + 0.114 B, [..., 1]."""
    weights = _core.constant([0.2989, 0.587, 0.114], "float32")
    return _core.reduce_sum(_floats(images) * weights, -1, True)


def per_image_standardization(image):
    """(x - mean) / max(deviation, 1 / sqrt(elements)) of each image."""
    images, single = _batch(_floats(image))
    count = images.shape[1] * images.shape[2] * images.shape[3]
    mean = _core.reduce_mean(images, [1, 2, 3], True)
    deviation = _core.reduce_std(images, [1, 2, 3], True)
    images = (images - mean) / _core.maximum(deviation, count ** -0.5)
    return images[0] if single else images


def convert_image_dtype(image, dtype, saturate=False, name=None):
    """Another dtype: whole numbers of 0 to their greatest are floats of 0 to 1."""
    image, dtype = _core.convert_to_tensor(image), _core.as_dtype(dtype)
    if image.dtype.is_floating == dtype.is_floating:
        if not dtype.is_floating and image.dtype != dtype:
            raise NotImplementedError("convert_image_dtype: between integers; go by float32")
        return _core.cast(image, dtype)
    if dtype.is_floating:
        return _core.cast(image, dtype) * (1.0 / float(image.dtype.max))
    top = float(dtype.max)
    scaled = image * (top + 0.5)
    return _core.cast(_core.clip_by_value(scaled, 0.0, top) if saturate else scaled, dtype)


def central_crop(image, central_fraction):
    """The middle part of height and width."""
    images, single = _batch(image)
    if not 0 < central_fraction <= 1:
        raise ValueError(f"central_crop: expected a fraction in (0, 1], got {central_fraction}")
    height, width = images.shape[1], images.shape[2]
    top = int((height - height * central_fraction) / 2)
    left = int((width - width * central_fraction) / 2)
    images = images[:, top:height - top, left:width - left]
    return images[0] if single else images


from ._image_more import *  # noqa: E402,F401,F403


def __getattr__(name):
    if name in ("decode_image", "decode_jpeg", "decode_png"):
        from . import io

        return getattr(io, name)
    raise missing(__name__, name)
