#include "common.hpp"

/// Arithmetic, comparison, indexing and iteration of tensors and variables.
namespace linnet_python {
namespace {

/// Runs f and turns C++ exceptions into Python's, as bound functions do.
template <class F>
PyObject* guarded(F&& f) noexcept {
  try {
    return f();
  } catch (...) {
    py::detail::try_translate_exceptions();
    return nullptr;
  }
}

Tensor self_tensor(PyObject* o) {
  return is_tensor(o) ? tensor_of(o) : py::handle(o).cast<Variable&>().value();
}

/// The tensor, if its value may be asked for.
Tensor concrete_tensor(PyObject* o, const char* what) {
  const Tensor x = self_tensor(o);
  if (x.is_traced()) {
    const py::object type = py::module_::import("linnet.errors").attr("ControlFlowError");
    const std::string message = std::string("[") + what +
                                "] a traced tensor has no value to branch on or to convert. "
                                "linnet.function rewrites `if`, `while` and `for` where it finds "
                                "a function's source; elsewhere use linnet.cond, "
                                "linnet.while_loop or where()";
    PyErr_SetString(type.ptr(), message.c_str());
    throw py::error_already_set();
  }
  return x;
}

template <Binary f>
PyObject* binary_slot(PyObject* a, PyObject* b) {
  return guarded([&]() -> PyObject* {
    Tensor y = call_binary(f, a, b);
    if (y.defined()) return wrap(std::move(y));
    Py_RETURN_NOTIMPLEMENTED;
  });
}

Tensor multiply_slot(const Operand& a, const Operand& b) { return linnet::multiply(a, b); }

/// int / int is float64, as in Python and TensorFlow (float32 for the short ones).
Tensor true_divide(const Operand& a, const Operand& b) {
  const auto integral = [](const Operand& o) {
    return o.is_scalar() ? !o.scalar().is_floating() : !linnet::is_floating(o.tensor().dtype());
  };
  const auto wide = [](const Operand& o) {
    return !o.is_scalar() && linnet::itemsize(o.tensor().dtype()) >= 4;
  };
  if (!integral(a) || !integral(b) || !(wide(a) || wide(b))) return linnet::divide(a, b);
  const auto doubled = [](const Operand& o) {
    return o.is_scalar() ? linnet::full({}, o.scalar(), DType::float64)
                         : linnet::cast(o.tensor(), DType::float64);
  };
  return linnet::divide(doubled(a), doubled(b));
}

template <Tensor (*bits)(const Operand&, const Operand&),
          Tensor (*logic)(const Operand&, const Operand&)>
Tensor bits_or_logic(const Operand& a, const Operand& b) {
  const auto boolean = [](const Operand& o) {
    return o.is_scalar() ? o.scalar().kind() == Scalar::Kind::bool_
                         : o.tensor().dtype() == DType::boolean;
  };
  return boolean(a) && boolean(b) ? logic(a, b) : bits(a, b);
}

PyObject* power_slot(PyObject* a, PyObject* b, PyObject* modulus) {
  if (modulus != Py_None) Py_RETURN_NOTIMPLEMENTED;
  return binary_slot<linnet::pow>(a, b);
}

PyObject* matmul_slot(PyObject* a, PyObject* b) {
  return guarded([&]() -> PyObject* {
    Arg x, y;
    if (is_tensor(a) || is_variable(a)) {
      if (!load_arg(a, nullptr, x) || !load_arg(b, &x.tensor, y)) Py_RETURN_NOTIMPLEMENTED;
    } else if (!load_arg(b, nullptr, y) || !load_arg(a, &y.tensor, x)) {
      Py_RETURN_NOTIMPLEMENTED;
    }
    if (x.is_scalar || y.is_scalar)
      fail<linnet::ShapeError>("matmul", "expected two tensors, got a number");
    Tensor z;
    {
      const ReleaseIfLarge release(x.size() + y.size());
      z = linnet::matmul(x.tensor, y.tensor);
    }
    return wrap(std::move(z));
  });
}

template <Tensor (*f)(const Tensor&)>
PyObject* unary_slot(PyObject* a) {
  return guarded([&] {
    const Tensor x = self_tensor(a);
    Tensor y;
    {
      const ReleaseIfLarge release(x.size());
      y = f(x);
    }
    return wrap(std::move(y));
  });
}

Tensor invert(const Tensor& x) {
  return x.dtype() == DType::boolean ? linnet::logical_not(x) : linnet::bitwise_not(x);
}
Tensor itself(const Tensor& x) { return x; }

int bool_slot(PyObject* a) {
  PyObject* r = guarded([&]() -> PyObject* {
    const Tensor x = concrete_tensor(a, "bool");
    if (x.size() != 1)
      fail<linnet::ShapeError>("bool", "the truth of a tensor of shape ", x.shape(),
                               " is ambiguous: use reduce_any or reduce_all");
    return PyBool_FromLong(static_cast<bool>(x));
  });
  if (!r) return -1;
  const int truth = r == Py_True;
  Py_DECREF(r);
  return truth;
}

PyObject* float_slot(PyObject* a) {
  return guarded([&] { return PyFloat_FromDouble(concrete_tensor(a, "float").item<double>()); });
}
PyObject* integer_of(const Tensor& x) {
  if (x.dtype() == DType::uint64) return PyLong_FromUnsignedLongLong(x.item<std::uint64_t>());
  if (linnet::is_floating(x.dtype())) return PyLong_FromDouble(x.item<double>());
  return PyLong_FromLongLong(x.item<std::int64_t>());
}
PyObject* int_slot(PyObject* a) {
  return guarded([&] { return integer_of(concrete_tensor(a, "int")); });
}
PyObject* index_slot(PyObject* a) {
  return guarded([&] {
    const Tensor x = concrete_tensor(a, "index");
    if (!linnet::is_integer(x.dtype()))
      fail<linnet::DTypeError>("index", "expected an integer tensor, got dtype ", x.dtype());
    return integer_of(x);
  });
}

Py_ssize_t length(PyObject* a) {
  PyObject* r = guarded([&] {
    const Tensor x = self_tensor(a);
    if (x.rank() == 0) fail<linnet::DTypeError>("len", "a scalar tensor has no len()");
    return PyLong_FromLongLong(x.dim(0));
  });
  if (!r) return -1;
  const Py_ssize_t n = PyLong_AsSsize_t(r);
  Py_DECREF(r);
  return n;
}

PyObject* subscript(PyObject* a, PyObject* key) {
  return guarded([&] { return wrap(index_tensor(self_tensor(a), key)); });
}

}  // namespace

PyObject* iterate(PyObject* a) {
  return guarded([&]() -> PyObject* {
    const Tensor x = self_tensor(a);
    if (x.rank() == 0) fail<linnet::DTypeError>("iter", "cannot iterate over a scalar tensor");
    py::list rows;
    for (Tensor& row : linnet::unstack(x, 0)) rows.append(wrapped(std::move(row)));
    return PyObject_GetIter(rows.ptr());
  });
}

PyObject* rich_compare(PyObject* a, PyObject* b, int op) {
  switch (op) {
    case Py_EQ:
      if (b == Py_None || PyUnicode_Check(b)) Py_RETURN_FALSE;
      return binary_slot<linnet::equal>(a, b);
    case Py_NE:
      if (b == Py_None || PyUnicode_Check(b)) Py_RETURN_TRUE;
      return binary_slot<linnet::not_equal>(a, b);
    case Py_LT:
      return binary_slot<linnet::less>(a, b);
    case Py_LE:
      return binary_slot<linnet::less_equal>(a, b);
    case Py_GT:
      return binary_slot<linnet::greater>(a, b);
    default:
      return binary_slot<linnet::greater_equal>(a, b);
  }
}

void set_number_slots(PyHeapTypeObject* type) {
  PyNumberMethods& n = type->as_number;
  n.nb_add = &binary_slot<linnet::add>;
  n.nb_subtract = &binary_slot<linnet::subtract>;
  n.nb_multiply = &binary_slot<multiply_slot>;
  n.nb_true_divide = &binary_slot<true_divide>;
  n.nb_floor_divide = &binary_slot<linnet::floor_divide>;
  n.nb_remainder = &binary_slot<linnet::mod>;
  n.nb_power = &power_slot;
  n.nb_matrix_multiply = &matmul_slot;
  n.nb_and = &binary_slot<bits_or_logic<linnet::bitwise_and, linnet::logical_and>>;
  n.nb_or = &binary_slot<bits_or_logic<linnet::bitwise_or, linnet::logical_or>>;
  n.nb_xor = &binary_slot<bits_or_logic<linnet::bitwise_xor, linnet::logical_xor>>;
  n.nb_lshift = &binary_slot<linnet::left_shift>;
  n.nb_rshift = &binary_slot<linnet::right_shift>;
  n.nb_negative = &unary_slot<linnet::negative>;
  n.nb_positive = &unary_slot<itself>;
  n.nb_absolute = &unary_slot<linnet::abs>;
  n.nb_invert = &unary_slot<invert>;
  n.nb_bool = &bool_slot;
  n.nb_float = &float_slot;
  n.nb_int = &int_slot;
  n.nb_index = &index_slot;
  type->as_mapping.mp_length = &length;
  type->as_mapping.mp_subscript = &subscript;
  type->as_sequence.sq_length = &length;
  PyTypeObject* t = &type->ht_type;
  t->tp_as_number = &type->as_number;
  t->tp_as_mapping = &type->as_mapping;
  t->tp_as_sequence = &type->as_sequence;
  t->tp_iter = &iterate;
}

}  // namespace linnet_python
