"""linnet.nn: activations, convolutions, losses of logits."""

from . import _core
from ._core import (  # noqa: F401
    avg_pool2d, conv2d, dropout, elu, gelu, leaky_relu, log_softmax, max_pool2d, relu, relu6,
    scaled_dot_product_attention, selu, sigmoid, silu, softmax, softplus, softsign, tanh,
)
from ._missing import missing
from .math import l2_normalize, top_k  # noqa: F401

swish = silu
max_pool = max_pool2d
avg_pool = avg_pool2d


def bias_add(value, bias, data_format=None, name=None):
    """value + bias along the last axis."""
    return _core.convert_to_tensor(value) + bias


def sparse_softmax_cross_entropy_with_logits(labels, logits, name=None):
    """-log softmax(logits)[label] per sample."""
    return _core._sparse_crossentropy(labels, logits)


def softmax_cross_entropy_with_logits(labels, logits, axis=-1, name=None):
    """-sum(labels * log softmax(logits)) per sample."""
    logits = _core.convert_to_tensor(logits)
    return -_core.reduce_sum(_core.cast(labels, logits.dtype) * _core.log_softmax(logits, axis),
                             axis)


def sigmoid_cross_entropy_with_logits(labels=None, logits=None, name=None):
    """max(z, 0) - z y + log(1 + e^-|z|), elementwise."""
    z = _core.convert_to_tensor(logits)
    y = _core.cast(labels, z.dtype)
    return _core.maximum(z, 0) - z * y + _core.log1p(_core.exp(-_core.abs(z)))


def l2_loss(t, name=None):
    """sum(t^2) / 2."""
    return _core.reduce_sum(_core.square(t)) / 2


def moments(x, axes, shift=None, keepdims=False, name=None):
    """Mean and biased variance over axes."""
    return _core.reduce_mean(x, axes, keepdims), _core.reduce_variance(x, axes, keepdims)


def embedding_lookup(params, ids, name=None):
    """Rows of a table."""
    return _core.gather(params, ids, 0)


def compute_average_loss(per_example_loss, sample_weight=None, global_batch_size=None):
    """sum(weights * losses) / global batch size (default: the local size times the replicas)."""
    losses = _core.convert_to_tensor(per_example_loss)
    if sample_weight is not None:
        losses = losses * _core.cast(sample_weight, losses.dtype)
    if global_batch_size is None:
        global_batch_size = (losses.shape[0] if losses.ndim else 1) * _replicas()
    return _core.reduce_sum(losses) / global_batch_size


def scale_regularization_loss(regularization_loss):
    """The sum of penalties divided by the number of replicas."""
    return _core.reduce_sum(regularization_loss) / _replicas()


def _replicas():
    from .distribute import get_strategy

    return get_strategy().num_replicas_in_sync


def __getattr__(name):
    raise missing(__name__, name)
