"""More of linnet.image: crops, colours, measures."""

import math

from . import _core
from .errors import ShapeError
from .image import _batch, _floats, adjust_brightness, adjust_contrast, resize


class ResizeMethod:
    """Names of the methods of resize()."""

    BILINEAR, NEAREST_NEIGHBOR = "bilinear", "nearest"


# --- Crops and borders ----------------------------------------------------------------------------


def crop_to_bounding_box(image, offset_height, offset_width, target_height, target_width):
    """The part of target_height x target_width that begins at an offset."""
    images, single = _batch(image)
    if min(offset_height, offset_width) < 0 or offset_height + target_height > images.shape[1] or \
            offset_width + target_width > images.shape[2]:
        raise ShapeError(f"[crop_to_bounding_box] {target_height} x {target_width} from "
                         f"({offset_height}, {offset_width}) on of shape {images.shape}")
    images = images[:, offset_height:offset_height + target_height,
                    offset_width:offset_width + target_width]
    return images[0] if single else images


def pad_to_bounding_box(image, offset_height, offset_width, target_height, target_width):
    """The image at an offset in zeros of target_height x target_width."""
    images, single = _batch(image)
    below = target_height - offset_height - images.shape[1]
    right = target_width - offset_width - images.shape[2]
    if min(offset_height, offset_width, below, right) < 0:
        raise ShapeError(f"[pad_to_bounding_box] shape {images.shape} at ({offset_height}, {offset_width}) "
                         f"does not fit {target_height} x {target_width}")
    images = _core.pad(images, [[0, 0], [offset_height, below], [offset_width, right], [0, 0]])
    return images[0] if single else images


