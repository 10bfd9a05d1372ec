"""keras.layers."""

import numpy.typing as npt
import linnet
import linnet.keras.layers
from builtins import bool as _bool
from collections.abc import Callable, Mapping, Sequence
from typing import Any, overload
from linnet._typing import Activation as _Activation, Axis as _Axis, Constraint as _Constraint, DTypeLike as _DTypeLike, Initializer as _Initializer, KerasTensor as _KerasTensor, Regularizer as _Regularizer, ShapeLike as _ShapeLike, Size as _Size

class Activation(Layer):
    """A function as a layer."""

    def __init__(self, activation: _Activation, *, activity_regularizer: _Regularizer = None, name: str | None = None, trainable: _bool = True, dtype: _DTypeLike | None = None, input_shape: Any = None, input_dim: Any = None, batch_input_shape: Any = None, input_length: int | None = None, autocast: _bool = True) -> None: ...

class ActivityRegularization(Layer):
    """The input itself; l1 sum |x| + l2 sum x^2, divided by the batch, adds to the loss."""

    def __init__(self, l1: float = 0.0, l2: float = 0.0, **kwargs: Any) -> None: ...

    def call(self, x: Any) -> Any: ...

class Add(Layer):
    """The sum of the inputs."""

    def __init__(self, *, activity_regularizer: _Regularizer = None, name: str | None = None, trainable: _bool = True, dtype: _DTypeLike | None = None, input_shape: Any = None, input_dim: Any = None, batch_input_shape: Any = None, input_length: int | None = None, autocast: _bool = True) -> None: ...

    def __call__(self, inputs: Any, training: _bool | None = None) -> Any: ...

class AdditiveAttention(Layer):
    """sum(scale * tanh(query + key)) weighs the values."""

    def __init__(self, use_scale: _bool = True, dropout: float = 0.0, **kwargs: Any) -> None: ...

    def __call__(self, inputs: Any, mask: Any = None, training: _bool | None = None, return_attention_scores: _bool = False, use_causal_mask: _bool = False) -> Any: ...

    def call(self, inputs: Any, mask: Any = None, scored: _bool = False, causal: _bool = False, training: _bool | None = None) -> Any: ...

    def build(self, input_shape: Any) -> None: ...

class AlphaDropout(Layer):
    """Dropout for selu: dropped inputs become selu's lower limit, mean and variance stay."""

    def __init__(self, rate: float, noise_shape: Sequence[int | None] | None = None, seed: Any = None, **kwargs: Any) -> None: ...

    def call(self, x: Any, training: _bool | None = False) -> Any: ...

class Attention(Layer):
    """Dot products of queries and keys (not divided by the width's root) weigh the values.
    score_mode="concat": a weight times tanh(query + key)."""

    def __init__(self, use_scale: _bool = False, score_mode: str = 'dot', dropout: float = 0.0, seed: Any = None, **kwargs: Any) -> None: ...

    def __call__(self, inputs: Any, mask: Any = None, training: _bool | None = None, return_attention_scores: _bool = False, use_causal_mask: _bool = False) -> Any: ...

    def call(self, inputs: Any, mask: Any = None, scored: _bool = False, causal: _bool = False, training: _bool | None = None) -> Any: ...

    def build(self, input_shape: Any) -> None: ...

    score_mode: Any

class Average(Layer):
    """The mean of the inputs."""

    def __init__(self, *, activity_regularizer: _Regularizer = None, name: str | None = None, trainable: _bool = True, dtype: _DTypeLike | None = None, input_shape: Any = None, input_dim: Any = None, batch_input_shape: Any = None, input_length: int | None = None, autocast: _bool = True) -> None: ...

    def __call__(self, inputs: Any, training: _bool | None = None) -> Any: ...

class AveragePooling1D(Layer):
    """The mean of each window of steps."""

    def __init__(self, pool_size: _Size, strides: _Size | None = None, padding: str = 'valid', data_format: str | None = None, *, activity_regularizer: _Regularizer = None, name: str | None = None, trainable: _bool = True, dtype: _DTypeLike | None = None, input_shape: Any = None, input_dim: Any = None, batch_input_shape: Any = None, input_length: int | None = None, autocast: _bool = True) -> None: ...

class AveragePooling2D(Layer):
    """The mean of each window; padding does not count."""

    def __init__(self, pool_size: _Size, strides: _Size | None = None, padding: str = 'valid', data_format: str | None = None, *, activity_regularizer: _Regularizer = None, name: str | None = None, trainable: _bool = True, dtype: _DTypeLike | None = None, input_shape: Any = None, input_dim: Any = None, batch_input_shape: Any = None, input_length: int | None = None, autocast: _bool = True) -> None: ...

AvgPool1D = AveragePooling1D

AvgPool2D = AveragePooling2D

class BatchNormalization(Layer):
    """Normalizes over the batch in training, with moving statistics otherwise."""

    def __init__(self, axis: _Axis = -1, momentum: float = 0.99, epsilon: float = 0.001, center: _bool = True, scale: Any = True, beta_initializer: _Initializer = 'zeros', gamma_initializer: _Initializer = 'ones', beta_regularizer: _Regularizer = None, gamma_regularizer: _Regularizer = None, moving_mean_initializer: _Initializer = 'zeros', moving_variance_initializer: _Initializer = 'ones', *, activity_regularizer: _Regularizer = None, name: str | None = None, trainable: _bool = True, dtype: _DTypeLike | None = None, input_shape: Any = None, input_dim: Any = None, batch_input_shape: Any = None, input_length: int | None = None, autocast: _bool = True, beta_constraint: _Constraint = None, gamma_constraint: _Constraint = None) -> None: ...

class Bidirectional(Layer):
    """A recurrent layer in both directions."""

    def __init__(self, layer: linnet.keras.layers.Layer, merge_mode: str | None = 'concat', *, activity_regularizer: _Regularizer = None, name: str | None = None, trainable: _bool = True, dtype: _DTypeLike | None = None, input_shape: Any = None, input_dim: Any = None, batch_input_shape: Any = None, input_length: int | None = None, autocast: _bool = True) -> None: ...

class CategoryEncoding(Layer):
    """Indices below num_tokens as rows of 0 and 1: "one_hot" of each index, "multi_hot" of a row's
    indices together, or how often each one occurs ("count")."""

    def __init__(self, num_tokens: Any = None, output_mode: str = 'multi_hot', **kwargs: Any) -> None: ...

    def call(self, x: Any) -> Any: ...

class CenterCrop(Layer):
    """The middle of images, of this height and width."""

    def __init__(self, height: Any, width: Any, **kwargs: Any) -> None: ...

    def call(self, x: Any) -> Any: ...

class Concatenate(Layer):
    """The inputs one after the other."""

    def __init__(self, axis: _Axis = -1, *, activity_regularizer: _Regularizer = None, name: str | None = None, trainable: _bool = True, dtype: _DTypeLike | None = None, input_shape: Any = None, input_dim: Any = None, batch_input_shape: Any = None, input_length: int | None = None, autocast: _bool = True) -> None: ...

    def __call__(self, inputs: Any, training: _bool | None = None) -> Any: ...

