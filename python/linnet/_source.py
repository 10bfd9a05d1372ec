"""Finds the source of functions that a capture runs, and rewrites their control flow."""

import ast
import builtins
import copy
import functools
import inspect
import sysconfig
import types

from . import _core
from ._jumps import HELPER
from ._rewrite import rewrite

_INSTALLED = tuple(filter(None, {sysconfig.get_path("purelib"), sysconfig.get_path("platlib"),
                                 sysconfig.get_path("stdlib")}))
_code = {}  # (code, file, name) -> rewritten code, or None
_helper = []  # the module whose functions rewritten code calls


def use(module):
    """Rewritten code calls this module's functions."""
    _helper[:] = [module]


def _is_library(function):
    """Linnet's own functions, the standard library's and installed packages'."""
    module = (function.__globals__.get("__name__") or "").partition(".")[0]
    return module == "linnet" or function.__code__.co_filename.startswith(_INSTALLED)


@functools.lru_cache(32)
def _functions_of(source):
    """The functions of a file by first line and name; lambdas by line alone."""
    found = {}
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.FunctionDef):
            first = min([node.lineno] + [d.lineno for d in node.decorator_list])
            found.setdefault((first, node.name), []).append(node)
        elif isinstance(node, ast.Lambda):
            found.setdefault((node.lineno, "<lambda>"), []).append(node)
    return found


def _parse(code):
    """The function's syntax tree, at its place in the file; None without (its own) source."""
    try:
        lines, _ = inspect.findsource(code)
        found = _functions_of("".join(lines)).get((code.co_firstlineno, code.co_name), [])
    except (OSError, TypeError, SyntaxError, IndexError, ValueError):
        return None
    if code.co_name == "<lambda>":
        found = [_as_function(n) for n in found if _is_code_of(n, code)]
    return copy.deepcopy(found[0]) if len(found) == 1 else None


def _is_code_of(node, code):
    """True if the lambda has that code's parameters and, where the interpreter tells, place."""
    count = code.co_argcount + code.co_kwonlyargcount
    arguments = node.args.posonlyargs + node.args.args + node.args.kwonlyargs
    if [a.arg for a in arguments] != list(code.co_varnames[:count]):
        return False
    if not hasattr(code, "co_positions"):
        return True
    inside = [(line, column) for line, _, column, _ in code.co_positions()
              if line is not None and column is not None and (line, column) != (node.lineno, 0)]
    begin = (node.body.lineno, node.body.col_offset)
    end = (node.body.end_lineno, node.body.end_col_offset)
    return all(begin <= place < end for place in inside)


def _as_function(node):
    fields = dict(name="<lambda>", args=node.args, decorator_list=[],
                  body=[ast.copy_location(ast.Return(node.body), node.body)])
    if "type_params" in ast.FunctionDef._fields:
        fields["type_params"] = []
    return ast.copy_location(ast.FunctionDef(**fields), node)


def _class_name(function):
    parts = function.__qualname__.split(".")
    return parts[-2] if len(parts) > 1 and parts[-2] != "<locals>" else ""


def _find_code(module, name):
    """The code of the function that the factory defines."""
    factory = next(c for c in module.co_consts if isinstance(c, types.CodeType))
    return next(c for c in factory.co_consts if isinstance(c, types.CodeType) and c.co_name == name)


def _rewritten_code(function):
    code = function.__code__
    tree = _parse(code)
    if tree is None:
        return None
    filename = code.co_filename
    tree = rewrite(tree, filename, _class_name(function))
    if tree is None:
        return None
    # Free variables stay cells: the function sits in one that has them as parameters.
    names = [ast.arg(n) for n in code.co_freevars] + [ast.arg(HELPER)]
    fields = dict(name="_ln_factory", body=[tree], decorator_list=[],
                  args=ast.arguments(posonlyargs=[], args=names, kwonlyargs=[], kw_defaults=[],
                                     defaults=[]))
    if "type_params" in ast.FunctionDef._fields:
        fields["type_params"] = []
    factory = ast.copy_location(ast.FunctionDef(**fields), tree)
    module = ast.fix_missing_locations(ast.Module([factory], []))
    return _find_code(compile(module, filename, "exec"), tree.name)


