"""What run.py measured, as JSON, a Markdown table and an SVG chart."""
import json
import os
import statistics

import chart


def _training(layers):
    """FLOP of a step: (multiply-adds forward) of each layer; the first needs no gradient of its
    input. A multiply-add counts as two."""
    return 2 * (3 * sum(layers) - layers[0])


def _mlp(n):
    return [n * 100 * 256, n * 256 * 10]


def _cnn100(n):
    return [n * 98**2 * 32 * 27, n * 47**2 * 64 * 288, n * 21**2 * 128 * 576, n * 12800 * 128,
            n * 128 * 10]


def _resnet18(n):
    layers = [32**2 * 64 * 147]
    inputs = 64
    for filters, size in ((64, 16), (128, 8), (256, 4), (512, 2)):
        layers += [size**2 * filters * 9 * c for c in (inputs, filters, filters, filters)]
        if filters > 64:
            layers.append(size**2 * filters * inputs)
        inputs = filters
    return [n * m for m in layers] + [n * 512 * 10]


def _gpt(tokens, context, d, vocabulary, depth):
    block = [tokens * d * 12 * d, tokens * 2 * d * context]  # products with weights, attention
    return [0] + depth * block + [tokens * d * vocabulary]


# FLOP and bytes of a step that no implementation can do without; unit: what a figure is the time of.
WORKLOADS = {
    "mlp": {"flops": _training(_mlp(32))},
    "lenet": {"flops": _training([128 * 26**2 * 32 * 9, 128 * 11**2 * 64 * 288, 128 * 1600 * 10])},
    "cnn100": {"flops": _training(_cnn100(32))},
    "cnn100_bf16": {},  # float32's limit does not hold
    "resnet18": {"flops": _training(_resnet18(16))},
    "gpt": {"flops": _training(_gpt(16 * 128, 128, 128, 96, 4))},
    "lstm": {"flops": _training([32 * 64 * 32 * 512, 32 * 64 * 128 * 512, 32 * 128 * 10])},
    # Adam reads four arrays as large as the tables, and writes three.
    "embed": {"bytes": 7 * 4 * 2 * 10000 * 32},
    "infer1": {"flops": 2 * sum(_cnn100(1))},
    "infer_mlp1": {"flops": 2 * sum(_mlp(1))},
    "add8": {},
}


def same_losses(a, b):
    """Equal losses, or outputs, step by step: to 1e-3 of their size."""
    return len(a) == len(b) and all(abs(x - y) <= 1e-3 * (1 + abs(y)) for x, y in zip(a, b))


def floor_ms(workload, limits):
    """The time that the machine's limits leave, in ms; None for a workload without one."""
    what = WORKLOADS[workload]
    if "flops" in what:
        return what["flops"] / limits["gflops_all"] / 1e6
    return what["bytes"] / limits["cached_copy_gbs"] / 1e6 if "bytes" in what else None


class Figures:
    """Medians over rounds of the rounds' medians; minima over all steps."""

    def __init__(self, sides, workload):
        rounds = {s.name: s.rounds[workload] for s in sides if s.rounds.get(workload)}
        self.median = {n: statistics.median(r["median_ms"] for r in rs) for n, rs in rounds.items()}
        self.minimum = {n: min(r["min_ms"] for r in rs) for n, rs in rounds.items()}
        self.last = {n: rs[-1] for n, rs in rounds.items()}

    def best_peer(self):
        peers = {n: t for n, t in self.median.items() if n != "Linnet"}
        return min(peers, key=peers.get) if peers else None


def number(x):
    return f"{x:.3g}" if x < 1000 else f"{x:.0f}"


def table(heads, rows):
    lines = ["| " + " | ".join(heads) + " |", "|" + "---|" * len(heads)]
    return lines + ["| " + " | ".join(row) + " |" for row in rows]


def cell(figures, side, workload):
    if side.name in figures.median:
        return f"{number(figures.median[side.name])} ({number(figures.minimum[side.name])})"
    return side.failures.get(workload, "-")


