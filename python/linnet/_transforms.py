"""Transformations of datasets that are made of others, or of Python's iteration."""

import os

from . import _core, _nest
from .errors import InvalidArgumentError
from .errors import ValueError as LinnetValueError


class Transforms:
    """What Dataset has beside what the core gives it."""

    def _generated(self, generate, cell=None):
        """A dataset of lists of tensors."""
        from .data import Dataset

        self._structure()
        return Dataset(_core._Dataset.from_generator(generate), cell or self._cell)

    def interleave(self, map_func, cycle_length=None, block_length=None, num_parallel_calls=None,
                   deterministic=None, name=None):
        """The elements of map_func(element), of cycle_length datasets in turn, block_length elements
        of each at a time."""
        from .data import Dataset

        apply, cell = self._to_datasets(map_func)
        cycle = os.cpu_count() or 1 if cycle_length in (None, -1) else int(cycle_length)
        return Dataset(self._core.interleave(apply, cycle, int(block_length or 1)), cell)

    def take_while(self, predicate, name=None):
        """The elements before the first one for which predicate is false."""
        def generate():
            for tensors in self._tensors():
                if not bool(self._call(predicate, tensors)):
                    return
                yield tensors

        return self._generated(generate)

    def scan(self, initial_state, scan_func, name=None):
        """scan_func(state, element) gives the next state and an output element."""
        from .data import _Cell, _places, _tensors

        cell = _Cell(known=False)

        def generate():
            state = _nest.map_structure(_core.convert_to_tensor, initial_state)
            for tensors in self._tensors():
                state, out = scan_func(state, self._element(tensors))
                if not cell.known:
                    cell.value, cell.known = _places(out), True
                yield _tensors(out)

        return self._generated(generate, cell)

    @staticmethod
    def random(seed=None, rerandomize_each_iteration=None, name=None):
        """int64 numbers of [0, 2^32) without end: the same ones in each pass for a seed."""
        import random

        from .data import Dataset

        def generate():
            draw = random.Random(seed)
            while True:
                yield _core.constant(draw.getrandbits(32), "int64")

        return Dataset.from_generator(generate)

    def save(self, path, compression=None, **_):
        """Writes the elements into a folder, for Dataset.load()."""
        from ._dataset_files import save

        save(self, path)

    @staticmethod
    def load(path, element_spec=None, compression=None, **_):
        """The elements that save() wrote into a folder."""
        from ._dataset_files import load

        return load(path)

    def unique(self, name=None):
        """Each element once, the first time that it comes."""
        def generate():
            seen = set()
            for tensors in self._tensors():
                key = tuple((tuple(t.shape), t.numpy().tobytes()) for t in tensors)
                if key not in seen:
                    seen.add(key)
                    yield tensors

        return self._generated(generate)

    def rebatch(self, batch_size, drop_remainder=False, name=None):
        """Batches of another size."""
        return self.unbatch().batch(batch_size, drop_remainder)

    def ignore_errors(self, log_warning=False, name=None):
        """Without the elements that raise an error."""
        from .data import Dataset

        def generate():
            pass_ = self._core.begin()
            while True:
                try:
                    tensors = pass_.next()
                except Exception:
                    continue
                if tensors is None:
                    return
                yield tensors

        return Dataset(_core._Dataset.from_generator(generate), self._cell)

    def get_single_element(self, name=None):
        """The only element; InvalidArgumentError if there is none or another one."""
        elements = list(self.take(2))
        if len(elements) != 1:
            raise InvalidArgumentError("[get_single_element] expected one element, the dataset has "
                                       f"{'none' if not elements else 'more'}")
        return elements[0]

    @staticmethod
    def choose_from_datasets(datasets, choice_dataset, stop_on_empty_dataset=True):
        """The next element of the dataset whose number choice_dataset gives."""
        datasets = list(datasets)
        if not datasets:
            raise LinnetValueError("choose_from_datasets: expected at least one dataset")

        def generate():
            passes = [d._core.begin() for d in datasets]
            for choice in choice_dataset:
                at = int(choice)
                if not 0 <= at < len(passes):
                    raise InvalidArgumentError(f"[choose_from_datasets] choice {at} of "
                                               f"{len(passes)} datasets")
                tensors = passes[at].next()
                if tensors is not None:
                    yield tensors
                elif stop_on_empty_dataset:
                    return

        return datasets[0]._generated(generate)

    def bucket_by_sequence_length(self, element_length_func, bucket_boundaries, bucket_batch_sizes,
                                  padded_shapes=None, padding_values=None,
                                  pad_to_bucket_boundary=False, no_padding=False,
                                  drop_remainder=False, name=None):
        """Batches of elements of similar length, each filled with 0 up to its longest."""
        from .data import _padded

        if len(bucket_batch_sizes) != len(bucket_boundaries) + 1:
            raise LinnetValueError(f"bucket_by_sequence_length: {len(bucket_batch_sizes)} batch "
                                   f"sizes for {len(bucket_boundaries)} boundaries; expected one more")

        def generate():
            buckets = [[] for _ in bucket_batch_sizes]
            for tensors in self._tensors():
                length = int(self._call(element_length_func, tensors))
                at = sum(length >= boundary for boundary in bucket_boundaries)
                buckets[at].append(tensors)
                if len(buckets[at]) == bucket_batch_sizes[at]:
                    yield [_padded(list(column)) for column in zip(*buckets[at])]
                    buckets[at] = []
            for bucket in buckets:
                if bucket and not drop_remainder:
                    yield [_padded(list(column)) for column in zip(*bucket)]

        return self._generated(generate)
