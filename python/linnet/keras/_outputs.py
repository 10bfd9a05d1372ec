"""Losses and metrics of models with several outputs, by the outputs' names."""

from .. import _core, _nest
from . import _symbolic


def names_of(model):
    """The outputs' names: those of the layers they come from; None if that is not known."""
    if not model._several_outputs():
        return None
    outputs = model.outputs
    nest = model.output
    if isinstance(nest, dict):
        return list(nest)
    return [leaf._call.layer.name if _symbolic.is_one(leaf) and leaf._call is not None
            and hasattr(leaf._call.layer, "name") else f"output_{place}"
            for place, leaf in enumerate(outputs)]


def by_name(values, names, what):
    """Values for outputs as a dict: given as one, or in the outputs' order."""
    if isinstance(values, dict):
        unknown = sorted(set(values) - set(names))
        if unknown:
            raise ValueError(f"{what}: {unknown} are not among the outputs {list(names)}")
        return values
    values = list(values)
    if len(values) != len(names):
        raise ValueError(f"{what}: expected {len(names)} for the outputs {list(names)}, "
                         f"got {len(values)}")
    return dict(zip(names, values))


class Outputs:
    """What compile() was told about the outputs, one by one."""

    def __init__(self, names, loss, loss_weights, metrics):
        self.names = names
        several = isinstance(loss, (dict, list, tuple))
        self.losses = by_name(loss, names, "loss") if several else dict.fromkeys(names, loss)
        self.weights = {} if loss_weights is None else by_name(loss_weights, names, "loss_weights")
        from . import metrics as metrics_module

        self.trackers = {name: metrics_module.Mean(name=f"{name}_loss")
                         for name in names if self.losses.get(name) is not None}
        self.metrics = {}
        for name, given in by_name(metrics, names, "metrics").items() if metrics else ():
            given = given if isinstance(given, (list, tuple)) else [given]
            self.metrics[name] = [_metric(m, name) for m in given if m is not None]

    def all(self):
        return [*self.trackers.values(), *(m for found in self.metrics.values() for m in found)]

    def adopt(self, compiled):
        """Takes the core's clones of all() in place of the metrics themselves."""
        found = iter(compiled)
        self.trackers = {name: next(found) for name in self.trackers}
        self.metrics = {name: [next(found) for _ in own] for name, own in self.metrics.items()}

    def loss(self, y, y_pred, sample_weight):
        """The weighted sum of all losses."""
        y, y_pred = by_name(y, self.names, "y"), by_name(y_pred, self.names, "y_pred")
        total = None
        for name, loss in self.losses.items():
            if loss is None:
                continue
            weight = sample_weight
            if isinstance(weight, (dict, list, tuple)):
                weight = by_name(weight, self.names, "sample_weight").get(name)
            value = loss_value(loss, y[name], y_pred[name], weight)
            rows = _core.broadcast_to(_core.stop_gradient(value), [y_pred[name].shape[0]])
            self.trackers[name]._update_mean(rows, None)
            value = value * self.weights.get(name, 1.0)
            total = value if total is None else total + value
        return total

    def update(self, y, y_pred):
        y, y_pred = by_name(y, self.names, "y"), by_name(y_pred, self.names, "y_pred")
        for name, found in self.metrics.items():
            for metric in found:
                metric.update_state(y[name], y_pred[name])


def _metric(metric, output):
    from . import metrics as metrics_module

    if isinstance(metric, str):
        metric = _core._metric_from_name("accuracy" if metric == "acc" else metric)
    else:
        metric = metrics_module.get(metric)
    metric.name = f"{output}_{metric.name}"
    return metric


def loss_value(loss, y, y_pred, weight):
    """A loss object's or a function's value for one output."""
    from . import losses

    if isinstance(loss, losses.Loss):
        return loss(y, y_pred, weight)
    values = loss(y, y_pred)
    if weight is not None:
        values = values * _core.cast(weight, values.dtype)
    return _core.reduce_mean(values)


def total_loss(loss, y, y_pred, weight):
    """The sum of the losses of a nest of outputs that have no names."""
    if isinstance(loss, dict):
        return sum(total_loss(loss[key], y[key], y_pred[key], weight) for key in loss)
    if isinstance(loss, (list, tuple)):
        return sum(total_loss(part, a, b, weight)
                   for part, a, b in zip(loss, y, _nest.flatten(y_pred)))
    if isinstance(y_pred, (dict, list, tuple)):
        keys = y_pred if isinstance(y_pred, dict) else range(len(y_pred))
        return sum(total_loss(loss, y[key], y_pred[key], weight) for key in keys)
    return loss_value(loss, y, y_pred, weight)
