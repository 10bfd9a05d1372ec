"""linnet.train: checkpoints of variables, models and optimizers."""

import linnet
from typing import Any
from linnet._typing import Path as _Path

class Checkpoint:
    """Saves and restores all variables of the objects it is given by name."""

    def __init__(self, root: Any = None, **kwargs: Any) -> None: ...

    def write(self, file_prefix: Any, options: Any = None) -> str:
        """Writes one file."""
        ...

    def save(self, file_prefix: Any, options: Any = None) -> Any:
        """Writes file_prefix-1, -2, ... and returns the path."""
        ...

    def read(self, save_path: Any, options: Any = None) -> CheckpointStatus:
        """Restores all variables; nothing is set unless all fit."""
        ...

    def restore(self, save_path: Any, options: Any = None) -> CheckpointStatus:
        """As read(); None restores nothing."""
        ...

    save_counter: Any

class CheckpointManager:
    """Keeps the newest checkpoints of a folder."""

    def __init__(self, checkpoint: Any, directory: _Path, max_to_keep: int | None, checkpoint_name: str = 'ckpt') -> None: ...

    @property
    def checkpoints(self) -> list[str]: ...

    @property
    def latest_checkpoint(self) -> str | None: ...

    def save(self, checkpoint_number: Any = None) -> Any: ...

class CheckpointStatus:
    """What restore() returns; everything was restored already."""

    def assert_consumed(self) -> CheckpointStatus: ...

    def assert_existing_objects_matched(self) -> CheckpointStatus: ...

    def expect_partial(self) -> CheckpointStatus: ...

from linnet.errors import IOError as IOError

from linnet.errors import ValueError as LinnetValueError

def latest_checkpoint(checkpoint_dir: Any, latest_filename: Any = None) -> str | None:
    """The path of the newest checkpoint of a folder, or None."""
    ...
