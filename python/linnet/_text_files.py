"""Datasets of files: their names, lines and rows."""

import csv
import glob
import gzip
import io
import os
import zlib

from . import _core
from .errors import InvalidArgumentError, IOError
from .errors import ValueError as LinnetValueError


def _names(filenames):
    if hasattr(filenames, "numpy"):
        filenames = filenames.numpy()
    many = isinstance(filenames, (list, tuple))
    return [os.fsdecode(name) for name in (filenames if many else [filenames])]


def _open(name, compression):
    try:
        if not compression:
            return open(name, newline="", encoding="utf-8")
        if compression == "GZIP":
            return gzip.open(name, "rt", newline="", encoding="utf-8")
        if compression == "ZLIB":
            with open(name, "rb") as file:
                return io.StringIO(zlib.decompress(file.read()).decode(), newline="")
    except OSError as problem:
        raise IOError(f"[data] cannot read '{name}': {problem.strerror or problem}") from None
    raise LinnetValueError(f"compression_type {compression!r}: expected '', 'GZIP' or 'ZLIB'")


def matching_files(file_pattern):
    """The files that match one pattern or several, sorted."""
    patterns = _names(file_pattern)
    found = sorted({name for pattern in patterns for name in glob.glob(pattern)})
    if not found:
        raise InvalidArgumentError(f"[list_files] no files match {', '.join(patterns)}")
    return found


def lines(filenames, compression_type=""):
    """A function that iterates over the lines of files, without their ends."""
    def generate():
        for name in _names(filenames):
            with _open(name, compression_type) as file:
                for line in file:
                    yield line.rstrip("\n").rstrip("\r")

    return generate


def rows(filenames, record_defaults, compression_type=None, header=False, field_delim=",",
         use_quote_delim=True, na_value="", select_cols=None):
    """A function that iterates over the rows of CSV files."""
    fields = [_Field(default) for default in record_defaults]
    quoting = csv.QUOTE_MINIMAL if use_quote_delim else csv.QUOTE_NONE

    def generate():
        for name in _names(filenames):
            with _open(name, compression_type) as file:
                reader = csv.reader(file, delimiter=field_delim, quoting=quoting)
                for number, row in enumerate(reader):
                    if (header and number == 0) or not row:
                        continue
                    cells = row if select_cols is None else [row[i] for i in select_cols]
                    if len(cells) != len(fields):
                        raise InvalidArgumentError(f"[CsvDataset] '{name}', row {number}: expected "
                                                   f"{len(fields)} fields, got {len(cells)}")
                    yield tuple(field.read(cell, na_value) for field, cell in zip(fields, cells))

    return generate


class _Field:
    """A column: its dtype, and what stands for an empty cell (None: nothing may)."""

    def __init__(self, default):
        required = isinstance(default, _core.DType) or isinstance(default, type)
        if isinstance(default, type):
            default = {int: "int32", float: "float32", str: "string"}.get(default, default)
        if isinstance(default, (list, tuple)) and len(default) == 1:
            default = default[0]
        elif hasattr(default, "shape") and tuple(default.shape) == (1,):
            default = default[0]
        self.text = isinstance(default, (str, bytes))
        self.default = None if required else default
        if not self.text:
            self.dtype = _core.as_dtype(default) if required else \
                _core.convert_to_tensor(default).dtype

    def read(self, cell, na_value):
        if cell == "" or cell == na_value:
            if self.default is None:
                raise InvalidArgumentError("[CsvDataset] a required field is empty")
            return self.default if self.text else _core.cast(self.default, self.dtype)
        if self.text:
            return cell
        try:
            number = float(cell) if self.dtype.is_floating else int(cell)
        except ValueError:
            raise InvalidArgumentError(f"[CsvDataset] {cell!r} is no {self.dtype.name}") from None
        return _core.constant(number, self.dtype)
