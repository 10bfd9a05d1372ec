#include "common.hpp"

namespace linnet_python {

PyTypeObject* variable_type = nullptr;

namespace {

Variable make_variable(py::object initial, bool trainable, const py::object& name,
                       const py::object& dtype, const py::object& shape) {
  if (py::isinstance<py::function>(initial) || PyMethod_Check(initial.ptr())) initial = initial();
  const auto t = dtype.is_none() ? std::nullopt : std::optional(parse_dtype(dtype));
  Tensor value;
  {
    const linnet::EagerScope eager;
    value = as_tensor(initial, t);
  }
  if (!shape.is_none()) {
    const Shape s = parse_shape(shape, "Variable", true);
    bool fits = s.rank() == value.rank();
    for (int i = 0; fits && i < s.rank(); ++i) fits = s[i] < 0 || s[i] == value.dim(i);
    if (!fits)
      fail<linnet::ShapeError>("Variable", "initial value of shape ", value.shape(), " for shape ",
                               s);
  }
  return Variable(value, {.trainable = trainable,
                          .name = name.is_none() ? "Variable" : name.cast<std::string>()});
}

/// What may be assigned: numbers fill, arrays take the variable's dtype, tensors must have it.
Tensor value_for(const Variable& v, py::handle value) {
  if (is_tensor(value.ptr()) || is_variable(value.ptr())) return as_tensor(value);
  const Tensor t = linnet::cast(as_tensor_beside(value, v.dtype()), v.dtype());
  return as_scalar(value.ptr()) ? linnet::broadcast_to(t, v.shape()) : t;
}

using Update = void (Variable::*)(const Tensor&) const;
template <Update f>
py::object update(py::object self, py::handle value, py::args, py::kwargs) {
  const Variable& v = self.cast<const Variable&>();
  const Tensor t = value_for(v, value);
  {
    const py::gil_scoped_release release;
    (v.*f)(t);
  }
  return self;
}

template <class F>
PyObject* in_place(PyObject* a, PyObject* b, F&& f) noexcept {
  try {
    const Variable& v = py::handle(a).cast<const Variable&>();
    if (!is_convertible(b) && !as_scalar(b)) Py_RETURN_NOTIMPLEMENTED;
    const Tensor t = value_for(v, b);
    {
      const py::gil_scoped_release release;
      f(v, t);
    }
    Py_INCREF(a);
    return a;
  } catch (...) {
    py::detail::try_translate_exceptions();
    return nullptr;
  }
}
PyObject* in_place_add(PyObject* a, PyObject* b) {
  return in_place(a, b, [](const Variable& v, const Tensor& t) { v.assign_add(t); });
}
PyObject* in_place_subtract(PyObject* a, PyObject* b) {
  return in_place(a, b, [](const Variable& v, const Tensor& t) { v.assign_sub(t); });
}
PyObject* in_place_multiply(PyObject* a, PyObject* b) {
  return in_place(a, b, [](const Variable& v, const Tensor& t) { v.assign(v.value() * t); });
}
PyObject* in_place_divide(PyObject* a, PyObject* b) {
  return in_place(a, b, [](const Variable& v, const Tensor& t) { v.assign(v.value() / t); });
}

Py_hash_t no_hash(PyObject*) {
  PyErr_SetString(PyExc_TypeError,
                  "Variable is unhashable. Instead, use variable.ref() as the key.");
  return -1;
}

void set_slots(PyHeapTypeObject* type) {
  set_number_slots(type);
  type->as_number.nb_inplace_add = &in_place_add;
  type->as_number.nb_inplace_subtract = &in_place_subtract;
  type->as_number.nb_inplace_multiply = &in_place_multiply;
  type->as_number.nb_inplace_true_divide = &in_place_divide;
  type->ht_type.tp_richcompare = &rich_compare;
  type->ht_type.tp_hash = &no_hash;
}

Variable copy_of(const Variable& v) {
  return Variable(v.value(), {.trainable = v.trainable(), .name = v.name()});
}

}  // namespace

void register_variable(py::module_& m) {
  py::class_<Variable> type(
      m, "Variable", py::custom_type_setup(&set_slots),
      "A named, mutable cell that holds a Tensor of fixed shape and dtype. Reading a trainable one "
      "under a GradientTape watches it; `w -= lr * g` assigns in place.");
  variable_type = reinterpret_cast<PyTypeObject*>(type.ptr());
  type.def(py::init(&make_variable), py::arg("initial_value"), py::arg("trainable") = true,
           py::kw_only(), py::arg("name") = py::none(), py::arg("dtype") = py::none(),
           py::arg("shape") = py::none())
      .def("value", &Variable::value, "The current value; it never changes afterwards.")
      .def("read_value", &Variable::value, "The current value.")
      .def(
          "numpy", [](const Variable& v) { return wrapped(v.value()).attr("numpy")(); },
          "The value as a NumPy array (a copy).")
      .def_property_readonly("shape", &Variable::shape)
      .def_property_readonly("dtype", &Variable::dtype)
      .def_property_readonly("ndim", [](const Variable& v) { return v.shape().rank(); })
      .def_property_readonly("device",
                             [](const Variable& v) { return linnet::to_string(v.device()); })
      .def_property("name", &Variable::name, &Variable::set_name)
      .def_property_readonly("path", &Variable::name)
      .def_property("trainable", &Variable::trainable, &Variable::set_trainable)
      .def("get_shape", &Variable::shape)
      .def("assign", &update<&Variable::assign>, py::arg("value"),
           "Replaces the value; ShapeError or DTypeError if the new one does not fit.")
      .def("assign_add", &update<&Variable::assign_add>, py::arg("delta"), "Adds in place.")
      .def("assign_sub", &update<&Variable::assign_sub>, py::arg("delta"), "Subtracts in place.")
      .def(
          "ref",
          [](py::handle v) { return py::module_::import("linnet._format").attr("Reference")(v); },
          "A hashable stand-in, equal for the same variable.")
      .def_property_readonly("_id", &Variable::id)
      .def(
          "__array__",
          [](const Variable& v, const py::object& dtype, const py::object& copy) {
            return wrapped(v.value()).attr("__array__")(dtype, copy);
          },
          py::arg("dtype") = py::none(), py::arg("copy") = py::none())
      .def("__repr__",
           [](py::handle v) {
             return py::module_::import("linnet._format").attr("variable_repr")(v);
           })
      .def("__format__",
           [](const Variable& v, const py::str& spec) {
             return wrapped(v.value()).attr("__format__")(spec);
           })
      .def("__copy__", [](const Variable& v) { return copy_of(v); })
      .def(
          "__deepcopy__", [](const Variable& v, py::handle) { return copy_of(v); }, py::arg("memo"))
      .def("__reduce__", [](py::handle self) {
        const Variable& v = self.cast<const Variable&>();
        return py::make_tuple(py::module_::import("linnet._core").attr("_unpickle_variable"),
                              py::make_tuple(v.value(), v.trainable(), v.name()));
      });
  type.attr("__array_priority__") = 100;
  // pybind11 installs its own __hash__ and __eq__ lookups from the type's dict; slots stay ours.
  m.def("_unpickle_variable", [](const Tensor& value, bool trainable, const std::string& name) {
    return Variable(value, {.trainable = trainable, .name = name});
  });
}

}  // namespace linnet_python