class Conv1D(Layer):
    """1-D convolution of [n, steps, c]."""

    def __init__(self, filters: int, kernel_size: _Size, strides: _Size | None = 1, padding: str = 'valid', data_format: str | None = None, dilation_rate: _Size = 1, groups: int = 1, activation: _Activation = None, use_bias: _bool = True, kernel_initializer: _Initializer = 'glorot_uniform', bias_initializer: _Initializer = 'zeros', kernel_regularizer: _Regularizer = None, bias_regularizer: _Regularizer = None, *, activity_regularizer: _Regularizer = None, name: str | None = None, trainable: _bool = True, dtype: _DTypeLike | None = None, input_shape: Any = None, input_dim: Any = None, batch_input_shape: Any = None, input_length: int | None = None, autocast: _bool = True, kernel_constraint: _Constraint = None, bias_constraint: _Constraint = None) -> None: ...

class Conv2D(Layer):
    """2-D convolution of [n, h, w, c]; kernel [kh, kw, in / groups, filters]."""

    def __init__(self, filters: int, kernel_size: _Size, strides: _Size | None = 1, padding: str = 'valid', data_format: str | None = None, dilation_rate: _Size = 1, groups: int = 1, activation: _Activation = None, use_bias: _bool = True, kernel_initializer: _Initializer = 'glorot_uniform', bias_initializer: _Initializer = 'zeros', kernel_regularizer: _Regularizer = None, bias_regularizer: _Regularizer = None, *, activity_regularizer: _Regularizer = None, name: str | None = None, trainable: _bool = True, dtype: _DTypeLike | None = None, input_shape: Any = None, input_dim: Any = None, batch_input_shape: Any = None, input_length: int | None = None, autocast: _bool = True, kernel_constraint: _Constraint = None, bias_constraint: _Constraint = None) -> None: ...

class Conv2DTranspose(Layer):
    """The transpose (gradient) of a convolution."""

    def __init__(self, filters: int, kernel_size: _Size, strides: _Size | None = 1, padding: str = 'valid', output_padding: _Size | None = None, data_format: str | None = None, dilation_rate: _Size = 1, activation: _Activation = None, use_bias: _bool = True, kernel_initializer: _Initializer = 'glorot_uniform', bias_initializer: _Initializer = 'zeros', kernel_regularizer: _Regularizer = None, bias_regularizer: _Regularizer = None, *, activity_regularizer: _Regularizer = None, name: str | None = None, trainable: _bool = True, dtype: _DTypeLike | None = None, input_shape: Any = None, input_dim: Any = None, batch_input_shape: Any = None, input_length: int | None = None, autocast: _bool = True, kernel_constraint: _Constraint = None, bias_constraint: _Constraint = None) -> None: ...

Convolution1D = Conv1D

Convolution2D = Conv2D

Convolution2DTranspose = Conv2DTranspose

class Cropping1D(Layer):
    """Without steps at both ends."""

    def __init__(self, cropping: Any = (1, 1), *, activity_regularizer: _Regularizer = None, name: str | None = None, trainable: _bool = True, dtype: _DTypeLike | None = None, input_shape: Any = None, input_dim: Any = None, batch_input_shape: Any = None, input_length: int | None = None, autocast: _bool = True) -> None: ...

class Cropping2D(Layer):
    """Without a border."""

    def __init__(self, cropping: Any = ..., data_format: str | None = None, *, activity_regularizer: _Regularizer = None, name: str | None = None, trainable: _bool = True, dtype: _DTypeLike | None = None, input_shape: Any = None, input_dim: Any = None, batch_input_shape: Any = None, input_length: int | None = None, autocast: _bool = True) -> None: ...

class Dense(Layer):
    """activation(x K + b) on the last axis."""

    def __init__(self, units: int, activation: _Activation = None, use_bias: _bool = True, kernel_initializer: _Initializer = 'glorot_uniform', bias_initializer: _Initializer = 'zeros', kernel_regularizer: _Regularizer = None, bias_regularizer: _Regularizer = None, *, activity_regularizer: _Regularizer = None, name: str | None = None, trainable: _bool = True, dtype: _DTypeLike | None = None, input_shape: Any = None, input_dim: Any = None, batch_input_shape: Any = None, input_length: int | None = None, autocast: _bool = True, kernel_constraint: _Constraint = None, bias_constraint: _Constraint = None) -> None: ...

class DepthwiseConv2D(Layer):
    """A convolution of each channel by itself."""

    def __init__(self, kernel_size: _Size, strides: _Size | None = 1, padding: str = 'valid', depth_multiplier: int = 1, data_format: str | None = None, dilation_rate: _Size = 1, activation: _Activation = None, use_bias: _bool = True, depthwise_initializer: _Initializer = 'glorot_uniform', bias_initializer: _Initializer = 'zeros', depthwise_regularizer: _Regularizer = None, bias_regularizer: _Regularizer = None, *, activity_regularizer: _Regularizer = None, name: str | None = None, trainable: _bool = True, dtype: _DTypeLike | None = None, input_shape: Any = None, input_dim: Any = None, batch_input_shape: Any = None, input_length: int | None = None, autocast: _bool = True, depthwise_constraint: _Constraint = None, bias_constraint: _Constraint = None) -> None: ...

class Discretization(Layer):
    """Numbers to the index of their interval: bin_boundaries, or num_bins equally filled ones that
    adapt(data) learns."""

    def __init__(self, bin_boundaries: Any = None, num_bins: Any = None, epsilon: float = 0.01, output_mode: str = 'int', sparse: _bool = False, **kwargs: Any) -> None: ...

    @property
    def bin_boundaries(self) -> Any: ...

    def adapt(self, data: Any, batch_size: int | None = None, steps: int | None = None) -> None:
        """Learns the boundaries between equally many of the values."""
        ...

    def call(self, x: Any) -> Any: ...

class Dot(Layer):
    """The product of two inputs over axes."""

    def __init__(self, axes: Any, normalize: _bool = False, *, activity_regularizer: _Regularizer = None, name: str | None = None, trainable: _bool = True, dtype: _DTypeLike | None = None, input_shape: Any = None, input_dim: Any = None, batch_input_shape: Any = None, input_length: int | None = None, autocast: _bool = True) -> None: ...

    def __call__(self, inputs: Any, training: _bool | None = None) -> Any: ...

class Dropout(Layer):
    """In training each input is dropped with probability rate."""

    def __init__(self, rate: float, noise_shape: Sequence[int | None] | None = None, seed: Any = None, *, activity_regularizer: _Regularizer = None, name: str | None = None, trainable: _bool = True, dtype: _DTypeLike | None = None, input_shape: Any = None, input_dim: Any = None, batch_input_shape: Any = None, input_length: int | None = None, autocast: _bool = True) -> None: ...

