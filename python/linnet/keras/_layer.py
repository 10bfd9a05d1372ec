"""What makes the core's Layer Keras's: calling with any Python value, tracking attributes."""

import inspect
import threading

from .. import _core, _nest, _texts
from .._function import rewritten
from .._shape import TensorShape
from . import _symbolic
from ._declare import snake_case
from ._serialize import deserialize_value, serialize_value

Layer = _core.Layer


class _State(threading.local):
    training = None


_state = _State()
_core_init = Layer.__init__


def _init(self, activity_regularizer=None, trainable=True, dtype=None, autocast=True, name=None,
          input_shape=None, input_dim=None, **kwargs):
    # Also where an error follows: a traceback's reader may print the layer.
    _core_init(self, snake_case(type(self).__name__), name or "", type(self).__name__)
    if kwargs:
        raise ValueError(
            f"Unrecognized keyword arguments passed to {type(self).__name__}: {kwargs}")
    if dtype is not None:
        self._set_policy(dtype.name if hasattr(dtype, "name") else str(dtype))
    if not trainable:
        self.trainable = False
    if activity_regularizer is not None:
        from . import regularizers

        self._set_activity_regularizer(regularizers.get(activity_regularizer))


def _is_nest(value, several):
    """Whether a list or tuple is several inputs, and not one written as a list."""
    if not isinstance(value, (list, tuple)) or not value:
        return False
    if any(isinstance(v, (_core.Tensor, _core.Variable)) for v in value):
        return True
    arrays = all(hasattr(v, "shape") and hasattr(v, "dtype") for v in value)
    return arrays and (several or isinstance(value, tuple))


def as_input(value, several=False):
    """A layer's input: lists, numbers and arrays become tensors, all floats float32."""
    if isinstance(value, _core.Tensor):
        tensor = value
    elif isinstance(value, (str, _texts.Texts)):
        return _texts.encode(value)
    elif _is_nest(value, several):
        return type(value)(as_input(v) for v in value)
    elif isinstance(value, dict):
        return {key: as_input(v) for key, v in value.items()}
    else:
        tensor = _core.convert_to_tensor(value)
        if isinstance(value, (list, tuple, int)):
            return _core.cast(tensor, "float32")
    if tensor.dtype.is_floating and tensor.dtype != "float32":
        return _core.cast(tensor, "float32")
    return tensor


def call_keywords(layer):
    """Which of training and mask the layer's call() takes; looked up once a class."""
    kind = type(layer)
    known = kind.__dict__.get("_call_keywords")
    if known is None:
        parameters = inspect.signature(kind.call).parameters.values()
        any_keyword = any(p.kind is p.VAR_KEYWORD for p in parameters)
        names = {p.name for p in parameters}
        known = "training" in names or any_keyword
        kind._call_keywords = known
    return known


class training_scope:
    """Within it, layers that are not told otherwise run in this mode."""

    def __init__(self, training):
        self.training = training

    def __enter__(self):
        self.before, _state.training = _state.training, self.training

    def __exit__(self, *exception):
        _state.training = self.before


def call_from_core(layer, x, training):
    """The core calls a layer whose call() is written in Python."""
    with training_scope(training):
        call = rewritten(layer.call)
        y = call(x, training=training) if call_keywords(layer) else call(x)
    if isinstance(y, _core.Variable):
        y = y.value()
    if not isinstance(y, _core.Tensor):
        raise _NoTensor(f"{layer.name}: call() returned {type(y).__name__} where one tensor is "
                        "expected", layer, y)
    return y


class _NoTensor(TypeError):
    """call() gave a nest, which only Python can hand on."""

    def __init__(self, text, layer, result):
        super().__init__(text)
        self.layer, self.result = layer, result


def _call(self, *args, training=None, mask=None, **kwargs):
    if args and _symbolic.is_symbolic(args[0]):
        return _symbolic.apply(self, args, dict(kwargs, training=training))
    if training is None:
        training = _state.training or False
    training = bool(training)
    if not args:
        first = next(iter(inspect.signature(self.call).parameters), None)
        if first not in kwargs:
            raise TypeError(f"{self.name}: expected an input")
        args = (kwargs.pop(first),)
    inputs = as_input(args[0], self._takes_several())
    if isinstance(self, _core.Sequential) and isinstance(inputs, (list, tuple)) and len(inputs) == 1:
        inputs = inputs[0]  # as fit() hands over x where there is no y
    if len(args) == 1 and not kwargs and isinstance(inputs, _core.Tensor) and not getattr(
            self, "_always_python", False):
        if type(self)._returns_nest(self):
            return self._python_call((inputs,), {}, training)
        try:
            return self._apply(inputs, training)
        except _NoTensor as problem:
            if problem.layer is not self or isinstance(self, _core.Model):
                raise
            self.__dict__["_gives_nest"] = True
            return problem.result
    return self._python_call((inputs,) + args[1:], kwargs, training)


def _returns_nest(self):
    return "_gives_nest" in self.__dict__


def _takes_several(self):
    return getattr(self, "_always_python", False)


def _python_call(self, args, kwargs, training):
    """A call with several inputs or outputs: Python's call() alone."""
    if getattr(type(self), "call", None) is None:
        raise TypeError(f"{self.name}: a {type(self).__name__} takes one tensor")
    if not self.built:
        shapes = _nest.map_structure(lambda x: TensorShape((None,) + tuple(x.shape)[1:])
                                     if isinstance(x, _core.Tensor) and x.ndim else None, args[0])
        if "build" in _overrides(type(self)):
            self.build(shapes)
        self._mark_built()
    with _core._LayerCall(self), training_scope(training):
        if call_keywords(self):
            kwargs = dict(kwargs, training=training)
        return rewritten(self.call)(*args, **kwargs)


