"""linnet.summary: scalars for TensorBoard."""

import contextlib
import os

from . import _core
from ._missing import missing

_writers, _steps = [], []


class SummaryWriter:
    """A folder's file of events."""

    def __init__(self, logdir):
        from .keras._tensorboard import EventWriter

        self._events = EventWriter(os.fspath(logdir))

    @contextlib.contextmanager
    def as_default(self, step=None):
        """In its block, summaries go here."""
        _writers.append(self)
        _steps.append(step)
        try:
            yield self
        finally:
            _writers.pop()
            _steps.pop()
            self.flush()

    def set_as_default(self, step=None):
        """From now on, summaries go here."""
        _writers[:], _steps[:] = [self], [step]

    def flush(self):
        self._events.flush()

    def close(self):
        self._events.close()


def create_file_writer(logdir, max_queue=None, flush_millis=None, filename_suffix=None, name=None):
    """A SummaryWriter of events in this folder."""
    return SummaryWriter(logdir)


def scalar(name, data, step=None, description=None):
    """Writes a number to the default writer (if there is one): True if it was written."""
    if not _writers:
        return False
    step = _steps[-1] if step is None else step
    if step is None:
        raise ValueError("summary.scalar: step is missing")
    tensor = _core.convert_to_tensor(data)
    if tensor._is_traced:
        from ._python_call import py_function

        events = _writers[-1]._events
        py_function(lambda x, s: events.scalar(name, float(x), int(s)),
                    [tensor, _core.convert_to_tensor(step)], [])
    else:
        _writers[-1]._events.scalar(name, float(tensor), int(step))
    return True


def flush(writer=None):
    """What was written goes to the file."""
    for each in [writer] if writer else _writers:
        each.flush()


def __getattr__(name):
    raise missing(__name__, name, {key: "summary.scalar" for key in ("image", "histogram", "text", "audio")})
