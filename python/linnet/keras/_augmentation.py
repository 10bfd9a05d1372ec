"""Layers that change images [n, h, w, c] at random in training; otherwise they pass them on."""

import math

from .. import _core
from ._layer import Layer

_TAU = 2 * math.pi


def _range(factor, name, least=None):
    """(lower, upper) of a factor given as one number or two."""
    lower, upper = factor if isinstance(factor, (list, tuple)) else (-factor, factor)
    if lower > upper or least is not None and lower < least:
        raise ValueError(f"{name}: factor {factor!r} is no range")
    return float(lower), float(upper)


class _Random(Layer):
    """Draws anew for each image of a batch."""

    def __init__(self, config, **kwargs):
        seed = config["seed"]
        if config.pop("data_format", None) not in (None, "channels_last"):
            raise NotImplementedError("data_format: only channels_last is there")
        super().__init__(**kwargs)
        self._config = config
        self._generator = None if seed is None else _core.Generator.from_seed(seed)

    def _uniform(self, images, lower, upper):
        """One number an image, [n, 1, 1, 1]."""
        shape = [images.shape[0], 1, 1, 1]
        if self._generator is not None:
            return self._generator.uniform(shape, lower, upper)
        return _core.random_uniform(shape, lower, upper)

    def call(self, images, training=None):
        if not training:
            return images
        if images.ndim == 3:
            return self._change(_core.expand_dims(images, 0))[0]
        return self._change(images)


class RandomFlip(_Random):
    """Mirrors every second image: mode "horizontal", "vertical" or "horizontal_and_vertical"."""

    def __init__(self, mode="horizontal_and_vertical", seed=None, data_format=None, **kwargs):
        if mode not in ("horizontal", "vertical", "horizontal_and_vertical"):
            raise ValueError(f"RandomFlip: unknown mode {mode!r}")
        super().__init__({"mode": mode, "seed": seed, "data_format": data_format}, **kwargs)

    def _change(self, images):
        for word, axis in (("horizontal", 2), ("vertical", 1)):
            if word in self._config["mode"]:
                flipped = self._uniform(images, 0.0, 1.0) < 0.5
                images = _core.where(flipped, _core.reverse(images, [axis]), images)
        return images


class RandomContrast(_Random):
    """(x - mean) * f + mean for each image and channel; f within 1 - factor and 1 + factor."""

    def __init__(self, factor, value_range=(0, 255), seed=None, **kwargs):
        lower, upper = factor if isinstance(factor, (list, tuple)) else (factor, factor)
        if not 0 <= lower <= 1 or upper < 0:
            raise ValueError(f"RandomContrast: factor {factor!r} is no range")
        super().__init__({"factor": factor, "value_range": tuple(value_range), "seed": seed},
                         **kwargs)
        self._lower, self._upper = 1.0 - lower, 1.0 + upper

    def _change(self, images):
        mean = _core.reduce_mean(images, [1, 2], True)
        changed = (images - mean) * self._uniform(images, self._lower, self._upper) + mean
        return _core.clip_by_value(changed, *self._config["value_range"])


class RandomBrightness(_Random):
    """x + f * (the range's width) for each image; f within `factor`."""

    def __init__(self, factor, value_range=(0, 255), seed=None, **kwargs):
        lower, upper = _range(factor, "RandomBrightness", -1.0)
        super().__init__({"factor": factor, "value_range": tuple(value_range), "seed": seed},
                         **kwargs)
        self._lower, self._upper = lower, upper

    def _change(self, images):
        low, high = self._config["value_range"]
        shift = self._uniform(images, self._lower, self._upper) * float(high - low)
        return _core.clip_by_value(images + shift, low, high)


