"""What stubs.py cannot read off the package: the types behind names of parameters and functions."""

# Types of parameters by name, where the name says enough.
_PARAMETERS = {
    "name": "str | None", "axis": "_Axis", "axes": "Any", "keepdims": "_bool", "seed": "Any",
    "dtype": "_DTypeLike | None", "out_type": "_DTypeLike", "output_type": "_DTypeLike | None",
    "shape": "_ShapeLike | None", "input_shape": "Any", "batch_shape": "Any",
    "batch_input_shape": "Any", "input_length": "int | None", "autocast": "_bool",
    "activation": "_Activation", "recurrent_activation": "_Activation", "use_bias": "_bool",
    "trainable": "_bool", "units": "int", "filters": "int", "kernel_size": "_Size",
    "strides": "_Size | None", "padding": "str", "data_format": "str | None",
    "dilation_rate": "_Size", "groups": "int", "pool_size": "_Size", "rate": "float",
    "noise_shape": "Sequence[int | None] | None", "depth_multiplier": "int", "n": "int",
    "target_shape": "Sequence[int]", "dims": "Sequence[int]", "stddev": "float",
    "output_padding": "_Size | None", "interpolation": "str", "max_value": "float | None",
    "min_value": "float | None", "negative_slope": "float", "threshold": "float",
    "alpha": "float | None", "shared_axes": "Sequence[int] | None", "momentum": "float",
    "epsilon": "float", "center": "_bool", "scale": "Any", "offset": "Any",
    "num_heads": "int", "key_dim": "int", "value_dim": "int | None", "dropout": "float",
    "recurrent_dropout": "float", "return_sequences": "_bool", "return_state": "_bool",
    "go_backwards": "_bool", "stateful": "_bool", "unroll": "_bool", "reset_after": "_bool",
    "unit_forget_bias": "_bool", "merge_mode": "str | None", "mask_zero": "_bool",
    "output_dim": "int", "normalize": "_bool", "invert": "_bool",
    "function": "Callable[..., Any]", "map_func": "Callable[..., Any]",
    "predicate": "Callable[..., Any]", "reduce_func": "Callable[..., Any]",
    "transformation_func": "Callable[[Dataset], Dataset]", "schedule": "Callable[..., float]",
    "generator": "Callable[..., Iterable[Any]]", "output_types": "Any", "output_shapes": "Any",
    "output_signature": "Any", "datasets": "Any", "dataset": "Any", "buffer_size": "int",
    "reshuffle_each_iteration": "_bool | None", "drop_remainder": "_bool",
    "num_parallel_calls": "int | None", "deterministic": "_bool | None", "count": "int | None",
    "num_shards": "int", "index": "int | None", "filename": "_Path", "padded_shapes": "Any",
    "padding_values": "Any",
    "layers": "Sequence[Any] | None", "layer": "linnet.keras.layers.Layer",
    "x": "Any", "y": "Any", "sample_weight": "Any", "batch_size": "int | None", "epochs": "int",
    "verbose": "int | str", "callbacks": "Any", "validation_split": "float",
    "validation_data": "Any", "shuffle": "_bool", "class_weight": "Mapping[int, float] | None",
    "initial_epoch": "int", "steps_per_epoch": "int | None", "validation_steps": "int | None",
    "validation_batch_size": "int | None", "validation_freq": "Any", "steps": "int | None",
    "return_dict": "_bool", "optimizer": "Any", "loss": "Any", "loss_weights": "Any",
    "metrics": "Any", "weighted_metrics": "Any", "run_eagerly": "_bool",
    "steps_per_execution": "int", "jit_compile": "Any", "auto_scale_loss": "_bool",
    "filepath": "_Path", "path": "_Path", "overwrite": "_bool", "skip_mismatch": "_bool",
    "custom_objects": "Mapping[str, Any] | None", "compile": "_bool", "safe_mode": "_bool",
    "line_length": "int | None", "positions": "Sequence[float] | None",
    "print_fn": "Callable[[str], Any] | None", "expand_nested": "_bool",
    "show_trainable": "_bool", "layer_range": "Any", "training": "_bool | None", "mask": "Any",
    "weights": "Sequence[Any]", "variables": "Sequence[linnet.Variable]",
    "grads_and_vars": "Iterable[Any]", "learning_rate": "Any", "beta_1": "float",
    "beta_2": "float", "rho": "float", "amsgrad": "_bool", "nesterov": "_bool",
    "centered": "_bool", "weight_decay": "float | None", "clipnorm": "float | None",
    "clipvalue": "float | None", "global_clipnorm": "float | None", "use_ema": "_bool",
    "ema_momentum": "float", "loss_scale_factor": "float | None",
    "gradient_accumulation_steps": "int | None",
    "initial_accumulator_value": "float", "initial_learning_rate": "float",
    "decay_steps": "int", "decay_rate": "float", "staircase": "_bool",
    "end_learning_rate": "float", "power": "float", "cycle": "_bool",
    "warmup_target": "float | None", "warmup_steps": "int", "boundaries": "Sequence[float]",
    "from_logits": "_bool", "label_smoothing": "float", "reduction": "str | None",
    "delta": "float", "ignore_class": "int | None", "thresholds": "Any", "top_k": "int | None",
    "class_id": "int | None", "num_classes": "int | None", "k": "int", "curve": "str",
    "summation_method": "str", "num_thresholds": "int", "y_true": "_TensorLike",
    "y_pred": "_TensorLike", "monitor": "str", "min_delta": "float", "patience": "int",
    "mode": "str", "baseline": "float | None", "restore_best_weights": "_bool",
    "start_from_epoch": "int", "factor": "float", "cooldown": "int", "min_lr": "float",
    "separator": "str", "append": "_bool", "save_best_only": "_bool",
    "save_weights_only": "_bool", "save_freq": "int | str",
    "initial_value_threshold": "float | None", "epoch": "int", "batch": "int",
    "logs": "dict[str, Any] | None", "mean": "Any", "minval": "Any", "maxval": "Any",
    "gain": "float", "l1": "float", "l2": "float", "value": "Any", "persistent": "_bool",
    "watch_accessed_variables": "_bool", "input_signature": "Any", "autograph": "_bool",
    "directory": "_Path", "labels": "Any", "label_mode": "str | None",
    "class_names": "Sequence[str] | None", "color_mode": "str", "image_size": "tuple[int, int]",
    "subset": "str | None", "maxlen": "int | None", "truncating": "str",
    "max_to_keep": "int | None", "checkpoint_name": "str", "config": "Any",
    "initial_value": "Any", "devices": "Any", "device_type": "str | None",
    "true_fn": "Callable[[], Any]", "false_fn": "Callable[[], Any]",
    "num_samples": "int",
}
_ENDINGS = {"_initializer": "_Initializer", "_regularizer": "_Regularizer", "_constraint": "_Constraint"}

