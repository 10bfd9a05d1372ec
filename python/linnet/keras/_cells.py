"""Recurrent cells, and RNN, which runs any cell step by step. LSTM, GRU and SimpleRNN are quicker."""

from .. import _core, _nest
from ..errors import ShapeError
from . import _symbolic, activations, constraints, initializers, regularizers
from ._layer import Layer, _state, as_input


class _Cell(Layer):
    """One step: call(inputs, states) gives (output, states)."""

    _always_python = True
    _gates = 1

    def __init__(self, units, activation="tanh", use_bias=True, kernel_initializer="glorot_uniform",
                 recurrent_initializer="orthogonal", bias_initializer="zeros", kernel_regularizer=None,
                 recurrent_regularizer=None, bias_regularizer=None, kernel_constraint=None,
                 recurrent_constraint=None, bias_constraint=None, dropout=0.0, recurrent_dropout=0.0,
                 seed=None, **kwargs):
        super().__init__(**kwargs)
        if int(units) < 1:
            raise ValueError(f"{type(self).__name__}: units is {units}")
        self.units, self.state_size, self.output_size = int(units), self._sizes(int(units)), int(units)
        self.activation = activations.get(activation)
        self.use_bias = bool(use_bias)
        self._made = {"kernel": (kernel_initializer, kernel_regularizer, kernel_constraint),
                      "recurrent_kernel": (recurrent_initializer, recurrent_regularizer,
                                           recurrent_constraint),
                      "bias": (bias_initializer, bias_regularizer, bias_constraint)}
        self.dropout, self.recurrent_dropout = float(dropout), float(recurrent_dropout)
        self._config = dict(units=units, activation=activation, use_bias=use_bias,
                            kernel_initializer=kernel_initializer,
                            recurrent_initializer=recurrent_initializer,
                            bias_initializer=bias_initializer, dropout=dropout,
                            recurrent_dropout=recurrent_dropout)

    @staticmethod
    def _sizes(units):
        return units

    def _weight(self, name, shape):
        initializer, regularizer, constraint = self._made[name]
        return self.add_weight(name=name, shape=shape, initializer=initializers.get(initializer),
                               regularizer=regularizers.get(regularizer),
                               constraint=constraints.get(constraint))

    def build(self, input_shape):
        width = self._gates * self.units
        self.kernel = self._weight("kernel", (input_shape[-1], width))
        self.recurrent_kernel = self._weight("recurrent_kernel", (self.units, width))
        self.bias = self._weight("bias", self._bias_shape(width)) if self.use_bias else None

    def _bias_shape(self, width):
        return (width,)

    def get_initial_state(self, batch_size=None, inputs=None, dtype=None):
        """Zeros for each state."""
        sizes = self.state_size if isinstance(self.state_size, (list, tuple)) else [self.state_size]
        return [_core.zeros([int(batch_size), n], dtype or "float32") for n in sizes]

    def _projected(self, inputs, state, training):
        """The input's and the state's part of the gates."""
        if training and self.dropout:
            inputs = _core.dropout(inputs, self.dropout)
        if training and self.recurrent_dropout:
            state = _core.dropout(state, self.recurrent_dropout)
        return _core.matmul(inputs, self.kernel), _core.matmul(state, self.recurrent_kernel)

    def __call__(self, inputs, states=None, training=None, **kwargs):
        if states is None:
            states = kwargs.pop("states", None)
        if states is None:
            states = self.get_initial_state(batch_size=inputs.shape[0])
        many = isinstance(states, (list, tuple))
        if _symbolic.is_symbolic([inputs, states]):
            return _symbolic.apply(self, (inputs, list(states) if many else states), {})
        training = bool(_state.training) if training is None else bool(training)
        output, new = self._python_call((as_input(inputs), [as_input(s) for s in (
            states if many else [states])]), {}, training)
        return output, new if many else new[0]


class SimpleRNNCell(_Cell):
    """tanh(x W + h U + b)."""

    def call(self, inputs, states, training=None):
        a, b = self._projected(inputs, states[0], training)
        y = self.activation(a + b if self.bias is None else a + b + self.bias)
        return y, [y]


class _GatedCell(_Cell):
    def __init__(self, units, activation="tanh", recurrent_activation="sigmoid", use_bias=True, **kwargs):
        super().__init__(units, activation, use_bias, **kwargs)
        self.recurrent_activation = activations.get(recurrent_activation)
        self._config["recurrent_activation"] = recurrent_activation


class LSTMCell(_GatedCell):
    """A step of LSTM, gates i, f, c, o; states h, c."""

    _gates = 4

    def __init__(self, units, activation="tanh", recurrent_activation="sigmoid", use_bias=True,
                 unit_forget_bias=True, **kwargs):
        super().__init__(units, activation, recurrent_activation, use_bias, **kwargs)
        self.unit_forget_bias = bool(unit_forget_bias)
        self._config["unit_forget_bias"] = unit_forget_bias

    @staticmethod
    def _sizes(units):
        return [units, units]

    def build(self, input_shape):
        super().build(input_shape)
        if self.bias is not None and self.unit_forget_bias:
            n = self.units
            start = self.bias.numpy()
            start[n:2 * n] = 1.0
            self.bias.assign(start)

    def call(self, inputs, states, training=None):
        h, c = states
        a, b = self._projected(inputs, h, training)
        i, f, g, o = _core.split(a + b if self.bias is None else a + b + self.bias, 4, -1)
        c = self.recurrent_activation(f) * c + self.recurrent_activation(i) * self.activation(g)
        h = self.recurrent_activation(o) * self.activation(c)
        return h, [h, c]


