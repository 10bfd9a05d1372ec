"""keras.ops of neural networks: losses, convolutions, poolings, norms, attention."""

from .. import _core
from . import losses as _losses
from ._ops_base import exported, op, tensor
from ._ops_elements import tri as _tri


@op
def binary_crossentropy(target, output, from_logits=False):
    """Of each element."""
    target, output = tensor(target), tensor(output)
    parts = _losses.binary_crossentropy(_core.expand_dims(target, -1), _core.expand_dims(output, -1),
                                        from_logits)
    return parts


@op
def categorical_crossentropy(target, output, from_logits=False, axis=-1):
    """Of each sample."""
    return _losses.categorical_crossentropy(target, output, from_logits, axis=axis)


@op
def sparse_categorical_crossentropy(target, output, from_logits=False, axis=-1):
    """Of each sample's label."""
    return _losses.sparse_categorical_crossentropy(target, output, from_logits, axis=axis)


def _two(kind, x):
    if tensor(x).ndim != 4:
        raise NotImplementedError(f"{kind}: images [n, h, w, c] are there")


@op
def conv(inputs, kernel, strides=1, padding="valid", data_format=None, dilation_rate=1):
    """The convolution of images [n, h, w, c], or steps [n, t, c], with a kernel."""
    x = tensor(inputs)
    if x.ndim == 3:
        y = _core.conv2d(_core.expand_dims(x, 1), _core.expand_dims(kernel, 0), (1, strides),
                         padding.upper(), (1, dilation_rate))
        return _core.squeeze(y, [1])
    _two("conv", x)
    return _core.conv2d(x, kernel, strides, padding.upper(), dilation_rate)


@op
def depthwise_conv(inputs, kernel, strides=1, padding="valid", data_format=None, dilation_rate=1):
    """The convolution of each channel by itself; kernel [h, w, c, multiplier]."""
    _two("depthwise_conv", inputs)
    kernel = tensor(kernel)
    h, w, c, m = kernel.shape
    return _core.conv2d(inputs, _core.reshape(kernel, [h, w, 1, c * m]), strides, padding.upper(),
                        dilation_rate, c)


@op
def separable_conv(inputs, depthwise_kernel, pointwise_kernel, strides=1, padding="valid",
                   data_format=None, dilation_rate=1):
    """A depthwise convolution, then one over the channels."""
    return _core.conv2d(depthwise_conv(inputs, depthwise_kernel, strides, padding,
                                       dilation_rate=dilation_rate), pointwise_kernel, 1, "VALID")


@op
def max_pool(inputs, pool_size, strides=None, padding="valid", data_format=None):
    """The maximum of each window of images."""
    _two("max_pool", inputs)
    return _core.max_pool2d(inputs, pool_size, pool_size if strides is None else strides,
                            padding.upper())


@op
def average_pool(inputs, pool_size, strides=None, padding="valid", data_format=None):
    """The mean of each window of images."""
    _two("average_pool", inputs)
    return _core.avg_pool2d(inputs, pool_size, pool_size if strides is None else strides,
                            padding.upper())


@op
def batch_normalization(x, mean, variance, axis, offset=None, scale=None, epsilon=1e-3):
    """(x - mean) / sqrt(variance + epsilon) * scale + offset along an axis."""
    x = tensor(x)
    shape = [x.shape[axis] if a == axis % x.ndim else 1 for a in range(x.ndim)]
    y = (x - _core.reshape(mean, shape)) * _core.rsqrt(_core.reshape(variance, shape) + epsilon)
    y = y if scale is None else y * _core.reshape(scale, shape)
    return y if offset is None else y + _core.reshape(offset, shape)


@op
def layer_normalization(x, gamma=None, beta=None, axis=-1, epsilon=None, **_):
    """(x - mean) / sqrt(variance + epsilon) * gamma + beta over axes."""
    x = tensor(x)
    y = (x - _core.reduce_mean(x, axis, True)) * _core.rsqrt(
        _core.reduce_variance(x, axis, True) + (1e-5 if epsilon is None else epsilon))
    y = y if gamma is None else y * gamma
    return y if beta is None else y + beta


@op
def rms_normalization(x, scale=None, axis=-1, epsilon=None):
    """x / sqrt(mean(x^2) + epsilon) * scale over axes."""
    x = tensor(x)
    y = x * _core.rsqrt(_core.reduce_mean(_core.square(x), axis, True)
                        + (1e-6 if epsilon is None else epsilon))
    return y if scale is None else y * scale


@op
def dot_product_attention(query, key, value, bias=None, mask=None, scale=None, is_causal=False,
                          **_):
    """softmax(q k^T scale + bias) v of [n, t, heads, d]."""
    q, k, v = (_core.transpose(tensor(x), [0, 2, 1, 3]) for x in (query, key, value))
    scores = _core.matmul(q, k, False, True) * (q.shape[-1] ** -0.5 if scale is None else scale)
    scores = scores if bias is None else scores + bias
    if is_causal:
        causal = _tri(q.shape[2], k.shape[2], dtype="bool")
        mask = causal if mask is None else _core.logical_and(_core.cast(mask, "bool"), causal)
    if mask is not None:
        scores = _core.where(_core.cast(mask, "bool"), scores, -1e9)
    return _core.transpose(_core.matmul(_core.softmax(scores, -1), v), [0, 2, 1, 3])

__all__ = exported(globals())
