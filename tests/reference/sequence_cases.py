"""Recurrent layers, attention, masks."""
import numpy as np
import tensorflow as tf
import keras
from keras import layers, losses, optimizers

from figures import layer_case, normal, put, randomize, rng

layer_case("simple_rnn", layers.SimpleRNN(4), normal(3, 5, 2))
layer_case("simple_rnn_relu", layers.SimpleRNN(4, activation="relu", use_bias=False, return_sequences=True), normal(3, 5, 2))
layer_case("lstm", layers.LSTM(4), normal(3, 5, 2))
layer_case("lstm_sequences", layers.LSTM(3, return_sequences=True), normal(2, 6, 4))
layer_case("lstm_backwards", layers.LSTM(3, return_sequences=True, go_backwards=True, use_bias=False), normal(2, 4, 3))
layer_case("lstm_hard", layers.LSTM(3, activation="softsign", recurrent_activation="hard_sigmoid"), normal(2, 4, 3))
layer_case("gru", layers.GRU(4), normal(3, 5, 2))
layer_case("gru_sequences", layers.GRU(3, return_sequences=True), normal(2, 6, 4))
layer_case("gru_before", layers.GRU(3, reset_after=False, return_sequences=True), normal(2, 4, 3))
layer_case("gru_plain", layers.GRU(3, use_bias=False, go_backwards=True), normal(2, 4, 3))
layer_case("bidirectional", layers.Bidirectional(layers.LSTM(3, return_sequences=True)), normal(2, 5, 2))
layer_case("bidirectional_last", layers.Bidirectional(layers.GRU(3)), normal(2, 5, 2))
for mode in ("sum", "mul", "ave"):
    layer_case("bidirectional_" + mode, layers.Bidirectional(layers.SimpleRNN(3, return_sequences=True), merge_mode=mode),
               normal(2, 5, 2))

lstm = layers.LSTM(3, return_sequences=True, return_state=True)
x, h, c = normal(2, 4, 3), normal(2, 3), normal(2, 3)
mask = np.array([[1, 1, 0, 1], [0, 0, 1, 0]], bool)
lstm.build(x.shape)
randomize(lstm)
for i, w in enumerate(lstm.weights):
    put(f"lstm_state/w{i}", w.numpy())
put("lstm_state/x", x.astype(np.float32)), put("lstm_state/h", h.astype(np.float32)), put("lstm_state/c", c.astype(np.float32))
put("lstm_state/mask", mask.astype(int))
x, h, c = (tf.constant(t, tf.float32) for t in (x, h, c))
for name, m in (("plain", None), ("masked", tf.constant(mask))):
    for key, value in zip(("y", "h", "c"), lstm(x, initial_state=[h, c], mask=m)):
        put(f"lstm_state/{name}_{key}", value.numpy())


def attention_case(name, layer, query, value, key=None, query_mask=None, **call):
    """Output, scores and the gradients of sum(output * r). A query that may see no key gives zeros where scores
    are asked for, and a mean over all values (the fused path) where they are not: the former is what is taken."""
    query, value = tf.constant(query, tf.float32), tf.constant(value, tf.float32)
    key = tf.identity(value) if key is None else tf.constant(key, tf.float32)
    layer.build(query.shape, value.shape, key.shape)
    randomize(layer)
    at = f"attention/{name}/"
    for k, v in (("query", query), ("value", value), ("key", key)):
        put(at + k, v.numpy())
    for i, w in enumerate(layer.weights):
        put(at + f"w{i}", w.numpy())
    with tf.GradientTape() as tape:
        tape.watch([query, value, key])
        if query_mask is not None:  # an argument would be overwritten by what the tensor carries
            keras.src.backend.set_keras_mask(query, tf.constant(query_mask))
        y, scores = layer(query, value, key, return_attention_scores=True, **call)
        if not {"attention_mask", "value_mask"} & set(call):
            put(at + "plain_y", layer(query, value, key, **call).numpy())
        r = rng.normal(size=y.shape).astype(np.float32)
        total = tf.reduce_sum(y * r)
    grads = tape.gradient(total, [query, value, key] + [w.value for w in layer.trainable_weights])
    put(at + "r", r), put(at + "y", y.numpy()), put(at + "scores", scores.numpy())
    for k, g in zip(("query", "value", "key"), grads):
        put(at + "d" + k, g.numpy())
    for i, g in enumerate(grads[3:]):
        put(at + f"dw{i}", g.numpy())


