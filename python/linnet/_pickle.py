"""Pickling of what the extension module makes: by config, and a layer's weights."""

from . import _core


def _rebuild(cls, config):
    return cls.from_config(config)


def _rebuild_layer(cls, config, shape, weights):
    layer = cls.from_config(config)
    if shape is not None and weights:
        layer.build(shape)
        layer.set_weights(weights)
    return layer


def _reduce(self):
    config = getattr(self, "get_config", None)
    if config is None or getattr(type(self), "from_config", None) is None:
        raise TypeError(f"cannot pickle '{type(self).__name__}' object")
    return _rebuild, (type(self), config())


def _reduce_layer(self):
    shape = self._built_shape
    return _rebuild_layer, (type(self), self.get_config(),
                            None if shape is None else tuple(shape), self.get_weights())


def _reduce_ex(self, protocol):
    return self.__reduce__()


def install():
    """Python's default would make a bare instance of the extension's base class and abort."""
    for cls in vars(_core).values():
        if isinstance(cls, type) and "__reduce__" not in vars(cls) and cls is not _core.Tensor:
            if issubclass(cls, _core.Model):
                continue  # keras.models pickles whole models
            cls.__reduce__ = _reduce_layer if issubclass(cls, _core.Layer) else _reduce
    for cls in vars(_core).values():
        if isinstance(cls, type) and cls is not _core.Tensor:
            cls.__reduce_ex__ = _reduce_ex
