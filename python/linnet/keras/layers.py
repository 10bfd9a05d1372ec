"""keras.layers."""

from .. import _core, _nest
from .._missing import missing
from ._declare import declare, warn
from ._layer import Layer  # noqa: F401
from ._symbolic import Input, KerasTensor  # noqa: F401

_IGNORED = ("activity_regularizer", "kernel_constraint", "bias_constraint",
            "embeddings_constraint", "beta_constraint", "gamma_constraint",
            "depthwise_constraint", "pointwise_constraint")
_COMMON = {"name": None, "trainable": True, "dtype": None, "input_shape": None,
           "input_dim": None, "batch_input_shape": None, "input_length": None, "autocast": True}


def _convert(values, required=()):
    """Arguments common to all layers, as the core takes them."""
    if values.pop("dtype") not in (None, "float32", _core.as_dtype("float32")):
        raise NotImplementedError("layers compute in float32; other dtypes are not there")
    for key in ("trainable", "autocast", "input_length"):
        values.pop(key)
    dim = None if "input_dim" in required else values.pop("input_dim", None)
    batch = values.pop("batch_input_shape", None)
    if isinstance(dim, int) and values.get("input_shape") is None:
        values["input_shape"] = (dim,)
    if batch is not None:
        values["input_shape"] = tuple(batch)[1:]
    shape = values.get("input_shape")
    if isinstance(shape, int):
        values["input_shape"] = (shape,)
    if "padding" in values:
        values["padding"] = str(values["padding"]).lower()
    if values.pop("data_format", None) not in (None, "channels_last"):
        raise NotImplementedError("data_format: only channels_last is there")
    name = values["name"]
    if name is not None and not isinstance(name, str):
        raise TypeError(f"name: expected a string, got {type(name).__name__}")
    return values


def _after_init(self):
    if self._config.get("trainable") is False:
        self.trainable = False


def _layer(name, required=(), defaults=None, doc="", convert=None):
    def values_for_core(values):
        values = _convert(values, required)
        return convert(values) if convert else values

    cls = declare(name, getattr(_core, name), required, defaults, doc,
                  {k: v for k, v in _COMMON.items() if k not in required}, values_for_core,
                  __name__, _IGNORED)
    cls._after_init = _after_init
    return cls


_KERNEL = {"activation": None, "use_bias": True, "kernel_initializer": "glorot_uniform",
           "bias_initializer": "zeros", "kernel_regularizer": None, "bias_regularizer": None}
_CONV = {"strides": 1, "padding": "valid", "data_format": None, "dilation_rate": 1, "groups": 1}

Dense = _layer("Dense", ("units",), _KERNEL, "activation(x K + b) on the last axis.")
Conv2D = _layer("Conv2D", ("filters", "kernel_size"), {**_CONV, **_KERNEL},
                "2-D convolution of [n, h, w, c]; kernel [kh, kw, in / groups, filters].")
_POOL = {"pool_size": 2, "strides": None, "padding": "valid", "data_format": None}
MaxPooling2D = _layer("MaxPooling2D", (), _POOL, "The maximum of each window.")
AveragePooling2D = _layer("AveragePooling2D", ("pool_size",),
                          {k: v for k, v in _POOL.items() if k != "pool_size"},
                          "The mean of each window; padding does not count.")
GlobalAveragePooling2D = _layer("GlobalAveragePooling2D", (),
                                {"data_format": None, "keepdims": False},
                                "[n, h, w, c] -> [n, c]: the mean of each channel.")
Flatten = _layer("Flatten", (), {"data_format": None}, "[n, ...] -> [n, the rest in one axis].")
Reshape = _layer("Reshape", ("target_shape",), {}, "[n, ...] -> [n] + target_shape.")
Dropout = _layer("Dropout", ("rate",), {"noise_shape": None, "seed": None},
                 "In training each input is dropped with probability rate.")
Activation = _layer("Activation", ("activation",), {}, "A function as a layer.")
Softmax = _layer("Softmax", (), {"axis": -1}, "softmax along an axis.")
Rescaling = _layer("Rescaling", ("scale",), {"offset": 0.0}, "x * scale + offset.")
Embedding = _layer("Embedding", ("input_dim", "output_dim"),
                   {"embeddings_initializer": "uniform", "embeddings_regularizer": None,
                    "mask_zero": False},
                   "Integer indices -> rows of a table [input_dim, output_dim].")
_NORM = {"center": True, "scale": True, "beta_initializer": "zeros", "gamma_initializer": "ones",
         "beta_regularizer": None, "gamma_regularizer": None}
