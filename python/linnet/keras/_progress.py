"""Keras's progress line, on sys.stdout: redrawn in terminals and notebooks, else a line an epoch."""

import sys
import time

_WIDTH = 20


def is_live():
    """Whether a line can be redrawn: in a terminal or a notebook."""
    stream = sys.stdout
    try:
        if stream.isatty():
            return True
    except (AttributeError, ValueError):
        return False
    return type(stream).__module__.startswith("ipykernel")


def _metric(value):
    return f"{value:.4f}" if abs(value) > 1e-3 else f"{value:.4e}"


def _duration(seconds):
    s = int(seconds)
    if s >= 3600:
        return f"{s // 3600}:{s // 60 % 60:02d}:{s % 60:02d}"
    return f"{s // 60}:{s % 60:02d}" if s >= 60 else f"{s}s"


def _per_step(seconds):
    if seconds >= 1:
        return f"{seconds:.0f}s/step"
    return f"{seconds * 1e3:.0f}ms/step" if seconds >= 1e-3 else f"{seconds * 1e6:.0f}us/step"


def _ordered(logs):
    return sorted(logs.items(), key=lambda entry: (entry[0].startswith("val_"), entry[0]))


class Progress:
    """One run's lines. verbose 1: a bar, 2: a line an epoch."""

    def __init__(self, verbose, epochs=None, steps=None):
        self.verbose, self.epochs, self.steps = verbose, epochs, steps
        self.bar = verbose == 1 and is_live()
        self.begin()

    def begin(self):
        self.started = time.perf_counter()

    def epoch_begin(self, epoch):
        self.begin()
        if self.epochs:
            sys.stdout.write(f"Epoch {epoch + 1}/{self.epochs}\n")

    def update(self, done, logs):
        """A batch is done; called at most ten times a second."""
        if self.bar:
            sys.stdout.write(self._line(done, logs, False))
            sys.stdout.flush()

    def finish(self, done, logs):
        """The epoch is done."""
        sys.stdout.write(self._line(done, logs, True) + "\n")
        sys.stdout.flush()

    def _line(self, done, logs, ended):
        elapsed = time.perf_counter() - self.started
        step = elapsed / max(done, 1)
        total = self.steps if self.steps and self.steps > 0 else (done if ended else None)
        count = f"{done:>{len(str(total))}}/{total}" if total else f"{done}/Unknown"
        left = elapsed if ended or not total else step * (total - done)
        values = "".join(f" - {name}: {_metric(value)}" for name, value in _ordered(logs))
        if not self.bar:
            return f"{count} - {_duration(left)} - {_per_step(step)}{values}"
        filled = min(_WIDTH, _WIDTH * done // total) if total else 0
        cells = "\x1b[32m" + "━" * filled + "\x1b[37m" + "━" * (_WIDTH - filled) + "\x1b[0m"
        return (f"\r\x1b[1m{count}\x1b[0m {cells} \x1b[1m{_duration(left)}\x1b[0m "
                f"{_per_step(step)}{values}\x1b[K")
