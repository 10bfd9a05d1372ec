"""Functional models as configurations, in Keras's form: layers with the calls that were made of them."""

import operator

from .. import _core, _nest
from ..errors import Error, NotSupportedError
from ..errors import ValueError as LinnetValueError
from . import _symbolic
from ._serialize import deserialize_value

# Keras's names of operations between symbolic tensors.
OPERATORS = {"Add": operator.add, "Subtract": operator.sub, "Multiply": operator.mul,
             "TrueDivide": operator.truediv, "Power": operator.pow, "Matmul": operator.matmul,
             "Negative": operator.neg, "Absolute": operator.abs, "GetItem": operator.getitem,
             "FloorDivide": operator.floordiv, "Mod": operator.mod, "Greater": operator.gt,
             "GreaterEqual": operator.ge, "Less": operator.lt, "LessEqual": operator.le}


def config_of(model):
    """{"name", "layers", "input_layers", "output_layers"}."""
    nodes, entries, operations = {}, [], 0
    for i, leaf in enumerate(model.inputs):
        nodes[id(leaf)] = [leaf.name, 0, 0]
        entries.append({"class_name": "InputLayer", "name": leaf.name, "inbound_nodes": [],
                        "config": {"batch_shape": list(leaf.shape), "dtype": leaf.dtype.name,
                                   "name": leaf.name}})
    by_layer = {}
    for call in model._calls:
        layer, entry = call.layer, by_layer.get(id(call.layer))
        if not isinstance(layer, _core.Layer):
            entry = _operation(layer, f"operation_{operations}")
            operations += 1
            entries.append(entry)
        elif entry is None:
            from ._layer import serialize

            entry = by_layer[id(layer)] = {**serialize(layer), "name": layer.name,
                                           "inbound_nodes": []}
            entries.append(entry)
        at = len(entry["inbound_nodes"])
        entry["inbound_nodes"].append({
            "args": [_argument(a, nodes) for a in call.args],
            "kwargs": {key: _argument(a, nodes) for key, a in call.kwargs.items()}})
        for output, leaf in enumerate(_nest.flatten(call.outputs)):
            nodes[id(leaf)] = [entry["name"], at, output]
    return {"name": model.name, "layers": entries,
            "input_layers": _nest.map_structure(lambda x: _Leaf(nodes[id(x)]), model.input),
            "output_layers": _nest.map_structure(lambda x: _Leaf(nodes[id(x)]), model.output)}


class _Leaf(list):
    """[layer, call, output], which is no nest."""

    _is_leaf = True


def _operation(function, name):
    for kind, known in OPERATORS.items():
        if function is known:
            return {"class_name": kind, "module": "ops", "config": {"name": name}, "name": name,
                    "inbound_nodes": []}
    from . import ops

    if getattr(ops, getattr(function, "__name__", ""), None) is function:
        kind = "".join(word.capitalize() for word in function.__name__.split("_"))
        return {"class_name": kind, "module": "ops", "config": {"name": name}, "name": name,
                "inbound_nodes": []}
    raise NotSupportedError("[save] a functional model with an operation of yours cannot be saved: "
                            "make it a layer")


def _argument(value, nodes):
    if _symbolic.is_one(value):
        return {"class_name": "__keras_tensor__", "config": {
            "shape": list(value.shape), "dtype": value.dtype.name,
            "keras_history": nodes[id(value)]}}
    if isinstance(value, slice):
        return {"class_name": "__slice__", "config": [value.start, value.stop, value.step]}
    if value is Ellipsis:
        return {"class_name": "__ellipsis__", "config": {}}
    if isinstance(value, tuple):
        return {"class_name": "__tuple__", "config": {},
                "items": [_argument(v, nodes) for v in value]}
    if isinstance(value, list):
        return [_argument(v, nodes) for v in value]
    return value


def from_config(cls, config, custom_objects=None):
    """The model of config_of(); ValueError if that is no whole description."""
    from ._keras_files import Reader

    class OwnReader(Reader):
        def object(self, data):
            return deserialize_value(data, custom_objects)

    try:
        return OwnReader("the configuration", custom_objects).functional(config, cls)
    except Error:
        raise
    except (KeyError, IndexError) as problem:
        raise LinnetValueError(f"[from_config] '{config.get('name')}': the description lacks "
                               f"{problem}") from None


_adopted = {}


def adopt(model, *args, **kwargs):
    """Makes the object of a class derived from Model, given symbolic inputs and outputs, a
    functional model: Model.__init__ of such a class."""
    from .models import Functional

    kind = type(model)
    if not issubclass(kind, Functional):
        if kind not in _adopted:
            _adopted[kind] = type(kind.__name__, (kind, Functional),
                                  {"__module__": kind.__module__, "__qualname__": kind.__qualname__})
        model.__class__ = _adopted[kind]
    Functional.__init__(model, *args, **kwargs)
