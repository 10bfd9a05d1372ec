"""What rewritten functions call: branches, loops, boolean expressions, calls. Rewriting begins when this
module is loaded."""

import sys

from . import _source
from ._flow import (  # noqa: F401
    and_, assert_, chain, cond, get, if_, if_exp, not_, or_, result, undefined,
)
from ._loops import for_, while_, while_loop  # noqa: F401
from ._source import call  # noqa: F401

_source.use(sys.modules[__name__])
