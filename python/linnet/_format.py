"""How tensors and variables print: TensorFlow's forms with Linnet's name."""


def _values(array):
    import numpy as np

    return np.array2string(array, separator=" ") if array.ndim else str(array[()])


def tensor_repr(x):
    if x._is_traced:
        return tensor_str(x)
    import numpy as np

    array = np.asarray(x)
    values = repr(array) if array.ndim else str(array[()])
    return f"<linnet.Tensor: shape={x.shape}, dtype={x.dtype.name}, numpy={values}>"


def tensor_str(x):
    if x._is_traced:
        return f"linnet.Tensor(traced, shape={x.shape}, dtype={x.dtype.name})"
    import numpy as np

    return f"linnet.Tensor({_values(np.asarray(x))}, shape={x.shape}, dtype={x.dtype.name})"


def variable_repr(v):
    head = f"<linnet.Variable '{v.name}' shape={v.shape} dtype={v.dtype.name}"
    value = v.value()
    if value._is_traced:
        return head + ">"
    import numpy as np

    array = np.asarray(value)
    values = repr(array) if array.ndim else str(array[()])
    return f"{head}, numpy={values}>"


class Reference:
    """A hashable stand-in for a tensor or variable."""

    __slots__ = ("_object", "_key")

    def __init__(self, obj):
        self._object = obj
        self._key = obj._id

    def deref(self):
        return self._object

    def __hash__(self):
        return hash(self._key)

    def __eq__(self, other):
        return isinstance(other, Reference) and self._key == other._key
