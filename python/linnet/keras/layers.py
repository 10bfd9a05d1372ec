"""keras.layers."""

from .. import _core, _nest
from .._function import rewritten as _rewritten
from .._missing import missing
from ._declare import declare, warn
from . import _symbolic
from . import regularizers as _regularizers
from ._layer import Layer, as_input
from ._layer import _state as _layer_state
from ._symbolic import Input, KerasTensor  # noqa: F401
from ._augmentation import (  # noqa: F401
    RandomBrightness, RandomContrast, RandomFlip, RandomRotation, RandomTranslation, RandomZoom,
)
from ._input_layer import InputLayer  # noqa: F401
from ._cells import (  # noqa: F401
    RNN, GRUCell, LSTMCell, SimpleRNNCell, StackedRNNCells,
)
from ._more_layers import (  # noqa: F401
    AdditiveAttention, AlphaDropout, Attention, Discretization, GaussianDropout, Identity, RMSNormalization,
    UnitNormalization,
)
from ._text_layers import IntegerLookup, StringLookup, TextVectorization  # noqa: F401
from ._serialize import deserialize_value as _deserialize_value, serialize_value as _serialize_value
from ._preprocessing import (  # noqa: F401
    ActivityRegularization, CategoryEncoding, CenterCrop, Resizing,
)

_COMMON = {"activity_regularizer": None, "name": None, "trainable": True, "dtype": None, "input_shape": None,
           "input_dim": None, "batch_input_shape": None, "input_length": None, "autocast": True}


def _convert(values, required=()):
    """Arguments common to all layers, as the core takes them."""
    values.pop("dtype")
    values.pop("activity_regularizer", None)
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
        values["input_shape"] = shape = (shape,)
    if shape is not None and None in tuple(shape):
        values["input_shape"] = None  # the first data say it
    if "padding" in values:
        values["padding"] = str(values["padding"]).lower()
    if values.pop("data_format", None) not in (None, "channels_last"):
        raise NotImplementedError("data_format: only channels_last is there")
    name = values["name"]
    if name is not None and not isinstance(name, str):
        raise TypeError(f"name: expected a string, got {type(name).__name__}")
    return values


def _after_init(self):
    dtype = self._config.get("dtype")
    if dtype is not None:
        self._set_policy(dtype.name if hasattr(dtype, "name") else str(dtype))
    if self._config.get("trainable") is False:
        self.trainable = False
    if self._config.get("activity_regularizer") is not None:
        self._set_activity_regularizer(_regularizers.get(self._config["activity_regularizer"]))


def _layer(name, required=(), defaults=None, doc="", convert=None):
    def values_for_core(values):
        values = _convert(values, required)
        return convert(values) if convert else values

    extra = {k: v for k, v in _COMMON.items() if k not in required}
    for key in defaults or ():  # what can be regularized can be constrained
        if key.endswith("_regularizer"):
            extra[key.replace("_regularizer", "_constraint")] = None
    cls = declare(name, getattr(_core, name), required, defaults, doc, extra, values_for_core,
                  __name__)
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


_CONV1 = {"strides": 1, "padding": "valid", "data_format": None, "dilation_rate": 1, "groups": 1}
Conv1D = _layer("Conv1D", ("filters", "kernel_size"), {**_CONV1, **_KERNEL},
                "1-D convolution of [n, steps, c].")
Conv2DTranspose = _layer(
    "Conv2DTranspose", ("filters", "kernel_size"),
    {"strides": 1, "padding": "valid", "output_padding": None, "data_format": None,
     "dilation_rate": 1, **_KERNEL}, "The transpose (gradient) of a convolution.")
_BIAS = {"activation": None, "use_bias": True}
DepthwiseConv2D = _layer(
    "DepthwiseConv2D", ("kernel_size",),
    {"strides": 1, "padding": "valid", "depth_multiplier": 1, "data_format": None,
     "dilation_rate": 1, **_BIAS, "depthwise_initializer": "glorot_uniform",
     "bias_initializer": "zeros", "depthwise_regularizer": None, "bias_regularizer": None},
    "A convolution of each channel by itself.")
