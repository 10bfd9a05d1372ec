"""Branches on values that may be traced: linnet.cond, and what rewritten functions call for `if` and
boolean expressions (see _rewrite.py). A condition that is no traced tensor is Python's business."""

import operator

from . import _core, _nest
from ._flow_values import (  # noqa: F401  (get and undefined are for rewritten code)
    _RESULT, _condition, _definition, _described, _is_number, _is_tensor_like, _is_traced,
    _number_like, _place, _shown, _spec, begin_again_with, get, undefined,
)
from ._source import call
from .errors import DTypeError, ShapeError, ValueError


# --- Branches -------------------------------------------------------------------------------------


class _Merge:
    """Makes one value of those that two branches gave a name: equal Python values stay, tensors
    and numbers become results of cond()."""

    def __init__(self, where):
        self.where = where
        self.true, self.false = [], []

    def join(self, name, a, b):
        """A function of the results' iterator that builds the joined value."""
        if a is b:
            return lambda results: a
        if a is undefined or b is undefined:
            a, b = self._complete(name, a, b)
        if isinstance(a, dict) and isinstance(b, dict) and list(a) == list(b):
            parts = {key: self.join(f"{name}[{key!r}]" if name != _RESULT else name, a[key], b[key])
                     for key in a}
            return lambda results: {key: part(results) for key, part in parts.items()}
        if isinstance(a, (list, tuple)) and type(a) is type(b) and len(a) == len(b):
            parts = [self.join(f"{name}[{i}]" if name != _RESULT else name, x, y)
                     for i, (x, y) in enumerate(zip(a, b))]
            return lambda results: _nest.sequence_like(a, [part(results) for part in parts])
        if hasattr(type(a), "_ln_parts") and type(a) is type(b):
            return self._composite(name, a, b)
        return self._leaf(name, a, b)

    def _composite(self, name, a, b):
        """TensorArrays, of which one at least was written in its branch."""
        shape = tuple((a if a._shape is not None else b)._shape or ())
        a, b = a._buffered(shape), b._buffered(shape)
        parts = [self.join(name, x, y) for x, y in zip(a._ln_parts(), b._ln_parts())]
        return lambda results: a._ln_rebuild([part(results) for part in parts])

    def _complete(self, name, a, b):
        """A function that has not returned yet has no result: anything will do."""
        if name == _RESULT:
            zeros = _nest.map_structure(
                lambda x: _core.zeros(x.shape, x.dtype) if isinstance(x, _core.Tensor) else x,
                b if a is undefined else a)
            return (zeros, b) if a is undefined else (a, zeros)
        missing = "true" if a is undefined else "false"
        raise ValueError(f"{_shown(name)} has no value if the condition at {_place(self.where)} "
                         f"is {missing}, and is used afterwards: define it in both branches, or "
                         "before")

    def _leaf(self, name, a, b):
        if type(a) is type(b) and not _is_tensor_like(a) and a == b:
            return lambda results: a
        if _is_number(a) and type(a) is type(b) and (a == b or (a != a and b != b)):
            return lambda results: a
        if not (_is_tensor_like(a) and _is_tensor_like(b)):
            raise ValueError(f"{_shown(name)} is {_described(a)} if the condition at "
                             f"{_place(self.where)} is true, and {_described(b)} if it is false; "
                             "only tensors and numbers can depend on a traced condition")
        originals = a, b
        a, b = _alike(a, b)
        if a.dtype != b.dtype:
            begin_again_with(originals[0], b.dtype)
            begin_again_with(originals[1], a.dtype)
        for x, y, error in ((a.dtype, b.dtype, DTypeError), (a.shape, b.shape, ShapeError)):
            if x != y:
                raise error(f"{_shown(name)} is {_spec(a)} if the condition at "
                            f"{_place(self.where)} is true, and {_spec(b)} if it is false")
        self.true.append(a)
        self.false.append(b)
        return next


def _alike(a, b):
    """Both as tensors; a number takes the other's dtype if it can."""
    if _is_number(a) and isinstance(b, _core.Tensor):
        return _number_like(a, b), b
    if _is_number(b) and isinstance(a, _core.Tensor):
        return a, _number_like(b, a)
    return _core.convert_to_tensor(a), _core.convert_to_tensor(b)


