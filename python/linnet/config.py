"""linnet.config."""

import collections

from . import _core
from ._function import functions_run_eagerly, run_functions_eagerly  # noqa: F401
from ._missing import missing

PhysicalDevice = collections.namedtuple("PhysicalDevice", "name device_type")
LogicalDevice = collections.namedtuple("LogicalDevice", "name device_type")
LogicalDeviceConfiguration = collections.namedtuple(
    "LogicalDeviceConfiguration", "memory_limit", defaults=(None,))

_logical_cpus = 1


def list_physical_devices(device_type=None):
    """The CPU; there is no GPU backend."""
    if device_type not in (None, "CPU"):
        return []
    return [PhysicalDevice("/physical_device:CPU:0", "CPU")]


def list_logical_devices(device_type=None):
    if device_type not in (None, "CPU"):
        return []
    return [LogicalDevice(f"/device:CPU:{i}", "CPU") for i in range(_logical_cpus)]


def set_logical_device_configuration(device, logical_devices):
    """Splits the CPU into logical devices, for MirroredStrategy."""
    global _logical_cpus
    if getattr(device, "device_type", None) != "CPU":
        raise ValueError("set_logical_device_configuration: expected the CPU")
    if len(logical_devices) < 1:
        raise ValueError("set_logical_device_configuration: expected at least one logical device")
    _logical_cpus = len(logical_devices)


def set_visible_devices(devices, device_type=None):
    """Nothing to hide: there is one device."""


class threading:
    """Threads of CPU kernels."""

    @staticmethod
    def set_intra_op_parallelism_threads(num_threads):
        _core.set_num_threads(num_threads)

    @staticmethod
    def get_intra_op_parallelism_threads():
        return _core.num_threads()

    @staticmethod
    def set_inter_op_parallelism_threads(num_threads):
        """Ops run one after the other; nothing to set."""


class experimental:
    """Settings that have nothing to set here."""

    @staticmethod
    def set_memory_growth(device, enable):
        """Host memory always grows."""


def __getattr__(name):
    raise missing(__name__, name)