SeparableConv2D = _layer(
    "SeparableConv2D", ("filters", "kernel_size"),
    {"strides": 1, "padding": "valid", "data_format": None, "dilation_rate": 1,
     "depth_multiplier": 1, **_BIAS, "depthwise_initializer": "glorot_uniform",
     "pointwise_initializer": "glorot_uniform", "bias_initializer": "zeros",
     "depthwise_regularizer": None, "pointwise_regularizer": None, "bias_regularizer": None},
    "A depthwise convolution, then one over the channels.")
GlobalMaxPooling2D = _layer("GlobalMaxPooling2D", (), {"data_format": None, "keepdims": False},
                            "[n, h, w, c] -> [n, c]: the maximum of each channel.")
GlobalAveragePooling1D = _layer("GlobalAveragePooling1D", (),
                                {"data_format": None, "keepdims": False},
                                "[n, steps, c] -> [n, c]: the mean of each channel.")
GlobalMaxPooling1D = _layer("GlobalMaxPooling1D", (), {"data_format": None, "keepdims": False},
                            "[n, steps, c] -> [n, c]: the maximum of each channel.")
MaxPooling1D = _layer("MaxPooling1D", (), _POOL, "The maximum of each window of steps.")
AveragePooling1D = _layer("AveragePooling1D", ("pool_size",),
                          {k: v for k, v in _POOL.items() if k != "pool_size"},
                          "The mean of each window of steps.")
Permute = _layer("Permute", ("dims",), {}, "Axes in another order; 1 is the first after the batch.")
RepeatVector = _layer("RepeatVector", ("n",), {}, "[n, d] -> [n, times, d].")
Cropping1D = _layer("Cropping1D", (), {"cropping": (1, 1)}, "Without steps at both ends.")
UpSampling1D = _layer("UpSampling1D", (), {"size": 2}, "Each step several times.")


def _pair_layer(name, argument, default, doc):
    """ZeroPadding2D and Cropping2D keep `padding` a pair of pairs, not a word."""
    cls = declare(name, getattr(_core, name), (), {argument: default, "data_format": None}, doc,
                  _COMMON, lambda values: _convert_pairs(values, argument), __name__)
    cls._after_init = _after_init
    return cls


def _convert_pairs(values, argument):
    pairs = values.pop(argument)
    values = _convert(values)
    values[argument] = pairs
    return values


ZeroPadding1D = _pair_layer("ZeroPadding1D", "padding", 1, "Zeros before and after the steps.")
ZeroPadding2D = _pair_layer("ZeroPadding2D", "padding", (1, 1), "Zeros around height and width.")
Cropping2D = _pair_layer("Cropping2D", "cropping", ((0, 0), (0, 0)), "Without a border.")
UpSampling2D = _layer("UpSampling2D", (),
                      {"size": 2, "data_format": None, "interpolation": "nearest"},
                      "Each row and column several times, or bilinear between them.")
SpatialDropout1D = _layer("SpatialDropout1D", ("rate",), {"seed": None},
                          "Drops whole channels of [n, steps, c] in training.")
SpatialDropout2D = _layer("SpatialDropout2D", ("rate",), {"seed": None, "data_format": None},
                          "Drops whole channels of [n, h, w, c] in training.")
GaussianNoise = _layer("GaussianNoise", ("stddev",), {"seed": None},
                       "Adds normal noise in training.")
Masking = _layer("Masking", (), {"mask_value": 0.0},
                 "Steps whose every value is mask_value do not count for the layers after it.")
TimeDistributed = _layer("TimeDistributed", ("layer",), {}, "A layer on each step of a sequence.")
ReLU = _layer("ReLU", (), {"max_value": None, "negative_slope": 0.0, "threshold": 0.0},
              "max(x, 0), with Keras's options.")
ELU = _layer("ELU", (), {"alpha": 1.0}, "x or alpha (e^x - 1).")
PReLU = _layer("PReLU", (), {"alpha_initializer": "zeros", "alpha_regularizer": None,
                             "shared_axes": None}, "x or a learned alpha times x.")


def _leaky(values):
    alpha = values.pop("alpha")
    if alpha is not None:
        warn("LeakyReLU: alpha is called negative_slope now")
        values["negative_slope"] = alpha
    return values


