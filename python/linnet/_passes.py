"""Passes over datasets, and options of them that change nothing here."""

from .errors import OutOfRangeError


class OwnedIterator:
    """One pass over a dataset."""

    def __init__(self, dataset):
        self._dataset, self._tensors = dataset, dataset._tensors()

    def __iter__(self):
        return self

    def __next__(self):
        return self._dataset._element(next(self._tensors))

    def get_next(self):
        """The next element; OutOfRangeError at the end."""
        try:
            return next(self)
        except StopIteration:
            raise OutOfRangeError("[data] the dataset has no more elements") from None

    @property
    def element_spec(self):
        return self._dataset.element_spec


class Anything:
    """What takes any setting."""

    def __getattr__(self, name):
        if name.startswith("__"):
            raise AttributeError(name)
        value = Anything()
        object.__setattr__(self, name, value)
        return value
