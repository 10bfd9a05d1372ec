"""Charts in SVG, logarithmic: bars of each side's time over Linnet's, one group a workload; curves
of times."""
import math
from html import escape

COLORS = {"Linnet": "#1b7f5c", "PyTorch": "#e0704f", "TensorFlow": "#e8a33d", "JAX": "#6a7fc1",
          "ONNX Runtime": "#8c8c8c"}
LEFT, RIGHT, TOP, BAR, GAP, PLOT = 90, 60, 60, 11, 14, 620
TICKS = (0.25, 0.5, 1, 2, 5, 10, 20, 50, 100)


def _style(name):
    """Color by framework; the plain way of using it is drawn pale."""
    family = next((f for f in sorted(COLORS, key=len, reverse=True) if name.startswith(f)), None)
    plain = family == name and name != "Linnet"
    return COLORS.get(family, "#444"), 0.45 if plain else 1.0 if not name.endswith("compiled") else 0.75


def _ratio(x):
    return f"{x:.2g}" if x < 100 else f"{x:.0f}"


def _text(x, y, text, anchor="start", size=11, more=""):
    return (f'<text x="{x:.1f}" y="{y:.1f}" text-anchor="{anchor}" font-size="{size}" {more}>'
            f"{escape(text)}</text>")


def _legend(names):
    parts, x, y = [], LEFT, 34
    for name in names:
        color, opacity = _style(name)
        width = 24 + 6.4 * len(name)
        if x + width > LEFT + PLOT + RIGHT:
            x, y = LEFT, y + 15
        parts.append(f'<rect x="{x}" y="{y - 9}" width="10" height="10" fill="{color}" '
                     f'fill-opacity="{opacity}"/>' + _text(x + 14, y, name))
        x += width
    return parts, y


def bars(medians, names):
    """`medians`: workload -> side -> ms."""
    groups = []  # (workload, [(side, ratio, ms)])
    for workload, times in medians.items():
        if "Linnet" in times:
            groups.append((workload, [(n, times[n] / times["Linnet"], times[n]) for n in names
                                      if n in times]))
    ratios = [r for _, rows in groups for _, r, _ in rows] or [1]
    low, high = min(0.8, min(ratios)) / 1.6, max(2.0, max(ratios)) * 1.3

    def at(ratio):
        return LEFT + PLOT * math.log(ratio / low) / math.log(high / low)

    legend, bottom = _legend(names)
    y = first = max(TOP, bottom + 26)
    body = []
    for workload, rows in groups:
        body.append(_text(LEFT - 8, y + BAR * len(rows) / 2 + 4, workload, "end", 12))
        for name, ratio, ms in rows:
            color, opacity = _style(name)
            start, end = at(low), at(ratio)
            body.append(f'<rect x="{start:.1f}" y="{y}" width="{max(end - start, 1):.1f}" '
                        f'height="{BAR - 2}" fill="{color}" fill-opacity="{opacity}">'
                        f"<title>{escape(name)}: {ms:.4g} ms</title></rect>")
            label = f"{ms:.3g} ms" if name == "Linnet" else f"{_ratio(ratio)}x"
            body.append(_text(end + 3, y + BAR - 3, label, size=9))
            y += BAR
        y += GAP
    grid = []
    for tick in (t for t in TICKS if low <= t <= high):
        grid.append(f'<line x1="{at(tick):.1f}" x2="{at(tick):.1f}" y1="{first - 6}" y2="{y - GAP}" '
                    f'stroke="{"#1b7f5c" if tick == 1 else "#ddd"}"/>')
        grid.append(_text(at(tick), first - 9, f"{tick:g}x", "middle", 10))
    width, height = LEFT + PLOT + RIGHT, y + 6
    title = _text(LEFT, 16, "Time of a step over Linnet's (1x; longer is slower)", size=14,
                  more='font-weight="bold"')
    return _document(width, height, [title, *legend, *grid, *body])


def _document(width, height, parts):
    return (f'<svg xmlns="http://www.w3.org/2000/svg" width="{width}" height="{height}" '
            f'viewBox="0 0 {width} {height}" font-family="sans-serif">'
            f'<rect width="100%" height="100%" fill="white"/>\n' + "\n".join(parts) + "\n</svg>\n")


def _panel(title, sides, left, top, width, height):
    """One plot: `sides` is side -> x -> ms; both axes are logarithmic."""
    points = [p for curve in sides.values() for p in curve.items()]
    xs, ys = sorted({x for x, _ in points}), [y for _, y in points]
    low, high = min(ys) / 1.3, max(ys) * 1.3

    def at(x, y):
        across = math.log(x / xs[0]) / (math.log(xs[-1] / xs[0]) or 1)
        return left + width * across, top + height * (1 - math.log(y / low) / math.log(high / low))

    parts = [_text(left, top - 8, f"ms a step: {title}", size=12)]
    for x in xs:
        parts.append(f'<line x1="{at(x, low)[0]:.1f}" x2="{at(x, low)[0]:.1f}" y1="{top}" '
                     f'y2="{top + height}" stroke="#ddd"/>')
        parts.append(_text(at(x, low)[0], top + height + 13, f"{x}", "middle", 10))
    for power in range(math.ceil(math.log10(low)), math.floor(math.log10(high)) + 1):
        y = at(xs[0], 10.0**power)[1]
        parts.append(f'<line x1="{left}" x2="{left + width}" y1="{y:.1f}" y2="{y:.1f}" stroke="#ddd"/>')
        parts.append(_text(left - 5, y + 3, f"{10.0**power:g}", "end", 10))
    for name, curve in sides.items():
        color, opacity = _style(name)
        line = " ".join("{:.1f},{:.1f}".format(*at(x, y)) for x, y in sorted(curve.items()))
        parts.append(f'<polyline points="{line}" fill="none" stroke="{color}" stroke-width="2" '
                     f'stroke-opacity="{opacity}"><title>{escape(name)}</title></polyline>')
    return parts


def curves(panels):
    """`panels`: title -> side -> x -> ms."""
    names = list(dict.fromkeys(n for sides in panels.values() for n in sides))
    parts, bottom = _legend(names)
    height, top = 190, bottom + 40
    for title, sides in panels.items():
        if any(sides.values()):
            parts += _panel(title, sides, LEFT, top, PLOT, height)
            top += height + 60
    return _document(LEFT + PLOT + RIGHT, top, parts)