def times_table(workloads, figures, sides, limits):
    peers = len(sides) > 1
    heads = ["workload"] + [s.name for s in sides]
    heads += ["the fastest peer's time over Linnet's"] if peers else []
    heads += ["limit, ms", "Linnet's share of it"]
    rows = []
    for w in workloads:
        f, row = figures[w], [w]
        row += [cell(f, s, w) for s in sides]
        mine = f.median.get("Linnet")
        if peers:
            best = f.best_peer()
            row.append(f"{f.median[best] / mine:.2f} ({best})" if best and mine else "-")
        floor = floor_ms(w, limits)
        row += [number(floor), f"{100 * floor / mine:.0f} %"] if floor and mine else ["-", "-"]
        rows.append(row)
    return table(heads, rows)


def other_table(workloads, figures, sides):
    heads = ["workload"] + [s.name for s in sides]
    rows = []
    for w in workloads:
        row = [w]
        for s in sides:
            r = figures[w].last.get(s.name)
            row.append(f"{number(r['first_step_ms'])}, {number(r['faults_per_step'])}, "
                       f"{r['peak_kb'] / 1024:.0f}" if r else "-")
        rows.append(row)
    return table(heads, rows)


def choices(workloads, figures, sides):
    lines = []
    for s in sides:
        for w in workloads:
            r = figures[w].last.get(s.name)
            if r and s.name.endswith(("tuned", "compiled")):
                lines.append(f"- {s.name}, {w}: {r['choice']}")
    return lines


def circumstances(args, info, sides):
    """The machine, the versions and the limits, as one paragraph."""
    limits = info["limits"]
    versions = ", ".join(dict.fromkeys(s.version for s in sides if s.version))
    busy = "" if info["load_before"] <= 0.5 else (
        f" **The machine was busy (load {info['load_before']:.1f}): the ratios are noise.**")
    one_process = args.quick or args.ops or args.scaling
    return (f"{info['cores']} cores, {info['cpu']}; {info['system']} {info['kernel']}, "
            f"{info['libc']}. {versions}. {args.rounds} alternating rounds of {args.seconds:g} s, "
            f"{'one process for all workloads' if one_process else 'a process for each workload'}. "
            f"Measured limits: {limits['gflops_core']:.0f} GFLOP/s on one core, "
            f"{limits['gflops_all']:.0f} on {limits['threads']} (float32 fused multiply-adds in "
            f"registers), copying 128 MiB {limits['copy_gbs']:.0f} GB/s read and written, 4 MiB "
            f"{limits['cached_copy_gbs']:.0f}.{busy}")


def introduction(args, info, sides):
    return [
        "# Training steps and inference, measured", "",
        "`./dev bench` writes this file; [what is measured and how](../../benchmarks/workloads.md).",
        "", circumstances(args, info, sides), "",
        "![times relative to Linnet's](training.svg)", "",
        "ms a step: median of the rounds' medians (minimum). Losses of the first ten steps, or the "
        "outputs, agree with Linnet's wherever a time stands. The limit is the step's necessary "
        "arithmetic at the measured rate, convolutions counted as direct ones (Winograd's take "
        "less, so a share may pass 100 %); for embed what Adam reads and writes, at the rate of "
        "cached copies.", ""]


def save(args, info, sides, name, lines, svg):
    """Writes NAME.md, NAME.svg (if there is one) and NAME.json, and prints the text."""
    text = "\n".join(lines) + "\n"
    print(text)
    data = {"machine": info, "rounds": args.rounds, "seconds": args.seconds, "quick": args.quick,
            "sides": {s.name: {"version": s.version, "environment": sorted(s.environment),
                               "failures": s.failures, "workloads": s.rounds} for s in sides}}
    files = {f"{name}.md": text, f"{name}.json": json.dumps(data, indent=1) + "\n"}
    if svg:
        files[f"{name}.svg"] = svg
    os.makedirs(args.out, exist_ok=True)
    for file, content in files.items():
        with open(os.path.join(args.out, file), "w") as f:
            f.write(content)


def write(args, info, sides, _known):
    workloads = [w for w in args.workloads if any(s.rounds.get(w) for s in sides)]
    figures = {w: Figures(sides, w) for w in workloads}
    lines = introduction(args, info, sides)
    lines += times_table(workloads, figures, sides, info["limits"])
    lines += ["", "First step ms (tracing and compilation included), page faults a step, peak "
              "resident MB:", ""] + other_table(workloads, figures, sides)
    if found := choices(workloads, figures, sides):
        lines += ["", "What was the fastest of a tuned side's candidates:", ""] + found
    medians = {w: figures[w].median for w in workloads}
    save(args, info, sides, "training", lines, chart.bars(medians, [s.name for s in sides]))
