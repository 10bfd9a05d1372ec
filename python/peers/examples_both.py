"""Runs each program of examples/python on Linnet and, with its imports changed, on TensorFlow.

    PYTHONPATH=python PYTHON python/peers/examples_both.py [NAME...]

PYTHON is one that has tensorflow. Each program says by its exit status whether it learned what it
should. Nothing is downloaded: Fashion-MNIST is put where Keras keeps what it downloaded.
"""

import gzip
import os
import pathlib
import re
import shutil
import subprocess
import sys
import tempfile
import time

ROOT = pathlib.Path(__file__).resolve().parents[2]
ARGUMENTS = {"fashion_mnist": ["1", "6400"]}  # an epoch over fewer images
IMPORTS = [(r"^import linnet as tf$", "import tensorflow as tf"),
           (r"^from linnet import ", "from tensorflow import "),
           (r"^from linnet\.keras", "from tensorflow.keras")]


def for_tensorflow(source):
    """The program with TensorFlow's imports; ValueError if one of Linnet's is left."""
    for pattern, text in IMPORTS:
        source = re.sub(pattern, text, source, flags=re.M)
    left = re.search(r"^.*\blinnet\b.*$", re.sub(r'""".*?"""', "", source, flags=re.S), re.M)
    if left:
        raise ValueError(f"TensorFlow has none of this: {left.group(0).strip()}")
    return source


def place_fashion_mnist(home):
    """Debian's files as Keras's cache has them: gzipped. False where they are absent."""
    given = pathlib.Path(os.environ.get("LINNET_DATA_DIR", "/usr/share/datasets/fashion-mnist"))
    cache = home / ".keras" / "datasets" / "fashion-mnist"
    cache.mkdir(parents=True)
    for part in ("train", "t10k"):
        for kind in ("images-idx3-ubyte", "labels-idx1-ubyte"):
            name = f"{part}-{kind}"
            if (given / f"{name}.gz").exists():
                shutil.copy(given / f"{name}.gz", cache)
            elif (given / name).exists():
                with gzip.open(cache / f"{name}.gz", "wb", compresslevel=1) as out:
                    out.write((given / name).read_bytes())
            else:
                return False
    return True


def run(program, arguments, home):
    environment = dict(os.environ, HOME=str(home), TF_CPP_MIN_LOG_LEVEL="3",
                       CUDA_VISIBLE_DEVICES="")
    start = time.perf_counter()
    done = subprocess.run([sys.executable, str(program), *arguments], capture_output=True,
                          text=True, env=environment, timeout=900, check=False)
    said = done.stdout.strip().split("\n")[-1]
    if done.returncode != 0:
        said += "\n" + done.stderr[-2000:]
    return done.returncode == 0, said, time.perf_counter() - start


def main(names):
    failed = []
    with tempfile.TemporaryDirectory() as folder:
        home = pathlib.Path(folder)
        have_images = place_fashion_mnist(home)
        for program in sorted((ROOT / "examples" / "python").glob("*.py")):
            name = program.stem
            if names and name not in names:
                continue
            if name == "fashion_mnist" and not have_images:
                print(f"{name}: skipped: its images are not on this machine")
                continue
            changed = home / program.name
            changed.write_text(for_tensorflow(program.read_text(encoding="utf-8")),
                               encoding="utf-8")
            for side, path in (("linnet", program), ("tensorflow", changed)):
                passed, said, seconds = run(path, ARGUMENTS.get(name, []), home)
                print(f"{name} on {side}: {'ok' if passed else 'FAILED'} in {seconds:.1f} s: {said}",
                      flush=True)
                if not passed:
                    failed.append((name, side))
    return failed


if __name__ == "__main__":
    sys.exit(1 if main(sys.argv[1:]) else 0)
