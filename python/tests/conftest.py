import pathlib

import pytest

import linnet as tf

ROOT = pathlib.Path(__file__).resolve().parents[2]


@pytest.fixture(autouse=True)
def seeded():
    tf.keras.utils.set_random_seed(1234)
    tf.keras.backend.clear_session()
