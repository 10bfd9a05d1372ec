"""What a `get(identifier)` of Keras's modules does: names, classes, configurations and objects
become objects."""

from ._serialize import deserialize_value

# What the modules' names hold besides what they offer.
_HELPERS = {"declare", "deserialize", "find", "for_core", "get", "missing", "serialize",
            "snake_case"}


def find(identifier, names, base, what, functions=False):
    """The object meant: None, an object or a function as it is, a class's new object, what a
    dict of `class_name` and `config` describes, or what `names`, a module's globals, holds under a
    name: a new object of a subclass of `base` or, with `functions`, a public function. ValueError
    for anything else; `what` names the kind in it."""
    if isinstance(identifier, dict):
        identifier = _described(identifier, names, what)
    if isinstance(identifier, type):
        return identifier()
    if identifier is None or callable(identifier):
        return identifier
    if isinstance(identifier, str):
        found = names.get(identifier)
        if base is not None and isinstance(found, type) and issubclass(found, base):
            return found()
        if functions and is_function(identifier, found):
            return found
    raise not_understood(identifier, what)


def is_function(name, found):
    """True if a module offers a function under this name."""
    return (callable(found) and not isinstance(found, type) and not name.startswith("_")
            and name not in _HELPERS)


def not_understood(identifier, what):
    return ValueError(f"Could not interpret {what} identifier: {identifier!r}")


def _described(config, names, what):
    name = config.get("class_name")
    if not isinstance(name, str) or not isinstance(config.get("config"), dict):
        raise not_understood(config, what)
    found = names.get(name)
    if isinstance(found, type) and hasattr(found, "from_config"):
        return found.from_config(config["config"])
    return deserialize_value(config)