def _rewritten(function):
    """The function with its control flow rewritten; itself if there is no source."""
    code = function.__code__
    if HELPER in code.co_freevars:
        return function
    key = (code, code.co_filename, function.__qualname__)  # codes are equal across files
    try:
        new = _code[key]
    except KeyError:
        new = _code[key] = _rewritten_code(function)
    if new is None:
        return function
    cells = dict(zip(code.co_freevars, function.__closure__ or ()))
    cells[HELPER] = types.CellType(_helper[0])
    out = types.FunctionType(new, function.__globals__, function.__name__, function.__defaults__,
                             tuple(cells[n] for n in new.co_freevars))
    functools.update_wrapper(out, function)
    del out.__wrapped__
    out.__kwdefaults__ = function.__kwdefaults__
    return out


class Range:
    """range() with traced bounds."""

    def __init__(self, *bounds):
        if len(bounds) == 1:
            bounds = (0, bounds[0])
        like = next(b for b in bounds if isinstance(b, (_core.Tensor, _core.Variable)))
        dtype = like.dtype
        bounds = [_core.convert_to_tensor(b, dtype=None if hasattr(b, "dtype") else dtype)
                  for b in bounds]
        self.start, self.stop = bounds[:2]
        self.step = bounds[2] if len(bounds) == 3 else None

    def more(self, i):
        if self.step is None:
            return i < self.stop
        up = self.step > 0
        return _core.logical_or(_core.logical_and(up, i < self.stop),
                                _core.logical_and(_core.logical_not(up), i > self.stop))

    def item(self, i):
        return i

    def next(self, i):
        return i + (1 if self.step is None else self.step)


def _traced(args):
    return any(isinstance(a, _core.Tensor) and a._is_traced or isinstance(a, _core.Variable)
               for a in args)


def _number(kind):
    def convert(*args, **kwargs):
        if len(args) != 1 or kwargs or not _traced(args):
            return kind(*args, **kwargs)
        x = _core.convert_to_tensor(args[0])
        if kind is bool:
            return x if x.dtype == "bool" else _core.not_equal(x, _core.zeros([], x.dtype))
        if kind is int:
            return x if x.dtype.is_integer else _core.cast(x, "int32")
        return x if x.dtype.is_floating else _core.cast(x, "float32")

    return convert


def _range(function):
    def convert(*args, **kwargs):
        if args and not kwargs and _traced(args):
            return Range(*args)
        return function(*args, **kwargs)

    return convert


def _extreme(function, of_two):
    def convert(*args, **kwargs):
        if len(args) > 1 and not kwargs and _traced(args):
            return functools.reduce(of_two, args)
        return function(*args, **kwargs)

    return convert


@functools.lru_cache(None)
def _replacements():
    table = {builtins.range: _range(builtins.range), min: _extreme(min, _core.minimum),
             max: _extreme(max, _core.maximum), _core.range: _range(_core.range)}
    table.update({kind: _number(kind) for kind in (int, float, bool)})
    return table


def call(function):
    """What a call of `function` in rewritten code calls."""
    if not _core._is_tracing():
        return function
    if isinstance(function, types.FunctionType):
        return function if _is_library(function) else _rewritten(function)
    if isinstance(function, types.MethodType):
        inner = function.__func__
        if not isinstance(inner, types.FunctionType) or _is_library(inner):
            return function
        return types.MethodType(_rewritten(inner), function.__self__)
    try:
        replacement = _replacements().get(function)
    except TypeError:  # unhashable
        replacement = None
    if replacement is not None:
        return replacement
    if isinstance(function, functools.partial):
        return functools.partial(call(function.func), *function.args, **function.keywords)
    method = None if isinstance(function, type) else getattr(type(function), "__call__", None)
    if isinstance(method, types.FunctionType) and not _is_library(method):
        return types.MethodType(_rewritten(method), function)
    return function
