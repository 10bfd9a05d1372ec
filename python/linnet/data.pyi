"""linnet.data: input pipelines."""

import linnet
from builtins import bool as _bool
from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import Any
from linnet._typing import DTypeLike as _DTypeLike, Path as _Path

AUTOTUNE: int

class Anything:
    """What takes any setting."""

class Dataset(Transforms):
    """A pipeline of elements (tensors, tuples, dicts): immutable, iterable any number of times."""

    def __iter__(self) -> Iterator[Any]: ...

    @staticmethod
    def from_tensor_slices(tensors: Any, name: str | None = None) -> Dataset:
        """One element per row."""
        ...

    @staticmethod
    def from_tensors(tensors: Any, name: str | None = None) -> Dataset:
        """One element."""
        ...

    @staticmethod
    def from_generator(generator: Callable[..., Iterable[Any]], output_types: Any = None, output_shapes: Any = None, args: Any = None, output_signature: Any = None, name: str | None = None) -> Dataset:
        """generator(*args) makes an iterator per pass."""
        ...

    @staticmethod
    def range(*args: Any, output_type: _DTypeLike | None = None, name: str | None = None) -> Dataset:
        """0-d int64 elements, as Python's range."""
        ...

    @staticmethod
    def list_files(file_pattern: Any, shuffle: _bool | None = None, seed: Any = None, name: str | None = None) -> Any:
        """The names of files that match a pattern (or one of several), as strings; shuffled unless
        shuffle is False."""
        ...

    @staticmethod
    def counter(start: int = 0, step: int = 1, dtype: _DTypeLike | None = 'int64', name: str | None = None) -> Any:
        """start, start + step, ... without end."""
        ...

    @staticmethod
    def zip(*datasets: Any, name: str | None = None) -> Dataset:
        """Elements side by side."""
        ...

    @staticmethod
    def sample_from_datasets(datasets: Any, weights: Sequence[Any] | None = None, seed: Any = None, stop_on_empty_dataset: _bool = False, rerandomize_each_iteration: Any = None) -> Any:
        """Elements of datasets of one structure, each drawn from one of them at random."""
        ...

    def map(self, map_func: Callable[..., Any], num_parallel_calls: int | None = None, deterministic: _bool | None = None, name: str | None = None) -> Dataset:
        """map_func of each element; a tuple's parts are its arguments."""
        ...

    def filter(self, predicate: Callable[..., Any], name: str | None = None) -> Dataset: ...

    def flat_map(self, map_func: Callable[..., Any], name: str | None = None) -> Dataset:
        """The elements of map_func(element), one dataset after the other."""
        ...

    def enumerate(self, start: int = 0, name: str | None = None) -> Dataset: ...

    def shuffle(self, buffer_size: int, seed: Any = None, reshuffle_each_iteration: _bool | None = True, name: str | None = None) -> Dataset: ...

    def batch(self, batch_size: int, drop_remainder: _bool = False, num_parallel_calls: int | None = None, deterministic: _bool | None = None, name: str | None = None) -> Dataset: ...

    def window(self, size: Any, shift: Any = None, stride: int = 1, drop_remainder: _bool = False, name: str | None = None) -> Any:
        """Datasets of `size` elements each, their beginnings `shift` (default: size) apart."""
        ...

    def unbatch(self, name: str | None = None) -> Dataset: ...

    def repeat(self, count: int | None = None, name: str | None = None) -> Dataset: ...

    def take(self, count: int, name: str | None = None) -> Dataset: ...

    def skip(self, count: int, name: str | None = None) -> Dataset: ...

    def shard(self, num_shards: int, index: int, name: str | None = None) -> Dataset: ...

    def concatenate(self, dataset: Any, name: str | None = None) -> Dataset: ...

    def cache(self, filename: _Path = '', name: str | None = None) -> Dataset: ...

    def prefetch(self, buffer_size: int, name: str | None = None) -> Dataset: ...

    def apply(self, transformation_func: Callable[[Dataset], Dataset]) -> None: ...

    def with_options(self, options: Any, name: str | None = None) -> Dataset: ...

    def padded_batch(self, batch_size: int, padded_shapes: Any = None, padding_values: Any = None, drop_remainder: _bool = False, name: str | None = None) -> Dataset:
        """Batches whose elements are filled with 0 up to the longest."""
        ...

    def reduce(self, initial_state: Any, reduce_func: Callable[..., Any], name: str | None = None) -> linnet.Tensor | Any: ...

    def as_numpy_iterator(self) -> Iterator[Any]: ...

    def cardinality(self) -> linnet.Tensor: ...

    def __len__(self) -> int: ...

    def __bool__(self) -> _bool: ...

    @property
    def element_spec(self) -> Any:
        """The shape and dtype of elements (of the first one)."""
        ...

