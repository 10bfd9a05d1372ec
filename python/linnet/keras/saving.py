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
from ._serialize import (  # noqa: F401
    deserialize_value, read_json as _read_json, register_keras_serializable, serialize_value,
)

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
