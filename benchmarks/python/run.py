"""What Python costs: import, eager ops, captured calls, model.fit; beside C++ and other libraries.

    python3 benchmarks/python/run.py --linnet PYTHON [--peer PYTHON]... [--rounds N] [--out FOLDER]

--linnet names an interpreter that has linnet (PYTHONPATH counts), --peer one that has any of torch,
tensorflow, jax. Each measurement is a process of its own on one core, of real-time priority where
that is allowed; all sides take turns. build/release must hold benchmarks/model_fit, built with the
library that the package uses.
"""

import argparse
import json
import os
import pathlib
import platform
import statistics
import subprocess
import sys

ROOT = pathlib.Path(__file__).resolve().parents[2]
SIDES = pathlib.Path(__file__).with_name("sides.py")
NAMES = {"linnet": "Linnet", "torch": "PyTorch", "tensorflow": "TensorFlow", "jax": "JAX"}
MEASURES = {"import": ("`import`, ms", 1e3, 1), "layers": ("`import` with layers, ms", 1e3, 1),
            "add": ("eager addition of 8 floats, us", 1e6, 2),
            "call": ("captured `x * 2 + 1` of 8 floats, us", 1e6, 2)}
STEPS = {"mlp": 5 * 100, "lenet": 2 * 5}  # steps of one fit
FITS = {"mlp": 20, "lenet": 6}


def real_time():
    command = ["chrt", "-f", "1"]
    try:
        works = subprocess.run([*command, "true"], capture_output=True, check=False).returncode == 0
    except OSError:
        works = False
    return command if works else []


def ask(*command):
    environment = dict(os.environ, LINNET_NUM_THREADS="1", OMP_NUM_THREADS="1",
                       TF_CPP_MIN_LOG_LEVEL="3", CUDA_VISIBLE_DEVICES="")
    # Bytecode is what an installed package has; without it each import compiles.
    environment.pop("PYTHONDONTWRITEBYTECODE", None)
    done = subprocess.run([*real_time(), *map(str, command)], capture_output=True, text=True,
                          env=environment, check=False)
    if done.returncode != 0:
        raise RuntimeError(f"{' '.join(map(str, command))}\n{done.stderr[-2000:]}")
    return json.loads(done.stdout.strip().split("\n")[-1])


def has(python, library):
    code = f"import importlib.util, sys; sys.exit(importlib.util.find_spec('{library}') is None)"
    return subprocess.run([python, "-c", code], check=False).returncode == 0


def version(python, library):
    code = f"import importlib.metadata as m; print(m.version('{library}'))"
    for name in (library, f"{library}-cpu", f"{library}_cpu"):
        done = subprocess.run([python, "-c", code.replace(library, name)], capture_output=True,
                              text=True, check=False)
        if done.returncode == 0:
            return done.stdout.strip()
    return ""


def measure(sides, rounds):
    """{measure: {library: [seconds]}} and {workload: {side: [seconds a step]}}"""
    found = {what: {library: [] for library in sides} for what in MEASURES}
    fits = {workload: {"C++": [], "Python": []} for workload in STEPS}
    for what in MEASURES:
        for number in range(rounds + 1):  # the first fills file caches and writes bytecode
            for library, python in sides.items():
                if what == "call" and library == "torch":
                    continue  # torch.compile is for long functions
                value = ask(python, SIDES, library, what)
                if number:
                    found[what][library].append(value)
    program = ROOT / "build" / "release" / "benchmarks" / "model_fit"
    for workload, steps in STEPS.items():
        for _ in range(rounds):
            for side, command in (("C++", [program, workload, FITS[workload]]),
                                  ("Python", [sides["linnet"], SIDES, "linnet", "fit", workload,
                                              FITS[workload]])):
                fits[workload][side] += [value / steps for value in ask(*command)]
    return found, fits


def report(found, fits, sides, rounds):
    libraries = list(sides)
    lines = ["# Python's overheads", "",
             "Written by `./dev bench --python` from [python.json](python.json). One core"
             f"{' at real-time priority' if real_time() else ''}, {machine()}; medians of {rounds} "
             "rounds, in each of which all sides take turns in processes of their own. Import times "
             "are of a warm file cache, with bytecode; NumPy is not imported by any side before. "
             "TensorFlow hands captured calls to threads of its own.",
             "", "| | " + " | ".join(
                 f"{NAMES[library]} {version(python, library)}".strip()
                 for library, python in sides.items()) + " |",
             "|---|" + "---|" * len(libraries)]
    for what, (text, scale, digits) in MEASURES.items():
        values = [f"{statistics.median(found[what][library]) * scale:.{digits}f}"
                  if found[what][library] else "-" for library in libraries]
        lines.append(f"| {text} | {' | '.join(values)} |")
    lines += ["", "`model.fit` from Python and from C++ ([model_fit.cpp](../../benchmarks/"
              "model_fit.cpp)), microseconds a step: median (minimum). The step is C++ in both; what "
              "Python adds is setting up a fit, and callbacks and logs each epoch.", "",
              "| | C++ | Python | Python adds |", "|---|---|---|---|"]
    for workload, both in fits.items():
        medians = {side: statistics.median(values) * 1e6 for side, values in both.items()}
        cells = [f"{medians[side]:.1f} ({min(values) * 1e6:.1f})" for side, values in both.items()]
        extra = medians["Python"] - medians["C++"]
        lines.append(f"| {workload} | {' | '.join(cells)} | {extra:+.1f} us, "
                     f"{extra / medians['C++']:+.1%} |")
    return "\n".join(lines) + "\n"


def machine():
    model = next((line.split(":")[1].strip() for line in open("/proc/cpuinfo", encoding="utf-8")
                  if line.startswith("model name")), platform.processor())
    return f"{model}, Python {platform.python_version()}"


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n", 1)[0])
    parser.add_argument("--linnet", default=sys.executable, metavar="PYTHON")
    parser.add_argument("--peer", action="append", default=[], metavar="PYTHON")
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--out", type=pathlib.Path, default=ROOT / "docs" / "benchmarks")
    arguments = parser.parse_args()
    sides = {"linnet": arguments.linnet}
    peers = arguments.peer or [str(p) for p in (ROOT / ".local" / "peers").glob("*/bin/python")]
    for python in peers:
        for library in ("torch", "tensorflow", "jax"):
            if library not in sides and has(python, library):
                sides[library] = python
    found, fits = measure(sides, arguments.rounds)
    text = report(found, fits, sides, arguments.rounds)
    arguments.out.mkdir(parents=True, exist_ok=True)
    (arguments.out / "python.md").write_text(text, encoding="utf-8")
    (arguments.out / "python.json").write_text(
        json.dumps({"overheads": found, "fit": fits}, indent=1) + "\n", encoding="utf-8")
    print(text)


if __name__ == "__main__":
    main()
