"""A CNN on a folder of 100 x 100 colour images, one subfolder a class, with validation data."""

import pathlib
import struct
import sys
import tempfile

import numpy as np
from numpy.typing import NDArray

import linnet as tf
from linnet.keras import layers, models

tf.keras.utils.set_random_seed(11)
size, kinds = 100, ["disc", "frame", "stripes"]


def draw(kind: str) -> NDArray[np.uint8]:
    """Stripes, a disc or a frame, in a colour of its own, on noise."""
    image = np.random.randint(0, 80, (size, size, 3))
    y, x = np.mgrid[:size, :size]
    cy, cx, r = np.random.randint(35, 65), np.random.randint(35, 65), np.random.randint(15, 30)
    far = np.maximum(abs(y - cy), abs(x - cx))
    mask = {"stripes": (x + y) // 8 % 2 == 0, "disc": (y - cy) ** 2 + (x - cx) ** 2 < r * r,
            "frame": (far < r) & (far > r - 6)}[kind]
    image[mask] = np.random.randint(128, 256, 3)
    return image.astype("uint8")


def write_bmp(path: pathlib.Path, image: NDArray[np.uint8]) -> None:
    header = struct.pack("<2sIIIIiiHHIIIIII", b"BM", 54 + image.size, 0, 54, 40, size, size, 1, 24, 0,
                         image.size, 0, 0, 0, 0)
    path.write_bytes(header + image[::-1, :, ::-1].tobytes())


with tempfile.TemporaryDirectory() as folder:
    for kind in kinds:
        (pathlib.Path(folder) / kind).mkdir()
        for i in range(80):
            write_bmp(pathlib.Path(folder) / kind / f"{i}.bmp", draw(kind))
    train, validation = tf.keras.utils.image_dataset_from_directory(
        folder, label_mode="categorical", image_size=(size, size), batch_size=16, seed=1,
        validation_split=0.2, subset="both")

    model = models.Sequential()
    model.add(layers.Rescaling(1 / 255, input_shape=(size, size, 3)))
    model.add(layers.Conv2D(32, (3, 3), activation="relu"))
    model.add(layers.MaxPooling2D((2, 2)))
    model.add(layers.Conv2D(64, (3, 3), activation="relu"))
    model.add(layers.MaxPooling2D((2, 2)))
    model.add(layers.Conv2D(128, (3, 3), activation="relu"))
    model.add(layers.MaxPooling2D((2, 2)))
    model.add(layers.Flatten())
    model.add(layers.Dense(128, activation="relu"))
    model.add(layers.Dense(len(kinds), activation="softmax"))
    model.compile(optimizer="adam", loss="categorical_crossentropy", metrics=["accuracy"])
    model.fit(train, epochs=4, validation_data=validation, verbose=2)
    loss, accuracy = model.evaluate(validation, verbose=0)
print(f"validation accuracy {accuracy:.3f}")
sys.exit(0 if accuracy > 0.8 else 1)
