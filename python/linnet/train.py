"""linnet.train: checkpoints of variables, models and optimizers."""

import glob
import os
import re

from . import _core
from ._missing import missing
from .errors import IOError
from .errors import ValueError as LinnetValueError


def _variables(obj, prefix, out):
    if isinstance(obj, _core.Variable):
        out[prefix] = obj
    elif isinstance(obj, _core.Layer):
        for name, v in obj._named_variables:
            out[f"{prefix}/{name}"] = v
    elif isinstance(obj, (list, tuple)):
        for i, part in enumerate(obj):
            _variables(part, f"{prefix}/{i}", out)
    elif isinstance(obj, dict):
        for key, part in obj.items():
            _variables(part, f"{prefix}/{key}", out)
    elif hasattr(obj, "variables"):
        for i, v in enumerate(obj.variables):
            out[f"{prefix}/{i}"] = v
    else:
        raise TypeError(f"Checkpoint: '{prefix}' holds no variables: {type(obj).__name__}")


class CheckpointStatus:
    """What restore() returns; everything was restored already."""

    def assert_consumed(self):
        return self

    def assert_existing_objects_matched(self):
        return self

    def expect_partial(self):
        return self


class Checkpoint:
    """Saves and restores all variables of the objects it is given by name."""

    def __init__(self, root=None, **kwargs):
        self._objects = dict(kwargs)
        if root is not None:
            self._objects["root"] = root
        self.save_counter = _core.Variable(0, trainable=False, name="save_counter", dtype="int64")
        for name, obj in self._objects.items():
            setattr(self, name, obj)

    def _all(self):
        out = {"save_counter": self.save_counter}
        for name, obj in self._objects.items():
            _variables(obj, name, out)
        return out

    def write(self, file_prefix, options=None):
        """Writes one file."""
        path = os.fspath(file_prefix)
        os.makedirs(os.path.dirname(path) or ".", exist_ok=True)
        _core._save_safetensors(path, {n: v.value() for n, v in self._all().items()}, {})
        return path

    def save(self, file_prefix, options=None):
        """Writes file_prefix-1, -2, ... and returns the path."""
        self.save_counter.assign_add(1)
        path = self.write(f"{os.fspath(file_prefix)}-{int(self.save_counter)}")
        folder = os.path.dirname(path) or "."
        with open(os.path.join(folder, "checkpoint"), "w", encoding="utf-8") as file:
            file.write(os.path.basename(path) + "\n")
        return path

    def read(self, save_path, options=None):
        """Restores all variables; nothing is set unless all fit."""
        tensors, _ = _core._load_safetensors(os.fspath(save_path))
        mine = self._all()
        absent = [name for name in mine if name not in tensors]
        if absent:
            raise LinnetValueError(f"[restore] '{save_path}' lacks {absent}")
        for name, v in mine.items():
            t = tensors[name]
            if t.shape != v.shape or t.dtype != v.dtype:
                raise LinnetValueError(f"[restore] '{name}' has shape {v.shape}, the file {t.shape}")
        for name, v in mine.items():
            v.assign(tensors[name])
        return CheckpointStatus()

    def restore(self, save_path, options=None):
        """As read(); None restores nothing."""
        return CheckpointStatus() if save_path is None else self.read(save_path)


def latest_checkpoint(checkpoint_dir, latest_filename=None):
    """The path of the newest checkpoint of a folder, or None."""
    index = os.path.join(os.fspath(checkpoint_dir), latest_filename or "checkpoint")
    try:
        with open(index, encoding="utf-8") as file:
            name = file.readline().strip()
    except OSError:
        return None
    path = os.path.join(os.fspath(checkpoint_dir), os.path.basename(name))
    return path if name and os.path.exists(path) else None


class CheckpointManager:
    """Keeps the newest checkpoints of a folder."""

    def __init__(self, checkpoint, directory, max_to_keep, checkpoint_name="ckpt"):
        self._checkpoint, self._directory = checkpoint, os.fspath(directory)
        self._keep, self._name = max_to_keep, checkpoint_name

    @property
    def checkpoints(self):
        found = glob.glob(os.path.join(glob.escape(self._directory), f"{self._name}-*"))
        numbered = [(int(m.group(1)), p) for p in found
                    if (m := re.search(r"-(\d+)$", p)) is not None]
        return [path for _, path in sorted(numbered)]

    @property
    def latest_checkpoint(self):
        return latest_checkpoint(self._directory)

    def save(self, checkpoint_number=None):
        path = self._checkpoint.save(os.path.join(self._directory, self._name))
        if self._keep:
            for old in self.checkpoints[:-self._keep]:
                try:
                    os.unlink(old)
                except OSError as problem:
                    raise IOError(f"[checkpoint] cannot remove '{old}': {problem}") from None
        return path


def __getattr__(name):
    raise missing(__name__, name)