class ELU(Layer):
    """x or alpha (e^x - 1)."""

    def __init__(self, alpha: float | None = 1.0, *, activity_regularizer: _Regularizer = None, name: str | None = None, trainable: _bool = True, dtype: _DTypeLike | None = None, input_shape: Any = None, input_dim: Any = None, batch_input_shape: Any = None, input_length: int | None = None, autocast: _bool = True) -> None: ...

class Embedding(Layer):
    """Integer indices -> rows of a table [input_dim, output_dim]."""

    def __init__(self, input_dim: int, output_dim: int, embeddings_initializer: _Initializer = 'uniform', embeddings_regularizer: _Regularizer = None, mask_zero: _bool = False, *, activity_regularizer: _Regularizer = None, name: str | None = None, trainable: _bool = True, dtype: _DTypeLike | None = None, input_shape: Any = None, batch_input_shape: Any = None, input_length: int | None = None, autocast: _bool = True, embeddings_constraint: _Constraint = None) -> None: ...

class Flatten(Layer):
    """[n, ...] -> [n, the rest in one axis]."""

    def __init__(self, data_format: str | None = None, *, activity_regularizer: _Regularizer = None, name: str | None = None, trainable: _bool = True, dtype: _DTypeLike | None = None, input_shape: Any = None, input_dim: Any = None, batch_input_shape: Any = None, input_length: int | None = None, autocast: _bool = True) -> None: ...

class GRU(Layer):
    """Gated recurrent unit, gates z, r, h."""

    def __call__(self, sequences: Any, initial_state: Any = None, training: _bool | None = None, mask: Any = None) -> Any: ...

    def __init__(self, units: int, activation: _Activation = 'tanh', recurrent_activation: _Activation = 'sigmoid', use_bias: _bool = True, kernel_initializer: _Initializer = 'glorot_uniform', reset_after: _bool = True, recurrent_initializer: _Initializer = 'orthogonal', bias_initializer: _Initializer = 'zeros', kernel_regularizer: _Regularizer = None, recurrent_regularizer: _Regularizer = None, bias_regularizer: _Regularizer = None, dropout: float = 0.0, recurrent_dropout: float = 0.0, seed: Any = None, return_sequences: _bool = False, return_state: _bool = False, go_backwards: _bool = False, stateful: _bool = False, unroll: _bool = False, use_cudnn: str = 'auto', *, activity_regularizer: _Regularizer = None, name: str | None = None, trainable: _bool = True, dtype: _DTypeLike | None = None, input_shape: Any = None, input_dim: Any = None, batch_input_shape: Any = None, input_length: int | None = None, autocast: _bool = True, kernel_constraint: _Constraint = None, recurrent_constraint: _Constraint = None, bias_constraint: _Constraint = None) -> None: ...

class GRUCell(Layer):
    """A step of GRU, gates z, r, h."""

    def __init__(self, units: int, activation: _Activation = 'tanh', recurrent_activation: _Activation = 'sigmoid', use_bias: _bool = True, reset_after: _bool = True, **kwargs: Any) -> None: ...

    def build(self, input_shape: Any) -> None: ...

    def get_initial_state(self, batch_size: int | None = None, inputs: Any = None, dtype: _DTypeLike | None = None) -> Any:
        """Zeros for each state."""
        ...

    def __call__(self, inputs: Any, states: Any = None, training: _bool | None = None, **kwargs: Any) -> Any: ...

    def call(self, inputs: Any, states: Any, training: _bool | None = None) -> Any: ...

    reset_after: Any

class GaussianDropout(Layer):
    """In training each input times a normal number of mean 1 and variance rate / (1 - rate)."""

    def __init__(self, rate: float, seed: Any = None, **kwargs: Any) -> None: ...

    def call(self, x: Any, training: _bool | None = False) -> Any: ...

class GaussianNoise(Layer):
    """Adds normal noise in training."""

    def __init__(self, stddev: float, seed: Any = None, *, activity_regularizer: _Regularizer = None, name: str | None = None, trainable: _bool = True, dtype: _DTypeLike | None = None, input_shape: Any = None, input_dim: Any = None, batch_input_shape: Any = None, input_length: int | None = None, autocast: _bool = True) -> None: ...

class GlobalAveragePooling1D(Layer):
    """[n, steps, c] -> [n, c]: the mean of each channel."""

    def __init__(self, data_format: str | None = None, keepdims: _bool = False, *, activity_regularizer: _Regularizer = None, name: str | None = None, trainable: _bool = True, dtype: _DTypeLike | None = None, input_shape: Any = None, input_dim: Any = None, batch_input_shape: Any = None, input_length: int | None = None, autocast: _bool = True) -> None: ...

class GlobalAveragePooling2D(Layer):
    """[n, h, w, c] -> [n, c]: the mean of each channel."""

    def __init__(self, data_format: str | None = None, keepdims: _bool = False, *, activity_regularizer: _Regularizer = None, name: str | None = None, trainable: _bool = True, dtype: _DTypeLike | None = None, input_shape: Any = None, input_dim: Any = None, batch_input_shape: Any = None, input_length: int | None = None, autocast: _bool = True) -> None: ...

GlobalAvgPool1D = GlobalAveragePooling1D

GlobalAvgPool2D = GlobalAveragePooling2D

GlobalMaxPool1D = GlobalMaxPooling1D

GlobalMaxPool2D = GlobalMaxPooling2D

class GlobalMaxPooling1D(Layer):
    """[n, steps, c] -> [n, c]: the maximum of each channel."""

    def __init__(self, data_format: str | None = None, keepdims: _bool = False, *, activity_regularizer: _Regularizer = None, name: str | None = None, trainable: _bool = True, dtype: _DTypeLike | None = None, input_shape: Any = None, input_dim: Any = None, batch_input_shape: Any = None, input_length: int | None = None, autocast: _bool = True) -> None: ...

class GlobalMaxPooling2D(Layer):
    """[n, h, w, c] -> [n, c]: the maximum of each channel."""

    def __init__(self, data_format: str | None = None, keepdims: _bool = False, *, activity_regularizer: _Regularizer = None, name: str | None = None, trainable: _bool = True, dtype: _DTypeLike | None = None, input_shape: Any = None, input_dim: Any = None, batch_input_shape: Any = None, input_length: int | None = None, autocast: _bool = True) -> None: ...

class GroupNormalization(Layer):
    """Normalizes each sample over groups of channels."""

    def __init__(self, groups: int = 32, epsilon: float = 0.001, center: _bool = True, scale: Any = True, beta_initializer: _Initializer = 'zeros', gamma_initializer: _Initializer = 'ones', beta_regularizer: _Regularizer = None, gamma_regularizer: _Regularizer = None, *, activity_regularizer: _Regularizer = None, name: str | None = None, trainable: _bool = True, dtype: _DTypeLike | None = None, input_shape: Any = None, input_dim: Any = None, batch_input_shape: Any = None, input_length: int | None = None, autocast: _bool = True, beta_constraint: _Constraint = None, gamma_constraint: _Constraint = None) -> None: ...

