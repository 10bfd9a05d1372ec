"""keras.ops that call functions: branches, loops, maps."""

from .. import _core, _function, _nest, _ops
from ._ops_base import exported, op, tensor


def cond(pred, true_fn, false_fn):
    """true_fn() if pred else false_fn()."""
    return _function.cond(pred, true_fn, false_fn)


def while_loop(cond, body, loop_vars, maximum_iterations=None):
    """loop_vars = body(*loop_vars) as long as cond(*loop_vars)."""
    return _function.while_loop(cond, body, loop_vars, maximum_iterations=maximum_iterations)


def fori_loop(lower, upper, body_fun, init_val):
    """value = body_fun(i, value) for i from lower up to upper."""
    def step(i, value):
        return i + 1, body_fun(i, value)

    return while_loop(lambda i, _: i < upper, step, (tensor(lower), init_val))[1]


def switch(index, branches, *operands):
    """branches[index](*operands)."""
    return _ops.switch_case(index, [lambda f=f: f(*operands) for f in branches])


def map(f, xs):
    """f of each row of the nest xs, stacked."""
    return _ops.map_fn(f, xs)


vectorized_map = op(lambda function, elements: _ops.map_fn(function, elements))
vectorized_map.__name__, vectorized_map.__doc__ = "vectorized_map", "map(): f of each row, stacked."


def scan(f, init, xs=None, length=None, reverse=False, unroll=1):
    """(state, rows): f(state, row) gives the next state and an output row, row after row."""
    count = length if xs is None else _nest.flatten(xs)[0].shape[0]
    state, rows = init, []
    order = range(count)[::-1] if reverse else range(count)
    for i in order:
        row = None if xs is None else _nest.map_structure(lambda x: tensor(x)[i], xs)
        state, out = f(state, row)
        rows.append(out)
    if reverse:
        rows.reverse()
    if not rows or rows[0] is None:
        return state, None
    return state, _nest.map_structure(lambda *parts: _core.stack(list(parts), 0), *rows)


def custom_gradient(f):
    """A function with a gradient of its own: f(*args) gives (y, grad)."""
    from .._tape import custom_gradient as custom

    return custom(f)

__all__ = exported(globals())
