"""Files: whole models as zip (architecture, weights, compile arguments), weights as safetensors."""

import io
import json
import os
import tempfile
import warnings
import zipfile
import zlib

from .. import _core
from ..errors import IOError, NotSupportedError
from ..errors import ValueError as LinnetValueError

_CUSTOM = {}
_MAX_JSON = 64 << 20


def register_keras_serializable(package="Custom", name=None):
    """Makes a class known to load_model()."""

    def register(cls):
        _CUSTOM[f"{package}>{name or cls.__name__}"] = cls
        _CUSTOM.setdefault(name or cls.__name__, cls)
        return cls

    return register


def _modules():
    from . import (constraints, initializers, layers, losses, metrics, models, optimizers,
                   regularizers)
    from .optimizers import schedules

    return {"layers": layers, "models": models, "initializers": initializers,
            "regularizers": regularizers, "optimizers": optimizers, "schedules": schedules,
            "losses": losses, "metrics": metrics, "constraints": constraints}


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
    for name, module in _modules().items():
        if vars(module).get(cls.__name__) is cls:
            return name
    return "custom"


def _find_class(data, custom_objects):
    name, module = data.get("class_name"), data.get("module")
    custom = dict(_CUSTOM, **(custom_objects or {}))
    if module == "custom" or name in custom:
        if name in custom:
            return custom[name]
        raise LinnetValueError(f"[load_model] unknown class '{name}': pass it in custom_objects or "
                               "register it with register_keras_serializable()")
    found = vars(_modules()[module]).get(name) if module in _modules() else None
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
        if issubclass(cls, _core.Sequential):
            return _sequential(cls, config, custom_objects)
        if "input_layers" in config and issubclass(cls, _core.Model):
            from ._functional import from_config

            return from_config(cls, config, custom_objects)
        return cls.from_config({k: deserialize_value(v, custom_objects)
                                for k, v in config.items()})
    if set(value) == {"function"}:
        from . import activations, losses

        for module in (activations, losses):
            if value["function"] in vars(module):
                return vars(module)[value["function"]]
        if value["function"] in (custom_objects or {}):
            return custom_objects[value["function"]]
        raise LinnetValueError(f"[load_model] unknown function '{value['function']}'")
    return {k: deserialize_value(v, custom_objects) for k, v in value.items()}


def _sequential(cls, config, custom_objects):
    from . import _symbolic

    model = cls(name=config.get("name"))
    if config.get("input_shape"):
        model.add(_symbolic.Input(batch_shape=config["input_shape"]))
    for layer in config.get("layers", []):
        model.add(deserialize_value(layer, custom_objects))
    return model


def serialize_keras_object(obj):
    return serialize_value(obj)


def deserialize_keras_object(config, custom_objects=None, **_):
    return deserialize_value(config, custom_objects)


def to_json(model, **kwargs):
    return json.dumps(serialize_value(model), **kwargs)


def model_from_json(text, custom_objects=None):
    return deserialize_value(json.loads(text), custom_objects)


def _replace(path, overwrite, write):
    """Writes a temporary beside the path, then renames it: all or nothing."""
    path = os.fspath(path)
    if not overwrite and os.path.exists(path):
        raise IOError(f"[save] '{path}' exists and overwrite is False")
    folder = os.path.dirname(path) or "."
    try:
        handle, temporary = tempfile.mkstemp(prefix=".linnet-", dir=folder)
    except OSError as problem:
        raise IOError(f"[save] cannot write '{path}': {problem}") from None
    os.close(handle)
    try:
        write(temporary)
        os.chmod(temporary, 0o644)
        os.replace(temporary, path)
    except BaseException:
        os.unlink(temporary)
        raise


def _weights_of(model):
    return {f"model/{name}": v.value() for name, v in model._named_variables}


def save_weights(model, path, overwrite=True):
    weights = _weights_of(model)
    if not weights:
        raise LinnetValueError("[save_weights] the model has no weights: is it built?")
    _replace(path, overwrite,
             lambda temporary: _core._save_safetensors(temporary, weights, {"format": "linnet"}))


def _foreign(path):
    """The magic of an HDF5 file says that Keras wrote it."""
    try:
        with open(path, "rb") as file:
            return file.read(8) == b"\x89HDF\r\n\x1a\n"
    except OSError as problem:
        raise IOError(f"[load] cannot read '{path}': {problem.strerror}") from None


def _assign(model, tensors, prefix="model/"):
    variables = model._named_variables
    if not variables and not model.built:
        raise LinnetValueError("[load_weights] the model is not built yet: call it on a batch first")
    names = [prefix + name for name, _ in variables]
    unknown = sorted(set(tensors) - set(names))
    absent = [name for name in names if name not in tensors]
    if absent or unknown:
        raise LinnetValueError(f"[load_weights] missing: {absent}, unknown: {unknown}")
    values = [tensors[name] for name in names]
    for (name, v), t in zip(variables, values):
        if t.shape != v.shape or t.dtype != v.dtype:
            raise LinnetValueError(f"[load_weights] '{name}' has shape {v.shape} and dtype "
                                   f"{v.dtype.name}, the file {t.shape} and {t.dtype.name}")
    for (_, v), t in zip(variables, values):
        v.assign(t)


def load_weights(model, path):
    path = os.fspath(path)
    if _foreign(path):
        from ._hdf5 import load_weights as load_hdf5

        return load_hdf5(model, path)
    tensors, _ = _core._load_safetensors(path)
    _assign(model, tensors)


