"""Rows of torch_table: elementwise ops."""

import linnet as tf
from linnet import _core, keras
from compare import Unsupported
from torch_table import one_dtype, only, reduced, row

# Elementwise ops of one tensor.

for _name in ("abs acos acosh asin asinh atan atanh ceil cos cosh digamma erf erfc exp exp2 expm1 "
              "floor lgamma log log10 log1p log2 reciprocal rsqrt sigmoid sin sinh sqrt square "
              "tan tanh trunc logical_not bitwise_not").split():
    row(_name, _name, only(getattr(_core, _name)))
for _theirs, _ours in {"neg": "negative", "isnan": "is_nan", "isinf": "is_inf",
                       "isfinite": "is_finite", "sign": "sign", "sgn": "sign", "round": "round",
                       "nn.functional.relu": "relu", "nn.functional.relu6": "relu6",
                       "nn.functional.selu": "selu", "nn.functional.softsign": "softsign",
                       "nn.functional.silu": "silu", "nn.functional.mish": "mish",
                       "nn.functional.hardsigmoid": "hard_sigmoid",
                       "nn.functional.hardswish": "hard_silu",
                       "nn.functional.logsigmoid": "log_sigmoid"}.items():
    row(_theirs, _ours, only(getattr(_core, _ours)))
row("positive", "+x", lambda x: +x)
row("clone", "identity", only(tf.identity, ignored=["memory_format"]))
for _n in range(5):
    row(f"polygamma/polygamma_n_{_n}", "polygamma", only(lambda x, n: _core.polygamma(n, x), "n"))


def softplus(x, beta=1, threshold=20):
    # PyTorch is linear above the threshold; log(1 + e^x) - x is below 2.1e-9 above the usual one.
    if threshold == 20:
        return _core.softplus(x * beta) / beta
    one_dtype(x, x)
    return tf.where(x * beta > threshold, x, _core.softplus(x * beta) / beta)


row("nn.functional.softplus", "softplus", softplus)
row("nn.functional.gelu", "gelu", lambda x, approximate="none": _core.gelu(x, approximate == "tanh"))
row("nn.functional.elu", "elu", only(lambda x, alpha=1.0: _core.elu(x, alpha), "alpha"))
row("nn.functional.leaky_relu", "leaky_relu",
    only(lambda x, negative_slope=0.01: _core.leaky_relu(x, negative_slope), "negative_slope"))
row("nn.functional.celu", "keras.activations.celu",
    only(lambda x, alpha=1.0: keras.activations.celu(x, alpha), "alpha"))
row("nn.functional.glu", "keras.activations.glu",
    only(lambda x, dim=-1: keras.activations.glu(x, dim), "dim"))
row("nn.functional.hardtanh", "clip_by_value",
    only(lambda x, min_val=-1.0, max_val=1.0: tf.clip_by_value(x, min_val, max_val), "min_val",
         "max_val"))
row("nn.functional.tanhshrink", "keras.activations.tanh_shrink",
    only(lambda x: keras.activations.tanh_shrink(x)))
row("nn.functional.hardshrink", "keras.activations.hard_shrink",
    only(lambda x, lambd=0.5: keras.activations.hard_shrink(x, lambd), "lambd"))
row("nn.functional.softshrink", "keras.activations.soft_shrink",
    only(lambda x, lambd=0.5: keras.activations.soft_shrink(x, lambd), "lambd"))
row("nn.functional.threshold", "keras.activations.threshold",
    only(lambda x, threshold, value: keras.activations.threshold(x, threshold, value), "threshold",
         "value"))
row("nn.functional.prelu", "relu(x) - alpha * relu(-x)",
    lambda x, weight: _one_weight() if x.ndim < weight.ndim else tf.nn.relu(x) - (tf.reshape(
        weight, [-1] + [1] * (x.ndim - 2)) if x.ndim >= 2 and weight.ndim else weight)
    * tf.nn.relu(-x))


