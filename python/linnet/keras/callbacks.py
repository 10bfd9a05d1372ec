"""keras.callbacks."""

import inspect

from .. import _core
from .._missing import missing
from ._declare import begun, declare
from ._more_callbacks import BackupAndRestore, ProgbarLogger  # noqa: F401
from ._tensorboard import TensorBoard  # noqa: F401

Callback = _core.Callback
begun(Callback)


def _get_model(self):
    return self.__dict__.get("_own_model") or self._model


def _params(self):
    return {"verbose": getattr(self._model, "_verbose", 1), "epochs": self._epochs,
            "steps": self._steps if self._steps >= 0 else None}


def _set_model(self, model):
    self._own_model = model


Callback.model = property(_get_model, lambda self, model: _set_model(self, model))
Callback.params = property(_params)
Callback.set_model = _set_model
Callback.__doc__ = ("Hooks into fit(), evaluate() and predict(): on_train_begin(logs), "
                    "on_epoch_begin(epoch, logs), on_epoch_end(epoch, logs), "
                    "on_train_batch_begin/end(batch, logs), on_test_..., on_predict_.... "
                    "self.model is the model; self.model.stop_training = True ends training.")


def _alias_batches(cls, **kwargs):
    """on_batch_begin and on_batch_end are short for those of training."""
    super(Callback, cls).__init_subclass__(**kwargs)
    for when in ("begin", "end"):
        hook = vars(cls).get(f"on_batch_{when}")
        if hook is not None and f"on_train_batch_{when}" not in vars(cls):
            setattr(cls, f"on_train_batch_{when}", hook)


Callback.__init_subclass__ = classmethod(_alias_batches)

_MONITOR = {"monitor": "val_loss"}
EarlyStopping = declare(
    "EarlyStopping", _core.EarlyStopping, (),
    {**_MONITOR, "min_delta": 0, "patience": 0, "verbose": 0, "mode": "auto", "baseline": None,
     "restore_best_weights": False, "start_from_epoch": 0},
    "Stops when the monitored value has not improved for `patience` epochs.", module=__name__)
ReduceLROnPlateau = declare(
    "ReduceLROnPlateau", _core.ReduceLROnPlateau, (),
    {**_MONITOR, "factor": 0.1, "patience": 10, "verbose": 0, "mode": "auto", "min_delta": 1e-4,
     "cooldown": 0, "min_lr": 0.0},
    "Multiplies the learning rate by factor after `patience` epochs without improvement.",
    module=__name__)
TerminateOnNaN = declare("TerminateOnNaN", _core.TerminateOnNaN, (), {},
                         "Stops at the batch whose loss is NaN or infinite.", module=__name__)


def _path(values):
    import os

    values["filename"] = os.fspath(values["filename"])
    return values


CSVLogger = declare("CSVLogger", _core.CSVLogger, ("filename",),
                    {"separator": ",", "append": False}, "A row per epoch.", convert=_path,
                    module=__name__)


def _schedule(values):
    schedule = values["schedule"]
    if not callable(schedule):
        raise TypeError("LearningRateScheduler: schedule must be callable")
    try:
        count = len(inspect.signature(schedule).parameters)
    except (TypeError, ValueError):
        count = 2
    return {"schedule": schedule, "two_arguments": count != 1}


LearningRateScheduler = declare(
    "LearningRateScheduler", _core.LearningRateScheduler, ("schedule",), {"verbose": 0},
    "Sets the learning rate to schedule(epoch[, rate]) before each epoch.", convert=_schedule,
    module=__name__)


class History(Callback):
    """What fit() returns: .history maps each log's name to its values per epoch."""

    def __init__(self):
        super().__init__()
        self.history = {}
        self.epoch = []

    def on_epoch_end(self, epoch, logs=None):
        self.epoch.append(epoch)
        for name, value in logs.items():
            self.history.setdefault(name, []).append(value)

    @property
    def params(self):
        return self.__dict__.get("_run_params", {})


class LambdaCallback(Callback):
    """Hooks as functions."""

    def __init__(self, on_epoch_begin=None, on_epoch_end=None, on_train_begin=None,
                 on_train_end=None, on_train_batch_begin=None, on_train_batch_end=None, **kwargs):
        super().__init__()
        hooks = dict(on_epoch_begin=on_epoch_begin, on_epoch_end=on_epoch_end,
                     on_train_begin=on_train_begin, on_train_end=on_train_end,
                     on_train_batch_begin=on_train_batch_begin,
                     on_train_batch_end=on_train_batch_end, **kwargs)
        for name, hook in hooks.items():
            if hook is not None:
                setattr(self, name, hook)


class ModelCheckpoint(Callback):
    """Saves the model (or its weights) after each epoch, each better one, or each n batches.

    In the path {epoch:02d} counts from 1 and {val_loss:.2f} is a log's value.
    """

    def __init__(self, filepath, monitor="val_loss", verbose=0, save_best_only=False,
                 save_weights_only=False, mode="auto", save_freq="epoch",
                 initial_value_threshold=None):
        super().__init__()
        import os

        if mode not in ("auto", "min", "max"):
            raise ValueError(f"ModelCheckpoint: unknown mode {mode!r}")
        if save_freq != "epoch" and not (isinstance(save_freq, int) and save_freq > 0):
            raise ValueError(f"ModelCheckpoint: save_freq is 'epoch' or batches, got {save_freq!r}")
        self.filepath, self.monitor, self.verbose = os.fspath(filepath), monitor, verbose
        self.save_best_only, self.save_weights_only = save_best_only, save_weights_only
        self.save_freq = save_freq
        rising = mode == "max" or mode == "auto" and any(
            word in monitor for word in ("acc", "auc", "precision", "recall", "fmeasure"))
        self._better = (lambda a, b: a > b) if rising else (lambda a, b: a < b)
        self.best = initial_value_threshold
        self._epoch = self._batches = 0

    def on_epoch_begin(self, epoch, logs=None):
        self._epoch = epoch

    def on_train_batch_end(self, batch, logs=None):
        if self.save_freq == "epoch":
            return
        self._batches += 1
        if self._batches % self.save_freq == 0:
            self._save(logs)

    def on_epoch_end(self, epoch, logs=None):
        if self.save_freq == "epoch":
            self._save(logs)

    def _is_best(self, value, path):
        better = self.best is None or self._better(value, self.best)
        if self.verbose:
            before = "None" if self.best is None else f"{self.best:.5f}"
            print(f"\nEpoch {self._epoch + 1}: {self.monitor} " + (
                f"improved from {before} to {value:.5f}, saving model to {path}" if better else
                f"did not improve from {before}"))
        if better:
            self.best = value
        return better

    def _save(self, logs):
        import warnings

        path = self.filepath.format(epoch=self._epoch + 1, **logs)
        if self.save_best_only:
            if self.monitor not in logs:
                warnings.warn(f"ModelCheckpoint: '{self.monitor}' is not among {sorted(logs)}",
                              UserWarning, stacklevel=2)
                return
            if not self._is_best(logs[self.monitor], path):
                return
        elif self.verbose:
            print(f"\nEpoch {self._epoch + 1}: saving model to {path}")
        self.model.save_weights(path) if self.save_weights_only else self.model.save(path)
        if self.verbose:
            print(f"\nEpoch {self._epoch + 1}: finished saving model to {path}")


def __getattr__(name):
    raise missing(__name__, name)
