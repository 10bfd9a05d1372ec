"""Whole models that Keras wrote: .keras files, and HDF5 files with a model's configuration.

A configuration nests {"module", "class_name", "config"}; the same class here gets those of its
arguments that it knows. Keras names the groups of weights by the layers' classes, counted within
their model in the order of the configuration, so that order is kept beside each model made.
"""

import functools
import inspect
import io
import json
import operator
import warnings

from .. import _core, _nest
from ..errors import IOError, NotSupportedError
from ..errors import ValueError as LinnetValueError
from . import _hdf5, _symbolic
from ._functional import OPERATORS

# Arguments of Keras's that change nothing here, or whose other values no file has by itself.
_IGNORED = {"zero_output_for_mask", "renorm_momentum", "quantization_config", "backward_layer",
            "build_input_shape", "shared_object_id", "input_axes", "output_axes", "time_major"}
_OPERATORS = dict(OPERATORS, Divide=operator.truediv)


class Reader:
    """Makes objects of a configuration."""

    def __init__(self, path, custom_objects):
        from ._serialize import CUSTOM, modules

        self.path = path
        self.custom = dict(CUSTOM, **(custom_objects or {}))
        self.modules = modules()
        self.members = {}  # of models, by id: their layers in the configuration's order

    def value(self, data):
        """Plain data, an object, or a nest of them."""
        if isinstance(data, list):
            return [self.value(item) for item in data]
        if not isinstance(data, dict):
            return data
        if "class_name" not in data or "config" not in data:
            return {key: self.value(item) for key, item in data.items()}
        kind, config = data["class_name"], data["config"]
        if kind in ("DTypePolicy", "Policy"):
            return config["name"]
        if kind == "__tuple__":
            return tuple(self.value(item) for item in data.get("items") or config["items"])
        if kind == "__slice__":
            return slice(*(config if isinstance(config, list) else
                           (config["start"], config["stop"], config["step"])))
        if kind == "__ellipsis__":
            return Ellipsis
        if kind == "function":
            return self._function(data)
        return self.object(data)

    def _function(self, data):
        from . import activations, losses

        name = data["config"]
        if name in self.custom:
            return self.custom[name]
        for module in (activations, losses):
            if callable(vars(module).get(name)):
                return vars(module)[name]
        raise LinnetValueError(f"[load_model] '{self.path}' uses the function '{name}': pass it in "
                               "custom_objects")

    def object(self, data):
        kind, config = data["class_name"], data["config"]
        if kind in ("Functional", "Model") and "input_layers" in config:
            return self.functional(config)
        if kind == "Sequential":
            return self.sequential(config)
        registered = data.get("registered_name")
        own = self.custom.get(registered) or self.custom.get(kind)
        if own is not None:
            return own.from_config({key: self.value(item) for key, item in config.items()})
        cls = self._class(kind, data.get("module") or "")
        if cls is None:
            raise NotSupportedError(
                f"[load_model] '{self.path}' has {config.get('name', 'an object')!r} of class "
                f"'{kind}', which Linnet does not have; classes of yours go into custom_objects")
        return cls(**self._arguments(cls, kind, config))

    def _class(self, kind, module):
        last = module.rpartition(".")[2]
        for name in [last] if last in self.modules else self.modules:
            found = vars(self.modules[name]).get(kind)
            if isinstance(found, type):
                return found
        return None

    def _arguments(self, cls, kind, config):
        """Those that the class knows; others must be what they would be without a word."""
        parameters = inspect.signature(cls).parameters
        anything = any(p.kind is p.VAR_KEYWORD for p in parameters.values())
        common = {"name", "trainable", "dtype"} if anything else set()
        out = {}
        for key, item in config.items():
            if key == "batch_shape" or key == "batch_input_shape":
                continue  # the whole model is built anyway
            if key in parameters or key in common:
                out[key] = self.value(item)
            elif item not in (None, False) and key not in _IGNORED:
                raise NotSupportedError(f"[load_model] '{self.path}': '{config.get('name', kind)}' "
                                        f"of class '{kind}' has {key}={item!r}, which Linnet does "
                                        "not have")
        return out

    # Models.

    def sequential(self, config):
        from .models import Sequential

        model, members = Sequential(name=config.get("name")), []
        for entry in config["layers"]:
            if entry["class_name"] == "InputLayer":
                model.add(self._input(entry["config"]))
                continue
            shape = entry["config"].get("batch_input_shape")
            if shape and not members and model._input is None:  # Keras 2
                model.add(_symbolic.Input(batch_shape=shape))
            members.append(self.object(entry))
            model.add(members[-1])
        if not model.built and config.get("build_input_shape"):
            model.build(config["build_input_shape"])
        self.members[id(model)] = members
        return model

    @staticmethod
    def _input(config):
        shape = config.get("batch_shape") or config.get("batch_input_shape")
        return _symbolic.Input(batch_shape=shape, dtype=config.get("dtype"),
                               name=config.get("name"))

    def functional(self, config, cls=None):
        from .models import Functional

        made, tensors, members = {}, {}, []
        waiting = []
        for entry in config["layers"]:
            name = entry.get("name") or entry["config"]["name"]
            if entry["class_name"] == "InputLayer":
                tensors[name, 0] = self._input(entry["config"])
                continue
            made[name] = self._operation(entry) or self.object(entry)
            if isinstance(made[name], _core.Layer):
                members.append(made[name])
            waiting += [(name, i, node) for i, node in enumerate(entry["inbound_nodes"])]
        while waiting:
            left = [call for call in waiting if not self._call(made, tensors, *call)]
            if len(left) == len(waiting):
                raise IOError(f"[load_model] '{self.path}': the layers' calls make no graph")
            waiting = left
        inputs, outputs = (self._ends(config[key], tensors)
                           for key in ("input_layers", "output_layers"))
        model = (cls or Functional)(inputs, outputs, name=config.get("name"))
        self.members[id(model)] = members
        return model

    @staticmethod
    def _operation(entry):
        if "ops" not in (entry.get("module") or "").split("."):
            return None
        from . import ops
        from ._declare import snake_case

        kind = entry["class_name"]
        function = _OPERATORS.get(kind) or vars(ops).get(snake_case(kind))
        given = {key: item for key, item in entry["config"].items()
                 if key not in ("name", "dtype", "trainable")}
        return functools.partial(function, **given) if function and given else function

    def _call(self, made, tensors, name, index, node):
        """Runs one call if its inputs are there."""
        missing = []

        def argument(data):
            if isinstance(data, dict) and data.get("class_name") == "__keras_tensor__":
                source, at, output = data["config"]["keras_history"]
                if (source, at) not in tensors:
                    missing.append(source)
                    return None
                return _nest.flatten(tensors[source, at])[output]
            if isinstance(data, (list, tuple)):
                return [argument(item) for item in data]
            return self.value(data)

        if not isinstance(node, dict):
            raise NotSupportedError(f"[load_model] '{self.path}': functional models of Keras 2 are "
                                    "not read")
        args = [argument(item) for item in node["args"]]
        kwargs = {key: argument(item) for key, item in node["kwargs"].items() if item is not None}
        if missing:
            return False
        layer = made[name]
        if isinstance(layer, _core.Layer):
            tensors[name, index] = layer(*args, **kwargs)
        else:
            tensors[name, index] = _symbolic.apply(layer, args, kwargs)
        return True

    def _ends(self, data, tensors):
        def tensor(part):
            if isinstance(part, list) and len(part) == 3 and isinstance(part[0], str):
                return _nest.flatten(tensors[part[0], part[1]])[part[2]]
            if isinstance(part, dict):
                return {key: tensor(item) for key, item in part.items()}
            return [tensor(item) for item in part]

        ends = tensor(data)
        return ends[0] if isinstance(ends, list) and len(ends) == 1 else ends

    # Weights.

    def weights(self, layer, group):
        """(variable, name, array) of a layer and those in it."""
        members = self.members.get(id(layer))
        if members is None:
            yield from _hdf5._of_layer(layer, group)
            return
        for name, member in _hdf5.counted(members):
            if name in group:
                yield from self.weights(member, group[name])
            elif member.variables:
                raise IOError(f"[load_model] '{self.path}' has no weights '{name}' for layer "
                              f"'{member.name}'")


