"""linnet.data: input pipelines."""

import builtins

from . import _core, _nest, _texts
from ._missing import missing
from ._passes import Anything, OwnedIterator
from ._transforms import Transforms

AUTOTUNE = -1
INFINITE_CARDINALITY = -1
UNKNOWN_CARDINALITY = -2


class _Cell:
    """The structure of a dataset's elements; functions' results have it after the first call."""

    def __init__(self, value=None, known=True, source=None):
        self.value, self.known, self.source = value, known, source


def _places(nest):
    count = iter(builtins.range(len(_nest.flatten(nest))))
    return _nest.map_structure(
        lambda leaf: (_texts.TextPlace if _texts.is_text(leaf) else int)(next(count)), nest)


def _tensors(nest):
    return [_texts.encode(leaf) if _texts.is_text(leaf) else _core.convert_to_tensor(leaf)
            for leaf in _nest.flatten(nest)]


def _as_tuple(nest):
    """Lists at the top are one tensor, tuples several."""
    if isinstance(nest, list):
        if _texts.is_text(nest):
            return _texts.Texts(nest)
        return _core.convert_to_tensor(nest)
    if isinstance(nest, tuple):
        return tuple(_as_tuple(part) for part in nest)
    if isinstance(nest, dict):
        return {key: _as_tuple(part) for key, part in nest.items()}
    return nest