class Identity(Layer):
    """The input itself."""

    def call(self, x: Any) -> Any: ...

def Input(shape: _ShapeLike | None = None, batch_size: int | None = None, dtype: _DTypeLike | None = None, name: str | None = None, batch_shape: Any = None, **_: Any) -> _KerasTensor:
    """A placeholder for a model's input: `shape` is that of one sample."""
    ...

class InputLayer(Layer):
    """A model's input: the first item of a Sequential, or what a functional model's `layers` have for
    each keras.Input."""

    def __init__(self, shape: _ShapeLike | None = None, batch_size: int | None = None, dtype: _DTypeLike | None = None, name: str | None = None, input_shape: Any = None, batch_shape: Any = None, input_tensor: Any = None, **_: Any) -> None: ...

    @classmethod
    def of(cls, tensor: Any) -> Any:
        """The layer of a keras.Input."""
        ...

    @property
    def input(self) -> Any: ...

    @property
    def output(self) -> Any: ...

    @property
    def batch_shape(self) -> Any: ...

    def call(self, x: Any) -> Any: ...

class IntegerLookup(Layer):
    """Integers to indices, as StringLookup for strings."""

    def __init__(self, max_tokens: Any = None, num_oov_indices: int = 1, mask_token: Any = None, oov_token: int = -1, vocabulary: Any = None, vocabulary_dtype: str = 'int64', idf_weights: Any = None, invert: _bool = False, output_mode: str = 'int', sparse: _bool = False, pad_to_max_tokens: _bool = False, **kwargs: Any) -> None: ...

    def reset_state(self) -> None:
        """Forgets what adapt() learned."""
        ...

    def adapt(self, data: Any, batch_size: int | None = None, steps: int | None = None) -> None:
        """Learns the vocabulary: the most frequent tokens first, equally frequent ones from the last in
        order to the first."""
        ...

    def update_state(self, data: Any) -> Any:
        """Counts the tokens of a batch."""
        ...

    def finalize_state(self) -> Any:
        """Makes the vocabulary of what was counted."""
        ...

    def set_vocabulary(self, vocabulary: Any, idf_weights: Any = None) -> Any:
        """Takes these tokens: a list, an array or a file's name, with or without the special ones."""
        ...

    def get_vocabulary(self, include_special_tokens: _bool = True) -> Any:
        """The tokens in the order of their indices."""
        ...

    def vocabulary_size(self) -> Any:
        """The number of tokens, the special ones among them."""
        ...

    def __call__(self, inputs: Any, training: _bool | None = None, mask: Any = None) -> Any: ...

    def call(self, inputs: Any, training: _bool | None = None, mask: Any = None) -> Any: ...

    def get_config(self) -> dict[str, Any]: ...

class KerasTensor:
    """What a layer called on an Input gives: shape and dtype, and how to compute it."""

    def __init__(self, shape: _ShapeLike | None, dtype: _DTypeLike | None = 'float32', name: str | None = None, call: Any = None) -> None: ...

    @property
    def ndim(self) -> int: ...

    def __bool__(self) -> _bool: ...

    def __iter__(self) -> Any: ...

    def __getitem__(self, key: Any) -> Any: ...

    def __array__(self, *_: Any, **__: Any) -> npt.NDArray[Any]: ...

    dtype: linnet.DType

    name: str

    shape: linnet.TensorShape

class LSTM(Layer):
    """Long short-term memory, gates i, f, c, o."""

    def __call__(self, sequences: Any, initial_state: Any = None, training: _bool | None = None, mask: Any = None) -> Any: ...

    def __init__(self, units: int, activation: _Activation = 'tanh', recurrent_activation: _Activation = 'sigmoid', use_bias: _bool = True, kernel_initializer: _Initializer = 'glorot_uniform', unit_forget_bias: _bool = True, recurrent_initializer: _Initializer = 'orthogonal', bias_initializer: _Initializer = 'zeros', kernel_regularizer: _Regularizer = None, recurrent_regularizer: _Regularizer = None, bias_regularizer: _Regularizer = None, dropout: float = 0.0, recurrent_dropout: float = 0.0, seed: Any = None, return_sequences: _bool = False, return_state: _bool = False, go_backwards: _bool = False, stateful: _bool = False, unroll: _bool = False, use_cudnn: str = 'auto', *, activity_regularizer: _Regularizer = None, name: str | None = None, trainable: _bool = True, dtype: _DTypeLike | None = None, input_shape: Any = None, input_dim: Any = None, batch_input_shape: Any = None, input_length: int | None = None, autocast: _bool = True, kernel_constraint: _Constraint = None, recurrent_constraint: _Constraint = None, bias_constraint: _Constraint = None) -> None: ...

class LSTMCell(Layer):
    """A step of LSTM, gates i, f, c, o; states h, c."""

    def __init__(self, units: int, activation: _Activation = 'tanh', recurrent_activation: _Activation = 'sigmoid', use_bias: _bool = True, unit_forget_bias: _bool = True, **kwargs: Any) -> None: ...

    def build(self, input_shape: Any) -> None: ...

    def get_initial_state(self, batch_size: int | None = None, inputs: Any = None, dtype: _DTypeLike | None = None) -> Any:
        """Zeros for each state."""
        ...

    def __call__(self, inputs: Any, states: Any = None, training: _bool | None = None, **kwargs: Any) -> Any: ...

    def call(self, inputs: Any, states: Any, training: _bool | None = None) -> Any: ...

    unit_forget_bias: Any

class Lambda(Layer):
    """A Python function as a layer; it cannot be saved."""

    def __init__(self, function: Callable[..., Any], output_shape: Any = None, mask: Any = None, arguments: Any = None, **kwargs: Any) -> None: ...

    def call(self, x: Any) -> Any: ...

