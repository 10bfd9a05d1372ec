"""linnet.nest: nests of lists, tuples and dicts."""

from ._nest import flatten, map_structure  # noqa: F401
from ._nest import pack as pack_sequence_as  # noqa: F401