MHA = layers.MultiHeadAttention
attention_case("plain", MHA(2, 3), normal(2, 4, 5), normal(2, 6, 5))
attention_case("dims", MHA(3, 2, value_dim=4, output_shape=7, use_bias=False), normal(2, 4, 5), normal(2, 6, 3), normal(2, 6, 2))
attention_case("causal", MHA(2, 3), normal(2, 4, 5), normal(2, 4, 5), use_causal_mask=True)
allowed = rng.uniform(size=(2, 4, 6)) < 0.5
allowed[0, 1] = False
put("attention/masked/allowed", allowed.astype(int))
attention_case("masked", MHA(2, 3), normal(2, 4, 5), normal(2, 6, 5), attention_mask=tf.constant(allowed))
valid_q, valid_v = np.array([[1, 1, 1, 0], [1, 0, 1, 1]], bool), np.array([[1, 1, 0, 1, 1], [1, 1, 1, 0, 0]], bool)
put("attention/padded/query_mask", valid_q.astype(int)), put("attention/padded/value_mask", valid_v.astype(int))
attention_case("padded", MHA(1, 4), normal(2, 4, 3), normal(2, 5, 3), query_mask=valid_q,
               value_mask=tf.constant(valid_v))


def masked_case(name, after, y_shape):
    """One step of training on sequences padded with 0: loss, metrics and the weights after it."""
    model = keras.Sequential([layers.Embedding(6, 3, mask_zero=True)] + after)
    ids = np.array([[1, 2, 0, 0], [3, 0, 4, 5], [5, 5, 1, 2]])
    model.build((None, 4))
    key = f"masked/{name}/"
    for i, w in enumerate(model.weights):
        w.assign(rng.uniform(-1, 1, w.shape).astype(np.float32))
        put(key + f"w{i}", w.numpy())
    y, weight = rng.normal(size=y_shape).astype(np.float32), rng.uniform(0, 2, size=(3,)).astype(np.float32)
    put(key + "ids", ids), put(key + "y", y), put(key + "weight", weight)
    put(key + "predicted", model(ids).numpy())
    model.compile(optimizers.SGD(0.5), "mse", metrics=["mae"])
    put(key + "logs", np.array(model.train_on_batch(ids, y), np.float64))
    for i, w in enumerate(model.weights):
        put(key + f"after{i}", w.numpy())


masked_case("lstm_sequences", [layers.LSTM(2, return_sequences=True), layers.Dense(2)], (3, 4, 2))
masked_case("gru_last", [layers.GRU(2), layers.Dense(1)], (3, 1))
masked_case("pooled", [layers.Dense(3, "tanh"), layers.GlobalAveragePooling1D(), layers.Dense(2)], (3, 2))
masked_case("bidirectional", [layers.Dropout(0.0), layers.Bidirectional(layers.SimpleRNN(2, return_sequences=True)),
                              layers.LayerNormalization(), layers.Dense(1)], (3, 4, 1))
masked_case("lost", [layers.Flatten(), layers.Dense(2)], (3, 2))
masked_case("distributed", [layers.TimeDistributed(layers.Dense(2, "tanh")), layers.SimpleRNN(2)], (3, 2))
layer_case("time_distributed", layers.TimeDistributed(layers.Dense(3)), normal(2, 4, 5))
layer_case("masking", layers.Masking(), np.where(rng.uniform(size=(2, 5, 1)) < 0.4, 0, normal(2, 5, 3)))
