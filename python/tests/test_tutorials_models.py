"""Programs as tutorials write them: branches, parts of models, steps and objects of one's own."""

import contextlib
import io

import numpy as np

import linnet as tf
from linnet import keras
from linnet.keras import backend as K
from linnet.keras import layers, ops


def test_two_inputs_two_outputs_and_their_summary(capsys):
    words, meta = keras.Input((None,), dtype="int32", name="words"), keras.Input((5,), name="meta")
    embedded = layers.Embedding(50, 8)(words)
    x = layers.concatenate([layers.LSTM(8)(embedded), layers.GlobalMaxPooling1D()(embedded), meta])
    x = layers.Dense(16, activation="relu")(x)
    x = layers.BatchNormalization()(layers.add([x, layers.Dense(16, activation="relu")(x)]))
    model = keras.Model([words, meta], [layers.Dense(1, name="priority")(x),
                                        layers.Dense(4, name="department")(x)])
    assert [type(layer).__name__ for layer in model.layers] == [
        "InputLayer", "Embedding", "LSTM", "GlobalMaxPooling1D", "InputLayer", "Concatenate", "Dense",
        "Dense", "Add", "BatchNormalization", "Dense", "Dense"]
    assert model.input_shape == [(None, None), (None, 5)]
    assert model.output_shape == [(None, 1), (None, 4)]
    model.summary()
    text = capsys.readouterr().out
    assert "┃ Layer (type)        ┃ Output Shape      ┃    Param # ┃ Connected to      ┃" in text
    assert "│ lstm (LSTM)         │ (None, 8)         │        544 │ embedding[0][0]   │" in text
    assert "│ (Concatenate)       │                   │            │ global_max_pooli… │" in text
    again = keras.Model.from_config(model.get_config())
    assert [layer.name for layer in again.layers] == [layer.name for layer in model.layers]


def test_operations_on_symbolic_tensors_are_saved(tmp_path):
    x = keras.Input((4,))
    y = ops.concatenate([ops.sin(x), ops.mean(x, axis=1, keepdims=True)], axis=-1)
    model = keras.Model(x, ops.where(y > 0, y, 0.1 * y))
    given = np.linspace(-2, 2, 8, dtype="float32").reshape(2, 4)
    parts = np.concatenate([np.sin(given), given.mean(1, keepdims=True)], 1)
    expected = np.where(parts > 0, parts, 0.1 * parts)
    path = str(tmp_path / "m.keras")
    model.save(path)
    assert np.allclose(model(given), expected, atol=1e-6)
    assert np.allclose(keras.models.load_model(path)(given), expected, atol=1e-6)


def test_parts_of_a_model_are_shared_and_frozen():
    base = keras.Sequential([keras.Input((8, 8, 1)), layers.Conv2D(4, 3, name="first"), layers.MaxPool2D(),
                             layers.Flatten(), layers.Dense(6)], name="base")
    base.trainable = False
    x = keras.Input((8, 8, 1))
    model = keras.Model(x, layers.Dense(3)(base(x, training=False)))
    assert len(model.trainable_variables) == 2 and model.layers[1] is base
    before = base.get_weights()
    model.compile("adam", keras.losses.SparseCategoricalCrossentropy(from_logits=True))
    model.fit(np.random.rand(32, 8, 8, 1), np.arange(32) % 3, verbose=0)
    assert all(np.array_equal(a, b) for a, b in zip(before, base.get_weights()))
    shapes = keras.Model(base.inputs, [layer.output for layer in base.layers])(np.ones((2, 8, 8, 1)))
    assert [tuple(s.shape) for s in shapes] == [(2, 6, 6, 4), (2, 3, 3, 4), (2, 36), (2, 6)]


