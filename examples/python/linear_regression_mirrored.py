"""Linear regression by a GradientTape on two replicas of the CPU, under MirroredStrategy."""

import sys

import numpy as np

import linnet as tf

cpu = tf.config.list_physical_devices("CPU")[0]
tf.config.set_logical_device_configuration(cpu, [tf.config.LogicalDeviceConfiguration()] * 2)
strategy = tf.distribute.MirroredStrategy(["CPU:0", "CPU:1"])

rng = np.random.default_rng(1)
x = rng.uniform(-1, 1, (512, 1)).astype("float32")
y = (3 * x - 2 + rng.normal(0, 0.05, x.shape)).astype("float32")
batch_size = 64

with strategy.scope():
    model = tf.keras.Sequential([tf.keras.layers.Dense(1, input_shape=(1,))])
    optimizer = tf.keras.optimizers.SGD(0.2)
    optimizer.build(model.trainable_variables)


def replica_step(x: tf.Tensor, y: tf.Tensor) -> tf.Tensor:
    with tf.GradientTape() as tape:
        per_example = tf.reduce_sum(tf.square(model(x) - y), axis=1)
        loss = tf.nn.compute_average_loss(per_example, global_batch_size=batch_size)
    gradients = tape.gradient(loss, model.trainable_variables)
    optimizer.apply_gradients(zip(gradients, model.trainable_variables))
    return loss


@tf.function
def train_step(x: tf.Tensor, y: tf.Tensor) -> tf.Tensor:
    return strategy.reduce(tf.distribute.ReduceOp.SUM, strategy.run(replica_step, args=(x, y)),
                           axis=None)


dataset = tf.data.Dataset.from_tensor_slices((x, y)).shuffle(512).batch(batch_size)
for epoch in range(15):
    for batch in strategy.experimental_distribute_dataset(dataset):
        loss = train_step(*batch)
kernel, bias = [v.numpy().item() for v in model.trainable_variables]
print(f"{strategy.num_replicas_in_sync} replicas: y = {kernel:.3f} x + {bias:.3f}, "
      f"loss {float(loss):.4f}")
sys.exit(0 if abs(kernel - 3) < 0.05 and abs(bias + 2) < 0.05 else 1)
