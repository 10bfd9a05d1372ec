"""Loops on values that may be traced: linnet.while_loop, and what rewritten loops call."""

from . import _core, _nest
from ._flow import if_
from ._flow_values import (
    _Again, _RESULT, _condition, _definition, _described, _is_number, _is_tensor_like, _is_traced,
    _number_like, _place, _recording, _shown, _spec, undefined,
)
from ._source import Range, call
from .errors import DTypeError, ShapeError, ValueError


def _tensor_like(new, old):
    """A new value for a loop variable: a number takes its dtype."""
    if _is_number(new):
        return _number_like(new, old)
    return _core.convert_to_tensor(new)


class _Variables:
    """The named values that a loop carries: nests whose tensors and numbers are loop variables, and
    whose other leaves stay as they are."""

    def __init__(self, names, values, where, limit=None):
        self.names, self.where = names, where
        self.limit = limit  # how many iterations there are at most; None: unknown
        self.values = list(values)
        self.dtypes = {}  # of numbers, by place
        self.weak = []  # tensors that stand for such numbers in the body, and their places

    def tensors(self):
        """The loop variables before the loop."""
        self.places, out = [], []
        for i, (name, value) in enumerate(zip(self.names, self.values)):
            for j, leaf in enumerate(_nest.flatten(value)):
                if _is_tensor_like(leaf):
                    self.places.append((i, j))
                    dtype = self.dtypes.get((i, j))
                    tensor = _core.convert_to_tensor(leaf)
                    out.append(tensor if dtype is None else _core.cast(tensor, dtype))
        return out

    def enter(self, tensors):
        """The values with an iteration's loop variables. Numbers that have become tensors may
        still take another dtype."""
        self.weak = [(t, p) for t, p in zip(tensors, self.places)
                     if p not in self.dtypes and _is_number(self._leaf(p))]
        return self.packed(tensors)

    def _leaf(self, place):
        return _nest.flatten(self.values[place[0]])[place[1]]

    def packed(self, tensors):
        """The values with these loop variables."""
        tensors, out = iter(tensors), []
        for value in self.values:
            out.append(_nest.pack(value, [next(tensors) if _is_tensor_like(leaf) else leaf
                                          for leaf in _nest.flatten(value)]))
        return out

    def after_iteration(self, new, inner):
        """The loop variables after an iteration that began with `inner`."""
        self._fill(new)
        out, changed = [], False
        inner = iter(inner)
        for i, (name, before, after) in enumerate(zip(self.names, self.values, new)):
            old, leaves = _nest.flatten(before), _nest.flatten(after)
            if not _nest.same_structure(before, after):
                raise ValueError(f"{_shown(name)} is {_form(before)} before the loop at "
                                 f"{_place(self.where)}, after an iteration {_form(after)}")
            for j, (x, y) in enumerate(zip(old, leaves)):
                if not _is_tensor_like(x):
                    self._check_same(name, x, y)
                    continue
                y = self._checked(name, (i, j), x, y, next(inner))
                changed = changed or y is None
                out.append(y)
        if changed:
            raise _Again(self)
        return out

    def _fill(self, new):
        """A result that an iteration returns first: zeros until then."""
        for i, (before, after) in enumerate(zip(self.values, new)):
            if before is undefined and after is not undefined:
                self.values[i] = _nest.map_structure(
                    lambda x: _core.zeros(x.shape, x.dtype) if isinstance(x, _core.Tensor) else x,
                    after)
                raise _Again(self)

    def _check_same(self, name, x, y):
        if x is y or (type(x) is type(y) and isinstance(x, (str, bytes)) and x == y):
            return
        raise ValueError(f"{_shown(name)} is {_described(x)} before the loop at "
                         f"{_place(self.where)}, after an iteration {_described(y)}; only "
                         "tensors and numbers can change in a loop with a traced condition")

    def _checked(self, name, place, x, y, inner):
        """y as a tensor like the loop variable `inner`; None if the loop has to begin anew."""
        if not _is_tensor_like(y) and not isinstance(y, _core.Variable):
            raise ValueError(f"{_shown(name)} is {_spec(inner)} before the loop at "
                             f"{_place(self.where)}, after an iteration {_described(y)}")
        y = _tensor_like(y, inner)
        if _is_number(x) and y.dtype != inner.dtype and place not in self.dtypes:
            self.dtypes[place] = y.dtype
            return None
        for a, b, error in ((inner.dtype, y.dtype, DTypeError), (inner.shape, y.shape, ShapeError)):
            if a != b:
                raise error(f"{_shown(name)} is {_spec(inner)} before the loop at "
                            f"{_place(self.where)}, after an iteration {_spec(y)}")
        return y


def _form(nest):
    if isinstance(nest, (list, tuple, dict)):
        return f"a {type(nest).__name__} of {len(nest)}"
    return _spec(nest) if isinstance(nest, _core.Tensor) else _described(nest)


def _staged(proceed, variables, test, body, maximum_iterations=-1):
    """Records a while_loop() that begins if `proceed`; test and body take and give lists of
    values."""
    proceed = _condition(proceed, "while")
    while True:
        before = variables.tensors()

        def iteration(tensors):
            new = body(variables.enter(tensors))
            out = variables.after_iteration(new, tensors)
            again = test(variables.packed(out))
            return _condition(again, "while"), out

        _recording.loops.append(variables)
        try:
            return variables.packed(
                _core._record_while_loop(proceed, before, iteration, maximum_iterations))
        except _Again as again:
            if again.args[0] is not variables:
                raise
        finally:
            _recording.loops.pop()


