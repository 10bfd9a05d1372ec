"""keras.Input and the functional API: layers called on symbolic tensors make a graph of calls."""

import itertools
import operator

from .. import _core, _nest, _texts
from .._numpy import np
from .._shape import TensorShape

_counter = itertools.count()


class KerasTensor:
    """What a layer called on an Input gives: shape and dtype, and how to compute it."""

    __array_priority__ = 200

    def __init__(self, shape, dtype="float32", name=None, call=None):
        self.shape = TensorShape(shape)
        self.dtype = _texts.STRING if dtype == "string" else _core.as_dtype(dtype)
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


for _name in ("add", "sub", "mul", "truediv", "floordiv", "mod", "matmul", "pow"):
    _binary(_name, getattr(operator, _name))
for _name in ("gt", "ge", "lt", "le"):
    setattr(KerasTensor, f"__{_name}__", lambda self, other, function=getattr(operator, _name):
            _operation(function, self, other))
KerasTensor.__neg__ = lambda self: _operation(operator.neg, self)
KerasTensor.__abs__ = lambda self: _operation(operator.abs, self)


class Call:
    """One call of a layer (or operator) on symbolic or plain values."""

    def __init__(self, layer, args, kwargs):
        self.layer, self.args, self.kwargs = layer, args, kwargs
        self.outputs = None

    def run(self, values, training):
        """Computes the outputs from those of earlier calls, which `values` maps to tensors."""
        def value(x):
            return values[id(x)] if is_one(x) else x

        args = _nest.map_structure(value, list(self.args))
        kwargs = _nest.map_structure(value, dict(self.kwargs))
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


def filled(shape):
    """A shape with an extent wherever it has none, but for the batch."""
    return [*tuple(shape)[:1], *(_UNKNOWN[0] if d is None else d for d in tuple(shape)[1:])]


def _sample(value, unknown=_UNKNOWN[0]):
    if not is_one(value):
        return value
    extents = [unknown if d is None else d for d in value.shape]
    if value.dtype is _texts.STRING:
        return _texts.make(np.full([1, *extents[1:]], "", object))
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
    given = [list(args), call.kwargs]

    def run(unknown):
        values, named = _nest.map_structure(lambda x: _sample(x, unknown), given)
        return layer(*values, **named)

    sample = other = run(_UNKNOWN[0])
    if any(_is_open(x) for x in _nest.flatten(given)):
        other = run(_UNKNOWN[1])

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
        for argument in _nest.flatten([list(call.args), call.kwargs]):
            visit(argument)
        order.append(call)

    for output in _nest.flatten(outputs):
        visit(output)
    return order


def _given(call):
    return [x for x in _nest.flatten([list(call.args), call.kwargs]) if is_one(x)]


def in_order(inputs, outputs, calls):
    """Keras's order of a model's inputs (as their tensors), layers, and calls of functions: those that
    are farther from the outputs come first, those as far in the order in which they are met from there."""
    def owner(symbol):
        call = symbol._call if not any(symbol is x for x in inputs) else None
        if call is None:
            return symbol
        return call.layer if isinstance(call.layer, _core.Layer) else call

    met, items, depth = {}, {}, {}

    def meet(symbol):
        item = owner(symbol)
        if id(item) not in met:
            met[id(item)], items[id(item)] = len(met), item
        if item is not symbol and id(symbol._call) not in seen:
            seen.add(id(symbol._call))
            for source in _given(symbol._call):
                meet(source)

    seen = set()
    for output in outputs:
        meet(output)
    of_call = {}
    for call in reversed(calls):
        item = call.layer if isinstance(call.layer, _core.Layer) else call
        here = depth[id(item)] = max(of_call.get(id(call), 0), depth.get(id(item), 0))
        for source in _given(call):
            before = owner(source)
            if before is source:
                depth[id(source)] = max(depth.get(id(source), 0), here + 1)
            else:
                of_call[id(source._call)] = max(of_call.get(id(source._call), 0), here + 1)
    for i, symbol in enumerate(inputs):
        if id(symbol) not in met:
            met[id(symbol)], items[id(symbol)] = -1 - i, symbol
    return sorted(items.values(), key=lambda item: (-depth.get(id(item), 0), met[id(item)]))


def Input(shape=None, batch_size=None, dtype=None, name=None, batch_shape=None, **_):
    """A placeholder for a model's input: `shape` is that of one sample."""
    if batch_shape is not None:
        shape = tuple(batch_shape)[1:]
    if shape is None:
        raise ValueError("Input: you must pass a shape")
    if isinstance(shape, int):
        shape = (shape,)
    name = name or _core._unique_name("input_layer")
    return KerasTensor((batch_size,) + tuple(shape), dtype or "float32", name)
