"""Loads damaged files: model files, safetensors, HDF5; see test_fuzz.py.

    python fuzz_files.py CASES SEED FOLDER

The HDF5 library itself may go round for ever in a damaged file (6000 cases of seed 2 have one): that
is not Linnet's.
"""

import io
import json
import pathlib
import random
import resource
import struct
import sys
import time
import warnings
import zipfile

import linnet as tf
from linnet import keras

CASES, SEED, FOLDER = int(sys.argv[1]), int(sys.argv[2]), pathlib.Path(sys.argv[3])
EXPECTED = (tf.Error, OSError, ValueError, TypeError, NotImplementedError, MemoryError)
SECONDS = 20  # for one file, however busy the machine is


def model():
    net = keras.Sequential([keras.Input((6, 6, 1)), keras.layers.Conv2D(2, 3, activation="relu"),
                            keras.layers.BatchNormalization(), keras.layers.Flatten(),
                            keras.layers.Dense(3, kernel_regularizer="l2")])
    net.compile("adam", "mse", metrics=["mae"])
    net.fit(tf.ones((4, 6, 6, 1)), tf.ones((4, 3)), verbose=0)
    return net


def functional():
    x = keras.Input((4,))
    y = keras.layers.Dense(4)(x)
    return keras.Model(x, keras.layers.Add()([x, y]))


def hdf5(net, path):
    """The weights as Keras writes them, with h5py; false without it."""
    try:
        import h5py
    except ImportError:
        return False
    with h5py.File(path, "w") as file:
        for name, layer in (("conv2d", net.layers[0]), ("batch_normalization", net.layers[1]),
                            ("flatten", net.layers[2]), ("dense", net.layers[3])):
            group = file.create_group(f"layers/{name}/vars")
            for i, v in enumerate(layer.variables):
                group[str(i)] = v.numpy()
    return True


def odd(value):
    """Something else in a value's place."""
    return random.choice([
        None, True, -1, 0, 2**31, 2**63, 10**30, 1e308, float("inf"), "", "x", [], {}, [1, [2]],
        [value], {"a": value}, [value] * 3, {"class_name": "Dense", "config": {"units": 10**12}},
        {"class_name": "eval", "config": {}}, "../../etc", [10**9, 10**9], value])


def damaged_json(nest):
    """The nest with some value, or key, changed."""
    if isinstance(nest, dict) and nest and random.random() < 0.9:
        key = random.choice(list(nest))
        out = dict(nest)
        how = random.random()
        if how < 0.1:
            del out[key]
        elif how < 0.2:
            out[str(odd(key))] = out.pop(key)
        else:
            out[key] = damaged_json(nest[key])
        return out
    if isinstance(nest, list) and nest and random.random() < 0.9:
        out = list(nest)
        i = random.randrange(len(out))
        how = random.random()
        if how < 0.1:
            del out[i]
        elif how < 0.2:
            out.append(out[i])
        else:
            out[i] = damaged_json(out[i])
        return out
    return odd(nest)


def damaged_bytes(data):
    data = bytearray(data)
    for _ in range(random.choice([1, 1, 2, 8])):
        if not data:
            break
        i, how = random.randrange(len(data)), random.random()
        if how < 0.4:
            data[i] = random.choice([0, 255, data[i] ^ (1 << random.randrange(8))])
        elif how < 0.6:
            del data[i:]
        elif how < 0.7:
            del data[i:i + random.choice([1, 8, 100])]
        elif how < 0.8:
            data[i:i] = bytes(random.choices(range(256), k=random.choice([1, 8, 100])))
        else:  # a length or an offset
            data[i:i + 8] = struct.pack("<Q", random.choice([2**64 - 1, 2**63, 2**32, 2**31, 10**12]))
    return bytes(data)


def damaged_safetensors(data):
    length = struct.unpack("<Q", data[:8])[0]
    header = json.loads(data[8:8 + length])
    text = json.dumps(damaged_json(header)).encode()
    if random.random() < 0.1:
        text = b"[" * 100000
    return struct.pack("<Q", len(text)) + text + data[8 + length:]


def damaged_model(data):
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        members = {name: archive.read(name) for name in archive.namelist()}
    name = random.choice(list(members))
    if random.random() < 0.1:
        del members[name]
    elif name.endswith(".json"):
        members[name] = json.dumps(damaged_json(json.loads(members[name]))).encode()
    elif name.endswith(".safetensors"):
        members[name] = damaged_safetensors(members[name])
    else:
        members[name] = damaged_bytes(members[name])
    out = io.BytesIO()
    packed = zipfile.ZIP_DEFLATED if random.random() < 0.1 else zipfile.ZIP_STORED
    with zipfile.ZipFile(out, "w", packed) as archive:
        for name, content in members.items():
            archive.writestr(name, content)
    return out.getvalue()


def cases(net, graph):
    """(kind, bytes, damages, load): what load() is given comes from a file that was right."""
    net.save(FOLDER / "a.linnet")
    graph.save(FOLDER / "b.linnet")
    net.save_weights(FOLDER / "a.safetensors")
    out = []
    for name in ("a.linnet", "b.linnet"):
        out.append(("model", (FOLDER / name).read_bytes(), (damaged_model, damaged_bytes),
                    keras.models.load_model))
    weights = (FOLDER / "a.safetensors").read_bytes()
    out.append(("safetensors", weights, (damaged_safetensors, damaged_bytes), net.load_weights))
    if hdf5(net, FOLDER / "a.weights.h5"):
        weights = (FOLDER / "a.weights.h5").read_bytes()
        out.append(("hdf5", weights, (damaged_bytes,), net.load_weights))
        written_by_keras = pathlib.Path(__file__).parent / "keras_files"
        for path in sorted(written_by_keras.glob("*.keras")):
            out.append(("keras", path.read_bytes(), (damaged_model, damaged_bytes),
                        keras.models.load_model))
        with zipfile.ZipFile(written_by_keras / "hdf5.zip") as archive:
            out += [("h5", archive.read(name), (damaged_bytes,), keras.models.load_model)
                    for name in archive.namelist() if name.endswith(".h5")]
    return out


def main():
    warnings.simplefilter("ignore")
    random.seed(SEED)
    resource.setrlimit(resource.RLIMIT_AS, (6 << 30, 6 << 30))
    net, graph = model(), functional()
    every, counts, failures = cases(net, graph), {}, []
    for i in range(CASES):
        kind, data, damages, load = every[i % len(every)]
        path = FOLDER / f"damaged.{kind}"
        path.write_bytes(random.choice(damages)(data))
        before = [w.tobytes() for w in net.get_weights()]
        start, outcome = time.monotonic(), "loaded"
        try:
            load(path)
        except EXPECTED:
            outcome = "refused"
        except BaseException as problem:
            outcome = "FAILED"
            failures.append(f"{kind}, case {i}: {type(problem).__name__}: {problem}"[:300])
        if time.monotonic() - start > SECONDS:
            failures.append(f"{kind}, case {i}: {time.monotonic() - start:.0f} s")
        if outcome == "refused" and before != [w.tobytes() for w in net.get_weights()]:
            failures.append(f"{kind}, case {i}: refused, but weights have changed")
        counts[kind, outcome] = counts.get((kind, outcome), 0) + 1
    print(", ".join(f"{n} {kind} {outcome}" for (kind, outcome), n in sorted(counts.items())))
    print("\n".join(failures[:20]))
    return 1 if failures else 0


if __name__ == "__main__":
    sys.exit(main())
