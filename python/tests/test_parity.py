"""What comparing with PyTorch and Keras found (docs/peers.md), kept without these peers."""

import numpy as np
import pytest

import linnet as tf
from linnet import keras
from linnet.keras import _hdf5, layers


def test_gelu_takes_approximate_by_position():
    x = tf.constant([-1.0, 0.5])
    assert np.allclose(tf.nn.gelu(x, True), tf.nn.gelu(x, approximate=True), rtol=0, atol=0)
    assert abs(float(tf.nn.gelu(x, True)[0]) + 0.158808) < 1e-6
    assert abs(float(tf.nn.gelu(x)[0]) + 0.158655) < 1e-6


def test_activations_at_their_edges():
    a = keras.activations
    assert float(a.relu([0.5], threshold=0.5)[0]) == 0.0  # Keras: only what is above it
    assert float(a.relu([0.4], 0.1, None, 0.5)[0]) == pytest.approx(-0.01)
    x = tf.constant([0.0])
    with tf.GradientTape() as tape:
        tape.watch(x)
        y = a.relu(x, max_value=2.0)
    assert float(tape.gradient(y, x)[0]) == 0.0
    assert np.allclose(a.leaky_relu(np.array([-1.0], "float32"), negative_slope=0.1), [-0.1])
    assert np.allclose(a.celu([-1.0], alpha=2.0), [2 * np.expm1(-0.5)])
    assert np.allclose(a.glu([[1.0, 0.0]]), [[0.5]])
    assert np.allclose(a.hard_tanh([-3.0, 0.5]), [-1.0, 0.5])
    assert np.allclose(a.hard_shrink([0.5, 0.6]), [0.0, 0.6])
    assert np.allclose(a.soft_shrink([-1.0, 0.2]), [-0.5, 0.0])
    assert np.allclose(a.sparse_plus([-2.0, 0.0, 3.0]), [0.0, 0.25, 3.0])
    assert np.allclose(a.sparse_sigmoid([-2.0, 0.0, 3.0]), [0.0, 0.5, 1.0])
    assert np.allclose(a.threshold([0.2, 0.9], 0.5, -1.0), [-1.0, 0.9])
    assert np.allclose(a.get("squareplus")([0.0]), [1.0])


def test_split_into_more_pieces_than_a_tensor_has_axes():
    parts = tf.split(tf.range(20), [1] * 12 + [-1])
    assert [int(p[0]) for p in parts] == list(range(13)) and parts[-1].shape == (8,)
    with pytest.raises(tf.errors.ShapeError):
        tf.split(tf.range(20), [1] * 12)


def test_repeat_by_slice():
    x = tf.constant([[1, 2], [3, 4]])
    assert tf.repeat(x, [2, 1], axis=0).numpy().tolist() == [[1, 2], [1, 2], [3, 4]]
    assert tf.repeat(x, 2).numpy().tolist() == [1, 1, 2, 2, 3, 3, 4, 4]
    with pytest.raises(ValueError):
        tf.repeat(x, [1, 2, 3], axis=0)


def test_roll_bands_and_diagonals():
    x = np.arange(12.0).reshape(3, 4)
    for shift, axis in ((1, 0), (-5, 1), ((1, 2), (0, 1))):
        assert np.array_equal(tf.roll(tf.constant(x), shift, axis), np.roll(x, shift, axis))
    assert np.array_equal(tf.linalg.diag_part(x), np.diagonal(x))
    assert np.array_equal(tf.linalg.band_part(x, -1, 0), np.tril(x))
    assert np.array_equal(tf.linalg.band_part(x, 1, -1), np.triu(x, -1))
    assert int(tf.math.count_nonzero(x)) == 11
    assert float(tf.math.polygamma(1, tf.constant(1.0))) == pytest.approx(np.pi ** 2 / 6)