class _Affine(_Random):
    """Reads each output pixel from a place of the input that depends linearly on where it is."""

    def __init__(self, config, fill_mode, interpolation, fill_value, **kwargs):
        if fill_mode not in ("reflect", "wrap", "constant", "nearest"):
            raise ValueError(f"{type(self).__name__}: unknown fill_mode {fill_mode!r}")
        if interpolation not in ("bilinear", "nearest"):
            raise ValueError(f"{type(self).__name__}: unknown interpolation {interpolation!r}")
        super().__init__({**config, "fill_mode": fill_mode, "interpolation": interpolation,
                          "fill_value": fill_value}, **kwargs)

    def _change(self, images):
        height, width = images.shape[1], images.shape[2]
        grid = [_core.reshape(_core.range(float(n)), shape)
                for n, shape in ((height, [1, height, 1, 1]), (width, [1, 1, width, 1]))]
        middle = (height - 1) / 2, (width - 1) / 2
        y, x = self._places(images, grid[0] - middle[0], grid[1] - middle[1])
        shape = [images.shape[0], height, width, 1]
        return self._sample(images, _core.broadcast_to(y + middle[0], shape),
                            _core.broadcast_to(x + middle[1], shape))

    def _sample(self, images, y, x):
        if self._config["interpolation"] == "nearest":
            return self._pixels(images, _core.round(y), _core.round(x))
        top, left = _core.floor(y), _core.floor(x)
        down, right = y - top, x - left
        above = (self._pixels(images, top, left) * (1.0 - right)
                 + self._pixels(images, top, left + 1.0) * right)
        below = (self._pixels(images, top + 1.0, left) * (1.0 - right)
                 + self._pixels(images, top + 1.0, left + 1.0) * right)
        return above * (1.0 - down) + below * down

    def _pixels(self, images, y, x):
        """images[i, y, x] at whole numbers, those outside by fill_mode."""
        count, height, width, channels = images.shape
        mode = self._config["fill_mode"]
        row, column = _inside(y, height, mode), _inside(x, width, mode)
        image = _core.reshape(_core.range(count, dtype="int32"), [count, 1, 1, 1])
        place = (image * height + _core.cast(row, "int32")) * width + _core.cast(column, "int32")
        flat = _core.reshape(images, [count * height * width, channels])
        found = _core.gather(flat, _core.reshape(place, [count, y.shape[1], y.shape[2]]))
        if mode != "constant":
            return found
        outside = _core.logical_or(row != y, column != x)
        return _core.where(outside, _core.cast(self._config["fill_value"], images.dtype), found)


def _inside(place, extent, mode):
    """Whole numbers moved to 0 .. extent - 1."""
    last = float(extent - 1)
    if mode == "wrap":
        return _core.mod(place, float(extent))
    if mode == "reflect":  # d c b a | a b c d | d c b a
        period = 2.0 * extent
        folded = _core.mod(place, period)
        return _core.minimum(folded, period - 1.0 - folded)
    return _core.clip_by_value(place, 0.0, last)


class RandomTranslation(_Affine):
    """Moves each image down and to the right by parts of its height and width."""

    def __init__(self, height_factor, width_factor, fill_mode="reflect", interpolation="bilinear",
                 seed=None, fill_value=0.0, data_format=None, **kwargs):
        heights = _range(height_factor, "RandomTranslation", -1.0)
        widths = _range(width_factor, "RandomTranslation", -1.0)
        super().__init__({"height_factor": height_factor, "width_factor": width_factor,
                          "seed": seed, "data_format": data_format}, fill_mode, interpolation,
                         fill_value, **kwargs)
        self._heights, self._widths = heights, widths

    def _places(self, images, y, x):
        return (y - self._uniform(images, *self._heights) * float(images.shape[1]),
                x - self._uniform(images, *self._widths) * float(images.shape[2]))


class RandomRotation(_Affine):
    """Turns each image by a part of a full turn, counterclockwise if it is positive."""

    def __init__(self, factor, fill_mode="reflect", interpolation="bilinear", seed=None,
                 fill_value=0.0, data_format=None, **kwargs):
        turns = _range(factor, "RandomRotation")
        super().__init__({"factor": factor, "seed": seed, "data_format": data_format}, fill_mode,
                         interpolation, fill_value, **kwargs)
        self._turns = turns

    def _places(self, images, y, x):
        angle = self._uniform(images, *self._turns) * _TAU
        cosine, sine = _core.cos(angle), _core.sin(angle)
        return x * sine + y * cosine, x * cosine - y * sine


class RandomZoom(_Affine):
    """Shrinks (positive factors) or enlarges (negative ones) each image; without width_factor its
    proportions stay."""

    def __init__(self, height_factor, width_factor=None, fill_mode="reflect",
                 interpolation="bilinear", seed=None, fill_value=0.0, data_format=None, **kwargs):
        heights = _range(height_factor, "RandomZoom", -1.0)
        widths = None if width_factor is None else _range(width_factor, "RandomZoom", -1.0)
        super().__init__({"height_factor": height_factor, "width_factor": width_factor,
                          "seed": seed, "data_format": data_format}, fill_mode, interpolation,
                         fill_value, **kwargs)
        self._heights, self._widths = heights, widths

    def _places(self, images, y, x):
        rows = self._uniform(images, *self._heights) + 1.0
        columns = rows if self._widths is None else self._uniform(images, *self._widths) + 1.0
        return y * rows, x * columns
