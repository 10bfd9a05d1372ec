"""Nests: lists, tuples and dicts with values at their leaves."""


def _is_sequence(nest):
    return isinstance(nest, (list, tuple)) and not getattr(nest, "_is_leaf", False)


def flatten(nest):
    """The leaves, in order."""
    if isinstance(nest, dict):
        return [leaf for value in nest.values() for leaf in flatten(value)]
    if _is_sequence(nest):
        return [leaf for value in nest for leaf in flatten(value)]
    return [nest]


def pack(nest, leaves):
    """A nest like `nest` with these leaves."""
    leaves = iter(leaves)

    def build(part):
        if isinstance(part, dict):
            return {key: build(value) for key, value in part.items()}
        if _is_sequence(part):
            items = [build(value) for value in part]
            if isinstance(part, list):
                return items
            return type(part)(*items) if hasattr(part, "_fields") else tuple(items)
        return next(leaves)

    return build(nest)


def map_structure(function, *nests):
    """function of the leaves that lie at the same place."""
    rows = zip(*[flatten(nest) for nest in nests])
    return pack(nests[0], [function(*row) for row in rows])
