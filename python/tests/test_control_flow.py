"""Control flow on traced tensors: cond, while_loop, and Python's own, rewritten."""

import traceback

import numpy as np
import pytest

import linnet as tf


def same(f, *calls):
    """f captured gives what plain Python gives, with one capture a signature."""
    captured = tf.function(f)
    for args in calls:
        args = [tf.constant(a) for a in args]
        expected, got = f(*args), captured(*args)
        expected, got = tf.nest.flatten(expected), tf.nest.flatten(got)
        assert len(expected) == len(got)
        for e, g in zip(expected, got):
            np.testing.assert_allclose(np.asarray(g), np.asarray(e), rtol=1e-6)
    assert captured.experimental_get_tracing_count() == 1
    return captured


def test_if_else_and_elif():
    def f(x):
        if tf.reduce_sum(x) > 10:
            y = x * 2
        elif tf.reduce_sum(x) > 0:
            y = x + 1
        else:
            y = -x
        return y

    captured = same(f, [[20.0, 1.0]], [[2.0, 1.0]], [[-2.0, 1.0]])
    assert "cond(" in captured.graph()


def test_if_without_else_changes_names_in_place():
    def f(x, scale):
        y = x
        if scale > 1:
            tmp = x * scale
            y = tmp + 1
        return y, x

    same(f, [[1.0, 2.0], 3.0], [[1.0, 2.0], 0.5])


def test_early_returns():
    def f(x):
        if x > 10:
            return x * 2
        if x > 5:
            y = x - 1
            if y > 7:
                return y
            y += 100
            return y
        return -x

    same(f, [20.0], [9.0], [6.0], [1.0])


def test_while_break_continue_and_return_inside():
    def f(n, limit):
        i, total = 0, 0
        while i < n:
            i += 1
            if i % 2 == 0:
                continue
            total += i
            if total > limit:
                break
        return i, total

    same(f, [10, 1000], [10, 8], [0, 5])

    def g(n):
        i = tf.constant(0)
        while True:
            i += 1
            if i * i > n:
                return i * 10
            if i > 50:
                break
        return -i

    same(g, [30], [10000])


def test_for_over_rows_and_ranges():
    def rows(x):
        total = tf.zeros([2])
        for row in x:
            if row[0] < 0:
                continue
            total += row
        return total

    captured = same(rows, [[[1.0, 2.0], [-1.0, 5.0], [3.0, 4.0]]])
    assert "while_loop(" in captured.graph()

    def counted(n):
        total = 0.0
        for i in range(n):
            for j in tf.range(i):
                total += tf.cast(i * j, "float32")
                if total > 50:
                    break
        return total

    same(counted, [4], [0], [12])

    def stepped(a, b, c):
        total = 0
        for i in tf.range(a, b, c):
            total += i
        return total

    same_range = tf.function(stepped)
    for bounds in [(0, 10, 3), (10, 0, -4), (3, 3, 1)]:
        got = same_range(*[tf.constant(b) for b in bounds])
        assert int(got) == sum(range(*bounds))


def test_break_in_a_python_loop():
    def f(x):
        out = tf.constant(0.0)
        for k in range(4):
            if x < k:
                break
            out += k + x
        else:
            out += 1000
        return out

    same(f, [0.5], [2.5], [100.0], [-1.0])


def test_boolean_operators_ternary_and_chains():
    def f(x, y):
        a = 0 < x < 10 and not y > 3
        b = x > 5 or y > 5
        return (1 if a else 2) + (x if b else y), not a

    same(f, [3.0, 1.0], [30.0, 1.0], [3.0, 9.0], [7.0, 2.0])


def test_and_does_not_evaluate_what_python_would_not():
    def f(table, i):
        while i < 3 and tf.gather(table, i) > 0:
            i += 1
        return i

    same(f, [[1.0, 2.0, 3.0], 0], [[1.0, -2.0, 3.0], 0], [[1.0, 1.0, 1.0], 7])


def test_python_values_keep_their_meaning():
    calls = []

    @tf.function
    def f(x, mode, deep=2):
        calls.append(mode)
        if mode == "double":
            x = x * 2
        elif mode is None:
            return None
        names = []
        for k in range(deep):
            names.append(k)
            x += k
        while len(names) > 1:
            names.pop()
        return x if names and mode else x - 1

    assert float(f(tf.constant(1.0), "double")) == 3
    assert float(f(tf.constant(1.0), "")) == 1
    assert f(tf.constant(1.0), None) is None
    assert calls == ["double", "", None]


