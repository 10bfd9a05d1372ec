"""Signatures of functions as stubs write them: of Python's by inspection, of bound ones from the
first lines of their docstrings."""

import ast
import inspect
import re

from stub_types import parameter_type

_OVERLOAD = re.compile(r"^\d+\. (?=\w+\()", re.M)


def signature_of(value, path, in_class):
    """[(parameters, docstring)], one for each overload."""
    doc = getattr(value, "__doc__", None) or ""
    bound = _bound(doc)
    if bound:
        return [(_text(parameters, path, in_class), rest) for parameters, rest in bound]
    try:
        signature = inspect.signature(value)
    except (TypeError, ValueError):
        return [("*args: Any, **kwargs: Any", doc)]
    parameters = [(p.name, p.kind, None, None if p.default is p.empty else _literal(p.default),
                   p.default) for p in signature.parameters.values()]
    return [(_text(parameters, path, in_class), doc)]


def _bound(doc):
    """Parameters and text of each overload that a bound function's docstring begins with."""
    text = doc.strip()
    if "Overloaded function." in text:
        parts = _OVERLOAD.split(text)[1:]
    else:
        parts = [text]
    found = []
    for part in parts:
        first, _, rest = part.partition("\n")
        parsed = _parse(first)
        if parsed is None:
            return None
        found.append((parsed, rest.strip()))
    return found


def _parse(line):
    if not re.match(r"^\w*\(.*\) -> ", line):
        return None
    line = re.sub(r"<[^>]*>", "...", line)
    line = re.sub(r"^\w*\(", "f(", line)
    try:
        function = ast.parse(f"def {line}: ...").body[0]
    except SyntaxError:
        return None
    kinds, arguments = inspect.Parameter, function.args
    missing = [None] * (len(arguments.args) - len(arguments.defaults))
    out = [(a.arg, kinds.POSITIONAL_OR_KEYWORD, _annotation(a), d and ast.unparse(d), d)
           for a, d in zip(arguments.args, missing + arguments.defaults)]
    if arguments.vararg:
        out.append((arguments.vararg.arg, kinds.VAR_POSITIONAL, None, None, None))
    out += [(a.arg, kinds.KEYWORD_ONLY, _annotation(a), d and ast.unparse(d), d)
            for a, d in zip(arguments.kwonlyargs, arguments.kw_defaults)]
    if arguments.kwarg:
        out.append((arguments.kwarg.arg, kinds.VAR_KEYWORD, None, None, None))
    return out


def _annotation(argument):
    return argument.annotation and ast.unparse(argument.annotation)


def _literal(value):
    if value is None or isinstance(value, (bool, int, float, str)) or (
            isinstance(value, tuple) and all(isinstance(v, (int, float, str)) for v in value)):
        text = repr(value)
        return "..." if text in ("inf", "nan", "-inf") else text
    return "..."


def _text(parameters, path, in_class):
    out, keyword_only, stars = [], False, {inspect.Parameter.VAR_POSITIONAL: "*",
                                           inspect.Parameter.VAR_KEYWORD: "**"}
    for index, (name, kind, annotation, default, value) in enumerate(parameters):
        if index == 0 and in_class:
            out.append("cls" if name == "cls" else "self")
            continue
        if kind is inspect.Parameter.KEYWORD_ONLY and not keyword_only:
            keyword_only = True
            if not any(p[1] is inspect.Parameter.VAR_POSITIONAL for p in parameters[:index]):
                out.append("*")
        typed = parameter_type(path, name, annotation, default)
        if kind in stars:
            keyword_only = True
            out.append(f"{stars[kind]}{name}: {typed}")
        else:
            out.append(f"{name}: {typed}" + (f" = {default}" if default is not None else ""))
    return ", ".join(out)
