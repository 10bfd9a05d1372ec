#include <pybind11/stl.h>
#include <structmember.h>

#include "common.hpp"

/// The type linnet.Tensor: a hand-made type object (an op may cost less than making a bound one),
/// with methods that are bound as everywhere else.
namespace linnet_python {

PyTypeObject* tensor_type = nullptr;

PyObject* wrap(Tensor t) {
  if (!t.defined()) Py_RETURN_NONE;
  PyTensor* o = PyObject_New(PyTensor, tensor_type);
  if (!o) throw py::error_already_set();
  o->weakrefs = nullptr;
  new (&o->value) Tensor(std::move(t));
  return reinterpret_cast<PyObject*>(o);
}

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
                                "] a traced tensor has no value to branch on or to convert: "
                                "use where(), or let the function run eagerly (autograph=True)";
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
    return o.is_scalar() ? o.scalar().kind() == Scalar::Kind::boolean
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

PyObject* iterate(PyObject* a) {
  return guarded([&]() -> PyObject* {
    const Tensor x = self_tensor(a);
    if (x.rank() == 0) fail<linnet::DTypeError>("iter", "cannot iterate over a scalar tensor");
    py::list rows;
    for (Tensor& row : linnet::unstack(x, 0)) rows.append(wrapped(std::move(row)));
    return PyObject_GetIter(rows.ptr());
  });
}

Py_hash_t no_hash(PyObject*) {
  PyErr_SetString(PyExc_TypeError, "Tensor is unhashable. Instead, use tensor.ref() as the key.");
  return -1;
}

void deallocate(PyObject* o) {
  auto* t = reinterpret_cast<PyTensor*>(o);
  if (t->weakrefs) PyObject_ClearWeakRefs(o);
  t->value.~Tensor();
  PyTypeObject* type = Py_TYPE(o);
  PyObject_Free(o);
  Py_DECREF(type);
}

const char* buffer_format(DType t) {
  static const char* const formats[linnet::dtype_count] = {"?", "B", "H", "I",     "Q", "b", "h",
                                                           "i", "q", "e", nullptr, "f", "d"};
  return formats[static_cast<std::size_t>(t)];
}

struct BufferInfo {
  Py_ssize_t shape[Shape::max_rank], strides[Shape::max_rank];
  Tensor keep;
};

int get_buffer(PyObject* o, Py_buffer* view, int flags) {
  const Tensor x = tensor_of(o);
  const char* format = buffer_format(x.dtype());
  const char* problem = nullptr;
  if (flags & PyBUF_WRITABLE) problem = "a Tensor's memory is read-only";
  if (x.is_traced())
    problem = "a traced tensor has no values: it stands for a value of the function being traced";
  if (!format) problem = "bfloat16 has no buffer format: cast it to float32";
  if (!(flags & PyBUF_STRIDES) && !problem && !x.is_contiguous())
    problem = "the tensor is not contiguous";
  if (problem) {
    PyErr_SetString(PyExc_BufferError, problem);
    view->obj = nullptr;
    return -1;
  }
  auto* info = new BufferInfo{};
  info->keep = x;
  const auto item = static_cast<Py_ssize_t>(linnet::itemsize(x.dtype()));
  for (int i = 0; i < x.rank(); ++i) {
    info->shape[i] = static_cast<Py_ssize_t>(x.shape()[i]);
    info->strides[i] = static_cast<Py_ssize_t>(x.strides()[i]) * item;
  }
  view->buf = x.impl()->data;
  view->obj = o;
  Py_INCREF(o);
  view->len = static_cast<Py_ssize_t>(x.nbytes());
  view->readonly = 1;
  view->itemsize = item;
  view->format = (flags & PyBUF_FORMAT) ? const_cast<char*>(format) : nullptr;
  view->ndim = x.rank();
  view->shape = (flags & PyBUF_ND) ? info->shape : nullptr;
  view->strides = (flags & PyBUF_STRIDES) == PyBUF_STRIDES ? info->strides : nullptr;
  view->suboffsets = nullptr;
  view->internal = info;
  return 0;
}

void release_buffer(PyObject*, Py_buffer* view) { delete static_cast<BufferInfo*>(view->internal); }

py::object constant(py::handle value, const py::object& dtype, const py::object& shape,
                    const py::object&) {
  const auto t = dtype.is_none() ? std::nullopt : std::optional(parse_dtype(dtype));
  Tensor x = as_tensor(value, t);
  if (!shape.is_none()) {
    const Shape s = parse_shape(shape, "constant");
    x = x.size() == 1 ? linnet::broadcast_to(linnet::reshape(x, {}), s) : linnet::reshape(x, s);
  }
  return wrapped(x);
}

void define_type(py::module_& m) {
  static PyMemberDef members[] = {
      {"__weaklistoffset__", T_PYSSIZET, offsetof(PyTensor, weakrefs), READONLY, nullptr},
      {nullptr, 0, 0, 0, nullptr}};
  static PyType_Slot slots[] = {
      {Py_tp_dealloc, reinterpret_cast<void*>(&deallocate)},
      {Py_tp_members, members},
      {Py_tp_hash, reinterpret_cast<void*>(&no_hash)},
      {Py_tp_richcompare, reinterpret_cast<void*>(&rich_compare)},
      {Py_tp_iter, reinterpret_cast<void*>(&iterate)},
      {Py_bf_getbuffer, reinterpret_cast<void*>(&get_buffer)},
      {Py_bf_releasebuffer, reinterpret_cast<void*>(&release_buffer)},
      {Py_tp_doc,
       const_cast<char*>("An immutable n-dimensional array. Make one with constant() or an op.")},
      {0, nullptr}};
  static PyType_Spec spec = {"linnet.Tensor", static_cast<int>(sizeof(PyTensor)), 0,
                             Py_TPFLAGS_DEFAULT, slots};
  PyObject* type = PyType_FromSpec(&spec);
  if (!type) throw py::error_already_set();
  tensor_type = reinterpret_cast<PyTypeObject*>(type);
  tensor_type->tp_new = nullptr;
  set_number_slots(reinterpret_cast<PyHeapTypeObject*>(type));
  PyType_Modified(tensor_type);
  m.attr("Tensor") = py::handle(type);
}

/// A method of Tensor.
template <class F, class... Extra>
void method(const char* name, F f, const Extra&... extra) {
  const py::handle type(reinterpret_cast<PyObject*>(tensor_type));
  py::setattr(type, name,
              py::cpp_function(f, py::name(name), py::is_method(type),
                               py::sibling(py::getattr(type, name, py::none())), extra...));
}
template <class F>
void property(const char* name, F f, const char* doc) {
  const py::handle type(reinterpret_cast<PyObject*>(tensor_type));
  const py::object get = py::cpp_function(f, py::is_method(type));
  const py::handle maker(reinterpret_cast<PyObject*>(&PyProperty_Type));
  py::setattr(type, name, maker(get, py::none(), py::none(), doc));
}

py::object numpy_of(const Tensor& x) {
  if (x.is_traced())
    fail<linnet::CaptureError>("numpy",
                               "a traced tensor has no values; return it from the function "
                               "or use linnet ops instead");
  const py::object a = to_numpy(x, true);
  return x.rank() == 0 ? py::object(a[py::tuple()]) : a;
}

py::object array_method(const Tensor& x, const py::object& dtype, const py::object& copy) {
  py::object a = to_numpy(x, !copy.is_none() && copy.cast<bool>());
  return dtype.is_none() ? a : py::object(a.attr("astype")(dtype, py::arg("copy") = false));
}

py::object text(const char* function, const Tensor& x) {
  return py::module_::import("linnet._format").attr(function)(x);
}

}  // namespace

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