# Types of parameters of one function, where the name alone says too little or says otherwise.
_OF_FUNCTION = {
    ("linnet.cond", "pred"): "_TensorLike",
    ("linnet.range", "start"): "_TensorLike", ("linnet.range", "limit"): "_TensorLike | None",
    ("linnet.range", "delta"): "_TensorLike",
    ("linnet.concat", "values"): "Sequence[_TensorLike]", ("linnet.concat", "axis"): "int",
    ("linnet.stack", "values"): "Sequence[_TensorLike]", ("linnet.stack", "axis"): "int",
    ("linnet.while_loop", "cond"): "Callable[..., Any]",
    ("linnet.while_loop", "body"): "Callable[..., Any]",
    ("linnet.map_fn", "fn"): "Callable[..., Any]",
    ("linnet.keras.layers.Layer.build", "input_shape"): "Any",
    ("linnet.keras.layers.Normalization.__init__", "axis"): "_Axis",
    ("linnet.data.Dataset.repeat", "count"): "int | None",
    ("linnet.data.Dataset.take", "count"): "int", ("linnet.data.Dataset.skip", "count"): "int",
    ("linnet.data.Dataset.shard", "index"): "int",
    ("linnet.data.Dataset.batch", "batch_size"): "int",
    ("linnet.data.Dataset.padded_batch", "batch_size"): "int",
    ("linnet.keras.layers.Rescaling.__init__", "scale"): "float",
    ("linnet.keras.layers.Embedding.__init__", "input_dim"): "int",
    ("linnet.keras.layers.Reshape.__init__", "target_shape"): "Sequence[int]",
    ("linnet.keras.losses.SparseCategoricalCrossentropy.__init__", "axis"): "int",
    ("linnet.keras.layers.ZeroPadding1D.__init__", "padding"): "_Size",
    ("linnet.keras.layers.ZeroPadding2D.__init__", "padding"): "Any",
    ("linnet.train.Checkpoint.__init__", "kwargs"): "Any",
    ("linnet.keras.ops.scan", "unroll"): "int",
    **{(f"linnet.keras.preprocessing.text.{name}", "filters"): "str" for name in (
        "one_hot", "text_to_word_sequence", "Tokenizer.__init__")},
}
# What a bound function's annotation becomes.
_BOUND = {"linnet.Tensor": "_TensorLike", "linnet.DType": "_DTypeLike",
          "typing.SupportsInt | typing.SupportsIndex": "int",
          "typing.SupportsInt | typing.SupportsIndex | None": "int | None",
          "typing.SupportsFloat | typing.SupportsIndex": "float",
          "Sequence[int]": "_ShapeLike", "int | Sequence[int] | None": "_Axis", "bool": "_bool",
          "str": "str", "collections.abc.Sequence[linnet.Tensor]": "Sequence[_TensorLike]"}
