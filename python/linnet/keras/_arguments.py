"""Arguments of compile and fit, checked."""

from .. import _core


def as_list(metrics):
    if metrics is None:
        return []
    if isinstance(metrics, dict):
        raise ValueError("compile: metrics by output name are for models with several outputs")
    return list(metrics) if isinstance(metrics, (list, tuple)) else [metrics]


def metric_or_name(metric):
    from . import metrics as metrics_module

    if isinstance(metric, str) and metric in ("accuracy", "acc"):
        return metric
    if isinstance(metric, str):
        core = _core._metric_from_name(metric)  # ValueError for an unknown one
        del core
        return metric
    return metrics_module.get(metric)


def verbosity(verbose):
    if verbose == "auto":
        return 1
    if verbose not in (0, 1, 2, True, False):
        raise ValueError(f"verbose: expected 0, 1, 2 or 'auto', got {verbose!r}")
    return int(verbose)


def step_count(value, name):
    if value is None:
        return None
    if not isinstance(value, int) or value < 1:
        raise ValueError(f"{name}: expected at least 1, got {value!r}")
    return value


def checked_callbacks(callbacks):
    if callbacks is None:
        return []
    found = list(callbacks) if isinstance(callbacks, (list, tuple)) else [callbacks]
    for callback in found:
        if not isinstance(callback, _core.Callback):
            raise TypeError(f"callbacks: expected Callbacks, got {type(callback).__name__}")
    from ._more_callbacks import with_announcers

    return with_announcers(found)
