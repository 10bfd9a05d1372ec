"""Runs Linnet's benchmarks and its peers' side by side, in alternating rounds, and reports.

    python3 benchmarks/run.py [--ops | --scaling] [--quick] [--peer PYTHON]... [--make-peers]
                              [--workloads A,B] [--compiled] [--out FOLDER]

--peer names a Python interpreter with any of torch 2.13.0, tensorflow, jax, and onnxruntime with
onnx; --make-peers makes three such environments in .local/peers from PyPI, which later runs find by
themselves. --quick: two short rounds, one process a side for all workloads; the peers run what was
the fastest in the last full report, and no torch.compile unless --compiled asks for it. --ops: single ops, beside PyTorch's. --scaling: time
against batch size and depth. What is measured: benchmarks/workloads.md.
"""
import argparse
import glob
import json
import os
import platform
import select
import subprocess
import sys
import time

import report
import report_ops
import report_scaling

ROOT = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
PEERS = os.path.join(ROOT, ".local", "peers")
LOGS = os.path.join(ROOT, "build", "bench")  # what the sides say on standard error
PACKAGES = {"torch": ["torch==2.13.0", "numpy"], "tensorflow": ["tensorflow-cpu"],
            "jax": ["jax", "onnxruntime", "onnx"]}
NAMES = {"torch": "PyTorch", "tensorflow": "TensorFlow", "jax": "JAX",
         "onnxruntime": "ONNX Runtime"}
# glibc's malloc gives large blocks back at once, and each step pays for their pages again. These
# settings keep them, in huge pages where the kernel has them.
KEEP_MEMORY = ("glibc.malloc.mmap_max=0:glibc.malloc.trim_threshold=1099511627776:"
               "glibc.malloc.top_pad=67108864:glibc.malloc.arena_max=1:glibc.malloc.hugetlb=1")


def make_peers():
    for name, packages in PACKAGES.items():
        folder = os.path.join(PEERS, name)
        print(f"making {folder}: {' '.join(packages)}", flush=True)
        subprocess.run([sys.executable, "-m", "venv", folder], check=True)
        command = [os.path.join(folder, "bin", "python"), "-m", "pip", "install", "-q", *packages]
        subprocess.run(command, check=True)


def mkl_shim():
    """MKL takes its slow paths on processors that are not Intel's; this library, loaded first, tells
    it otherwise. None where it cannot be built or is not needed."""
    if "AuthenticAMD" not in open("/proc/cpuinfo").read():
        return None
    os.makedirs(LOGS, exist_ok=True)
    path = os.path.join(LOGS, "libmkl_as_intel.so")
    command = ["cc", "-shared", "-fPIC", "-x", "c", "-o", path, "-"]
    source = "int mkl_serv_intel_cpu_true(void) { return 1; }\n"
    try:
        subprocess.run(command, input=source, text=True, check=True)
    except (OSError, subprocess.CalledProcessError):
        return None
    return path


class Side:
    """One framework in one way of using it: a process that answers for a workload at a time."""

    def __init__(self, name, command, environment=None):
        self.name, self.command = name, command
        self.environment, self.process, self.version = environment or {}, None, ""
        self.choices = {}  # workload -> the one candidate to set up; absent: the side looks itself
        self.rounds = {}  # workload -> answers; absent where it has none
        self.failures = {}  # workload -> why
        os.makedirs(LOGS, exist_ok=True)
        self.log = os.path.join(LOGS, name.replace(" ", "_") + ".log")
        open(self.log, "w").close()

    def start(self):
        if self.process is None:
            with open(self.log, "a") as log:
                self.process = subprocess.Popen(self.command, stdin=subprocess.PIPE,
                                                stdout=subprocess.PIPE, stderr=log,
                                                env={**os.environ, **self.environment})

    def stop(self):
        if self.process:
            self.process.kill()
            self.process.wait()
            self.process.stdin.close()
            self.process.stdout.close()
            self.process = None

    def ask(self, workload, seconds, patience=900):
        """The answer, or None with the reason in `failures`; a side that dies is started anew."""
        self.start()
        line = b""
        try:
            choice = self.choices.get(workload, "")
            self.process.stdin.write(f"{workload} {seconds} {choice}\n".encode())
            self.process.stdin.flush()
            if select.select([self.process.stdout], [], [], patience)[0]:
                line = self.process.stdout.readline()
        except BrokenPipeError:
            pass
        if not line:
            code = self.process.poll()
            self.failures[workload] = "no answer in time" if code is None else f"ended with {code}"
            print(f"  {self.name}: {self.failures[workload]}; see {self.log}")
            self.stop()
            return None
        answer = json.loads(line)
        self.version = answer.get("version", self.version)
        if answer.get("failed"):
            self.failures[workload] = "failed"
            print(f"  {self.name}: {workload} failed; see {self.log}")
        return None if answer.get("none") else answer


def installed(python):
    code = ("import importlib.util as u\n"
            "print(*(n for n in ('torch','tensorflow','jax','onnxruntime') if u.find_spec(n)))")
    return subprocess.run([python, "-c", code], check=True, capture_output=True,
                          text=True).stdout.split()


