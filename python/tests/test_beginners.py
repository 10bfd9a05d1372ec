"""What beginners' programs do that the examples do not."""

import numpy as np
import pytest

import linnet as tf
from linnet import keras
from linnet.keras import layers


def two_outputs():
    a = keras.Input((3,), name="a")
    hidden = layers.Dense(8, activation="relu")(a)
    return keras.Model(a, [layers.Dense(1, activation="sigmoid", name="kind")(hidden),
                           layers.Dense(1, name="size")(hidden)])


def samples():
    x = np.random.normal(size=(60, 3)).astype("float32")
    return x, (x[:, :1] > 0).astype("float32"), x[:, 1:2]


def test_losses_weights_and_metrics_by_output():
    x, kind, size = samples()
    model = two_outputs()
    model.compile("sgd", loss={"kind": "binary_crossentropy", "size": "mse"},
                  loss_weights={"size": 0.5},
                  metrics={"kind": ["accuracy", keras.metrics.AUC(name="auc")], "size": "mae"})
    logs = model.fit(x, {"kind": kind, "size": size}, epochs=2, verbose=0).history
    assert sorted(logs) == ["kind_accuracy", "kind_auc", "kind_loss", "loss", "size_loss",
                            "size_mae"]
    assert logs["loss"][0] == pytest.approx(logs["kind_loss"][0] + 0.5 * logs["size_loss"][0],
                                            rel=1e-5)
    scores = model.predict(x, verbose=0)[0]
    found = model.evaluate(x, [kind, size], verbose=0, return_dict=True)
    assert found["kind_accuracy"] == pytest.approx(((scores > 0.5) == kind).mean())
    expected = keras.metrics.AUC()
    expected.update_state(kind, scores)
    assert found["kind_auc"] == pytest.approx(float(expected.result()), rel=1e-6)
    for arguments in ({"loss": {"other": "mse"}}, {"loss": ["mse"]},
                      {"loss": "mse", "loss_weights": [1.0]}, {"loss": "mse", "metrics": {"q": "mae"}}):
        with pytest.raises(ValueError, match="outputs"):
            model.compile("sgd", **arguments)


def test_a_root_is_a_root_in_steps_of_ones_own():
    class Own(keras.Model):
        def __init__(self):
            super().__init__()
            self.dense = layers.Dense(1)

        def call(self, x):
            return self.dense(x)

        def compute_loss(self, x=None, y=None, y_pred=None, sample_weight=None, training=True):
            return tf.reduce_mean(tf.square(y - y_pred))

    x, _, size = samples()
    model = Own()
    model.compile("sgd", "mse", metrics=[keras.metrics.RootMeanSquaredError(name="root")])
    found = model.evaluate(x, size, verbose=0, return_dict=True)
    assert found["root"] == pytest.approx(found["loss"] ** 0.5, rel=1e-5)


@pytest.mark.parametrize("kind", ["arrays", "nested", "dataset", "one-hot"])
def test_class_weight_is_a_sample_weight(kind):
    x, label, _ = samples()
    label = label[:, 0].astype("int32")
    weight = np.where(label == 1, 3.0, 1.0).astype("float32")
    batches = tf.data.Dataset.from_tensor_slices((x, label)).batch(20)
    weighted = tf.data.Dataset.from_tensor_slices((x, label, weight)).batch(20)
    loss = "sparse_categorical_crossentropy"

    def trained(fit):
        keras.utils.set_random_seed(4)
        a = keras.Input((3,), name="a")
        model = keras.Model({"a": a} if kind == "nested" else a,
                            layers.Dense(2, activation="softmax")(a))
        model.compile("sgd", "categorical_crossentropy" if kind == "one-hot" else loss)
        fit(model)
        return model.get_weights()

    options = {"epochs": 2, "shuffle": False, "verbose": 0, "batch_size": 20}
    given, classes = x, label
    if kind == "nested":
        given = {"a": x}
    if kind == "one-hot":
        classes = keras.utils.to_categorical(label, 2)
        batches = tf.data.Dataset.from_tensor_slices((x, classes)).batch(20)
    if kind in ("dataset", "one-hot"):
        ours = trained(lambda m: m.fit(batches, epochs=2, class_weight={1: 3.0}, verbose=0))
    else:
        ours = trained(lambda m: m.fit(given, classes, class_weight={0: 1.0, 1: 3.0}, **options))
    if kind == "dataset":
        theirs = trained(lambda m: m.fit(weighted, epochs=2, verbose=0))
    else:
        theirs = trained(lambda m: m.fit(given, classes, sample_weight=weight, **options))
    for a, b in zip(ours, theirs):
        np.testing.assert_allclose(a, b, rtol=1e-5)


