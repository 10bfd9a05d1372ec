"""A CNN on 100 x 100 colour images: three classes of shapes, with validation data."""

import sys

import numpy as np

import linnet as tf
from linnet.keras import layers, models

tf.keras.utils.set_random_seed(11)
size, classes = 100, 3


def draw(kind):
    """A stripe pattern (0), a disc (1) or a frame (2), in a colour of its own, with noise."""
    image = np.random.uniform(0, 0.3, (size, size, 3))
    colour, (y, x) = np.random.uniform(0.5, 1, 3), np.mgrid[:size, :size]
    cy, cx, r = np.random.randint(35, 65), np.random.randint(35, 65), np.random.randint(15, 30)
    if kind == 0:
        mask = (x + y) // 8 % 2 == 0
    elif kind == 1:
        mask = (y - cy) ** 2 + (x - cx) ** 2 < r * r
    else:
        distance = np.maximum(abs(y - cy), abs(x - cx))
        mask = (distance < r) & (distance > r - 6)
    image[mask] = colour
    return image.astype("float32")


labels = np.random.randint(0, classes, 240)
images = [draw(kind) for kind in labels]
targets = tf.keras.utils.to_categorical(labels, classes)
X, y, X_val, y_val = np.array(images[:192]), targets[:192], np.array(images[192:]), targets[192:]

model = models.Sequential()
model.add(layers.Conv2D(32, (3, 3), activation="relu", input_shape=(size, size, 3)))
model.add(layers.MaxPooling2D((2, 2)))
model.add(layers.Conv2D(64, (3, 3), activation="relu"))
model.add(layers.MaxPooling2D((2, 2)))
model.add(layers.Conv2D(128, (3, 3), activation="relu"))
model.add(layers.MaxPooling2D((2, 2)))
model.add(layers.Flatten())
model.add(layers.Dense(128, activation="relu"))
model.add(layers.Dense(classes, activation="softmax"))
model.compile(optimizer="adam", loss="categorical_crossentropy", metrics=["accuracy"])
model.fit(X, y, epochs=4, batch_size=16, validation_data=(X_val, y_val), verbose=2)
loss, accuracy = model.evaluate(X_val, y_val, verbose=0)
print(f"validation accuracy {accuracy:.3f}")
sys.exit(0 if accuracy > 0.8 else 1)