def _one_weight():
    raise Unsupported("weights for more axes than there are")


for _theirs, _dtype in {"double": "float64", "float": "float32", "half": "float16",
                        "bfloat16": "bfloat16", "long": "int64", "int": "int32", "short": "int16",
                        "char": "int8", "byte": "uint8", "bool": "bool"}.items():
    row(_theirs, "cast", only(lambda x, dtype=_dtype, **_: tf.cast(x, dtype), "memory_format"))

# Of two tensors.

for _theirs, _ours in {"add": "add", "sub": "subtract"}.items():
    def _scaled(x, y, alpha=1, function=getattr(_core, _ours)):
        return function(x, y if isinstance(alpha, int) and alpha == 1 else y * alpha)

    row(_theirs, _ours, _scaled)
row("rsub", "subtract", lambda x, y, alpha=1: tf.subtract(y, x * alpha))
for _theirs, _ours in {
        "mul": "multiply", "div/no_rounding_mode": "divide", "true_divide": "divide",
        "remainder": "mod", "pow": "pow", "maximum": "maximum",
        "minimum": "minimum", "max/binary": "maximum", "min/binary": "minimum", "atan2": "atan2",
        "xlogy": "xlogy", "eq": "equal", "ne": "not_equal", "lt": "less", "le": "less_equal",
        "gt": "greater", "ge": "greater_equal", "logical_and": "logical_and",
        "logical_or": "logical_or", "logical_xor": "logical_xor", "bitwise_and": "bitwise_and",
        "bitwise_or": "bitwise_or", "bitwise_xor": "bitwise_xor",
        "bitwise_left_shift": "left_shift", "bitwise_right_shift": "right_shift"}.items():
    row(_theirs, _ours, only(lambda x, y, function=getattr(_core, _ours), **_: function(x, y)))
row("div/floor_rounding", "floor_divide", lambda x, y, rounding_mode: _core.floor_divide(x, y))
row("floor_divide", "floor_divide", only(_core.floor_divide))
row("__radd__", "+", lambda x, y: y + x)
row("__rsub__", "-", lambda x, y: y - x)
row("__rmul__", "*", lambda x, y: y * x)
row("__rdiv__", "/", lambda x, y: y / x)
row("__rmod__", "%", lambda x, y: y % x)
row("__rpow__", "**", lambda x, y: y ** x)
row("__rmatmul__", "@", lambda x, y: y @ x)
row("__rand__", "&", lambda x, y: y & x)
row("__ror__", "|", lambda x, y: y | x)
row("__rxor__", "^", lambda x, y: y ^ x)
row("where", "where", lambda x, condition, y: tf.where(condition, x, y))


def clamp(x, low=None, high=None, min=None, max=None):
    low, high = (min if low is None else low), (max if high is None else high)
    if low is None:
        return tf.minimum(x, high)
    if high is None:
        return tf.maximum(x, low)
    return tf.clip_by_value(x, low, high)


row("clamp", "clip_by_value", clamp)
row("clamp_min", "maximum", lambda x, y: tf.maximum(x, y))
row("clamp_max", "minimum", lambda x, y: tf.minimum(x, y))
row("masked_fill", "where", lambda x, mask, value: tf.where(mask, value, x))
row("lerp", "x + w (y - x)", lambda x, y, w: x + w * (y - x))
row("addcmul", "x + v a b", lambda x, a, b, value=1: x + value * one_dtype(a, x) * b)
row("addcdiv", "x + v a / b", lambda x, a, b, value=1: x + value * (one_dtype(a, x) / b))
row("nn.functional.mse_loss", "squared_difference",
    lambda x, y, reduction="mean": reduced(tf.math.squared_difference(x, y), reduction))
row("nn.functional.l1_loss", "abs",
    lambda x, y, reduction="mean": reduced(tf.abs(x - y), reduction))
