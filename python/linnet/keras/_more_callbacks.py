"""Callbacks in Python: what others of the core's print, and backups of training."""

import os

from .. import _core
from ..errors import ValueError as LinnetValueError

Callback = _core.Callback


class Announcer(Callback):
    """Prints what a callback of the core's has done, as Keras does: verbose=1."""

    def __init__(self, watched):
        super().__init__()
        self._watched, self._kind = watched, type(watched).__name__

    def on_epoch_begin(self, epoch, logs=None):
        if isinstance(self._watched, _core.LearningRateScheduler):
            print(f"\nEpoch {epoch + 1}: {self._kind} setting learning rate to "
                  f"{self._learning_rate()}.")

    def on_epoch_end(self, epoch, logs=None):
        before = (logs or {}).get("learning_rate")  # which the callback logs before it reduces it
        if isinstance(self._watched, _core.ReduceLROnPlateau) and self._learning_rate() != before:
            print(f"\nEpoch {epoch + 1}: {self._kind} reducing learning rate to "
                  f"{self._learning_rate()}.")

    def on_train_end(self, logs=None):
        if not isinstance(self._watched, _core.EarlyStopping):
            return
        if self._watched.stopped_epoch > 0:
            print(f"Epoch {self._watched.stopped_epoch + 1}: early stopping")
        if self._watched._config["restore_best_weights"]:
            print("Restoring model weights from the end of the best epoch: "
                  f"{self._watched.best_epoch + 1}.")

    def _learning_rate(self):
        rate = self.model.optimizer.learning_rate
        return None if isinstance(rate, _core._Schedule) else float(rate)


def with_announcers(callbacks):
    """The callbacks, each verbose one of the core's followed by what prints for it."""
    out = []
    for callback in callbacks:
        out.append(callback)
        if isinstance(callback, (_core.EarlyStopping, _core.ReduceLROnPlateau,
                                 _core.LearningRateScheduler)) and callback._config.get("verbose"):
            out.append(Announcer(callback))
    return out


class BackupAndRestore(Callback):
    """Keeps the weights, the optimizer's state and the epoch in a folder while fit() runs, and goes on
    from there if it was interrupted; the backup goes when training ends."""

    def __init__(self, backup_dir, save_freq="epoch", double_checkpoint=False,
                 delete_checkpoint=True):
        super().__init__()
        if not backup_dir:
            raise LinnetValueError("BackupAndRestore: backup_dir is empty")
        if save_freq != "epoch" and not (isinstance(save_freq, int) and save_freq > 0):
            raise LinnetValueError("BackupAndRestore: save_freq is 'epoch' or a number of batches, got "
                                   f"{save_freq!r}")
        self.backup_dir, self.save_freq = os.fspath(backup_dir), save_freq
        self.delete_checkpoint = bool(delete_checkpoint)
        self._epoch = self._batches = 0

    def _paths(self):
        return (os.path.join(self.backup_dir, "latest.weights.h5"),
                os.path.join(self.backup_dir, "training_metadata.json"))

    def _first_epoch(self, initial_epoch):
        """The epoch to go on with."""
        import json

        weights, metadata = self._paths()
        if not (os.path.exists(weights) and os.path.exists(metadata)):
            return initial_epoch
        with open(metadata, encoding="utf-8") as file:
            return int(json.load(file)["epoch"])

    def on_train_begin(self, logs=None):
        if all(os.path.exists(path) for path in self._paths()):
            self.model.load_weights(self._paths()[0])

    def on_epoch_begin(self, epoch, logs=None):
        self._epoch = epoch

    def on_train_batch_end(self, batch, logs=None):
        self._batches += 1
        if self.save_freq != "epoch" and self._batches % self.save_freq == 0:
            self._save(self._epoch)

    def on_epoch_end(self, epoch, logs=None):
        if self.save_freq == "epoch":
            self._save(epoch + 1)

    def _save(self, epoch):
        import json

        os.makedirs(self.backup_dir, exist_ok=True)
        weights, metadata = self._paths()
        self.model.save_weights(weights)
        with open(metadata + ".new", "w", encoding="utf-8") as file:
            json.dump({"epoch": epoch}, file)
        os.replace(metadata + ".new", metadata)

    def on_train_end(self, logs=None):
        if self.delete_checkpoint:
            for path in self._paths():
                if os.path.exists(path):
                    os.remove(path)


class ProgbarLogger(Callback):
    """What fit(verbose=1) prints is printed without it, too: accepted, and does nothing."""
