"""linnet.config."""

import linnet
from typing import Any, NamedTuple

class LogicalDevice(NamedTuple):
    name: Any
    device_type: Any

class LogicalDeviceConfiguration(NamedTuple):
    memory_limit: Any = ...

class PhysicalDevice(NamedTuple):
    name: Any
    device_type: Any

class experimental:
    """Settings that have nothing to set here."""

    @staticmethod
    def set_memory_growth(device: Any, enable: Any) -> None:
        """Host memory always grows."""
        ...

def functions_run_eagerly() -> Any: ...

def list_logical_devices(device_type: str | None = None) -> list[LogicalDevice]: ...

def list_physical_devices(device_type: str | None = None) -> list[PhysicalDevice]:
    """The CPU; there is no GPU backend."""
    ...

from linnet import run_functions_eagerly as run_functions_eagerly

def set_logical_device_configuration(device: Any, logical_devices: Any) -> None:
    """Splits the CPU into logical devices, for MirroredStrategy."""
    ...

def set_visible_devices(devices: Any, device_type: str | None = None) -> None:
    """Nothing to hide: there is one device."""
    ...

class threading:
    """Threads of CPU kernels."""

    @staticmethod
    def set_intra_op_parallelism_threads(num_threads: Any) -> None: ...

    @staticmethod
    def get_intra_op_parallelism_threads() -> int: ...

    @staticmethod
    def set_inter_op_parallelism_threads(num_threads: Any) -> None:
        """Ops run one after the other; nothing to set."""
        ...
