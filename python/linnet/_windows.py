"""What Dataset.window() gives."""

from . import _core


class Windows:
    """What Dataset.window() gives: windows, each a Dataset; flat_map() makes elements of them."""

    def __init__(self, source, size, shift, stride, drop_remainder):
        if min(size, shift, stride) < 1:
            raise ValueError(f"window: size, shift and stride are at least 1, got {size}, {shift}, "
                             f"{stride}")
        self._source, self._size, self._shift = source, size, shift
        self._stride, self._drop_remainder = stride, drop_remainder

    def _groups(self):
        span, held, skip = (self._size - 1) * self._stride + 1, [], 0
        for tensors in self._source._tensors():
            if skip:
                skip -= 1
                continue
            held.append(tensors)
            if len(held) == span:
                yield held[::self._stride]
                skip = max(0, self._shift - span)
                del held[:self._shift]
        while held and not self._drop_remainder:
            yield held[::self._stride]
            del held[:self._shift]

    def __iter__(self):
        self._source._structure()
        for group in self._groups():
            columns = [_core.stack(list(column), 0) for column in zip(*group)]
            yield self._source._like(_core._Dataset.from_tensor_slices(columns))

    def flat_map(self, map_func, name=None):
        """The elements of map_func(window), one window after the other."""
        from .data import Dataset, _Cell

        cell = _Cell(known=False)

        def make():
            for window in self:
                made = map_func(window)
                if not cell.known:
                    cell.value, cell.known = made._structure(), True
                yield from made._tensors()

        return Dataset(_core._Dataset.from_generator(make), cell)
