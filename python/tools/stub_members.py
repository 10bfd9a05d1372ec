"""Members of stubs that are written by hand: operators, hooks, overloads."""

_COMPARISONS = "".join(
    f"def __{name}__(self, other: Any) -> linnet.Tensor: {'...  # type: ignore[override]' if name in ('eq', 'ne') else '...'}\n"
    for name in ("eq", "ne", "lt", "le", "gt", "ge"))
_ARITHMETIC = "".join(
    f"def __{side}{name}__(self, other: Any) -> linnet.Tensor: ...\n"
    for name in ("add", "sub", "mul", "truediv", "floordiv", "mod", "pow", "matmul", "and", "or",
                 "xor", "lshift", "rshift") for side in ("", "r"))
_UNARY = "".join(f"def __{name}__(self) -> linnet.Tensor: ...\n"
                 for name in ("neg", "pos", "abs", "invert"))
_CONVERSIONS = """
def __bool__(self) -> _bool: ...
def __float__(self) -> float: ...
def __int__(self) -> int: ...
def __index__(self) -> int: ...
def __len__(self) -> int: ...
def __iter__(self) -> Iterator[linnet.Tensor]: ...
def __getitem__(self, key: Any) -> linnet.Tensor: ...
"""
_OPERATORS = {"operators": _ARITHMETIC + _UNARY + _COMPARISONS,
              "conversions": _CONVERSIONS, "__iter__": None, "__hash__": None}
_ASSIGN = "".join(f"""def {name}(self, {argument}: _TensorLike, *args: Any, **kwargs: Any) -> Variable: ...
""" for name, argument in (("assign", "value"), ("assign_add", "delta"), ("assign_sub", "delta")))
_ASSIGN += "".join(f"def __i{name}__(self, other: Any) -> Variable: ...\n"
                   for name in ("add", "sub", "mul", "truediv"))
_ANY_CALL = "def {0}(self, *args: Any, **kwargs: Any) -> Any: ..."
_HOOKS = "".join(
    f"def on_{name}_{when}(self, logs: dict[str, Any] | None = None) -> None: ...\n"
    for name in ("train", "test", "predict") for when in ("begin", "end")) + "".join(
    f"def on_{name}_{when}(self, {place}: int, logs: dict[str, Any] | None = None) -> None: ...\n"
    for name, place in (("epoch", "epoch"), ("train_batch", "batch"), ("test_batch", "batch"),
                        ("predict_batch", "batch")) for when in ("begin", "end"))

_ARRAY = "def {0}(self, {1}, name: str | None = None) -> TensorArray: ..."
_ARRAY_TENSOR = "def {0}(self, {1}name: str | None = None) -> Tensor: ..."
_TENSOR_ARRAY = {
    **{n: _ARRAY.format(n, p) for n, p in (
        ("write", "index: Any, value: _TensorLike"), ("unstack", "value: _TensorLike"),
        ("scatter", "indices: Any, value: _TensorLike"),
        ("split", "value: _TensorLike, lengths: Any"))},
    **{n: _ARRAY_TENSOR.format(n, p) for n, p in (
        ("read", "index: Any, "), ("gather", "indices: Any, "), ("stack", ""), ("concat", ""),
        ("size", ""))},
    "identity": "def identity(self) -> TensorArray: ...", "dynamic_size": "dynamic_size: _bool",
    "element_shape": "@property\ndef element_shape(self) -> TensorShape: ...",
    "close": "def close(self, name: str | None = None) -> None: ...",
    "mark_used": "def mark_used(self) -> None: ..."}