def test_nested_calls_methods_and_closures_are_rewritten():
    factor = 3.0

    def helper(x, *, limit=5.0):
        if x > limit:
            return x * factor
        return x

    class Thing:
        __secret = 2.0

        def method(self, x):
            if x > 0:
                return x + self.__secret
            return helper(-x, limit=1.0)

        @tf.function
        def captured(self, x):
            return self.method(x)

        def __call__(self, x):
            return self.method(x) + 1

    thing = Thing()

    def f(x):
        def inner(z):
            while z < 10:
                z = z * factor
            return z

        return inner(tf.abs(x)) + thing.method(x) + thing(x) + helper(x)

    same(f, [2.0], [-2.0], [7.0])
    assert float(thing.captured(tf.constant(-2.0))) == 6
    assert float(thing.captured(tf.constant(2.0))) == 4


def test_super_and_private_names():
    class Base:
        def scale(self, x):
            return x * 2

    class Child(Base):
        def scale(self, x):
            while x < 10:
                x = super().scale(x)
            return x

    child = Child()
    same(lambda x: child.scale(x), [3.0], [30.0])


def test_nests_and_objects_as_names():
    def f(x):
        state = {"a": x, "b": [x, 0]}
        label = "same"
        for _ in tf.range(tf.cast(x, "int32")):
            state = {"a": state["a"] * 2, "b": [state["b"][0] + 1, state["b"][1] + 1]}
        if x > 2:
            state["a"]
            pair = (state["a"], state["b"][1])
        else:
            pair = (state["a"] + 1, 7)
        return state, pair, label == "same"

    same(f, [3.0], [0.0])


def test_numbers_become_tensors_of_what_they_meet():
    def f(x):
        total, best = 0, -1
        for row in x:
            total += row
            if row > best:
                best = row
        return total, best

    same(f, [[1.5, 2.5, 0.5]])


def test_undefined_names_are_told():
    @tf.function
    def branch(x):
        if x > 0:
            value = x
        return value

    with pytest.raises(ValueError, match="'value' has no value if the condition at .*is false"):
        branch(tf.constant(1.0))

    @tf.function
    def loop(x):
        while x < 10:
            x = x + 1
            last = x
        return last

    with pytest.raises(ValueError, match="'last' has no value before the loop at .*test_control"):
        loop(tf.constant(1.0))

    @tf.function
    def half(x):
        if x > 0:
            return x

    with pytest.raises(ValueError, match="none for when it does not happen"):
        half(tf.constant(1.0))


def test_what_does_not_agree_is_told_by_name():
    @tf.function
    def shapes(x):
        y = x
        if tf.reduce_sum(x) > 0:
            y = tf.stack([x, x])
        return y

    with pytest.raises(tf.errors.ShapeError, match=r"'y' is .*\(2, 2\).*\(2,\)"):
        shapes(tf.constant([1.0, 2.0]))

    @tf.function
    def dtypes(x):
        y = x
        while tf.reduce_sum(y) < 10:
            y = tf.cast(y, "float64")
        return y

    with pytest.raises(tf.errors.DTypeError, match="'y' is .*float32.*float64"):
        dtypes(tf.constant([1.0]))

    @tf.function
    def objects(x):
        if x > 0:
            kind = "a"
        else:
            kind = "b"
        return kind

    with pytest.raises(ValueError, match="'kind' is 'a' if .* 'b' if it is false"):
        objects(tf.constant(1.0))


def test_errors_point_to_the_source():
    @tf.function
    def f(x):
        if tf.reduce_sum(x) > 0:
            y = x + 1
            z = tf.matmul(y, y)  # here
            return z
        return x

    with pytest.raises(tf.errors.ShapeError) as problem:
        f(tf.ones((2, 3)))
    frames = traceback.extract_tb(problem.value.__traceback__)
    assert any(frame.filename == __file__ and "# here" in frame.line for frame in frames)


def test_without_source_the_error_names_cond_and_while_loop():
    space = {}
    exec("def f(x):\n    if x > 0:\n        return x\n    return -x\n", space)
    with pytest.raises(tf.errors.OperatorNotAllowedInGraphError, match="linnet.cond.*while_loop"):
        tf.function(space["f"])(tf.constant(1.0))

    @tf.function(autograph=False)
    def g(x):
        return x if x > 0 else -x

    with pytest.raises(tf.errors.OperatorNotAllowedInGraphError, match="linnet.cond.*while_loop"):
        g(tf.constant(1.0))
