"""TensorFlow's and Keras's side of the benchmarks.

    tensorflow_bench.py default|tuned

default: what model.fit runs, Keras's own train function over a tf.data iterator. tuned: the fastest
of a whole step in one tf.function, with XLA and without, and of many steps in one call where a step
is short (its label says so).
"""
import os
import sys
from functools import partial

os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")
os.environ["KERAS_BACKEND"] = "tensorflow"
os.environ["CUDA_VISIBLE_DEVICES"] = ""

import keras
import tensorflow as tf
from keras import layers

import common

STEPS_PER_CALL = 100


def image(definition):
    x = inputs = keras.Input(definition.shape[1:])
    for kind, name, relu in definition.layers:
        shape = definition.parameters.get(name + "/kernel", definition.x).shape
        activation = "relu" if relu else None
        if kind == "conv":
            x = layers.Conv2D(shape[-1], 3, activation=activation)(x)
        elif kind == "pool":
            x = layers.MaxPooling2D(2)(x)
        elif kind == "flatten":
            x = layers.Flatten()(x)
        else:
            x = layers.Dense(shape[-1], activation=activation)(x)
    return keras.Model(inputs, x)


def resnet18(definition):
    def conv_norm(name, x, stride):
        size, filters = definition.parameters[name + "/kernel"].shape[::3]
        if stride > 1 and size > 1:
            x = layers.ZeroPadding2D(size // 2)(x)
        name = name.replace("/", "_")
        x = layers.Conv2D(filters, size, stride, "valid" if stride > 1 else "same",
                          use_bias=False, name=name + "_conv")(x)
        return layers.BatchNormalization(momentum=0.9, epsilon=definition.epsilon,
                                         name=name + "_norm")(x)

    inputs = keras.Input((64, 64, 3))
    x = layers.ZeroPadding2D(1)(layers.ReLU()(conv_norm("stem", inputs, 2)))
    x = layers.MaxPooling2D(3, 2)(x)
    for name, stride, projected in definition.blocks:
        y = layers.ReLU()(conv_norm(name + "/first", x, stride))
        y = conv_norm(name + "/second", y, 1)
        x = layers.ReLU()(y + (conv_norm(name + "/shortcut", x, stride) if projected else x))
    x = layers.GlobalAveragePooling2D()(x)
    return keras.Model(inputs, layers.Dense(10, name="head")(x))


def resnet18_path(parameter):
    layer, weight = parameter.replace("/", "_").rsplit("_", 1)
    if layer != "head":
        layer += "_conv" if weight == "kernel" else "_norm"
    return f"{layer}/{weight}"


@tf.custom_gradient
def rows(table, ids):
    def backward(dy):
        return tf.math.unsorted_segment_sum(dy, ids, table.shape[0]), None

    return tf.gather(table, ids), backward


class Embedding(layers.Embedding):
    """With a dense gradient. Keras's own gives slices, and its Adam squares those of a row that was
    read twice one by one, which is not the workload's update."""

    def call(self, ids):
        return rows(tf.convert_to_tensor(self.embeddings), ids)


class Attention(layers.Layer):
    """Causal self-attention, query, key and value from one product."""

    def __init__(self, definition):
        super().__init__()
        self.heads, width = definition.heads, definition.width
        self.qkv, self.out = layers.Dense(3 * width), layers.Dense(width)

    def call(self, x):
        (_, t, d), b = x.shape, tf.shape(x)[0]
        parts = tf.reshape(self.qkv(x), (b, t, 3, self.heads, d // self.heads))
        q, k, v = tf.unstack(tf.transpose(parts, (2, 0, 3, 1, 4)))
        future = tf.where(tf.range(t)[None, :] > tf.range(t)[:, None], -1e9, 0.0)
        scores = tf.matmul(q, k, transpose_b=True) * (d // self.heads) ** -0.5
        y = tf.matmul(tf.nn.softmax(scores + future), v)
        return self.out(tf.reshape(tf.transpose(y, (0, 2, 1, 3)), (b, t, d)))


class Positions(layers.Layer):
    def build(self, shape):
        self.table = self.add_weight(shape=shape[1:])

    def call(self, x):
        return x + self.table


def gpt(definition):
    d, inputs = definition.width, keras.Input((definition.context,), dtype="int32")
    norm = partial(layers.LayerNormalization, epsilon=definition.epsilon)
    x = Positions()(Embedding(definition.vocabulary, d)(inputs))
    for _ in range(definition.depth):
        x = x + Attention(definition)(norm()(x))
        y = layers.Dense(4 * d)(norm()(x))
        x = x + layers.Dense(d)(keras.ops.gelu(y, approximate=True))
    return keras.Model(inputs, layers.Dense(definition.vocabulary)(norm()(x)))


def lstm(definition):
    inputs = keras.Input(definition.x.shape[1:])
    x = layers.LSTM(definition.units, unit_forget_bias=False)(inputs)
    return keras.Model(inputs, layers.Dense(10)(x))


class Embed(keras.Model):
    """Takes pairs as columns, since Keras counts samples along the first axis."""

    def __init__(self, definition):
        super().__init__()
        self.users = Embedding(definition.rows, definition.width)
        self.items = Embedding(definition.rows, definition.width)

    def call(self, ids):
        return tf.reduce_sum(self.users(ids[:, 0]) * self.items(ids[:, 1]), -1)


MAKERS = {"resnet18": resnet18, "gpt": gpt, "lstm": lstm, "embed": Embed}


def model_and_data(name):
    definition = common.definition(name)
    model = MAKERS.get(name, image)(definition)
    x = tf.constant(definition.x.T if name == "embed" else definition.x)
    model(x[:1])
    variables = model.trainable_variables
    if name == "resnet18":  # Keras orders a branching model's layers by depth
        by_path = {v.path: v for v in variables}
        variables = [by_path[resnet18_path(p)] for p in definition.parameters]
    values = list(definition.parameters.values())
    assert [tuple(v.shape) for v in variables] == [v.shape for v in values], name
    for variable, value in zip(variables, values):
        variable.assign(value)
    return definition, model, x, tf.constant(definition.y)


def optimizer_for(name, definition):
    rate = definition.learning_rate
    if name == "resnet18":
        return keras.optimizers.SGD(rate, momentum=definition.momentum)
    if name == "gpt":
        return keras.optimizers.AdamW(rate, weight_decay=definition.weight_decay)
    return keras.optimizers.Adam(rate)


def loss_for(name):
    if name == "embed":
        return keras.losses.MeanSquaredError()
    return keras.losses.SparseCategoricalCrossentropy(from_logits=True)


def fit_like(name):
    definition, model, x, y = model_and_data(name)
    model.compile(optimizer_for(name, definition), loss_for(name))
    batches = iter(tf.data.Dataset.from_tensors((x, y)).repeat())
    model.make_train_function()
    train = model.train_function
    count = 0

    def step():
        nonlocal count
        count += 1
        if count <= 10:  # the reported loss is a mean over the epoch, the compared one is not
            model.reset_metrics()
        return float(train(batches)["loss"])

    return common.Workload(step)


def whole_step(name, xla, steps=1):
    definition, model, x, y = model_and_data(name)
    optimizer, loss_of = optimizer_for(name, definition), loss_for(name)
    optimizer.build(model.trainable_variables)

    def one():
        with tf.GradientTape() as tape:
            loss = loss_of(y, model(x, training=True))
        variables = model.trainable_variables
        optimizer.apply_gradients(zip(tape.gradient(loss, variables), variables))
        return loss

    def many():
        losses = tf.TensorArray(tf.float32, steps)
        for i in tf.range(steps):
            losses = losses.write(i, one())
        return losses.stack()

    run = tf.function(one if steps == 1 else many, jit_compile=xla)
    return common.Workload(lambda: run().numpy(), steps)


def infer(name, xla):
    _, model, x, _ = model_and_data(name)
    run = tf.function(lambda v: model(v, training=False), jit_compile=xla)
    return common.Workload(lambda: run(x).numpy() is None, outputs=lambda: run(x).numpy().ravel())


def candidates_of(variant, name):
    if name == "add8":
        return []
    if name in common.INFERENCE:
        modes = [False] if variant == "default" else [False, True]
        return [(f"tf.function{', XLA' if xla else ''}", partial(infer, name, xla))
                for xla in modes]
    if variant == "default":
        return [("train function of fit", partial(fit_like, name))]
    out = [(f"whole step in a tf.function{', XLA' if xla else ''}", partial(whole_step, name, xla))
           for xla in (False, True)]
    if common.base(name) in ("mlp", "embed", "lstm"):
        out.append((f"{STEPS_PER_CALL} steps a call, XLA",
                    partial(whole_step, name, True, STEPS_PER_CALL)))
    return out


if __name__ == "__main__":
    common.serve(f"TensorFlow {tf.__version__}, Keras {keras.__version__}",
                 partial(candidates_of, sys.argv[1]))