INFINITE_CARDINALITY: int

class Options(Anything):
    """Accepted; there is nothing to set."""

class OwnedIterator:
    """One pass over a dataset."""

    def __init__(self, dataset: Any) -> None: ...

    def __iter__(self) -> Any: ...

    def get_next(self) -> Any:
        """The next element; OutOfRangeError at the end."""
        ...

    @property
    def element_spec(self) -> Any: ...

def TextLineDataset(filenames: Any, compression_type: Any = None, buffer_size: int | None = None, num_parallel_reads: Any = None, name: str | None = None) -> Any:
    """The lines of text files, as strings."""
    ...

class Transforms:
    """What Dataset has beside what the core gives it."""

    def interleave(self, map_func: Callable[..., Any], cycle_length: Any = None, block_length: Any = None, num_parallel_calls: int | None = None, deterministic: _bool | None = None, name: str | None = None) -> Any:
        """The elements of map_func(element), of cycle_length datasets in turn, block_length elements
        of each at a time."""
        ...

    def take_while(self, predicate: Callable[..., Any], name: str | None = None) -> Any:
        """The elements before the first one for which predicate is false."""
        ...

    def scan(self, initial_state: Any, scan_func: Any, name: str | None = None) -> Any:
        """scan_func(state, element) gives the next state and an output element."""
        ...

    @staticmethod
    def random(seed: Any = None, rerandomize_each_iteration: Any = None, name: str | None = None) -> Any:
        """int64 numbers of [0, 2^32) without end: the same ones in each pass for a seed."""
        ...

    def save(self, path: _Path, compression: Any = None, **_: Any) -> Any:
        """Writes the elements into a folder, for Dataset.load()."""
        ...

    @staticmethod
    def load(path: _Path, element_spec: Any = None, compression: Any = None, **_: Any) -> Any:
        """The elements that save() wrote into a folder."""
        ...

    def unique(self, name: str | None = None) -> Any:
        """Each element once, the first time that it comes."""
        ...

    def rebatch(self, batch_size: int | None, drop_remainder: _bool = False, name: str | None = None) -> Any:
        """Batches of another size."""
        ...

    def ignore_errors(self, log_warning: _bool = False, name: str | None = None) -> Any:
        """Without the elements that raise an error."""
        ...

    def get_single_element(self, name: str | None = None) -> Any:
        """The only element; InvalidArgumentError if there is none or another one."""
        ...

    @staticmethod
    def choose_from_datasets(datasets: Any, choice_dataset: Any, stop_on_empty_dataset: _bool = True) -> Any:
        """The next element of the dataset whose number choice_dataset gives."""
        ...

    def bucket_by_sequence_length(self, element_length_func: Any, bucket_boundaries: Any, bucket_batch_sizes: Any, padded_shapes: Any = None, padding_values: Any = None, pad_to_bucket_boundary: _bool = False, no_padding: _bool = False, drop_remainder: _bool = False, name: str | None = None) -> Any:
        """Batches of elements of similar length, each filled with 0 up to its longest."""
        ...

UNKNOWN_CARDINALITY: int

class Windows:
    """What Dataset.window() gives: windows, each a Dataset; flat_map() makes elements of them."""

    def __init__(self, source: Any, size: Any, shift: Any, stride: Any, drop_remainder: _bool) -> None: ...

    def __iter__(self) -> Any: ...

    def flat_map(self, map_func: Callable[..., Any], name: str | None = None) -> Any:
        """The elements of map_func(window), one window after the other."""
        ...

class experimental:
    AUTOTUNE: int

    AutoShardPolicy: Any

    @staticmethod
    def CsvDataset(filenames: Any, record_defaults: Any, compression_type: Any = None, buffer_size: int | None = None, header: _bool = False, field_delim: str = ',', use_quote_delim: _bool = True, na_value: str = '', select_cols: Any = None) -> Any:
        """The rows of CSV files: a tuple of scalars of the defaults' dtypes."""
        ...

    @staticmethod
    def Counter(start: int = 0, step: int = 1, dtype: _DTypeLike | None = 'int64') -> Any: ...

    @staticmethod
    def cardinality(dataset: Any) -> linnet.Tensor: ...
