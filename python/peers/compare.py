"""What both suites share: comparing values, counting, and differences that have a reason."""

import collections
import dataclasses
import sys

import numpy as np


class Unsupported(Exception):
    """A sample that asks for what Linnet's op does not offer; the text says what."""


@dataclasses.dataclass
class Explained:
    """A difference of convention: where it may show, and why it is none of correctness."""

    op: str
    kind: str  # "value", "gradient" or "error"
    reason: str
    when: object = None  # when(case) -> bool narrows it to some samples
    used: int = 0


def worst(ours, theirs, rtol, atol, least_scale=0.0, absolute=0.0):
    """None if all agree, else a text about the largest disagreement.

    atol is relative to the largest finite value of the peer's result, or to least_scale;
    `absolute` is as it is.
    """
    ours, theirs = np.asarray(ours), np.asarray(theirs)
    if ours.shape != theirs.shape:
        return f"shape {ours.shape}, the peer's {theirs.shape}"
    if ours.size == 0:
        return None
    if theirs.dtype == bool or np.issubdtype(theirs.dtype, np.integer):
        bad = ours != theirs
    else:
        ours, theirs = ours.astype("float64"), theirs.astype("float64")
        finite = np.abs(theirs[np.isfinite(theirs)])
        scale = max(finite.max() if finite.size else 0.0, least_scale)
        with np.errstate(invalid="ignore"):
            error = np.abs(ours - theirs)
            bad = ~(error <= rtol * np.abs(theirs) + atol * min(scale, 1e300) + absolute)
        bad &= ~((ours == theirs) | (np.isnan(ours) & np.isnan(theirs)))
    if not bad.any():
        return None
    places = np.argwhere(bad)
    at = tuple(int(i) for i in places[0])
    return (f"{len(places)} of {ours.size} differ, first at {at}: "
            f"{ours[at]!r}, the peer's {theirs[at]!r}")


class Suite:
    """Counts what was compared and collects what failed."""

    def __init__(self, name, explained=()):
        self.name, self.explained = name, list(explained)
        self.counts = collections.Counter()
        self.ops = set()
        self.failures = []
        self.left_out = collections.Counter()
        self.reasons = collections.Counter()

    def compared(self, op, kind):
        self.ops.add(op)
        self.counts[kind] += 1

    def unsupported(self, op, problem):
        self.counts["samples left out"] += 1
        self.left_out[op, problem] += 1

    def no_gradient(self, op, problem):
        """The values were compared; a gradient there is nothing to compare with."""
        self.counts["gradients the peer lacks"] += 1
        self.left_out[op, f"(gradient) {problem}"] += 1

    def fail(self, op, kind, text, case=None):
        """Notes a failure, unless the table explains it."""
        for entry in self.explained:
            if entry.op == op and entry.kind == kind and (
                    entry.when is None or entry.when(case)):
                entry.used += 1
                self.counts["explained"] += 1
                self.reasons[f"{op} ({kind}): {entry.reason}"] += 1
                return
        self.failures.append((op, kind, text))

    def report(self, verbose=False):
        """Prints the counts; the number of failures."""
        for entry in self.explained:
            if not entry.used:
                self.failures.append((entry.op, entry.kind, f"explained, but agrees: {entry.reason}"))
        by_reason = collections.Counter()
        for (op, problem), n in sorted(self.left_out.items()):
            by_reason[problem] += n
            if verbose:
                print(f"  left out {n:5d}  {op}: {problem}")
        for problem, n in by_reason.most_common():
            print(f"  left out {n:5d} in all: {problem}")
        for text, n in sorted(self.reasons.items()):
            print(f"  explained {n:4d}  {text}")
        by_op = collections.Counter((op, kind) for op, kind, _ in self.failures)
        shown = collections.Counter()
        for op, kind, text in self.failures:
            shown[op, kind] += 1
            if shown[op, kind] <= 3:
                print(f"  FAILED {op} ({kind}, {by_op[op, kind]} times): {text}")
        numbers = ", ".join(f"{n} {kind}" for kind, n in sorted(self.counts.items()))
        print(f"{self.name}: {len(self.ops)} names; {numbers}; {len(self.failures)} failures")
        sys.stdout.flush()
        return len(self.failures)