def test_tensordot_names_the_axes_that_do_not_fit():
    with pytest.raises(tf.errors.ShapeError, match="tensordot"):
        tf.tensordot(tf.ones((2, 3)), tf.ones((4, 2)), [[1], [0]])


def test_matmul_without_inner_elements():
    assert tf.matmul(tf.ones((5, 4, 0)), tf.ones((0, 3))).numpy().tolist() == np.zeros(
        (5, 4, 3)).tolist()


class Group(dict):
    """What of h5py's groups the reader uses."""

    def __init__(self, name, items):
        super().__init__(items)
        self.name = name

    def __contains__(self, path):
        return self.get(path) is not None

    def get(self, path, default=None):
        at = self
        for part in path.split("/"):
            if not isinstance(at, dict) or not dict.__contains__(at, part):
                return default
            at = dict.__getitem__(at, part)
        return at

    __getitem__ = get


class Data:
    def __init__(self, name, array):
        self.name, self.array = name, array

    def __getitem__(self, _):
        return self.array


def group(name, tree):
    made = {key: group(f"{name}/{key}", value) if isinstance(value, dict)
            else Data(f"{name}/{key}", value) for key, value in sorted(tree.items())}
    return Group(name, made)


def as_keras_writes(arrays):
    return {"vars": {str(i): a for i, a in enumerate(arrays)}}


def test_keras_weight_files_are_matched_by_name_not_by_the_alphabet():
    def weights(layer, start):
        return [np.full(v.shape, start + i, "float32") for i, v in enumerate(layer.variables)]

    model = keras.Sequential([layers.Dense(3) for _ in range(12)] + [layers.Dropout(0.5)])
    model.build((None, 3))
    tree = {f"dense_{i}" if i else "dense": as_keras_writes(weights(layer, 10 * i))
            for i, layer in enumerate(model.layers[:12])}
    tree["dropout"] = {"vars": {}, "seed_generator": as_keras_writes([np.zeros(2, "uint32")])}
    found = list(_hdf5._of_layer(model, group("", {"layers": tree})))
    assert [float(a[()].flat[0]) for _, _, a in found] == [10 * i + j for i in range(12)
                                                       for j in (0, 1)]
    for v, _, array in found:
        v.assign(array[()])
    assert [float(w.flat[0]) for w in model.get_weights()] == [float(a[()].flat[0])
                                                               for _, _, a in found]


def test_keras_weight_files_within_layers():
    model = keras.Sequential([layers.Bidirectional(layers.LSTM(2))])
    model.build((None, 3, 4))
    values = [np.full(v.shape, i, "float32") for i, v in enumerate(model.variables)]
    tree = {"layers": {"bidirectional": {"forward_layer": {"cell": as_keras_writes(values[:3])},
                                         "backward_layer": {"cell": as_keras_writes(values[3:])}}}}
    found = list(_hdf5._of_layer(model, group("", tree)))
    assert [float(a[()].flat[0]) for _, _, a in found] == [0, 1, 2, 3, 4, 5]
    with pytest.raises(ValueError):
        list(_hdf5._of_layer(model, group("", {"layers": {}})))


def test_optimizers_average_accumulate_and_scale():
    w = tf.Variable([0.0])
    sgd = keras.optimizers.SGD(1.0, use_ema=True, ema_momentum=0.5)
    for g in (-2.0, -4.0):
        sgd.apply_gradients([(tf.constant([g]), w)])
    assert float(w[0]) == 6.0
    sgd.finalize_variable_values([w])
    assert float(w[0]) == 4.0
    v = tf.Variable([0.0])
    twice = keras.optimizers.SGD(1.0, gradient_accumulation_steps=2, loss_scale_factor=2.0)
    for g in (2.0, 6.0):
        twice.apply_gradients([(tf.constant([g]), v)])
    assert float(v[0]) == -2.0 and float(twice.scale_loss(tf.constant(3.0))) == 6.0
    assert keras.optimizers.SGD.from_config(sgd.get_config())._config["use_ema"] is True


