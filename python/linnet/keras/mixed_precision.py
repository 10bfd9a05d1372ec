"""keras.mixed_precision: what layers compute in, and what they keep their weights in."""

from .. import _core
from .._missing import missing


def set_global_policy(policy):
    """The policy of layers made from now on: "float32", "mixed_bfloat16", ..."""
    _core._set_dtype_policy(getattr(policy, "name", policy))


def global_policy():
    """Its name."""
    return _core._dtype_policy()


set_dtype_policy, dtype_policy = set_global_policy, global_policy


def __getattr__(name):
    raise missing(__name__, name, {"LossScaleOptimizer": "the policy 'mixed_bfloat16'"})
