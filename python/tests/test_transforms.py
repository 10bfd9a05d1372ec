"""Transformations of datasets."""

import numpy as np
import pytest

import linnet as tf

Dataset = tf.data.Dataset


def values(dataset):
    return [x.numpy().tolist() for x in dataset]


def test_datasets_of_datasets():
    twice = Dataset.range(1, 4).interleave(
        lambda x: Dataset.from_tensors(x).repeat(3), cycle_length=2, block_length=2)
    assert values(twice) == [1, 1, 2, 2, 1, 2, 3, 3, 3]
    a, b = Dataset.range(3), Dataset.range(10, 13)
    chosen = Dataset.choose_from_datasets([a, b], Dataset.from_tensor_slices([0, 1, 1, 0, 1, 1]))
    assert values(chosen) == [0, 10, 11, 1, 12]
    assert values(Dataset.counter(5, 2).take(3)) == [5, 7, 9]


def test_elements_by_their_values():
    d = Dataset.from_tensor_slices([1, 3, 1, 7, 3])
    assert values(d.unique()) == [1, 3, 7] and values(d.take_while(lambda x: x < 5)) == [1, 3, 1]
    sums = d.scan(0, lambda state, x: (state + x, (state + x, x)))
    assert [int(total) for total, _ in sums] == [1, 4, 5, 12, 15]
    assert values(d.batch(4).rebatch(2)) == [[1, 3], [1, 7], [3]]
    assert int(d.skip(4).get_single_element()) == 3
    with pytest.raises(tf.errors.InvalidArgumentError, match="has more"):
        d.get_single_element()

    def checked(x):
        if x == 1:
            raise ValueError("one")
        return x

    assert values(d.map(checked).ignore_errors()) == [3, 7, 3]
    lengths = Dataset.from_generator(lambda: (np.ones(n, "float32") for n in (1, 4, 2, 5, 3)))
    batches = lengths.bucket_by_sequence_length(lambda x: tf.shape(x)[0], [3], [2, 2])
    assert [b.shape.as_list() for b in batches] == [[2, 2], [2, 5], [1, 3]]


def test_integers_print_as_numpys_own():
    assert repr(tf.constant([1, 2], "int64").numpy()) == "array([1, 2])"
    assert tf.constant([1], "uint64").numpy().dtype == np.uint64
