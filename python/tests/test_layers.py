"""Layers, optimizers and utilities, each on its own."""

import numpy as np
import pytest

import linnet as tf
from linnet import keras
from linnet.keras import layers

from keras_models import Net, classifier, data


def test_python_layers_and_models_train_inside_the_core():
    x, _ = data()
    y = x.sum(1, keepdims=True)
    model = Net()
    model.compile(keras.optimizers.SGD(0.05), "mse", metrics=["mae"])
    history = model.fit(x, y, epochs=20, verbose=0).history
    assert history["loss"][-1] < 0.5 * history["loss"][0]
    assert model.rest[0].calls < 10  # replayed, not called once a step
    assert [v.name for v in model.trainable_variables] == ["kernel", "bias", "factor", "kernel",
                                                           "bias"]
    assert len(model.losses) == 1 and len(model.layers) == 4
    assert model.rest[0].trainable_weights[0].shape == (8,)
    model.first.trainable = False
    assert len(model.trainable_variables) == 3 and len(model.non_trainable_variables) == 2


def test_training_reaches_layers_that_are_not_told():
    model = Net()
    x = np.ones((64, 4), "float32")
    assert (model(x).numpy() == model(x).numpy()).all()
    assert (model(x, training=True).numpy() != model(x, training=True).numpy()).any()


def test_optimizers_and_schedules():
    w = tf.Variable([1.0, 2.0])
    optimizer = keras.optimizers.SGD(learning_rate=0.5)
    optimizer.apply_gradients([(tf.constant([1.0, 1.0]), w)])
    assert w.numpy().tolist() == [0.5, 1.5] and int(optimizer.iterations) == 1
    optimizer.learning_rate = 0.1
    assert float(optimizer.learning_rate) == pytest.approx(0.1)
    optimizer.minimize(lambda: tf.reduce_sum(w * w), [w])
    assert w.numpy() == pytest.approx([0.4, 1.2])
    decay = keras.optimizers.schedules.InverseTimeDecay(1.0, 1, 1.0)
    assert float(decay(3)) == 0.25
    scheduled = keras.optimizers.Adam(decay)
    with pytest.raises(TypeError):
        scheduled.learning_rate = 1.0
    with pytest.raises(ValueError):
        keras.optimizers.Adam(clipnorm=1.0, clipvalue=1.0)


def test_normalization_and_utilities(tmp_path):
    x = np.random.RandomState(0).normal(3, 2, (100, 4)).astype("float32")
    layer = layers.Normalization()
    layer.adapt(x)
    np.testing.assert_allclose(layer(x).numpy().mean(0), 0, atol=1e-5)
    np.testing.assert_array_equal(keras.utils.to_categorical([0, 2], 3), [[1, 0, 0], [0, 0, 1]])
    with pytest.raises(IndexError):
        keras.utils.to_categorical([5], 3)
    assert keras.utils.pad_sequences([[1], [2, 3]]).tolist() == [[0, 1], [2, 3]]
    for name in ("b", "a"):
        (tmp_path / name).mkdir()
        for i in range(3):
            pixels = np.full((4, 4, 3), 50 * i, "uint8")
            (tmp_path / name / f"{i}.ppm").write_bytes(b"P6 4 4 255\n" + pixels.tobytes())
    images = keras.utils.image_dataset_from_directory(tmp_path, image_size=(2, 2), shuffle=False,
                                                      verbose=False)
    batch, labels = next(iter(images))
    assert images.class_names == ["a", "b"] and batch.shape == (6, 2, 2, 3)
    assert labels.numpy().tolist() == [0, 0, 0, 1, 1, 1] and float(batch[2, 0, 0, 0]) == 100