_BOUND_RETURN = {"linnet.Tensor": "linnet.Tensor", "linnet.DType": "linnet.DType", "bool": "_bool",
                 "Sequence[int]": "linnet.TensorShape", "None": "None", "str": "str", "int": "int",
                 "float": "float", "list[linnet.Tensor]": "list[linnet.Tensor]",
                 "list[linnet._core.Variable]": "list[linnet.Variable]",
                 "linnet._core.Variable": "linnet.Variable"}


def parameter_type(path, name, annotation, default):
    if (path, name) in _OF_FUNCTION:
        return _OF_FUNCTION[path, name]
    module, _, function = path.rpartition(".")
    if module + "." in _OPS and name in _OPERANDS:
        return "_TensorLike | None" if default == "None" else "_TensorLike"
    if annotation in _BOUND and not (name == "dtype" and default == "None"):
        return _BOUND[annotation]
    if name in _PARAMETERS:
        found = _PARAMETERS[name]
        optional = default == "None" and found not in ("Any", "_Axis") and "None" not in found
        return f"{found} | None" if optional and found != "_Activation" else found
    for ending, found in _ENDINGS.items():
        if name.endswith(ending) or name == ending[1:]:
            return found
    for kind in (bool, int, float, str):
        if default is not None and _is_literal(default, kind):
            return "_bool" if kind is bool else kind.__name__
    return "Any"


def _is_literal(text, kind):
    import ast

    try:
        return type(ast.literal_eval(text)) is kind
    except (ValueError, SyntaxError):
        return False


DUNDERS = {"__init__", "__call__", "__len__", "__iter__", "__getitem__", "__enter__", "__exit__",
           "__contains__", "__array__", "__dlpack__", "__dlpack_device__", "__bool__"}

_OPERANDS = {"x", "y", "a", "b", "t", "tensor", "input", "input_tensor", "values", "value", "logits",
             "labels", "predictions", "targets", "params", "ids", "indices", "condition", "mask",
             "y_true", "y_pred", "diagonal", "image", "images", "bias", "per_example_loss"}
_OPS = ("linnet.", "linnet.image.", "linnet.math.", "linnet.nn.", "linnet.linalg.", "linnet.random.",
        "linnet.keras.activations.", "linnet.keras.losses.", "linnet.keras.random.",
        "linnet.keras.ops.")