class Dataset(Transforms):
    """A pipeline of elements (tensors, tuples, dicts): immutable, iterable any number of times."""

    def __init__(self, core, cell):
        self._core, self._cell = core, cell

    # The core's side.

    def _core_dataset(self):
        return self._core

    def _structure(self):
        if not self._cell.known:
            self._core.take(1).begin().next()
            if not self._cell.known:
                return 0  # no element: anything fits
        return self._cell.value

    def _know(self, element):
        """Says what elements look like, where looking would use one up."""
        self._cell.value, self._cell.known = _places(_as_tuple(element)), True

    def _like(self, core):
        return Dataset(core, self._cell)

    def _element(self, tensors):
        structure = self._structure()
        places = _nest.flatten(structure)
        if any(isinstance(place, _texts.TextPlace) for place in places):
            tensors = [_texts.decode(t) if isinstance(place, _texts.TextPlace) else t
                       for place, t in builtins.zip(places, tensors)]
        return _nest.pack(structure, tensors)

    # Sources.

    @staticmethod
    def from_tensor_slices(tensors, name=None):
        """One element per row."""
        tensors = _as_tuple(tensors)
        return Dataset(_core._Dataset.from_tensor_slices(_tensors(tensors)), _Cell(_places(tensors)))

    @staticmethod
    def from_tensors(tensors, name=None):
        """One element."""
        tensors = _as_tuple(tensors)
        return Dataset(_core._Dataset.from_tensors(_tensors(tensors)), _Cell(_places(tensors)))

    @staticmethod
    def from_generator(generator, output_types=None, output_shapes=None, args=None,
                       output_signature=None, name=None):
        """generator(*args) makes an iterator per pass."""
        if not callable(generator):
            raise TypeError("from_generator: generator must be callable")
        cell = _Cell(known=False)
        arguments = [_core.convert_to_tensor(a) for a in args or ()]
        types = None if output_types is None else _nest.flatten(output_types)
        specs = None if output_signature is None else _nest.flatten(output_signature)

        def make():
            for item in generator(*arguments):
                item = _as_tuple(item)
                leaves = _tensors(item)
                if specs is not None:
                    leaves = [_fit(leaf, spec) for leaf, spec in zip(leaves, specs)]
                elif types is not None:
                    leaves = [_core.cast(leaf, t) for leaf, t in zip(leaves, types)]
                if not cell.known:
                    cell.value, cell.known = _places(item), True
                yield leaves

        return Dataset(_core._Dataset.from_generator(make), cell)

    @staticmethod
    def range(*args, output_type=None, name=None):
        """0-d int64 elements, as Python's range."""
        bounds = builtins.range(*[int(a) for a in args])
        return Dataset(_core._Dataset.range(bounds.start, bounds.stop, bounds.step), _Cell(0))

    @staticmethod
    def list_files(file_pattern, shuffle=None, seed=None, name=None):
        """The names of files that match a pattern (or one of several), as strings; shuffled unless
        shuffle is False."""
        from ._text_files import matching_files

        names = matching_files(file_pattern)
        files = Dataset.from_tensor_slices(names)
        return files if shuffle is False else files.shuffle(len(names), seed)

    @staticmethod
    def counter(start=0, step=1, dtype="int64", name=None):
        """start, start + step, ... without end."""
        return Dataset.range(1).repeat().enumerate().map(
            lambda i, _: _core.cast(i * int(step) + int(start), dtype))

    @staticmethod
    def zip(*datasets, name=None):
        """Elements side by side."""
        nest = datasets[0] if len(datasets) == 1 and isinstance(datasets[0], (tuple, dict)) \
            else tuple(datasets)
        parts = _nest.flatten(nest)
        if not parts or not all(isinstance(d, Dataset) for d in parts):
            raise TypeError("zip: expected Datasets")
        structures = [d._structure() for d in parts]
        joined = _nest.pack(nest, structures)
        return Dataset(_core._Dataset.zip([d._core for d in parts]), _Cell(_places(joined)))

    # Transformations.

    @staticmethod
    def sample_from_datasets(datasets, weights=None, seed=None, stop_on_empty_dataset=False,
                             rerandomize_each_iteration=None):
        """Elements of datasets of one structure, each drawn from one of them at random."""
        import random

        datasets = list(datasets)
        shares = [1.0] * len(datasets) if weights is None else [float(w) for w in weights]
        if not datasets or len(shares) != len(datasets):
            raise ValueError(f"sample_from_datasets: {len(shares)} weights for {len(datasets)} "
                             "datasets")
        fixed = random.randrange(1 << 30) if seed is None else seed

        def elements():
            draw = random.Random(fixed)
            left = [[iter(d), w] for d, w in zip(datasets, shares) if w > 0]
            while left:
                at = draw.choices(list(left), [w for _, w in left])[0]
                try:
                    yield next(at[0])
                except StopIteration:
                    if stop_on_empty_dataset:
                        return
                    left.remove(at)

        return Dataset.from_generator(elements)

    def map(self, map_func, num_parallel_calls=None, deterministic=None, name=None):
        """map_func of each element; a tuple's parts are its arguments."""
        cell = _Cell(known=False)

        def apply(tensors):
            result = self._call(map_func, tensors)
            if isinstance(result, list) and not isinstance(result, _texts.Texts):
                result = tuple(result)
            if not cell.known:
                cell.value, cell.known = _places(result), True
            return _tensors(result)

        self._structure()
        return Dataset(self._core.map(apply, 1), cell)

    def _call(self, function, tensors):
        element = self._element(tensors)
        return function(*element) if isinstance(element, tuple) else function(element)

    def filter(self, predicate, name=None):
        self._structure()
        return self._like(self._core.filter(lambda t: bool(self._call(predicate, t))))

    def _to_datasets(self, map_func):
        """What becomes of an element whose datasets are strung together, and their structure."""
        cell = _Cell(known=False)

        def apply(tensors):
            made = self._call(map_func, tensors)
            if not cell.known:
                cell.value, cell.known = made._structure(), True
            return made._core

        self._structure()
        return apply, cell

    def flat_map(self, map_func, name=None):
        """The elements of map_func(element), one dataset after the other."""
        apply, cell = self._to_datasets(map_func)
        return Dataset(self._core.flat_map(apply), cell)

    def enumerate(self, start=0, name=None):
        structure = self._structure()
        return Dataset(self._core.enumerate(int(start)), _Cell(_places((0, structure))))

    def shuffle(self, buffer_size, seed=None, reshuffle_each_iteration=True, name=None):
        return self._like(self._core.shuffle(_number(buffer_size), seed,
                                             reshuffle_each_iteration is not False))

    def batch(self, batch_size, drop_remainder=False, num_parallel_calls=None, deterministic=None,
              name=None):
        return self._like(self._core.batch(_number(batch_size), bool(drop_remainder)))

    def window(self, size, shift=None, stride=1, drop_remainder=False, name=None):
        """Datasets of `size` elements each, their beginnings `shift` (default: size) apart."""
        size, stride = _number(size), _number(stride)
        return Windows(self, size, size if shift is None else _number(shift), stride,
                       bool(drop_remainder))

    def unbatch(self, name=None):
        return self._like(self._core.unbatch())

    def repeat(self, count=None, name=None):
        return self._like(self._core.repeat(-1 if count is None else _number(count)))

    def take(self, count, name=None):
        return self._like(self._core.take(_number(count)))

    def skip(self, count, name=None):
        return self._like(self._core.skip(_number(count)))

    def shard(self, num_shards, index, name=None):
        return self._like(self._core.shard(_number(num_shards), _number(index)))

    def concatenate(self, dataset, name=None):
        return self._like(self._core.concatenate(dataset._core))

    def cache(self, filename="", name=None):
        return self._like(self._core.cache())

    def prefetch(self, buffer_size, name=None):
        return self._like(self._core.prefetch(_number(buffer_size)))

    def apply(self, transformation_func):
        return transformation_func(self)

    def with_options(self, options, name=None):
        return self

    def padded_batch(self, batch_size, padded_shapes=None, padding_values=None,
                     drop_remainder=False, name=None):
        """Batches whose elements are filled with 0 up to the longest."""
        size, source = _number(batch_size), self

        def rows():
            group = []
            for tensors in source._tensors():
                group.append(tensors)
                if len(group) == size:
                    yield group
                    group = []
            if group and not drop_remainder:
                yield group

        def generate():
            for group in rows():
                yield [_padded([row[i] for row in group]) for i in builtins.range(len(group[0]))]

        self._structure()
        return Dataset(_core._Dataset.from_generator(generate), self._cell)

    def reduce(self, initial_state, reduce_func, name=None):
        state = initial_state
        for element in self:
            state = reduce_func(state, element)
        return state

    # Reading.

    def _tensors(self):
        pass_ = self._core.begin()
        while (tensors := pass_.next()) is not None:
            yield tensors

    def __iter__(self):
        return OwnedIterator(self)

    def as_numpy_iterator(self):
        for element in self:
            yield _nest.map_structure(lambda t: t.numpy(), element)

    def cardinality(self):
        return _core.constant(self._core.cardinality(), "int64")

    def __len__(self):
        n = self._core.cardinality()
        if n == INFINITE_CARDINALITY:
            raise TypeError("The dataset is infinite.")
        if n == UNKNOWN_CARDINALITY:
            raise TypeError("The dataset length is unknown.")
        return n

    def __bool__(self):
        return True

    @property
    def element_spec(self):
        """The shape and dtype of elements (of the first one)."""
        from ._function import TensorSpec

        for element in self.take(1):
            return _nest.map_structure(TensorSpec.from_tensor, element)
        return None

    def __repr__(self):
        return f"<linnet.data.Dataset of {self._core.cardinality()} elements>"