class Layer:
    @overload
    def __call__(self, inputs: _KerasTensor | Sequence[_KerasTensor], *args: Any, **kwargs: Any) -> _KerasTensor: ...
    @overload
    def __call__(self, inputs: Any, *args: Any, **kwargs: Any) -> linnet.Tensor: ...

    def __getattr__(self, name: str) -> Any: ...  # weights by their names

    def call(self, *args: Any, **kwargs: Any) -> Any: ...

    trainable: _bool

    name: str

    def __init__(self, activity_regularizer: _Regularizer = None, trainable: _bool = True, dtype: _DTypeLike | None = None, autocast: _bool = True, name: str | None = None, input_shape: Any = None, input_dim: Any = None, **kwargs: Any) -> None: ...

    @property
    def built(self) -> _bool: ...

    @property
    def variables(self) -> list[linnet.Variable]: ...

    @property
    def weights(self) -> list[linnet.Variable]: ...

    @property
    def trainable_variables(self) -> list[linnet.Variable]: ...

    @property
    def trainable_weights(self) -> list[linnet.Variable]: ...

    @property
    def non_trainable_variables(self) -> list[linnet.Variable]: ...

    @property
    def non_trainable_weights(self) -> list[linnet.Variable]: ...

    @property
    def losses(self) -> list[linnet.Tensor]: ...

    def get_weights(self) -> list[npt.NDArray[Any]]:
        """All weights as NumPy arrays."""
        ...

    def count_params(self) -> int:
        """The number of weights' elements."""
        ...

    def build(self, input_shape: Any) -> None:
        """Makes the weights for inputs of this shape."""
        ...

    def add_weight(self, shape: _ShapeLike | None = None, initializer: _Initializer = None, dtype: _DTypeLike | None = None, trainable: _bool = True, autocast: _bool = True, regularizer: _Regularizer = None, constraint: _Constraint = None, aggregation: Any = None, name: str | None = None) -> linnet.Variable:
        """Makes a weight of this layer: an initialized Variable."""
        ...

    def add_loss(self, loss: Any) -> Any:
        """Within call(): scalars that training adds to the loss; `losses` has them until the next call."""
        ...

    def set_weights(self, weights: Sequence[Any]) -> None:
        """Replaces all weights; ValueError if their number or shapes differ."""
        ...

    @property
    def output_shape(self) -> Any: ...

    @property
    def input_shape(self) -> Any: ...

    @property
    def dtype(self) -> linnet.DType: ...

    @property
    def variable_dtype(self) -> Any: ...

    @property
    def compute_dtype(self) -> Any: ...

    def get_config(self) -> dict[str, Any]:
        """The arguments that make the same layer (not its weights)."""
        ...

    @classmethod
    def from_config(cls, config: Any) -> Any:
        """A layer with these arguments."""
        ...

    def compute_output_shape(self, input_shape: Any) -> Any:
        """The shape call() gives for inputs of this shape."""
        ...

    @property
    def input(self) -> Any: ...

    @property
    def output(self) -> Any: ...

    @property
    def dtype_policy(self) -> Any: ...

    supports_masking: _bool

class LayerNormalization(Layer):
    """Normalizes each sample over its last axis (axes)."""

    def __init__(self, axis: _Axis = -1, epsilon: float = 0.001, center: _bool = True, scale: Any = True, beta_initializer: _Initializer = 'zeros', gamma_initializer: _Initializer = 'ones', beta_regularizer: _Regularizer = None, gamma_regularizer: _Regularizer = None, *, activity_regularizer: _Regularizer = None, name: str | None = None, trainable: _bool = True, dtype: _DTypeLike | None = None, input_shape: Any = None, input_dim: Any = None, batch_input_shape: Any = None, input_length: int | None = None, autocast: _bool = True, beta_constraint: _Constraint = None, gamma_constraint: _Constraint = None) -> None: ...

class LeakyReLU(Layer):
    """x or negative_slope * x."""

    def __init__(self, negative_slope: float = 0.3, alpha: float | None = None, *, activity_regularizer: _Regularizer = None, name: str | None = None, trainable: _bool = True, dtype: _DTypeLike | None = None, input_shape: Any = None, input_dim: Any = None, batch_input_shape: Any = None, input_length: int | None = None, autocast: _bool = True) -> None: ...

class Masking(Layer):
    """Steps whose every value is mask_value do not count for the layers after it."""

    def __init__(self, mask_value: float = 0.0, *, activity_regularizer: _Regularizer = None, name: str | None = None, trainable: _bool = True, dtype: _DTypeLike | None = None, input_shape: Any = None, input_dim: Any = None, batch_input_shape: Any = None, input_length: int | None = None, autocast: _bool = True) -> None: ...

MaxPool1D = MaxPooling1D

MaxPool2D = MaxPooling2D

class MaxPooling1D(Layer):
    """The maximum of each window of steps."""

    def __init__(self, pool_size: _Size = 2, strides: _Size | None = None, padding: str = 'valid', data_format: str | None = None, *, activity_regularizer: _Regularizer = None, name: str | None = None, trainable: _bool = True, dtype: _DTypeLike | None = None, input_shape: Any = None, input_dim: Any = None, batch_input_shape: Any = None, input_length: int | None = None, autocast: _bool = True) -> None: ...

class MaxPooling2D(Layer):
    """The maximum of each window."""

    def __init__(self, pool_size: _Size = 2, strides: _Size | None = None, padding: str = 'valid', data_format: str | None = None, *, activity_regularizer: _Regularizer = None, name: str | None = None, trainable: _bool = True, dtype: _DTypeLike | None = None, input_shape: Any = None, input_dim: Any = None, batch_input_shape: Any = None, input_length: int | None = None, autocast: _bool = True) -> None: ...

class Maximum(Layer):
    """The elementwise maximum of the inputs."""

    def __init__(self, *, activity_regularizer: _Regularizer = None, name: str | None = None, trainable: _bool = True, dtype: _DTypeLike | None = None, input_shape: Any = None, input_dim: Any = None, batch_input_shape: Any = None, input_length: int | None = None, autocast: _bool = True) -> None: ...

    def __call__(self, inputs: Any, training: _bool | None = None) -> Any: ...

class Minimum(Layer):
    """The elementwise minimum of the inputs."""

    def __init__(self, *, activity_regularizer: _Regularizer = None, name: str | None = None, trainable: _bool = True, dtype: _DTypeLike | None = None, input_shape: Any = None, input_dim: Any = None, batch_input_shape: Any = None, input_length: int | None = None, autocast: _bool = True) -> None: ...

    def __call__(self, inputs: Any, training: _bool | None = None) -> Any: ...

class MultiHeadAttention(Layer):
    """softmax(Q K^T / sqrt(key_dim)) V for several heads."""

    def __init__(self, num_heads: int, key_dim: int, value_dim: int | None = None, dropout: float = 0.0, use_bias: _bool = True, output_shape: Any = None, attention_axes: Any = None, kernel_initializer: _Initializer = 'glorot_uniform', bias_initializer: _Initializer = 'zeros', kernel_regularizer: _Regularizer = None, bias_regularizer: _Regularizer = None, seed: Any = None, *, activity_regularizer: _Regularizer = None, name: str | None = None, trainable: _bool = True, dtype: _DTypeLike | None = None, input_shape: Any = None, input_dim: Any = None, batch_input_shape: Any = None, input_length: int | None = None, autocast: _bool = True, kernel_constraint: _Constraint = None, bias_constraint: _Constraint = None) -> None: ...

    def __call__(self, query: Any, value: Any = None, key: Any = None, query_mask: Any = None, value_mask: Any = None, key_mask: Any = None, attention_mask: Any = None, return_attention_scores: _bool = False, training: _bool | None = None, use_causal_mask: _bool = False) -> Any: ...