def test_constraints_in_layers_files_and_loops(tmp_path):
    model = keras.Sequential([
        layers.Dense(4, kernel_constraint=keras.constraints.MaxNorm(0.5), bias_constraint="non_neg",
                     input_shape=(3,))])
    model.compile(keras.optimizers.SGD(1.0), "mse")
    x, y = np.ones((8, 3), "float32"), np.full((8, 4), 9.0, "float32")
    model.fit(x, y, epochs=2, verbose=0)
    assert (np.linalg.norm(model.get_weights()[0], axis=0) < 0.5 + 1e-5).all()
    model.save(tmp_path / "model.keras")
    again = keras.models.load_model(tmp_path / "model.keras")
    again.fit(x, y, epochs=1, verbose=0)
    assert (np.linalg.norm(again.get_weights()[0], axis=0) < 0.5 + 1e-5).all()
    own = layers.Dense(1)
    w = own.add_weight(shape=(2,), initializer="ones", constraint=keras.constraints.NonNeg())
    keras.optimizers.SGD(3.0).apply_gradients([(tf.ones((2,)), w)])
    assert w.numpy().tolist() == [0.0, 0.0]


def test_scores_by_class():
    y, p = np.eye(3, dtype="float32")[[0, 1, 2, 1]], np.eye(3, dtype="float32")[[0, 1, 1, 1]]
    by_class = keras.metrics.F1Score()
    by_class.update_state(y, p)
    assert np.allclose(by_class.result(), [1.0, 0.8, 0.0])
    macro = keras.metrics.F1Score(average="macro")
    macro.update_state(y, p)
    assert float(macro.result()) == pytest.approx(0.6)
    r2 = keras.metrics.R2Score()
    r2.update_state([[1.0], [2.0], [3.0], [4.0]], [[1.0], [2.0], [3.0], [5.0]])
    assert float(r2.result()) == pytest.approx(0.8)
    poisson = keras.metrics.Poisson()
    poisson.update_state([[1.0]], [[2.0]])
    assert float(poisson.result()) == pytest.approx(2 - np.log(2), rel=1e-5)


def test_cosine_decay_warms_up_only_towards_a_target():
    schedules = keras.optimizers.schedules
    assert float(schedules.CosineDecay(0.1, 10, warmup_steps=5)(0)) == pytest.approx(0.1)
    assert float(schedules.CosineDecay(0.1, 10, warmup_target=0.5)(0)) == pytest.approx(0.5)
    assert float(schedules.CosineDecayRestarts(0.1, 5)(5)) == pytest.approx(0.1)


def test_focal_losses_are_named():
    y, p = np.array([[1.0, 0.0]], "float32"), np.array([[0.8, 0.3]], "float32")
    terms = [0.2 ** 2 * -np.log(0.8), 0.3 ** 2 * -np.log(0.7)]
    assert float(keras.losses.BinaryFocalCrossentropy()(y, p)) == pytest.approx(np.mean(terms),
                                                                              rel=1e-4)
    assert keras.losses.categorical_focal_crossentropy(y, p).shape == (1,)


def test_slices_and_index_tuples():
    x = np.arange(24).reshape(2, 3, 4)
    assert np.array_equal(tf.slice(x, [0, 1, 2], [2, -1, 1]), x[0:2, 1:, 2:3])
    assert np.array_equal(tf.gather_nd(x, [[0, 1], [1, 2]]), [x[0, 1], x[1, 2]])
    with pytest.raises(IndexError):
        tf.gather_nd(x, [[0, 5]])
    with pytest.raises(tf.errors.ShapeError):
        tf.slice(x, [0, 1, 2], [2, 3, 1])


