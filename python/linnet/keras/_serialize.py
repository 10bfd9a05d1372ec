"""Objects as plain data and back: by class, module and configuration. Modules are asked for by name, so that
each of them may use this one."""

import importlib
import json

from .. import _core
from ..errors import IOError, NotSupportedError
from ..errors import ValueError as LinnetValueError

CUSTOM = {}  # what register_keras_serializable() was given, by name
_MAX_JSON = 64 << 20


def register_keras_serializable(package="Custom", name=None):
    """Makes a class known to load_model()."""

    def register(cls):
        CUSTOM[f"{package}>{name or cls.__name__}"] = cls
        CUSTOM.setdefault(name or cls.__name__, cls)
        return cls

    return register


def modules():
    """Keras's modules that have classes of objects, by name."""
    names = ("layers", "models", "initializers", "regularizers", "optimizers", "optimizers.schedules",
             "losses", "metrics", "constraints")
    return {name.rpartition(".")[2]: importlib.import_module(f"{__package__}.{name}") for name in names}


def function_modules():
    """Keras's modules that have functions by name."""
    return [importlib.import_module(f"{__package__}.{name}") for name in ("activations", "losses")]


def serialize_value(value):
    """Plain data for JSON."""
    if value is None or isinstance(value, (bool, int, float, str)):
        return value
    if isinstance(value, (list, tuple)):
        return [serialize_value(v) for v in value]
    if isinstance(value, dict):
        return {str(k): serialize_value(v) for k, v in value.items()}
    if isinstance(value, _core.DType):
        return value.name
    if isinstance(value, type):
        return {"class_name": value.__name__, "config": {}, "module": _module_of(value)}
    if hasattr(value, "get_config"):
        return {"class_name": type(value).__name__, "config": serialize_value(value.get_config()),
                "module": _module_of(type(value))}
    if callable(value) and getattr(value, "__name__", "<lambda>") != "<lambda>":
        return {"function": value.__name__}
    if hasattr(value, "tolist"):
        return value.tolist()
    raise NotSupportedError(f"[save] a value of type {type(value).__name__} cannot be saved: "
                            "give it a name or a get_config()")


def _module_of(cls):
    for name, module in modules().items():
        if vars(module).get(cls.__name__) is cls:
            return name
    return "custom"


def _find_class(data, custom_objects):
    name, module = data.get("class_name"), data.get("module")
    custom = dict(CUSTOM, **(custom_objects or {}))
    if module == "custom" or name in custom:
        if name in custom:
            return custom[name]
        raise LinnetValueError(f"[load_model] unknown class '{name}': pass it in custom_objects or "
                               "register it with register_keras_serializable()")
    found = vars(modules()[module]).get(name) if module in modules() else None
    if not isinstance(found, type):
        raise LinnetValueError(f"[load_model] unknown class '{name}'")
    return found


def deserialize_value(value, custom_objects=None):
    """The object of plain data."""
    if isinstance(value, list):
        return [deserialize_value(v, custom_objects) for v in value]
    if not isinstance(value, dict):
        return value
    if "class_name" in value and "config" in value:
        cls = _find_class(value, custom_objects)
        config = value["config"]
        if not isinstance(config, dict):
            raise LinnetValueError(f"[load_model] the config of '{value['class_name']}' is no object")
        if issubclass(cls, _core.Model) and ("input_layers" in config or issubclass(
                cls, _core.Sequential)):
            return cls.from_config(config, custom_objects)
        return cls.from_config({k: deserialize_value(v, custom_objects)
                                for k, v in config.items()})
    if set(value) == {"function"}:
        for module in function_modules():
            if value["function"] in vars(module):
                return vars(module)[value["function"]]
        if value["function"] in (custom_objects or {}):
            return custom_objects[value["function"]]
        raise LinnetValueError(f"[load_model] unknown function '{value['function']}'")
    return {k: deserialize_value(v, custom_objects) for k, v in value.items()}


def read_json(archive, name, path):
    info = archive.getinfo(name)
    if info.file_size > _MAX_JSON:
        raise IOError(f"[load_model] '{path}': {name} is larger than {_MAX_JSON} bytes")
    return json.loads(archive.read(name).decode("utf-8"))
