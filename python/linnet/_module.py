"""linnet.Module: an object that finds its variables by itself."""

from . import _core


class Module:
    """Collects the Variables, Modules and layers among its attributes (in lists and dicts, too)."""

    def __init__(self, name=None):
        self._module_name = name or type(self).__name__.lower()

    @property
    def name(self):
        return getattr(self, "_module_name", type(self).__name__.lower())

    def _walk(self, seen):
        for key in sorted(vars(self)):
            yield from _found(vars(self)[key], seen)

    def _unique(self, kind):
        out, seen = [], set()
        for item in self._walk(set()):
            if isinstance(item, kind):
                key = item._id if isinstance(item, _core.Variable) else id(item)
                if key not in seen:
                    seen.add(key)
                    out.append(item)
        return tuple(out)

    @property
    def variables(self):
        return self._unique(_core.Variable)

    @property
    def trainable_variables(self):
        return tuple(v for v in self.variables if v.trainable)

    @property
    def non_trainable_variables(self):
        return tuple(v for v in self.variables if not v.trainable)

    @property
    def submodules(self):
        return self._unique(Module)


def _found(value, seen):
    if isinstance(value, _core.Variable):
        yield value
    elif isinstance(value, Module):
        if id(value) not in seen:
            seen.add(id(value))
            yield value
            yield from value._walk(seen)
    elif isinstance(value, dict):
        for key in value:
            yield from _found(value[key], seen)
    elif isinstance(value, (list, tuple)):
        for item in value:
            yield from _found(item, seen)
    elif hasattr(value, "trainable_variables") and hasattr(value, "variables"):
        yield from value.variables
