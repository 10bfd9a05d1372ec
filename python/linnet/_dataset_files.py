"""Datasets in files: a folder with the elements' structure and an array for each of their parts."""

import json
import os

from . import _core, _nest, _texts
from ._numpy import np
from .errors import IOError


def _described(nest):
    """The structure as plain data: leaves are their places, strings' ones in quotes."""
    if isinstance(nest, dict):
        return {"dict": {key: _described(part) for key, part in nest.items()}}
    if isinstance(nest, (list, tuple)):
        return [_described(part) for part in nest]
    return str(int(nest)) if isinstance(nest, _texts.TextPlace) else int(nest)


def _structure(data):
    if isinstance(data, dict):
        return {key: _structure(part) for key, part in data["dict"].items()}
    if isinstance(data, list):
        return tuple(_structure(part) for part in data)
    return _texts.TextPlace(data) if isinstance(data, str) else int(data)


def save(dataset, path):
    """Writes structure.json and elements.npz into the folder."""
    structure = dataset._structure()
    texts = [isinstance(place, _texts.TextPlace) for place in _nest.flatten(structure)]
    arrays, count = {}, 0
    for number, tensors in enumerate(dataset._tensors()):
        count = number + 1
        for at, (tensor, text) in enumerate(zip(tensors, texts)):
            plain = np.array(_texts.plain(_texts.decode(tensor))) if text else \
                _core.cast(tensor, "float32").numpy() if tensor.dtype == "bfloat16" else tensor.numpy()
            arrays[f"{number}.{at}"] = plain
    try:
        os.makedirs(path, exist_ok=True)
        np.savez(os.path.join(path, "elements.npz"), **arrays)
        with open(os.path.join(path, "structure.json"), "w", encoding="utf-8") as file:
            json.dump({"structure": _described(structure), "elements": count,
                       "parts": len(texts)}, file)
    except OSError as problem:
        raise IOError(f"[save] cannot write '{path}': {problem.strerror or problem}") from None


def load(path):
    """The dataset that save() wrote."""
    from .data import Dataset, _Cell

    try:
        with open(os.path.join(path, "structure.json"), encoding="utf-8") as file:
            data = json.load(file)
        structure, count, parts = _structure(data["structure"]), data["elements"], data["parts"]
        with np.load(os.path.join(path, "elements.npz"), allow_pickle=False) as arrays:
            elements = [[arrays[f"{i}.{p}"] for p in range(parts)] for i in range(count)]
    except (OSError, ValueError, KeyError, TypeError) as problem:
        raise IOError(f"[load] '{path}' is no dataset that save() wrote: {problem}") from None
    texts = [isinstance(place, _texts.TextPlace) for place in _nest.flatten(structure)]

    def generate():
        for row in elements:
            yield [_texts.encode(_texts.plain(x)) if text else _core.constant(x)
                   for x, text in zip(row, texts)]

    return Dataset(_core._Dataset.from_generator(generate), _Cell(structure))