LeakyReLU = _layer("LeakyReLU", (), {"negative_slope": 0.3, "alpha": None},
                   "x or negative_slope * x.", _leaky)
_RECURRENT = {"recurrent_initializer": "orthogonal", "bias_initializer": "zeros",
              "kernel_regularizer": None, "recurrent_regularizer": None, "bias_regularizer": None,
              "dropout": 0.0, "recurrent_dropout": 0.0, "seed": None, "return_sequences": False,
              "return_state": False, "go_backwards": False, "stateful": False, "unroll": False}


def _recurrent(name, defaults, doc):
    def convert(values):
        if values.pop("stateful"):
            raise NotImplementedError(f"{name}: stateful=True is not there; pass initial_state")
        for key in ("return_state", "unroll", "use_cudnn"):
            values.pop(key, None)
        return values

    base = _layer(name, ("units",), {**defaults, **_RECURRENT, "use_cudnn": "auto"}, doc, convert)

    def __call__(self, sequences, initial_state=None, training=None, mask=None):
        if _symbolic.is_symbolic(sequences) or not (initial_state is not None
                                                    or self._config["return_state"]):
            return Layer.__call__(self, sequences, training=training)
        if training is None:
            training = bool(_layer_state.training)
        states = [] if initial_state is None else [
            _core.convert_to_tensor(s) for s in (
                initial_state if isinstance(initial_state, (list, tuple)) else [initial_state])]
        output, last = self._run(as_input(sequences), states, bool(training))
        return [output, *last] if self._config["return_state"] else output

    base.__call__ = __call__
    return base


_FIRST = {"activation": "tanh", "use_bias": True, "kernel_initializer": "glorot_uniform"}
_GATED = {"activation": "tanh", "recurrent_activation": "sigmoid", "use_bias": True,
          "kernel_initializer": "glorot_uniform"}
SimpleRNN = _recurrent("SimpleRNN", _FIRST, "tanh(x W + h U + b), step after step.")
LSTM = _recurrent("LSTM", {**_GATED, "unit_forget_bias": True},
                  "Long short-term memory, gates i, f, c, o.")
GRU = _recurrent("GRU", {**_GATED, "reset_after": True}, "Gated recurrent unit, gates z, r, h.")


def _merged(values):
    if values["merge_mode"] is None:
        raise NotImplementedError("Bidirectional: merge_mode=None (two outputs) is not there; give "
                                  "'concat' and split the last axis")
    return values


Bidirectional = _layer("Bidirectional", ("layer",), {"merge_mode": "concat"},
                       "A recurrent layer in both directions.", _merged)


class MultiHeadAttention(_layer(
        "MultiHeadAttention", ("num_heads", "key_dim"),
        {"value_dim": None, "dropout": 0.0, "use_bias": True, "output_shape": None,
         "attention_axes": None, "kernel_initializer": "glorot_uniform",
         "bias_initializer": "zeros", "kernel_regularizer": None, "bias_regularizer": None,
         "seed": None})):
    """softmax(Q K^T / sqrt(key_dim)) V for several heads."""

    def __call__(self, query, value=None, key=None, query_mask=None, value_mask=None, key_mask=None,
                 attention_mask=None, return_attention_scores=False, training=None,
                 use_causal_mask=False):
        if _symbolic.is_symbolic([query, value, key]):
            options = {"attention_mask": attention_mask, "training": training,
                       "return_attention_scores": return_attention_scores or None,
                       "use_causal_mask": use_causal_mask or None, "key": key}
            return _symbolic.apply(self, (query, query if value is None else value), options)
        if training is None:
            training = bool(_layer_state.training)
        query = as_input(query)
        value = query if value is None else as_input(value)
        output, scores = self._attend(query, value, key, attention_mask, bool(use_causal_mask),
                                      bool(training), bool(return_attention_scores))
        return (output, scores) if return_attention_scores else output


class Lambda(Layer):
    """A Python function as a layer; it cannot be saved."""

    def __init__(self, function, output_shape=None, mask=None, arguments=None, **kwargs):
        super().__init__(**kwargs)
        self._function, self._arguments = function, dict(arguments or {})

    def call(self, x):
        return _rewritten(self._function)(x, **self._arguments)


