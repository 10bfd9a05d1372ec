"""Methods of Variable that are compositions of ops."""

from . import _core


def _scattered(name, scatter, doc):
    def method(self, indices, updates, name=None):
        return self.assign(scatter(self.value(), indices, _core.cast(updates, self.dtype)))

    method.__name__, method.__doc__ = name, doc
    setattr(_core.Variable, name, method)


def _gather_nd(self, indices, name=None):
    """The elements (or slices) at the indices in the rows of `indices`."""
    return _core.gather_nd(self.value(), indices)


def _sparse_read(self, indices, name=None):
    """The slices at indices along the first axis."""
    return _core.gather(self.value(), indices)


def install():
    _scattered("scatter_nd_update", _core.tensor_scatter_nd_update, "Replaces what lies at indices.")
    _scattered("scatter_nd_add", _core.tensor_scatter_nd_add, "Adds to what lies at indices.")
    _scattered("scatter_nd_sub", _core.tensor_scatter_nd_sub, "Subtracts from what lies at indices.")
    _core.Variable.gather_nd, _core.Variable.sparse_read = _gather_nd, _sparse_read
