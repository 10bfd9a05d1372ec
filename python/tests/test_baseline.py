"""On processors without AVX: nothing but the kernels that are chosen at run time may use it."""

import ast
import shutil
import subprocess
import sys

import numpy as np
import pytest

TRAIN = """
import numpy as np
from linnet import keras
keras.utils.set_random_seed(0)
rng = np.random.default_rng(0)
model = keras.Sequential([keras.layers.Conv2D(4, 3, activation="relu"), keras.layers.Flatten(),
                          keras.layers.Dense(1)])
model.compile("adam", "mse")
losses = model.fit(rng.normal(size=(32, 8, 8, 3)), rng.normal(size=(32, 1)), epochs=3,
                   verbose=0).history["loss"]
print(losses)
"""


@pytest.mark.skipif(shutil.which("qemu-x86_64") is None, reason="there is no qemu-x86_64")
def test_an_emulated_processor_without_avx_trains_to_the_same_losses():
    command = [sys.executable, "-c", TRAIN]
    here, there = (subprocess.run(prefix + command, capture_output=True, text=True, timeout=600)
                   for prefix in ([], ["qemu-x86_64", "-cpu", "Nehalem"]))
    assert here.returncode == 0 and there.returncode == 0, here.stderr + there.stderr
    np.testing.assert_allclose(ast.literal_eval(there.stdout), ast.literal_eval(here.stdout),
                               rtol=1e-4)