def peer_sides(pythons, with_compiled):
    found = {}
    for python in pythons:
        for module in installed(python):
            found.setdefault(module, python)
    sides = []
    for module in (m for m in NAMES if m in found):
        script = os.path.join(ROOT, "benchmarks", "peers", f"{module}_bench.py")
        tuned = {"GLIBC_TUNABLES": KEEP_MEMORY}
        if module == "torch" and (shim := mkl_shim()):
            tuned["LD_PRELOAD"] = shim
        variants = {"default": {}, "tuned": tuned}
        if module == "torch" and with_compiled:
            variants["compiled"] = tuned
        for variant, environment in variants.items():
            name = NAMES[module] + ("" if variant == "default" else f" {variant}")
            sides.append(Side(name, [found[module], script, variant], environment))
    return sides


def recorded_choices(folder):
    """What the last report in `folder` found to be the fastest: side -> workload -> candidate."""
    try:
        with open(os.path.join(folder, "training.json")) as f:
            sides = json.load(f)["sides"]
    except (OSError, ValueError, KeyError):
        return {}
    return {name: {w: rounds[-1]["choice"] for w, rounds in side["workloads"].items() if rounds}
            for name, side in sides.items() if name != "Linnet"}


def measure(workload, sides, rounds, seconds, fresh):
    """Sets every side up, compares what it computes, then gives each its turn, round after round."""
    taking_part = []
    for side in sides:
        if fresh:
            side.stop()
        answer = side.ask(workload, 0)
        if answer is None:
            continue
        if taking_part and not report.same_losses(answer["losses"], first["losses"]):
            side.failures[workload] = "losses differ"
            print(f"  {side.name}: losses differ\n    {answer['losses']}\n    {first['losses']}")
            continue
        if not taking_part:
            first = answer
        taking_part.append(side)
    for _ in range(rounds):
        for side in list(taking_part):
            time.sleep(0.05)  # the last side's threads come to rest
            answer = side.ask(workload, seconds)
            if answer is None:
                taking_part.remove(side)
            else:
                side.rounds.setdefault(workload, []).append(answer)
    if fresh:
        for side in sides:
            side.stop()


def machine():
    with open("/proc/cpuinfo") as f:
        cpu = next((l.split(":")[1].strip() for l in f if l.startswith("model name")), "unknown")
    return {"cpu": cpu, "cores": len(os.sched_getaffinity(0)), "system": platform.system(),
            "kernel": platform.release(), "libc": " ".join(platform.libc_ver()),
            "load_before": os.getloadavg()[0]}


def arguments():
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--quick", action="store_true")
    parser.add_argument("--peer", action="append", default=[], metavar="PYTHON")
    parser.add_argument("--make-peers", action="store_true")
    parser.add_argument("--compiled", action="store_true")
    what = parser.add_mutually_exclusive_group()
    what.add_argument("--ops", action="store_true")
    what.add_argument("--scaling", action="store_true")
    parser.add_argument("--workloads", help="a comma-separated choice")
    parser.add_argument("--rounds", type=int)
    parser.add_argument("--seconds", type=float)
    parser.add_argument("--out", default=os.path.join(ROOT, "docs", "benchmarks"))
    args = parser.parse_args()
    args.rounds = args.rounds or (2 if args.quick else 5)
    args.seconds = args.seconds or (0.05 if args.ops else 1.0 if args.scaling else
                                    0.5 if args.quick else 3.0)
    return args, parser


def choose(args, parser, known):
    """The workloads to measure: all of `known`, or those asked for."""
    wanted = args.workloads.split(",") if args.workloads else list(known)
    if unknown := set(wanted) - set(known):
        parser.error(f"unknown workloads: {', '.join(sorted(unknown))}")
    return wanted


def main():
    args, parser = arguments()
    if args.make_peers:
        make_peers()
    pythons = args.peer or sorted(glob.glob(os.path.join(PEERS, "*", "bin", "python")))
    linnet = Side("Linnet", [os.path.join(ROOT, "build/release/benchmarks/linnet_bench")])
    sides = [linnet] + peer_sides(pythons, args.compiled or not args.quick)
    if args.ops:
        kind, known = report_ops, {f"op:{o['name']}": o for o in linnet.ask("ops", 0)["ops"]}
        sides = [s for s in sides if s.name in ("Linnet", "PyTorch")]
    elif args.scaling:
        kind, known = report_scaling, report_scaling.WORKLOADS
        sides = [s for s in sides if not s.name.endswith("compiled")]
    else:
        kind, known = report, report.WORKLOADS
        if args.quick:
            recorded = recorded_choices(os.path.join(ROOT, "docs", "benchmarks"))
            for side in sides:
                side.choices = recorded.get(side.name, {})
    args.workloads = choose(args, parser, known)
    info = machine()
    if info["load_before"] > 0.5:
        print(f"the machine is busy (load {info['load_before']:.1f}): ratios will be noise")
    start = time.time()
    info["limits"] = linnet.ask("limits", 0)
    fresh = not (args.quick or args.ops or args.scaling)
    for workload in args.workloads:
        began = time.time()
        measure(workload, sides, args.rounds, args.seconds, fresh)
        if not args.ops:
            print(f"{workload}: {time.time() - began:.0f} s", flush=True)
    for side in sides:
        side.stop()
    info["seconds"] = time.time() - start
    kind.write(args, info, sides, known)


if __name__ == "__main__":
    main()