class Multiply(Layer):
    """The product of the inputs."""

    def __init__(self, *, activity_regularizer: _Regularizer = None, name: str | None = None, trainable: _bool = True, dtype: _DTypeLike | None = None, input_shape: Any = None, input_dim: Any = None, batch_input_shape: Any = None, input_length: int | None = None, autocast: _bool = True) -> None: ...

    def __call__(self, inputs: Any, training: _bool | None = None) -> Any: ...

class Normalization(Layer):
    """(x - mean) / sqrt(variance), learned by adapt(data) or given."""

    def __init__(self, axis: _Axis = -1, mean: Any = None, variance: Any = None, invert: _bool = False, *, activity_regularizer: _Regularizer = None, name: str | None = None, trainable: _bool = True, dtype: _DTypeLike | None = None, input_shape: Any = None, input_dim: Any = None, batch_input_shape: Any = None, input_length: int | None = None, autocast: _bool = True) -> None: ...

    def adapt(self, data: Any, batch_size: int | None = None, steps: int | None = None) -> None:
        """Learns mean and biased variance from arrays or a Dataset."""
        ...

    @property
    def mean(self) -> Any: ...

    @property
    def variance(self) -> Any: ...

class PReLU(Layer):
    """x or a learned alpha times x."""

    def __init__(self, alpha_initializer: _Initializer = 'zeros', alpha_regularizer: _Regularizer = None, shared_axes: Sequence[int] | None = None, *, activity_regularizer: _Regularizer = None, name: str | None = None, trainable: _bool = True, dtype: _DTypeLike | None = None, input_shape: Any = None, input_dim: Any = None, batch_input_shape: Any = None, input_length: int | None = None, autocast: _bool = True, alpha_constraint: _Constraint = None) -> None: ...

class Permute(Layer):
    """Axes in another order; 1 is the first after the batch."""

    def __init__(self, dims: Sequence[int], *, activity_regularizer: _Regularizer = None, name: str | None = None, trainable: _bool = True, dtype: _DTypeLike | None = None, input_shape: Any = None, input_dim: Any = None, batch_input_shape: Any = None, input_length: int | None = None, autocast: _bool = True) -> None: ...

class RMSNormalization(Layer):
    """x / sqrt(mean(x^2) + epsilon) * scale along an axis."""

    def __init__(self, axis: _Axis = -1, epsilon: float = 1e-06, **kwargs: Any) -> None: ...

    def build(self, input_shape: Any) -> None: ...

    def call(self, x: Any) -> Any: ...

class RNN(Layer):
    """A cell at each step of [n, steps, ...]: the last output, or (return_sequences) all; with
    return_state the last states, too. A cell has state_size and call(inputs, states)."""

    def __init__(self, cell: Any, return_sequences: _bool = False, return_state: _bool = False, go_backwards: _bool = False, stateful: _bool = False, unroll: _bool = False, zero_output_for_mask: _bool = False, **kwargs: Any) -> None: ...

    def __call__(self, sequences: Any, initial_state: Any = None, training: _bool | None = None, mask: Any = None) -> Any: ...

    def call(self, sequences: Any, initial_state: Any = None, training: _bool | None = None) -> Any: ...

    cell: Any

    go_backwards: Any

    return_sequences: Any

    return_state: Any

class RandomBrightness(Layer):
    """x + f * (the range's width) for each image; f within `factor`."""

    def __init__(self, factor: float, value_range: Any = (0, 255), seed: Any = None, **kwargs: Any) -> None: ...

    def call(self, images: Any, training: _bool | None = None) -> Any: ...

class RandomContrast(Layer):
    """(x - mean) * f + mean for each image and channel; f within 1 - factor and 1 + factor."""

    def __init__(self, factor: float, value_range: Any = (0, 255), seed: Any = None, **kwargs: Any) -> None: ...

    def call(self, images: Any, training: _bool | None = None) -> Any: ...

class RandomFlip(Layer):
    """Mirrors every second image: mode "horizontal", "vertical" or "horizontal_and_vertical"."""

    def __init__(self, mode: str = 'horizontal_and_vertical', seed: Any = None, data_format: str | None = None, **kwargs: Any) -> None: ...

    def call(self, images: Any, training: _bool | None = None) -> Any: ...

class RandomRotation(Layer):
    """Turns each image by a part of a full turn, counterclockwise if it is positive."""

    def __init__(self, factor: float, fill_mode: str = 'reflect', interpolation: str = 'bilinear', seed: Any = None, fill_value: float = 0.0, data_format: str | None = None, **kwargs: Any) -> None: ...

    def call(self, images: Any, training: _bool | None = None) -> Any: ...

class RandomTranslation(Layer):
    """Moves each image down and to the right by parts of its height and width."""

    def __init__(self, height_factor: Any, width_factor: Any, fill_mode: str = 'reflect', interpolation: str = 'bilinear', seed: Any = None, fill_value: float = 0.0, data_format: str | None = None, **kwargs: Any) -> None: ...

    def call(self, images: Any, training: _bool | None = None) -> Any: ...

class RandomZoom(Layer):
    """Shrinks (positive factors) or enlarges (negative ones) each image; without width_factor its
    proportions stay."""

    def __init__(self, height_factor: Any, width_factor: Any = None, fill_mode: str = 'reflect', interpolation: str = 'bilinear', seed: Any = None, fill_value: float = 0.0, data_format: str | None = None, **kwargs: Any) -> None: ...

    def call(self, images: Any, training: _bool | None = None) -> Any: ...

class ReLU(Layer):
    """max(x, 0), with Keras's options."""

    def __init__(self, max_value: float | None = None, negative_slope: float = 0.0, threshold: float = 0.0, *, activity_regularizer: _Regularizer = None, name: str | None = None, trainable: _bool = True, dtype: _DTypeLike | None = None, input_shape: Any = None, input_dim: Any = None, batch_input_shape: Any = None, input_length: int | None = None, autocast: _bool = True) -> None: ...

class RepeatVector(Layer):
    """[n, d] -> [n, times, d]."""

    def __init__(self, n: int, *, activity_regularizer: _Regularizer = None, name: str | None = None, trainable: _bool = True, dtype: _DTypeLike | None = None, input_shape: Any = None, input_dim: Any = None, batch_input_shape: Any = None, input_length: int | None = None, autocast: _bool = True) -> None: ...

class Rescaling(Layer):
    """x * scale + offset."""

    def __init__(self, scale: float, offset: Any = 0.0, *, activity_regularizer: _Regularizer = None, name: str | None = None, trainable: _bool = True, dtype: _DTypeLike | None = None, input_shape: Any = None, input_dim: Any = None, batch_input_shape: Any = None, input_length: int | None = None, autocast: _bool = True) -> None: ...

class Reshape(Layer):
    """[n, ...] -> [n] + target_shape."""

    def __init__(self, target_shape: Sequence[int], *, activity_regularizer: _Regularizer = None, name: str | None = None, trainable: _bool = True, dtype: _DTypeLike | None = None, input_shape: Any = None, input_dim: Any = None, batch_input_shape: Any = None, input_length: int | None = None, autocast: _bool = True) -> None: ...

