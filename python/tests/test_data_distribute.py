import numpy as np
import pytest

import linnet as tf


def values(dataset):
    return [np.asarray(v).tolist() if not isinstance(v, (tuple, dict)) else v
            for v in dataset.as_numpy_iterator()]


def test_pipeline():
    d = tf.data.Dataset
    assert values(d.range(5)) == [0, 1, 2, 3, 4] and len(d.range(2, 10, 3)) == 3
    assert values(d.range(5).map(lambda x: x * 2).batch(2)) == [[0, 2], [4, 6], [8]]
    assert values(d.range(6).filter(lambda x: x % 2 == 0).skip(1).take(1)) == [2]
    assert values(d.range(3).repeat(2)) == [0, 1, 2, 0, 1, 2]
    assert sorted(values(d.range(9).shuffle(9, seed=1))) == list(range(9))
    assert values(d.range(2).concatenate(d.range(1))) == [0, 1, 0]
    assert values(d.range(4).batch(2).unbatch()) == [0, 1, 2, 3]
    assert values(d.range(3).cache().prefetch(tf.data.AUTOTUNE)) == [0, 1, 2]
    assert values(d.range(2).flat_map(lambda x: d.range(int(x) + 1))) == [0, 0, 1]
    assert values(d.range(3).shard(2, 1)) == [1]
    assert int(d.range(4).reduce(tf.constant(0, "int64"), lambda s, x: s + x)) == 6
    assert [(int(i), int(v)) for i, v in d.range(5, 7).enumerate()] == [(0, 5), (1, 6)]


def test_nests():
    x, y = np.arange(6.0).reshape(3, 2), np.arange(3)
    dataset = tf.data.Dataset.from_tensor_slices(({"a": x}, y)).map(lambda d, y: (d["a"] + 1, y))
    first = next(iter(dataset))
    assert first[0].numpy().tolist() == [1, 2] and first[0].dtype == tf.float64
    spec = dataset.batch(2).element_spec
    assert spec[0].shape == (2, 2) and spec[1].dtype == tf.int64
    pairs = tf.data.Dataset.zip((tf.data.Dataset.range(2), dataset))
    assert isinstance(next(iter(pairs))[1], tuple)
    with pytest.raises(ValueError):
        tf.data.Dataset.from_tensor_slices((x, y[:2]))


def test_generators_and_exceptions():
    def rows(n):
        for i in range(int(n)):
            yield [i] * (i + 1)

    dataset = tf.data.Dataset.from_generator(rows, output_types=tf.float32, args=(3,))
    assert [v.tolist() for v in dataset.padded_batch(3).as_numpy_iterator()] == [
        [[0, 0, 0], [1, 1, 0], [2, 2, 2]]]
    with pytest.raises(TypeError):
        len(dataset)

    def bad(x):
        if int(x) == 2:
            raise KeyError("two")
        return x

    for dataset in (tf.data.Dataset.range(4).map(bad), tf.data.Dataset.range(4).map(bad).prefetch(2)):
        with pytest.raises(KeyError, match="two"):
            list(dataset)


def test_a_pass_may_be_left_early():
    for _ in range(50):
        next(iter(tf.data.Dataset.range(1000).map(lambda x: x + 1).batch(10).prefetch(4)))


@pytest.fixture
def strategy():
    return tf.distribute.MirroredStrategy(["CPU:0", "CPU:1", "CPU:2"])


def test_run_and_reduce(strategy):
    def replica():
        return tf.distribute.get_replica_context().replica_id_in_sync_group

    out = strategy.run(replica)
    assert strategy.num_replicas_in_sync == 3 and out.values == (0, 1, 2)
    assert float(strategy.reduce("SUM", out, axis=None)) == 3
    assert float(strategy.reduce(tf.distribute.ReduceOp.MEAN, out, axis=None)) == 1
    assert tf.distribute.get_replica_context() is not None
    with strategy.scope():
        assert tf.distribute.in_cross_replica_context()
        assert tf.distribute.get_strategy() is strategy
    with pytest.raises(NotImplementedError):
        tf.distribute.MirroredStrategy(["GPU:0"])


def test_batches_are_split_with_the_rest_first(strategy):
    dataset = tf.data.Dataset.range(5).batch(4)
    shards = [[v.numpy().tolist() for v in batch.values]
              for batch in strategy.experimental_distribute_dataset(dataset)]
    assert shards == [[[0, 1], [2, 3], []], [[4], [], []]]


@pytest.mark.parametrize("captured", [False, True])
def test_replicas_train_as_one_device(captured):
    x = np.random.RandomState(0).normal(size=(12, 2)).astype("float32")
    y = x.sum(1, keepdims=True)

    def train(strategy):
        with strategy.scope():
            w = tf.Variable(tf.zeros((2, 1)))
            optimizer = tf.keras.optimizers.Adam(0.1)
            optimizer.build([w])

        def replica(x, y):
            with tf.GradientTape() as tape:
                each = tf.reduce_sum(tf.square(x @ w - y), 1)
                loss = tf.nn.compute_average_loss(each, global_batch_size=12)
            optimizer.apply_gradients([(tape.gradient(loss, w), w)])
            return loss

        def step(x, y):
            return strategy.reduce("SUM", strategy.run(replica, args=(x, y)), axis=None)

        step = tf.function(step) if captured else step
        dataset = tf.data.Dataset.from_tensor_slices((x, y)).batch(12).repeat(10)
        losses = [float(step(*batch))
                  for batch in strategy.experimental_distribute_dataset(dataset)]
        return losses, w.numpy(), int(optimizer.iterations)

    one = train(tf.distribute.OneDeviceStrategy())
    three = train(tf.distribute.MirroredStrategy(["CPU:0", "CPU:1", "CPU:2"]))
    np.testing.assert_allclose(three[0], one[0], rtol=1e-5)
    np.testing.assert_allclose(three[1], one[1], rtol=1e-5)
    assert one[2] == three[2] == 10


def test_checkpoint(tmp_path):
    model = tf.keras.Sequential([tf.keras.layers.Dense(2, input_shape=(3,))])
    step = tf.Variable(0, dtype="int64")
    checkpoint = tf.train.Checkpoint(model=model, step=step)
    manager = tf.train.CheckpointManager(checkpoint, tmp_path, max_to_keep=2)
    for i in range(3):
        step.assign(i)
        path = manager.save()
    before = model.get_weights()
    model.set_weights([w + 1 for w in before])
    step.assign(99)
    assert tf.train.latest_checkpoint(tmp_path) == path and len(manager.checkpoints) == 2
    checkpoint.restore(path)
    assert int(step) == 2
    np.testing.assert_array_equal(model.get_weights()[0], before[0])
    with pytest.raises(OSError):
        checkpoint.restore(tmp_path / "nothing")
