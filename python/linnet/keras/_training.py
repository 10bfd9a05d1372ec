"""compile, fit, evaluate, predict: Python values in, the core's loop inside."""

from .. import _core, _nest
from . import _layer
from ._arguments import as_list, checked_callbacks, metric_or_name, step_count, verbosity
from ._outputs import Outputs, names_of
from ._training_data import Data, array, is_dataset, is_generator, several, split_call


class Training:
    """Methods of every model."""

    def compile(self, optimizer="rmsprop", loss=None, loss_weights=None, metrics=None,
                weighted_metrics=None, run_eagerly=False, steps_per_execution=1,
                jit_compile="auto", auto_scale_loss=True, **kwargs):
        """Says how to train: optimizer, loss, metrics. Weights survive, optimizer state is new."""
        from . import losses, metrics as metrics_module, optimizers

        if kwargs:
            raise TypeError(f"compile: unexpected arguments {sorted(kwargs)}")
        optimizer = optimizers.get(optimizer)
        nested = isinstance(loss, (dict, list, tuple))
        checked = _nest.map_structure(losses.get, loss) if nested else losses.get(loss)
        names, outputs = names_of(self), None
        if names is not None:
            outputs = Outputs(names, checked, loss_weights, metrics)
            metrics = None
        elif loss_weights is not None:
            raise ValueError("compile: loss_weights are for models with several named outputs")
        named = [metric_or_name(m) for m in as_list(metrics)]
        weighted = [metric_or_name(m) for m in as_list(weighted_metrics)]
        core_loss = loss if isinstance(loss, str) else checked
        self._compile({"optimizer": optimizer, "loss": None if nested else core_loss,
                       "metrics": [metrics_module.for_core(m) if not isinstance(m, str) else m
                                   for m in (outputs.all() if outputs else named)],
                       "weighted_metrics": [metrics_module.for_core(m)
                                            if not isinstance(m, str) else m for m in weighted],
                       "run_eagerly": bool(run_eagerly)})
        if outputs:
            outputs.adopt(self._compiled_metrics())
        self.__dict__["_compiled"] = {"optimizer": optimizer, "loss": checked, "metrics": named,
                                      "weighted_metrics": weighted,
                                      "run_eagerly": bool(run_eagerly), "given_loss": loss,
                                      "outputs": outputs}
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

    # The loops.

    def fit(self, x=None, y=None, batch_size=None, epochs=1, verbose="auto", callbacks=None,
            validation_split=0.0, validation_data=None, shuffle=True, class_weight=None,
            sample_weight=None, initial_epoch=0, steps_per_epoch=None, validation_steps=None,
            validation_batch_size=None, validation_freq=1):
        """Trains on arrays, nests of arrays, a Dataset or a generator; returns a History."""
        from .callbacks import History

        self._require_compiled()
        verbose = verbosity(verbose)
        if x is None:
            raise ValueError("fit: x is missing")
        if validation_split and validation_data is None and not (is_dataset(x)
                                                                 or is_generator(x)):
            (x, y, sample_weight), last = split_call(self, x, y, sample_weight, validation_split)
            validation_data = tuple(v for v in last if v is not None)
            validation_split = 0.0
        elif validation_split:
            raise ValueError("fit: validation_split needs arrays; give validation_data")
        data = Data(self, x, y, sample_weight, batch_size, shuffle)
        steps = step_count(steps_per_epoch, "steps_per_epoch")
        history = History()
        history._own_model = self
        options = {"epochs": epochs, "batch_size": 32 if batch_size is None else batch_size,
                   "validation_split": 0.0, "shuffle": bool(shuffle),
                   "initial_epoch": initial_epoch, "steps_per_epoch": steps,
                   "validation_steps": step_count(validation_steps, "validation_steps"),
                   "validation_batch_size": validation_batch_size,
                   "validation_freq": validation_freq, "class_weight": class_weight}
        options["callbacks"] = checked_callbacks(callbacks) + [history]
        for callback in options["callbacks"]:
            if hasattr(callback, "_first_epoch"):
                options["initial_epoch"] = callback._first_epoch(initial_epoch)
        if validation_data is not None:
            self._add_validation(options, validation_data,
                                 validation_batch_size or batch_size, data)
        if class_weight is not None and data.weigh(class_weight):
            options["class_weight"] = None
        self._add_source(options, data)
        self._show(options, verbose, epochs, data, options["batch_size"], steps)
        history._run_params = {"verbose": verbose, "epochs": epochs,
                               "steps": options["total_steps"]}
        self.__dict__["history"] = history
        self._run(self._fit, options, data)
        return history

    def _add_validation(self, options, validation_data, batch_size, data):
        if is_dataset(validation_data) or is_generator(validation_data):
            other = Data(self, validation_data, op="validation_data")
        else:
            if not isinstance(validation_data, (tuple, list)) or len(validation_data) not in (2, 3):
                raise ValueError("fit: validation_data is (x, y), (x, y, sample_weight) or a "
                                 "Dataset")
            other = Data(self, *validation_data, batch_size=batch_size, op="validation_data")
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
            total = known if known >= 0 else data.length
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
        data = Data(self, x, y, sample_weight, batch_size, op="evaluate")
        if steps is not None and data.dataset is not None:
            data.dataset = data.dataset.take(step_count(steps, "steps"))
        options = {"batch_size": 32 if batch_size is None else batch_size,
                   "callbacks": checked_callbacks(callbacks)}
        self._add_source(options, data)
        self._show(options, verbosity(verbose), None, data, options["batch_size"], None)
        logs = self._run(self._evaluate, options, data)
        return _results(logs, return_dict)

    def predict(self, x, batch_size=None, verbose="auto", steps=None, callbacks=None):
        """The outputs as NumPy arrays."""
        data = Data(self, x, batch_size=batch_size, op="predict")
        if data.dataset is not None and steps is not None:
            data.dataset = data.dataset.take(step_count(steps, "steps"))
        nested = data.structure is not None and (
            isinstance(data.structure, dict) or several(self, x) or
            not isinstance(_first(data.structure), int))
        if nested or self._several_outputs():
            return self._predict_nest(data, batch_size or 32)
        options = {"batch_size": 32 if batch_size is None else batch_size,
                   "callbacks": checked_callbacks(callbacks)}
        if data.arrays is not None:
            options["x"] = data.arrays[0]
        else:
            options["dataset"] = data.dataset.map(lambda e: e[:1], 1)
        self._show(options, verbosity(verbose), None, data, options["batch_size"], None)
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
            logs = step(array(x, "x"), array(y, "y"), weight)
        return _results(logs, return_dict)

    def predict_on_batch(self, x):
        """The outputs for one batch, as NumPy arrays."""
        return _nest.map_structure(_numpy, self._predict_on_batch(array(x, "x")))


def _first(structure):
    return structure[0] if isinstance(structure, tuple) and structure else structure


def _results(logs, return_dict):
    if return_dict:
        return logs
    values = list(logs.values())
    return values[0] if len(values) == 1 else values


def _numpy(tensor):
    import numpy as np

    return np.array(_core.convert_to_tensor(tensor).numpy())
