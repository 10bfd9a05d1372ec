"""The table of model.summary()."""

from .. import _core, _nest
from . import _symbolic
from ._declare import snake_case


class _Row:
    """A layer's line: its cells, each a list of words that may go to lines of their own."""

    def __init__(self, layer, shape, params, connected, trainable):
        self.layer, self.shape, self.params = layer, shape, params
        self.connected, self.trainable = connected, trainable

    def cells(self, wide, trainable):
        cells = [self.layer, self.shape, [self.params]]
        cells += [self.connected or ["-"]] if wide else []
        return cells + ([[self.trainable]] if trainable else [])


def _shape_text(shapes):
    """Shapes of one output, or of several."""
    leaves = [s for s in shapes if s is not None]
    if not leaves:
        return "?"
    texts = ["(" + ", ".join(map(str, s)) + ("," if len(s) == 1 else "") + ")" for s in leaves]
    return texts[0] if len(texts) == 1 else "[" + ", ".join(texts) + "]"


def _named(name, kind):
    return [name, f"({kind})"]


def _layer_row(layer, shapes, connected=()):
    params = f"{layer.count_params():,}" if layer.built else "0 (unbuilt)"
    used = "-" if not layer.variables else "Y" if layer.trainable else "N"
    return _Row(_named(layer.name, type(layer).__name__), _shape_text(shapes).split(" "), params,
                list(connected), used)


# --- Functional models ----------------------------------------------------------------------------


def _calls_of(model):
    """The rows of a model made of calls."""
    names, counts, of_call = {}, {}, {}
    for call in model._calls:
        layer = call.layer
        name = names.setdefault(id(layer if isinstance(layer, _core.Layer) else call),
                                _name_of(layer, names))
        at = counts[name] = counts.get(name, -1) + 1
        for i, leaf in enumerate(_nest.flatten(call.outputs)):
            of_call[id(leaf)] = f"{name}[{at}][{i}]"
    for leaf in model.inputs:
        of_call[id(leaf)] = f"{leaf.name}[0][0]"
    rows = []
    for item in model._order:
        if _symbolic.is_one(item):
            rows.append(_Row(_named(item.name, "InputLayer"), _shape_text([item.shape]).split(" "), "0",
                             [], "-"))
            continue
        own = [c for c in model._calls if c is item or c.layer is item]
        sources = [of_call[id(leaf)] for c in own for leaf in _nest.flatten([list(c.args), c.kwargs])
                   if _symbolic.is_one(leaf)]
        sources = [s + "," for s in sources[:-1]] + sources[-1:]
        shapes = [leaf.shape for leaf in _nest.flatten(own[0].outputs)]
        if isinstance(item, _core.Layer):
            rows.append(_layer_row(item, shapes, sources))
        else:
            name = names[id(item)]
            kind = "".join(word.capitalize() for word in _function_name(item.layer).split("_"))
            rows.append(_Row(_named(name, kind), _shape_text(shapes).split(" "), "0", sources, "-"))
    return rows


def _function_name(function):
    return snake_case(getattr(function, "__name__", "operation"))


def _name_of(layer, names):
    if isinstance(layer, _core.Layer):
        return layer.name
    base, taken = _function_name(layer), set(names.values())
    name, n = base, 0
    while name in taken:
        n += 1
        name = f"{base}_{n}"
    return name


def _is_chain(model):
    """Whether each call takes what the one before gives, and nothing else."""
    if len(model.inputs) != 1 or len(model.outputs) != 1:
        return False
    last = model.inputs[0]
    for call in model._calls:
        given = [x for x in _nest.flatten([list(call.args), call.kwargs]) if _symbolic.is_one(x)]
        made = _nest.flatten(call.outputs)
        if len(given) != 1 or given[0] is not last or len(made) != 1:
            return False
        last = made[0]
    return last is model.outputs[0]


def _rows_of(model):
    if getattr(model, "_calls", None) is not None:
        return _calls_of(model), not _is_chain(model)
    rows = []
    for layer in model.layers:
        try:
            shapes = [leaf.shape for leaf in _nest.flatten(layer.output)]
        except (AttributeError, TypeError):
            shapes = [layer._output_shape and (None, *tuple(layer._output_shape)[1:])]
        rows.append(_layer_row(layer, shapes))
    return rows, False


# --- The table ------------------------------------------------------------------------------------


def _widths(length, wide, trainable):
    """Columns' widths with their spaces, without the lines between."""
    columns = 3 + bool(wide) + bool(trainable)
    inner = max(length, 40) - columns - 1
    inner -= 7 if trainable else 0
    if wide:
        parts = [inner * 30 // 100, inner * 27 // 100, inner * 17 // 100]
        widths = [*parts, inner - sum(parts)]
    else:
        first, second = inner * 46 // 100, inner * 33 // 100 + 1
        widths = [first, second, inner - first - second]
    return widths + ([7] if trainable else [])


def _wrapped(words, room):
    """Words on as few lines as they need, each cut to its room."""
    lines = []
    for word in words:
        if lines and len(lines[-1]) + 1 + len(word) <= room and not lines[-1].endswith(","):
            lines[-1] += " " + word
        elif lines and len(lines[-1]) + 1 + len(word) <= room and word[0] in "0123456789N[(" and \
                lines[-1][0] in "([":
            lines[-1] += " " + word
        else:
            lines.append(word)
    return [line if len(line) <= room else line[:room - 1] + "…" for line in lines]


def text(model, line_length=76, show_trainable=False):
    """The table as text, with the counts of parameters below."""
    rows, wide = _rows_of(model)
    widths = _widths(line_length, wide, show_trainable)
    heads = ["Layer (type)", "Output Shape", "Param #"] + ["Connected to"] * wide + ["Train…"] * bool(
        show_trainable)

    def rule(left, middle, right, line):
        return left + middle.join(line * w for w in widths) + right

    def lines_of(cells, bar):
        blocks = [_wrapped(cell, w - 2) for cell, w in zip(cells, widths)]
        for i in range(max(map(len, blocks))):
            parts = []
            for column, (block, w) in enumerate(zip(blocks, widths)):
                part = block[i] if i < len(block) else ""
                part = f"{part:>{w - 2}}" if column == 2 else \
                    f"{part:^{w - 2}}" if column == 3 + wide else f"{part:<{w - 2}}"
                parts.append(f" {part} ")
            yield bar + bar.join(parts) + bar

    out = [f'Model: "{model.name}"', rule("┏", "┳", "┓", "━"), *lines_of([[h] for h in heads], "┃"),
           rule("┡", "╇", "┩", "━")]
    for i, row in enumerate(rows):
        out += [rule("├", "┼", "┤", "─")] if i else []
        out += lines_of(row.cells(wide, show_trainable), "│")
    out.append(rule("└", "┴", "┘", "─"))
    counts = model._summary_text(76).rpartition("┘\n")[2]
    return "\n".join(out) + "\n" + counts
