"""Layers that are few ops: attention, norms, noise."""

from .. import _core
from ..errors import ValueError as LinnetValueError
from . import _symbolic
from ._layer import Layer, _state, as_input


class Identity(Layer):
    """The input itself."""

    def call(self, x):
        return _core.convert_to_tensor(x)


class UnitNormalization(Layer):
    """x / |x| over axes."""

    def __init__(self, axis=-1, **kwargs):
        super().__init__(**kwargs)
        self._config = {"axis": axis}

    def call(self, x):
        squares = _core.reduce_sum(_core.square(x), self._config["axis"], True)
        return x * _core.rsqrt(_core.maximum(squares, 1e-12))


class RMSNormalization(Layer):
    """x / sqrt(mean(x^2) + epsilon) * scale along an axis."""

    def __init__(self, axis=-1, epsilon=1e-6, **kwargs):
        super().__init__(**kwargs)
        self._config = {"axis": axis, "epsilon": epsilon}

    def build(self, input_shape):
        self.scale = self.add_weight(name="scale", shape=(input_shape[self._config["axis"]],),
                                     initializer="ones")

    def call(self, x):
        axis = self._config["axis"] % x.ndim
        mean = _core.reduce_mean(_core.square(x), axis, True)
        shape = [x.shape[a] if a == axis else 1 for a in range(x.ndim)]
        return x * _core.rsqrt(mean + self._config["epsilon"]) * _core.reshape(self.scale, shape)


def _checked_rate(name, rate):
    if not 0 <= rate <= 1:
        raise LinnetValueError(f"{name}: rate is {rate}, expected a number of [0, 1]")
    return float(rate)


class GaussianDropout(Layer):
    """In training each input times a normal number of mean 1 and variance rate / (1 - rate)."""

    def __init__(self, rate, seed=None, **kwargs):
        super().__init__(**kwargs)
        self._config = {"rate": _checked_rate("GaussianDropout", rate), "seed": seed}

    def call(self, x, training=False):
        rate = self._config["rate"]
        if not training or not 0 < rate < 1:
            return x * 1
        return x * _core.random_normal(x.shape, 1.0, (rate / (1 - rate)) ** 0.5, x.dtype)


class AlphaDropout(Layer):
    """Dropout for selu: dropped inputs become selu's lower limit, mean and variance stay."""

    def __init__(self, rate, noise_shape=None, seed=None, **kwargs):
        super().__init__(**kwargs)
        if noise_shape is not None:
            raise NotImplementedError("AlphaDropout: noise_shape is not there")
        self._config = {"rate": _checked_rate("AlphaDropout", rate), "seed": seed}

    def call(self, x, training=False):
        rate = self._config["rate"]
        if not training or rate == 0:
            return x * 1
        low = -1.6732632423543772 * 1.0507009873554805
        keep = _core.random_uniform(x.shape) >= rate
        scale = ((1 - rate) * (1 + rate * low ** 2)) ** -0.5
        return _core.where(keep, x, low) * scale - scale * low * rate


class _Attention(Layer):
    """softmax(scores) value for [query, value, key]."""

    _always_python = True

    def __init__(self, use_scale, dropout, seed=None, **kwargs):
        super().__init__(**kwargs)
        self.use_scale, self.dropout = bool(use_scale), float(dropout)
        self._config = {"use_scale": use_scale, "dropout": dropout}

    def __call__(self, inputs, mask=None, training=None, return_attention_scores=False,
                 use_causal_mask=False):
        if _symbolic.is_symbolic([inputs, mask]):
            return _symbolic.apply(self, (inputs,), {
                "mask": mask, "return_attention_scores": return_attention_scores or None,
                "use_causal_mask": use_causal_mask or None})
        if not isinstance(inputs, (list, tuple)) or len(inputs) not in (2, 3):
            raise LinnetValueError(f"{self.name}: expected [query, value] or [query, value, key]")
        training = bool(_state.training) if training is None else bool(training)
        options = {"mask": mask, "scored": return_attention_scores, "causal": use_causal_mask}
        return self._python_call(([as_input(x) for x in inputs],), options, training)

    def call(self, inputs, mask=None, scored=False, causal=False, training=None):
        query, value = inputs[:2]
        scores = self._scores(query, inputs[2] if len(inputs) == 3 else value)
        keep = self._kept(scores, mask, causal)
        if keep is not None:
            scores = _core.where(keep, scores, -1e9)
        weights = _core.softmax(scores, -1)
        if training and self.dropout:
            weights = _core.dropout(weights, self.dropout)
        result = _core.matmul(weights, value)
        if mask and mask[0] is not None:
            result = result * _core.expand_dims(_core.cast(mask[0], result.dtype), -1)
        return (result, weights) if scored else result

    @staticmethod
    def _kept(scores, mask, causal):
        keep = None
        if mask and len(mask) > 1 and mask[1] is not None:
            keep = _core.expand_dims(_core.cast(mask[1], "bool"), -2)
        if causal:
            rows, columns = _core.range(scores.shape[-2]), _core.range(scores.shape[-1])
            below = _core.expand_dims(rows, 1) >= columns
            keep = below if keep is None else _core.logical_and(keep, below)
        return keep