def load_model(path, archive, custom_objects, compile):
    """The model of a .keras file that Keras wrote."""
    from ._serialize import read_json

    config = read_json(archive, "config.json", path)
    reader = Reader(path, custom_objects)
    with _hdf5.reading(path, io.BytesIO(archive.read("model.weights.h5"))) as file:
        model = _model(reader, config)
        _hdf5.assign(list(reader.weights(model, file)), model)
        if compile and config.get("compile_config"):
            _compile(reader, model, config["compile_config"], file.get("optimizer"))
    return model


def load_hdf5(path, custom_objects, compile):
    """The model of an .h5 file with a configuration."""
    with _hdf5.reading(path) as file:
        text = file.attrs.get("model_config")
        if text is None:
            raise NotSupportedError(f"[load_model] '{path}' has weights without a model: "
                                    "load_weights() reads them into a model made by code")
        reader = Reader(path, custom_objects)
        model = _model(reader, json.loads(text))
        _hdf5.assign(list(_hdf5.of_legacy(model, file["model_weights"])), model)
        training = file.attrs.get("training_config")
        if compile and training is not None:
            _compile(reader, model, _modern(json.loads(training)), None)
    return model


def _modern(training):
    keys = ("loss", "loss_weights", "metrics", "weighted_metrics")
    return {"optimizer": training["optimizer_config"], **{key: training.get(key) for key in keys}}


def _model(reader, config):
    try:
        model = reader.value(config)
    except (KeyError, TypeError, IndexError) as problem:
        if isinstance(problem, (NotSupportedError, LinnetValueError)):
            raise
        raise IOError(f"[load_model] '{reader.path}': {type(problem).__name__}: {problem}") from None
    if not isinstance(model, _core.Model):
        raise IOError(f"[load_model] '{reader.path}' does not describe a model")
    shape = (config.get("build_config") or {}).get("input_shape")
    if not model.built and shape:
        model.build(shape)
    return model


def _compile(reader, model, config, state):
    keys = ("optimizer", "loss", "loss_weights", "metrics", "weighted_metrics")
    try:
        arguments = {key: reader.value(config[key]) for key in keys
                     if config.get(key) is not None}
        model.compile(**arguments)
    except (LinnetValueError, NotSupportedError, TypeError) as problem:
        warnings.warn(f"the model is not compiled: {problem}", UserWarning, stacklevel=5)
        return
    if state is None or "vars" not in state:
        return
    arrays = [state["vars"][key][()] for key in sorted(state["vars"], key=int)]
    members = reader.members.get(id(model), [model])
    seen, weights = set(), []
    for variable in (v for layer in members for v in layer.trainable_variables):
        if id(variable) not in seen:
            seen.add(id(variable))
            weights.append(variable)
    model.optimizer.build(weights)
    variables = model.optimizer.variables
    if [tuple(v.shape) for v in variables] != [a.shape for a in arrays]:
        warnings.warn("the optimizer begins anew: its state in the file has another form",
                      UserWarning, stacklevel=5)
        return
    for variable, array in zip(variables, arrays):
        variable.assign(_core.cast(_core.constant(array), variable.dtype))
