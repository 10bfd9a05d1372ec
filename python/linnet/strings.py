"""linnet.strings: strings of datasets, and Python's, under TensorFlow's names. They are no tensors: these
functions run as Python, outside of captured functions."""

import re

from . import _core, _texts
from ._numpy import np as _np
from ._missing import missing
from .errors import InvalidArgumentError


def _each(function):
    return lambda input: _texts.make(_texts.map_texts(function, input))


def lower(input, encoding="", name=None):
    """In small letters."""
    return _each(str.lower)(input)


def upper(input, encoding="", name=None):
    """In capital letters."""
    return _each(str.upper)(input)


def strip(input, name=None):
    """Without spaces at both ends."""
    return _each(str.strip)(input)


def regex_replace(input, pattern, rewrite, replace_global=True, name=None):
    """What matches a regular expression (Python's) replaced; \\\\1 is the first group."""
    found, count = re.compile(_texts.plain(pattern)), 0 if replace_global else 1
    return _each(lambda text: found.sub(str(rewrite), text, count))(input)


def regex_full_match(input, pattern, name=None):
    """Whether the whole string matches a regular expression."""
    found = re.compile(_texts.plain(pattern))
    return _values(lambda text: found.fullmatch(text) is not None, input, "bool")


def _values(function, input, dtype):
    values = _texts.map_texts(function, input)
    return _core.constant(_np.array(values), dtype)


def length(input, unit="BYTE", name=None):
    """How many bytes (or, unit="UTF8_CHAR", characters)."""
    size = len if unit == "UTF8_CHAR" else lambda text: len(text.encode())
    return _values(size, input, "int32")


def to_number(input, out_type="float32", name=None):
    """The numbers that the strings spell; InvalidArgumentError if one does not."""
    dtype = _core.as_dtype(out_type)

    def number(text):
        try:
            return float(text) if dtype.is_floating else int(text)
        except ValueError:
            raise InvalidArgumentError(f"[to_number] {text!r} is no {dtype.name}") from None

    return _values(number, input, dtype)


def as_string(input, precision=-1, name=None, **_):
    """Numbers as strings."""
    values = _core.convert_to_tensor(input).numpy()
    if values.dtype.kind == "f":
        text = (lambda x: f"{x:.{precision}f}") if precision >= 0 else (lambda x: f"{x:f}")
    elif values.dtype.kind == "b":
        text = (lambda x: "true" if x else "false")
    else:
        text = str
    return _texts.make(_np.vectorize(text, otypes=[object])(values))


def substr(input, pos, len, unit="BYTE", name=None):
    """`len` bytes (or characters) from `pos` on."""
    pos, count = int(pos), int(len)

    def part(text):
        data = text if unit == "UTF8_CHAR" else text.encode()
        begin = pos if pos >= 0 else data.__len__() + pos
        found = data[begin:begin + count]
        return found if isinstance(found, str) else found.decode("utf-8", "replace")

    return _each(part)(input)


def _parts(function, input):
    """A list of strings for each string."""
    if isinstance(input, (list, tuple, _np.ndarray)):
        return _texts.Texts(_parts(function, part) for part in input)
    text = input.decode() if isinstance(input, bytes) else str(input)
    return _texts.Texts(_texts.Text(part) for part in function(text))


def split(input, sep=None, maxsplit=-1, name=None):
    """The words between separators (white space by default): lists, of different lengths maybe."""
    return _parts(lambda text: text.split(None if not sep else str(sep), maxsplit), input)


def unicode_split(input, input_encoding="UTF-8", errors="replace", replacement_char=65533, name=None):
    """The characters: lists, of different lengths maybe."""
    return _parts(list, input)


def bytes_split(input, name=None):
    """The characters."""
    return _parts(list, input)


def join(inputs, separator="", name=None):
    """The strings at the same place of each input, joined."""
    many = [x for x in inputs if isinstance(x, (list, tuple, _np.ndarray))]
    if not many:
        return _texts.Text(separator.join(_texts.plain(x) for x in inputs))
    rows = [x if isinstance(x, (list, tuple, _np.ndarray)) else [x] * len(many[0]) for x in inputs]
    if any(len(row) != len(many[0]) for row in rows):
        raise InvalidArgumentError(f"[join] lengths differ: {[len(row) for row in rows]}")
    return _texts.Texts(join(column, separator) for column in zip(*rows))


def reduce_join(inputs, axis=None, keepdims=False, separator="", name=None):
    """All strings (of each row, axis=-1) joined."""
    if axis is not None and inputs and isinstance(inputs[0], (list, tuple, _np.ndarray)):
        if int(axis) not in (-1, len(_texts.make(inputs).shape) - 1):
            raise NotImplementedError("reduce_join: over the last axis, or all")
        return _texts.Texts(reduce_join(part, axis, keepdims, separator) for part in inputs)
    flat = _np.ravel(_np.array(_texts.plain(inputs), object)).tolist()
    joined = _texts.Text(separator.join(flat))
    return _texts.Texts([joined]) if keepdims else joined


def format(template, inputs, placeholder="{}", summarize=3, name=None):
    """The template with each placeholder replaced by a value."""
    text = str(template)
    for value in inputs if isinstance(inputs, (list, tuple)) else [inputs]:
        text = text.replace(placeholder, str(value.numpy() if hasattr(value, "numpy") else value), 1)
    return _texts.Text(text)


def __getattr__(name):
    raise missing(__name__, name)
