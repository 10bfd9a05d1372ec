"""InputLayer: a model's input among its layers."""

from .. import _core
from . import _symbolic
from ._layer import Layer


class InputLayer(Layer):
    """A model's input: the first item of a Sequential, or what a functional model's `layers` have for
    each keras.Input."""

    def __init__(self, shape=None, batch_size=None, dtype=None, name=None, input_shape=None,
                 batch_shape=None, input_tensor=None, **_):
        if input_tensor is None:
            shape = shape if shape is not None else input_shape
            input_tensor = _symbolic.Input(shape, batch_size, dtype, name, batch_shape)
        super().__init__(name=input_tensor.name)
        self.__dict__["_tensor"] = input_tensor
        self.__dict__["_config"] = {"batch_shape": list(input_tensor.shape),
                                    "dtype": input_tensor.dtype.name}
        self._mark_built()

    @classmethod
    def of(cls, tensor):
        """The layer of a keras.Input."""
        known = getattr(tensor, "_layer", None)
        if known is None:
            known = tensor._layer = cls(input_tensor=tensor)
        return known

    input = output = property(lambda self: self._tensor)
    batch_shape = property(lambda self: tuple(self._tensor.shape))

    def call(self, x):
        return _core.convert_to_tensor(x)