def _read(nest):
    """Variables' values, read where we are."""
    return _nest.map_structure(
        lambda x: _core.convert_to_tensor(x) if isinstance(x, _core.Variable) else x, nest)


def _branches(pred, true_fn, false_fn, names, where):
    """The values of the names after cond(): true_fn and false_fn give lists of them."""
    merge, joined = _Merge(where), []

    def both(a, b):
        joined.extend(merge.join(*row) for row in zip(names, a, b))
        return merge.true, merge.false

    results = iter(_core._record_cond(_condition(pred, "if"), true_fn, false_fn, both))
    return [build(results) for build in joined]


def if_(test, true_fn, false_fn, get_state, set_state, names, live, where):
    """A rewritten `if`. Names that are not used afterwards (not `live`) go."""
    if not _is_traced(test):
        return true_fn() if test else false_fn()
    before = get_state()

    def branch(block):
        def run():
            set_state(before)
            block()
            return [x if needed else undefined for x, needed in zip(get_state(), live)]
        return run

    try:
        after = _branches(test, branch(true_fn), branch(false_fn), names, where)
    except BaseException:
        set_state(before)
        raise
    set_state(after)


def if_exp(test, true_fn, false_fn, where):
    """`true_fn() if test else false_fn()`."""
    if not _is_traced(test):
        return true_fn() if test else false_fn()
    return _branches(test, lambda: [_read(true_fn())], lambda: [_read(false_fn())],
                     ["the value"], where)[0]


def cond(pred, true_fn, false_fn):
    """linnet.cond."""
    if not callable(true_fn) or not callable(false_fn):
        raise TypeError("cond: true_fn and false_fn must be callable")
    true_fn, false_fn = call(true_fn), call(false_fn)
    if not _is_traced(pred):
        return true_fn() if pred else false_fn()
    where = _definition(true_fn)
    return _branches(pred, lambda: [_read(true_fn())], lambda: [_read(false_fn())],
                     ["the result"], where)[0]


# --- Boolean expressions --------------------------------------------------------------------------


def not_(x):
    return _core.logical_not(_condition(x, "not")) if _is_traced(x) else not x


def and_(*parts):
    """`a and b and ...`: what follows is asked for only where what comes before is true."""
    return _chain_of(parts, "and", lambda test, rest, value: if_exp(test, rest, value, ("and", 0)))


def or_(*parts):
    return _chain_of(parts, "or", lambda test, rest, value: if_exp(test, value, rest, ("or", 0)))


def _chain_of(parts, what, choose):
    value = parts[0]()
    if len(parts) == 1:
        return value
    if not _is_traced(value):
        stop = not value if what == "and" else bool(value)
        return value if stop else _chain_of(parts[1:], what, choose)
    test = _condition(value, what)  # of traced operands only the truth counts
    return choose(test, lambda: _condition(_chain_of(parts[1:], what, choose), what), lambda: test)


_OPERATORS = {
    "Lt": operator.lt, "LtE": operator.le, "Gt": operator.gt, "GtE": operator.ge,
    "Eq": operator.eq, "NotEq": operator.ne, "Is": operator.is_, "IsNot": operator.is_not,
    "In": lambda a, b: a in b, "NotIn": lambda a, b: a not in b,
}


def chain(left, *rest):
    """`a < b < c`."""
    return _compare(left(), rest)


def _compare(left, rest):
    right = rest[1]()
    value = _OPERATORS[rest[0]](left, right)
    if len(rest) == 2:
        return value
    return and_(lambda: value, lambda: _compare(right, rest[2:]))


def assert_(test, message, where):
    """`assert test, message()`; of a traced tensor when the graph runs."""
    if not _is_traced(test):
        if not test:
            text = message()
            raise AssertionError() if text is None else AssertionError(text)
        return
    text = message()
    _core._record_assert(_condition(test, "assert"),
                         f"{'failed' if text is None else text} at {_place(where)}")


def result(read, returned):
    """The result of a function that may reach its end without `return`."""
    if _is_traced(returned):
        raise ValueError("[function] a `return` depends on a traced condition, and there is none "
                         "for when it does not happen: return a value at the end, too")
    return read() if returned else None
