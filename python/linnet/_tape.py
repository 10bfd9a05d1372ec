"""GradientTape and custom gradients."""

import contextlib
import functools

from . import _core, _nest
from .errors import ShapeError


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
        leaves = _nest.flatten(sources)
        targets, seeds = _nest.flatten(target), None
        if output_gradients is not None:
            seeds = [_core.convert_to_tensor(g) for g in _nest.flatten(output_gradients)]
        zero = unconnected_gradients == "zero"
        found = self._gradient(targets, leaves, seeds, zero)
        return _nest.pack(sources, found)

    def _gradient(self, targets, leaves, seeds, zero):
        """A variable as a target was read by nobody: its gradient is its own."""
        own = [i for i, t in enumerate(targets) if isinstance(t, _core.Variable)]
        tensors = [i for i in range(len(targets)) if i not in own]
        if tensors or not own:
            found = self._tape.gradient(
                [_core.convert_to_tensor(targets[i]) for i in tensors], leaves,
                None if seeds is None else [seeds[i] for i in tensors], zero and not own)
        else:
            found = [None] * len(leaves)
        for i in own:
            for j, leaf in enumerate(leaves):
                if leaf is targets[i]:
                    seed = _core.ones_like(leaf) if seeds is None else seeds[i]
                    found[j] = seed if found[j] is None else found[j] + seed
        if zero and own:
            found = [_core.zeros_like(leaf) if g is None else g for leaf, g in zip(leaves, found)]
        return found

    def jacobian(self, target, sources, unconnected_gradients=UnconnectedGradients.NONE,
                 parallel_iterations=None, experimental_use_pfor=True):
        """d target[i] / d source for each element: shape target.shape + source.shape."""
        target = _core.convert_to_tensor(target)
        size = target.shape.num_elements()

        def seed(i):
            return _core.reshape(_core.one_hot(i, size, dtype=target.dtype), target.shape)

        rows = self._rows(target, sources, size, seed, unconnected_gradients)
        return self._stacked(rows, sources, 0,
                             lambda source: list(target.shape) + list(source.shape))

    def batch_jacobian(self, target, source, unconnected_gradients=UnconnectedGradients.NONE,
                       parallel_iterations=None, experimental_use_pfor=True):
        """d target[b, i] / d source[b] for each row b: shape target.shape + source.shape[1:]; rows
        of the target depend on their row of the source alone."""
        target = _core.convert_to_tensor(target)
        batch = target.shape[0]
        if not target.ndim or not source.ndim or source.shape[0] != batch:
            raise ShapeError(f"[batch_jacobian] target {target.shape} and source {source.shape} "
                             "have no batch in common")
        size = target.shape.num_elements() // max(batch, 1)

        def seed(i):
            row = _core.one_hot(i, size, dtype=target.dtype)
            return _core.reshape(_core.broadcast_to(row, [batch, size]), target.shape)

        rows = self._rows(target, source, size, seed, unconnected_gradients)
        return self._stacked(rows, source, 1,
                             lambda source: list(target.shape) + list(source.shape)[1:])

    def _rows(self, target, sources, size, seed, unconnected):
        """One backward pass for each seed."""
        rows = []
        for i in range(size):
            if not self._persistent:
                self._tape.set_persistent(i + 1 < size)
            rows.append(_nest.flatten(self.gradient(target, sources, seed(i), unconnected)))
        return rows

    @staticmethod
    def _stacked(rows, sources, axis, shape_of):
        leaves = []
        for source, parts in zip(_nest.flatten(sources), zip(*rows)):
            if any(part is None for part in parts):
                leaves.append(None)
            else:
                leaves.append(_core.reshape(_core.stack(list(parts), axis), shape_of(source)))
        return _nest.pack(sources, leaves)


def custom_gradient(f):
    """f(*x) returns (y, grad) where grad(dy) gives the gradient for each x."""

    @functools.wraps(f)
    def wrapper(*args):
        inputs = [_core.convert_to_tensor(a) for a in args]
        y, grad = f(*inputs)
        return _core._custom_vjp(_core.convert_to_tensor(y), inputs, grad)

    return wrapper