def test_sampling_from_datasets():
    both = tf.data.Dataset.sample_from_datasets(
        [tf.data.Dataset.range(5), tf.data.Dataset.range(10, 15)], [0.5, 0.5], seed=1)
    drawn = [int(v) for v in both]
    assert sorted(drawn) == [0, 1, 2, 3, 4, 10, 11, 12, 13, 14] and drawn == [int(v) for v in both]
    assert [v for v in drawn if v < 5] == [0, 1, 2, 3, 4]


def test_cifar10_from_local_files(tmp_path, monkeypatch):
    import pickle

    monkeypatch.setenv("LINNET_DATA_DIR", str(tmp_path))
    images = np.arange(2 * 3072, dtype="uint8").reshape(2, 3072)
    for name in [f"data_batch_{i}" for i in range(1, 6)] + ["test_batch"]:
        with open(tmp_path / name, "wb") as file:
            pickle.dump({b"data": images, b"labels": [3, 7]}, file, protocol=2)
    (x, y), (x_test, y_test) = keras.datasets.cifar10.load_data()
    assert x.shape == (10, 32, 32, 3) and y.shape == (10, 1) and y_test.tolist() == [[3], [7]]
    assert x[0, 0, 1].tolist() == [images[0, 1], images[0, 1025], images[0, 2049]]
    with open(tmp_path / "test_batch", "wb") as file:
        pickle.dump({b"data": print}, file)
    with pytest.raises(pickle.UnpicklingError):
        keras.datasets.cifar10.load_data()


def test_csv_logger_has_columns_for_later_validation(tmp_path):
    model = keras.Sequential([layers.Dense(1, input_shape=(2,))])
    model.compile("sgd", "mse")
    x, y = np.ones((8, 2), "float32"), np.ones((8, 1), "float32")
    model.fit(x, y, epochs=2, verbose=0, validation_data=(x, y), validation_freq=2,
              callbacks=[keras.callbacks.CSVLogger(tmp_path / "log.csv")])
    header, first, second = (tmp_path / "log.csv").read_text().splitlines()
    assert header == "epoch,loss,val_loss"
    assert first.endswith(",NA") and float(second.split(",")[2]) >= 0


def test_masking_and_layers_on_each_step():
    x = np.ones((2, 3, 4), "float32")
    x[:, 2] = 0
    masked = keras.Sequential([layers.Masking(), layers.LSTM(5)])
    assert np.array_equal(masked(x), masked(x[:, :2]))
    dense = layers.Dense(2)
    assert np.allclose(layers.TimeDistributed(dense)(x)[:, 1], dense(x[:, 1]))


def test_order_of_unsigned_integers_and_gradients_through_it():
    x = np.array([3, 0, 200, 3], "uint8")
    assert tf.argsort(x, direction="DESCENDING").numpy().tolist() == [2, 0, 3, 1]
    assert tf.sort(x, direction="DESCENDING").numpy().tolist() == [200, 3, 3, 0]
    assert [v.numpy().tolist() for v in tf.math.top_k(x, 2)] == [[200, 3], [2, 0]]
    y = tf.constant([[3.0, 1.0, 2.0]])
    with tf.GradientTape(persistent=True) as tape:
        tape.watch(y)
        ordered = tf.reduce_sum(tf.sort(y) * [1.0, 10.0, 100.0])
        best = tf.reduce_sum(tf.math.top_k(y, 2)[0])
    assert tape.gradient(ordered, y).numpy().tolist() == [[100.0, 1.0, 10.0]]
    assert tape.gradient(best, y).numpy().tolist() == [[1.0, 0.0, 1.0]]


def test_logs_name_a_metric_as_it_was_given():
    model = keras.Sequential([layers.Dense(1, activation="sigmoid", input_shape=(2,))])
    model.compile("sgd", "binary_crossentropy", metrics=["AUC", "mse"])
    history = model.fit(np.ones((4, 2)), np.ones((4, 1)), epochs=1, verbose=0)
    assert sorted(history.history) == ["AUC", "loss", "mse"]