@pytest.mark.parametrize("make, shape, out", [
    (lambda: layers.Conv1D(5, 3, padding="causal"), (2, 8, 4), (2, 8, 5)),
    (lambda: layers.Conv2D(5, 3, strides=(2, 1), padding="SAME"), (2, 8, 6, 3), (2, 4, 6, 5)),
    (lambda: layers.Conv2DTranspose(5, 3, strides=2), (2, 4, 4, 3), (2, 9, 9, 5)),
    (lambda: layers.DepthwiseConv2D(3, depth_multiplier=2), (2, 5, 5, 3), (2, 3, 3, 6)),
    (lambda: layers.SeparableConv2D(7, 3), (2, 5, 5, 3), (2, 3, 3, 7)),
    (lambda: layers.MaxPooling1D(2), (2, 8, 4), (2, 4, 4)),
    (lambda: layers.AveragePooling2D((2, 2)), (2, 4, 4, 3), (2, 2, 2, 3)),
    (lambda: layers.GlobalAveragePooling2D(), (2, 4, 4, 3), (2, 3)),
    (lambda: layers.GlobalMaxPooling1D(), (2, 4, 3), (2, 3)),
    (lambda: layers.ZeroPadding2D(((1, 0), (2, 3))), (1, 2, 2, 1), (1, 3, 7, 1)),
    (lambda: layers.Cropping2D(1), (1, 4, 4, 1), (1, 2, 2, 1)),
    (lambda: layers.UpSampling2D(2, interpolation="bilinear"), (1, 2, 2, 1), (1, 4, 4, 1)),
    (lambda: layers.Reshape((2, -1)), (3, 8), (3, 2, 4)),
    (lambda: layers.Permute((2, 1)), (3, 4, 5), (3, 5, 4)),
    (lambda: layers.RepeatVector(3), (2, 4), (2, 3, 4)),
    (lambda: layers.BatchNormalization(), (4, 3), (4, 3)),
    (lambda: layers.LayerNormalization(), (4, 3), (4, 3)),
    (lambda: layers.GroupNormalization(2), (4, 6), (4, 6)),
    (lambda: layers.LSTM(6, return_sequences=True), (2, 5, 3), (2, 5, 6)),
    (lambda: layers.GRU(6), (2, 5, 3), (2, 6)),
    (lambda: layers.Bidirectional(layers.SimpleRNN(4)), (2, 5, 3), (2, 8)),
    (lambda: layers.PReLU(), (2, 3), (2, 3)),
    (lambda: layers.LeakyReLU(alpha=0.1), (2, 3), (2, 3)),
    (lambda: layers.ReLU(max_value=1.0), (2, 3), (2, 3)),
    (lambda: layers.SpatialDropout1D(0.5), (2, 3, 4), (2, 3, 4)),
    (lambda: layers.Rescaling(2.0, offset=1), (2, 3), (2, 3)),
])
def test_layers_shapes_and_training(make, shape, out):
    import warnings

    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        layer = make()
    x = np.random.normal(size=shape).astype("float32")
    y = layer(x)
    assert y.shape == out and layer.output_shape[1:] == out[1:]
    model = keras.Sequential([layer, layers.Flatten(), layers.Dense(1)])
    model.compile("sgd", "mse")
    assert np.isfinite(model.fit(x, np.zeros((shape[0], 1)), verbose=0).history["loss"][0])
    copy_ = type(layer).from_config(layer.get_config()) if not isinstance(
        layer, layers.Bidirectional) else make()
    assert copy_(x).shape == out


def test_merges_attention_and_states():
    x, y = tf.ones((2, 3, 4)), tf.ones((2, 3, 4)) * 2
    assert float(layers.Add()([x, y])[0, 0, 0]) == 3
    assert layers.Concatenate(axis=1)([x, y]).shape == (2, 6, 4)
    assert layers.Dot(axes=1)([x[:, 0], y[:, 0]]).shape == (2, 1)
    attention = layers.MultiHeadAttention(2, 5)
    out, scores = attention(x, y, return_attention_scores=True, use_causal_mask=True)
    assert out.shape == (2, 3, 4) and scores.shape == (2, 2, 3, 3) and float(scores[0, 0, 0, 1]) == 0
    sequence, h, c = layers.LSTM(5, return_sequences=True, return_state=True)(x)
    assert sequence.shape == (2, 3, 5) and h.shape == c.shape == (2, 5)
    np.testing.assert_allclose(sequence[:, -1].numpy(), h.numpy())
    a = keras.Input((3, 4))
    model = keras.Model(a, layers.Dense(1)(layers.Add()([layers.MultiHeadAttention(2, 5)(a, a), a])))
    assert model(x).shape == (2, 3, 1) and model.count_params() > 0


def test_policies():
    layer = layers.Dense(3, dtype="mixed_bfloat16")
    assert layer(np.ones((2, 4))).dtype == tf.bfloat16 and layer.weights[0].dtype == tf.float32


@pytest.mark.parametrize("name", ["SGD", "Adam", "AdamW", "RMSprop", "Adagrad", "Adadelta", "Adamax",
                                  "Nadam", "Lion"])
def test_every_optimizer_by_name_and_class(name):
    x, y = data()
    model = classifier()
    before = model.evaluate(x, y, verbose=0)[0]
    model.compile(getattr(keras.optimizers, name)(0.01, clipnorm=1.0),
                  keras.losses.SparseCategoricalCrossentropy())
    model.fit(x, y, epochs=5, verbose=0)
    assert model.evaluate(x, y, verbose=0) < before
    assert keras.optimizers.get(name.lower()).name == name.lower()
    assert type(model.optimizer).from_config(model.optimizer.get_config()).name == name.lower()


@pytest.mark.parametrize("forgetful", [
    lambda self: setattr(self, "inner", keras.layers.Dense(1)),
    lambda self: setattr(self, "inner", keras.Sequential([keras.layers.Dense(1)])),
    lambda self: setattr(self, "weight", tf.Variable(1.0)),
    lambda self: self.add_weight(shape=(1,)),
    lambda self: self.count_params(),
])
@pytest.mark.parametrize("base", [keras.layers.Layer, keras.layers.Dense, keras.Model])
def test_super_init_is_asked_for(base, forgetful):
    class Forgetful(base):
        def __init__(self):
            forgetful(self)
            super().__init__(*[3] * (base is keras.layers.Dense))

    with pytest.raises(RuntimeError, match=r"super\(\).__init__\(\)"):
        Forgetful()
