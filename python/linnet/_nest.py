"""Nests: lists, tuples, dicts and what has _ln_parts (TensorArray), with values at their leaves."""


def _is_sequence(nest):
    return isinstance(nest, (list, tuple)) and not getattr(nest, "_is_leaf", False)


def sequence_like(nest, items):
    """A list, tuple or named tuple of the items, as `nest` is."""
    if isinstance(nest, list):
        return list(items)
    return type(nest)(*items) if hasattr(nest, "_fields") else tuple(items)


def same_structure(a, b):
    """True if leaves lie at the same places."""
    if isinstance(a, dict) or isinstance(b, dict):
        return (isinstance(a, dict) and isinstance(b, dict) and list(a) == list(b)
                and all(same_structure(a[key], b[key]) for key in a))
    if _is_sequence(a) or _is_sequence(b):
        return (_is_sequence(a) and _is_sequence(b) and type(a) is type(b) and len(a) == len(b)
                and all(map(same_structure, a, b)))
    if hasattr(type(a), "_ln_parts") and hasattr(type(b), "_ln_parts"):
        return len(a._ln_parts()) == len(b._ln_parts())
    return True


def flatten(nest):
    """The leaves, in order."""
    if isinstance(nest, dict):
        return [leaf for value in nest.values() for leaf in flatten(value)]
    if _is_sequence(nest):
        return [leaf for value in nest for leaf in flatten(value)]
    if hasattr(type(nest), "_ln_parts") and nest._ln_parts():
        return nest._ln_parts()
    return [nest]


def pack(nest, leaves):
    """A nest like `nest` with these leaves."""
    leaves = iter(leaves)

    def build(part):
        if isinstance(part, dict):
            return {key: build(value) for key, value in part.items()}
        if _is_sequence(part):
            return sequence_like(part, [build(value) for value in part])
        if hasattr(type(part), "_ln_parts") and part._ln_parts():
            return part._ln_rebuild([next(leaves) for _ in part._ln_parts()])
        return next(leaves)

    return build(nest)


def map_structure(function, *nests):
    """function of the leaves that lie at the same place."""
    rows = zip(*[flatten(nest) for nest in nests])
    return pack(nests[0], [function(*row) for row in rows])
