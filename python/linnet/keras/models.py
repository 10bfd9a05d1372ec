"""keras.models."""

import types
import weakref

from .. import _core, _nest
from .._missing import missing
from . import _functional, _layer, _symbolic
from ._declare import snake_case
from ._description import Description
from ._input_layer import InputLayer
from ._serialize import deserialize_value as _deserialize_value
from ._steps import Steps
from ._training import Training

_core_model_init = _core.Model.__init__
_core_sequential_init = _core.Sequential.__init__


# Sequential must be a Model and both are the core's classes: methods are put onto Model.
Model = _core.Model
for _part in (Steps, Description, Training):
    for _name, _value in list(vars(_part).items()):
        if not _name.startswith("__"):
            setattr(Model, _name, _value)


def _model_init(self, *args, name=None, trainable=True, dtype=None, inputs=None, outputs=None,
                **kwargs):
    if args or inputs is not None:
        given = (args + (inputs, outputs))[:2] if args else (inputs, outputs)
        if len(args) > 2 or not all(_symbolic.is_symbolic(part) for part in given):
            raise TypeError("Model: inputs and outputs must be symbolic: start from keras.Input")
        return _functional.adopt(self, *(args or (inputs,)), **(
            {} if len(args) == 2 else {"outputs": outputs}), name=name, trainable=trainable)
    if kwargs:
        raise ValueError(
            f"Unrecognized keyword arguments passed to {type(self).__name__}: {kwargs}")
    _core_model_init(self, snake_case(type(self).__name__), name or "", type(self).__name__)
    if not trainable:
        self.trainable = False


_plain_new = Model.__new__


def _model_new(cls, *args, **kwargs):
    if cls is Model and (args or "inputs" in kwargs):
        return _plain_new(Functional)
    return _plain_new(cls)


class Functional(Model):
    """A model made of the calls that lead from inputs to outputs."""

    def __init__(self, inputs, outputs, name=None, trainable=True):
        for leaf in _nest.flatten(inputs):
            if not _symbolic.is_one(leaf) or leaf._call is not None:
                raise ValueError("Model: inputs must be made by keras.Input")
        for leaf in _nest.flatten(outputs):
            if not _symbolic.is_one(leaf):
                raise ValueError("Model: outputs must come from calls on the inputs")
        _core_model_init(self, "functional", name or "", "Functional")
        self._calls = _symbolic.calls_between(inputs, outputs)
        self._inputs, self._outputs = types.SimpleNamespace(nest=inputs), types.SimpleNamespace(
            nest=outputs)
        self._order = _symbolic.in_order(_nest.flatten(inputs), _nest.flatten(outputs), self._calls)
        for item in self._order:
            if isinstance(item, _core.Layer):
                self._track_layer(item)
        self._kept_layers = types.SimpleNamespace(list=[
            InputLayer.of(item) if _symbolic.is_one(item) else item for item in self._order
            if not isinstance(item, _symbolic.Call)])
        if not trainable:
            self.trainable = False
        self(_nest.map_structure(_symbolic._sample, inputs))
        self._mark_built()

    @property
    def inputs(self):
        return _nest.flatten(self._inputs.nest)

    @property
    def outputs(self):
        return _nest.flatten(self._outputs.nest)

    input = property(lambda self: self._inputs.nest)
    output = property(lambda self: self._outputs.nest)

    def call(self, inputs, training=None):
        nest = self._inputs.nest
        if isinstance(nest, dict) and isinstance(inputs, dict):
            given = [inputs[key] for key in nest]
        elif isinstance(inputs, dict):
            given = [inputs[leaf.name] for leaf in _nest.flatten(nest)]
        else:
            given = _nest.flatten(inputs)
        symbols = _nest.flatten(nest)
        if len(given) != len(symbols):
            raise ValueError(f"{self.name}: expected {len(symbols)} inputs, got {len(given)}")
        values = {id(symbol): value for symbol, value in zip(symbols, given)}
        for call in self._calls:
            call.run(values, training)
        return _nest.map_structure(lambda symbol: values[id(symbol)], self._outputs.nest)

    def get_config(self):
        return _functional.config_of(self)

    def _takes_several(self):
        return not _symbolic.is_one(self._inputs.nest)

    def _returns_nest(self):
        return not _symbolic.is_one(self._outputs.nest)


