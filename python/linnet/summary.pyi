"""linnet.summary: scalars for TensorBoard."""

from typing import Any

class SummaryWriter:
    """A folder's file of events."""

    def __init__(self, logdir: Any) -> None: ...

    def as_default(self, step: Any = None) -> Any:
        """In its block, summaries go here."""
        ...

    def set_as_default(self, step: Any = None) -> Any:
        """From now on, summaries go here."""
        ...

    def flush(self) -> Any: ...

    def close(self) -> Any: ...

def create_file_writer(logdir: Any, max_queue: Any = None, flush_millis: Any = None, filename_suffix: Any = None, name: str | None = None) -> Any:
    """A SummaryWriter of events in this folder."""
    ...

def flush(writer: Any = None) -> Any:
    """What was written goes to the file."""
    ...

def scalar(name: str | None, data: Any, step: Any = None, description: Any = None) -> Any:
    """Writes a number to the default writer (if there is one): True if it was written."""
    ...