def resize_with_crop_or_pad(image, target_height, target_width):
    """The middle, cut or with a border of zeros to this height and width."""
    images, single = _batch(image)
    for axis, extent in ((1, int(target_height)), (2, int(target_width))):
        more = extent - images.shape[axis]
        if more > 0:
            border = [[0, 0] for _ in range(4)]
            border[axis] = [more // 2, more - more // 2]
            images = _core.pad(images, border)
        elif more < 0:
            start = -more // 2
            images = _core.gather(images, _core.range(start, start + extent), axis)
    return images[0] if single else images


def resize_with_pad(image, target_height, target_width, method="bilinear", antialias=False):
    """As large as fits in its proportions, in the middle of zeros of this height and width."""
    images, single = _batch(image)
    height, width = images.shape[1], images.shape[2]
    ratio = max(height / target_height, width / target_width)
    size = [max(1, min(int(height / ratio), target_height)), max(1, min(int(width / ratio), target_width))]
    images = resize(images, size, method)
    images = pad_to_bounding_box(images, (target_height - size[0]) // 2, (target_width - size[1]) // 2,
                                 target_height, target_width)
    return images[0] if single else images


def random_crop(value, size, seed=None, name=None):
    """A part of this size from a random place."""
    value = _core.convert_to_tensor(value)
    size = [extent if n == -1 else int(n) for n, extent in zip(size, value.shape)]
    if len(size) != value.ndim or any(n > extent for n, extent in zip(size, value.shape)):
        raise ShapeError(f"[random_crop] cannot cut {size} out of shape {value.shape}")
    for axis, n in enumerate(size):
        room = value.shape[axis] - n
        if room:
            start = _core.random_uniform([], 0, room + 1, "int32", seed)
            value = _core.gather(value, start + _core.range(n), axis)
    return value


def rot90(image, k=1, name=None):
    """Turned by k quarters, to the left."""
    images, single = _batch(image)
    for _ in range(int(k) % 4):
        images = _core.reverse(_core.transpose(images, [0, 2, 1, 3]), [1])
    return images[0] if single else images


def transpose(image, name=None):
    """Height and width exchanged."""
    images, single = _batch(image)
    images = _core.transpose(images, [0, 2, 1, 3])
    return images[0] if single else images


# --- Colours --------------------------------------------------------------------------------------


def grayscale_to_rgb(images, name=None):
    """One channel three times."""
    images = _core.convert_to_tensor(images)
    if not images.ndim or images.shape[-1] != 1:
        raise ShapeError(f"[grayscale_to_rgb] expected one channel, got shape {images.shape}")
    return _core.concat([images] * 3, -1)


def adjust_gamma(image, gamma=1, gain=1):
    """gain * image^gamma."""
    return _core.pow(_floats(image), gamma) * gain


def rgb_to_hsv(images, name=None):
    """Hue, saturation and value of colours in [0, 1]."""
    images = _floats(images)
    r, g, b = _core.split(images, 3, -1)
    value = _core.maximum(_core.maximum(r, g), b)
    spread = value - _core.minimum(_core.minimum(r, g), b)
    safe = _core.where(spread == 0, 1.0, spread)
    sector = _core.where(value == r, (g - b) / safe % 6.0,
                         _core.where(value == g, (b - r) / safe + 2.0, (r - g) / safe + 4.0))
    hue = _core.where(spread == 0, 0.0, sector / 6.0)
    saturation = _core.where(value == 0, 0.0, spread / _core.where(value == 0, 1.0, value))
    return _core.concat([hue, saturation, value], -1)


def hsv_to_rgb(images, name=None):
    """Colours in [0, 1] of hue, saturation and value."""
    hue, saturation, value = _core.split(_floats(images), 3, -1)
    parts = []
    for shift in (5.0, 3.0, 1.0):
        k = (shift + hue * 6.0) % 6.0
        ramp = _core.clip_by_value(_core.minimum(k, 4.0 - k), 0.0, 1.0)
        parts.append(value - value * saturation * ramp)
    return _core.concat(parts, -1)


def adjust_saturation(image, saturation_factor, name=None):
    """With the saturation times a factor, at most 1."""
    hue, saturation, value = _core.split(rgb_to_hsv(image), 3, -1)
    saturation = _core.clip_by_value(saturation * saturation_factor, 0.0, 1.0)
    return hsv_to_rgb(_core.concat([hue, saturation, value], -1))


def adjust_hue(image, delta, name=None):
    """With the hue turned by delta of the circle."""
    hue, saturation, value = _core.split(rgb_to_hsv(image), 3, -1)
    return hsv_to_rgb(_core.concat([(hue + delta) % 1.0, saturation, value], -1))


def random_saturation(image, lower, upper, seed=None):
    """adjust_saturation by a factor within lower and upper."""
    return adjust_saturation(image, _core.random_uniform([], lower, upper, seed=seed))


def random_hue(image, max_delta, seed=None):
    """adjust_hue by a number within max_delta."""
    return adjust_hue(image, _core.random_uniform([], -max_delta, max_delta, seed=seed))


# --- The same for the same seed -------------------------------------------------------------------


def _draw(seed, low, high):
    from .random import stateless_uniform

    return stateless_uniform([], seed, low, high)


def _stateless_flip(image, seed, axis):
    images, single = _batch(image)
    from .random import stateless_uniform

    chance = stateless_uniform([images.shape[0], 1, 1, 1], seed)
    images = _core.where(chance < 0.5, _core.reverse(images, [axis]), images)
    return images[0] if single else images


def stateless_random_flip_left_right(image, seed):
    """flip_left_right for every second image, as the seed says."""
    return _stateless_flip(image, seed, 2)


def stateless_random_flip_up_down(image, seed):
    """flip_up_down for every second image, as the seed says."""
    return _stateless_flip(image, seed, 1)


def stateless_random_brightness(image, max_delta, seed):
    """adjust_brightness by a number within max_delta, as the seed says."""
    return adjust_brightness(image, _draw(seed, -max_delta, max_delta))


def stateless_random_contrast(image, lower, upper, seed):
    """adjust_contrast by a factor within lower and upper, as the seed says."""
    return adjust_contrast(image, _draw(seed, lower, upper))


def stateless_random_saturation(image, lower, upper, seed=None):
    """adjust_saturation by a factor within lower and upper, as the seed says."""
    return adjust_saturation(image, _draw(seed, lower, upper))


def stateless_random_hue(image, max_delta, seed):
    """adjust_hue by a number within max_delta, as the seed says."""
    return adjust_hue(image, _draw(seed, -max_delta, max_delta))


def stateless_random_crop(value, size, seed, name=None):
    """A part of this size from a place that the seed says."""
    value = _core.convert_to_tensor(value)
    a, b = (int(s) for s in seed)
    for axis, n in enumerate(size):
        room = value.shape[axis] - int(n)
        if int(n) == -1 or room == 0:
            continue
        if room < 0:
            raise ShapeError(f"[random_crop] cannot cut {list(size)} out of shape {value.shape}")
        start = _core.cast(_core.floor(_draw((a, b + axis), 0.0, room + 1.0)), "int32")
        value = _core.gather(value, start + _core.range(int(n)), axis)
    return value


# --- Measures -------------------------------------------------------------------------------------


def total_variation(images, name=None):
    """The sum of the differences of neighbours."""
    images, single = _batch(images)
    down = _core.abs(images[:, 1:] - images[:, :-1])
    right = _core.abs(images[:, :, 1:] - images[:, :, :-1])
    sums = _core.reduce_sum(down, [1, 2, 3]) + _core.reduce_sum(right, [1, 2, 3])
    return sums[0] if single else sums


def psnr(a, b, max_val, name=None):
    """20 log10(max_val) - 10 log10(mean squared difference) of each image."""
    difference = _core.square(_floats(a) - _floats(b))
    mean = _core.reduce_mean(difference, [-3, -2, -1])
    return 20 * math.log10(float(max_val)) - _core.log(mean) * (10 / math.log(10))


def _smoothed(x, size, sigma):
    places = _core.cast(_core.range(size), "float32") - (size - 1) / 2
    row = _core.softmax(_core.square(places) * (-0.5 / sigma ** 2), -1)
    channels = x.shape[-1]
    for shape in ((size, 1, 1, 1), (1, size, 1, 1)):
        kernel = _core.tile(_core.reshape(row, shape), [1, 1, 1, channels])
        x = _core.conv2d(x, kernel, 1, "VALID", 1, channels)
    return x


def ssim(img1, img2, max_val, filter_size=11, filter_sigma=1.5, k1=0.01, k2=0.03,
         return_index_map=False):
    """The structural similarity of each two images."""
    a, single = _batch(_floats(img1))
    b, _ = _batch(_floats(img2))
    c1, c2 = (k1 * max_val) ** 2, (k2 * max_val) ** 2
    mean_a, mean_b = (_smoothed(x, filter_size, filter_sigma) for x in (a, b))
    products = mean_a * mean_b * 2.0
    squares = _core.square(mean_a) + _core.square(mean_b)
    both = _smoothed(a * b, filter_size, filter_sigma) * 2.0
    own = _smoothed(_core.square(a) + _core.square(b), filter_size, filter_sigma)
    value = (products + c1) / (squares + c1) * (both - products + c2) / (own - squares + c2)
    value = _core.reduce_mean(value, -1) if return_index_map else _core.reduce_mean(
        _core.reduce_mean(value, [1, 2]), -1)
    return value[0] if single else value


__all__ = [n for n, v in list(globals().items()) if not n.startswith("_")
           and getattr(v, "__module__", None) == __name__]
