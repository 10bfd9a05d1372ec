"""A small CNN on Fashion-MNIST. Usage: fashion_mnist.py [epochs [samples]]"""

import sys

import linnet as tf
from linnet.keras import layers

epochs = int(sys.argv[1]) if len(sys.argv) > 1 else 2
samples = int(sys.argv[2]) if len(sys.argv) > 2 else 60000

tf.keras.utils.set_random_seed(0)
(x_train, y_train), (x_test, y_test) = tf.keras.datasets.fashion_mnist.load_data()
x_train, x_test = x_train[..., None] / 255.0, x_test[..., None] / 255.0
x_train, y_train = x_train[:samples].astype("float32"), y_train[:samples]

model = tf.keras.Sequential([
    tf.keras.Input((28, 28, 1)),
    layers.Conv2D(32, 3, activation="relu"), layers.MaxPooling2D(2),
    layers.Conv2D(64, 3, activation="relu"), layers.MaxPooling2D(2),
    layers.Flatten(), layers.Dropout(0.5), layers.Dense(10),
])
model.summary()
model.compile(optimizer=tf.keras.optimizers.Adam(1e-3),
              loss=tf.keras.losses.SparseCategoricalCrossentropy(from_logits=True),
              metrics=["accuracy"])
model.fit(x_train, y_train, epochs=epochs, batch_size=128, verbose=2,
          validation_data=(x_test, y_test))
loss, accuracy = model.evaluate(x_test, y_test, batch_size=128, verbose=0)
print(f"test accuracy {accuracy:.3f}")
sys.exit(0 if accuracy > 0.6 else 1)
