"""Strings. Tensors hold numbers, so that a string travels through a pipeline or a model as its number in
the process's table of strings; outside it is a Text, and several are Texts."""

import threading

from . import _core
from ._numpy import np


class StringType(str):
    """linnet.string: the dtype of strings."""

    name, is_floating, is_integer, is_bool = "string", False, False, False
    as_numpy_dtype = object

    def __repr__(self):
        return "linnet.string"


STRING = StringType("string")


class Text(str):
    """A string with what programs ask a string tensor for."""

    dtype, ndim, _is_traced = STRING, 0, False

    @property
    def shape(self):
        return _shape(())

    def numpy(self):
        return self.encode()


class Texts(list):
    """Several strings, nested as their shape says."""

    dtype, _is_leaf, _is_traced = STRING, True, False

    def numpy(self):
        return _array(_bytes(self))

    def __array__(self, dtype=None, copy=None):
        return self.numpy()

    def __getitem__(self, key):
        if isinstance(key, tuple):
            found = _array(plain(self))[key]
            return make(found)
        found = super().__getitem__(int(key) if hasattr(key, "numpy") else key)
        return Texts(found) if isinstance(key, slice) else found

    def __eq__(self, other):
        return _core.constant(_array(plain(self)) == (_array(plain(other)) if isinstance(
            other, (list, np.ndarray)) else str(other)))

    __hash__ = None

    @property
    def shape(self):
        return _shape((len(self), *(self[0].shape if self else ())))

    @property
    def ndim(self):
        return len(self.shape)


def _shape(extents):
    from ._shape import TensorShape

    return TensorShape(extents)


def _bytes(part):
    return [_bytes(p) for p in part] if isinstance(part, list) else str(part).encode()


def _array(nested):
    """An array of objects of nested lists of equal lengths."""
    return np.array(nested, object)


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


def _is_array(value):
    return type(value).__module__ == "numpy" and isinstance(value, np.ndarray)


def is_text(value):
    """A string, or a list or array of strings."""
    if _is_array(value):
        return value.dtype.kind in "USO" and bool(value.size) and (
            value.dtype.kind != "O" or is_text(value.flat[0]))
    if isinstance(value, Texts):
        return True
    if isinstance(value, (list, tuple)):
        return bool(value) and is_text(value[0])
    return isinstance(value, (str, bytes, TextPlace))


def _is_many(value):
    return isinstance(value, (list, tuple)) or _is_array(value) and value.ndim > 0


def _plain_one(value):
    return value.decode("utf-8", "replace") if isinstance(value, bytes) else str(value)


def plain(value):
    """Nested lists of str."""
    if _is_many(value):
        return [plain(part) for part in value]
    return _plain_one(value.item() if _is_array(value) else value)


def make(value):
    """A Text or Texts."""
    if _is_many(value):
        return Texts(make(part) for part in value)
    return Text(_plain_one(value.item() if _is_array(value) else value))


def map_texts(function, value):
    """function of each str, in nested lists."""
    if _is_many(value):
        return [map_texts(function, part) for part in value]
    return function(_plain_one(value.item() if _is_array(value) else value))


def encode(value):
    """The strings' numbers."""
    if isinstance(value, (list, tuple, np.ndarray)):
        return _core.constant(np.array(_encoded(value), "int64"))
    return _core.constant(_encoded(value), "int64")


def _encoded(value):
    if isinstance(value, (list, tuple, np.ndarray)):
        return [_encoded(part) for part in value]
    return _number(_plain_one(value))


def decode(numbers):
    """The strings of a tensor of numbers."""
    def build(part):
        return Texts(build(p) for p in part) if isinstance(part, list) else _strings[part]

    return build(numbers.numpy().tolist())