def _fit(tensor, spec):
    tensor = _core.cast(tensor, spec.dtype)
    if not spec.is_compatible_with(tensor):
        raise TypeError(f"from_generator: an element of shape {tensor.shape} does not fit {spec}")
    return tensor


def _padded(tensors):
    if tensors[0].ndim == 0:
        return _core.stack(tensors, 0)
    longest = [max(t.shape[a] for t in tensors) for a in builtins.range(tensors[0].ndim)]
    return _core.stack([
        _core.pad(t, [[0, n - t.shape[a]] for a, n in builtins.enumerate(longest)]) for t in tensors], 0)


def _number(value):
    if isinstance(value, bool) or not hasattr(value, "__index__"):
        raise TypeError(f"expected an integer, got {value!r}")
    return int(value)


class Options(Anything):
    """Accepted; there is nothing to set."""


def TextLineDataset(filenames, compression_type=None, buffer_size=None,
                    num_parallel_reads=None, name=None):
    """The lines of text files, as strings."""
    from ._text_files import lines

    return Dataset.from_generator(lines(filenames, compression_type))


class experimental:
    AUTOTUNE = AUTOTUNE
    AutoShardPolicy = Anything()

    @staticmethod
    def CsvDataset(filenames, record_defaults, compression_type=None, buffer_size=None,
                   header=False, field_delim=",", use_quote_delim=True, na_value="",
                   select_cols=None):
        """The rows of CSV files: a tuple of scalars of the defaults' dtypes."""
        from ._text_files import rows

        return Dataset.from_generator(rows(filenames, record_defaults, compression_type, header,
                                           field_delim, use_quote_delim, na_value, select_cols))

    @staticmethod
    def Counter(start=0, step=1, dtype="int64"):
        return Dataset.counter(start, step, dtype)

    @staticmethod
    def cardinality(dataset):
        return dataset.cardinality()


from ._windows import Windows  # noqa: E402


def __getattr__(name):
    raise missing(__name__, name)
