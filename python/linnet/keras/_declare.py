"""Classes over the extension module's: a list of names with defaults makes one.

The core classes take one dict. A declared class binds Keras's arguments to it, refuses unknown
ones, and keeps them as the object's config.
"""

import inspect
import warnings

_REQUIRED = inspect.Parameter.empty


def declare(name, core, required=(), defaults=None, doc="", extra=None, convert=None, module=None,
            ignored=()):
    """A subclass of `core` with Keras's signature.

    `required` and `defaults` are its arguments in order, `extra` further keyword-only ones,
    `ignored` those accepted only as None. `convert(values)` may change values for the core.
    """
    defaults, extra = dict(defaults or {}), dict(extra or {})
    parameters = [inspect.Parameter(n, inspect.Parameter.POSITIONAL_OR_KEYWORD) for n in required]
    parameters += [
        inspect.Parameter(n, inspect.Parameter.POSITIONAL_OR_KEYWORD, default=v)
        for n, v in defaults.items()
    ]
    parameters += [
        inspect.Parameter(n, inspect.Parameter.KEYWORD_ONLY, default=v) for n, v in extra.items()
    ]
    signature = inspect.Signature(parameters)

    def __init__(self, *args, **kwargs):
        for key in ignored:
            if kwargs.pop(key, None) is not None:
                raise NotImplementedError(f"{name}: {key} is not there yet; leave it None")
        try:
            bound = signature.bind(*args, **kwargs)
        except TypeError as problem:
            raise TypeError(f"{name}: {problem}") from None
        bound.apply_defaults()
        values = dict(bound.arguments)
        core.__init__(self, convert(dict(values)) if convert else values)
        self._config = values
        after = getattr(self, "_after_init", None)
        if after:
            after()

    def __init_subclass__(cls, **kwargs):
        super(made, cls).__init_subclass__(**kwargs)
        for method in ("call", "build"):
            if method in vars(cls):
                raise NotImplementedError(
                    f"{cls.__name__}: {name} is C++, its {method}() cannot be overridden; subclass "
                    f"the base class and use a {name} inside")

    own = inspect.Parameter("self", inspect.Parameter.POSITIONAL_OR_KEYWORD)
    __init__.__signature__ = signature.replace(parameters=[own, *parameters])
    made = type(name, (core,), {"__init__": __init__, "__doc__": doc,
                                "__init_subclass__": __init_subclass__,
                                "__module__": module or __name__})
    return made


def begun(core):
    """Makes objects of subclasses whole before their own __init__, which then need not call this one."""
    plain_new, plain_init = core.__new__, core.__init__

    def __new__(cls, *args, **kwargs):
        self = plain_new(cls)
        if not cls.__module__.startswith("linnet."):
            plain_init(self)
            self.__dict__["_begun"] = True
        return self

    def __init__(self, *args, **kwargs):
        if not self.__dict__.get("_begun"):
            plain_init(self, *args, **kwargs)

    core.__new__, core.__init__ = staticmethod(__new__), __init__


class Configured:
    """What has a configuration: the arguments that make the same object."""

    def get_config(self):
        """The arguments that make the same object."""
        return {}

    @classmethod
    def from_config(cls, config):
        """An object of these arguments."""
        return cls(**config)

    def clone(self):
        """Another object of the same arguments."""
        return type(self).from_config(self.get_config())


def open_base(core):
    """What makes a Python class over Configured the base of the core's objects of a kind, and of classes
    of a program's, which are objects that the core calls: a metaclass. The core's objects get their
    configurations here."""
    core.get_config = lambda self: dict(self._config)
    core.from_config = classmethod(lambda cls, config: cls(**config))

    class Base(type):
        def __instancecheck__(cls, value):
            return type.__instancecheck__(cls, value) or cls._is_base and isinstance(value, core)

        def __subclasscheck__(cls, kind):
            return type.__subclasscheck__(cls, kind) or cls._is_base and issubclass(kind, core)

        @property
        def _is_base(cls):
            return cls.__module__.startswith("linnet.") and cls.__bases__ == (Configured,)

    return Base


def snake_case(name):
    """Keras's automatic names: MaxPooling2D -> max_pooling2d, ReLU -> re_lu."""
    import re

    text = re.sub(r"\W+", "", name)
    text = re.sub("(.)([A-Z][a-z]+)", r"\1_\2", text)
    return re.sub("([a-z])([A-Z])", r"\1_\2", text).lower()


def warn(message):
    warnings.warn(message, UserWarning, stacklevel=3)
