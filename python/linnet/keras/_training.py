"""compile, fit, evaluate, predict: Python values in, the core's loop inside."""

import itertools
import sys

from .. import _core, _nest
from . import _layer


def _is_dataset(x):
    return hasattr(x, "_core_dataset")


def _is_generator(x):
    return hasattr(x, "__next__") or (hasattr(x, "__getitem__") and hasattr(x, "__len__")
                                      and hasattr(x, "on_epoch_end"))




def _frame_to_array(x):
    return x.to_numpy() if hasattr(x, "to_numpy") else x


def _array(x, what):
    x = _frame_to_array(x)
    try:
        tensor = _core._tensor_in_place(x)
    except (TypeError, ValueError) as problem:
        raise type(problem)(f"{what}: {problem}") from None
    return _core.cast(tensor, "float32") if tensor.dtype == "float64" else tensor


def _several(model, x):
    """Whether a list or dict of arrays feeds a model of several inputs."""
    if isinstance(x, dict):
        return True
    if not isinstance(x, (list, tuple)):
        return False
    inputs = getattr(model, "inputs", None)
    if inputs is not None:
        return len(inputs) > 1
    return isinstance(x, tuple)


def _labels(y, what="y"):
    return None if y is None else _array(y, what)


class _Data:
    """What fit, evaluate and predict were given: arrays {x, y, weight} or a dataset of batches."""

    def __init__(self, model, x, y=None, sample_weight=None, batch_size=None, shuffle=False,
                 op="fit"):
        self.arrays = self.dataset = self.structure = None
        self.own_steps = model._has_own_steps()
        if hasattr(x, "_shards") or _is_dataset(x):
            self._from_dataset(x, y, sample_weight, op)
        elif _is_generator(x):
            self._from_generator(x, y, op)
        elif _several(model, x) or isinstance(y, (dict,)) or (
                isinstance(y, (list, tuple)) and model._several_outputs()):
            self._from_nest(model, x, y, sample_weight, batch_size or 32, shuffle, op)
        else:
            if isinstance(x, str):
                raise ValueError(f"{op}: Unrecognized data type: x={x!r} (of type str)")
            arrays = [_array(x, "x"), _labels(y), _labels(sample_weight, "sample_weight")]
            if self.own_steps:
                kept = [a for a in arrays if a is not None]
                self._slices(kept, (0, 1, 2)[:len(kept)] if arrays[2] is None or y is not None
                             else None, batch_size or 32, shuffle)
                self.structure = tuple(range(len(kept)))
            else:
                self.arrays = arrays

    def _from_dataset(self, x, y, sample_weight, op):
        if y is not None or sample_weight is not None:
            raise ValueError(f"{op}: a Dataset yields targets and weights itself; leave y and "
                             "sample_weight out")
        self.dataset, structure = x._core_dataset(), x._structure()
        self.structure = structure
        leaves_alone = isinstance(structure, int) or (
            isinstance(structure, tuple) and all(isinstance(p, int) for p in structure))
        if not leaves_alone:
            self.own_steps = True

    def _from_generator(self, x, y, op):
        from ..data import Dataset

        if y is not None:
            raise ValueError(f"{op}: a generator yields targets itself; leave y out")
        if hasattr(x, "__getitem__"):
            source = x

            def batches():
                for i in range(len(source)):
                    yield source[i]
        else:
            first = next(x, None)  # looked at for its structure; the rest comes batch by batch
            if first is None:
                raise ValueError(f"{op}: no batch: the generator is empty")
            waiting = itertools.chain([first], x)

            def batches():
                yield from waiting

        dataset = Dataset.from_generator(batches)
        if not hasattr(x, "__getitem__"):
            dataset._know(first)
        self._from_dataset(dataset, None, None, op)

    def _slices(self, tensors, _, batch_size, shuffle):
        dataset = _core._Dataset.from_tensor_slices(tensors)
        if shuffle:
            dataset = dataset.shuffle(max(1, tensors[0].shape[0]), None, True)
        self.dataset = dataset.batch(batch_size, False)

    def _from_nest(self, model, x, y, sample_weight, batch_size, shuffle, op):
        parts = [x] + ([y] if y is not None else []) + (
            [sample_weight] if sample_weight is not None else [])
        tensors = [_array(leaf, op) for leaf in _nest.flatten(parts)]
        sizes = [t.shape[0] if t.ndim else None for t in tensors]
        if len(set(sizes)) > 1:
            raise ValueError(f"{op}: Data cardinality is ambiguous: sizes {sizes}")
        self._slices(tensors, None, batch_size, shuffle)
        self.structure = _nest.pack(tuple(parts), range(len(tensors)))
        self.own_steps = True