def test_objects_of_ones_own_need_no_super_init():
    class Absolute(keras.regularizers.Regularizer):
        def __init__(self, strength):
            self.strength = strength

        def __call__(self, x):
            return self.strength * tf.reduce_sum(tf.abs(x))

    class Positive(keras.constraints.Constraint):
        def __call__(self, w):
            return tf.maximum(w, 0.0)

    class Losses(keras.callbacks.Callback):
        def __init__(self):
            self.seen = []

        def on_train_batch_end(self, batch, logs=None):
            self.seen.append(logs["loss"])

    def rmse(y_true, y_pred):
        return K.sqrt(K.mean(K.square(y_pred - y_true), axis=-1))

    model = keras.Sequential([layers.Dense(1, kernel_initializer="ones", kernel_regularizer=Absolute(0.5),
                                           kernel_constraint=Positive())])
    model.compile("sgd", "mse", metrics=[rmse])
    losses = Losses()
    model.fit(np.ones((8, 3)), np.full((8, 1), 3.0), batch_size=4, verbose=0, callbacks=[losses])
    assert losses.seen[0] == 1.5 and len(losses.seen) == 2 and model.metrics_names[1] == "rmse"
    assert isinstance(Absolute(1.0), keras.regularizers.Regularizer)
    assert isinstance(keras.regularizers.L2(), keras.regularizers.Regularizer)
    assert not isinstance(keras.regularizers.L2(), Absolute)


def test_a_variational_autoencoder_with_its_own_step():
    class Sampling(layers.Layer):
        def __init__(self, **kwargs):
            super().__init__(**kwargs)
            self.seeds = keras.random.SeedGenerator(7)

        def call(self, inputs):
            mean, log_variance = inputs
            noise = keras.random.normal(ops.shape(mean), seed=self.seeds)
            return mean + ops.exp(0.5 * log_variance) * noise

    x = keras.Input((6,))
    mean, log_variance = layers.Dense(2)(x), layers.Dense(2)(x)
    encoder = keras.Model(x, [mean, log_variance, Sampling()([mean, log_variance])])
    z = keras.Input((2,))
    decoder = keras.Model(z, layers.Dense(6, activation="sigmoid")(z))

    class Autoencoder(keras.Model):  # without call()
        def __init__(self):
            super().__init__()
            self.encoder, self.decoder = encoder, decoder
            self.tracker = keras.metrics.Mean(name="loss")

        @property
        def metrics(self):
            return [self.tracker]

        def train_step(self, data):
            with tf.GradientTape() as tape:
                mean, log_variance, z = self.encoder(data)
                error = ops.sum(keras.losses.binary_crossentropy(data, self.decoder(z)))
                kl = -0.5 * (1 + log_variance - ops.square(mean) - ops.exp(log_variance))
                loss = error + ops.mean(ops.sum(kl, axis=1))
            gradients = tape.gradient(loss, self.trainable_weights)
            self.optimizer.apply_gradients(zip(gradients, self.trainable_weights))
            self.tracker.update_state(loss)
            return {"loss": self.tracker.result()}

    model = Autoencoder()
    model.compile(keras.optimizers.Adam(0.05))
    losses = model.fit(np.random.rand(64, 6).astype("float32"), epochs=3, verbose=0).history["loss"]
    assert losses[-1] < losses[0]


def test_cells_step_as_the_layers_do():
    x = np.random.rand(2, 5, 3).astype("float32")
    for kind, cell in ((layers.LSTM, layers.LSTMCell), (layers.GRU, layers.GRUCell),
                       (layers.SimpleRNN, layers.SimpleRNNCell)):
        whole = kind(4, return_sequences=True)
        expected = whole(x).numpy()
        stepped = layers.RNN(cell(4), return_sequences=True, return_state=True)
        stepped(x)
        stepped.set_weights(whole.get_weights())
        outputs, *states = stepped(x)
        assert np.allclose(outputs, expected, atol=1e-6)
        assert np.allclose(states[0], expected[:, -1], atol=1e-6)
    stacked = layers.RNN([layers.LSTMCell(4), layers.GRUCell(3)])
    assert stacked(x).shape == (2, 3)


def test_an_unknown_length_is_an_input_shape():
    model = keras.Sequential([layers.Conv1D(4, 3, padding="causal", input_shape=[None, 1]),
                              layers.LSTM(3), layers.Dense(1)])
    assert model.output_shape == (None, 1) and model.count_params() == 16 + 96 + 4
    assert model(np.ones((2, 7, 1))).shape == model(np.ones((2, 9, 1))).shape == (2, 1)