class GRUCell(_GatedCell):
    """A step of GRU, gates z, r, h."""

    _gates = 3

    def __init__(self, units, activation="tanh", recurrent_activation="sigmoid", use_bias=True,
                 reset_after=True, **kwargs):
        super().__init__(units, activation, recurrent_activation, use_bias, **kwargs)
        self.reset_after = bool(reset_after)
        self._config["reset_after"] = reset_after

    def _bias_shape(self, width):
        return (2, width) if self.reset_after else (width,)

    def call(self, inputs, states, training=None):
        h, n = states[0], self.units
        a, b = self._projected(inputs, h, training)
        if self.bias is not None:
            a, b = (a + self.bias[0], b + self.bias[1]) if self.reset_after else (a + self.bias, b)
        z = self.recurrent_activation(a[:, :n] + b[:, :n])
        r = self.recurrent_activation(a[:, n:2 * n] + b[:, n:2 * n])
        if self.reset_after:
            inner = r * b[:, 2 * n:]
        else:
            inner = _core.matmul(r * h, self.recurrent_kernel[:, 2 * n:])
        h = z * h + (1 - z) * self.activation(a[:, 2 * n:] + inner)
        return h, [h]


class StackedRNNCells(Layer):
    """Cells one upon the other, as one."""

    _always_python = True

    def __init__(self, cells, **kwargs):
        super().__init__(**kwargs)
        self.cells = list(cells)
        self._config = {"cells": self.cells}

    @property
    def state_size(self):
        return [cell.state_size for cell in self.cells]

    @property
    def output_size(self):
        return self.cells[-1].output_size

    def get_initial_state(self, batch_size=None, inputs=None, dtype=None):
        return [_initial(cell, batch_size) for cell in self.cells]

    def __call__(self, inputs, states, training=None):
        new = []
        for cell, state in zip(self.cells, states):
            inputs, state = cell(inputs, state, training=training)
            new.append(state)
        return inputs, new

    call = __call__


def _initial(cell, batch):
    if hasattr(cell, "get_initial_state"):
        try:
            return cell.get_initial_state(batch_size=batch)
        except TypeError:
            return cell.get_initial_state(None, batch, "float32")
    return _nest.map_structure(lambda n: _core.zeros([batch, int(n)]), cell.state_size)


class RNN(Layer):
    """A cell at each step of [n, steps, ...]: the last output, or (return_sequences) all; with
    return_state the last states, too. A cell has state_size and call(inputs, states)."""

    _always_python = True

    def __init__(self, cell, return_sequences=False, return_state=False, go_backwards=False,
                 stateful=False, unroll=False, zero_output_for_mask=False, **kwargs):
        super().__init__(**kwargs)
        if stateful:
            raise NotImplementedError("RNN: stateful=True is not there; pass initial_state")
        if isinstance(cell, (list, tuple)):
            cell = StackedRNNCells(cell)
        if not hasattr(cell, "state_size") or not callable(cell):
            raise ValueError(f"RNN: a cell has a state_size and is callable, got {cell!r}")
        self.cell = cell
        self.return_sequences, self.return_state = bool(return_sequences), bool(return_state)
        self.go_backwards = bool(go_backwards)
        self._config = dict(cell=cell, return_sequences=return_sequences, return_state=return_state,
                            go_backwards=go_backwards)

    def __call__(self, sequences, initial_state=None, training=None, mask=None):
        if _symbolic.is_symbolic([sequences, initial_state]):
            return _symbolic.apply(self, (sequences,), {"initial_state": initial_state})
        training = bool(_state.training) if training is None else bool(training)
        return self._python_call((as_input(sequences),), {"initial_state": initial_state}, training)

    def call(self, sequences, initial_state=None, training=None):
        if sequences.ndim < 3:
            raise ShapeError(f"[{self.name}] expected [n, steps, ...], got shape {sequences.shape}")
        state = initial_state
        if state is None:
            state = _initial(self.cell, sequences.shape[0])
        if isinstance(state, (_core.Tensor, _core.Variable)) and isinstance(
                self.cell.state_size, (list, tuple)):
            state = [state]
        steps = _core.unstack(sequences, None, 1)
        outputs = []
        for x in reversed(steps) if self.go_backwards else steps:
            y, state = self.cell(x, state, training=training) if isinstance(
                self.cell, (_Cell, StackedRNNCells)) else self.cell(x, state)
            outputs.append(y)
        result = _core.stack(outputs, 1) if self.return_sequences else outputs[-1]
        if not self.return_state:
            return result
        return [result, *(state if isinstance(state, (list, tuple)) else [state])]
