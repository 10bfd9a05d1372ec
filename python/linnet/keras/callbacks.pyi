"""keras.callbacks."""

from builtins import bool as _bool
from collections.abc import Callable
from typing import Any
from linnet._typing import Path as _Path

class BackupAndRestore(Callback):
    """Keeps the weights, the optimizer's state and the epoch in a folder while fit() runs, and goes on
    from there if it was interrupted; the backup goes when training ends."""

    def __init__(self, backup_dir: Any, save_freq: int | str = 'epoch', double_checkpoint: _bool = False, delete_checkpoint: _bool = True) -> None: ...

    def on_train_begin(self, logs: dict[str, Any] | None = None) -> None: ...

    def on_epoch_begin(self, epoch: int, logs: dict[str, Any] | None = None) -> None: ...

    def on_train_batch_end(self, batch: int, logs: dict[str, Any] | None = None) -> None: ...

    def on_epoch_end(self, epoch: int, logs: dict[str, Any] | None = None) -> None: ...

    def on_train_end(self, logs: dict[str, Any] | None = None) -> None: ...

    backup_dir: Any

    delete_checkpoint: Any

    save_freq: Any

class CSVLogger(Callback):
    """A row per epoch."""

    def __init__(self, filename: _Path, separator: str = ',', append: _bool = False) -> None: ...

class Callback:
    """Hooks into fit(), evaluate() and predict(): on_train_begin(logs), on_epoch_begin(epoch, logs), on_epoch_end(epoch, logs), on_train_batch_begin/end(batch, logs), on_test_..., on_predict_.... self.model is the model; self.model.stop_training = True ends training."""

    def on_train_begin(self, logs: dict[str, Any] | None = None) -> None: ...
    def on_train_end(self, logs: dict[str, Any] | None = None) -> None: ...
    def on_test_begin(self, logs: dict[str, Any] | None = None) -> None: ...
    def on_test_end(self, logs: dict[str, Any] | None = None) -> None: ...
    def on_predict_begin(self, logs: dict[str, Any] | None = None) -> None: ...
    def on_predict_end(self, logs: dict[str, Any] | None = None) -> None: ...
    def on_epoch_begin(self, epoch: int, logs: dict[str, Any] | None = None) -> None: ...
    def on_epoch_end(self, epoch: int, logs: dict[str, Any] | None = None) -> None: ...
    def on_train_batch_begin(self, batch: int, logs: dict[str, Any] | None = None) -> None: ...
    def on_train_batch_end(self, batch: int, logs: dict[str, Any] | None = None) -> None: ...
    def on_test_batch_begin(self, batch: int, logs: dict[str, Any] | None = None) -> None: ...
    def on_test_batch_end(self, batch: int, logs: dict[str, Any] | None = None) -> None: ...
    def on_predict_batch_begin(self, batch: int, logs: dict[str, Any] | None = None) -> None: ...
    def on_predict_batch_end(self, batch: int, logs: dict[str, Any] | None = None) -> None: ...

    model: Any

    def __init__(self, *args: Any, **kwargs: Any) -> None: ...

    @property
    def params(self) -> dict[str, Any]: ...

    def set_model(self, model: Any) -> None: ...

class EarlyStopping(Callback):
    """Stops when the monitored value has not improved for `patience` epochs."""

    def __init__(self, monitor: str = 'val_loss', min_delta: float = 0, patience: int = 0, verbose: int | str = 0, mode: str = 'auto', baseline: float | None = None, restore_best_weights: _bool = False, start_from_epoch: int = 0) -> None: ...

    @property
    def stopped_epoch(self) -> int: ...

    @property
    def best_epoch(self) -> int: ...

class History(Callback):
    """What fit() returns: .history maps each log's name to its values per epoch."""

    history: dict[str, list[Any]]

    epoch: list[int]

    def __init__(self) -> None: ...

    def on_epoch_end(self, epoch: int, logs: dict[str, Any] | None = None) -> None: ...

    @property
    def params(self) -> dict[str, Any]: ...

class LambdaCallback(Callback):
    """Hooks as functions."""

    def __init__(self, on_epoch_begin: Any = None, on_epoch_end: Any = None, on_train_begin: Any = None, on_train_end: Any = None, on_train_batch_begin: Any = None, on_train_batch_end: Any = None, **kwargs: Any) -> None: ...

class LearningRateScheduler(Callback):
    """Sets the learning rate to schedule(epoch[, rate]) before each epoch."""

    def __init__(self, schedule: Callable[..., float], verbose: int | str = 0) -> None: ...

class ModelCheckpoint(Callback):
    """Saves the model (or its weights) after each epoch, each better one, or each n batches.
    
    In the path {epoch:02d} counts from 1 and {val_loss:.2f} is a log's value."""

    def __init__(self, filepath: _Path, monitor: str = 'val_loss', verbose: int | str = 0, save_best_only: _bool = False, save_weights_only: _bool = False, mode: str = 'auto', save_freq: int | str = 'epoch', initial_value_threshold: float | None = None) -> None: ...

    def on_epoch_begin(self, epoch: int, logs: dict[str, Any] | None = None) -> None: ...

    def on_train_batch_end(self, batch: int, logs: dict[str, Any] | None = None) -> None: ...

    def on_epoch_end(self, epoch: int, logs: dict[str, Any] | None = None) -> None: ...

    best: Any

    filepath: Any

    monitor: Any

    save_best_only: Any

    save_freq: Any

    save_weights_only: Any

    verbose: Any

class ProgbarLogger(Callback):
    """What fit(verbose=1) prints is printed without it, too: accepted, and does nothing."""

class ReduceLROnPlateau(Callback):
    """Multiplies the learning rate by factor after `patience` epochs without improvement."""

    def __init__(self, monitor: str = 'val_loss', factor: float = 0.1, patience: int = 10, verbose: int | str = 0, mode: str = 'auto', min_delta: float = 0.0001, cooldown: int = 0, min_lr: float = 0.0) -> None: ...

class TensorBoard(Callback):
    """Writes losses, metrics and the learning rate for TensorBoard: `train` and `validation` below
    log_dir, tags epoch_NAME (epochs count from 0), evaluation_NAME_vs_iterations, and with
    update_freq="batch" (or a number of batches) batch_NAME. Graphs, histograms and profiles are not written."""

    def __init__(self, log_dir: str = 'logs', histogram_freq: int = 0, write_graph: _bool = True, write_images: _bool = False, write_steps_per_second: _bool = False, update_freq: str = 'epoch', profile_batch: int = 0, embeddings_freq: int = 0, embeddings_metadata: Any = None) -> None: ...

    def on_train_begin(self, logs: dict[str, Any] | None = None) -> None: ...

    def on_train_batch_end(self, batch: int, logs: dict[str, Any] | None = None) -> None: ...

    def on_epoch_end(self, epoch: int, logs: dict[str, Any] | None = None) -> None: ...

    def on_test_end(self, logs: dict[str, Any] | None = None) -> None: ...

    def on_train_end(self, logs: dict[str, Any] | None = None) -> None: ...

    log_dir: Any

    update_freq: Any

class TerminateOnNaN(Callback):
    """Stops at the batch whose loss is NaN or infinite."""

    def __init__(self) -> None: ...

def begun(core: Any) -> Any:
    """Makes objects of subclasses whole before their own __init__, which then need not call this one."""
    ...