def test_callbacks_say_what_they_do():
    x, y = np.ones((8, 1), "float32"), np.ones((8, 1), "float32")
    model = keras.Sequential([layers.Dense(1, kernel_initializer="zeros")])
    model.compile(keras.optimizers.SGD(1e-9), "mse")
    out = io.StringIO()
    with contextlib.redirect_stdout(out):
        model.fit(x, y, epochs=5, verbose=0, validation_data=(x, y), callbacks=[
            keras.callbacks.EarlyStopping(patience=2, min_delta=1, verbose=1, restore_best_weights=True),
            keras.callbacks.ReduceLROnPlateau(patience=1, min_delta=1, factor=0.5, min_lr=0, verbose=1)])
    said = out.getvalue()
    assert "Epoch 3: early stopping\nRestoring model weights from the end of the best epoch: 1.\n" in said
    assert "\nEpoch 2: ReduceLROnPlateau reducing learning rate to " in said and "Epoch 1: " not in said


def test_training_goes_on_from_a_backup(tmp_path):
    class Stop(keras.callbacks.Callback):
        def on_epoch_begin(self, epoch, logs=None):
            if epoch == 2:
                raise KeyboardInterrupt

    def made():
        keras.utils.set_random_seed(1)
        model = keras.Sequential([keras.Input((2,)), layers.Dense(1)])
        model.compile(keras.optimizers.SGD(0.1), "mse")
        return model

    x = np.random.rand(16, 2).astype("float32")
    y = x.sum(1, keepdims=True)
    whole = made()
    whole.fit(x, y, epochs=4, verbose=0, shuffle=False)
    backup = tmp_path / "backup"
    model = made()
    try:
        model.fit(x, y, epochs=4, verbose=0, shuffle=False,
                  callbacks=[keras.callbacks.BackupAndRestore(backup), Stop()])
    except KeyboardInterrupt:
        pass
    again = made()
    history = again.fit(x, y, epochs=4, verbose=0, shuffle=False,
                        callbacks=[keras.callbacks.BackupAndRestore(backup)])
    assert history.epoch == [2, 3]
    assert all(np.allclose(a, b, atol=1e-6) for a, b in zip(again.get_weights(), whole.get_weights()))
    assert not list(backup.iterdir())


def test_columns_of_a_table_are_prepared_by_layers():
    rows = {"age": np.arange(32) % 7 + 20, "kind": np.array(["cat", "dog"] * 16), "size": np.arange(32) % 3 + 1}
    batches = tf.data.Dataset.from_tensor_slices((rows, np.arange(32) % 2)).batch(8)
    ages, kinds, sizes = (keras.Input((1,), name=name, dtype=dtype) for name, dtype in (
        ("age", "float32"), ("kind", "string"), ("size", "int64")))
    parts = []
    for layer, given in ((layers.Normalization(axis=None), ages), (layers.StringLookup(), kinds),
                         (layers.IntegerLookup(max_tokens=5), sizes)):
        layer.adapt(batches.map(lambda x, y, name=given.name: x[name]))
        found = layer(given)
        parts.append(found if given is ages else layers.CategoryEncoding(layer.vocabulary_size())(found))
    model = keras.Model({"age": ages, "kind": kinds, "size": sizes},
                        layers.Dense(1)(layers.concatenate(parts)))
    model.compile(keras.optimizers.Adam(0.1), keras.losses.BinaryCrossentropy(from_logits=True))
    as_columns = batches.map(lambda x, y: ({key: tf.expand_dims(v, -1) for key, v in x.items()}, y))
    losses = model.fit(as_columns, epochs=8, verbose=0).history["loss"]
    assert losses[-1] < 0.6 * losses[0]  # the kind says the label
    one = {"age": [[21]], "kind": [["cat"]], "size": [[2]]}
    assert model.predict({key: tf.constant(v) for key, v in one.items()}, verbose=0).shape == (1, 1)


def test_a_table_of_embeddings_is_a_constant():
    table = np.random.rand(5, 3).astype("float32")
    layer = layers.Embedding(5, 3, embeddings_initializer=keras.initializers.Constant(table), trainable=False)
    assert np.array_equal(layer(np.array([[4, 0]]))[0], table[[4, 0]])
    dense = layers.Dense(2, bias_initializer=keras.initializers.Constant(np.array([0.5])))
    dense.build((None, 3))
    assert dense.bias.numpy().tolist() == [0.5, 0.5]
    again = layers.Dense.from_config(dense.get_config())
    again.build((None, 3))
    assert again.bias.numpy().tolist() == [0.5, 0.5]