class Resizing(Layer):
    """Images [h, w, c] or [n, h, w, c] of another height and width."""

    def __init__(self, height: Any, width: Any, interpolation: str = 'bilinear', **kwargs: Any) -> None: ...

    def call(self, x: Any) -> Any: ...

class SeparableConv2D(Layer):
    """A depthwise convolution, then one over the channels."""

    def __init__(self, filters: int, kernel_size: _Size, strides: _Size | None = 1, padding: str = 'valid', data_format: str | None = None, dilation_rate: _Size = 1, depth_multiplier: int = 1, activation: _Activation = None, use_bias: _bool = True, depthwise_initializer: _Initializer = 'glorot_uniform', pointwise_initializer: _Initializer = 'glorot_uniform', bias_initializer: _Initializer = 'zeros', depthwise_regularizer: _Regularizer = None, pointwise_regularizer: _Regularizer = None, bias_regularizer: _Regularizer = None, *, activity_regularizer: _Regularizer = None, name: str | None = None, trainable: _bool = True, dtype: _DTypeLike | None = None, input_shape: Any = None, input_dim: Any = None, batch_input_shape: Any = None, input_length: int | None = None, autocast: _bool = True, depthwise_constraint: _Constraint = None, pointwise_constraint: _Constraint = None, bias_constraint: _Constraint = None) -> None: ...

SeparableConvolution2D = SeparableConv2D

class SimpleRNN(Layer):
    """tanh(x W + h U + b), step after step."""

    def __call__(self, sequences: Any, initial_state: Any = None, training: _bool | None = None, mask: Any = None) -> Any: ...

    def __init__(self, units: int, activation: _Activation = 'tanh', use_bias: _bool = True, kernel_initializer: _Initializer = 'glorot_uniform', recurrent_initializer: _Initializer = 'orthogonal', bias_initializer: _Initializer = 'zeros', kernel_regularizer: _Regularizer = None, recurrent_regularizer: _Regularizer = None, bias_regularizer: _Regularizer = None, dropout: float = 0.0, recurrent_dropout: float = 0.0, seed: Any = None, return_sequences: _bool = False, return_state: _bool = False, go_backwards: _bool = False, stateful: _bool = False, unroll: _bool = False, use_cudnn: str = 'auto', *, activity_regularizer: _Regularizer = None, name: str | None = None, trainable: _bool = True, dtype: _DTypeLike | None = None, input_shape: Any = None, input_dim: Any = None, batch_input_shape: Any = None, input_length: int | None = None, autocast: _bool = True, kernel_constraint: _Constraint = None, recurrent_constraint: _Constraint = None, bias_constraint: _Constraint = None) -> None: ...

class SimpleRNNCell(Layer):
    """tanh(x W + h U + b)."""

    def __init__(self, units: int, activation: _Activation = 'tanh', use_bias: _bool = True, kernel_initializer: _Initializer = 'glorot_uniform', recurrent_initializer: _Initializer = 'orthogonal', bias_initializer: _Initializer = 'zeros', kernel_regularizer: _Regularizer = None, recurrent_regularizer: _Regularizer = None, bias_regularizer: _Regularizer = None, kernel_constraint: _Constraint = None, recurrent_constraint: _Constraint = None, bias_constraint: _Constraint = None, dropout: float = 0.0, recurrent_dropout: float = 0.0, seed: Any = None, **kwargs: Any) -> None: ...

    def build(self, input_shape: Any) -> None: ...

    def get_initial_state(self, batch_size: int | None = None, inputs: Any = None, dtype: _DTypeLike | None = None) -> Any:
        """Zeros for each state."""
        ...

    def __call__(self, inputs: Any, states: Any = None, training: _bool | None = None, **kwargs: Any) -> Any: ...

    def call(self, inputs: Any, states: Any, training: _bool | None = None) -> Any: ...

class Softmax(Layer):
    """softmax along an axis."""

    def __init__(self, axis: _Axis = -1, *, activity_regularizer: _Regularizer = None, name: str | None = None, trainable: _bool = True, dtype: _DTypeLike | None = None, input_shape: Any = None, input_dim: Any = None, batch_input_shape: Any = None, input_length: int | None = None, autocast: _bool = True) -> None: ...

class SpatialDropout1D(Layer):
    """Drops whole channels of [n, steps, c] in training."""

    def __init__(self, rate: float, seed: Any = None, *, activity_regularizer: _Regularizer = None, name: str | None = None, trainable: _bool = True, dtype: _DTypeLike | None = None, input_shape: Any = None, input_dim: Any = None, batch_input_shape: Any = None, input_length: int | None = None, autocast: _bool = True) -> None: ...

class SpatialDropout2D(Layer):
    """Drops whole channels of [n, h, w, c] in training."""

    def __init__(self, rate: float, seed: Any = None, data_format: str | None = None, *, activity_regularizer: _Regularizer = None, name: str | None = None, trainable: _bool = True, dtype: _DTypeLike | None = None, input_shape: Any = None, input_dim: Any = None, batch_input_shape: Any = None, input_length: int | None = None, autocast: _bool = True) -> None: ...

class StackedRNNCells(Layer):
    """Cells one upon the other, as one."""

    def __init__(self, cells: Any, **kwargs: Any) -> None: ...

    @property
    def state_size(self) -> Any: ...

    @property
    def output_size(self) -> Any: ...

    def get_initial_state(self, batch_size: int | None = None, inputs: Any = None, dtype: _DTypeLike | None = None) -> Any: ...

    def __call__(self, inputs: Any, states: Any, training: _bool | None = None) -> Any: ...

    def call(self, inputs: Any, states: Any, training: _bool | None = None) -> Any: ...

    cells: Any

class StringLookup(Layer):
    """Strings to indices: the mask token (if any), then unknown strings, then the vocabulary.
    
    output_mode "int" keeps the shape; "one_hot", "multi_hot", "count" and "tf_idf" give rows as wide as
    the vocabulary. invert=True turns indices back into strings."""

    def __init__(self, max_tokens: Any = None, num_oov_indices: int = 1, mask_token: Any = None, oov_token: str = '[UNK]', vocabulary: Any = None, idf_weights: Any = None, invert: _bool = False, output_mode: str = 'int', pad_to_max_tokens: _bool = False, sparse: _bool = False, encoding: str = 'utf-8', **kwargs: Any) -> None: ...

    def reset_state(self) -> None:
        """Forgets what adapt() learned."""
        ...

    def adapt(self, data: Any, batch_size: int | None = None, steps: int | None = None) -> None:
        """Learns the vocabulary: the most frequent tokens first, equally frequent ones from the last in
        order to the first."""
        ...

    def update_state(self, data: Any) -> Any:
        """Counts the tokens of a batch."""
        ...

    def finalize_state(self) -> Any:
        """Makes the vocabulary of what was counted."""
        ...

    def set_vocabulary(self, vocabulary: Any, idf_weights: Any = None) -> Any:
        """Takes these tokens: a list, an array or a file's name, with or without the special ones."""
        ...

    def get_vocabulary(self, include_special_tokens: _bool = True) -> Any:
        """The tokens in the order of their indices."""
        ...

    def vocabulary_size(self) -> Any:
        """The number of tokens, the special ones among them."""
        ...

    def __call__(self, inputs: Any, training: _bool | None = None, mask: Any = None) -> Any: ...

    def call(self, inputs: Any, training: _bool | None = None, mask: Any = None) -> Any: ...

    def get_config(self) -> dict[str, Any]: ...