void register_tensor(py::module_& m) {
  define_type(m);
  property(
      "shape", [](const Tensor& x) { return x.shape(); }, "The extents, a TensorShape.");
  property(
      "dtype", [](const Tensor& x) { return x.dtype(); }, "The type of the elements.");
  property(
      "ndim", [](const Tensor& x) { return x.rank(); }, "The number of axes.");
  property(
      "device", [](const Tensor& x) { return linnet::to_string(x.device()); },
      "Where the elements lie, \"cpu:0\".");
  property(
      "nbytes", [](const Tensor& x) { return x.nbytes(); }, "Bytes of all elements.");
  method("numpy", numpy_of, "The values as a NumPy array (a copy), or a NumPy number if 0-d.");
  method(
      "item", [](const Tensor& x) { return to_numpy(x, false).attr("item")(); },
      "The single element as a Python number.");
  method(
      "tolist", [](const Tensor& x) { return to_numpy(x, false).attr("tolist")(); },
      "The values as nested lists.");
  method(
      "get_shape", [](const Tensor& x) { return x.shape(); }, "The shape.");
  method(
      "set_shape",
      [](const Tensor& x, py::handle shape) {
        const Shape s = parse_shape(shape, "set_shape", true);
        bool fits = s.rank() == x.rank();
        for (int i = 0; fits && i < s.rank(); ++i) fits = s[i] < 0 || s[i] == x.dim(i);
        if (!fits) fail<linnet::ShapeError>("set_shape", "shape ", x.shape(), " does not fit ", s);
      },
      py::arg("shape"), "Checks the shape (it is always known).");
  method("__array__", array_method, py::arg("dtype") = py::none(), py::arg("copy") = py::none());
  method("__reduce__", [](const Tensor& x) {
    const bool as_bits = x.dtype() == DType::bfloat16;
    return py::make_tuple(
        py::module_::import("linnet._core").attr("_unpickle_tensor"),
        py::make_tuple(to_numpy(x, true), as_bits ? py::object(py::str("bfloat16")) : py::none()));
  });
  method("__copy__", [](const Tensor& x) { return x; });
  method(
      "__deepcopy__", [](const Tensor& x, py::handle) { return x; }, py::arg("memo"));
  method("__repr__", [](const Tensor& x) { return text("tensor_repr", x); });
  method("__str__", [](const Tensor& x) { return text("tensor_str", x); });
  method("__format__", [](const Tensor& x, const py::str& spec) -> py::object {
    if (spec.cast<std::string>().empty()) return text("tensor_str", x);
    return py::module_::import("builtins").attr("format")(numpy_of(x), spec);
  });
  method(
      "ref",
      [](py::handle x) { return py::module_::import("linnet._format").attr("Reference")(x); },
      "A hashable stand-in, equal for the same tensor.");
  property(
      "_id", [](const Tensor& x) { return x.id(); }, "A number of its own.");
  property(
      "_is_traced", [](const Tensor& x) { return x.is_traced(); },
      "Whether it stands for a value of a function being traced.");
  py::setattr(py::handle(reinterpret_cast<PyObject*>(tensor_type)), "__array_priority__",
              py::int_(100));

  m.def("_unpickle_tensor", [](py::handle values, const py::object& dtype) {
    const auto t = dtype.is_none() ? std::nullopt : std::optional(parse_dtype(dtype));
    return as_tensor(values, t);
  });
  m.def("constant", constant, py::arg("value"), py::arg("dtype") = py::none(),
        py::arg("shape") = py::none(), py::arg("name") = py::none(),
        "A tensor of a number, nested lists or an array (copied); a single value fills `shape`.");
  m.def(
      "convert_to_tensor",
      [](py::handle value, const py::object& dtype, const py::object& hint, const py::object&) {
        if (!dtype.is_none()) return as_tensor(value, parse_dtype(dtype));
        return hint.is_none() ? as_tensor(value) : as_tensor_beside(value, parse_dtype(hint));
      },
      py::arg("value"), py::arg("dtype") = py::none(), py::arg("dtype_hint") = py::none(),
      py::arg("name") = py::none(), "The value as a Tensor; a Tensor is returned as it is.");
  m.def(
      "_tensor_in_place",
      [](py::handle value, const py::object& dtype) {
        return as_tensor_in_place(
            value, dtype.is_none() ? std::nullopt : std::optional(parse_dtype(dtype)));
      },
      py::arg("value"), py::arg("dtype") = py::none(),
      "A tensor that may use the array's memory, for data read while a call lasts.");
  m.def("_is_convertible", [](py::handle o) { return is_convertible(o.ptr()); });
}

}  // namespace linnet_python
