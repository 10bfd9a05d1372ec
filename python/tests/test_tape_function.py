import gc
import threading
import warnings

import numpy as np
import pytest

import linnet as tf


def test_gradients_of_variables_and_tensors():
    w, x = tf.Variable([1.0, 2.0]), tf.constant([3.0, 4.0])
    with tf.GradientTape() as tape:
        tape.watch(x)
        y = tf.reduce_sum(w * w * x)
    dw, nested = tape.gradient(y, [w, {"x": x}])
    assert dw.numpy().tolist() == [6, 16] and nested["x"].numpy().tolist() == [1, 4]


def test_tape_rules():
    w, other = tf.Variable(2.0), tf.Variable(1.0)
    with tf.GradientTape() as tape:
        y = w**3
    assert float(tape.gradient(y, w)) == 12
    with pytest.raises(RuntimeError):
        tape.gradient(y, w)
    with tf.GradientTape(persistent=True) as tape:
        y = w**2
        with tape.stop_recording():
            z = w**3
    assert float(tape.gradient(y, w)) == 4 and tape.gradient(z, w) is None
    assert tape.gradient(y, other) is None
    assert float(tape.gradient(y, other, unconnected_gradients="zero")) == 0
    with tf.GradientTape() as outer:
        with tf.GradientTape() as inner:
            y = w**3
        dy = inner.gradient(y, w)
    assert float(outer.gradient(dy, w)) == 12


def test_variable_reads_before_and_after_assign_count():
    x = tf.Variable(1.0)
    with tf.GradientTape() as tape:
        y = x * 2
        x.assign(4.0)
        y = y + x * 3
    assert float(tape.gradient(y, x)) == 5


def test_jacobian():
    x = tf.Variable([1.0, 2.0])
    with tf.GradientTape(persistent=True) as tape:
        y = x * x
    np.testing.assert_allclose(tape.jacobian(y, x).numpy(), [[2, 0], [0, 4]])


def test_custom_gradient():
    @tf.custom_gradient
    def log1pexp(x):
        e = tf.exp(x)
        return tf.math.log(1 + e), lambda dy: dy * (1 - 1 / (1 + e))

    x = tf.constant(1.0)
    with tf.GradientTape() as tape:
        tape.watch(x)
        y = log1pexp(x)
    assert float(tape.gradient(y, x)) == pytest.approx(1 / (1 + np.exp(-1.0)), rel=1e-6)


def test_function_traces_once_a_signature():
    runs = []

    @tf.function
    def f(x, flag=True):
        runs.append(x.shape)
        return x * 2 if flag else x

    a = tf.constant([1.0, 2.0])
    assert f(a).numpy().tolist() == [2, 4]
    assert f(a + 1).numpy().tolist() == [4, 6]
    assert len(runs) == 1 and f.experimental_get_tracing_count() == 1
    assert f(a, flag=False).numpy().tolist() == [1, 2]
    f(tf.constant([1, 2]))
    f(tf.zeros((3,)))
    f(np.zeros(3, "float32"))
    assert len(runs) == 4


def test_function_returns_nests_and_updates_state():
    v = tf.Variable(0.0)

    @tf.function
    def step(batch):
        v.assign_add(tf.reduce_sum(batch["x"]))
        return {"sum": v + 0, "pair": (batch["x"], None), "list": [batch["x"] + 1]}

    for total in (3.0, 6.0, 9.0):
        out = step({"x": tf.constant([1.0, 2.0])})
        assert float(out["sum"]) == total and out["pair"][1] is None
        assert out["list"][0].numpy().tolist() == [2, 3]
    assert float(v) == 9


def test_methods_are_captured_per_object_and_freed():
    class Net:
        def __init__(self, scale):
            self.scale = tf.Variable(scale)

        @tf.function
        def __call__(self, x):
            return self.scale * x

    a, b = Net(2.0), Net(3.0)
    x = tf.constant(5.0)
    assert [float(a(x)), float(b(x)), float(a(x))] == [10, 15, 10]
    import weakref

    gone = weakref.ref(a)
    del a
    gc.collect()
    assert gone() is None


def test_input_signature():
    @tf.function(input_signature=[tf.TensorSpec([None, 2], "float32")])
    def f(x):
        return tf.reduce_sum(x)

    assert float(f([[1, 2]])) == 3 and float(f(tf.ones((4, 2)))) == 8
    with pytest.raises(TypeError):
        f(tf.ones((2, 3)))
    with pytest.raises(TypeError):
        f(tf.ones((1, 2)), 3)