class Subtract(Layer):
    """The first input minus the second."""

    def __init__(self, *, activity_regularizer: _Regularizer = None, name: str | None = None, trainable: _bool = True, dtype: _DTypeLike | None = None, input_shape: Any = None, input_dim: Any = None, batch_input_shape: Any = None, input_length: int | None = None, autocast: _bool = True) -> None: ...

    def __call__(self, inputs: Any, training: _bool | None = None) -> Any: ...

class TextVectorization(Layer):
    """Texts to the indices of their words: '' is 0 and fills short rows, '[UNK]' is 1.
    
    standardize and split may be functions; output_mode "multi_hot", "count" and "tf_idf" give a row as
    wide as the vocabulary for each text. Within a captured step the texts' length must be known:
    output_sequence_length."""

    def __init__(self, max_tokens: Any = None, standardize: str = 'lower_and_strip_punctuation', split: str = 'whitespace', ngrams: Any = None, output_mode: str = 'int', output_sequence_length: Any = None, pad_to_max_tokens: _bool = False, vocabulary: Any = None, idf_weights: Any = None, sparse: _bool = False, ragged: _bool = False, encoding: str = 'utf-8', **kwargs: Any) -> None: ...

    def reset_state(self) -> None:
        """Forgets what adapt() learned."""
        ...

    def adapt(self, data: Any, batch_size: int | None = None, steps: int | None = None) -> None:
        """Learns the vocabulary: the most frequent tokens first, equally frequent ones from the last in
        order to the first."""
        ...

    def update_state(self, data: Any) -> Any:
        """Counts the tokens of a batch."""
        ...

    def finalize_state(self) -> Any:
        """Makes the vocabulary of what was counted."""
        ...

    def set_vocabulary(self, vocabulary: Any, idf_weights: Any = None) -> Any:
        """Takes these tokens: a list, an array or a file's name, with or without the special ones."""
        ...

    def get_vocabulary(self, include_special_tokens: _bool = True) -> Any:
        """The tokens in the order of their indices."""
        ...

    def vocabulary_size(self) -> Any:
        """The number of tokens, the special ones among them."""
        ...

    def __call__(self, inputs: Any, training: _bool | None = None, mask: Any = None) -> Any: ...

    def call(self, inputs: Any, training: _bool | None = None, mask: Any = None) -> Any: ...

    def get_config(self) -> dict[str, Any]: ...

class TimeDistributed(Layer):
    """A layer on each step of a sequence."""

    def __init__(self, layer: linnet.keras.layers.Layer, *, activity_regularizer: _Regularizer = None, name: str | None = None, trainable: _bool = True, dtype: _DTypeLike | None = None, input_shape: Any = None, input_dim: Any = None, batch_input_shape: Any = None, input_length: int | None = None, autocast: _bool = True) -> None: ...

class UnitNormalization(Layer):
    """x / |x| over axes."""

    def __init__(self, axis: _Axis = -1, **kwargs: Any) -> None: ...

    def call(self, x: Any) -> Any: ...

class UpSampling1D(Layer):
    """Each step several times."""

    def __init__(self, size: int = 2, *, activity_regularizer: _Regularizer = None, name: str | None = None, trainable: _bool = True, dtype: _DTypeLike | None = None, input_shape: Any = None, input_dim: Any = None, batch_input_shape: Any = None, input_length: int | None = None, autocast: _bool = True) -> None: ...

class UpSampling2D(Layer):
    """Each row and column several times, or bilinear between them."""

    def __init__(self, size: int = 2, data_format: str | None = None, interpolation: str = 'nearest', *, activity_regularizer: _Regularizer = None, name: str | None = None, trainable: _bool = True, dtype: _DTypeLike | None = None, input_shape: Any = None, input_dim: Any = None, batch_input_shape: Any = None, input_length: int | None = None, autocast: _bool = True) -> None: ...

class ZeroPadding1D(Layer):
    """Zeros before and after the steps."""

    def __init__(self, padding: _Size = 1, data_format: str | None = None, *, activity_regularizer: _Regularizer = None, name: str | None = None, trainable: _bool = True, dtype: _DTypeLike | None = None, input_shape: Any = None, input_dim: Any = None, batch_input_shape: Any = None, input_length: int | None = None, autocast: _bool = True) -> None: ...

class ZeroPadding2D(Layer):
    """Zeros around height and width."""

    def __init__(self, padding: Any = (1, 1), data_format: str | None = None, *, activity_regularizer: _Regularizer = None, name: str | None = None, trainable: _bool = True, dtype: _DTypeLike | None = None, input_shape: Any = None, input_dim: Any = None, batch_input_shape: Any = None, input_length: int | None = None, autocast: _bool = True) -> None: ...

def add(inputs: Any, *args: Any, **kwargs: Any) -> None:
    """Add()(inputs)."""
    ...

def as_input(value: Any, several: _bool = False) -> Any:
    """A layer's input: lists, numbers and arrays become tensors, all floats float32."""
    ...

def average(inputs: Any, *args: Any, **kwargs: Any) -> Any:
    """Average()(inputs)."""
    ...

def concatenate(inputs: Any, *args: Any, **kwargs: Any) -> Any:
    """Concatenate(axis)(inputs)."""
    ...

def deserialize(config: Any, custom_objects: Mapping[str, Any] | None = None) -> Any:
    """The layer of serialize(), with new weights."""
    ...

def dot(inputs: Any, *args: Any, **kwargs: Any) -> Any:
    """Dot(axes)(inputs)."""
    ...

def maximum(inputs: Any, *args: Any, **kwargs: Any) -> Any:
    """Maximum()(inputs)."""
    ...

def minimum(inputs: Any, *args: Any, **kwargs: Any) -> Any:
    """Minimum()(inputs)."""
    ...

def multiply(inputs: Any, *args: Any, **kwargs: Any) -> Any:
    """Multiply()(inputs)."""
    ...

def serialize(layer: linnet.keras.layers.Layer) -> Any:
    """A layer's class and arguments as plain data."""
    ...

def subtract(inputs: Any, *args: Any, **kwargs: Any) -> Any:
    """Subtract()(inputs)."""
    ...
