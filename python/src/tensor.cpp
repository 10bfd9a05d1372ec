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
  // NumPy's int64 is C's long where that has 64 bits, and prints without its name then.
  static constexpr bool wide = sizeof(long) == 8;
  static const char* const formats[linnet::dtype_count] = {
      "?", "B",     "H", "I", wide ? "L" : "Q", "b", "h", "i", wide ? "l" : "q",
      "e", nullptr, "f", "d"};
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
