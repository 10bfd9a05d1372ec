"""linnet.debugging: checks of tensors' values and shapes. In a captured function values are checked when
it runs."""

from . import _core
from ._missing import missing
from .errors import InvalidArgumentError
from .errors import ValueError as LinnetValueError


def _check(condition, text, message):
    condition = _core.reduce_all(condition)
    said = f"{message}: {text}" if message else text
    if condition._is_traced:
        _core._record_assert(condition, said)
    elif not bool(condition):
        raise InvalidArgumentError(f"[assert] {said}")


def _two(name, words, compare):
    def check(x, y, message=None, summarize=None, name=None):
        x = _core.convert_to_tensor(x)
        _check(compare(x, _core.convert_to_tensor(y, dtype_hint=x.dtype)), f"x {words} y does not hold",
               message)

    check.__name__ = check.__qualname__ = name
    check.__doc__ = f"InvalidArgumentError unless x {words} y everywhere."
    globals()[name] = check


_two("assert_equal", "==", _core.equal)
_two("assert_none_equal", "!=", _core.not_equal)
_two("assert_greater", ">", _core.greater)
_two("assert_greater_equal", ">=", _core.greater_equal)
_two("assert_less", "<", _core.less)
_two("assert_less_equal", "<=", _core.less_equal)


def assert_non_negative(x, message=None, summarize=None, name=None):
    """InvalidArgumentError if a value is below 0."""
    _check(_core.convert_to_tensor(x) >= 0, "x >= 0 does not hold", message)


def assert_positive(x, message=None, summarize=None, name=None):
    """InvalidArgumentError unless all values are above 0."""
    _check(_core.convert_to_tensor(x) > 0, "x > 0 does not hold", message)


def assert_near(x, y, rtol=None, atol=None, message=None, summarize=None, name=None):
    """InvalidArgumentError unless |x - y| <= atol + rtol |y| (10 roundings each by default)."""
    x = _core.convert_to_tensor(x)
    y = _core.convert_to_tensor(y, dtype_hint=x.dtype)
    small = 10 * {"float64": 2.0 ** -52, "float32": 2.0 ** -23}.get(x.dtype.name, 2.0 ** -8)
    rtol, atol = small if rtol is None else rtol, small if atol is None else atol
    _check(_core.abs(x - y) <= atol + rtol * _core.abs(y), "x and y are not near", message)


def assert_all_finite(x, message, name=None):
    """x; InvalidArgumentError for NaN and infinities."""
    x = _core.convert_to_tensor(x)
    _check(_core.is_finite(x), "NaN or infinity", message)
    return x


def check_numerics(tensor, message, name=None):
    """assert_all_finite()."""
    return assert_all_finite(tensor, message)


def assert_rank(x, rank, message=None, name=None):
    """ValueError unless x has so many axes."""
    if _core.convert_to_tensor(x).ndim != int(rank):
        raise LinnetValueError(f"[assert_rank] {message or ''}: expected rank {int(rank)}, got shape "
                               f"{_core.convert_to_tensor(x).shape}")


def assert_shapes(shapes, data=None, summarize=None, message=None, name=None):
    """ValueError unless the tensors have these shapes; letters stand for the same extent each time."""
    known = {}
    for x, symbols in shapes.items() if isinstance(shapes, dict) else shapes:
        found = tuple(_core.convert_to_tensor(x).shape)
        fits = len(found) == len(symbols) and all(
            n == (known.setdefault(s, n) if isinstance(s, str) else s) or s is None
            for s, n in zip(symbols, found))
        if not fits:
            raise LinnetValueError(f"[assert_shapes] {message or ''}: expected {tuple(symbols)}, got {found}")


def __getattr__(name):
    raise missing(__name__, name)