def save_model(model, path, overwrite=True):
    """A zip of config.json, compile.json and weights.safetensors. A path that ends in
    .safetensors takes the weights alone."""
    if os.fspath(path).endswith(".safetensors"):
        return save_weights(model, path, overwrite)
    config = to_json(model)
    compiled = None
    state = model.__dict__.get("_compiled")
    if state is not None:
        try:
            compiled = json.dumps({
                "optimizer": serialize_value(state["optimizer"]),
                "loss": serialize_value(state["given_loss"]),
                "metrics": serialize_value(state["metrics"]),
                "weighted_metrics": serialize_value(state["weighted_metrics"])})
        except NotSupportedError as problem:
            warnings.warn(f"the compile arguments are not saved: {problem}", UserWarning,
                          stacklevel=3)
    tensors = _weights_of(model)
    if state is not None and state["optimizer"].built:
        for i, v in enumerate(state["optimizer"].variables):
            tensors[f"optimizer/{i}"] = v.value()
    shape = model.__dict__.get("_build_shape") or _first_shape(model)
    meta = {"format": "linnet", "version": _core.__version__, "input_shape": shape}

    def write(temporary):
        weights = temporary + ".weights"
        try:
            _core._save_safetensors(weights, tensors, {"format": "linnet"})
            with zipfile.ZipFile(temporary, "w", zipfile.ZIP_STORED) as archive:
                archive.writestr("metadata.json", json.dumps(meta))
                archive.writestr("config.json", config)
                if compiled is not None:
                    archive.writestr("compile.json", compiled)
                archive.write(weights, "weights.safetensors")
        finally:
            if os.path.exists(weights):
                os.unlink(weights)

    _replace(path, overwrite, write)


def _first_shape(model):
    shape = model._built_shape
    return None if shape is None else [None] + list(shape)[1:]


def _read_json(archive, name, path):
    info = archive.getinfo(name)
    if info.file_size > _MAX_JSON:
        raise IOError(f"[load_model] '{path}': {name} is larger than {_MAX_JSON} bytes")
    return json.loads(archive.read(name).decode("utf-8"))


def load_model(path, custom_objects=None, compile=True):
    path = os.fspath(path)
    if _foreign(path):
        from ._keras_files import load_hdf5

        return load_hdf5(path, custom_objects, compile)
    try:
        with zipfile.ZipFile(path) as archive:
            names = set(archive.namelist())
            if "model.weights.h5" in names:
                from ._keras_files import load_model as load_from_keras

                return load_from_keras(path, archive, custom_objects, compile)
            meta = _read_json(archive, "metadata.json", path)
            config = _read_json(archive, "config.json", path)
            compiled = (_read_json(archive, "compile.json", path)
                        if compile and "compile.json" in names else None)
            info = archive.getinfo("weights.safetensors")
            if info.compress_type != zipfile.ZIP_STORED:
                raise IOError(f"[load_model] '{path}': weights must be stored, not compressed")
            blob = archive.read("weights.safetensors")
    except (zipfile.BadZipFile, KeyError, UnicodeDecodeError, json.JSONDecodeError, EOFError,
            NotImplementedError, RuntimeError, zlib.error) as problem:
        if isinstance(problem, NotSupportedError):
            raise
        raise IOError(f"[load_model] '{path}' is not a model file: {problem}") from None
    if not isinstance(compiled, (dict, type(None))):
        raise IOError(f"[load_model] '{path}': compile.json holds no object")
    tensors = _tensors(blob, path)
    try:
        model = deserialize_value(config, custom_objects)
    except (TypeError, AttributeError) as problem:
        raise IOError(f"[load_model] '{path}': {problem}") from None
    if not isinstance(model, _core.Model):
        raise IOError(f"[load_model] '{path}' does not describe a model")
    shape = meta.get("input_shape") if isinstance(meta, dict) else None
    if not model.built and shape:
        model.build(shape)
    own = {k: v for k, v in tensors.items() if k.startswith("model/")}
    _assign(model, own)
    if compiled is not None:
        _restore_compile(model, compiled, tensors, custom_objects)
    return model


def _tensors(blob, path):
    handle, temporary = tempfile.mkstemp(suffix=".safetensors")
    try:
        with io.open(handle, "wb") as file:
            file.write(blob)
        return _core._load_safetensors(temporary)[0]
    except IOError as problem:
        raise IOError(str(problem).replace(temporary, path)) from None
    finally:
        os.unlink(temporary)


def _restore_compile(model, compiled, tensors, custom_objects):
    try:
        arguments = {k: deserialize_value(v, custom_objects) for k, v in compiled.items()}
    except LinnetValueError as problem:
        warnings.warn(f"the model is not compiled: {problem}", UserWarning, stacklevel=4)
        return
    model.compile(**arguments)
    state = [tensors[f"optimizer/{i}"] for i in range(len(tensors)) if f"optimizer/{i}" in tensors]
    if not state:
        return
    model.optimizer.build(model.trainable_variables)
    variables = model.optimizer.variables
    if len(variables) == len(state) and all(
            v.shape == t.shape and v.dtype == t.dtype for v, t in zip(variables, state)):
        for v, t in zip(variables, state):
            v.assign(t)


def pickle_model(model):
    with tempfile.TemporaryDirectory() as folder:
        path = os.path.join(folder, "model.linnet")
        save_model(model, path)
        with open(path, "rb") as file:
            return unpickle_model, (file.read(), type(model))


def unpickle_model(blob, kind):
    with tempfile.TemporaryDirectory() as folder:
        path = os.path.join(folder, "model.linnet")
        with open(path, "wb") as file:
            file.write(blob)
        return load_model(path, {kind.__name__: kind} if kind.__module__.partition(".")[0]
                          != "linnet" else None)
