"""Linnet and other libraries in one process: imported in either order, each trains a step.

    PYTHONPATH=python PYTHON python/peers/together.py [--only ORDER]

PYTHON is one that has some of torch, tensorflow and scikit-learn. Each order runs in a process of
its own; the steps alternate, so that their thread pools and allocators meet.
"""

import importlib.util
import os
import subprocess
import sys

os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")
os.environ.setdefault("CUDA_VISIBLE_DEVICES", "")

import numpy as np  # noqa: E402

PEERS = ("torch", "tensorflow", "sklearn")
rng = np.random.default_rng(0)
X = rng.normal(size=(256, 8)).astype("float32")
IMAGES = rng.normal(size=(32, 12, 12, 3)).astype("float32")
Y = (X @ rng.normal(size=(8, 1))).astype("float32")


def linnet_step():
    from linnet import keras

    model = keras.Sequential([keras.layers.Conv2D(8, 3, activation="relu"),
                              keras.layers.MaxPooling2D(2), keras.layers.Flatten(),
                              keras.layers.Dense(1)])
    model.compile("adam", "mse")
    losses = model.fit(IMAGES, Y[:32], epochs=3, verbose=0).history["loss"]
    return losses[-1] < losses[0]


def torch_step():
    import torch

    model = torch.nn.Sequential(torch.nn.Conv2d(3, 8, 3), torch.nn.ReLU(), torch.nn.Flatten(),
                                torch.nn.Linear(800, 1))
    optimizer = torch.optim.Adam(model.parameters())
    losses = []
    for _ in range(3):
        optimizer.zero_grad()
        loss = torch.nn.functional.mse_loss(model(torch.tensor(IMAGES.transpose(0, 3, 1, 2))),
                                            torch.tensor(Y[:32]))
        loss.backward()
        optimizer.step()
        losses.append(loss.item())
    return losses[-1] < losses[0]


def tensorflow_step():
    import tensorflow as tf

    model = tf.keras.Sequential([tf.keras.layers.Conv2D(8, 3, activation="relu"),
                                 tf.keras.layers.Flatten(), tf.keras.layers.Dense(1)])
    model.compile("adam", "mse")
    losses = model.fit(IMAGES, Y[:32], epochs=3, verbose=0).history["loss"]
    return losses[-1] < losses[0]


def sklearn_step():
    from sklearn.ensemble import HistGradientBoostingRegressor  # uses OpenMP

    return HistGradientBoostingRegressor(max_iter=5).fit(X, Y[:, 0]).score(X, Y[:, 0]) > 0.1


STEPS = {"linnet": linnet_step, "torch": torch_step, "tensorflow": tensorflow_step,
         "sklearn": sklearn_step}


def run(order):
    for name in order:
        importlib.import_module(name)
    for _ in range(2):
        for name in order:
            if not STEPS[name]():
                sys.exit(f"{name} did not learn")


def main():
    have = [name for name in PEERS if importlib.util.find_spec(name)]
    for name in set(PEERS) - set(have):
        print(f"{name}: skipped: it is not installed")
    orders = [order for name in have for order in ((name, "linnet"), ("linnet", name))]
    if len(have) > 1:
        orders += [(*have, "linnet"), ("linnet", *have)]
    failed = 0
    for order in orders:
        done = subprocess.run([sys.executable, __file__, "--only", ",".join(order)],
                              capture_output=True, text=True, timeout=600, check=False)
        print(f"{' then '.join(order)}: {'ok' if done.returncode == 0 else 'FAILED'}", flush=True)
        if done.returncode != 0:
            print(f"exit status {done.returncode}\n{done.stdout[-1000:]}{done.stderr[-2000:]}")
            failed += 1
    return failed


if __name__ == "__main__":
    if "--only" in sys.argv:
        run(sys.argv[sys.argv.index("--only") + 1].split(","))
    else:
        sys.exit(1 if main() else 0)
