"""What `run.py --scaling` measured: time of a step against batch size and depth."""
import chart
import report

SERIES = {  # title: (what varies, {value: workload})
    "mlp, batch size": ("batch size", {n: f"mlp@batch={n}" for n in (1, 8, 32, 128, 512, 2048)}),
    "mlp, hidden layers of 256": ("layers", {n: f"mlp@depth={n}" for n in (1, 2, 4, 8, 16)}),
    "cnn100, batch size": ("batch size", {n: f"cnn100@batch={n}" for n in (1, 4, 16, 32)}),
}
WORKLOADS = {w: None for _, values in SERIES.values() for w in values.values()}


def write(args, info, sides, _known):
    lines = ["# Time against batch size and depth, measured", "",
             "`./dev bench --scaling` writes this file; the workloads are those of "
             "[training](training.md), with another batch size or number of hidden layers. ms a step.",
             "", report.circumstances(args, info, sides), "", "![curves](scaling.svg)"]
    curves = {}
    for title, (what, values) in SERIES.items():
        figures = {n: report.Figures(sides, w) for n, w in values.items() if w in args.workloads}
        if not figures:
            continue
        rows = []
        for n, f in figures.items():
            row = [str(n)] + [report.cell(f, s, values[n]) for s in sides]
            best, mine = f.best_peer(), f.median.get("Linnet")
            row += [f"{f.median[best] / mine:.2f} ({best})" if best and mine else "-"]
            rows.append(row)
        heads = [what] + [s.name for s in sides] + ["the fastest peer's time over Linnet's"]
        lines += ["", f"## {title[0].upper() + title[1:]}", ""] + report.table(heads, rows)
        curves[title] = {s.name: {n: f.median[s.name] for n, f in figures.items()
                                  if s.name in f.median} for s in sides}
    report.save(args, info, sides, "scaling", lines, chart.curves(curves))
