"""Weights that Keras wrote: the groups of a .weights.h5 file, matched to layers.

Keras names a container's groups by class and count ("dense", "dense_1"), not by the layers' names, and
HDF5 lists them by the alphabet: neither order is the model's.
"""

from .. import _core
from ..errors import IOError, NotSupportedError
from ..errors import ValueError as LinnetValueError
from ._declare import snake_case

# Groups within a layer's group, in the order of the layer's weights.
_PARTS = {"Bidirectional": ("forward_layer", "backward_layer"),
          "MultiHeadAttention": ("query_dense", "key_dense", "value_dense", "output_dense")}


def load_weights(model, path):
    """Assigns the file's weights; nothing is assigned unless all fit."""
    try:
        import h5py
    except ImportError:
        raise NotSupportedError(f"[load_weights] '{path}' is an HDF5 file; reading it needs h5py "
                                "(pip install h5py)") from None
    if not model.variables:
        raise LinnetValueError("[load_weights] the model is not built yet: call it on a batch first")
    try:
        with h5py.File(path, "r") as file:
            values = _values(model, file)
    except (LinnetValueError, NotSupportedError):
        raise
    except (OSError, KeyError, RuntimeError, ValueError, TypeError, AttributeError) as problem:
        raise IOError(f"[load_weights] '{path}' is damaged: {problem}") from None
    for v, value in values:
        v.assign(value)


def _values(model, file):
    """(variable, what it becomes); ValueError unless all fit."""
    pairs = list(_of_layer(model, file))
    if len(pairs) != len(model.variables):
        raise LinnetValueError(f"[load_weights] the file has {len(pairs)} weights for the model's "
                               f"{len(model.variables)}")
    for v, name, array in pairs:
        if tuple(array.shape) != tuple(v.shape):
            raise LinnetValueError(f"[load_weights] '{name}' has shape {array.shape}, the model's "
                                   f"weight {v.shape}")
    return [(v, _core.cast(_core.convert_to_tensor(array[()]), v.dtype)) for v, _, array in pairs]


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
    seen = {}
    subclass = not hasattr(model, "_kept_layers") and not isinstance(model, _core.Sequential)
    members = _attributes(model) if subclass else [(None, layer) for layer in model.layers]
    for name, layer in members:
        if name is None:
            kind = snake_case(type(layer).__name__)
            count = seen[kind] = seen.get(kind, -1) + 1
            name = f"layers/{kind}" + (f"_{count}" if count else "")
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
