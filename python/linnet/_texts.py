"""Strings in datasets. Tensors hold numbers, so that a string travels through a pipeline as its number
in the process's table of strings, and comes out as a Text again."""

import threading

import numpy as np

from . import _core


class Text(str):
    """A string out of a dataset: Python's str, with what programs ask a string tensor for."""

    shape, dtype = (), "string"

    def numpy(self):
        return self.encode()


class Texts(list):
    """A batch of strings."""

    dtype, _is_leaf = "string", True

    def numpy(self):
        return np.array([np.asarray(t.numpy(), object) for t in self], object)

    @property
    def shape(self):
        return (len(self), *(self[0].shape if self else ()))


class TextPlace(int):
    """The place of strings in the structure of a dataset's elements."""


_lock = threading.Lock()
_strings, _numbers = [], {}


def _number(text):
    with _lock:
        if text not in _numbers:
            _numbers[text] = len(_strings)
            _strings.append(Text(text))
        return _numbers[text]


def is_text(value):
    """A string, or a list or array of strings."""
    if isinstance(value, np.ndarray):
        return value.dtype.kind in "US" or value.dtype.kind == "O" and bool(value.size) and \
            is_text(value.flat[0])
    if isinstance(value, list):
        return bool(value) and is_text(value[0])
    return isinstance(value, (str, bytes, TextPlace))


def encode(value):
    """The strings' numbers."""
    if isinstance(value, (list, np.ndarray)):
        parts = [_plain(part) for part in value]
        return _core.constant(np.array(parts, "int64"))
    return _core.constant(_plain(value), "int64")


def _plain(value):
    if isinstance(value, (list, np.ndarray)):
        return [_plain(part) for part in value]
    return _number(value.decode() if isinstance(value, bytes) else str(value))


def decode(numbers):
    """The strings of a tensor of numbers."""
    def build(part):
        return Texts(build(p) for p in part) if isinstance(part, list) else _strings[part]

    return build(numbers.numpy().tolist())
