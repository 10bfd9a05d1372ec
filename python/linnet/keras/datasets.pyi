"""keras.datasets: from files on this machine; nothing is downloaded."""

import numpy.typing as npt
import linnet
from typing import Any

from linnet.errors import IOError as IOError

cifar10: Any

fashion_mnist: _Images

mnist: _Images

_Arrays = tuple[npt.NDArray[Any], npt.NDArray[Any]]

class _Images:
    def load_data(self, path: str | None = None) -> tuple[_Arrays, _Arrays]:
        """((x_train, y_train), (x_test, y_test)) as uint8 NumPy arrays."""
