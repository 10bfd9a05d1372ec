"""What `run.py --ops` measured: one row an op."""
import statistics

import report


def share(op, milliseconds, limits):
    """GFLOP/s or GB/s, and which part of the machine's it is."""
    if op["flops"]:
        rate, limit, unit = op["flops"] / milliseconds / 1e6, limits["gflops_all"], "GFLOP/s"
    else:
        rate, limit, unit = op["bytes"] / milliseconds / 1e6, limits["cached_copy_gbs"], "GB/s"
    return [f"{report.number(rate)} {unit}", f"{100 * rate / limit:.0f} %"]


def write(args, info, sides, known):
    rows, ratios = [], []
    for w in args.workloads:
        figures, op = report.Figures(sides, w), known[w]
        mine = figures.median.get("Linnet")
        if mine is None:
            continue
        row = [op["name"], op["inputs"] or "-"]
        row += [f"{report.number(1e3 * figures.median[s.name])}" if s.name in figures.median
                else s.failures.get(w, "-") for s in sides]
        if len(sides) > 1:
            peer = figures.median.get(sides[1].name)
            ratios += [peer / mine] if peer else []
            row.append(f"{peer / mine:.2f}" if peer else "-")
        rows.append(row + share(op, mine, info["limits"]))
    heads = ["op", "inputs"] + [f"{s.name}, us" for s in sides]
    heads += ["its time over Linnet's"] if len(sides) > 1 else []
    heads += ["Linnet's rate", "of the limit"]
    lines = ["# Single ops, measured", "",
             "`./dev bench --ops` writes this file. One eager call, float32; medians of the rounds' "
             "medians. Elementwise ops are those of the tests' op table, on 2^20 elements. Rates count "
             "the arithmetic of products and convolutions, elsewhere the bytes of inputs and outputs; "
             "the limit is the machine's arithmetic, or its rate of copying 4 MiB. PyTorch's images "
             "are NCHW, its default. The first outputs of both sides agree wherever a time stands.", "",
             report.circumstances(args, info, sides), ""]
    if ratios:
        slower = sum(r < 1 for r in ratios)
        lines += [f"{len(ratios)} ops compared: the median of PyTorch's time over Linnet's is "
                  f"{statistics.median(ratios):.2f}; Linnet is slower on {slower}.", ""]
    report.save(args, info, sides, "ops", lines + report.table(heads, rows), None)
