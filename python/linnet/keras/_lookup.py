"""What a `get(identifier)` of Keras's modules does: names, classes and objects become objects."""


def find(identifier, names, base, what, functions=False):
    """The object meant: None, an object or a function as it is, a class's new object, or what
    `names`, a module's globals, holds under a name: a new object of a subclass of `base` or, with
    `functions`, a public function. ValueError for anything else; `what` names the kind in it."""
    if isinstance(identifier, type):
        return identifier()
    if identifier is None or callable(identifier):
        return identifier
    if isinstance(identifier, str):
        found = names.get(identifier)
        if isinstance(found, type) and issubclass(found, base):
            return found()
        if functions and callable(found) and not identifier.startswith("_"):
            return found
    raise ValueError(f"Could not interpret {what} identifier: {identifier!r}")
