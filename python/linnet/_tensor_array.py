"""TensorArray: tensors of one dtype by their places."""

from . import _core
from ._flow_values import _is_traced, begin_again_buffered
from .errors import DTypeError, IndexError, ShapeError, ValueError


class TensorArray:
    """Tensors of one dtype (and shape, unless infer_shape is False) by their places 0, 1, ...

    >>> steps = TensorArray(float32, size=0, dynamic_size=True)
    >>> for i in range(3):
    ...     steps = steps.write(i, x * i)
    >>> y = steps.stack()                       # [3] + x.shape

    write() gives the array to go on with. In a captured loop the array is one tensor: with
    dynamic_size it has as many places as the loop has rows or maximum_iterations, and places that
    were not written are 0; a loop of unknown length needs `size`.
    """

    def __init__(self, dtype, size=None, dynamic_size=None, clear_after_read=None,
                 tensor_array_name=None, handle=None, flow=None, infer_shape=True,
                 element_shape=None, colocate_with_first_write_call=True, name=None):
        self.dtype = _core.as_dtype(dtype)
        self.dynamic_size = bool(dynamic_size)
        self._infer_shape = infer_shape
        self._shape = None if element_shape is None or None in tuple(element_shape) \
            else tuple(element_shape)
        count = 0 if size is None else int(size)
        if count < 0:
            raise ValueError(f"[TensorArray] size is {count}")
        self._items, self._buffer = [None] * count, None

    # As a nest its only part is the buffer.

    def _ln_parts(self):
        return [] if self._buffer is None else [self._buffer]

    def _ln_rebuild(self, parts):
        if self._buffer is None:
            return self
        return self._with(None, parts[0])

    def _with(self, items, buffer=None):
        other = TensorArray.__new__(TensorArray)
        other.__dict__.update(self.__dict__)
        other._items, other._buffer = items, buffer
        return other

    def _buffered(self, shape, limit=None):
        """The same elements as one tensor, with room for `limit` of them."""
        if self._buffer is not None:
            return self
        items = list(self._items)
        if self.dynamic_size and limit is not None:
            items += [None] * (limit - len(items))
        zeros = _core.zeros(shape, self.dtype)
        rows = [zeros if item is None else item for item in items]
        if not any(item is not None for item in items):
            return self._with(None, _core.zeros([len(items), *shape], self.dtype))
        return self._with(None, _core.stack(rows, 0))

    # Writing and reading.

    def _element(self, value):
        value = _core.convert_to_tensor(value, dtype_hint=self.dtype)
        if value.dtype != self.dtype:
            raise DTypeError(f"[TensorArray] an element is {value.dtype!r}, expected {self.dtype!r}")
        shape = tuple(value.shape)
        if self._infer_shape and self._shape is not None and shape != self._shape:
            raise ShapeError(f"[TensorArray] an element has shape {shape}, expected {self._shape}")
        return value

    def _place(self, index, length):
        at = int(index)
        if not 0 <= at < length:
            raise IndexError(f"[TensorArray] index {at} is out of range for {length} elements")
        return at

    def write(self, index, value, name=None):
        """The array with `value` at a place."""
        value = self._element(value)
        if self._buffer is None:
            begin_again_buffered(self, tuple(value.shape))
            if _is_traced(index):
                return self._buffered(tuple(value.shape)).write(index, value)
            return self._write_item(index, value)
        if not _is_traced(index):
            index = self._place(index, self._buffer.shape[0])
        at = _core.reshape(_core.convert_to_tensor(index), [1, 1])
        return self._with(None, _core.tensor_scatter_nd_update(
            self._buffer, at, _core.expand_dims(value, 0)))

    def _write_item(self, index, value):
        at = int(index)
        target = self._with(list(self._items)) if _core._is_tracing() else self
        if self.dynamic_size and at >= len(target._items):
            target._items += [None] * (at + 1 - len(target._items))
        target._items[self._place(at, len(target._items))] = value
        if self._infer_shape:
            target._shape = tuple(value.shape)
        return target

    def read(self, index, name=None):
        """The element at a place."""
        if not _is_traced(index):
            if self._buffer is not None:
                return self._buffer[self._place(index, self._buffer.shape[0])]
            item = self._items[self._place(index, len(self._items))]
            return self._unwritten() if item is None else item
        return _core.gather(self.stack(), index)

    def _unwritten(self):
        if self._shape is None:
            raise ValueError("[TensorArray] an element is read before it, or any, was written")
        return _core.zeros(self._shape, self.dtype)

    # The whole.

    def stack(self, name=None):
        """All elements along a new first axis."""
        if self._buffer is not None:
            return self._buffer
        if not self._items:
            return _core.zeros([0, *(self._shape or ())], self.dtype)
        return _core.stack([self._unwritten() if x is None else x for x in self._items], 0)

    def concat(self, name=None):
        """All elements one after the other along their first axis."""
        if self._buffer is not None:
            return _core.reshape(self._buffer, [-1, *self._buffer.shape[2:]])
        return _core.concat([self._unwritten() if x is None else x for x in self._items], 0)

    def gather(self, indices, name=None):
        """The elements at several places, along a new first axis."""
        return _core.gather(self.stack(), indices)

    def unstack(self, value, name=None):
        """An array of a tensor's rows."""
        value = _core.convert_to_tensor(value, dtype_hint=self.dtype)
        out = self._with([self._element(row) for row in _core.unstack(value)])
        if self._infer_shape:
            out._shape = tuple(value.shape)[1:]
        return out

    def scatter(self, indices, value, name=None):
        """The array with a tensor's rows at these places."""
        out = self
        value = _core.convert_to_tensor(value, dtype_hint=self.dtype)
        for i, row in enumerate(_core.unstack(value)):
            out = out.write(_core.convert_to_tensor(indices)[i], row)
        return out

    def split(self, value, lengths, name=None):
        """An array of pieces of a tensor, of these lengths."""
        value = _core.convert_to_tensor(value, dtype_hint=self.dtype)
        return self._with(list(_core.split(value, [int(n) for n in lengths], 0)))

    def size(self, name=None):
        """How many places there are."""
        return _core.constant(len(self._items) if self._buffer is None else self._buffer.shape[0])

    def identity(self):
        return self

    def mark_used(self):
        pass

    def close(self, name=None):
        """Forgets the elements."""
        self._items, self._buffer = [], None

    @property
    def element_shape(self):
        from ._shape import TensorShape

        if self._buffer is not None:
            return TensorShape(tuple(self._buffer.shape)[1:])
        return TensorShape(self._shape)

    def __repr__(self):
        return f"<linnet.TensorArray of {int(self.size())} elements, dtype={self.dtype!r}>"
