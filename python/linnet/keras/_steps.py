"""The step of training and of evaluation: what a model may override."""

import math

from .. import _core, _nest
from .._function import rewritten
from ..errors import Error, NotSupportedError
from ._outputs import total_loss


class Steps:
    """Metrics, losses and steps of every model."""

    def _require_compiled(self):
        if "_compiled" not in self.__dict__:
            raise ValueError("You must call `compile()` before using the model.")

    # What custom steps use.

    def _has_own_steps(self):
        kind = type(self)
        return (kind.train_step is not Steps.train_step
                or kind.test_step is not Steps.test_step
                or kind.compute_loss is not Steps.compute_loss)

    def _several_outputs(self):
        if isinstance(self, _core.Sequential):
            return False
        outputs = getattr(self, "outputs", None)
        return outputs is not None and len(outputs) > 1

    @property
    def metrics(self):
        """The loss tracker and the compiled metrics, then metrics among the attributes."""
        trackers = self.__dict__.get("_trackers")
        if trackers is None:
            from . import metrics as metrics_module

            trackers = [metrics_module.Mean(name="loss")]
            if "_compiled" in self.__dict__:
                outputs = self._compiled["outputs"]
                trackers += self._compiled_metrics() if outputs is None else outputs.all()
            self.__dict__["_trackers"] = trackers
        own = [v for v in vars(self).values() if isinstance(v, _core.Metric)]
        return trackers + [m for m in own if m not in trackers]

    @property
    def metrics_names(self):
        return [m.name for m in self.metrics]

    def compute_loss(self, x=None, y=None, y_pred=None, sample_weight=None, training=True):
        """The compiled loss and the layers' penalties."""
        self._require_compiled()
        loss = self._compiled["loss"]
        total = None
        outputs = self._compiled["outputs"]
        if outputs is not None and loss is not None:
            total = outputs.loss(y, y_pred, sample_weight)
        elif loss is not None:
            total = total_loss(loss, y, y_pred, sample_weight)
        for penalty in self.losses:
            total = penalty if total is None else total + penalty
        if total is None:
            raise ValueError("compute_loss: the model was compiled without a loss")
        return total

    def compute_metrics(self, x, y, y_pred, sample_weight=None):
        """Updates the compiled metrics and returns all results by name."""
        outputs = self._compiled["outputs"]
        if outputs is not None:
            outputs.update(y, y_pred)
        elif not isinstance(y_pred, (list, tuple, dict)):
            for metric in self.metrics[1:]:
                if metric in self._trackers:
                    metric.update_state(y, y_pred)
        return self.get_metrics_result()

    def get_metrics_result(self):
        return {m.name: _result(m) for m in self.metrics}

    def train_step(self, data):
        """One step of training on (x, y[, sample_weight]); override it for training of your own."""
        from .._tape import GradientTape

        x, y, weight = unpack(data)
        with GradientTape() as tape:
            y_pred = self(x, training=True)
            loss = self.compute_loss(x, y, y_pred, weight)
        variables = self.trainable_variables
        if variables:
            gradients = tape.gradient(self.optimizer.scale_loss(loss), variables)
            self.optimizer.apply(gradients, variables)
        self._track_loss(loss, x)
        return self.compute_metrics(x, y, y_pred, weight)

    def test_step(self, data):
        """One step of evaluation; override it beside train_step."""
        x, y, weight = unpack(data)
        y_pred = self(x, training=False)
        self._track_loss(self.compute_loss(x, y, y_pred, weight), x)
        return self.compute_metrics(x, y, y_pred, weight)

    def _track_loss(self, loss, x):
        rows = _nest.flatten(x)[0].shape[0]
        self.metrics[0].update_state(_core.broadcast_to(_core.stop_gradient(loss), [rows]))

    def _step_from_core(self, step, batch):
        data = _nest.pack(self._structure_now, batch)
        if isinstance(data, tuple) and len(data) == 1:
            data = (data[0],)
        scope = _core._NoteScope()
        try:
            logs = rewritten(getattr(self, step))(data)
        finally:
            del scope
        if not isinstance(logs, dict):
            raise TypeError(f"{type(self).__name__}.{step}() must return a dict of values")
        return logs

    def _prepare(self, batch):
        x, _, _ = unpack(_nest.pack(self._structure_now, batch))
        if not self._has_own_steps() or type(self).train_step is Steps.train_step:
            self(x, training=False)
            return
        try:  # train_step() may call other models than this one, or this one with something else
            self(x, training=False)
        except (Error, TypeError, ValueError, KeyError, AttributeError):
            pass

    def _reset_own_metrics(self):
        for metric in self.metrics:
            metric.reset_state()

    def reset_metrics(self):
        self._reset_own_metrics()

    def predict_step(self, data):
        return self(unpack(data)[0], training=False)


def _result(metric):
    """The metric's result; NaN within a capture if it is no op: the core asks for it after the step."""
    try:
        return metric.result()
    except NotSupportedError:
        if not _core._is_tracing():
            raise
        return _core.constant(math.nan, "float32")


def unpack(data):
    if not isinstance(data, tuple):
        return data, None, None
    return tuple(data) + (None,) * (3 - len(data))