Normalization = _layer("Normalization", (),
                       {"axis": -1, "mean": None, "variance": None, "invert": False},
                       "(x - mean) / sqrt(variance), learned by adapt(data) or given.")


def _adapt(self, data, batch_size=None, steps=None):
    """Learns mean and biased variance from arrays or a Dataset."""
    import numpy as np

    if hasattr(data, "as_numpy_iterator"):
        parts = [_nest.flatten(part)[0] for part in data.as_numpy_iterator()]
        data = np.concatenate([np.asarray(p) for p in parts]) if parts else np.zeros((0,))
    self._adapt(np.asarray(data, "float64"))


def _statistic(index, name):
    def read(self):
        given = self._config[name]
        if given is not None:
            return _core.constant(given, "float32")
        if not self.built:
            raise AttributeError(f"{self.name} has no {name} before adapt()")
        value, axis = self.variables[index].value(), self._config["axis"]
        kept = () if axis is None else axis if isinstance(axis, (list, tuple)) else (axis,)
        shape, sizes, rank = self._built_shape, iter(value.shape), len(self._built_shape)
        places = sorted(a % rank for a in kept)
        return _core.reshape(value, [next(sizes) if a in places else 1 for a in range(len(shape))])

    return property(read, doc=f"The {name}, as it broadcasts to inputs.")


Normalization.adapt = _adapt
Normalization.mean, Normalization.variance = _statistic(0, "mean"), _statistic(1, "variance")


def _merging(name, defaults, doc, required=()):
    """A layer of a list of tensors."""
    cls = _layer(name, required, defaults, doc)

    def __call__(self, inputs, training=None):
        if _symbolic.is_symbolic(inputs):
            return _symbolic.apply(self, (inputs,), {})
        if not isinstance(inputs, (list, tuple)):
            raise ValueError(f"{name}: expected a list of inputs")
        return self._merge([as_input(x) for x in inputs], bool(training))

    cls.__call__ = __call__
    return cls


Add = _merging("Add", {}, "The sum of the inputs.")
Subtract = _merging("Subtract", {}, "The first input minus the second.")
Multiply = _merging("Multiply", {}, "The product of the inputs.")
Average = _merging("Average", {}, "The mean of the inputs.")
Maximum = _merging("Maximum", {}, "The elementwise maximum of the inputs.")
Minimum = _merging("Minimum", {}, "The elementwise minimum of the inputs.")
Concatenate = _merging("Concatenate", {"axis": -1}, "The inputs one after the other.")
Dot = _merging("Dot", {"normalize": False}, "The product of two inputs over axes.", ("axes",))


def _as_function(layer, *names):
    parameters = ", ".join(names)

    def function(inputs, *args, **kwargs):
        return layer(*args, **kwargs)(inputs)

    function.__name__ = function.__qualname__ = layer.__name__.lower()
    function.__doc__ = f"{layer.__name__}({parameters})(inputs)."
    return function


add, subtract, multiply = _as_function(Add), _as_function(Subtract), _as_function(Multiply)
average, maximum, minimum = _as_function(Average), _as_function(Maximum), _as_function(Minimum)
concatenate, dot = _as_function(Concatenate, "axis"), _as_function(Dot, "axes")


MaxPool2D, AvgPool2D, GlobalAvgPool2D = MaxPooling2D, AveragePooling2D, GlobalAveragePooling2D
Convolution1D, Convolution2D, Convolution2DTranspose = Conv1D, Conv2D, Conv2DTranspose
GlobalMaxPool2D, SeparableConvolution2D = GlobalMaxPooling2D, SeparableConv2D
MaxPool1D, AvgPool1D = MaxPooling1D, AveragePooling1D
GlobalMaxPool1D, GlobalAvgPool1D = GlobalMaxPooling1D, GlobalAveragePooling1D


def serialize(layer):
    """A layer's class and arguments as plain data."""
    return _serialize_value(layer)


def deserialize(config, custom_objects=None):
    """The layer of serialize(), with new weights."""
    return _deserialize_value(config, custom_objects)


def __getattr__(name):
    raise missing(__name__, name, {
        "experimental": "the layers themselves",
    })
