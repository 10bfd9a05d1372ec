"""Writes the type stubs of the package's public modules, for editors and type checkers.

    python3 python/tools/stubs.py [--check]

Names, parameters, defaults and docstrings come from the built package itself; types from the
tables of stub_types.py. --check writes nothing and fails where a file is not current.
"""

import ast
import importlib
import inspect
import os
import pathlib
import re
import sys
import textwrap

from stub_signatures import signature_of
from stub_members import CLASS_EXTRAS, REPLACED
from stub_types import DUNDERS, attribute_type, return_type, value_type

PACKAGE = pathlib.Path(__file__).resolve().parents[1] / "linnet"
# A name that several modules have is declared in the first that has it, or where its class says.
MODULES = ["linnet", "linnet.errors", "linnet.math", "linnet.nn", "linnet.linalg", "linnet.random",
           "linnet.dtypes", "linnet.data", "linnet.distribute", "linnet.train", "linnet.config",
           "linnet.nest", "linnet.strings", "linnet.summary", "linnet.debugging", "linnet.image", "linnet.io", "linnet.quantization",
           "linnet.keras.layers", "linnet.keras.models", "linnet.keras.callbacks",
           "linnet.keras.losses", "linnet.keras.metrics", "linnet.keras.optimizers.schedules",
           "linnet.keras.optimizers", "linnet.keras.initializers", "linnet.keras.regularizers",
           "linnet.keras.constraints", "linnet.keras.activations", "linnet.keras.ops", "linnet.keras.datasets",
           "linnet.keras.utils", "linnet.keras.backend", "linnet.keras.config", "linnet.keras.mixed_precision",
           "linnet.keras.random", "linnet.keras.saving", "linnet.keras.preprocessing.image",
           "linnet.keras.preprocessing.sequence", "linnet.keras.preprocessing.text",
           "linnet.keras.preprocessing", "linnet.keras"]
# What a stub may import, and from where; "": as a module.
IMPORTS = {
    "": ["builtins", "np", "npt", "linnet", *(m for m in MODULES if m.startswith("linnet.keras."))],
    "builtins": ["bool as _bool"],
    "collections.abc": ["Callable", "Iterable", "Iterator", "Mapping", "Sequence"],
    "contextlib": ["AbstractContextManager"],
    "typing": ["Any", "Generic", "NamedTuple", "TypeVar", "overload"],
    "typing_extensions": ["ParamSpec"],  # checkers know it; typing has it from Python 3.10 on
    "linnet._typing": [f"{name} as _{name}" for name in (
        "Activation", "Axis", "Constraint", "DTypeLike", "Initializer", "KerasTensor", "Path",
        "Regularizer", "ShapeLike", "Size", "TensorLike")],
}
HELPERS = {"missing", "declare", "open_base", "Configured", "snake_case", "warn", "Training", "install",
           "for_core", "find"}


def public_names(module):
    for name in sorted(vars(module).keys() | set(module.__dict__.get("__dir__", list)())):
        if name in HELPERS or name.startswith("_") and name != "__version__":
            continue
        value = getattr(module, name)
        if inspect.ismodule(value) and not (value.__name__ in MODULES
                                            and value.__name__.startswith(module.__name__)):
            continue
        yield name, value


def find_homes():
    """{id of a function or class: (module, name) where its declaration stands}."""
    homes = {}
    for module in MODULES:
        for name, value in public_names(sys.modules[module]):
            if not (inspect.isclass(value) or callable(value)):
                continue
            said = getattr(value, "__module__", None)
            own = said == module and getattr(value, "__name__", None) == name
            if own or id(value) not in homes:
                homes[id(value)] = (module, name)
    return homes


def own_attributes(cls):
    """Public attributes that a Python class's __init__ sets."""
    init = vars(cls).get("__init__")
    try:
        tree = ast.parse(textwrap.dedent(inspect.getsource(init)))
    except (OSError, TypeError):
        return []
    return sorted({node.attr for node in ast.walk(tree)
                   if isinstance(node, ast.Attribute) and isinstance(node.ctx, ast.Store)
                   and isinstance(node.value, ast.Name) and node.value.id == "self"
                   and not node.attr.startswith("_")})


def imports(body):
    """The import lines that the text of a stub needs."""
    def used(name):
        return re.search(rf"(?<![\w.]){re.escape(name)}\b", body)

    lines = []
    for source, names in IMPORTS.items():
        if source:
            found = [name for name in names if used(name.rpartition(" ")[2])]
            lines += [f"from {source} import {', '.join(found)}"] if found else []
        else:
            modules = {"np": "numpy as np", "npt": "numpy.typing as npt"}
            lines += [f"import {modules.get(name, name)}" for name in names if used(name)]
    return lines


