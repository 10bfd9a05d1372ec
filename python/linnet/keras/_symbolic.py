"""keras.Input and the functional API: layers called on symbolic tensors make a graph of calls."""

import itertools
import operator

from .. import _core, _nest
from .._shape import TensorShape

_counter = itertools.count()


class KerasTensor:
    """What a layer called on an Input gives: shape and dtype, and how to compute it."""

    __array_priority__ = 200

    def __init__(self, shape, dtype="float32", name=None, call=None):
        self.shape = TensorShape(shape)
        self.dtype = _core.as_dtype(dtype)
        self.name = name or f"keras_tensor_{next(_counter)}"
        self._call = call  # None: an input

    @property
    def ndim(self):
        return len(self.shape)

    def __repr__(self):
        return f"<KerasTensor shape={self.shape}, dtype={self.dtype.name}, name={self.name}>"

    def __bool__(self):
        raise TypeError("a KerasTensor has no value: it stands for a layer's output")

    def __iter__(self):
        raise TypeError("a KerasTensor cannot be iterated over")

    def __getitem__(self, key):
        return _operation(operator.getitem, self, key)

    def __array__(self, *_, **__):
        raise TypeError("a KerasTensor has no values: wrap the function in a layer")


def _binary(name, function):
    def forward(self, other):
        return _operation(function, self, other)

    def backward(self, other):
        return _operation(function, other, self)

    setattr(KerasTensor, f"__{name}__", forward)
    setattr(KerasTensor, f"__r{name}__", backward)


for _name in ("add", "sub", "mul", "truediv", "matmul", "pow"):
    _binary(_name, getattr(operator, _name))
KerasTensor.__neg__ = lambda self: _operation(operator.neg, self)


class Call:
    """One call of a layer (or operator) on symbolic or plain values."""

    def __init__(self, layer, args, kwargs):
        self.layer, self.args, self.kwargs = layer, args, kwargs
        self.outputs = None

    def run(self, values, training):
        """Computes the outputs from those of earlier calls, which `values` maps to tensors."""
        args = _nest.map_structure(lambda x: values[id(x)] if is_one(x) else x, list(self.args))
        kwargs = dict(self.kwargs)
        if isinstance(self.layer, _core.Layer):
            kwargs.setdefault("training", None)
            if kwargs["training"] is None:
                kwargs["training"] = training
        result = self.layer(*args, **kwargs)
        for symbol, value in zip(_nest.flatten(self.outputs), _nest.flatten(result)):
            values[id(symbol)] = value


def is_one(value):
    return isinstance(value, KerasTensor)


def is_symbolic(value):
    return any(is_one(leaf) for leaf in _nest.flatten(value))


# What stands for an unknown extent: long enough for convolutions and poolings, and two of them, which
# tell an output's unknown extents from those that are fixed.
_UNKNOWN = (64, 96)


def _sample(value, unknown=_UNKNOWN[0]):
    if not is_one(value):
        return value
    extents = [unknown if d is None else d for d in value.shape]
    return _core.zeros([1 if value.shape[0] is None else extents[0], *extents[1:]]
                       if extents else [], value.dtype)


def _is_open(value):
    """Whether extents other than the batch are unknown."""
    return is_one(value) and None in tuple(value.shape)[1:]


def _operation(function, *args):
    return apply(function, args, {})


def apply(layer, args, kwargs):
    """Records the call; runs it on zeros of batch 1 to learn the outputs' shapes."""
    call = Call(layer, args, {k: v for k, v in kwargs.items() if v is not None})
    sample = layer(*_nest.map_structure(_sample, list(args)), **call.kwargs)
    other = sample
    if any(_is_open(x) for x in _nest.flatten(list(args))):
        longer = _nest.map_structure(lambda x: _sample(x, _UNKNOWN[1]), list(args))
        other = layer(*longer, **call.kwargs)

    def symbol(a, b):
        shape = [x if x == y else None for x, y in zip(a.shape, b.shape)]
        return KerasTensor((None, *shape[1:]), a.dtype, None, call)

    call.outputs = _nest.map_structure(symbol, sample, other)
    if isinstance(layer, _core.Layer):
        layer.__dict__.setdefault("_first_call", call)
    return call.outputs


def output_shape(layer, input_shape):
    if layer.built and layer._output_shape is not None:
        return TensorShape((None,) + tuple(layer._output_shape)[1:])
    x = _core.zeros([1 if d is None else d for d in input_shape])
    return TensorShape((None,) + tuple(layer(x).shape)[1:])


def calls_between(inputs, outputs):
    """The calls that lead from inputs to outputs, in an order that can run."""
    known = {id(x) for x in _nest.flatten(inputs)}
    order, state = [], {}

    def visit(symbol):
        if id(symbol) in known or not is_one(symbol):
            return
        call = symbol._call
        if call is None:
            raise ValueError(f"the output depends on {symbol}, which is not among the inputs")
        if state.get(id(call)) == "done":
            return
        state[id(call)] = "done"
        for argument in _nest.flatten(list(call.args)):
            visit(argument)
        order.append(call)

    for output in _nest.flatten(outputs):
        visit(output)
    return order


def Input(shape=None, batch_size=None, dtype=None, name=None, batch_shape=None, **_):
    """A placeholder for a model's input: `shape` is that of one sample."""
    if batch_shape is not None:
        shape = tuple(batch_shape)[1:]
    if shape is None:
        raise ValueError("Input: you must pass a shape")
    if isinstance(shape, int):
        shape = (shape,)
    return KerasTensor((batch_size,) + tuple(shape), dtype or "float32", name)