BatchNormalization = _layer(
    "BatchNormalization", (),
    {"axis": -1, "momentum": 0.99, "epsilon": 1e-3, **_NORM, "moving_mean_initializer": "zeros",
     "moving_variance_initializer": "ones"},
    "Normalizes over the batch in training, with moving statistics otherwise.")
LayerNormalization = _layer("LayerNormalization", (), {"axis": -1, "epsilon": 1e-3, **_NORM},
                            "Normalizes each sample over its last axis (axes).")
GroupNormalization = _layer("GroupNormalization", (), {"groups": 32, "epsilon": 1e-3, **_NORM},
                            "Normalizes each sample over groups of channels.")


class ReLU(Layer):
    """max(x, 0), with Keras's options."""

    def __init__(self, max_value=None, negative_slope=0.0, threshold=0.0, **kwargs):
        super().__init__(**kwargs)
        self._config = {"max_value": max_value, "negative_slope": negative_slope,
                        "threshold": threshold}

    def call(self, x):
        from .activations import relu

        return relu(x, **self._config)


class LeakyReLU(Layer):
    """x or negative_slope * x."""

    def __init__(self, negative_slope=0.3, alpha=None, **kwargs):
        super().__init__(**kwargs)
        if alpha is not None:
            warn("LeakyReLU: alpha is called negative_slope now")
            negative_slope = alpha
        self._config = {"negative_slope": negative_slope}

    def call(self, x):
        return _core.leaky_relu(x, self._config["negative_slope"])


class ELU(Layer):
    """x or alpha (e^x - 1)."""

    def __init__(self, alpha=1.0, **kwargs):
        super().__init__(**kwargs)
        self._config = {"alpha": alpha}

    def call(self, x):
        return _core.elu(x, self._config["alpha"])


class Lambda(Layer):
    """A Python function as a layer; it cannot be saved."""

    def __init__(self, function, output_shape=None, mask=None, arguments=None, **kwargs):
        super().__init__(**kwargs)
        self._function, self._arguments = function, dict(arguments or {})

    def call(self, x):
        return self._function(x, **self._arguments)


class GaussianNoise(Layer):
    """Adds normal noise in training."""

    def __init__(self, stddev, seed=None, **kwargs):
        super().__init__(**kwargs)
        self._config = {"stddev": stddev, "seed": seed}

    def call(self, x, training=False):
        if not training:
            return x
        return x + _core.random_normal(x.shape, 0.0, self._config["stddev"], x.dtype)


class RepeatVector(Layer):
    """[n, d] -> [n, times, d]."""

    def __init__(self, n, **kwargs):
        super().__init__(**kwargs)
        self._config = {"n": n}

    def call(self, x):
        return _core.tile(_core.expand_dims(x, 1), [1, self._config["n"], 1])


class Permute(Layer):
    """Axes in another order; 1 is the first after the batch."""

    def __init__(self, dims, **kwargs):
        super().__init__(**kwargs)
        self._config = {"dims": tuple(dims)}

    def call(self, x):
        return _core.transpose(x, [0] + list(self._config["dims"]))


class GlobalMaxPooling2D(Layer):
    """[n, h, w, c] -> [n, c]: the maximum of each channel."""

    def __init__(self, data_format=None, keepdims=False, **kwargs):
        super().__init__(**kwargs)
        self._config = {"keepdims": keepdims}

    def call(self, x):
        return _core.reduce_max(x, [1, 2], self._config["keepdims"])


class ZeroPadding2D(Layer):
    """Zeros around height and width."""

    def __init__(self, padding=(1, 1), data_format=None, **kwargs):
        super().__init__(**kwargs)
        if isinstance(padding, int):
            padding = (padding, padding)
        self._config = {"padding": tuple((p, p) if isinstance(p, int) else tuple(p)
                                         for p in padding)}

    def call(self, x):
        (top, bottom), (left, right) = self._config["padding"]
        return _core.pad(x, [[0, 0], [top, bottom], [left, right], [0, 0]])


