"""Ctrl-C while Linnet computes: each program runs in a process of its own, says "ready" when it is
about to begin, and gets SIGINT when it has begun."""

import signal
import subprocess
import sys
import time

import pytest

START = """
import signal, threading, time
import numpy as np
import linnet as tf
from linnet import keras

v = tf.Variable([1.0, 2.0])

@tf.function
def endless(x):
    v.assign_add(x)
    def body(y):
        v.assign_add(y)
        return [y]
    return tf.while_loop(lambda y: tf.reduce_sum(y) < 1e30, body, [x])[0]

def ready():
    print("ready", flush=True)
"""


def interrupted(program, signals=1, times=1):
    """What the program prints besides "ready", `times` times, each of which is followed by that many
    SIGINTs; it must end by itself."""
    with subprocess.Popen([sys.executable, "-c", START + program], stdout=subprocess.PIPE,
                          stderr=subprocess.PIPE, text=True) as process:
        said = ""
        for _ in range(times):
            while (line := process.stdout.readline()) not in ("ready\n", ""):
                said += line
            for _ in range(signals):
                time.sleep(0.4)
                process.send_signal(signal.SIGINT)
        try:
            out, err = process.communicate(timeout=60)
        except subprocess.TimeoutExpired:
            process.kill()
            pytest.fail("it did not react to SIGINT")
    assert process.returncode == 0, out + err
    return said + out


def test_an_endless_captured_loop_raises_and_leaves_variables_alone():
    assert interrupted("""
try:
    ready()
    endless(tf.ones(2))
except KeyboardInterrupt:
    print(v.numpy().tolist())
endless(tf.constant([1e30, 1e30]))
print(bool(v.numpy()[0] > 1e29))
""") == "[1.0, 2.0]\nTrue\n"


def test_a_handler_that_returns_lets_the_call_go_on():
    assert interrupted("""
seen = []
def handler(*_):
    seen.append(v.numpy().tolist())           # a variable of the call that runs
    if len(seen) == 2:
        raise RuntimeError("enough")
signal.signal(signal.SIGINT, handler)
try:
    ready()
    endless(tf.ones(2))
except RuntimeError as problem:
    print(problem, seen)
""", signals=2) == "enough [[1.0, 2.0], [1.0, 2.0]]\n"


def test_another_thread_may_wait_for_the_variable_meanwhile():
    assert interrupted("""
def read():
    time.sleep(0.2)                           # until the loop runs: waits, and not with the GIL
    print(v.numpy().tolist())
threading.Thread(target=read).start()
try:
    ready()
    endless(tf.ones(2))
except KeyboardInterrupt:
    pass
""") == "[1.0, 2.0]\n"


def test_an_eager_loop_raises():
    assert interrupted("""
try:
    ready()
    tf.while_loop(lambda y: True, lambda y: y * 1.0, tf.ones(2))
except KeyboardInterrupt:
    print("ended")
""") == "ended\n"


def test_model_loops_put_the_first_off_and_end_in_a_step_at_the_second():
    assert interrupted("""
on = tf.Variable(False)
class Endless(keras.layers.Layer):
    def call(self, x):
        return tf.while_loop(lambda y: on.value(), lambda y: [y * 1.0], [x])[0]
model = keras.Sequential([keras.layers.Dense(2), Endless()])
model.compile("sgd", "mse")
model.fit(np.ones((4, 2)), np.ones((4, 2)), verbose=0)
before = model.get_weights()[0]
on.assign(True)
for loop in (lambda: model.predict(np.ones((1, 2)), verbose=0),
             lambda: model.fit(np.ones((4, 2)), np.ones((4, 2)), verbose=0)):
    try:
        ready()
        loop()
    except KeyboardInterrupt:
        print(np.array_equal(before, model.get_weights()[0]))
""", signals=2, times=2) == "True\nTrue\n"
