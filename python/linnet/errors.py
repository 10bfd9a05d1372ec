"""Linnet's exceptions: each is a linnet.Error and the built-in exception that fits."""

import builtins


class Error(Exception):
    """Base of everything Linnet raises."""


class InvalidArgumentError(Error):
    """An argument of an op does not fit; the name TensorFlow uses."""


class ValueError(Error, builtins.ValueError):
    """An argument's value is not allowed."""


class ShapeError(InvalidArgumentError, ValueError):
    """Shapes or ranks do not fit."""


class IndexError(InvalidArgumentError, ValueError, builtins.IndexError):
    """An index, axis or label is out of range."""


class DTypeError(InvalidArgumentError, TypeError):
    """A dtype or the type of an argument is not accepted."""


class DeviceError(Error, RuntimeError):
    """Tensors lie on different devices, or a device does not exist."""


class IOError(Error, OSError):
    """A file cannot be read, written or trusted."""


class NotSupportedError(Error, NotImplementedError):
    """There is no implementation for this."""


class CaptureError(Error, TypeError):
    """Something that needs a value was asked of a traced tensor."""


class TapeError(Error, RuntimeError):
    """A gradient tape was used against its rules."""


class OutOfMemoryError(Error, MemoryError):
    """Memory could not be had."""


class NumericsError(InvalidArgumentError, ArithmeticError):
    """NaN or infinity where they are checked for."""


class OutOfRangeError(Error):
    """An iterator has no more elements."""


ResourceExhaustedError = OutOfMemoryError
NotFoundError = IOError
UnimplementedError = NotSupportedError
OperatorNotAllowedInGraphError = CaptureError
OpError = Error


class ControlFlowError(CaptureError, NotSupportedError):
    """Python code asked for the value of a traced tensor: a number of it, or an `if`, `while` or
    `for` that linnet.function could not rewrite (no source, or `autograph=False`). Use
    linnet.cond and linnet.while_loop there.
    """