class _Names:
    """The names that a rewritten loop assigns, with their values taken from and put into place."""

    def __init__(self, get_state, set_state, names, head, after, where):
        self.get, self.put = get_state, set_state
        self.where = where
        self.carried = [i for i, flags in enumerate(zip(head, after)) if any(flags)]
        self.names = names

    def variables(self):
        before = self.get()
        for i in self.carried:
            if before[i] is undefined and self.names[i] != _RESULT:
                raise ValueError(f"{_shown(self.names[i])} has no value before the loop at "
                                 f"{_place(self.where)}, which may run no iteration, since its "
                                 "condition is a traced tensor: define it before")
        return _Variables([self.names[i] for i in self.carried],
                          [before[i] for i in self.carried], self.where)

    def set(self, values):
        """Others are of one iteration only."""
        state = [undefined] * len(self.names)
        for i, value in zip(self.carried, values):
            state[i] = value
        self.put(state)

    def values(self):
        state = self.get()
        return [state[i] for i in self.carried]

    def stage(self, proceed, test, body):
        """A traced loop over the names; `test` and `body` work on them where they are."""
        before = self.get()
        try:
            variables = self.variables()
            self.set(_staged(proceed, variables, self._on(test), self._on(body, True)))
        except BaseException:
            self.put(before)
            raise

    def _on(self, function, gives_values=False):
        def run(values):
            self.set(values)
            out = function()
            return self.values() if gives_values else out
        return run


def while_(test, body, get_state, set_state, names, head, after, where):
    """A rewritten `while`: Python's own until its condition is a traced tensor."""
    while True:
        proceed = test()
        if _is_traced(proceed):
            _Names(get_state, set_state, names, head, after, where).stage(proceed, test, body)
            return
        if not proceed:
            return
        body()


def for_(iterable, test, body, get_state, set_state, names, head, after, where):
    """A rewritten `for`: over a traced tensor's rows, a range with traced bounds, or by Python.
    `test`: False (or a traced tensor) after a break; None without one."""
    if isinstance(iterable, _core.Variable) and _core._is_tracing():
        iterable = _core.convert_to_tensor(iterable)
    if isinstance(iterable, Range) or _is_traced(iterable):
        items = _Rows(iterable) if _is_traced(iterable) else iterable
        return _staged_for(items, test, body,
                           _Names(get_state, set_state, names, head, after, where))
    for item in _concrete_rows(iterable):
        proceed = True if test is None else test()
        if _is_traced(proceed):  # a break that depends on a value: what follows does, too
            if_(proceed, lambda: body(item), lambda: None, get_state, set_state, names,
                      [True] * len(names), where)
        elif proceed:
            body(item)
        else:
            return


def _concrete_rows(iterable):
    """A concrete tensor's rows are concrete in a capture, too: places in a TensorArray, say."""
    if not isinstance(iterable, _core.Tensor) or not iterable.ndim or not _core._is_tracing():
        return iterable
    with _core._EagerBlock():
        return list(iterable)


class _Rows:
    """The rows of a traced tensor."""

    def __init__(self, tensor):
        if not tensor.ndim:
            raise TypeError("cannot iterate over a scalar tensor")
        self.tensor = tensor
        self.start, self.count = 0, tensor.shape[0]
        self.limit = self.count

    def more(self, i):
        return i < self.count

    def item(self, i):
        return _core.gather(self.tensor, i)

    def next(self, i):
        return i + 1


def _staged_for(items, test, body, loop):
    """The index is one more loop variable; the target is assigned by each iteration."""
    before = loop.get()
    index = _core.convert_to_tensor(items.start)
    if isinstance(items, _Rows) and items.count == 0:
        return
    try:
        names = loop.variables()
        variables = _Variables(["the loop's index"] + names.names, [index] + names.values,
                               loop.where, getattr(items, "limit", None))

        def proceed(values):
            loop.set(values[1:])
            more = items.more(values[0])
            go_on = True if test is None else test()
            if not _is_traced(go_on):
                return more if go_on else False
            return _core.logical_and(more, go_on)

        def iteration(values):
            loop.set(values[1:])
            body(items.item(values[0]))
            return [items.next(values[0])] + loop.values()

        loop.set(_staged(items.more(index), variables, proceed, iteration)[1:])
    except BaseException:
        loop.put(before)
        raise


def while_loop(cond, body, loop_vars, maximum_iterations):
    """linnet.while_loop."""
    if not callable(cond) or not callable(body):
        raise TypeError("while_loop: cond and body must be callable")
    cond, body = call(cond), call(body)
    sequence = isinstance(loop_vars, (list, tuple))
    values = list(loop_vars) if sequence else [loop_vars]
    left = -1 if maximum_iterations is None else int(maximum_iterations)

    def step(values):
        out = body(*values)
        if not isinstance(out, (list, tuple)) or (
                len(values) == 1 and isinstance(values[0], (list, tuple)) and len(out) != 1):
            out = [out]
        if len(out) != len(values):
            raise ValueError(f"while_loop: body returned {len(out)} values, expected "
                             f"{len(values)}")
        return list(out)

    while True:
        proceed = cond(*values)
        if _is_traced(proceed):
            where = _definition(body)
            names = [f"loop variable {i}" for i in range(len(values))]
            values = _staged(proceed, _Variables(names, values, where, None if left < 0 else left),
                             lambda v: cond(*v), step,
                             left)
            break
        if left == 0 or not bool(proceed):
            break
        values = step(values)
        left -= left > 0
    return _nest.sequence_like(loop_vars, values) if sequence else values[0]
