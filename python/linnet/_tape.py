"""GradientTape and custom gradients."""

import contextlib
import functools

from . import _core, _nest
from .errors import TapeError


class UnconnectedGradients:
    """What gradient() gives for a source the target does not depend on."""

    NONE = "none"
    ZERO = "zero"


class GradientTape:
    """Records the ops of its `with` block and computes gradients.

    >>> with GradientTape() as tape:
    ...     loss = reduce_mean(square(x @ w - y))
    >>> dw = tape.gradient(loss, w)

    Unconnected, non-float and unwatched sources give None. `persistent=True` allows several
    gradient() calls; tapes nest for higher derivatives.
    """

    def __init__(self, persistent=False, watch_accessed_variables=True):
        self._tape = _core._Tape(bool(persistent), bool(watch_accessed_variables))
        self._persistent = persistent

    def __enter__(self):
        self._tape.enter()
        return self

    def __exit__(self, *exception):
        self._tape.exit()

    def watch(self, tensor):
        """Follows a tensor, a variable, or a nest of them."""
        for leaf in _nest.flatten(tensor):
            self._tape.watch(leaf)

    def watched_variables(self):
        """The variables read so far."""
        return tuple(self._tape.watched_variables())

    def reset(self):
        """Forgets everything recorded."""
        self._tape.reset()

    @contextlib.contextmanager
    def stop_recording(self):
        """Pauses recording within a `with` block."""
        self._tape.pause()
        try:
            yield
        finally:
            self._tape.resume()

    def gradient(self, target, sources, output_gradients=None,
                 unconnected_gradients=UnconnectedGradients.NONE):
        """d(sum of targets)/d(sources), nested as the sources are."""
        if unconnected_gradients not in ("none", "zero"):
            raise ValueError(
                f"unconnected_gradients: expected 'none' or 'zero', got {unconnected_gradients!r}"
            )
        targets = [_core.convert_to_tensor(t) for t in _nest.flatten(target)]
        seeds = None
        if output_gradients is not None:
            seeds = [_core.convert_to_tensor(g) for g in _nest.flatten(output_gradients)]
        leaves = _nest.flatten(sources)
        found = self._tape.gradient(targets, leaves, seeds, unconnected_gradients == "zero")
        return _nest.pack(sources, found)

    def jacobian(self, target, sources, unconnected_gradients=UnconnectedGradients.NONE):
        """d target[i] / d source for each element: shape target.shape + source.shape."""
        if not self._persistent:
            raise TapeError("[jacobian] one backward pass an element needs a persistent tape")
        size = target.shape.num_elements()
        rows = []
        for i in range(size):
            seed = _core.reshape(_core.one_hot(i, size, dtype=target.dtype), target.shape)
            rows.append(_nest.flatten(
                self.gradient(target, sources, seed, unconnected_gradients)))
        leaves = []
        for source, parts in zip(_nest.flatten(sources), zip(*rows)):
            if any(part is None for part in parts):
                leaves.append(None)
            else:
                leaves.append(_core.reshape(_core.stack(list(parts), 0),
                                            list(target.shape) + list(source.shape)))
        return _nest.pack(sources, leaves)


def custom_gradient(f):
    """f(*x) returns (y, grad) where grad(dy) gives the gradient for each x."""

    @functools.wraps(f)
    def wrapper(*args):
        inputs = [_core.convert_to_tensor(a) for a in args]
        y, grad = f(*inputs)
        return _core._custom_vjp(_core.convert_to_tensor(y), inputs, grad)

    return wrapper
