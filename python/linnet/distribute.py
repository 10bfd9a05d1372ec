"""linnet.distribute: MirroredStrategy on logical CPU replicas, run one after the other.

There is one copy of the variables. Inside run(), an optimizer made under the strategy's scope
waits for the last replica's gradients and applies their sum once.
"""

import contextlib
import threading

from . import _core, _nest
from ._missing import missing
from .errors import NotSupportedError


class ReduceOp:
    """How replicas' values become one."""

    SUM = "SUM"
    MEAN = "MEAN"


class _State(threading.local):
    strategy = None
    replica = None


_state = _State()


class PerReplica(tuple):
    """One value a replica. A tuple, so that captured functions see the tensors in it."""

    _fields = ()  # captured functions make a new one with the type
    _is_leaf = True
    __slots__ = ()

    def __new__(cls, *values):
        return super().__new__(cls, values)

    @property
    def values(self):
        return tuple(self)

    def __repr__(self):
        return f"PerReplica{tuple(self)!r}"


def _component(value, replica):
    return value.values[replica] if isinstance(value, PerReplica) else value


class ReplicaContext:
    """Where a replica's code runs."""

    def __init__(self, strategy, replica):
        self.strategy, self.replica_id_in_sync_group = strategy, replica
        self.num_replicas_in_sync = strategy.num_replicas_in_sync

    def all_reduce(self, reduce_op, value, options=None):
        if self.num_replicas_in_sync == 1:
            return value
        raise NotSupportedError("[all_reduce] replicas run one after the other: reduce what run() "
                                "returns")


class Strategy:
    """The default: one replica."""

    _mirrors = False

    def __init__(self, replicas=1):
        self.num_replicas_in_sync = replicas
        self._pending = {}

    @contextlib.contextmanager
    def scope(self):
        """Optimizers made within it belong to this strategy."""
        before, _state.strategy = _state.strategy, self
        try:
            yield self
        finally:
            _state.strategy = before

    def run(self, fn, args=(), kwargs=None, options=None):
        """fn once per replica; PerReplica arguments are taken apart."""
        outputs, before = [], (_state.strategy, _state.replica)
        self._pending = {}
        try:
            for replica in range(self.num_replicas_in_sync):
                _state.strategy, _state.replica = self, replica
                mine = _nest.map_structure(lambda v: _component(v, replica), list(args))
                named = _nest.map_structure(lambda v: _component(v, replica), dict(kwargs or {}))
                outputs.append(fn(*mine, **named))
        finally:
            _state.strategy, _state.replica = before
            self._pending = {}
        if self.num_replicas_in_sync == 1:
            return outputs[0]
        leaves = zip(*[_nest.flatten(out) for out in outputs])
        return _nest.pack(outputs[0], [PerReplica(*values) for values in leaves])

    def _gather_gradients(self, optimizer, gradients):
        """The sum over replicas at the last one; None before."""
        if _state.strategy is not self or _state.replica is None:
            return gradients
        calls = self._pending.setdefault(id(optimizer), {})
        turn = calls.setdefault(("turn", _state.replica), 0)
        calls[("turn", _state.replica)] = turn + 1
        total = calls.get(turn)
        if total is None:
            total = gradients
        else:
            total = [b if a is None else a if b is None else a + b
                     for a, b in zip(total, gradients)]
        calls[turn] = total
        return total if _state.replica == self.num_replicas_in_sync - 1 else None

    def reduce(self, reduce_op, value, axis=None):
        """The sum or mean over replicas (and over an axis of each)."""
        op = str(getattr(reduce_op, "name", reduce_op)).upper().rpartition(".")[2]
        if op not in ("SUM", "MEAN"):
            raise ValueError(f"reduce: unknown op {reduce_op!r}")

        def one(leaf):
            values = leaf.values if isinstance(leaf, PerReplica) else (leaf,)
            values = [_core.convert_to_tensor(v) for v in values]
            if axis is not None:
                count = sum(v.shape[axis] for v in values)
                values = [_core.reduce_sum(v, axis) for v in values]
            else:
                count = len(values)
            total = values[0]
            for v in values[1:]:
                total = total + v
            return total / count if op == "MEAN" else total

        return _nest.map_structure(one, value)

    def gather(self, value, axis):
        """Replicas' tensors one after the other."""
        return _core.concat(list(self.experimental_local_results(value)), axis)

    def experimental_local_results(self, value):
        return value.values if isinstance(value, PerReplica) else (value,)

    def experimental_distribute_dataset(self, dataset, options=None):
        """Global batches, each split over the replicas; the first ones get what is left over."""
        return _Distributed(dataset, self.num_replicas_in_sync)

    def distribute_datasets_from_function(self, dataset_fn, options=None):
        return dataset_fn(None)

    def experimental_distribute_values_from_function(self, value_fn):
        return PerReplica(*[value_fn(ReplicaContext(self, r))
                            for r in range(self.num_replicas_in_sync)])

    def experimental_mirrored_model(self, model):
        """The model: there is one copy of the variables."""
        return model

    def experimental_mirrored_optimizer(self, optimizer):
        """The optimizer, which from now on sums gradients over this strategy's replicas."""
        optimizer._strategy = self if self._mirrors else None
        return optimizer


class _Distributed:
    """Iterates over a dataset's batches, split."""

    _shards = True

    def __init__(self, dataset, replicas):
        self._dataset, self._replicas = dataset, replicas

    def _core_dataset(self):  # fit() takes whole batches: the same as one device
        return self._dataset._core_dataset()

    def _structure(self):
        return self._dataset._structure()

    def __len__(self):
        return len(self._dataset)

    def __iter__(self):
        for batch in self._dataset:
            if self._replicas == 1:
                yield batch
                continue
            leaves = _nest.flatten(batch)
            split = [PerReplica(*_shards(leaf, self._replicas)) for leaf in leaves]
            yield _nest.pack(batch, split)


def _shards(tensor, replicas):
    n = tensor.shape[0]
    size = -(-n // replicas)
    return [tensor[min(r * size, n):min((r + 1) * size, n)] for r in range(replicas)]


class MirroredStrategy(Strategy):
    """The same model on several devices: logical CPUs, or those named."""

    _mirrors = True

    def __init__(self, devices=None, cross_device_ops=None):
        from . import config

        devices = (list(devices) if devices is not None
                   else config.list_logical_devices("CPU"))
        if not devices:
            raise ValueError("MirroredStrategy: expected at least one device")
        for device in devices:
            if "GPU" in str(device).upper():
                raise NotSupportedError(f"[MirroredStrategy] there is no GPU backend: {device}")
        super().__init__(len(devices))
        self.devices = devices


class OneDeviceStrategy(Strategy):
    """One replica on the device named."""

    def __init__(self, device=None):
        super().__init__(1)


_default = Strategy()


def get_strategy():
    """The strategy whose scope or run() this is."""
    return _state.strategy or _default


def has_strategy():
    return _state.strategy is not None


def in_cross_replica_context():
    return _state.strategy is not None and _state.replica is None


def get_replica_context():
    """The replica whose code runs; None between replicas."""
    strategy = get_strategy()
    if strategy is not _default and _state.replica is None:
        return None
    return ReplicaContext(strategy, _state.replica or 0)


def __getattr__(name):
    raise missing(__name__, name, {"MultiWorkerMirroredStrategy": "MirroredStrategy"})
