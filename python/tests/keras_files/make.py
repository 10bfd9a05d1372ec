"""Writes the files of this folder with Keras itself:

    python3 python/tests/keras_files/make.py     # where keras and tensorflow (or another backend) are

Each model is saved whole (NAME.keras, recompressed: HDF5 is mostly zeros) after a step of training,
one of them as HDF5, too (hdf5.zip); expected.json has what they predict.
"""

import json
import os
import zipfile

os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")
import keras
import numpy as np
from keras import layers

FOLDER = os.path.dirname(os.path.abspath(__file__))


def sequential():
    return keras.Sequential([
        keras.Input((6, 6, 2)), layers.Conv2D(3, 3, activation="relu", padding="same"),
        layers.BatchNormalization(), layers.MaxPooling2D(2), layers.Dropout(0.25), layers.Flatten(),
        layers.Dense(4, activation="softmax", kernel_regularizer=keras.regularizers.L2(1e-3))])


def functional():
    a, b = keras.Input((5,), name="a"), keras.Input((5,), name="b")
    shared = layers.Dense(3, activation="tanh", name="shared")
    x = layers.Concatenate()([shared(a), shared(b)])
    y = layers.LayerNormalization()(layers.Add()([x, layers.Dense(6)(a)]))
    return keras.Model([a, b], [layers.Dense(2, name="first")(y),
                                layers.Dense(1, activation="sigmoid", name="second")(x)])


def recurrent():
    return keras.Sequential([
        keras.Input((4,), dtype="int32"), layers.Embedding(7, 3),
        layers.Bidirectional(layers.LSTM(2, return_sequences=True)), layers.GRU(3),
        layers.Dense(1)])


def data(model, rows=3):
    """Inputs by seed: integers below 7, or normal numbers."""
    out = []
    for i, x in enumerate(model.inputs):
        shape = (rows,) + tuple(x.shape)[1:]
        random = np.random.RandomState(i)
        integers = "int" in str(x.dtype)
        out.append(random.randint(0, 7, shape).astype("int32") if integers
                   else random.normal(size=shape).astype("float32"))
    return out


def pack(archive, files):
    """Moves (name, bytes) into a compressed archive."""
    with zipfile.ZipFile(os.path.join(FOLDER, archive), "w", zipfile.ZIP_DEFLATED) as out:
        for name, content in files:
            out.writestr(zipfile.ZipInfo(name), content, zipfile.ZIP_DEFLATED)


def main():
    expected = {}
    for make in (sequential, functional, recurrent):
        keras.utils.set_random_seed(1)
        model = make()
        several = len(model.outputs) > 1
        loss = "sparse_categorical_crossentropy" if make is sequential else "mse"
        model.compile(keras.optimizers.Adam(0.01), loss=[loss] * 2 if several else loss)
        x = data(model)
        y = [np.zeros((3,) + tuple(o.shape)[1:], "float32") for o in model.outputs]
        if make is sequential:
            y = [np.array([0, 1, 2])]
        model.fit(x if len(x) > 1 else x[0], y if several else y[0], epochs=1, verbose=0)
        path = os.path.join(FOLDER, f"{make.__name__}.keras")
        model.save(path)
        with zipfile.ZipFile(path) as archive:
            parts = [(name, archive.read(name)) for name in archive.namelist()]
        pack(path, parts)
        outputs = model.predict(x if len(x) > 1 else x[0], verbose=0)
        outputs = outputs if several else [outputs]
        expected[make.__name__] = {"outputs": [o.tolist() for o in outputs],
                                   "iterations": int(model.optimizer.iterations.numpy())}
        if make is sequential:
            names = ["sequential.weights.h5", "sequential.h5"]
            model.save_weights(names[0])
            model.save(names[1])
            pack("hdf5.zip", [(name, open(name, "rb").read()) for name in names])
            for name in names:
                os.unlink(name)
    with open(os.path.join(FOLDER, "expected.json"), "w") as file:
        json.dump(expected, file, indent=1)


if __name__ == "__main__":
    main()
