"""Layers without weights that prepare data, and one that only adds to the loss."""

from .. import _core, image
from ..errors import ValueError as LinnetValueError
from ._layer import Layer


class ActivityRegularization(Layer):
    """The input itself; l1 sum |x| + l2 sum x^2, divided by the batch, adds to the loss."""

    def __init__(self, l1=0.0, l2=0.0, **kwargs):
        from .regularizers import L1L2

        super().__init__(activity_regularizer=L1L2(l1, l2), **kwargs)
        self._config = {"l1": l1, "l2": l2}

    def call(self, x):
        return x * 1


class Resizing(Layer):
    """Images [h, w, c] or [n, h, w, c] of another height and width."""

    def __init__(self, height, width, interpolation="bilinear", **kwargs):
        super().__init__(**kwargs)
        self._config = {"height": height, "width": width, "interpolation": interpolation}

    def call(self, x):
        c = self._config
        return _core.cast(image.resize(x, [c["height"], c["width"]], c["interpolation"]), "float32")


class CenterCrop(Layer):
    """The middle of images, of this height and width."""

    def __init__(self, height, width, **kwargs):
        super().__init__(**kwargs)
        self._config = {"height": height, "width": width}

    def call(self, x):
        sizes = (self._config["height"], self._config["width"])
        if x.ndim not in (3, 4) or any(n > extent for n, extent in zip(sizes, x.shape[-3:-1])):
            raise LinnetValueError(f"{self.name}: cannot cut {sizes} out of shape {x.shape}")
        top, left = ((extent - n) // 2 for n, extent in zip(sizes, x.shape[-3:-1]))
        return x[..., top:top + sizes[0], left:left + sizes[1], :]


class CategoryEncoding(Layer):
    """Indices below num_tokens as rows of 0 and 1: "one_hot" of each index, "multi_hot" of a row's
    indices together, or how often each one occurs ("count")."""

    def __init__(self, num_tokens=None, output_mode="multi_hot", **kwargs):
        super().__init__(**kwargs)
        if output_mode not in ("one_hot", "multi_hot", "count"):
            raise LinnetValueError(f"CategoryEncoding: unknown output_mode {output_mode!r}")
        if num_tokens is None or num_tokens < 1:
            raise LinnetValueError(f"CategoryEncoding: num_tokens is {num_tokens}")
        self._config = {"num_tokens": num_tokens, "output_mode": output_mode}

    def call(self, x):
        mode = self._config["output_mode"]
        x = _core.cast(x, "int64")
        if mode == "one_hot" and x.ndim and x.shape[-1] == 1:
            x = _core.squeeze(x, [-1])
        rows = _core.one_hot(x, self._config["num_tokens"])
        if mode == "one_hot":
            return rows
        over = -2 if x.ndim else None
        if over is None:
            return rows
        return _core.reduce_sum(rows, over) if mode == "count" else _core.reduce_max(rows, over)
