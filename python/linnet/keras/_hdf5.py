"""Weights that Keras wrote: the groups of a .weights.h5 file, matched to layers.

Keras names a container's groups by class and count ("dense", "dense_1"), not by the layers' names, and
HDF5 lists them by the alphabet: neither order is the model's.
"""

import contextlib

from .. import _core
from ..errors import Error, IOError, NotSupportedError
from ..errors import ValueError as LinnetValueError
from ._declare import snake_case

# Groups within a layer's group, in the order of the layer's weights.
_PARTS = {"Bidirectional": ("forward_layer", "backward_layer"),
          "MultiHeadAttention": ("query_dense", "key_dense", "value_dense", "output_dense")}


@contextlib.contextmanager
def reading(path, content=None):
    """The HDF5 file at the path (or its content), for a `with` block; what is wrong with it is an
    IOError."""
    try:
        import h5py
    except ImportError:
        raise NotSupportedError(f"[load] '{path}' is an HDF5 file, or holds one; reading it needs "
                                "h5py (pip install h5py)") from None
    try:
        with h5py.File(path if content is None else content, "r") as file:
            yield file
    except Error:
        raise
    except (OSError, KeyError, RuntimeError, ValueError, TypeError, AttributeError) as problem:
        raise IOError(f"[load] '{path}' is damaged, or no HDF5 file: {problem}") from None


def load_weights(model, path):
    """Assigns the file's weights; nothing is assigned unless all fit."""
    if not model.variables:
        raise LinnetValueError("[load_weights] the model is not built yet: call it on a batch first")
    with reading(path) as file:
        group = file.get("model_weights", file)
        legacy = "layer_names" in group.attrs
        assign(list(of_legacy(model, group) if legacy else _of_layer(model, file)), model)


def assign(pairs, model):
    """Assigns (variable, name, array)s, which are all of the model's."""
    if len(pairs) != len(model.variables):
        raise LinnetValueError(f"[load_weights] the file has {len(pairs)} weights for the model's "
                               f"{len(model.variables)}")
    for v, name, array in pairs:
        if tuple(array.shape) != tuple(v.shape):
            raise LinnetValueError(f"[load_weights] '{name}' has shape {array.shape}, the model's "
                                   f"weight {v.shape}")
    values = [_core.cast(_core.constant(array[()]), v.dtype) for v, _, array in pairs]
    for (v, _, _), value in zip(pairs, values):
        v.assign(value)


def of_legacy(model, group):
    """(variable, name, array) of the layout of Keras 2: layers and their weights in order, by
    attributes that list them."""
    def texts(values):
        return [v.decode() if isinstance(v, bytes) else str(v) for v in values]

    named = [group[name] for name in texts(group.attrs["layer_names"])]
    named = [g for g in named if len(g.attrs["weight_names"])]
    layers = [layer for layer in model.layers if layer.variables]
    if len(named) != len(layers):
        raise LinnetValueError(f"[load_weights] the file has {len(named)} layers with weights, the "
                               f"model {len(layers)}")
    for layer, g in zip(layers, named):
        names = texts(g.attrs["weight_names"])
        if len(names) != len(layer.variables):
            raise LinnetValueError(f"[load_weights] '{g.name}' has {len(names)} weights, layer "
                                   f"'{layer.name}' {len(layer.variables)}")
        for v, name in zip(layer.variables, names):
            yield v, name, g[name]


def counted(layers):
    """Layers with their groups' names: classes, counted within the model."""
    seen = {}
    for layer in layers:
        kind = snake_case(type(layer).__name__)
        count = seen[kind] = seen.get(kind, -1) + 1
        yield f"layers/{kind}" + (f"_{count}" if count else ""), layer


def _of_layer(layer, group):
    """(variable, name, array) of a layer and the layers in it."""
    if isinstance(layer, _core.Model):
        yield from _of_model(layer, group)
        return
    arrays = list(_arrays(type(layer).__name__, group))
    if len(arrays) != len(layer.variables):
        raise LinnetValueError(f"[load_weights] '{group.name}' has {len(arrays)} weights, layer "
                               f"'{layer.name}' {len(layer.variables)}")
    for v, (name, array) in zip(layer.variables, arrays):
        yield v, name, array


def _of_model(model, group):
    subclass = not hasattr(model, "_kept_layers") and not isinstance(model, _core.Sequential)
    for name, layer in _attributes(model) if subclass else counted(model.layers):
        if name in group:
            yield from _of_layer(layer, group[name])
        elif layer.variables:
            raise LinnetValueError(f"[load_weights] the file has no group '{name}' in "
                                   f"'{group.name}' for layer '{layer.name}'")


def _attributes(model):
    """The layers of a subclassed model by the attributes that hold them, as Keras's groups are."""
    for name, value in vars(model).items():
        if isinstance(value, _core.Layer):
            yield name, value
        elif not name.startswith("_") and isinstance(value, (list, tuple, dict)) and any(
                isinstance(v, _core.Layer) for v in value):
            raise NotSupportedError(f"[load_weights] '{name}' of {type(model).__name__} is a list "
                                    "of layers: Keras's names of these are not read")


def _arrays(kind, group):
    """A layer's arrays in the order of its weights; states of random generators are none."""
    own = group.get("vars")
    if own is not None:
        for key in sorted(own, key=int):
            yield own[key].name, own[key]
    for part in _PARTS.get(kind, sorted(group)):
        if part not in ("vars", "seed_generator") and part in group and hasattr(group[part], "keys"):
            yield from _arrays("", group[part])