class Stub:
    """The text of one module's stub."""

    def __init__(self, module, homes):
        self.module, self.homes = module, homes
        self.lines = []

    def text(self):
        module = sys.modules[self.module]
        replaced = REPLACED.get(self.module, {})
        for name, value in public_names(module):
            if name in replaced:
                text = replaced[name].replace("{doc}", inspect.cleandoc(value.__doc__ or "")
                                              .replace("\n", "\n    "))
                self.lines += text.strip("\n").split("\n") + [""]
            elif inspect.ismodule(value):
                self.lines += [f"from {self.module} import {name} as {name}"]
            else:
                self.member(name, value)
        doc = (module.__doc__ or "").strip()
        head = [f'"""{doc}"""', ""] if doc else []
        for private, text in replaced.items():
            if private.startswith("_"):
                self.lines += text.strip("\n").split("\n") + [""]
        body = "\n".join(self.lines).rstrip("\n") + "\n"
        return "\n".join([*head, *imports(body), "", body])

    def member(self, name, value):
        home = self.homes.get(id(value))
        if home is None:
            self.lines += [f"{name}: {value_type(value)}", ""]
        elif home == (self.module, name):
            if inspect.isclass(value):
                self.class_(name, value, "")
            else:
                self.function(name, value, "", f"{self.module}.{name}")
        elif home[0] == self.module:
            self.lines += [f"{name} = {home[1]}", ""]
        else:
            self.lines += [f"from {home[0]} import {home[1]} as {name}", ""]

    def function(self, name, value, indent, path, decorator=""):
        in_class = bool(indent) and decorator != "staticmethod"
        signatures = signature_of(value, path, in_class)
        for signature, doc in signatures:
            if len(signatures) > 1:
                self.lines.append(f"{indent}@overload")
            if decorator:
                self.lines.append(f"{indent}@{decorator}")
            head = f"{indent}def {name}({signature}) -> {return_type(path, value)}:"
            self.lines += self.with_doc(head, doc, indent)

    def with_doc(self, head, doc, indent):
        doc = inspect.cleandoc(doc or "").replace("\\", "\\\\").replace('"""', "'''")
        if not doc:
            return [f"{head} ...", ""]
        lines = [f"{indent}    {line}".rstrip() for line in doc.split("\n")]
        lines[0] = f'{indent}    """{lines[0].strip()}'
        lines[-1] += '"""'
        return [head, *lines, f"{indent}    ...", ""]

    def bases(self, cls):
        """Public base classes; private ones are looked through."""
        found = []
        for base in cls.__bases__:
            if id(base) in self.homes:
                module, name = self.homes[id(base)]
                found.append(name if module == self.module else f"{module}.{name}")
            elif base.__module__ == "builtins" and base is not object:
                found.append("tuple[Any, ...]" if base is tuple else f"builtins.{base.__name__}")
            elif base.__module__.startswith("linnet"):
                found += self.bases(base)
        return list(dict.fromkeys(found))

    def members(self, cls):
        """The class's own members and those of its private bases."""
        found = {}
        for base in reversed(cls.__mro__[:-1]):
            public = base is not cls and id(base) in self.homes
            if public or not base.__module__.startswith("linnet"):
                continue
            if base is not cls and any(issubclass(other, base) for other in cls.__mro__[1:]
                                       if id(other) in self.homes):
                continue
            found.update(vars(base))
        return {name: value for name, value in found.items()
                if not name.startswith("_") or name in DUNDERS}

    def class_(self, name, cls, indent):
        path = f"{self.module}.{name}"
        bases = self.bases(cls)
        if getattr(cls, "_fields", None):
            self.lines.append(f"{indent}class {name}(NamedTuple):")
            self.lines += [f"{indent}    {field}: Any"
                           + (" = ..." if field in cls._field_defaults else "")
                           for field in cls._fields] + [""]
            return
        self.lines.append(f"{indent}class {name}({', '.join(bases)}):" if bases
                          else f"{indent}class {name}:")
        start = len(self.lines)
        doc = inspect.cleandoc(vars(cls).get("__doc__") or "")
        if doc:
            self.lines += [f'{indent}    """{doc}"""'.replace("\n", f"\n{indent}    "), ""]
        extras = CLASS_EXTRAS.get(path, {})
        for member, text in extras.items():
            if text:
                self.lines += [indent + "    " + line for line in text.strip("\n").split("\n")]
                self.lines.append("")
        for member, value in self.members(cls).items():
            if member not in extras:
                self.class_member(member, value, indent + "    ", f"{path}.{member}")
        for attribute in own_attributes(cls):
            if attribute not in extras and not hasattr(cls, attribute):
                typed = attribute_type(attribute)
                self.lines += [f"{indent}    {attribute}: {typed}", ""]
        if len(self.lines) == start:
            self.lines[-1] += " ..."
            self.lines.append("")

    def class_member(self, name, value, indent, path):
        if isinstance(value, property):
            self.function(name, value.fget, indent, path, "property")
            if value.fset:
                self.lines += [f"{indent}@{name}.setter",
                               f"{indent}def {name}(self, value: Any) -> None: ...", ""]
        elif isinstance(value, staticmethod):
            self.function(name, value.__func__, indent, path, "staticmethod")
        elif isinstance(value, classmethod):
            self.function(name, value.__func__, indent, path, "classmethod")
        elif inspect.isclass(value):
            self.lines += [f"{indent}{name}: Any", ""]
        elif callable(value):
            self.function(name, value, indent, path)
        else:
            self.lines += [f"{indent}{name}: {value_type(value)}", ""]


def stubs():
    """{path: text} of all stubs."""
    sys.path.append(str(PACKAGE.parent))
    for name in MODULES:
        importlib.import_module(name)
    homes = find_homes()
    made = {}
    for name in MODULES:
        parts = name.split(".")[1:]
        folder = PACKAGE.joinpath(*parts)
        path = folder / "__init__.pyi" if folder.is_dir() else folder.with_suffix(".pyi")
        made[path] = Stub(name, homes).text()
    return made


def main(check):
    stale = [path for path, text in stubs().items()
             if not path.exists() or path.read_text(encoding="utf-8") != text]
    for path in stale:
        print(f"{'not current' if check else 'written'}: {os.path.relpath(path)}")
    if check:
        sys.exit(1 if stale else 0)
    for path, text in stubs().items():
        path.write_text(text, encoding="utf-8")


if __name__ == "__main__":
    main("--check" in sys.argv[1:])
