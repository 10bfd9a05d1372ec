import gc

import numpy as np

import linnet as tf


def settle(work, rounds):
    for _ in range(rounds // 10):
        work()
    gc.collect()
    before = tf._core.memory_stats()["bytes_in_use"]
    for _ in range(rounds):
        work()
    gc.collect()
    return tf._core.memory_stats()["bytes_in_use"] - before


def resident():
    with open("/proc/self/statm", encoding="ascii") as file:
        return int(file.read().split()[1]) * 4096


def test_steps_leak_nothing():
    w = tf.Variable(tf.ones((16, 16)))
    x = tf.ones((4, 16))

    def eager():
        with tf.GradientTape() as tape:
            loss = tf.reduce_mean(tf.square(x @ w))
        w.assign_sub(0.01 * tape.gradient(loss, w))

    captured = tf.function(lambda a: {"y": [a @ w, None]})

    def all_of_it():
        eager()
        captured(x)
        tf.constant(np.ones((4, 4))).numpy()
        np.asarray(x[0]).sum()

    assert settle(all_of_it, 1000) == 0
    before = resident()
    settle(all_of_it, 9000)
    assert resident() - before < 8 << 20


def test_models_are_freed():
    def work():
        model = tf.keras.Sequential([tf.keras.layers.Dense(8, input_shape=(4,)),
                                     tf.keras.layers.Dense(1)])
        model.compile("adam", "mse")
        model.fit(np.ones((8, 4), "float32"), np.ones((8, 1), "float32"), verbose=0)

    assert settle(work, 30) <= 4096


def test_cycles_are_collected():
    import weakref

    for make in (tf.keras.callbacks.History, tf.keras.Sequential, tf.keras.metrics.Mean,
                 lambda: tf.keras.layers.Dense(1), tf.keras.optimizers.Adam,
                 tf.keras.initializers.Zeros):
        thing = make()
        thing.__dict__["me"] = thing
        gone = weakref.ref(thing)
        del thing
        gc.collect()
        assert gone() is None, make


def test_memory_of_arrays_is_given_back():
    import weakref

    class Array(np.ndarray):
        pass

    array = np.ones(1000, "float32").view(Array)
    gone = weakref.ref(array)
    tensor = tf._core._tensor_in_place(array)
    view = tensor[10:]
    del array, tensor
    assert gone() is not None and float(tf.reduce_sum(view)) == 990
    del view
    gc.collect()
    assert gone() is None