class Normalization(Layer):
    """(x - mean) / sqrt(variance), learned by adapt(data) or given."""

    def __init__(self, axis=-1, mean=None, variance=None, invert=False, **kwargs):
        super().__init__(**kwargs)
        if (mean is None) != (variance is None):
            raise ValueError("Normalization: give both mean and variance, or none of them")
        self._config = {"axis": axis, "mean": mean, "variance": variance, "invert": invert}
        self._adapted = None
        if mean is not None:
            self._mean, self._variance = (_core.constant(v, "float32") for v in (mean, variance))
            self._adapted = True

    def adapt(self, data, batch_size=None, steps=None):
        """Learns mean and biased variance from arrays or a Dataset."""
        import numpy as np

        if hasattr(data, "as_numpy_iterator"):
            parts = [_nest.flatten(part)[0] for part in data.as_numpy_iterator()]
            data = np.concatenate([np.asarray(p) for p in parts]) if parts else np.zeros((0,))
        array = np.asarray(data, "float64")
        axis = self._config["axis"]
        keep = () if axis is None else tuple(
            a % array.ndim for a in (axis if isinstance(axis, (list, tuple)) else (axis,)))
        over = tuple(a for a in range(array.ndim) if a not in keep)
        shape = [array.shape[a] if a in keep else 1 for a in range(array.ndim)]
        mean = array.mean(over).reshape(shape)
        variance = array.var(over).reshape(shape)
        self._mean = _core.constant(mean.astype("float32"))
        self._variance = _core.constant(variance.astype("float32"))
        self._adapted = True

    def call(self, x):
        if not self._adapted:
            raise ValueError("Normalization: call adapt(data) first, or give mean and variance")
        x = _core.cast(x, "float32")
        deviation = _core.maximum(_core.sqrt(self._variance), 1e-7)
        if self._config["invert"]:
            return x * deviation + self._mean
        return (x - self._mean) / deviation


class _Merge(Layer):
    """A layer of a list of tensors."""

    _always_python = True

    def call(self, inputs):
        inputs = list(inputs)
        if len(inputs) < 2:
            raise ValueError(f"{type(self).__name__}: expected at least two inputs")
        total = inputs[0]
        for x in inputs[1:]:
            total = self._merge(total, x)
        return self._finish(total, len(inputs))

    def _finish(self, total, count):
        return total


class Add(_Merge):
    """The sum of the inputs."""

    def _merge(self, a, b):
        return a + b


class Subtract(_Merge):
    """The first input minus the second."""

    def _merge(self, a, b):
        return a - b


class Multiply(_Merge):
    """The product of the inputs."""

    def _merge(self, a, b):
        return a * b


class Average(_Merge):
    """The mean of the inputs."""

    def _merge(self, a, b):
        return a + b

    def _finish(self, total, count):
        return total / count


class Maximum(_Merge):
    """The elementwise maximum of the inputs."""

    def _merge(self, a, b):
        return _core.maximum(a, b)


class Minimum(_Merge):
    """The elementwise minimum of the inputs."""

    def _merge(self, a, b):
        return _core.minimum(a, b)


class Concatenate(_Merge):
    """The inputs one after the other along an axis."""

    def __init__(self, axis=-1, **kwargs):
        super().__init__(**kwargs)
        self._config = {"axis": axis}

    def call(self, inputs):
        return _core.concat(list(inputs), self._config["axis"])


class Dot(_Merge):
    """The product of two inputs over axes."""

    def __init__(self, axes, normalize=False, **kwargs):
        super().__init__(**kwargs)
        self._config = {"axes": axes, "normalize": normalize}

    def call(self, inputs):
        a, b = inputs
        axes = self._config["axes"]
        left, right = (axes, axes) if isinstance(axes, int) else axes
        if self._config["normalize"]:
            from ..math import l2_normalize

            a, b = l2_normalize(a, left), l2_normalize(b, right)
        if a.ndim == 2 and b.ndim == 2:
            return _core.reduce_sum(a * b, -1, True)
        left, right = left % a.ndim, right % b.ndim
        a = _core.transpose(a, [i for i in range(a.ndim) if i != left] + [left])
        b = _core.transpose(b, [0, right] + [i for i in range(1, b.ndim) if i != right])
        return _core.matmul(a, b)


def add(inputs):
    return Add()(inputs)


def concatenate(inputs, axis=-1):
    return Concatenate(axis)(inputs)


def multiply(inputs):
    return Multiply()(inputs)


MaxPool2D, AvgPool2D, GlobalAvgPool2D = MaxPooling2D, AveragePooling2D, GlobalAveragePooling2D
Convolution2D, GlobalMaxPool2D = Conv2D, GlobalMaxPooling2D


class InputLayer:
    """A model's input shape as the first item of a Sequential."""

    def __init__(self, shape=None, batch_size=None, dtype=None, name=None, input_shape=None, **_):
        self.output = Input(shape if shape is not None else input_shape, batch_size, dtype, name)
        self.name = self.output.name


def __getattr__(name):
    raise missing(__name__, name, {
        "experimental": "the layers themselves",
        "LSTM": "a Layer of your own; recurrent layers are not there yet",
        "GRU": "a Layer of your own; recurrent layers are not there yet",
        "StringLookup": "a Python dict from strings to integers",
        "TextVectorization": "Python's str.split and a dict from words to integers",
    })