# Members of classes written by hand: {class: {member or label: text, or None to leave it out}}.
CLASS_EXTRAS = {
    "linnet.Tensor": _OPERATORS,
    "linnet.Variable": {
        **_OPERATORS, "assignment": _ASSIGN, "assign": None, "assign_add": None,
        "assign_sub": None, "__getitem__": None, "__len__": None, "__bool__": None},
    "linnet.TensorShape": {
        "__init__": "def __init__(self, dims: Any = ()) -> None: ...",
        "__getitem__": "def __getitem__(self, key: Any) -> Any: ...",
        "ndims": "@property\ndef ndims(self) -> int: ..."},
    "linnet.TensorArray": _TENSOR_ARRAY,
    "linnet.GradientTape": {"gradient": '''
@overload
def gradient(self, target: Any, sources: Tensor | Variable, output_gradients: Any = None,
             unconnected_gradients: str = "none") -> Tensor | Any:
    """d(sum of targets)/d(sources), nested as the sources are."""
@overload
def gradient(self, target: Any, sources: Sequence[Tensor | Variable],
             output_gradients: Any = None, unconnected_gradients: str = "none") -> list[Tensor | Any]: ...
@overload
def gradient(self, target: Any, sources: Any, output_gradients: Any = None,
             unconnected_gradients: str = "none") -> Any: ...
''', "__enter__": "def __enter__(self) -> GradientTape: ..."},
    "linnet.keras.layers.Layer": {
        "__call__": '''
@overload
def __call__(self, inputs: _KerasTensor | Sequence[_KerasTensor], *args: Any, **kwargs: Any) -> _KerasTensor: ...
@overload
def __call__(self, inputs: Any, *args: Any, **kwargs: Any) -> linnet.Tensor: ...
''',
        "__getattr__": "def __getattr__(self, name: str) -> Any: ...  # weights by their names",
        "call": _ANY_CALL.format("call"), "trainable": "trainable: _bool", "name": "name: str"},
    "linnet.keras.models.Model": {
        "__init__": "def __init__(self, *args: Any, inputs: Any = None, outputs: Any = None, "
                    "name: str | None = None, trainable: _bool = True, "
                    "dtype: _DTypeLike | None = None, **kwargs: Any) -> None: ...",
        "history": "history: linnet.keras.callbacks.History", "stop_training": "stop_training: _bool",
        "optimizer": "optimizer: Any", "loss": "loss: Any",
        **{n: _ANY_CALL.format(n) for n in ("train_step", "test_step", "predict_step")}},
    "linnet.keras.models.Functional": {"call": None},
    "linnet.keras.losses.Loss": {
        "call": _ANY_CALL.format("call"),
        "__call__": "def __call__(self, y_true: _TensorLike, y_pred: _TensorLike, "
                    "sample_weight: Any = None) -> linnet.Tensor: ..."},
    "linnet.keras.metrics.Metric": {
        **{n: _ANY_CALL.format(n) for n in ("update_state", "result")}, "name": "name: str"},
    "linnet.keras.callbacks.Callback": {"hooks": _HOOKS, "model": "model: Any"},
    "linnet.keras.callbacks.History": {
        "history": "history: dict[str, list[Any]]", "epoch": "epoch: list[int]"},
    "linnet.keras.optimizers.Optimizer": {"learning_rate": "learning_rate: Any", "lr": "lr: Any"},
    "linnet.data.Dataset": {
        "__init__": None, "__iter__": "def __iter__(self) -> Iterator[Any]: ..."},
}
_RECURRENT = {"__call__": "def __call__(self, sequences: Any, initial_state: Any = None, "
                          "training: _bool | None = None, mask: Any = None) -> Any: ..."}
for _name in ("LSTM", "GRU", "SimpleRNN"):
    CLASS_EXTRAS[f"linnet.keras.layers.{_name}"] = _RECURRENT

_FUNCTION = '''
_P = ParamSpec("_P")
_R = TypeVar("_R")

class _Function(Generic[_P, _R]):
    """A captured function."""

    def __call__(self, *args: _P.args, **kwargs: _P.kwargs) -> _R: ...
    def __get__(self, instance: Any, owner: Any = None) -> Callable[..., _R]: ...
    @property
    def python_function(self) -> Callable[..., Any]: ...
    def get_concrete_function(self, *args: Any, **kwargs: Any) -> Callable[..., _R]: ...
    def experimental_get_tracing_count(self) -> int: ...
    def pretty_printed_concrete_signatures(self, verbose: _bool = True) -> str: ...
    def graph(self) -> str: ...
    def plan(self) -> str: ...
'''
# Module members written by hand; names that begin with an underscore come first. None: left out.
REPLACED = {
    "linnet": {
        "_Function": _FUNCTION,
        "function": '''
@overload
def function(func: Callable[_P, _R], input_signature: Any = None, autograph: _bool = True,
             jit_compile: _bool | None = None, reduce_retracing: _bool = False,
             **kwargs: Any) -> _Function[_P, _R]:
    """{doc}"""
@overload
def function(func: None = None, input_signature: Any = None, autograph: _bool = True,
             jit_compile: _bool | None = None, reduce_retracing: _bool = False,
             **kwargs: Any) -> Callable[[Callable[_P, _R]], _Function[_P, _R]]: ...
''',
        "reduce_mean": '''
@overload
def reduce_mean(input_tensor: Callable[[Tensor], Tensor], axis: _Axis = None,
                keepdims: _bool = False,
                name: str | None = None) -> Callable[[_TensorLike, _TensorLike], Tensor]: ...
@overload
def reduce_mean(input_tensor: _TensorLike, axis: _Axis = None, keepdims: _bool = False,
                name: str | None = None) -> Tensor:
    """{doc}"""
''',
        "newaxis": "newaxis: None",
    },
    "linnet.keras.datasets": {
        "_Images": '''
_Arrays = tuple[npt.NDArray[Any], npt.NDArray[Any]]

class _Images:
    def load_data(self, path: str | None = None) -> tuple[_Arrays, _Arrays]:
        """((x_train, y_train), (x_test, y_test)) as uint8 NumPy arrays."""
''',
        "mnist": "mnist: _Images", "fashion_mnist": "fashion_mnist: _Images",
    },
}