class Attention(_Attention):
    """Dot products of queries and keys (not divided by the width's root) weigh the values.
    score_mode="concat": a weight times tanh(query + key)."""

    def __init__(self, use_scale=False, score_mode="dot", dropout=0.0, seed=None, **kwargs):
        super().__init__(use_scale, dropout, seed, **kwargs)
        if score_mode not in ("dot", "concat"):
            raise LinnetValueError(f"Attention: unknown score_mode {score_mode!r}")
        self.score_mode = self._config["score_mode"] = score_mode

    def build(self, input_shape):
        self.scale = self.add_weight(name="scale", shape=(), initializer="ones") \
            if self.use_scale else None
        self.concat_score_weight = self.add_weight(
            name="concat_score_weight", shape=(), initializer="ones") if self.score_mode == "concat" else None

    def _scores(self, query, key):
        if self.score_mode == "dot":
            scores = _core.matmul(query, key, False, True)
            return scores if self.scale is None else scores * self.scale
        both = _core.expand_dims(query, -2) + _core.expand_dims(key, -3)
        both = both if self.scale is None else both * self.scale
        return self.concat_score_weight * _core.reduce_sum(_core.tanh(both), -1)


class AdditiveAttention(_Attention):
    """sum(scale * tanh(query + key)) weighs the values."""

    def __init__(self, use_scale=True, dropout=0.0, **kwargs):
        super().__init__(use_scale, dropout, **kwargs)

    def build(self, input_shape):
        self.scale = self.add_weight(name="scale", shape=(input_shape[0][-1],),
                                     initializer="glorot_uniform") if self.use_scale else None

    def _scores(self, query, key):
        both = _core.tanh(_core.expand_dims(query, -2) + _core.expand_dims(key, -3))
        return _core.reduce_sum(both if self.scale is None else both * self.scale, -1)


class Discretization(Layer):
    """Numbers to the index of their interval: bin_boundaries, or num_bins equally filled ones that
    adapt(data) learns."""

    def __init__(self, bin_boundaries=None, num_bins=None, epsilon=0.01, output_mode="int", sparse=False,
                 **kwargs):
        super().__init__(**kwargs)
        if (bin_boundaries is None) == (num_bins is None):
            raise LinnetValueError("Discretization: expected bin_boundaries or num_bins")
        if output_mode not in ("int", "one_hot", "multi_hot", "count"):
            raise LinnetValueError(f"Discretization: unknown output_mode {output_mode!r}")
        self._config = dict(bin_boundaries=None if bin_boundaries is None else
                            [float(b) for b in bin_boundaries], num_bins=num_bins, output_mode=output_mode)

    @property
    def bin_boundaries(self):
        return self._config["bin_boundaries"]

    def adapt(self, data, batch_size=None, steps=None):
        """Learns the boundaries between equally many of the values."""
        import numpy as np

        if hasattr(data, "as_numpy_iterator"):
            data = np.concatenate([np.ravel(part) for part in data.as_numpy_iterator()])
        count = self._config["num_bins"]
        edges = np.quantile(np.asarray(data, "float64"), [i / count for i in range(1, count)])
        self._config["bin_boundaries"], self._config["num_bins"] = [float(e) for e in edges], None

    def call(self, x):
        edges, mode = self.bin_boundaries, self._config["output_mode"]
        if edges is None:
            raise LinnetValueError(f"{self.name} has no boundaries yet: call adapt()")
        above = _core.expand_dims(x, -1) >= _core.constant(edges, "float32")
        index = _core.reduce_sum(_core.cast(above, "int64"), -1)
        if mode == "int":
            return index
        from ._preprocessing import CategoryEncoding

        return CategoryEncoding(len(edges) + 1, mode)(index)
