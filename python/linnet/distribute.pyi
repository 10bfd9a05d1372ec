"""linnet.distribute: MirroredStrategy on logical CPU replicas, run one after the other.

There is one copy of the variables. Inside run(), an optimizer made under the strategy's scope
waits for the last replica's gradients and applies their sum once."""

import linnet
from builtins import bool as _bool
from contextlib import AbstractContextManager
from typing import Any
from linnet._typing import Axis as _Axis

class MirroredStrategy(Strategy):
    """The same model on several devices: logical CPUs, or those named."""

    def __init__(self, devices: Any = None, cross_device_ops: Any = None) -> None: ...

    devices: Any

from linnet.errors import NotSupportedError as NotSupportedError

class OneDeviceStrategy(Strategy):
    """One replica on the device named."""

    def __init__(self, device: Any = None) -> None: ...

class PerReplica(tuple[Any, ...]):
    """One value a replica. A tuple, so that captured functions see the tensors in it."""

    @property
    def values(self) -> Any: ...

class ReduceOp:
    """How replicas' values become one."""

    SUM: str

    MEAN: str

class ReplicaContext:
    """Where a replica's code runs."""

    def __init__(self, strategy: Any, replica: Any) -> None: ...

    def all_reduce(self, reduce_op: Any, value: Any, options: Any = None) -> Any: ...

    num_replicas_in_sync: int

    replica_id_in_sync_group: Any

    strategy: Any

class Strategy:
    """The default: one replica."""

    def __init__(self, replicas: int = 1) -> None: ...

    def scope(self) -> AbstractContextManager[Any]:
        """Optimizers made within it belong to this strategy."""
        ...

    def run(self, fn: Any, args: Any = (), kwargs: Any = None, options: Any = None) -> Any:
        """fn once per replica; PerReplica arguments are taken apart."""
        ...

    def reduce(self, reduce_op: Any, value: Any, axis: _Axis = None) -> linnet.Tensor | Any:
        """The sum or mean over replicas (and over an axis of each)."""
        ...

    def gather(self, value: Any, axis: _Axis) -> linnet.Tensor:
        """Replicas' tensors one after the other."""
        ...

    def experimental_local_results(self, value: Any) -> Any: ...

    def experimental_distribute_dataset(self, dataset: Any, options: Any = None) -> Any:
        """Global batches, each split over the replicas; the first ones get what is left over."""
        ...

    def distribute_datasets_from_function(self, dataset_fn: Any, options: Any = None) -> Any: ...

    def experimental_distribute_values_from_function(self, value_fn: Any) -> Any: ...

    def experimental_mirrored_model(self, model: Any) -> Any:
        """The model: there is one copy of the variables."""
        ...

    def experimental_mirrored_optimizer(self, optimizer: Any) -> Any:
        """The optimizer, which from now on sums gradients over this strategy's replicas."""
        ...

    num_replicas_in_sync: int

def get_replica_context() -> Any:
    """The replica whose code runs; None between replicas."""
    ...

def get_strategy() -> Strategy:
    """The strategy whose scope or run() this is."""
    ...

def has_strategy() -> _bool: ...

def in_cross_replica_context() -> _bool: ...