def _overrides(kind):
    names = set()
    for base in kind.__mro__:
        if base in (Layer, _core.Model, _core.Sequential):
            break
        names |= set(vars(base))
    return names


def _track(self, value):
    if isinstance(value, Layer):
        self._track_layer(value)
        self.__dict__.setdefault("_kept", []).append(value)
    elif isinstance(value, _core.Variable):
        self._track_variable(value)
    elif isinstance(value, (list, tuple)):
        for item in value:
            _track(self, item)
    elif isinstance(value, dict):
        for item in value.values():
            _track(self, item)


_plain_setattr = Layer.__setattr__


def _setattr(self, name, value):
    if not name.startswith("_kept"):
        before = self.__dict__.get(name) if hasattr(self, "__dict__") else None
        if isinstance(before, Layer) and before is not value:
            self._untrack_layer(before)
        if name != "_config":
            _track(self, value)
    _plain_setattr(self, name, value)


def _add_weight(self, shape=None, initializer=None, dtype=None, trainable=True, autocast=True,
                regularizer=None, constraint=None, aggregation=None, name=None):
    """Makes a weight of this layer: an initialized Variable."""
    if isinstance(shape, str):  # Keras 2: add_weight(name, shape)
        name, shape, initializer = shape, initializer, None
    dtype = _core.as_dtype(dtype or "float32")
    if initializer is None:
        initializer = "glorot_uniform" if dtype.is_floating else "zeros"
    return self._add_weight(name or "variable", () if shape is None else shape, initializer,
                            bool(trainable), regularizer, constraint, dtype)


def _add_loss(self, loss):
    """Within call(): scalars that training adds to the loss; `losses` has them until the next call."""
    for value in _nest.flatten(loss):
        self._add_loss(_core.reduce_sum(_core.convert_to_tensor(value)))


def _set_weights(self, weights):
    """Replaces all weights; ValueError if their number or shapes differ."""
    variables = self.variables
    if len(weights) != len(variables):
        raise ValueError(f"layer '{self.name}' has {len(variables)} weights, got {len(weights)}")
    self._set_weights([_core.convert_to_tensor(w, dtype=v.dtype)
                       for w, v in zip(weights, variables)])


def _compute_dtype(self):
    policy = str(getattr(self._policy, "name", self._policy))
    return policy.removeprefix("mixed_")


def _output_shape(self):
    try:
        return _shapes(self.output)
    except AttributeError:
        shape = self._output_shape  # of the last call
    if shape is None:
        raise AttributeError(f"layer '{self.name}' has not been called yet")
    return TensorShape((None,) + tuple(shape)[1:])


def _get_config(self):
    """The arguments that make the same layer (not its weights)."""
    config = dict(getattr(self, "_config", {}))
    config["name"] = self.name
    if not self.trainable:
        config["trainable"] = False
    return {key: serialize(value) for key, value in config.items()}


def _from_config(cls, config):
    """A layer with these arguments."""
    return cls(**{key: deserialize_value(value) for key, value in config.items()})


def serialize(value):
    """Values of a config as plain data."""
    return serialize_value(value)


def _repr(self):
    return f"<{type(self).__name__} name={self.name}, built={self.built}>"


def _weight_by_name(self, name):
    """dense.kernel, norm.gamma: a built-in layer's weights by their names."""
    if not name.startswith("_") and "_config" in self.__dict__:
        for variable in self.variables:
            if variable.name == name:
                return variable
    if name in ("input", "output", "inputs", "outputs"):
        raise AttributeError(f"{self.name} has no {name}: it was not called on a keras.Input, nor is "
                             "it (in) a Sequential that begins with one or with input_shape")
    raise AttributeError(f"'{type(self).__name__}' object has no attribute '{name}'")


def _symbol(self, what):
    """What the layer was given, or gave, when it was first called on symbolic tensors."""
    call = self.__dict__.get("_first_call")
    if call is None:
        model = self.__dict__.get("_in_sequential", lambda: None)()
        if model is not None:
            model._symbols()
            call = self.__dict__.get("_first_call")
    if call is None:
        raise AttributeError(what)  # __getattr__ says why
    return call.outputs if what == "output" else call.args[0]


def _shapes(nest):
    return _nest.map_structure(lambda symbol: tuple(symbol.shape), nest)


def _input_shape(self):
    return _shapes(self.input)


def _compute_output_shape(self, input_shape):
    """The shape call() gives for inputs of this shape."""
    return _symbolic.output_shape(self, input_shape)


def install():
    Layer.__init__ = _init
    Layer.__call__ = _call
    Layer.__setattr__ = _setattr
    Layer.__repr__ = _repr
    Layer._python_call = _python_call
    Layer._returns_nest = _returns_nest
    Layer._takes_several = _takes_several
    Layer.add_weight = _add_weight
    Layer.add_loss = _add_loss
    Layer.set_weights = _set_weights
    Layer.output_shape = property(_output_shape)
    Layer.input_shape = property(_input_shape)
    Layer.dtype = Layer.variable_dtype = property(lambda self: "float32")
    Layer.compute_dtype = property(_compute_dtype)
    Layer.get_config = _get_config
    Layer.from_config = classmethod(_from_config)
    Layer.compute_output_shape = _compute_output_shape
    Layer.__getattr__ = _weight_by_name
    Layer.input = property(lambda self: _symbol(self, "input"))
    Layer.output = property(lambda self: _symbol(self, "output"))
    Layer.dtype_policy = property(lambda self: self._policy)
    Layer.supports_masking = False
    Layer.__module__ = "linnet.keras.layers"


install()