# Types of what functions and properties return; None: nothing.
_RETURNS = {
    "linnet.split": "list[linnet.Tensor]", "linnet.unstack": "list[linnet.Tensor]",
    "linnet.meshgrid": "list[linnet.Tensor]", "linnet.is_tensor": "_bool",
    "linnet.cond": "Any", "linnet.while_loop": "Any", "linnet.map_fn": "Any",
    **{f"linnet.{name}": "Any" for name in (
        "scan", "foldl", "foldr", "case", "switch_case", "vectorized_map", "get_static_value",
        "control_dependencies")},
    "linnet.group": "None", "linnet.no_op": "None", "linnet.Assert": "None",
    "linnet.dynamic_partition": "list[linnet.Tensor]", "linnet.identity_n": "list[linnet.Tensor]",
    "linnet.linalg.normalize": "tuple[linnet.Tensor, linnet.Tensor]",
    "linnet.random.get_global_generator": "Generator",
    **{f"linnet.keras.ops.{name}": "Any" for name in (
        "cond", "while_loop", "fori_loop", "scan", "switch", "map", "vectorized_map", "where")},
    **{f"linnet.keras.ops.{name}": "list[linnet.Tensor]" for name in (
        "split", "unstack", "meshgrid", "nonzero")},
    **{f"linnet.keras.ops.{name}": "tuple[linnet.Tensor, linnet.Tensor]" for name in (
        "moments", "top_k")},
    "linnet.keras.ops.shape": "tuple[Any, ...]", "linnet.keras.ops.ndim": "int",
    "linnet.keras.ops.size": "int", "linnet.keras.ops.dtype": "str",
    "linnet.keras.ops.unravel_index": "tuple[linnet.Tensor, ...]",
    "linnet.keras.ops.convert_to_numpy": "npt.NDArray[Any]",
    "linnet.keras.ops.is_tensor": "_bool",
    "linnet.keras.ops.custom_gradient": "Callable[..., linnet.Tensor]",
    "linnet.print": "None", "linnet.run_functions_eagerly": "None",
    "linnet.executing_eagerly": "_bool", "linnet.functions_run_eagerly": "_bool",
    "linnet.clip_by_global_norm": "tuple[list[Any], linnet.Tensor]",
    "linnet.custom_gradient": "Callable[..., linnet.Tensor]",
    "linnet.nn.moments": "tuple[linnet.Tensor, linnet.Tensor]",
    "linnet.math.top_k": "tuple[linnet.Tensor, linnet.Tensor]",
    "linnet.random.set_seed": "None",
    "linnet.as_dtype": "linnet.DType", "linnet.dtypes.as_dtype": "linnet.DType",
    "linnet.keras.losses.get": "Any", "linnet.keras.activations.get": "Callable[..., Any]",
    "linnet.keras.activations.serialize": "Any", "linnet.keras.activations.deserialize": "Any",
    "linnet.keras.losses.serialize": "Any", "linnet.keras.losses.deserialize": "Any",
}
# By the last part of the path: methods and properties, whatever their class.
_RETURNS_OF_NAME = {
    "__init__": "None", "__len__": "int", "__exit__": "None", "__bool__": "_bool",
    "shape": "linnet.TensorShape", "get_shape": "linnet.TensorShape", "dtype": "linnet.DType",
    "ndim": "int", "nbytes": "int", "device": "str", "set_shape": "None", "item": "Any",
    "tolist": "Any", "ref": "Any", "numpy": "npt.NDArray[Any]", "__array__": "npt.NDArray[Any]",
    "name": "str", "trainable": "_bool", "built": "_bool",
    "get_config": "dict[str, Any]", "get_weights": "list[npt.NDArray[Any]]",
    "set_weights": "None", "count_params": "int", "build": "None",
    "add_weight": "linnet.Variable", "add_variable": "linnet.Variable",
    "output_shape": "Any", "compute_output_shape": "Any",
    "variables": "list[linnet.Variable]", "weights": "list[linnet.Variable]",
    "trainable_variables": "list[linnet.Variable]",
    "trainable_weights": "list[linnet.Variable]",
    "non_trainable_variables": "list[linnet.Variable]",
    "non_trainable_weights": "list[linnet.Variable]", "losses": "list[linnet.Tensor]",
    "fit": "linnet.keras.callbacks.History", "compile": "None", "summary": "None", "save": "Any",
    "save_weights": "None", "load_weights": "None", "to_json": "str",
    "layers": "list[linnet.keras.layers.Layer]", "get_layer": "linnet.keras.layers.Layer",
    "metrics": "list[linnet.keras.metrics.Metric]", "metrics_names": "list[str]",
    "compute_loss": "linnet.Tensor", "compute_metrics": "dict[str, Any]",
    "get_metrics_result": "dict[str, Any]", "train_step": "dict[str, Any]",
    "test_step": "dict[str, Any]", "reset_metrics": "None", "run_eagerly": "_bool",
    "stop_training": "_bool", "reset_state": "None", "reset_states": "None",
    "as_list": "list[int | None]", "num_elements": "Any", "is_fully_defined": "_bool",
    "is_compatible_with": "_bool", "assert_is_compatible_with": "None", "rank": "int",
    "iterations": "linnet.Variable", "apply_gradients": "None", "apply": "None",
    "minimize": "None", "cardinality": "linnet.Tensor", "as_numpy_iterator": "Iterator[Any]",
    "watch": "None", "reset": "None", "watched_variables": "tuple[linnet.Variable, ...]",
    "stop_recording": "AbstractContextManager[None]", "scope": "AbstractContextManager[Any]",
    "set_floatx": "None", "clear_session": "None", "set_random_seed": "None",
    "set_global_policy": "None", "set_dtype_policy": "None", "floatx": "str",
    "epsilon": "float", "image_data_format": "str", "global_policy": "Any",
    "to_categorical": "npt.NDArray[Any]", "pad_sequences": "npt.NDArray[Any]",
    "img_to_array": "npt.NDArray[Any]", "adapt": "None", "restore": "CheckpointStatus",
    "read": "CheckpointStatus", "write": "str", "latest_checkpoint": "str | None",
    "assert_consumed": "CheckpointStatus", "expect_partial": "CheckpointStatus",
    "assert_existing_objects_matched": "CheckpointStatus", "checkpoints": "list[str]",
    "list_physical_devices": "list[PhysicalDevice]",
    "list_logical_devices": "list[LogicalDevice]", "set_logical_device_configuration": "None",
    "set_visible_devices": "None", "has_strategy": "_bool", "in_cross_replica_context": "_bool",
    "get_strategy": "Strategy", "load_model": "Any", "add": "None", "pop": "None",
    "set_model": "None", "model": "Any", "params": "dict[str, Any]", "set_lr": "None",
    "inputs": "list[_KerasTensor]", "outputs": "list[_KerasTensor]",
    "value": "linnet.Tensor", "read_value": "linnet.Tensor", "size": "int", "itemsize": "int",
    "is_floating": "_bool", "is_integer": "_bool", "is_unsigned": "_bool", "is_bool": "_bool",
    "is_complex": "_bool", "base_dtype": "linnet.DType", "as_numpy_dtype": "Any", "min": "Any",
    "max": "Any", "predict": "Any", "predict_on_batch": "Any", "num_replicas_in_sync": "int",
    "Input": "_KerasTensor", "dims": "list[int | None]", "state": "linnet.Variable",
    "uniform": "linnet.Tensor", "normal": "linnet.Tensor",
    "flatten": "list[Any]", "clone_model": "linnet.keras.models.Model",
    "model_from_json": "Any", "normalize": "npt.NDArray[Any]",
    "num_threads": "int", "reset_from_seed": "None",
    "set_intra_op_parallelism_threads": "None", "get_intra_op_parallelism_threads": "int",
    "set_inter_op_parallelism_threads": "None", "set_memory_growth": "None",
    "enumerate": "Dataset", "reduce": "linnet.Tensor | Any", "gather": "linnet.Tensor",
}
_DATASET = {"from_tensor_slices", "from_tensors", "from_generator", "range", "zip", "map",
            "filter", "flat_map", "enumerate", "shuffle", "batch", "unbatch", "repeat", "take",
            "skip", "shard", "concatenate", "cache", "prefetch", "with_options", "padded_batch"}


def return_type(path, value):
    name = path.rpartition(".")[2]
    if path in _RETURNS:
        return _RETURNS[path]
    if path.startswith("linnet.data.Dataset.") and name in _DATASET:
        return "Dataset"
    if path.startswith("linnet.keras.callbacks.") and name.startswith("on_"):
        return "None"
    module = path.rpartition(".")[0] + "."
    if name[0].islower() and module in _OPS:
        return "linnet.Tensor"
    doc = (getattr(value, "__doc__", None) or "").strip().split("\n")[0]
    said = doc.rpartition(" -> ")[2] if ") -> " in doc else None
    if said in _BOUND_RETURN:
        return _BOUND_RETURN[said]
    return _RETURNS_OF_NAME.get(name, "Any")


def attribute_type(name):
    return _RETURNS_OF_NAME.get(name, "Any")


def value_type(value):
    kind = type(value).__name__
    if kind == "DType":
        return "linnet.DType"
    for plain in (bool, int, float, str):
        if isinstance(value, plain):
            return "_bool" if plain is bool else plain.__name__
    if value is None:
        return "None"
    return "Any"
