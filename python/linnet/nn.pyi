"""linnet.nn: activations, convolutions, losses of logits."""

import linnet
from builtins import bool as _bool
from collections.abc import Sequence
from typing import Any
from linnet._typing import Axis as _Axis, Size as _Size, TensorLike as _TensorLike

def avg_pool(input: _TensorLike, ksize: Any, strides: _Size | None, padding: str, name: str | None = None) -> linnet.Tensor:
    """Maximum / mean over windows of x [n, h, w, c]. Padding ("same") never counts; the gradient of a maximum goes to its first place."""
    ...

avg_pool2d = avg_pool

def bias_add(value: _TensorLike, bias: _TensorLike, data_format: str | None = None, name: str | None = None) -> linnet.Tensor:
    """value + bias along the last axis."""
    ...

def compute_average_loss(per_example_loss: _TensorLike, sample_weight: Any = None, global_batch_size: Any = None) -> linnet.Tensor:
    """sum(weights * losses) / global batch size (default: the local size times the replicas)."""
    ...

def conv2d(input: _TensorLike, filters: _TensorLike, strides: _Size | None = 1, padding: str = 'VALID', dilations: int = 1, groups: int = 1, name: str | None = None) -> linnet.Tensor:
    """2-D cross-correlation of x [n, h, w, in] (NHWC) with a kernel [kh, kw, in / groups, out] (HWIO) -> [n, oh, ow, out]; valid: oh = ceil((h - (kh - 1) d) / s), same: oh = ceil(h / s). floats; float16 and bfloat16 sum in float32. 3x3 windows with stride 1 may run by Winograd's F(2x2, 3x3), here and in both gradients: in float32 errors are about twice those of plain sums. ShapeError if channels do not fit or the output would be empty, ValueError for an unknown padding."""
    ...

def dropout(x: _TensorLike, rate: float, noise_shape: Sequence[int | None] | None = None, seed: Any = None, name: str | None = None) -> linnet.Tensor:
    """Each element kept with probability 1 - rate and then divided by it, else 0. ValueError unless 0 <= rate <= 1; floating dtypes."""
    ...

def elu(features: _TensorLike, alpha: float = 1.0) -> linnet.Tensor:
    """x or alpha (e^x - 1)"""
    ...

def embedding_lookup(params: _TensorLike, ids: _TensorLike, name: str | None = None) -> linnet.Tensor:
    """Rows of a table."""
    ...

def gelu(features: _TensorLike, approximate: _bool = False) -> linnet.Tensor:
    """x Phi(x), or its tanh form"""
    ...

def l2_loss(t: _TensorLike, name: str | None = None) -> linnet.Tensor:
    """sum(t^2) / 2."""
    ...

from linnet.math import l2_normalize as l2_normalize

def leaky_relu(features: _TensorLike, alpha: float = 0.2) -> linnet.Tensor: ...

from linnet.math import log_softmax as log_softmax

def max_pool(input: _TensorLike, ksize: Any, strides: _Size | None, padding: str, name: str | None = None) -> linnet.Tensor:
    """Maximum / mean over windows of x [n, h, w, c]. Padding ("same") never counts; the gradient of a maximum goes to its first place."""
    ...

max_pool2d = max_pool

def moments(x: _TensorLike, axes: Any, shift: Any = None, keepdims: _bool = False, name: str | None = None) -> tuple[linnet.Tensor, linnet.Tensor]:
    """Mean and biased variance over axes."""
    ...

def relu(x: _TensorLike, name: str | None = None) -> linnet.Tensor:
    """max(x, 0); gradient 0 at 0"""
    ...

def relu6(x: _TensorLike, name: str | None = None) -> linnet.Tensor:
    """min(max(x, 0), 6)"""
    ...

def scale_regularization_loss(regularization_loss: Any) -> linnet.Tensor:
    """The sum of penalties divided by the number of replicas."""
    ...

def scaled_dot_product_attention(query: _TensorLike, key: _TensorLike, value: _TensorLike, attn_mask: Any = None, dropout_p: float = 0.0, is_causal: _bool = False, scale: Any = None) -> linnet.Tensor:
    """softmax(scale q k^T + mask) v of queries [..., t, d], keys [..., s, d] and values [..., s, e]: [..., t, e]. Leading axes (batch, heads) broadcast; floating dtypes promote, 16-bit floats are computed in float32. A query that sees no key gives zeros. ShapeError if shapes do not fit, DTypeError for other dtypes.  Scores and weights never go to memory as a whole, backwards neither, and operands are read where they lie: heads cut out of one projection [n, t, heads * d] by reshape and transpose cost no copy. With dropout, or where a gradient of the mask is wanted, the same is computed op by op.  Tensor y = scaled_dot_product_attention(q, k, v, {.is_causal = true});"""
    ...

def selu(x: _TensorLike, name: str | None = None) -> linnet.Tensor: ...

from linnet import sigmoid as sigmoid

def sigmoid_cross_entropy_with_logits(labels: _TensorLike | None = None, logits: _TensorLike | None = None, name: str | None = None) -> linnet.Tensor:
    """max(z, 0) - z y + log(1 + e^-|z|), elementwise."""
    ...

def silu(x: _TensorLike, name: str | None = None) -> linnet.Tensor:
    """x sigmoid(x)"""
    ...

from linnet.math import softmax as softmax

def softmax_cross_entropy_with_logits(labels: _TensorLike, logits: _TensorLike, axis: _Axis = -1, name: str | None = None) -> linnet.Tensor:
    """-sum(labels * log softmax(logits)) per sample."""
    ...

from linnet.math import softplus as softplus

from linnet.math import softsign as softsign

def sparse_softmax_cross_entropy_with_logits(labels: _TensorLike, logits: _TensorLike, name: str | None = None) -> linnet.Tensor:
    """-log softmax(logits)[label] per sample."""
    ...

swish = silu

from linnet import tanh as tanh

from linnet.math import top_k as top_k
