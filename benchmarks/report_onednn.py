"""Runs onednn_bench, Linnet's kernels beside oneDNN's primitives, and writes what it measured.

    python3 benchmarks/report_onednn.py [--rounds N] [--seconds S] [--out FOLDER]
"""
import argparse
import json
import os
import statistics
import subprocess

import report
import run

BENCH = os.path.join(run.ROOT, "build/release/benchmarks/onednn_bench")
ADOPTED = 1.1  # what oneDNN must be faster by


def measured(args):
    out = subprocess.run([BENCH, str(args.rounds), str(args.seconds)], check=True, text=True,
                         stdout=subprocess.PIPE, env={**os.environ, "LINNET_NUM_THREADS": "1"})
    return [json.loads(line) for line in out.stdout.splitlines()]


def ratio(row):
    return row["onednn_us"] / row["linnet_us"]


def lines_of(rows, table, integers=False):
    heads = ["op", "shape", "Linnet, us", "oneDNN, us", "its time over Linnet's",
             "oneDNN's implementation"]
    cells = []
    for r in (r for r in rows if r["table"] == table):
        row = [r["op"], r["shape"], report.number(r["linnet_us"]), report.number(r["onednn_us"]),
               f"{ratio(r):.2f}", r["implementation"]]
        if integers:
            row.append(f"{r['float32_us'] / r['linnet_us']:.2f}")
        cells.append(row)
    return report.table(heads + (["float32's time over Linnet's"] if integers else []), cells)


def summary(rows, table):
    ratios = [ratio(r) for r in rows if r["table"] == table]
    faster = sum(1 / r > ADOPTED for r in ratios)
    return (f"The median of oneDNN's time over Linnet's is {statistics.median(ratios):.2f}; oneDNN is "
            f"more than a tenth faster on {faster} of {len(ratios)}.")


def write(args, info, rows):
    busy = "" if info["load_before"] <= 0.5 else (
        f" **The machine was busy (load {info['load_before']:.1f}).**")
    lines = [
        "# Linnet's kernels beside oneDNN's, measured", "",
        "`./dev bench --onednn` writes this file. Both sides on one thread, taking turns; us a call, "
        "medians of the rounds' medians. A kernel runs on memory of its own, as in a captured step; "
        "batch normalization and activations are captured calls. oneDNN has NHWC images and plain "
        "matrices. Linnet takes oneDNN for convolutions, bfloat16 products and some of 8-bit integers "
        "([which](../embedding.md)), so far for nothing of the first two tables. Their times are "
        "those of kernels alone: in a captured step Linnet's take in what stands before and after "
        "them (bias, activation, residual sums), which oneDNN's would leave to another pass. Where "
        "oneDNN is ahead by more than a tenth there is room for Linnet's.", "",
        f"{info['cores']} cores, {info['cpu']}; {info['system']} {info['kernel']}, {info['libc']}. "
        f"{args.rounds} alternating rounds of {args.seconds:g} s.{busy}", "",
        "## Layers, float32", "", summary(rows, "layers"), "", *lines_of(rows, "layers"), "",
        "## Matrix products, float32", "", summary(rows, "products"), "",
        *lines_of(rows, "products"), "",
        "## Products of 8-bit integers", "",
        "uint8 by int8 to float32. Float32 is what Linnet chooses for the same product. Both sides' "
        "weights are packed before time is taken, as inference does. " + summary(rows, "integers"), "",
        *lines_of(rows, "integers", integers=True)]
    os.makedirs(args.out, exist_ok=True)
    text = "\n".join(lines) + "\n"
    print(text)
    with open(os.path.join(args.out, "onednn.md"), "w") as f:
        f.write(text)
    with open(os.path.join(args.out, "onednn.json"), "w") as f:
        f.write(json.dumps({"machine": info, "rounds": args.rounds, "seconds": args.seconds,
                            "rows": rows}, indent=1) + "\n")


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--rounds", type=int, default=9)
    parser.add_argument("--seconds", type=float, default=0.02)
    parser.add_argument("--out", default=os.path.join(run.ROOT, "docs", "benchmarks"))
    args = parser.parse_args()
    if not os.path.exists(BENCH):
        parser.error(f"no {BENCH}: it needs oneDNN")
    info = run.machine()
    write(args, info, measured(args))


if __name__ == "__main__":
    main()
