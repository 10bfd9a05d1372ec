"""Linnet's exceptions: each is a linnet.Error and the built-in exception that fits."""

import builtins
import linnet

class CaptureError(Error, builtins.TypeError):
    """Something that needs a value was asked of a traced tensor."""

class ControlFlowError(CaptureError, NotSupportedError):
    """Python code asked for the value of a traced tensor: a number of it, or an `if`, `while` or
    `for` that linnet.function could not rewrite (no source, or `autograph=False`). Use
    linnet.cond and linnet.while_loop there."""

class DTypeError(InvalidArgumentError, builtins.TypeError):
    """A dtype or the type of an argument is not accepted."""

class DeviceError(Error, builtins.RuntimeError):
    """Tensors lie on different devices, or a device does not exist."""

class Error(builtins.Exception):
    """Base of everything Linnet raises."""

class IOError(Error, builtins.OSError):
    """A file cannot be read, written or trusted."""

class IndexError(InvalidArgumentError, ValueError, builtins.IndexError):
    """An index, axis or label is out of range."""

class InvalidArgumentError(Error):
    """An argument of an op does not fit; the name TensorFlow uses."""

NotFoundError = IOError

class NotSupportedError(Error, builtins.NotImplementedError):
    """There is no implementation for this."""

class NumericsError(InvalidArgumentError, builtins.ArithmeticError):
    """NaN or infinity where they are checked for."""

OpError = Error

OperatorNotAllowedInGraphError = CaptureError

class OutOfMemoryError(Error, builtins.MemoryError):
    """Memory could not be had."""

class OutOfRangeError(Error):
    """An iterator has no more elements."""

ResourceExhaustedError = OutOfMemoryError

class ShapeError(InvalidArgumentError, ValueError):
    """Shapes or ranks do not fit."""

class TapeError(Error, builtins.RuntimeError):
    """A gradient tape was used against its rules."""

UnimplementedError = NotSupportedError

class ValueError(Error, builtins.ValueError):
    """An argument's value is not allowed."""