class Sequential(_core.Sequential):
    """Layers one after the other."""

    def __init__(self, layers=None, trainable=True, name=None):
        _core_sequential_init(self, type(self).__name__)
        if name:
            self._rename(name)
        self.__dict__["_kept"] = []
        self.__dict__["_input"] = None
        if layers is not None and not isinstance(layers, (list, tuple)):
            raise TypeError("Sequential: expected a list of layers")
        for layer in layers or []:
            self.add(layer)
        if not trainable:
            self.trainable = False

    def add(self, layer):
        """Appends a layer; a model whose input shape is known builds it at once."""
        if isinstance(layer, InputLayer):
            layer = layer.output
        if _symbolic.is_one(layer):
            if self._kept or self._input is not None:
                raise ValueError("Sequential: an Input must come first")
            self.__dict__["_input"] = layer
            return
        if not isinstance(layer, _core.Layer):
            raise TypeError(f"Only instances of Layer can be added to a Sequential, got {layer!r}")
        self._add(layer)
        self._kept.append(layer)
        layer.__dict__["_in_sequential"] = weakref.ref(self)
        self.__dict__["_chain"] = None
        if len(self._kept) == 1 and self._input is None:
            given = getattr(layer, "_config", {}).get("input_shape")
            if isinstance(given, (list, tuple)) and None in given:
                self.__dict__["_input"] = _symbolic.Input(given)
        if len(self._kept) == 1 and self._input is not None and not self.built:
            try:
                self.build(_symbolic.filled(self._input.shape))
            except Exception:
                self.pop()
                raise

    def pop(self):
        """Removes the last layer."""
        self._pop()
        self.__dict__["_chain"] = None
        return self._kept.pop()

    @property
    def layers(self):
        return list(self._kept)

    def _symbols(self):
        """Symbolic input and output: the layers called one after the other on an Input."""
        chain = self.__dict__.get("_chain")
        if chain is None:
            first = self._input
            if first is None and self._kept:
                shape = getattr(self._kept[0], "_config", {}).get("input_shape")
                first = None if shape is None else _symbolic.Input(shape)
            if first is None:
                raise AttributeError("input")  # __getattr__ says why
            last = first
            for layer in self._kept:
                last = _symbolic.apply(layer, (last,), {})
            chain = self.__dict__["_chain"] = (first, last)
        return chain

    inputs = property(lambda self: [self._symbols()[0]])
    outputs = property(lambda self: [self._symbols()[1]])
    input = property(lambda self: self._symbols()[0])
    output = property(lambda self: self._symbols()[1])

    def call(self, inputs, training=None, mask=None):
        return self._apply(inputs, bool(training))

    def get_config(self):
        shape = None
        if self._input is not None:
            shape = list(self._input.shape)
        return {"name": self.name, "input_shape": shape,
                "layers": [_layer.serialize(layer) for layer in self._kept]}

    @classmethod
    def from_config(cls, config, custom_objects=None):

        model = cls(name=config.get("name"))
        if config.get("input_shape"):
            model.add(_symbolic.Input(batch_shape=config["input_shape"]))
        for layer in config.get("layers", []):
            model.add(_deserialize_value(layer, custom_objects))
        return model


Sequential.__call__ = _layer._call
Sequential.__setattr__ = _layer._plain_setattr
del Sequential.call
def _model_from_config(cls, config, custom_objects=None):
    if "input_layers" in config:
        return _functional.from_config(Functional if cls is Model else cls, config, custom_objects)
    return _layer._from_config(cls, config)


Model.__init__ = _model_init
Model.from_config = classmethod(_model_from_config)
Model.__reduce__ = Description.__reduce__
Model.__copy__ = lambda self: self
Model.__deepcopy__ = lambda self, memo: _copied(self)
Model.__new__ = staticmethod(_model_new)
Model.__call__ = _layer._call
Model.__module__ = __name__


def _copied(model):
    from .saving import pickle_model

    rebuild, arguments = pickle_model(model)
    return rebuild(*arguments)


def load_model(filepath, custom_objects=None, compile=True, safe_mode=True):
    """The model that model.save(filepath) wrote."""
    from .saving import load_model as load

    return load(filepath, custom_objects, compile)


def clone_model(model, **_):
    """A model of the same architecture with new weights."""
    config = model.get_config()
    return type(model).from_config(config)


def model_from_json(text, custom_objects=None):
    """The model of model.to_json()."""
    from .saving import model_from_json as read

    return read(text, custom_objects)


def __getattr__(name):
    raise missing(__name__, name)
