"""Rows of torch_table: convolutions, pooling, losses, normalization, attention."""

import math

import linnet as tf
from compare import Unsupported
from torch_table import First, beside, one_dtype, reduced, row

# Convolutions, pooling, normalization: PyTorch keeps channels before space, Linnet after it.

def _last(x):
    return tf.transpose(x, [0, *range(2, x.ndim), 1])


def _first(x):
    return tf.transpose(x, [0, x.ndim - 1, *range(1, x.ndim - 1)])


def _pair(n):
    return list(n) * (2 // len(n)) if isinstance(n, (tuple, list)) else [n, n]


def _conv2d(x, w, b=None, stride=1, padding=0, dilation=1, groups=1):
    single = x.ndim == 3
    x = tf.expand_dims(x, 0) if single else x
    mode = "VALID"
    if isinstance(padding, str):
        if padding == "same" and any(k % 2 == 0 for k in w.shape[2:]):
            raise Unsupported("same padding of an even kernel: PyTorch pads the other side")
        mode = padding.upper()
    else:
        p = _pair(padding)
        x = tf.pad(x, [(0, 0), (0, 0), (p[0], p[0]), (p[1], p[1])])
    y = tf.nn.conv2d(_last(x), tf.transpose(w, [2, 3, 1, 0]), _pair(stride), mode,
                     dilations=_pair(dilation), groups=groups)
    y = _first(y if b is None else tf.nn.bias_add(y, b))
    return tf.squeeze(y, 0) if single else y


def _conv1d(x, w, b=None, stride=1, padding=0, dilation=1, groups=1):
    def first(n):
        return n[0] if isinstance(n, (tuple, list)) else n

    single = x.ndim == 2
    x = tf.expand_dims(x, 0) if single else x
    wide = [1, first(padding)]
    padding = padding if isinstance(padding, str) else [0, wide[1]]
    y = _conv2d(tf.expand_dims(x, 2), tf.expand_dims(w, 2), b, [1, first(stride)], padding,
                [1, first(dilation)], groups)
    y = tf.squeeze(y, 2)
    return tf.squeeze(y, 0) if single else y


def _pool(function, x, kernel_size, stride=None, padding=0, *others, dilation=1, ceil_mode=False,
          count_include_pad=True, divisor_override=None, return_indices=False):
    if function is tf.nn.avg_pool2d:
        ceil_mode, count_include_pad, divisor_override = (
            *others, *(ceil_mode, count_include_pad, divisor_override)[len(others):])
        if ceil_mode or not count_include_pad or divisor_override:
            raise Unsupported("a mean that does not count all of the window")
    elif others:
        raise Unsupported("pooling's options by position")
    if set(_pair(dilation)) != {1}:
        raise Unsupported("dilation of a pooling")
    single = x.ndim == 3
    x = tf.expand_dims(x, 0) if single else x
    k, p = _pair(kernel_size), _pair(padding)
    s = k if stride in (None, ()) else _pair(stride)
    low = -math.inf if function is tf.nn.max_pool2d else 0
    x = tf.pad(x, [(0, 0), (0, 0)] + [(p[i], p[i] + _rest(x.shape[i + 2], k[i], s[i], p[i], ceil_mode))
                                      for i in (0, 1)], constant_values=low)
    y = _first(function(_last(x), k, s, "VALID"))
    y = tf.squeeze(y, 0) if single else y
    return First([y]) if return_indices else y


def _rest(extent, k, s, p, ceil_mode):
    """With ceil_mode a last window may end beyond the padding, if it begins before that."""
    if not ceil_mode:
        return 0
    count = -(-(extent + 2 * p - k) // s) + 1
    if (count - 1) * s >= extent + p:
        count -= 1
    return max((count - 1) * s + k - (extent + 2 * p), 0)


def _pool1d(function, x, kernel_size, stride=None, padding=0, *others, dilation=1, **more):
    def wide(n, other):
        return [other, n[0] if isinstance(n, (tuple, list)) else n]

    single = x.ndim == 2
    x = tf.expand_dims(x, 0) if single else x
    y = _pool(function, tf.expand_dims(x, 2), wide(kernel_size, 1),
              wide(kernel_size if stride in (None, ()) else stride, 1), wide(padding, 0), *others,
              dilation=wide(dilation, 1), **more)
    first = isinstance(y, First)
    y = tf.squeeze(y[0] if first else y, 2)
    y = tf.squeeze(y, 0) if single else y
    return First([y]) if first else y


row("nn.functional.conv2d", "nn.conv2d", _conv2d)
row("nn.functional.conv1d", "nn.conv2d", _conv1d)
row("nn.functional.max_pool2d", "nn.max_pool2d", lambda *a, **k: _pool(tf.nn.max_pool2d, *a, **k))
row("nn.functional.avg_pool2d", "nn.avg_pool2d", lambda *a, **k: _pool(tf.nn.avg_pool2d, *a, **k))
row("nn.functional.max_pool1d", "nn.max_pool2d", lambda *a, **k: _pool1d(tf.nn.max_pool2d, *a, **k))
row("nn.functional.avg_pool1d", "nn.avg_pool2d", lambda *a, **k: _pool1d(tf.nn.avg_pool2d, *a, **k))


# Losses.

def _cross_entropy(x, y, weight=None, ignore_index=-100, reduction="mean", label_smoothing=0.0):
    if weight is not None or label_smoothing or x.ndim < 1:
        raise Unsupported("class weights or label_smoothing")
    if y.dtype.is_floating:
        axis = 0 if x.ndim == 1 else 1
        return reduced(tf.nn.softmax_cross_entropy_with_logits(y, x, axis), reduction)
    if bool(tf.reduce_any(y == ignore_index)) if ignore_index >= 0 else False:
        raise Unsupported("an ignored class")
    if x.ndim > 2:
        x = _last(x)
    return reduced(tf.nn.sparse_softmax_cross_entropy_with_logits(y, x), reduction)


def _bce_logits(z, y, weight=None, pos_weight=None, reduction="mean"):
    if pos_weight is not None:
        raise Unsupported("pos_weight")
    values = tf.nn.sigmoid_cross_entropy_with_logits(y, z)
    return reduced(values if weight is None else values * weight, reduction)


row("nn.functional.cross_entropy", "nn.softmax_cross_entropy_with_logits", _cross_entropy)
row("nn.functional.binary_cross_entropy_with_logits", "nn.sigmoid_cross_entropy_with_logits",
    _bce_logits)


# Compositions of several ops: each is a formula a user would write, so what it tests is the whole.

def _layer_norm(x, shape, weight=None, bias=None, eps=1e-5):
    axes = list(range(x.ndim - len(shape), x.ndim))
    mean, variance = tf.nn.moments(x, axes, keepdims=True)
    y = (x - mean) * tf.math.rsqrt(variance + eps)
    y = y if weight is None else y * weight
    return y if bias is None else y + bias


row("nn.functional.layer_norm", "nn.moments, rsqrt", _layer_norm)
row("nn.functional.rms_norm", "reduce_mean, rsqrt",
    lambda x, shape, weight=None, eps=None: _rms(x, shape, weight, eps))
row("nn.functional.scaled_dot_product_attention", "matmul, softmax",
    lambda q, k, v, attn_mask=None, dropout_p=0.0, is_causal=False, **kw: _attend(
        q, k, v, attn_mask, dropout_p, is_causal, kw))
row("nn.functional.pairwise_distance", "norm",
    lambda x, y, p=2.0, eps=1e-6, keepdim=False: tf.norm(x - y + eps, axis=-1, keepdims=keepdim)
    if p == 2.0 else _p())
row("nn.functional.huber_loss", "where",
    lambda x, y, reduction="mean", delta=1.0: reduced(tf.where(
        tf.abs(x - y) <= delta, 0.5 * tf.square(x - y), delta * (tf.abs(x - y) - 0.5 * delta)),
        reduction))
row("nn.functional.soft_margin_loss", "log1p, exp",
    lambda x, y, reduction="mean": reduced(tf.math.log1p(tf.exp(-y * x)), reduction))
row("logaddexp", "reduce_logsumexp",
    lambda x, y: tf.reduce_logsumexp(tf.stack(beside(x, y)), 0))


def _p():
    raise Unsupported("another p than 2")


def _rms(x, shape, weight, eps):
    one_dtype(x, x)
    axes = list(range(x.ndim - len(shape), x.ndim))
    if eps is None:
        eps = 2.220446049250313e-16 if x.dtype == "float64" else 1.1920929e-07
    y = x * tf.math.rsqrt(tf.reduce_mean(tf.square(x), axes, keepdims=True) + eps)
    return y if weight is None else y * weight


def _attend(q, k, v, mask, dropout, causal, more):
    one_dtype(q, q)
    if dropout or more.get("enable_gqa"):
        raise Unsupported("attention with dropout or groups")
    scale = more.get("scale") or q.shape[-1] ** -0.5
    scores = tf.matmul(q, k, transpose_b=True) * scale
    if causal:
        seen = tf.linalg.band_part(tf.ones(scores.shape[-2:], q.dtype), -1, 0)
        scores = tf.where(seen > 0, scores, -math.inf)
    if mask is not None:
        scores = tf.where(mask, scores, -math.inf) if mask.dtype == "bool" else scores + mask
    return tf.matmul(tf.nn.softmax(scores), v)
