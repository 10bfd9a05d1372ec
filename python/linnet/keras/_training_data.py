"""What fit, evaluate and predict take: arrays, nests of arrays, datasets, generators."""

import itertools

from .. import _core, _nest, _texts


def is_dataset(x):
    return hasattr(x, "_core_dataset")


def is_generator(x):
    return hasattr(x, "__next__") or (hasattr(x, "__getitem__") and hasattr(x, "__len__")
                                      and hasattr(x, "on_epoch_end"))


def _frame_to_array(x):
    return x.to_numpy() if hasattr(x, "to_numpy") else x


def array(x, what):
    x = _frame_to_array(x)
    if _texts.is_text(x):
        return _texts.encode(x)
    try:
        tensor = _core._tensor_in_place(x)
    except (TypeError, ValueError) as problem:
        raise type(problem)(f"{what}: {problem}") from None
    return _core.cast(tensor, "float32") if tensor.dtype == "float64" else tensor


def several(model, x):
    """Whether a list or dict of arrays feeds a model of several inputs."""
    if isinstance(x, dict):
        return True
    if not isinstance(x, (list, tuple)):
        return False
    inputs = None if isinstance(model, _core.Sequential) else getattr(model, "inputs", None)
    if inputs is not None:
        return len(inputs) > 1
    return isinstance(x, tuple)


def labels(y, what="y"):
    return None if y is None else array(y, what)


class Data:
    """What fit, evaluate and predict were given: arrays {x, y, weight} or a dataset of batches."""

    def __init__(self, model, x, y=None, sample_weight=None, batch_size=None, shuffle=False,
                 op="fit"):
        self.arrays = self.dataset = self.structure = self.length = None
        self.own_steps = model._has_own_steps()
        if hasattr(x, "_shards") or is_dataset(x):
            self._from_dataset(x, y, sample_weight, op)
        elif is_generator(x):
            self._from_generator(x, y, op)
        elif several(model, x) or isinstance(y, (dict,)) or (
                isinstance(y, (list, tuple)) and model._several_outputs()):
            self._from_nest(model, x, y, sample_weight, batch_size or 32, shuffle, op)
        else:
            if isinstance(x, str):
                raise ValueError(f"{op}: Unrecognized data type: x={x!r} (of type str)")
            arrays = [array(x, "x"), labels(y), labels(sample_weight, "sample_weight")]
            if self.own_steps:
                kept = [a for a in arrays if a is not None]
                self._slices(kept, (0, 1, 2)[:len(kept)] if arrays[2] is None or y is not None
                             else None, batch_size or 32, shuffle)
                self.structure = 0 if len(kept) == 1 else tuple(range(len(kept)))
            else:
                self.arrays = arrays

    def _from_dataset(self, x, y, sample_weight, op):
        if y is not None or sample_weight is not None:
            raise ValueError(f"{op}: a Dataset yields targets and weights itself; leave y and "
                             "sample_weight out")
        self.dataset, structure = x._core_dataset(), x._structure()
        self.structure = structure
        leaves_alone = isinstance(structure, int) or (
            isinstance(structure, tuple) and all(isinstance(p, int) for p in structure))
        if not leaves_alone:
            self.own_steps = True

    def _from_generator(self, x, y, op):
        from ..data import Dataset

        if y is not None:
            raise ValueError(f"{op}: a generator yields targets itself; leave y out")
        if hasattr(x, "__getitem__"):
            source = x

            def batches():
                for i in range(len(source)):
                    yield source[i]
        else:
            first = next(x, None)  # looked at for its structure; the rest comes batch by batch
            if first is None:
                raise ValueError(f"{op}: no batch: the generator is empty")
            waiting = itertools.chain([first], x)

            def batches():
                yield from waiting

        dataset = Dataset.from_generator(batches)
        self.length = len(source) if hasattr(x, "__getitem__") else None
        if not hasattr(x, "__getitem__"):
            dataset._know(first)
        self._from_dataset(dataset, None, None, op)

    def weigh(self, class_weight):
        """Weighs each sample by its label's class; arrays {x, y} are left to the core."""
        if self.dataset is None:
            return False
        if not isinstance(self.structure, tuple) or len(self.structure) not in (2, 3) or not (
                isinstance(self.structure[1], int)):
            raise ValueError("fit: class_weight needs one array of labels")
        labels = {int(label): float(weight) for label, weight in class_weight.items()}
        table = _core.constant([labels.get(i, 1.0) for i in range(max(labels) + 1)], "float32")
        place, weighted = self.structure[1], len(self.structure) == 3

        def add_weights(tensors):
            y = tensors[place]
            one_hot = y.ndim > 1 and y.shape[-1] > 1
            index = _core.argmax(y, -1) if one_hot else _core.cast(_core.reshape(y, [-1]), "int64")
            known = _core.cast(index < len(table), "float32")
            weights = _core.gather(table, _core.minimum(index, len(table) - 1))
            weights = weights * known + (1.0 - known)
            if weighted:
                return [*tensors[:-1], tensors[-1] * weights]
            return [*tensors, weights]

        self.dataset = self.dataset.map(add_weights, 1)
        if not weighted:
            self.structure = (*self.structure, 1 + max(_nest.flatten(self.structure)))
        return True

    def _slices(self, tensors, _, batch_size, shuffle):
        dataset = _core._Dataset.from_tensor_slices(tensors)
        if shuffle:
            dataset = dataset.shuffle(max(1, tensors[0].shape[0]), None, True)
        self.dataset = dataset.batch(batch_size, False)

    def _from_nest(self, model, x, y, sample_weight, batch_size, shuffle, op):
        parts = [x] + ([y] if y is not None else []) + (
            [sample_weight] if sample_weight is not None else [])
        tensors = [array(leaf, op) for leaf in _nest.flatten(parts)]
        sizes = [t.shape[0] if t.ndim else None for t in tensors]
        if len(set(sizes)) > 1:
            raise ValueError(f"{op}: Data cardinality is ambiguous: sizes {sizes}")
        self._slices(tensors, None, batch_size, shuffle)
        whole = parts[0] if len(parts) == 1 and isinstance(x, dict) else tuple(parts)
        self.structure = _nest.pack(whole, range(len(tensors)))
        self.own_steps = True


def split(nest, fraction, op):
    """The first part of all arrays, and the last."""
    leaves = [None if leaf is None else array(leaf, op) for leaf in _nest.flatten(nest)]
    n = next(leaf.shape[0] for leaf in leaves if leaf is not None)
    at = int(n * (1 - fraction))
    if not 0 < fraction < 1 or at in (0, n):
        raise ValueError(f"{op}: validation_split {fraction} of {n} samples leaves one side empty")
    first = [None if leaf is None else leaf[:at] for leaf in leaves]
    last = [None if leaf is None else leaf[at:] for leaf in leaves]
    return _nest.pack(nest, first), _nest.pack(nest, last)


def split_call(model, x, y, weight, fraction):
    if isinstance(x, (dict, tuple)) or several(model, x):
        first, last = split((x, y, weight), fraction, "fit")
        return first, last
    (a, b, c), (d, e, f) = split((array(x, "x"), labels(y), labels(weight)), fraction, "fit")
    return (a, b, c), (d, e, f)
