"""Runs Linnet's benchmarks and peers' side by side, in alternating rounds, and writes a table.

    python3 benchmarks/run.py [--quick] [--peer PYTHON] [--out FOLDER]

--peer names a Python interpreter that has torch (2.13.0, `pip install torch==2.13.0 numpy`); without
one only Linnet is measured. Medians are over rounds, minima over all steps.
"""
import argparse
import json
import os
import platform
import statistics
import subprocess
import sys

ROOT = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
WORKLOADS = ["add8", "mlp", "lenet", "cnn100"]


class Side:
    def __init__(self, name, command):
        self.name, self.rounds = name, {w: [] for w in WORKLOADS}
        self.process = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE,
                                        text=True)

    def run(self, workload, seconds):
        self.process.stdin.write(f"{workload} {seconds}\n")
        self.process.stdin.flush()
        line = self.process.stdout.readline()
        if not line:
            sys.exit(f"{self.name} ended while running {workload}")
        self.rounds[workload].append(json.loads(line))

    def median(self, workload):
        return statistics.median(r["median_ms"] for r in self.rounds[workload])

    def minimum(self, workload):
        return min(r["min_ms"] for r in self.rounds[workload])


def same_losses(a, b):
    return all(abs(x - y) <= 2e-3 * (1 + abs(y)) for x, y in zip(a[:5], b[:5]))


def cpu_name():
    with open("/proc/cpuinfo") as f:
        return next((l.split(":")[1].strip() for l in f if l.startswith("model name")), "unknown")


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--quick", action="store_true")
    parser.add_argument("--peer", default="")
    parser.add_argument("--out", default=os.path.join(ROOT, "docs", "benchmarks"))
    args = parser.parse_args()
    sides = [Side("Linnet", [os.path.join(ROOT, "build/release/benchmarks/linnet_bench")])]
    if args.peer:
        script = os.path.join(ROOT, "benchmarks", "peers", "torch_bench.py")
        sides.append(Side("PyTorch 2.13 eager", [args.peer, script]))
    rounds, seconds = (3, 1.0) if args.quick else (5, 3.0)
    for workload in WORKLOADS:
        for _ in range(rounds):
            for side in sides:
                side.run(workload, seconds)
    lines = [f"{os.cpu_count()} cores, {cpu_name()}; {platform.system()}; {rounds} alternating rounds "
             f"of {seconds:g} s; ms a step, median of rounds (minimum of all steps). add8 is 1000 "
             "eager additions of 8 floats, in a C++ loop here and a Python loop there.", "",
             "| workload | " + " | ".join(s.name for s in sides) + " | ratio | losses agree |",
             "|---|" + "---|" * (len(sides) + 2)]
    for w in WORKLOADS:
        cells = [f"{s.median(w):.4g} ({s.minimum(w):.4g})" for s in sides]
        ratio, agree = "", ""
        if len(sides) > 1:
            ratio = f"{sides[1].median(w) / sides[0].median(w):.2f}x"
            agree = "-" if w == "add8" else "yes" if same_losses(*(s.rounds[w][0]["losses"] for s in sides)) else "NO"
        lines.append(f"| {w} | " + " | ".join(cells) + f" | {ratio} | {agree} |")
    lines += ["", "| workload | " + " | ".join(f"{s.name}: first step ms, page faults a step, peak MB"
                                               for s in sides) + " |", "|---|" + "---|" * len(sides)]
    for w in WORKLOADS:
        lines.append(f"| {w} | " + " | ".join(
            f"{s.rounds[w][0]['first_step_ms']:.1f}, {s.rounds[w][-1]['faults_per_step']:.1f}, "
            f"{s.rounds[w][-1]['peak_kb'] / 1024:.0f}" for s in sides) + " |")
    table = "\n".join(lines) + "\n"
    print(table)
    os.makedirs(args.out, exist_ok=True)
    with open(os.path.join(args.out, "training.md"), "w") as f:
        f.write("# Training steps, measured\n\n`./dev bench --peer PYTHON` writes this file.\n\n" + table)
    with open(os.path.join(args.out, "training.json"), "w") as f:
        json.dump({s.name: s.rounds for s in sides}, f, indent=1)


main()