def test_get_concrete_function_runs_nothing():
    v = tf.Variable(1.0)

    @tf.function
    def f(x):
        v.assign_add(tf.reduce_sum(x))
        return v + 0

    concrete = f.get_concrete_function(tf.TensorSpec([2], "float32"))
    assert float(v) == 1
    assert float(concrete(tf.constant([1.0, 1.0]))) == 3 and f.experimental_get_tracing_count() == 1
    assert "reduce" in f.graph() or "sum" in f.graph()


def test_branches_on_values_are_captured():
    @tf.function
    def f(x):
        if tf.reduce_sum(x) > 0:
            return x
        n = tf.constant(0)
        while n < 3:
            n += 1
        return -x * tf.cast(n, "float32")

    assert f(tf.constant([1.0])).numpy().tolist() == [1]
    assert f(tf.constant([-2.0])).numpy().tolist() == [6]
    assert f.experimental_get_tracing_count() == 1

    @tf.function(autograph=False)
    def g(x):
        return tf.cond(tf.reduce_sum(x) > 0, lambda: x, lambda: -x)

    assert g(tf.constant([-1.0])).numpy().tolist() == [1]

    @tf.function(autograph=False)
    def h(x):
        return x if tf.reduce_sum(x) > 0 else -x

    with pytest.raises(NotImplementedError, match="cond"):
        h(tf.constant([1.0]))


def test_cond_and_while_loop_eagerly():
    assert float(tf.cond(tf.constant(True), lambda: tf.constant(1.0), lambda: tf.constant(2.0))) == 1
    i, total = tf.while_loop(lambda i, s: i < 5, lambda i, s: (i + 1, s + i),
                             (tf.constant(0), tf.constant(0)))
    assert int(i) == 5 and int(total) == 10


def test_an_exception_drops_the_trace():
    calls = []

    @tf.function
    def f(x):
        calls.append(1)
        if len(calls) == 1:
            raise KeyError("first")
        return x

    with pytest.raises(KeyError):
        f(tf.constant(1.0))
    assert float(f(tf.constant(1.0))) == 1


def test_traced_tensors_do_not_escape():
    kept = []

    @tf.function
    def f(x):
        kept.append(x * 2)
        return x

    f(tf.constant(1.0))
    with pytest.raises(TypeError):
        kept[0].numpy()
    with pytest.raises(TypeError):
        (kept[0] + 1).numpy()
    assert "traced" in repr(kept[0])


def test_functions_from_many_threads():
    w = tf.Variable(tf.ones((4, 4)))

    @tf.function
    def f(x):
        return tf.reduce_sum(tf.matmul(x, w))

    results, problems = [], []

    def work(n):
        try:
            for i in range(200):
                size = 1 + (i + n) % 3
                results.append((size, float(f(tf.ones((size, 4))))))
                tf.constant(np.ones(100)) + 1
        except Exception as problem:  # noqa: BLE001
            problems.append(problem)

    threads = [threading.Thread(target=work, args=(n,)) for n in range(4)]
    for t in threads:
        t.start()
    for t in threads:
        t.join(60)
    assert not problems and len(results) == 800
    assert all(value == 16 * size for size, value in results)


def test_eager_mode_switch():
    runs = []

    @tf.function
    def f(x):
        runs.append(1)
        return x

    tf.config.run_functions_eagerly(True)
    try:
        f(tf.constant(1.0))
        f(tf.constant(1.0))
    finally:
        tf.config.run_functions_eagerly(False)
    assert len(runs) == 2 and tf.executing_eagerly()


def test_fork_keeps_working():
    import os

    tf.reduce_sum(tf.ones((400, 400)) @ tf.ones((400, 400)))
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        child = os.fork()
    if child == 0:
        good = float(tf.reduce_sum(tf.ones((400, 400)) @ tf.ones((400, 400)))) == 400.0**3
        os._exit(0 if good else 1)
    assert os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == 0


def test_sub_interpreters_are_refused():
    import subprocess
    import sys

    pytest.importorskip("_xxsubinterpreters")
    code = """
import sys, _xxsubinterpreters as s
import linnet
i = s.create()
try:
    s.run_string(i, "import sys; sys.path[:] = %r; import linnet" % sys.path)
except Exception as problem:
    print(problem)
s.destroy(i)
print(float(linnet.reduce_sum(linnet.ones(2))))
"""
    run = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, timeout=60)
    assert "main interpreter only" in run.stdout and run.stdout.endswith("2.0\n"), run


def test_only_the_entry_is_exported():
    import shutil
    import subprocess

    if shutil.which("nm") is None:
        pytest.skip("nm is not there")
    run = subprocess.run(["nm", "-D", "--defined-only", tf._core.__file__], capture_output=True,
                         text=True, check=True)
    assert [line.split()[-1] for line in run.stdout.splitlines()] == ["PyInit__core"]
