"""linnet.strings: strings of datasets, and Python's, under TensorFlow's names. They are no tensors: these
functions run as Python, outside of captured functions."""

import linnet
from builtins import bool as _bool
from typing import Any
from linnet._typing import Axis as _Axis, DTypeLike as _DTypeLike

from linnet.errors import InvalidArgumentError as InvalidArgumentError

def as_string(input: Any, precision: int = -1, name: str | None = None, **_: Any) -> Any:
    """Numbers as strings."""
    ...

def bytes_split(input: Any, name: str | None = None) -> Any:
    """The characters."""
    ...

def format(template: Any, inputs: Any, placeholder: str = '{}', summarize: int = 3, name: str | None = None) -> Any:
    """The template with each placeholder replaced by a value."""
    ...

def join(inputs: Any, separator: str = '', name: str | None = None) -> Any:
    """The strings at the same place of each input, joined."""
    ...

def length(input: Any, unit: str = 'BYTE', name: str | None = None) -> Any:
    """How many bytes (or, unit="UTF8_CHAR", characters)."""
    ...

def lower(input: Any, encoding: str = '', name: str | None = None) -> Any:
    """In small letters."""
    ...

def reduce_join(inputs: Any, axis: _Axis = None, keepdims: _bool = False, separator: str = '', name: str | None = None) -> Any:
    """All strings (of each row, axis=-1) joined."""
    ...

def regex_full_match(input: Any, pattern: Any, name: str | None = None) -> Any:
    """Whether the whole string matches a regular expression."""
    ...

def regex_replace(input: Any, pattern: Any, rewrite: Any, replace_global: _bool = True, name: str | None = None) -> Any:
    """What matches a regular expression (Python's) replaced; \\\\1 is the first group."""
    ...

def split(input: Any, sep: Any = None, maxsplit: int = -1, name: str | None = None) -> Any:
    """The words between separators (white space by default): lists, of different lengths maybe."""
    ...

def strip(input: Any, name: str | None = None) -> Any:
    """Without spaces at both ends."""
    ...

def substr(input: Any, pos: Any, len: Any, unit: str = 'BYTE', name: str | None = None) -> Any:
    """`len` bytes (or characters) from `pos` on."""
    ...

def to_number(input: Any, out_type: _DTypeLike = 'float32', name: str | None = None) -> Any:
    """The numbers that the strings spell; InvalidArgumentError if one does not."""
    ...

def unicode_split(input: Any, input_encoding: str = 'UTF-8', errors: str = 'replace', replacement_char: int = 65533, name: str | None = None) -> Any:
    """The characters: lists, of different lengths maybe."""
    ...

def upper(input: Any, encoding: str = '', name: str | None = None) -> Any:
    """In capital letters."""
    ...
