"""A two-layer network from Variables, trained by hand: w -= learning_rate * gradient."""

import sys

import linnet as tf

tf.random.set_seed(3)
samples, inputs, hidden = 256, 4, 16
x = tf.random.normal((samples, inputs))
target = tf.reduce_sum(tf.square(x), axis=1, keepdims=True)

w1 = tf.Variable(tf.random.normal((inputs, hidden), stddev=0.5))
b1 = tf.Variable(tf.zeros((hidden,)))
w2 = tf.Variable(tf.random.normal((hidden, 1), stddev=0.5))
b2 = tf.Variable(tf.zeros((1,)))
weights = [w1, b1, w2, b2]


def predict(x: tf.Tensor) -> tf.Tensor:
    return tf.matmul(tf.nn.relu(tf.matmul(x, w1) + b1), w2) + b2


def train(learning_rate: float) -> tf.Tensor:
    with tf.GradientTape() as tape:
        loss = tf.reduce_mean(tf.square(predict(x) - target))
    for w, g in zip(weights, tape.gradient(loss, weights)):
        w.assign_sub(learning_rate * g)
    return loss


first = float(train(0.01))
for step in range(600):
    last = float(train(0.01))
print(f"mean squared error {first:.3f} before, {last:.3f} after")
sys.exit(0 if last < 0.1 * first else 1)