def test_parts_of_a_sequential_make_other_models():
    base = keras.Sequential([keras.Input((4,)), layers.Dense(5, name="features"), layers.Dense(2)])
    x = np.ones((3, 4), "float32")
    features = base.get_layer("features")
    assert features.output.shape == (None, 5) and base.input.shape == (None, 4)
    body = keras.Model(base.inputs, features.output)
    np.testing.assert_allclose(body(x), features(x))
    body.trainable = False
    head = keras.Sequential([body, layers.Dense(1)])
    head.compile("sgd", "mse")
    before = features.kernel.numpy()
    head.fit(x, np.ones((3, 1)), verbose=0)
    assert len(head.trainable_variables) == 2
    np.testing.assert_array_equal(before, features.kernel.numpy())
    base.pop()
    assert base.output.shape == (None, 5)
    with pytest.raises(AttributeError, match="Input"):
        keras.Sequential([layers.Dense(2)]).inputs
    with pytest.raises(AttributeError, match="no output"):
        layers.Dense(3).output
    with pytest.raises(AttributeError, match="kernels"):
        features.kernels


def test_windows():
    numbers = tf.data.Dataset.range(7)

    def rows(*args, **kwargs):
        return [[int(v) for v in w] for w in numbers.window(*args, **kwargs)]

    assert rows(3) == [[0, 1, 2], [3, 4, 5], [6]]
    assert rows(3, drop_remainder=True) == [[0, 1, 2], [3, 4, 5]]
    assert rows(2, shift=3) == [[0, 1], [3, 4], [6]]
    assert rows(3, shift=2, stride=2, drop_remainder=True) == [[0, 2, 4], [2, 4, 6]]
    assert rows(4, shift=1)[-2:] == [[5, 6], [6]]
    batches = numbers.window(3, 1, drop_remainder=True).flat_map(lambda w: w.batch(3))
    assert [b.numpy().tolist() for b in batches][-1] == [4, 5, 6]
    with pytest.raises(ValueError, match="at least 1"):
        numbers.window(0)


def test_windows_of_a_series():
    series = np.arange(10.0)[:, None]
    made = keras.utils.timeseries_dataset_from_array(series[:-3], series[3:, 0], 3, batch_size=2)
    x, y = next(iter(made))
    assert x.numpy()[:, :, 0].tolist() == [[0, 1, 2], [1, 2, 3]] and y.numpy().tolist() == [3, 4]
    assert sum(len(x) for x, _ in made) == 5
    thin = keras.utils.timeseries_dataset_from_array(series, None, 2, sequence_stride=3,
                                                     sampling_rate=4, batch_size=None)
    assert [w.numpy()[:, 0].tolist() for w in thin] == [[0, 4], [3, 7]]
    with pytest.raises(ValueError, match="window"):
        keras.utils.timeseries_dataset_from_array(series, None, 11)


def test_old_places():
    from linnet.keras.preprocessing.image import img_to_array
    from linnet.keras.preprocessing.sequence import pad_sequences

    assert pad_sequences is keras.utils.pad_sequences and img_to_array is keras.utils.img_to_array
    assert keras.preprocessing.sequence.pad_sequences is pad_sequences


@pytest.mark.parametrize("ending", [".zip", ".tar.gz"])
def test_get_file_unpacks(tmp_path, ending):
    import shutil

    (tmp_path / "folder").mkdir()
    (tmp_path / "folder" / "a.txt").write_text("a", encoding="utf-8")
    kind = "zip" if ending == ".zip" else "gztar"
    archive = shutil.make_archive(str(tmp_path / "data"), kind, tmp_path / "folder")
    found = keras.utils.get_file(origin=f"file://{archive}", extract=True)
    with open(f"{found}/a.txt", encoding="utf-8") as file:
        assert file.read() == "a"
