"""keras.datasets: from files on this machine; nothing is downloaded."""

import os
import types

from .. import _core
from .._missing import missing
from ..errors import IOError

_FILES = ("train-images-idx3-ubyte", "train-labels-idx1-ubyte", "t10k-images-idx3-ubyte",
          "t10k-labels-idx1-ubyte")


def _folders(name):
    out = [os.environ.get("LINNET_DATA_DIR"), f"/usr/share/datasets/{name}",
           os.path.expanduser(f"~/.keras/datasets/{name}"),
           os.path.expanduser(f"~/.keras/datasets/{name.replace('-', '_')}")]
    return [folder for folder in out if folder]


def _archive(name):
    return os.path.expanduser(f"~/.keras/datasets/{name}.npz")


def _load_idx(name):
    looked = _folders(name)
    for folder in looked:
        paths = []
        for file in _FILES:
            found = [p for p in (os.path.join(folder, file + ending) for ending in ("", ".gz"))
                     if os.path.exists(p)]
            paths += found[:1]
        if len(paths) == 4:
            x, y, x_test, y_test = (_core._load_idx(p).numpy() for p in paths)
            return (x, y), (x_test, y_test)
    archive = _archive(name)
    if os.path.exists(archive):
        import numpy as np

        with np.load(archive, allow_pickle=False) as file:
            return ((file["x_train"], file["y_train"]), (file["x_test"], file["y_test"]))
    raise IOError(f"[{name}] the data is not on this machine and Linnet downloads nothing; looked "
                  f"for IDX files in {looked} and for {archive}")


def _dataset(name):
    def load_data(path=None):
        """((x_train, y_train), (x_test, y_test)) as uint8 NumPy arrays."""
        return _load_idx(name)

    return types.SimpleNamespace(load_data=load_data, __name__=name)


def _load_batch(path):
    """One of CIFAR's files: pickled, so nothing but NumPy's arrays may be made of it."""
    import codecs
    import pickle

    import numpy as np

    class Arrays(pickle.Unpickler):
        def find_class(self, module, name):
            if (module, name) == ("_codecs", "encode"):  # how bytes are written for Python 2
                return codecs.encode
            known = {"ndarray": np.ndarray, "dtype": np.dtype,
                     "_reconstruct": lambda kind, shape, code: np.ndarray(shape, code)}
            if module.partition(".")[0] != "numpy" or name not in known:
                raise pickle.UnpicklingError(f"'{module}.{name}' is no part of a CIFAR file")
            return known[name]

    with open(path, "rb") as file:
        batch = Arrays(file, encoding="bytes").load()
    images = np.asarray(batch[b"data"], "uint8").reshape(-1, 3, 32, 32).transpose(0, 2, 3, 1)
    return images, np.asarray(batch[b"labels"], "uint8").reshape(-1, 1)


def _load_cifar10():
    """((x_train, y_train), (x_test, y_test)): uint8 images [n, 32, 32, 3] and labels [n, 1]."""
    import numpy as np

    names = [f"data_batch_{i}" for i in range(1, 6)] + ["test_batch"]
    looked = [os.path.join(folder, inner) for folder in _folders("cifar-10-batches-py") + [
        os.path.expanduser("~/.keras/datasets/cifar-10-batches-py-target")]
        for inner in ("", "cifar-10-batches-py")]
    for folder in looked:
        paths = [os.path.join(folder, name) for name in names]
        if all(os.path.exists(path) for path in paths):
            parts = [_load_batch(path) for path in paths]
            train = tuple(np.concatenate([part[i] for part in parts[:5]]) for i in (0, 1))
            return train, parts[5]
    raise IOError("[cifar10] the data is not on this machine and Linnet downloads nothing; looked "
                  f"for {names[0]} and the others in {looked}")


cifar10 = types.SimpleNamespace(load_data=_load_cifar10, __name__="cifar10")
mnist = _dataset("mnist")
fashion_mnist = _dataset("fashion-mnist")


def __getattr__(name):
    raise missing(__name__, name)