def _split(nest, fraction, op):
    """The first part of all arrays, and the last."""
    leaves = [None if leaf is None else _array(leaf, op) for leaf in _nest.flatten(nest)]
    n = next(leaf.shape[0] for leaf in leaves if leaf is not None)
    at = int(n * (1 - fraction))
    if not 0 < fraction < 1 or at in (0, n):
        raise ValueError(f"{op}: validation_split {fraction} of {n} samples leaves one side empty")
    first = [None if leaf is None else leaf[:at] for leaf in leaves]
    last = [None if leaf is None else leaf[at:] for leaf in leaves]
    return _nest.pack(nest, first), _nest.pack(nest, last)


class Training:
    """Methods of every model."""

    def compile(self, optimizer="rmsprop", loss=None, loss_weights=None, metrics=None,
                weighted_metrics=None, run_eagerly=False, steps_per_execution=1,
                jit_compile="auto", auto_scale_loss=True, **kwargs):
        """Says how to train: optimizer, loss, metrics. Weights survive, optimizer state is new."""
        from . import losses, metrics as metrics_module, optimizers

        if kwargs:
            raise TypeError(f"compile: unexpected arguments {sorted(kwargs)}")
        if loss_weights is not None:
            raise NotImplementedError("compile: loss_weights is not there yet")
        optimizer = optimizers.get(optimizer)
        several = isinstance(loss, (dict, list, tuple))
        checked = _nest.map_structure(losses.get, loss) if several else losses.get(loss)
        named = [_named(m) for m in _as_list(metrics)]
        weighted = [_named(m) for m in _as_list(weighted_metrics)]
        core_loss = loss if isinstance(loss, str) else checked
        self._compile({"optimizer": optimizer, "loss": None if several else core_loss,
                       "metrics": [metrics_module.for_core(m) if not isinstance(m, str) else m
                                   for m in named],
                       "weighted_metrics": [metrics_module.for_core(m)
                                            if not isinstance(m, str) else m for m in weighted],
                       "run_eagerly": bool(run_eagerly)})
        self.__dict__["_compiled"] = {"optimizer": optimizer, "loss": checked, "metrics": named,
                                      "weighted_metrics": weighted,
                                      "run_eagerly": bool(run_eagerly), "given_loss": loss}
        self.__dict__["_trackers"] = None

    @property
    def optimizer(self):
        return self.__dict__.get("_compiled", {}).get("optimizer")

    @property
    def loss(self):
        return self.__dict__.get("_compiled", {}).get("given_loss")

    @property
    def run_eagerly(self):
        return self.__dict__.get("_compiled", {}).get("run_eagerly", False)

    def _require_compiled(self):
        if "_compiled" not in self.__dict__:
            raise ValueError("You must call `compile()` before using the model.")

    # What custom steps use.

    def _has_own_steps(self):
        kind = type(self)
        return (kind.train_step is not Training.train_step
                or kind.test_step is not Training.test_step
                or kind.compute_loss is not Training.compute_loss)

    def _several_outputs(self):
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
                trackers += self._compiled_metrics()
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
        if loss is not None:
            total = _total(loss, y, y_pred, sample_weight)
        for penalty in self.losses:
            total = penalty if total is None else total + penalty
        if total is None:
            raise ValueError("compute_loss: the model was compiled without a loss")
        return total

    def compute_metrics(self, x, y, y_pred, sample_weight=None):
        """Updates the compiled metrics and returns all results by name."""
        if not isinstance(y_pred, (list, tuple, dict)):
            for metric in self.metrics[1:]:
                if metric in self._trackers:
                    metric.update_state(y, y_pred)
        return self.get_metrics_result()

    def get_metrics_result(self):
        return {m.name: m.result() for m in self.metrics}

    def train_step(self, data):
        """One step of training on (x, y[, sample_weight]); override it for training of your own."""
        from .._tape import GradientTape

        x, y, weight = _unpack(data)
        with GradientTape() as tape:
            y_pred = self(x, training=True)
            loss = self.compute_loss(x, y, y_pred, weight)
        variables = self.trainable_variables
        if variables:
            self.optimizer.apply(tape.gradient(loss, variables), variables)
        self._track_loss(loss, x)
        return self.compute_metrics(x, y, y_pred, weight)

    def test_step(self, data):
        """One step of evaluation; override it beside train_step."""
        x, y, weight = _unpack(data)
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
            logs = getattr(self, step)(data)
        finally:
            del scope
        if not isinstance(logs, dict):
            raise TypeError(f"{type(self).__name__}.{step}() must return a dict of values")
        return logs

    def _prepare(self, batch):
        x, _, _ = _unpack(_nest.pack(self._structure_now, batch))
        self(x, training=False)

    def _reset_own_metrics(self):
        for metric in self.metrics:
            metric.reset_state()

    def reset_metrics(self):
        self._reset_own_metrics()

    # The loops.

    def fit(self, x=None, y=None, batch_size=None, epochs=1, verbose="auto", callbacks=None,
            validation_split=0.0, validation_data=None, shuffle=True, class_weight=None,
            sample_weight=None, initial_epoch=0, steps_per_epoch=None, validation_steps=None,
            validation_batch_size=None, validation_freq=1):
        """Trains on arrays, nests of arrays, a Dataset or a generator; returns a History."""
        from .callbacks import History

        self._require_compiled()
        verbose = _verbosity(verbose)
        if x is None:
            raise ValueError("fit: x is missing")
        if validation_split and validation_data is None and not (_is_dataset(x)
                                                                 or _is_generator(x)):
            (x, y, sample_weight), last = _split_call(self, x, y, sample_weight, validation_split)
            validation_data = tuple(v for v in last if v is not None)
            validation_split = 0.0
        elif validation_split:
            raise ValueError("fit: validation_split needs arrays; give validation_data")
        data = _Data(self, x, y, sample_weight, batch_size, shuffle)
        steps = _steps(steps_per_epoch, "steps_per_epoch")
        history = History()
        history._own_model = self
        options = {"epochs": epochs, "batch_size": 32 if batch_size is None else batch_size,
                   "validation_split": 0.0, "shuffle": bool(shuffle),
                   "initial_epoch": initial_epoch, "steps_per_epoch": steps,
                   "validation_steps": _steps(validation_steps, "validation_steps"),
                   "validation_batch_size": validation_batch_size,
                   "validation_freq": validation_freq, "class_weight": class_weight}
        options["callbacks"] = _callbacks(callbacks) + [history]
        if validation_data is not None:
            self._add_validation(options, validation_data,
                                 validation_batch_size or batch_size, data)
        if class_weight is not None and data.arrays is None:
            raise ValueError("fit: class_weight needs arrays")
        self._add_source(options, data)
        self._show(options, verbose, epochs, data, options["batch_size"], steps)
        history._run_params = {"verbose": verbose, "epochs": epochs,
                               "steps": options["total_steps"]}
        self.__dict__["history"] = history
        self._run(self._fit, options, data)
        return history

    def _add_validation(self, options, validation_data, batch_size, data):
        if _is_dataset(validation_data) or _is_generator(validation_data):
            other = _Data(self, validation_data, op="validation_data")
        else:
            if not isinstance(validation_data, (tuple, list)) or len(validation_data) not in (2, 3):
                raise ValueError("fit: validation_data is (x, y), (x, y, sample_weight) or a "
                                 "Dataset")
            other = _Data(self, *validation_data, batch_size=batch_size, op="validation_data")
        if other.own_steps and not data.own_steps or data.own_steps and other.arrays is not None:
            raise ValueError("fit: validation_data must be nested as the training data")
        if other.arrays is not None:
            options["validation_arrays"] = other.arrays
        else:
            options["validation_dataset"] = other.dataset

    def _add_source(self, options, data):
        if data.arrays is not None:
            options["arrays"] = data.arrays
        else:
            options["dataset"] = data.dataset

    def _show(self, options, verbose, epochs, data, batch_size, steps):
        from . import _progress

        total = steps
        if total is None and data.arrays is not None and isinstance(batch_size, int):
            total = -(-data.arrays[0].shape[0] // batch_size) if batch_size > 0 else None
        elif total is None and data.dataset is not None:
            known = data.dataset.cardinality()
            total = known if known >= 0 else None
        options["total_steps"] = total
        self.__dict__["_verbose"] = verbose
        if verbose:
            options["progress"] = _progress.Progress(verbose, epochs, total)
            options["live"] = options["progress"].bar

    def _run(self, loop, options, data):
        self._set_own_steps(data.own_steps)
        self.__dict__["_structure_now"] = data.structure
        with _layer.training_scope(None):
            return loop(options)

    def evaluate(self, x=None, y=None, batch_size=None, verbose="auto", sample_weight=None,
                 steps=None, callbacks=None, return_dict=False, **kwargs):
        """Loss and metrics: [loss, metric...], a float if there are no metrics, or a dict."""
        self._require_compiled()
        data = _Data(self, x, y, sample_weight, batch_size, op="evaluate")
        if steps is not None and data.dataset is not None:
            data.dataset = data.dataset.take(_steps(steps, "steps"))
        options = {"batch_size": 32 if batch_size is None else batch_size,
                   "callbacks": _callbacks(callbacks)}
        self._add_source(options, data)
        self._show(options, _verbosity(verbose), None, data, options["batch_size"], None)
        logs = self._run(self._evaluate, options, data)
        return _results(logs, return_dict)

    def predict(self, x, batch_size=None, verbose="auto", steps=None, callbacks=None):
        """The outputs as NumPy arrays."""
        data = _Data(self, x, batch_size=batch_size, op="predict")
        if data.dataset is not None and steps is not None:
            data.dataset = data.dataset.take(_steps(steps, "steps"))
        several = data.structure is not None and (
            isinstance(data.structure, dict) or _several(self, x) or
            not isinstance(_first(data.structure), int))
        if several or self._several_outputs():
            return self._predict_nest(data, batch_size or 32)
        options = {"batch_size": 32 if batch_size is None else batch_size,
                   "callbacks": _callbacks(callbacks)}
        if data.arrays is not None:
            options["x"] = data.arrays[0]
        else:
            options["dataset"] = data.dataset.map(lambda e: e[:1], 1)
        self._show(options, _verbosity(verbose), None, data, options["batch_size"], None)
        with _layer.training_scope(None):
            return _numpy(self._predict(options))

    def _predict_nest(self, data, batch_size):
        import numpy as np

        if data.dataset is None:
            data.dataset = _core._Dataset.from_tensor_slices(data.arrays[:1]).batch(batch_size,
                                                                                    False)
            data.structure = 0
        outputs, structure, pass_ = [], None, data.dataset.begin()
        while (batch := pass_.next()) is not None:
            nest = _nest.pack(data.structure, batch)
            y = self(nest[0] if isinstance(nest, tuple) else nest, training=False)
            structure = y
            outputs.append(_nest.flatten(y))
        if not outputs:
            raise ValueError("predict: no batch: the dataset is empty")
        return _nest.pack(structure, [np.concatenate([_numpy(p) for p in column])
                                      for column in zip(*outputs)])

    def train_on_batch(self, x, y=None, sample_weight=None, class_weight=None, return_dict=False):
        """One step on one batch; metrics of this batch alone."""
        return self._on_batch(self._train_on_batch, x, y, sample_weight, return_dict)

    def test_on_batch(self, x, y=None, sample_weight=None, return_dict=False):
        """Loss and metrics of one batch."""
        return self._on_batch(self._test_on_batch, x, y, sample_weight, return_dict)

    def _on_batch(self, step, x, y, weight, return_dict):
        self._require_compiled()
        if isinstance(x, dict) or isinstance(y, dict) or self._has_own_steps():
            own = True
            parts = tuple(p for p in (x, y, weight) if p is not None)
            if isinstance(x, dict) or isinstance(y, dict):
                raise NotImplementedError("train_on_batch takes one input and one output")
            self.__dict__["_structure_now"] = tuple(range(len(parts)))
        else:
            own = False
        self._set_own_steps(own)
        with _layer.training_scope(None):
            logs = step(_array(x, "x"), _array(y, "y"), weight)
        return _results(logs, return_dict)

    def predict_on_batch(self, x):
        """The outputs for one batch, as NumPy arrays."""
        return _nest.map_structure(_numpy, self._predict_on_batch(_array(x, "x")))

    def predict_step(self, data):
        return self(_unpack(data)[0], training=False)

    # Looking at it, saving it.

    @property
    def layers(self):
        kept = self.__dict__.get("_kept_layers")
        return list(kept.list) if kept is not None else list(self._sublayers)

    def get_layer(self, name=None, index=None):
        """A layer by name or place."""
        layers = self.layers
        if index is not None:
            return layers[index]
        for layer in layers:
            if layer.name == name:
                return layer
        raise ValueError(f"No such layer: {name}. Existing layers are: "
                         f"{[layer.name for layer in layers]}")

    def summary(self, line_length=None, positions=None, print_fn=None, expand_nested=False,
                show_trainable=False, layer_range=None):
        """Prints Keras's table of layers, shapes and parameters."""
        text = self._summary_text(line_length or 76)
        if print_fn is not None:
            print_fn(text)
        else:
            sys.stdout.write(text if text.endswith("\n") else text + "\n")

    def save(self, filepath, overwrite=True, **_):
        """Architecture, weights and compile arguments as one zip file."""
        from .saving import save_model

        save_model(self, filepath, overwrite)

    def save_weights(self, filepath, overwrite=True):
        """The weights as a safetensors file."""
        from .saving import save_weights

        save_weights(self, filepath, overwrite)

    def load_weights(self, filepath, skip_mismatch=False, **_):
        """Reads weights that save_weights() wrote; nothing is set unless all fit."""
        from .saving import load_weights

        load_weights(self, filepath)

    def to_json(self, **kwargs):
        """The architecture as JSON."""
        from .saving import to_json

        return to_json(self, **kwargs)

    def __reduce__(self):
        from .saving import pickle_model

        return pickle_model(self)


def _first(structure):
    return structure[0] if isinstance(structure, tuple) and structure else structure


def _unpack(data):
    if not isinstance(data, tuple):
        return data, None, None
    return tuple(data) + (None,) * (3 - len(data))


def _total(loss, y, y_pred, weight):
    from . import losses

    if isinstance(loss, dict):
        return sum(_total(loss[key], y[key], y_pred[key], weight) for key in loss)
    if isinstance(loss, (list, tuple)):
        return sum(_total(part, a, b, weight)
                   for part, a, b in zip(loss, y, _nest.flatten(y_pred)))
    if isinstance(y_pred, (dict, list, tuple)):
        keys = y_pred if isinstance(y_pred, dict) else range(len(y_pred))
        return sum(_total(loss, y[key], y_pred[key], weight) for key in keys)
    if isinstance(loss, losses.Loss):
        return loss(y, y_pred, weight)
    values = loss(y, y_pred)
    if weight is not None:
        values = values * _core.cast(weight, values.dtype)
    return _core.reduce_mean(values)


def _as_list(metrics):
    if metrics is None:
        return []
    if isinstance(metrics, dict):
        raise NotImplementedError("compile: metrics per output are not there yet")
    return list(metrics) if isinstance(metrics, (list, tuple)) else [metrics]


def _named(metric):
    from . import metrics as metrics_module

    if isinstance(metric, str) and metric in ("accuracy", "acc"):
        return metric
    if isinstance(metric, str):
        core = _core._metric_from_name(metric)  # ValueError for an unknown one
        del core
        return metric
    return metrics_module.get(metric)


def _verbosity(verbose):
    if verbose == "auto":
        return 1
    if verbose not in (0, 1, 2, True, False):
        raise ValueError(f"verbose: expected 0, 1, 2 or 'auto', got {verbose!r}")
    return int(verbose)


def _steps(value, name):
    if value is None:
        return None
    if not isinstance(value, int) or value < 1:
        raise ValueError(f"{name}: expected at least 1, got {value!r}")
    return value


def _callbacks(callbacks):
    if callbacks is None:
        return []
    found = list(callbacks) if isinstance(callbacks, (list, tuple)) else [callbacks]
    for callback in found:
        if not isinstance(callback, _core.Callback):
            raise TypeError(f"callbacks: expected Callbacks, got {type(callback).__name__}")
    return found


def _split_call(model, x, y, weight, fraction):
    if isinstance(x, (dict, tuple)) or _several(model, x):
        first, last = _split((x, y, weight), fraction, "fit")
        return first, last
    (a, b, c), (d, e, f) = _split((_array(x, "x"), _labels(y), _labels(weight)), fraction, "fit")
    return (a, b, c), (d, e, f)


def _results(logs, return_dict):
    if return_dict:
        return logs
    values = list(logs.values())
    return values[0] if len(values) == 1 else values


def _numpy(tensor):
    import numpy as np

    return np.array(_core.convert_to_tensor(tensor).numpy())


